"""A running ML Metadata service (gRPC) as a stream of subgraphs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import grpc

from lineage_graph.errors import (
    BadFile,
    InvalidArgument,
    LineageError,
    NotFound,
    Unauthorized,
    Unreachable,
    Unsupported,
)
from lineage_graph.exchange.base import Source
from lineage_graph.exchange.circles import circling
from lineage_graph.exchange.mlmd.identity import identity
from lineage_graph.messages.nouns import read_event, read_node, read_type
from lineage_graph.messages.pool import METHODS, SERVICE, message
from lineage_graph.model import (
    Association,
    Attribution,
    BaseType,
    Event,
    Kind,
    Node,
    ParentContext,
    Subgraph,
    Type,
)
from lineage_graph.model.idset import IdSet

_PAGE = 100  # what ML Metadata gives at most at once
_LARGEST = 100 * 1024 * 1024  # bytes of an answer
_PATIENCE = 60.0  # seconds for an answer
_SCHEMES = ("grpc://", "grpcs://")


class ServiceSource(Source):
    """What a running ML Metadata service holds, read by its own calls, a hundred nodes at a time.

    ``address`` is ``grpc://host:port``, or ``grpcs://…`` for TLS. What comes to be after it was opened
    is left for the next time. ``source`` is that of the file or database behind the service. Types'
    external ids are not among what ML Metadata's own lists tell (1.17.1).

    Raises:
        InvalidArgument: the address is none.
        Unreachable, Unauthorized: nothing answers there, or not to us.
    """

    format = "mlmd"

    def __init__(self, address: str) -> None:
        super().__init__()
        self._place = address
        self._channel = _channel(address)
        try:
            self._listed_ids = {kind: IdSet() for kind in Kind}
            self._last = {kind: self._newest(kind) for kind in Kind}
            self._types = {kind: self._types_of(kind) for kind in Kind}
            self.source = self._identity()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the connection."""
        self._channel.close()

    def batches(self) -> Iterator[Subgraph]:
        """Yield types, then contexts, artifacts and executions by id with their links."""
        yield Subgraph.trusted(
            **{f"{kind.value}_types": tuple(types) for kind, types in self._types.items()}
        )
        contexts: list[int] = []
        for nodes in self._pages(Kind.CONTEXT):
            contexts += [node.id for node in nodes if node.id is not None]
            yield Subgraph.trusted(contexts=tuple(nodes))
        for nodes in self._pages(Kind.ARTIFACT):
            yield Subgraph.trusted(artifacts=tuple(nodes))
        for nodes in self._pages(Kind.EXECUTION):
            yield Subgraph.trusted(executions=tuple(nodes))
            ids = [node.id for node in nodes if node.id is not None]
            yield Subgraph.trusted(events=tuple(self._events(ids)))
        parents = {context: list(self._parents(context)) for context in contexts}
        circles = circling(
            (one.child_id, one.parent_id) for links in parents.values() for one in links
        )
        for child, parent in sorted(circles):
            place = f"{self._place}: context {child} in context {parent}"
            self.problem(place, "it would be its own ancestor")
        for context in contexts:
            yield Subgraph.trusted(
                parent_contexts=tuple(
                    one for one in parents[context] if (one.child_id, one.parent_id) not in circles
                ),
                attributions=tuple(
                    Attribution(artifact_id=i, context_id=context)
                    for i in self._members(Kind.ARTIFACT, context)
                ),
                associations=tuple(
                    Association(execution_id=i, context_id=context)
                    for i in self._members(Kind.EXECUTION, context)
                ),
            )

    # Nodes and types

    def _types_of(self, kind: Kind) -> list[Type]:
        """Return the types of a kind, ML Metadata's own included, which lists leave out."""
        given = list(getattr(self._ask(f"Get{kind.label}Types"), f"{kind.value}_types"))
        for base in BaseType:
            try:
                answer = self._ask(f"Get{kind.label}Type", type_name=base.value)
            except NotFound:
                continue
            given.append(getattr(answer, f"{kind.value}_type"))
        found = {}
        for one in given:
            read: Type = self._read(read_type, kind, one)
            found[one.id] = read.model_copy(update={"id": one.id})
        return list(found.values())

    def _pages(self, kind: Kind) -> Iterator[list[Node]]:
        for page in self._listed(kind, f"Get{kind.label}s"):
            nodes = [self._node(kind, given) for given in page if given.id <= self._last[kind]]
            for node in nodes:
                self._listed_ids[kind].add(node.id or 0)
            if nodes:
                yield nodes

    def _node(self, kind: Kind, given: Any) -> Node:
        node: Node = self._read(read_node, kind, given, given.id)
        return node.model_copy(
            update={"create_time_since_epoch": given.create_time_since_epoch or None}
        )

    def _members(self, kind: Kind, context: int) -> Iterator[int]:
        for page in self._listed(kind, f"Get{kind.label}sByContext", context_id=context):
            yield from (given.id for given in page if self._is_listed(kind, given.id, context))

    def _is_listed(self, kind: Kind, one: int, context: int) -> bool:
        """Say whether a node was listed; tell of one that should have been."""
        if one > self._last[kind]:
            return False  # it came since
        if one not in self._listed_ids[kind]:
            self.problem(
                f"{self._place}: context {context}",
                f"it names {kind.value} {one}, which is not listed",
            )
            return False
        return True

    def _listed(self, kind: Kind, name: str, **of: int) -> Iterator[Sequence[Any]]:
        """Yield a list's pages by id."""
        options = message("ListOperationOptions")(max_result_size=_PAGE)
        options.order_by_field.field, options.order_by_field.is_asc = _BY_ID, True
        seen: set[str] = set()
        while True:
            answer = self._ask(name, options=options, **of)
            yield getattr(answer, f"{kind.value}s")
            if not answer.next_page_token:
                return
            if answer.next_page_token in seen:
                raise BadFile(f"{self._place}: the pages of {name} lead round in a circle.")
            seen.add(answer.next_page_token)
            options.next_page_token = answer.next_page_token

    def _newest(self, kind: Kind) -> int:
        found = self._first(kind, _BY_ID, ascending=False)
        return found.id if found is not None else 0

    def _first(self, kind: Kind, field: int, *, ascending: bool) -> Any:
        options = message("ListOperationOptions")(max_result_size=1)
        options.order_by_field.field, options.order_by_field.is_asc = field, ascending
        found = getattr(self._ask(f"Get{kind.label}s", options=options), f"{kind.value}s")
        return found[0] if found else None

    def _identity(self) -> str:
        names = {t.id: t.name for types in self._types.values() for t in types}
        earliest = []
        for kind in Kind:
            found = self._first(kind, _BY_CREATE_TIME, ascending=True)
            if found is not None:
                uri = found.uri if kind is Kind.ARTIFACT and found.HasField("uri") else None
                name = found.name if found.HasField("name") else None
                moment = found.create_time_since_epoch
                earliest.append((moment, kind, found.id, names.get(found.type_id), name, uri))
        return identity(earliest)

    # Links

    def _events(self, executions: Sequence[int]) -> Iterator[Event]:
        for given in self._ask("GetEventsByExecutionIDs", execution_ids=executions).events:
            if given.artifact_id > self._last[Kind.ARTIFACT]:
                continue
            try:
                yield read_event(given, given.artifact_id, given.execution_id)
            except InvalidArgument:
                self.skipped["events of an unknown type"] += 1

    def _parents(self, context: int) -> Iterator[ParentContext]:
        for parent in self._ask("GetParentContextsByContext", context_id=context).contexts:
            if self._is_listed(Kind.CONTEXT, parent.id, context):
                yield ParentContext(child_id=context, parent_id=parent.id)

    # Calls

    def _ask(self, name: str, **fields: Any) -> Any:
        request, response = METHODS[name]
        call = self._channel.unary_unary(
            f"/{SERVICE}/{name}",
            request_serializer=request.SerializeToString,
            response_deserializer=response.FromString,
        )
        try:
            return call(request(**fields), timeout=_PATIENCE)
        except grpc.RpcError as error:
            raise _ours(error, self._place, name) from error

    def _read(self, reader: Callable[..., Any], kind: Kind, given: Any, *more: Any) -> Any:
        try:
            return reader(kind, given, *more)
        except InvalidArgument as error:
            raise BadFile(f"{self._place}: {kind.value} {given.id}: {error.message}") from error


