"""Sequences about GetLineageSubgraph: directions, hops, starts, ends, masks."""

from __future__ import annotations

from typing import Any

from google.protobuf import field_mask_pb2
from ml_metadata.proto import metadata_store_pb2 as nouns

from .edges import association, attribution, event
from .world import ARTIFACT, EXECUTION, UNKNOWN_ID, World

Asked = nouns.LineageSubgraphQueryOptions


def walks(world: World) -> None:
    """Walk a random graph from random starts, with everything that can be asked."""
    world.usual_types()
    world.fill(9)
    pairs = [(a, e) for a in world.nodes[ARTIFACT] for e in world.nodes[EXECUTION]]
    chosen = [event(world, *pair) for pair in world.random.sample(pairs, 22)]
    world.call("events to work with", "PutEvents", events=chosen)
    world.call(
        "groups to work with",
        "PutAttributionsAndAssociations",
        attributions=[attribution(world) for _ in range(6)],
        associations=[association(world) for _ in range(6)],
    )
    for _ in range(24):
        asked = _asked(world)
        mask = world.draw("masks", MASKS)
        read_mask = {} if mask is None else {"read_mask": field_mask_pb2.FieldMask(paths=mask)}
        world.call("walk", "GetLineageSubgraph", lineage_subgraph_query_options=asked, **read_mask)


def _asked(world: World) -> Any:
    asked = Asked()
    kind = world.draw("kinds", (ARTIFACT, EXECUTION))
    start = getattr(asked, f"starting_{kind.field}s")
    start.filter_query = world.draw("starts", STARTS).format(*world.random.sample(range(1, 9), 2))
    hops = world.draw("hops", (None, 0, 1, 1, 2, 3, 4, 20, 100, 1000))
    if hops is not None:
        asked.max_num_hops = hops
    direction = world.draw("directions", (None, 0, 1, 1, 2, 2, 3, 3))
    if direction is not None:
        asked.direction = direction
    for kind in (ARTIFACT, EXECUTION):
        text = world.draw(f"ends {kind.noun}", ENDS)
        if text is not None:
            end = getattr(asked, f"ending_{kind.field}s")
            if text != UNSET:
                end.filter_query = text.format(*world.random.sample(range(1, 9), 2))
            if world.chance(0.6):
                end.include_ending_nodes = world.chance(0.7)
    return asked


STARTS = ("id = {}", "id = {}", "id IN ({}, {})", "id < {}", "type = 'Usual'", "id > 0")
UNSET = "unset"
ENDS = (None, None, None, UNSET, "id = {}", "id IN ({}, {})", "type = 'Other'", "id = 1000", "")
MASKS = (
    None,
    None,
    None,
    [],
    ["artifacts", "executions"],
    ["events"],
    ["contexts", "attributions", "associations"],
    ["artifact_types", "execution_types", "context_types"],
    ["artifacts", "events", "no such field"],
    ["parent_contexts"],
)


def refused(world: World) -> None:
    """Ask for walks that cannot be, each with one fault."""
    world.usual_types()
    world.fill(3)
    starts = Asked.StartingNodes(filter_query="id = 1")
    ends = Asked.EndingNodes(filter_query="no_such = 1")
    empty = Asked.StartingNodes()
    for tag, asked in (
        ("no options", None),
        ("no starts", Asked(max_num_hops=1)),
        ("starts without a filter", Asked(starting_artifacts=empty)),
        ("starts with an empty filter", Asked(starting_executions={"filter_query": ""})),
        ("starts with a wrong filter", Asked(starting_artifacts={"filter_query": "no = 1"})),
        ("no such starts", Asked(starting_artifacts={"filter_query": f"id = {UNKNOWN_ID}"})),
        ("hops below 0", Asked(starting_artifacts=starts, max_num_hops=-1)),
        ("wrong filter of ends", Asked(starting_artifacts=starts, ending_artifacts=ends)),
        ("starts alone", Asked(starting_executions=starts, max_num_hops=3)),
    ):
        fields = {} if asked is None else {"lineage_subgraph_query_options": asked}
        world.call(f"walk: {tag}", "GetLineageSubgraph", **fields)
    world.call("deep one", "GetLineageSubgraph", lineage_subgraph_query_options=_deep(world))


def _deep(world: World) -> Any:
    """Put a chain of 60 executions and ask for the whole of it."""
    artifact_type, execution_type = world.types[ARTIFACT][0].id, world.types[EXECUTION][0].id
    artifacts = world.put("a chain", ARTIFACT, [nouns.Artifact(type_id=artifact_type)] * 61)
    executions = world.put("a chain", EXECUTION, [nouns.Execution(type_id=execution_type)] * 60)
    assert artifacts is not None
    assert executions is not None
    chain = []
    for execution, before, after in zip(executions, artifacts[:-1], artifacts[1:], strict=True):
        chain.append(nouns.Event(artifact_id=before, execution_id=execution, type=3))
        chain.append(nouns.Event(artifact_id=after, execution_id=execution, type=4))
    world.call("a chain", "PutEvents", events=chain)
    starts = Asked.StartingNodes(filter_query=f"id = {artifacts[-1]}")
    return Asked(starting_artifacts=starts, direction=Asked.UPSTREAM)
