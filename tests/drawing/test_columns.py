"""Columns: what the canvas reads says the same as the picture, and hashes tell pictures apart."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from lineage_graph.drawing.columns import columns, encoded
from lineage_graph.drawing.picture import draw
from lineage_graph.drawing.transforms.compose import Look
from lineage_graph.model import (
    Artifact,
    Degree,
    Event,
    EventType,
    Execution,
    ExecutionState,
    Kind,
    Ref,
)
from lineage_graph.model.graph import Subgraph
from tests.drawing.plain import plain
from tests.worlds import names, runs

GRAPH = Subgraph(
    artifacts=(
        Artifact(id=1, type="Data", uri="/d", create_time_since_epoch=1000),
        Artifact(id=2, type="x.Model", name='</script>"\ud83d', create_time_since_epoch=3000),
    ),
    executions=(
        Execution(
            id=1,
            type="Train",
            last_known_state=ExecutionState.COMPLETE,
            create_time_since_epoch=2000,
            last_update_time_since_epoch=3500,
        ),
    ),
    events=(
        Event(artifact_id=1, execution_id=1, type=EventType.INPUT, milliseconds_since_epoch=2100),
        Event(artifact_id=2, execution_id=1, type=EventType.OUTPUT, path=("model", 0)),
    ),
)


def test_columns_say_what_the_picture_says() -> None:
    picture = draw(GRAPH, [Ref(Kind.ARTIFACT, 2)])
    found = plain(columns(picture))
    assert found["version"] == 3
    assert found["cards"]["key"] == ["artifact/1", "execution/1", "artifact/2"]
    assert found["cards"]["time"] == [1000, 2000, 3000]
    assert found["cards"]["end"] == [None, 3500, None]
    assert found["cards"]["heading"] == ["Data", "Train", '</script>"\ud83d']
    assert found["cards"]["title"][2] == '</script>"\ud83d'
    assert found["starts"] == [2]
    wires = found["wires"]
    assert list(zip(wires["source"], wires["target"], wires["type"], strict=True)) == [
        (0, 1, "INPUT"),
        (1, 2, "OUTPUT"),
    ]
    assert wires["time"] == [2100, None]
    assert {len(column) for column in found["cards"].values()} == {3}
    assert found["changes"] is None


LOOKS = [
    Look(stacks=False),
    Look(),
    Look(show="artifacts", stacks=False),
    Look(show="executions", fold=frozenset({"context/3", "context/5"})),
    Look(cached=False, reduce=True, out=frozenset({"artifact/7"})),
]


@pytest.mark.parametrize("look", LOOKS, ids=range(len(LOOKS)))
@pytest.mark.parametrize("world", [names(), runs(300)], ids=["names", "runs"])
def test_what_columns_leave_out_follows_from_the_rest(world: Subgraph, look: Look) -> None:
    degrees = {Ref(Kind.ARTIFACT, 2): Degree(9, 400)}
    picture = draw(world, [Ref(Kind.ARTIFACT, 1)], degrees, look=look)
    first = replace(picture.cards[0], text="#3 → #4")
    picture = replace(picture, cards=(first, *picture.cards[1:]))
    found = plain(columns(picture))
    for name in ("key", "kind", "of", "heading", "text", "title", "state", "time", "end"):
        assert found["cards"][name] == [getattr(card, name) for card in picture.cards], name
    for name in ("hidden_upstream", "hidden_downstream"):
        assert found["cards"][name] == [getattr(card, name) for card in picture.cards]
    wires = found["wires"]
    for name in ("source", "target", "type", "count", "time"):
        assert wires[name] == [getattr(wire, name) for wire in picture.wires], name
    for wire, points in zip(picture.wires, wires["points"], strict=True):
        assert points == pytest.approx([part for point in wire.points for part in point], abs=1.01)
    for key, fold in picture.contexts.items():
        assert tuple(found["contexts"][key]["members"]) == fold.members
    assert [found["changes"], found["lit"], found["folded"]] == [None, None, False]


def test_ten_thousand_nodes_are_little_more_than_a_megabyte() -> None:
    text = encoded(draw(runs(10_000), look=Look(stacks=False, most=20_000))).text
    assert len(text) < 1_500_000


def test_the_hash_is_of_what_is_seen() -> None:
    one, same = encoded(draw(GRAPH)), encoded(draw(GRAPH))
    other = encoded(draw(GRAPH, [Ref(Kind.ARTIFACT, 1)]))
    assert one == same
    assert one.hash != other.hash
    assert json.loads(one.text)["hash"] == one.hash


def test_a_comparison_marks_every_card() -> None:
    changes = {Ref(Kind.ARTIFACT, 2): "added"}
    found = columns(draw(GRAPH, changes=changes))  # type: ignore[arg-type]
    assert found["changes"] == ["same", "same", "added"]
