"""The reads that name what they want: by id, name, uri, external id, or by a neighbour."""

from __future__ import annotations

from typing import Any

from google.protobuf.unknown_fields import UnknownFieldSet

from lineage_graph.errors import InvalidArgument, NotFound
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


def get_type(store: Store, kind: Kind, request: Any, response: Any) -> None:
    """GetArtifactType and its like."""
    found = store.type(kind, request.type_name, request.type_version)
    if found is None:
        version = f" of version {request.type_version!r}" if request.type_version else ""
        raise NotFound(f"There is no {kind.value} type {request.type_name!r}{version}.")
    write_type(kind, found, getattr(response, f"{kind.value}_type"))


def get_types(store: Store, kind: Kind, request: Any, response: Any) -> None:
    """GetArtifactTypes and its like: all but ML Metadata's own."""
    del request
    write_types(kind, store.types(kind), getattr(response, f"{kind.value}_types"))


def get_types_by_id(store: Store, kind: Kind, request: Any, response: Any) -> None:
    """GetArtifactTypesByID and its like, in the order that is asked for."""
    known = {found.id: found for found in store.types(kind, system=True)}
    wanted = [known[type_id] for type_id in request.type_ids if type_id in known]
    write_types(kind, wanted, getattr(response, f"{kind.value}_types"))


def get_types_by_external_ids(store: Store, kind: Kind, request: Any, response: Any) -> None:
    """GetArtifactTypesByExternalIds and its like."""
    wanted = _external_ids(request)
    found = [known for known in store.types(kind) if known.external_id in wanted]
    _refuse_none(kind, wanted, found, "types")
    write_types(kind, found, getattr(response, f"{kind.value}_types"))


# Nodes


def get_nodes_by_id(store: Store, kind: Kind, request: Any, response: Any) -> None:
    """GetArtifactsByID and its like; for artifacts with their types, if that is asked."""
    found = store.rows.by_id(kind, getattr(request, f"{kind.value}_ids"))
    write_rows(kind, found, getattr(response, f"{kind.value}s"))
    if kind is Kind.ARTIFACT and request.populate_artifact_types:
        used = {row["type_id"] for row in found}
        types = [known for known in store.types(kind, system=True) if known.id in used]
        write_types(kind, types, response.artifact_types)


def get_node_by_type_and_name(store: Store, kind: Kind, request: Any, response: Any) -> None:
    """GetArtifactByTypeAndName and its like; nothing where there is none."""
    name = getattr(request, f"{kind.value}_name")
    found = store.by_name(kind, request.type_name, name, request.type_version)
    if found is not None:
        write_node(kind, found, getattr(response, kind.value))


def get_nodes_by_external_ids(store: Store, kind: Kind, request: Any, response: Any) -> None:
    """GetArtifactsByExternalIds and its like."""
    wanted = _external_ids(request)
    found = store.by_external_id(kind, wanted)
    _refuse_none(kind, wanted, found, "s")
    write_nodes(kind, found, getattr(response, f"{kind.value}s"))


def _external_ids(request: Any) -> set[str]:
    wanted = set(request.external_ids)
    if "" in wanted:
        raise InvalidArgument("One of the external ids is empty.", hint="Leave it out.")
    return wanted


def _refuse_none(kind: Kind, wanted: set[str], found: Any, what: str) -> None:
    if wanted and not found:
        raise NotFound(f"There are no {kind.value}{what} with these external ids.")


def get_artifacts_by_uri(store: Store, request: Any, response: Any) -> None:
    """GetArtifactsByURI.

    Raises:
        InvalidArgument: the request names its URI as clients older than 0.21 did.
    """
    unknown: Any = UnknownFieldSet(request)
    if any(field.field_number == 1 for field in unknown):
        raise InvalidArgument("The field uri is gone.", hint="Update the client: set uris.")
    write_nodes(Kind.ARTIFACT, store.by_uri(*request.uris), response.artifacts)


# Neighbours


def get_events(store: Store, kind: Kind, request: Any, response: Any) -> None:
    """GetEventsByArtifactIDs, GetEventsByExecutionIDs: an execution's in the order they happened."""
    events = store.events(kind, getattr(request, f"{kind.value}_ids"))
    order = _of_artifacts if kind is Kind.ARTIFACT else _of_executions
    write_events(sorted(events, key=order), response.events)


def _of_artifacts(event: Event) -> tuple[int, int, int]:
    return event.artifact_id, event.execution_id, EVENT_NUMBERS[event.type]


def _of_executions(event: Event) -> tuple[int, int, bool, int, int]:
    happened = event.milliseconds_since_epoch or 0
    inner = (not event.type.is_input, event.artifact_id, EVENT_NUMBERS[event.type])
    return event.execution_id, happened, *inner


def get_contexts_of(store: Store, kind: Kind, request: Any, response: Any) -> None:
    """GetContextsByArtifact, GetContextsByExecution."""
    node_id = getattr(request, f"{kind.value}_id")
    found = store.contexts_of(kind, [node_id]).get(node_id)
    if not found:
        raise NotFound(f"{kind.label} {node_id} belongs to no context.")
    write_nodes(Kind.CONTEXT, found, response.contexts)


def get_parents(store: Store, request: Any, response: Any) -> None:
    """GetParentContextsByContext."""
    found = store.contexts_of(Kind.CONTEXT, [request.context_id])
    write_nodes(Kind.CONTEXT, found.get(request.context_id, ()), response.contexts)


def get_children(store: Store, request: Any, response: Any) -> None:
    """GetChildrenContextsByContext."""
    found = store.pages.children_of([request.context_id])
    write_nodes(Kind.CONTEXT, found.get(request.context_id, ()), response.contexts)


def get_parents_of_many(store: Store, request: Any, response: Any) -> None:
    """GetParentContextsByContexts."""
    for child, parents in store.contexts_of(Kind.CONTEXT, request.context_ids).items():
        write_nodes(Kind.CONTEXT, parents, response.contexts[child].parent_contexts)


def get_children_of_many(store: Store, request: Any, response: Any) -> None:
    """GetChildrenContextsByContexts."""
    for parent, children in store.pages.children_of(request.context_ids).items():
        write_nodes(Kind.CONTEXT, children, response.contexts[parent].children_contexts)
