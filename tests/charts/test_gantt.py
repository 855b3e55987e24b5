"""Bars over time: where they begin and end, what is still going on, and names that try to break out."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from lineage_graph.charts.gantt import Bar, Gantt, gantt


def drawn(*bars: Bar, now: int = 0) -> Gantt:
    found = gantt(bars, now)
    assert found is not None
    return found


def bar(start: int, end: int | None, state: str = "COMPLETE", critical: bool = False) -> Bar:
    return Bar(start, end, "/executions/1", "a step", state, critical)


def places(found: Gantt) -> list[tuple[float, float]]:
    rects = [re.search(r' x="([0-9.]+)%" width="([0-9.]+)%"', row) for row in found.rows]
    return [(float(rect[1]), float(rect[2])) for rect in rects if rect]


def test_bars_share_one_axis() -> None:
    found = drawn(bar(1000, 2000), bar(2000, 5000))
    assert places(found) == [(0, 25), (25, 75)]
    assert (found.begin, found.end) == (1000, 5000)


def test_no_steps_no_chart() -> None:
    assert gantt([], 0) is None


def test_a_bar_of_no_length_is_seen() -> None:
    found = drawn(bar(1000, 1000), bar(1000, 9000))
    assert places(found)[0][1] > 0
    assert drawn(bar(5, 5)).rows  # nor is the whole divided by nothing


def test_what_still_runs_goes_on_until_now() -> None:
    found = drawn(bar(0, 10_000), bar(10_000, None, "RUNNING"), now=40_000)
    assert places(found) == [(0, 25), (25, 75)]
    assert "open" in found.rows[1]


def test_what_was_never_ended_does_not_squeeze_the_rest() -> None:
    year = 365 * 86_400_000
    found = drawn(bar(0, 10_000), bar(5_000, None, "RUNNING"), now=year)
    assert found.end == 10_000
    assert places(found)[1] == (50, 50)


def test_an_end_before_the_start_is_no_bar_backwards() -> None:
    assert places(drawn(bar(5000, 1000), bar(0, 10_000)))[0] == (50, 0.1)


def test_the_critical_path_and_states_are_classes() -> None:
    found = drawn(bar(0, 5, "FAILED", critical=True), bar(0, 9, "CACHED"))
    assert 'class="bar bad critical"' in found.rows[0]
    assert 'class="bar cached"' in found.rows[1]


@given(st.integers(0, 10**13), st.integers(0, 10**13), st.text(max_size=20))
def test_any_times_and_names_make_small_well_formed_svg(one: int, other: int, name: str) -> None:
    allowed = "".join(c for c in f'<&">{name}' if c.isprintable())
    found = drawn(Bar(one, other, f"/{allowed}", allowed), bar(other, None), now=one)
    for part in (found.axis, *found.rows):
        ElementTree.fromstring(part)
    assert found.axis.count("<text") <= 6
    title = ElementTree.fromstring(found.rows[0]).find("a/title")
    assert title is not None
    assert title.text == allowed
