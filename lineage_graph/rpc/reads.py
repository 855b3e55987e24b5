"""The calls that read what the request names: by id, name, uri or external id, or by a neighbour."""

from __future__ import annotations

from collections.abc import Sized

from google.protobuf.unknown_fields import UnknownFieldSet

from lineage_graph.errors import InvalidArgument, NotFound
from lineage_graph.messages import contract
from lineage_graph.messages.by_kind import id_list, node_list, type_list
from lineage_graph.messages.model_objects import (
    EVENT_NUMBERS,
    write_events,
    write_node,
    write_nodes,
    write_type,
    write_types,
)
from lineage_graph.model import Event, Kind
from lineage_graph.rpc.rows import write_rows
from lineage_graph.store import Store

# Types


def get_type(
    store: Store,
    kind: Kind,
    request: contract.GetNodeTypeRequest,
    response: contract.GetNodeTypeResponse,
) -> None:
    """GetArtifactType, GetExecutionType, GetContextType."""
    found = store.type(kind, request.type_name, request.type_version)
    if found is None:
        version = f" of version {request.type_version!r}" if request.type_version else ""
        raise NotFound(f"There is no {kind.value} type {request.type_name!r}{version}.")
    write_type(kind, found, getattr(response, f"{kind.value}_type"))


def get_types(
    store: Store,
    kind: Kind,
    request: contract.GetNodeTypesRequest,
    response: contract.GetNodeTypesResponse,
) -> None:
    """GetArtifactTypes, GetExecutionTypes, GetContextTypes: all but those that ML Metadata defines."""
    del request
    write_types(kind, store.types(kind), type_list(kind, response))


def get_types_by_id(
    store: Store,
    kind: Kind,
    request: contract.GetNodeTypesByIDRequest,
    response: contract.GetNodeTypesByIDResponse,
) -> None:
    """GetArtifactTypesByID, GetExecutionTypesByID, GetContextTypesByID, in the order of the request."""
    known = {found.id: found for found in store.types(kind, system=True)}
    wanted = [known[type_id] for type_id in request.type_ids if type_id in known]
    write_types(kind, wanted, type_list(kind, response))


def get_types_by_external_ids(
    store: Store,
    kind: Kind,
    request: contract.GetNodeTypesByExternalIdsRequest,
    response: contract.GetNodeTypesByExternalIdsResponse,
) -> None:
    """GetArtifactTypesByExternalIds and the same for executions and contexts."""
    wanted = _external_ids(request)
    found = [known for known in store.types(kind) if known.external_id in wanted]
    _refuse_none(kind, wanted, found, "types")
    write_types(kind, found, type_list(kind, response))


# Nodes


def get_nodes_by_id(
    store: Store,
    kind: Kind,
    request: contract.GetNodesByIDRequest,
    response: contract.GetNodesByIDResponse,
) -> None:
    """GetArtifactsByID, GetExecutionsByID, GetContextsByID; artifacts with their types on request."""
    found = store.rows.by_id(kind, id_list(kind, request))
    write_rows(found, node_list(kind, response))
    if (
        isinstance(request, contract.GetArtifactsByIDRequest)
        and isinstance(response, contract.GetArtifactsByIDResponse)
        and request.populate_artifact_types
    ):
        used = {row["type_id"] for row in found}
        types = [known for known in store.types(kind, system=True) if known.id in used]
        write_types(kind, types, response.artifact_types)


def get_node_by_type_and_name(
    store: Store,
    kind: Kind,
    request: contract.GetNodeByTypeAndNameRequest,
    response: contract.GetNodeByTypeAndNameResponse,
) -> None:
    """GetArtifactByTypeAndName and the same for executions and contexts; nothing if there is none."""
    name = getattr(request, f"{kind.value}_name")
    found = store.by_name(kind, request.type_name, name, request.type_version)
    if found is not None:
        write_node(kind, found, getattr(response, kind.value))


def get_nodes_by_external_ids(
    store: Store,
    kind: Kind,
    request: contract.GetNodesByExternalIdsRequest,
    response: contract.GetNodesByExternalIdsResponse,
) -> None:
    """GetArtifactsByExternalIds, GetExecutionsByExternalIds, GetContextsByExternalIds."""
    wanted = _external_ids(request)
    found = store.by_external_id(kind, wanted)
    _refuse_none(kind, wanted, found, "s")
    write_nodes(kind, found, node_list(kind, response))


