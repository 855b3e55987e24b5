"""Questions go through what is the same: it was made by what made any of it, and feeds what reads any."""

from __future__ import annotations

from lineage_graph.model import (
    Artifact,
    Event,
    EventType,
    Execution,
    ExecutionState,
    Kind,
    Ref,
    SameAs,
    Subgraph,
)
from lineage_graph.questions.differences.why import explained
from lineage_graph.questions.same_groups import as_things, things
from lineage_graph.questions.topological_order import FlowOrder, topological

OUT, IN = EventType.OUTPUT, EventType.INPUT


def a(number: int) -> Ref:
    return Ref(Kind.ARTIFACT, number)


def e(number: int) -> Ref:
    return Ref(Kind.EXECUTION, number)


def world() -> Subgraph:
    """Twice: 1 prepared 1 (2 prepared 2), which another tool saw as 11 (12); 3 (4) trained 21 (22) from that."""
    executions = [
        Execution(
            id=number,
            type=type_name,
            last_known_state=ExecutionState.COMPLETE,
            custom_properties={name: number},
            create_time_since_epoch=5000 - number,  # told in no good order
        )
        for number, type_name, name in (
            (1, "Prepare", "rows"),
            (2, "Prepare", "rows"),
            (3, "Train", "x"),
            (4, "Train", "x"),
        )
    ]
    executions = [
        one.model_copy(update={"custom_properties": {}}) if one.type == "Train" else one
        for one in executions
    ]
    artifacts = [
        Artifact(
            id=number, type="Model" if number > 20 else "Dataset", create_time_since_epoch=number
        )
        for number in (1, 2, 11, 12, 21, 22)
    ]
    events = [(1, 1, OUT), (2, 2, OUT), (11, 3, IN), (12, 4, IN), (21, 3, OUT), (22, 4, OUT)]
    return Subgraph(
        artifacts=tuple(artifacts),
        executions=tuple(executions),
        events=tuple(Event(artifact_id=x, execution_id=y, type=z) for x, y, z in events),
        same_as=(
            SameAs(artifact_id=11, other_id=1, by="md5"),
            SameAs(artifact_id=12, other_id=2, by="uri"),
        ),
    )


def test_data_flows_through_what_is_the_same() -> None:
    graph = world()
    assert things(graph) == [(a(1), a(11)), (a(2), a(12))]
    flow = FlowOrder(graph)
    assert flow.before(a(11)) == flow.before(a(1)) == (e(1),)
    assert flow.after(a(1)) == flow.after(a(11)) == (e(3),)
    assert flow.upstream([a(21)]) == {e(3), a(11), a(1), e(1)}
    order = topological(graph)
    assert order.index(e(1)) < order.index(e(3)) < order.index(a(21))


def test_what_is_the_same_is_one_node_where_that_is_wanted() -> None:
    one = as_things(world())
    assert {node.id for node in one.artifacts} == {1, 2, 21, 22}
    assert (1, 3) in {(event.artifact_id, event.execution_id) for event in one.events}
    kept = as_things(world(), {a(11)})
    assert {node.id for node in kept.artifacts} == {11, 2, 21, 22}
    assert as_things(one) is one


def test_why_goes_through_what_is_the_same() -> None:
    graph = world()
    nodes = {node.ref: node for node in graph.nodes}
    answer = explained(nodes[a(21)], nodes[a(22)], graph, [a(21)], [a(22)])
    assert answer.reasons[0].sentence == "Prepare.rows 1 → 2."
    drawn = {(event.artifact_id, event.execution_id) for event in answer.graph.events}
    assert (2, 4) in drawn