_ORDER = message("ListOperationOptions.OrderByField")
_BY_CREATE_TIME, _BY_ID = _ORDER.CREATE_TIME, _ORDER.ID


def _channel(address: str) -> grpc.Channel:
    scheme = next((scheme for scheme in _SCHEMES if address.lower().startswith(scheme)), None)
    target = address[len(scheme or "") :].rstrip("/")
    if scheme is None or not target.rpartition(":")[2].isdigit() or "/" in target:
        raise InvalidArgument(
            f"{address} is no address of a service.", hint="It looks like grpc://127.0.0.1:8080."
        )
    options = [("grpc.max_receive_message_length", _LARGEST), ("grpc.enable_http_proxy", 0)]
    if scheme == "grpcs://":
        return grpc.secure_channel(target, grpc.ssl_channel_credentials(), options)
    return grpc.insecure_channel(target, options)


def _ours(error: grpc.RpcError, place: str, name: str) -> LineageError:
    code = error.code()
    said = f"{error.details() or code.name}".rstrip(".")
    if code in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED):
        return Unreachable(f"{place} does not answer: {said}.")
    if code in (grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.PERMISSION_DENIED):
        return Unauthorized(f"{place} refused us: {said}.")
    if code is grpc.StatusCode.NOT_FOUND:
        return NotFound(f"{place}: {said}.")
    if code is grpc.StatusCode.UNIMPLEMENTED:
        return Unsupported(f"{place} does not know the call {name}.", hint="Is it ML Metadata's?")
    return BadFile(f"{place}: {name} failed: {said}.")
