"""The service: the handler of every call of ML Metadata, by the name of the call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from google.protobuf.message import Message

from lineage_graph.errors import Unsupported
from lineage_graph.messages import contract
from lineage_graph.messages.pool import METHODS
from lineage_graph.model import Kind
from lineage_graph.rpc import lists, puts, reads
from lineage_graph.rpc.lineage import get_lineage_subgraph
from lineage_graph.store import Store

# Each handler takes the messages of its own call; a test compares their types with the call's name.
Handler = Callable[[Store, Any, Any], None]
KindHandler = Callable[[Store, Kind, Any, Any], None]

_OF_EACH_KIND: Mapping[str, KindHandler] = {
    "Put{}Type": puts.put_type,
    "Put{}s": puts.put_nodes,
    "Get{}Type": reads.get_type,
    "Get{}Types": reads.get_types,
    "Get{}TypesByID": reads.get_types_by_id,
    "Get{}TypesByExternalIds": reads.get_types_by_external_ids,
    "Get{}s": lists.get_nodes,
    "Get{}sByID": reads.get_nodes_by_id,
    "Get{}sByType": lists.get_nodes_by_type,
    "Get{}ByTypeAndName": reads.get_node_by_type_and_name,
    "Get{}sByExternalIds": reads.get_nodes_by_external_ids,
}


def _get_lineage_graph(
    store: Store,
    request: contract.GetLineageGraphRequest,
    response: contract.GetLineageGraphResponse,
) -> None:
    """GetLineageGraph, which ML Metadata replaced by GetLineageSubgraph."""
    raise Unsupported("GetLineageGraph is not implemented.", hint="Use GetLineageSubgraph.")


def _for(kind: Kind, handler: KindHandler) -> Handler:
    @wraps(handler)
    def handle(store: Store, request: Message, response: Message) -> None:
        handler(store, kind, request, response)

    return handle


HANDLERS: Mapping[str, Handler] = {
    **{
        name.format(kind.label): _for(kind, handler)
        for name, handler in _OF_EACH_KIND.items()
        for kind in Kind
    },
    "PutTypes": puts.put_types,
    "PutEvents": puts.put_events,
    "PutExecution": puts.put_execution,
    "PutLineageSubgraph": puts.put_lineage_subgraph,
    "PutAttributionsAndAssociations": puts.put_attributions_and_associations,
    "PutParentContexts": puts.put_parent_contexts,
    "GetArtifactsByURI": reads.get_artifacts_by_uri,
    "GetEventsByExecutionIDs": _for(Kind.EXECUTION, reads.get_events),
    "GetEventsByArtifactIDs": _for(Kind.ARTIFACT, reads.get_events),
    "GetContextsByArtifact": _for(Kind.ARTIFACT, reads.get_contexts_of),
    "GetContextsByExecution": _for(Kind.EXECUTION, reads.get_contexts_of),
    "GetParentContextsByContext": reads.get_parents,
    "GetChildrenContextsByContext": reads.get_children,
    "GetParentContextsByContexts": reads.get_parents_of_many,
    "GetChildrenContextsByContexts": reads.get_children_of_many,
    "GetArtifactsByContext": _for(Kind.ARTIFACT, lists.get_nodes_by_context),
    "GetExecutionsByContext": _for(Kind.EXECUTION, lists.get_nodes_by_context),
    "GetLineageGraph": _get_lineage_graph,
    "GetLineageSubgraph": get_lineage_subgraph,
}
"""The handler of every call, by its name."""


class Service:
    """Answers ML Metadata's calls from a store; safe to share between threads."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def call(self, name: str, request: Message) -> Message:
        """Answer the call ``name``.

        Raises:
            LineageError: the request breaks a rule or the store failed; nothing was changed.
        """
        response = METHODS[name][1]()
        HANDLERS[name](self._store, request, response)
        return response
