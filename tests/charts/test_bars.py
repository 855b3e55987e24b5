"""Runs as bars: heights, what is told without colour, names that try to break out."""

from __future__ import annotations

from xml.etree import ElementTree

from lineage_graph.charts.bars import Bar, bars


def test_bars_are_as_high_as_runs_are_long() -> None:
    columns = [
        Bar(50, "COMPLETE", "/contexts/1", "one"),
        Bar(100, "FAILED", "/contexts/2", "two"),
    ]
    drawn = ElementTree.fromstring(bars(columns, "runs"))
    heights = [float(rect.attrib["height"]) for rect in drawn.iter("rect")]
    assert heights[1] == 2 * heights[0]
    assert [a.attrib["href"] for a in drawn.iter("a")] == ["/contexts/1", "/contexts/2"]
    assert [text.text for text in drawn.iter("text")] == [None, "×"]


def test_no_length_is_seen_and_no_run_is_nothing() -> None:
    assert bars([], "runs") == ""
    drawn = ElementTree.fromstring(bars([Bar(None, "RUNNING", "/", '"><b>')], '<"'))
    assert float(next(drawn.iter("rect")).attrib["height"]) > 0
    assert [text.text for text in drawn.iter("text")] == ["○"]
    assert next(drawn.iter("title")).text == '"><b>'
