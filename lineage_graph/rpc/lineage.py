"""GetLineageSubgraph: a lineage between filters."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from lineage_graph.errors import InvalidArgument
from lineage_graph.messages.model_objects import write_path, write_types
from lineage_graph.messages.pool import enum_names
from lineage_graph.model import Kind
from lineage_graph.store import LINEAGE_PARTS, Direction, Ending, Lineage, LineageEvent, Pair, Store

MOST_HOPS = 100
_EVENTS = {name: number for number, name in enum_names("Event.Type").items()}
_DIRECTIONS = enum_names("LineageSubgraphQueryOptions.Direction")
_WAYS = {"UPSTREAM": Direction.UPSTREAM, "DOWNSTREAM": Direction.DOWNSTREAM}


def get_lineage_subgraph(store: Store, request: Any, response: Any) -> None:
    """GetLineageSubgraph: nodes with their ids only, the links among them, the types of the store."""
    options = request.lineage_subgraph_query_options
    kind, where = _start(options)
    graph = store.lineage_subgraph(
        kind,
        where,
        _WAYS.get(_DIRECTIONS.get(options.direction, ""), Direction.BOTH),
        _hops(options),
        endings={
            ending: Ending(given.filter_query, given.include_ending_nodes)
            for ending in (Kind.ARTIFACT, Kind.EXECUTION)
            if (given := getattr(options, f"ending_{ending.value}s")).HasField("filter_query")
        },
        parts=tuple(request.read_mask.paths) or LINEAGE_PARTS,
    )
    _write(graph, response.lineage_subgraph)


def _start(options: Any) -> tuple[Kind, str]:
    chosen = options.WhichOneof("starting_nodes")
    where: str = getattr(options, chosen).filter_query if chosen else ""
    if not where:
        raise InvalidArgument(
            "The lineage has no starting nodes.",
            hint="Set the filter_query of starting_artifacts or starting_executions.",
        )
    return (Kind.ARTIFACT if chosen == "starting_artifacts" else Kind.EXECUTION), where


def _hops(options: Any) -> int:
    if not options.HasField("max_num_hops"):
        return MOST_HOPS
    if options.max_num_hops < 0:
        raise InvalidArgument(f"max_num_hops is {options.max_num_hops}.", hint="Take 0 to 100.")
    return min(int(options.max_num_hops), MOST_HOPS)


def _write(graph: Lineage, target: Any) -> None:
    target.SetInParent()
    for kind in Kind:
        add = getattr(target, f"{kind.value}s").add
        for node_id in getattr(graph, f"{kind.value}s"):
            add().id = node_id
        types = getattr(graph, f"{kind.value}_types")
        write_types(kind, types, getattr(target, f"{kind.value}_types"))
    _write_events(graph.events, target.events)
    _write_members(graph.attributions, "artifact_id", target.attributions)
    _write_members(graph.associations, "execution_id", target.associations)


def _write_members(pairs: Iterable[Pair], member: str, into: Any) -> None:
    add = into.add
    for node, context in pairs:
        link = add()
        setattr(link, member, node)
        link.context_id = context


def _write_events(events: Iterable[LineageEvent], into: Any) -> None:
    add = into.add  # setting fields one by one is faster than naming them here
    for execution, artifact, link, when, path in events:
        event = add()
        event.artifact_id = artifact
        event.execution_id = execution
        event.type = _EVENTS[link]
        if when is not None:
            event.milliseconds_since_epoch = when
        if path is not None:
            write_path(json.loads(path), event.path)
