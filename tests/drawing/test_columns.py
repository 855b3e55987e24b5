"""Columns: what the canvas reads says the same as the picture, and hashes tell pictures apart."""

from __future__ import annotations

import json

from lineage_graph.drawing.columns import columns, encoded
from lineage_graph.drawing.picture import draw
from lineage_graph.model import Artifact, Event, EventType, Execution, ExecutionState, Kind, Ref
from lineage_graph.model.graph import Subgraph

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
    found = columns(picture)
    assert found["version"] == 2
    assert found["cards"]["key"] == ["artifact/1", "execution/1", "artifact/2"]
    assert found["cards"]["time"] == [1000, 2000, 3000]
    assert found["cards"]["end"] == [None, 3500, None]
    assert found["cards"]["heading"] == ["Data", "Train", "Model"]
    assert found["cards"]["title"][2] == '</script>"\ud83d'
    assert found["starts"] == [2]
    wires = found["wires"]
    assert list(zip(wires["source"], wires["target"], wires["type"], strict=True)) == [
        (0, 1, "INPUT"),
        (1, 2, "OUTPUT"),
    ]
    assert wires["time"] == [2100, None]
    for source, points in zip(wires["source"], wires["points"], strict=True):
        assert len(points) % 2 == 0
        assert points[:2] == [found["cards"]["x"][source] + 84, found["cards"]["y"][source]]
    assert {len(column) for column in found["cards"].values()} == {3}
    assert found["changes"] is None


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
