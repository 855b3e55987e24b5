"""GetLineageSubgraph: the lineage between nodes that filters select."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from lineage_graph.errors import InvalidArgument
from lineage_graph.messages import contract
from lineage_graph.messages.by_kind import node_list, type_list
from lineage_graph.messages.model_objects import write_path, write_types
from lineage_graph.messages.pool import enum_names
from lineage_graph.model import Kind
from lineage_graph.store import LINEAGE_PARTS, Direction, Ending, Lineage, LineageEvent, Pair, Store

if TYPE_CHECKING:
    from google.protobuf.internal.containers import RepeatedCompositeFieldContainer

MAX_HOPS = 100
_EVENT_NUMBERS = {name: number for number, name in enum_names("Event.Type").items()}
_DIRECTION_NAMES = enum_names("LineageSubgraphQueryOptions.Direction")
_DIRECTION_OF_NAME = {"UPSTREAM": Direction.UPSTREAM, "DOWNSTREAM": Direction.DOWNSTREAM}


def get_lineage_subgraph(
    store: Store,
    request: contract.GetLineageSubgraphRequest,
    response: contract.GetLineageSubgraphResponse,
) -> None:
    """GetLineageSubgraph: nodes with their ids only, the links between them, the types of the store."""
    options = request.lineage_subgraph_query_options
    kind, where = _start(options)
    endings: dict[Kind, contract.LineageSubgraphQueryOptions.EndingNodes] = {
        Kind.ARTIFACT: options.ending_artifacts,
        Kind.EXECUTION: options.ending_executions,
    }
    graph = store.lineage_subgraph(
        kind,
        where,
        _DIRECTION_OF_NAME.get(_DIRECTION_NAMES.get(options.direction, ""), Direction.BOTH),
        _hops(options),
        endings={
            ending: Ending(given.filter_query, given.include_ending_nodes)
            for ending, given in endings.items()
            if given.HasField("filter_query")
        },
        parts=tuple(request.read_mask.paths) or LINEAGE_PARTS,
    )
    _write(graph, response.lineage_subgraph)


def _start(options: contract.LineageSubgraphQueryOptions) -> tuple[Kind, str]:
    is_of_artifacts = options.WhichOneof("starting_nodes") == "starting_artifacts"
    chosen = options.starting_artifacts if is_of_artifacts else options.starting_executions
    if not chosen.filter_query:
        raise InvalidArgument(
            "The lineage has no starting nodes.",
            hint="Set the filter_query of starting_artifacts or starting_executions.",
        )
    return (Kind.ARTIFACT if is_of_artifacts else Kind.EXECUTION), chosen.filter_query


def _hops(options: contract.LineageSubgraphQueryOptions) -> int:
    if not options.HasField("max_num_hops"):
        return MAX_HOPS
    if options.max_num_hops < 0:
        raise InvalidArgument(f"max_num_hops is {options.max_num_hops}.", hint="Take 0 to 100.")
    return min(options.max_num_hops, MAX_HOPS)


def _write(graph: Lineage, target: contract.LineageGraph) -> None:
    target.SetInParent()
    for kind in Kind:
        add = node_list(kind, target).add
        for node_id in getattr(graph, f"{kind.value}s"):
            add().id = node_id
        write_types(kind, getattr(graph, f"{kind.value}_types"), type_list(kind, target))
    _write_events(graph.events, target.events)
    _write_members(graph.attributions, "artifact_id", target.attributions)
    _write_members(graph.associations, "execution_id", target.associations)


def _write_members(
    pairs: Iterable[Pair],
    member: str,
    into: RepeatedCompositeFieldContainer[contract.Attribution]
    | RepeatedCompositeFieldContainer[contract.Association],
) -> None:
    add = into.add
    for node, context in pairs:
        link = add()
        setattr(link, member, node)
        link.context_id = context


def _write_events(
    events: Iterable[LineageEvent], into: RepeatedCompositeFieldContainer[contract.Event]
) -> None:
    add = into.add  # setting one field after the other is faster than passing them to add
    for execution, artifact, link, when, path in events:
        event = add()
        event.artifact_id = artifact
        event.execution_id = execution
        event.type = _EVENT_NUMBERS[link]
        if when is not None:
            event.milliseconds_since_epoch = when
        if path is not None:
            write_path(json.loads(path), event.path)