def _external_ids(
    request: contract.GetNodesByExternalIdsRequest | contract.GetNodeTypesByExternalIdsRequest,
) -> set[str]:
    wanted = set(request.external_ids)
    if "" in wanted:
        raise InvalidArgument("One of the external ids is empty.", hint="Leave it out.")
    return wanted


def _refuse_none(kind: Kind, wanted: set[str], found: Sized, what: str) -> None:
    if wanted and not found:
        raise NotFound(f"There are no {kind.value}{what} with these external ids.")


def get_artifacts_by_uri(
    store: Store,
    request: contract.GetArtifactsByURIRequest,
    response: contract.GetArtifactsByURIResponse,
) -> None:
    """GetArtifactsByURI.

    Raises:
        InvalidArgument: the request has the field ``uri`` of clients older than 0.21.
    """
    unknown = UnknownFieldSet(request)
    if any(unknown[index].field_number == 1 for index in range(len(unknown))):
        raise InvalidArgument("The field uri is gone.", hint="Update the client: set uris.")
    write_nodes(Kind.ARTIFACT, store.by_uri(*request.uris), response.artifacts)


# Neighbours


def get_events(
    store: Store,
    kind: Kind,
    request: contract.GetEventsByNodeIDsRequest,
    response: contract.GetEventsByNodeIDsResponse,
) -> None:
    """GetEventsByArtifactIDs, GetEventsByExecutionIDs; those of executions in order of time."""
    events = store.events(kind, id_list(kind, request))
    order = _artifact_order if kind is Kind.ARTIFACT else _execution_order
    write_events(sorted(events, key=order), response.events)


def _artifact_order(event: Event) -> tuple[int, int, int]:
    return event.artifact_id, event.execution_id, EVENT_NUMBERS[event.type]


def _execution_order(event: Event) -> tuple[int, int, bool, int, int]:
    happened = event.milliseconds_since_epoch or 0
    inner = (not event.type.is_input, event.artifact_id, EVENT_NUMBERS[event.type])
    return event.execution_id, happened, *inner


def get_contexts_of(
    store: Store,
    kind: Kind,
    request: contract.GetContextsByNodeRequest,
    response: contract.GetContextsByNodeResponse,
) -> None:
    """GetContextsByArtifact, GetContextsByExecution."""
    node_id = getattr(request, f"{kind.value}_id")
    found = store.contexts_of(kind, [node_id]).get(node_id)
    if not found:
        raise NotFound(f"{kind.label} {node_id} belongs to no context.")
    write_nodes(Kind.CONTEXT, found, response.contexts)


def get_parents(
    store: Store,
    request: contract.GetParentContextsByContextRequest,
    response: contract.GetParentContextsByContextResponse,
) -> None:
    """GetParentContextsByContext."""
    found = store.contexts_of(Kind.CONTEXT, [request.context_id])
    write_nodes(Kind.CONTEXT, found.get(request.context_id, ()), response.contexts)


def get_children(
    store: Store,
    request: contract.GetChildrenContextsByContextRequest,
    response: contract.GetChildrenContextsByContextResponse,
) -> None:
    """GetChildrenContextsByContext."""
    found = store.pages.children_of([request.context_id])
    write_nodes(Kind.CONTEXT, found.get(request.context_id, ()), response.contexts)


def get_parents_of_many(
    store: Store,
    request: contract.GetParentContextsByContextsRequest,
    response: contract.GetParentContextsByContextsResponse,
) -> None:
    """GetParentContextsByContexts."""
    for child, parents in store.contexts_of(Kind.CONTEXT, request.context_ids).items():
        write_nodes(Kind.CONTEXT, parents, response.contexts[child].parent_contexts)


def get_children_of_many(
    store: Store,
    request: contract.GetChildrenContextsByContextsRequest,
    response: contract.GetChildrenContextsByContextsResponse,
) -> None:
    """GetChildrenContextsByContexts."""
    for parent, children in store.pages.children_of(request.context_ids).items():
        write_nodes(Kind.CONTEXT, children, response.contexts[parent].children_contexts)
