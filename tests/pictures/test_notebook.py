"""A lineage to look at, from Python: what a notebook shows, and what is saved."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest

from lineage_graph.errors import InvalidArgument, NotFound
from lineage_graph.model import Kind, Ref
from lineage_graph.pictures.notebook import draw, lineage
from lineage_graph.store import Direction, Store


class Frames(HTMLParser):
    """The frames of a page, with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.frames: list[dict[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag == "iframe"
        self.frames.append(dict(attrs))


def test_a_lineage_is_all_there_is(tfx: Store) -> None:
    view = lineage(tfx, 20)
    assert view.picture.nodes == len(tfx.walk(Ref(Kind.ARTIFACT, 20)).depth) == 105
    assert len(view.graph.artifacts) + len(view.graph.executions) == 105
    assert repr(view).startswith("<Lineage of artifact/20: 105 nodes, ")
    near = lineage(tfx, "artifact/20", "upstream", depth=1)
    assert near.picture.nodes == 2
    assert near.picture.reason == "hops"
    assert "not all" in repr(near)
    assert lineage(tfx, 20, Direction.UPSTREAM).picture.reason == ""
    assert lineage(tfx, 20, limit=10).picture.reason == "nodes"
    run = lineage(tfx, "context/38")
    assert {card.of for card in run.picture.cards} == {"artifact", "execution"}


def test_a_notebook_gets_one_frame_that_may_do_little(tfx: Store) -> None:
    view = lineage(tfx, 20)
    (frame,) = Frames(view._repr_html_()).frames
    assert frame["srcdoc"] == view.html()
    assert frame["sandbox"] == "allow-scripts allow-downloads"
    assert "height:" in (frame["style"] or "")


def test_the_answer_of_a_statement_is_drawn(tfx: Store) -> None:
    view = draw(tfx.cypher("MATCH (m:Model)<-[:OUTPUT]-(e) RETURN m, e"), "Models")
    assert (view.picture.nodes, view.picture.events) == (6, 3)
    assert "Models" in view._repr_html_()
    with pytest.raises(InvalidArgument, match="RETURN a, e"):
        draw(tfx.cypher("MATCH (m:Model) RETURN m.id AS id"))


def test_saved_by_the_end_of_the_name(tfx: Store, tmp_path: Path) -> None:
    view = lineage(tfx, 20, depth=2)
    for name, begins in [("a.svg", "<?xml"), ("a.dot", "digraph"), ("a.html", "<!doctype html>")]:
        assert view.save(tmp_path / name).read_text("utf-8").startswith(begins)
    with pytest.raises(InvalidArgument, match=r"\.svg"):
        view.save(tmp_path / "a.pdf")


def test_what_is_wrong_says_so(tfx: Store) -> None:
    with pytest.raises(NotFound):
        lineage(tfx, 4242)
    with pytest.raises(InvalidArgument, match="upstream"):
        lineage(tfx, 20, "sideways")
    with pytest.raises(InvalidArgument):
        lineage(tfx, "model 20")
