"""What a reader finds, record by record, becomes subgraphs that stand for themselves."""

from __future__ import annotations

from lineage_graph.exchange.subgraph_builder import SubgraphBuilder
from lineage_graph.model import BaseType, EventType, ExecutionState, Kind


def test_what_is_told_twice_is_one_node_and_one_link() -> None:
    gathering = SubgraphBuilder()
    data = gathering.artifact("t:data", "Dataset", base=BaseType.DATASET, properties={"rows": 3})
    step = gathering.execution("t:step", "Train", state=ExecutionState.RUNNING, updated=1)
    for _ in range(2):
        gathering.event(step, data, EventType.INPUT, ("examples",), at=5)
    assert gathering.execution("t:step", "Train", state=ExecutionState.FAILED, updated=2) == step
    assert gathering.artifact("t:data", "Dataset", properties={"bytes": 9, "rows": None}) == data
    taken = gathering.take()
    assert [type_.base_type for type_ in taken.artifact_types] == [BaseType.DATASET]
    assert [a.custom_properties for a in taken.artifacts] == [{"rows": 3, "bytes": 9}]
    assert [e.last_known_state for e in taken.executions] == [ExecutionState.FAILED]
    assert len(taken.events) == 1
    assert len(gathering) == 0
    assert not gathering.take()


def test_a_node_that_stands_for_a_stored_one_becomes_itself_when_it_is_told() -> None:
    gathering = SubgraphBuilder()
    known = gathering.stored(Kind.ARTIFACT, "t:data")
    assert gathering.artifact("t:data", "Dataset", uri="s3://a") == known
    (artifact,) = gathering.take().artifacts
    assert (artifact.id, artifact.type, artifact.uri) == (known, "Dataset", "s3://a")
