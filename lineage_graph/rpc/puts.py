"""The twelve calls that write: each turns its request into one Subgraph and one ``Store.put``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TypeVar

from google.protobuf.message import Message

from lineage_graph.errors import InvalidArgument, NotFound, OutOfRange, Unsupported
from lineage_graph.messages import contract
from lineage_graph.messages.by_kind import id_list, node_list, type_list
from lineage_graph.messages.model_objects import read_event, read_type
from lineage_graph.model import (
    Association,
    Attribution,
    Event,
    Kind,
    ParentContext,
    Subgraph,
)
from lineage_graph.rpc.batch import NodeBatch
from lineage_graph.rpc.edges import checked_context, ends_of, known_id
from lineage_graph.store import PutOptions, Store

if TYPE_CHECKING:
    from google.protobuf.internal.containers import RepeatedScalarFieldContainer

ARTIFACT, EXECUTION, CONTEXT = Kind.ARTIFACT, Kind.EXECUTION, Kind.CONTEXT
_Link = TypeVar("_Link", Attribution, Association, ParentContext)


# Types


def put_type(
    store: Store,
    kind: Kind,
    request: contract.PutNodeTypeRequest,
    response: contract.PutNodeTypeResponse,
) -> None:
    """PutArtifactType, PutExecutionType, PutContextType."""
    given: contract.NodeType = getattr(request, f"{kind.value}_type")
    _keep_base(store, kind, given)
    wanted = read_type(kind, given)
    subgraph = Subgraph.trusted(**{f"{kind.value}_types": (wanted,)})
    response.type_id = store.put(subgraph, _type_options(request)).type_ids[0]


def put_types(
    store: Store,
    request: contract.PutTypesRequest,
    response: contract.PutTypesResponse,
) -> None:
    """PutTypes: writes all types or none."""
    for kind in Kind:
        for given in type_list(kind, request):
            _keep_base(store, kind, given)
    wanted = {
        kind: tuple(read_type(kind, given) for given in type_list(kind, request)) for kind in Kind
    }
    subgraph = Subgraph.trusted(**{f"{kind.value}_types": types for kind, types in wanted.items()})
    stored = iter(store.put(subgraph, _type_options(request)).type_ids)
    for kind, types in wanted.items():
        ids: RepeatedScalarFieldContainer[int] = getattr(response, f"{kind.value}_type_ids")
        ids.extend(next(stored) for _ in types)


def _keep_base(store: Store, kind: Kind, given: contract.NodeType) -> None:
    """Refuse to remove the base type of a stored type: ML Metadata has no way to do that."""
    unset = given.HasField("base_type") and not given.base_type
    if unset and store.type(kind, given.name, given.version) is not None:
        raise Unsupported(
            f"The base type of {kind.value} type {given.name!r} cannot be taken away.",
            hint="Leave base_type out.",
        )


def _type_options(request: contract.PutNodeTypeRequest | contract.PutTypesRequest) -> PutOptions:
    if not request.all_fields_match:
        raise Unsupported("all_fields_match cannot be false.", hint="Leave it out.")
    return PutOptions(add_fields=request.can_add_fields, omit_fields=request.can_omit_fields)


# Nodes


def put_nodes(
    store: Store,
    kind: Kind,
    request: contract.PutNodesRequest,
    response: contract.PutNodesResponse,
) -> None:
    """PutArtifacts, PutExecutions, PutContexts."""
    batch = NodeBatch(kind)
    keys = [batch.add(given) for given in node_list(kind, request)]
    mask = tuple(request.update_mask.paths) or None
    unchanged = (
        isinstance(request, contract.PutArtifactsRequest)
        and request.options.abort_if_latest_updated_time_changed
    )
    subgraph = Subgraph.trusted(**{f"{kind.value}s": batch.nodes})
    result = store.put(subgraph, PutOptions(mask=mask, unchanged=unchanged))
    id_list(kind, response).extend(batch.stored(keys, result))


# Links


def put_events(
    store: Store,
    request: contract.PutEventsRequest,
    response: contract.PutEventsResponse,
) -> None:
    """PutEvents."""
    del response
    events = []
    for given in request.events:
        artifact, execution = ends_of(given, "artifact_id", "execution_id")
        events.append(read_event(given, artifact, execution))
    store.put(Subgraph.trusted(events=tuple(events)))


def put_attributions_and_associations(
    store: Store,
    request: contract.PutAttributionsAndAssociationsRequest,
    response: contract.PutAttributionsAndAssociationsResponse,
) -> None:
    """PutAttributionsAndAssociations; links that exist already are ignored."""
    del response
    subgraph = Subgraph.trusted(
        attributions=_links(Attribution, request.attributions, "artifact_id", "context_id"),
        associations=_links(Association, request.associations, "execution_id", "context_id"),
    )
    store.put(subgraph, PutOptions(existing_links="ignore"))


def put_parent_contexts(
    store: Store,
    request: contract.PutParentContextsRequest,
    response: contract.PutParentContextsResponse,
) -> None:
    """PutParentContexts."""
    del response
    parents = _links(ParentContext, request.parent_contexts, "child_id", "parent_id")
    store.put(Subgraph.trusted(parent_contexts=parents))


def _links(
    link: type[_Link], given: Iterable[Message], source: str, target: str
) -> tuple[_Link, ...]:
    ends = (ends_of(item, source, target) for item in given)
    return tuple(link.built(**{source: one, target: two}) for one, two in ends)


# An execution with its artifacts, events and contexts


def put_execution(
    store: Store,
    request: contract.PutExecutionRequest,
    response: contract.PutExecutionResponse,
) -> None:
    """PutExecution: writes an execution, its artifacts, events and contexts; all or nothing."""
    if not request.HasField("execution"):
        raise InvalidArgument("The request has no execution.", hint="Set it.")
    options = request.options
    artifacts = NodeBatch(ARTIFACT, reuse=options.reuse_artifact_if_already_exist_by_external_id)
    executions, contexts = (
        NodeBatch(EXECUTION),
        NodeBatch(CONTEXT, reuse=options.reuse_context_if_already_exist),
    )
    execution = executions.add(request.execution)
    events: list[Event] = []
    artifact_keys: list[int | None] = []
    for pair in request.artifact_event_pairs:
        artifact = artifacts.add(pair.artifact) if pair.HasField("artifact") else None
        if pair.HasField("event"):
            event, artifact = _event_of_pair(pair, artifact, execution, request)
            events.append(event)
        artifact_keys.append(artifact)
    context_keys = []
    for given in request.contexts:
        if options.force_reuse_context and given.HasField("id"):
            context_keys.append(_existing_context(store, given.id))
        else:
            context_keys.append(contexts.add(checked_context(given)))
    result = store.put(
        _step(
            (artifacts, executions, contexts),
            events,
            (key for key in artifact_keys if key is not None),
            [execution],
            context_keys,
        ),
        _options(options, touch=options.force_update_time),
    )
    response.execution_id = executions.stored([execution], result)[0]
    known = artifacts.ids(result)
    response.artifact_ids.extend(
        -1 if key is None else known.get(key, key) for key in artifact_keys
    )
    response.context_ids.extend(contexts.stored(context_keys, result))


def _event_of_pair(
    pair: contract.PutExecutionRequest.ArtifactAndEvent,
    artifact: int | None,
    execution: int,
    request: contract.PutExecutionRequest,
) -> tuple[Event, int]:
    """Return the event of a pair and the id of its artifact: the pair's, or else the event's."""
    given = pair.event
    if given.HasField("execution_id") and (
        not request.execution.HasField("id") or given.execution_id != request.execution.id
    ):
        raise InvalidArgument(
            f"The event's execution_id {given.execution_id} is not that of the request's execution.",
            hint="Leave it out.",
        )
    if artifact is None:
        artifact = known_id(given, "artifact_id")
    elif given.HasField("artifact_id") and given.artifact_id != artifact:
        raise InvalidArgument(
            f"The event's artifact_id {given.artifact_id} is not that of its artifact.",
            hint="Leave it out.",
        )
    return read_event(given, artifact, execution), artifact


def _existing_context(store: Store, context: int) -> int:
    if not store.get(CONTEXT, [context]):
        raise NotFound(f"There is no context with the id {context}.")
    return context


# A subgraph


def put_lineage_subgraph(
    store: Store,
    request: contract.PutLineageSubgraphRequest,
    response: contract.PutLineageSubgraphResponse,
) -> None:
    """PutLineageSubgraph: writes nodes and the events between them; all or nothing.

    Each context gets all artifacts and all executions.
    """
    options = request.options
    batches = (
        NodeBatch(ARTIFACT),
        NodeBatch(EXECUTION),
        NodeBatch(CONTEXT, reuse=options.reuse_context_if_already_exist),
    )
    artifacts, executions, contexts = batches
    artifact_keys = [artifacts.add(_typed(given)) for given in request.artifacts]
    execution_keys = [executions.add(_typed(given)) for given in request.executions]
    context_keys = [contexts.add(checked_context(given)) for given in request.contexts]
    events = []
    for edge in request.event_edges:
        if not edge.HasField("event"):
            raise InvalidArgument("An event edge has no event.", hint="Set it.")
        artifact = _end(edge, "artifact", request.artifacts, artifact_keys)
        execution = _end(edge, "execution", request.executions, execution_keys)
        events.append(read_event(edge.event, artifact, execution))
    subgraph = _step(batches, events, artifact_keys, execution_keys, context_keys)
    result = store.put(subgraph, _options(options))
    response.artifact_ids.extend(artifacts.stored(artifact_keys, result))
    response.execution_ids.extend(executions.stored(execution_keys, result))
    response.context_ids.extend(contexts.stored(context_keys, result))


def _typed(given: contract.Node) -> contract.Node:
    if not given.HasField("type_id"):
        raise InvalidArgument("A node of a lineage subgraph has no type_id.", hint="Set it.")
    return given


def _end(
    edge: contract.PutLineageSubgraphRequest.EventEdge,
    end: str,
    nodes: Sequence[contract.Node],
    keys: list[int],
) -> int:
    """Return one end of an event edge: the node at its index, or else the id in its event."""
    index, field = f"{end}_index", f"{end}_id"
    if not edge.HasField(index):
        return known_id(edge.event, field)
    position = int(getattr(edge, index))
    if not 0 <= position < len(keys):
        raise OutOfRange(f"The {index} {position} is outside the request's list of {len(keys)}.")
    named = edge.event.HasField(field)
    given = nodes[position]
    if named and not (given.HasField("id") and given.id == getattr(edge.event, field)):
        raise InvalidArgument(
            f"The event's {field} is not that of the {end} at {index} {position}.",
            hint="Leave one of the two out.",
        )
    return keys[position]


def _options(
    options: contract.PutExecutionRequest.Options | contract.PutLineageSubgraphRequest.Options,
    *,
    touch: bool = False,
) -> PutOptions:
    return PutOptions(
        reuse_contexts=options.reuse_context_if_already_exist,
        reuse_artifacts=options.reuse_artifact_if_already_exist_by_external_id,
        touch=touch,
    )


def _step(
    batches: tuple[NodeBatch, NodeBatch, NodeBatch],
    events: list[Event],
    artifacts: Iterable[int],
    executions: Iterable[int],
    contexts: Iterable[int],
) -> Subgraph:
    """Return a subgraph in which every context has every artifact and every execution."""
    around = tuple(dict.fromkeys(contexts))
    return Subgraph.trusted(
        artifacts=batches[0].nodes,
        executions=batches[1].nodes,
        contexts=batches[2].nodes,
        events=tuple(events),
        attributions=tuple(
            Attribution.built(artifact_id=artifact, context_id=context)
            for artifact in dict.fromkeys(artifacts)
            for context in around
        ),
        associations=tuple(
            Association.built(execution_id=execution, context_id=context)
            for execution in dict.fromkeys(executions)
            for context in around
        ),
    )
