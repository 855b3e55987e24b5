"""A running ML Metadata service (gRPC) as a stream of subgraphs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
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
from lineage_graph.messages import contract
from lineage_graph.messages.model_objects import read_event, read_node, read_type
from lineage_graph.messages.pool import METHODS, SERVICE
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
from lineage_graph.model.id_set import IdSet

_PAGE = 100  # what ML Metadata gives at most at once
_MAX_ANSWER_BYTES = 100 * 1024 * 1024  # bytes of an answer
_PATIENCE = 60.0  # seconds for an answer
_GAP = 5000  # ids in a row that lead to no node, behind which none is looked for
_MANY_UNREAD = 1000  # nodes of a kind that the service cannot give, before it is given up
_ANY_ID = 2**63 - 1
_SCHEMES = ("grpc://", "grpcs://")


class Unlisted(BadFile):
    """The service failed at a call: perhaps for one of the nodes that it was asked for."""


class ServiceSource(Source):
    """What a running ML Metadata service holds, read by its own calls, a hundred nodes at a time.

    ``address`` is ``grpc://host:port``, or ``grpcs://…`` for TLS. What comes to be after it was opened
    is left for the next time. A node that the service cannot give, or that makes no sense, is told and
    left out: where a list fails for it, nodes are asked for by their ids. ``source`` is that of the file or database behind the service. Types'
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
            self._unread: dict[Kind, set[int]] = {kind: set() for kind in Kind}
            self._holders: dict[Kind, dict[int, list[int]]] = {}
            self._last = {kind: self._newest(kind) for kind in Kind}
            self._types = {kind: self._types_of(kind) for kind in Kind}
            self._type_ids = {kind: {t.id for t in types} for kind, types in self._types.items()}
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
            try:
                found[one.id] = read_type(kind, one).model_copy(update={"id": one.id})
            except InvalidArgument as error:
                self.problem(f"{self._place}: type {one.id} of {kind.value}s", error.message)
        return list(found.values())

    def _pages(self, kind: Kind) -> Iterator[list[Node]]:
        for page in self._whole_pages(kind):
            known = (self._node(kind, given) for given in page if given.id <= self._last[kind])
            nodes = [node for node in known if node is not None]
            for node in nodes:
                self._listed_ids[kind].add(node.id or 0)
            if nodes:
                yield nodes

    def _whole_pages(self, kind: Kind) -> Iterator[Sequence[Any]]:
        """Yield all nodes by id; where a list fails for one of them, by asking for their ids."""
        last = 0
        try:
            for page in self._listed(kind, f"Get{kind.label}s"):
                yield page
                last = max((given.id for given in page), default=last)
        except Unlisted:
            yield from self._by_id(kind, last)

    def _by_id(self, kind: Kind, after: int) -> Iterator[Sequence[Any]]:
        """Yield the nodes behind an id, up to the last one, or until many ids in a row lead to none."""
        empty = 0
        while after < self._last[kind] and empty < _GAP:
            ids = range(after + 1, min(after + _PAGE, self._last[kind]) + 1)
            page = self._given(kind, ids)
            empty = 0 if page else empty + len(ids)
            yield page
            after = ids[-1]

    def _given(self, kind: Kind, ids: Sequence[int]) -> list[Any]:
        """Return the nodes of these ids, without those that the service cannot give."""
        try:
            answer = self._ask(f"Get{kind.label}sByID", **{f"{kind.value}_ids": ids})
            return sorted(getattr(answer, f"{kind.value}s"), key=lambda given: int(given.id))
        except NotFound:
            return []
        except Unlisted as error:
            if len(self._unread[kind]) > _MANY_UNREAD:
                raise  # it is not for one node that the service fails
            if len(ids) == 1:
                if ids[0] not in self._unread[kind]:
                    self._unread[kind].add(ids[0])
                    self.problem(f"{self._place}: {kind.value} {ids[0]}", error.message)
                return []
        half = len(ids) // 2
        return self._given(kind, ids[:half]) + self._given(kind, ids[half:])

    def _node(self, kind: Kind, given: Any) -> Node | None:
        try:
            node = read_node(kind, given, given.id)
            reason = "" if node.type_id in self._type_ids[kind] else "its type is not there"
        except InvalidArgument as error:
            reason = error.message
        if reason:
            self._unread[kind].add(given.id)
            self.problem(f"{self._place}: {kind.value} {given.id}", reason)
            return None
        created = given.create_time_since_epoch or None
        return node.model_copy(update={"create_time_since_epoch": created})

    def _members(self, kind: Kind, context: int) -> Iterator[int]:
        if kind in self._holders:
            yield from self._holders[kind].get(context, ())
            return
        found: list[int] = []
        try:
            for page in self._listed(kind, f"Get{kind.label}sByContext", context_id=context):
                found += [given.id for given in page if self._is_listed(kind, given.id, context)]
        except Unlisted:
            self._holders[kind] = self._contexts_of_each(kind)
            found = self._holders[kind].get(context, [])
        yield from found

    def _contexts_of_each(self, kind: Kind) -> dict[int, list[int]]:
        """Return the members of contexts by asking each node, where a context's list fails."""
        found: dict[int, list[int]] = defaultdict(list)
        for one in self._listed_ids[kind]:
            try:
                answer = self._ask(f"GetContextsBy{kind.label}", **{f"{kind.value}_id": one})
            except NotFound:
                continue
            except Unlisted as error:
                self.problem(f"{self._place}: contexts of {kind.value} {one}", error.message)
                continue
            for context in answer.contexts:
                found[context.id].append(one)
        return found

    def _is_listed(self, kind: Kind, one: int, context: int) -> bool:
        """Say whether a node was listed; tell of one that should have been."""
        if one > self._last[kind]:
            return False  # it came since
        if one in self._unread[kind]:
            return False  # which was told
        if one not in self._listed_ids[kind]:
            self.problem(
                f"{self._place}: context {context}",
                f"it names {kind.value} {one}, which is not listed",
            )
            return False
        return True

    def _listed(self, kind: Kind, name: str, **of: int) -> Iterator[Sequence[Any]]:
        """Yield a list's pages by id."""
        options = contract.ListOperationOptions(max_result_size=_PAGE)
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
        try:
            found = self._first(kind, _BY_ID, ascending=False)
        except Unlisted:
            return _ANY_ID
        return found.id if found is not None else 0

    def _first(self, kind: Kind, field: int, *, ascending: bool) -> Any:
        options = contract.ListOperationOptions(max_result_size=1)
        options.order_by_field.field, options.order_by_field.is_asc = field, ascending
        found = getattr(self._ask(f"Get{kind.label}s", options=options), f"{kind.value}s")
        return found[0] if found else None

    def _identity(self) -> str:
        names = {t.id: t.name for types in self._types.values() for t in types}
        earliest = []
        for kind in Kind:
            try:
                found = self._first(kind, _BY_CREATE_TIME, ascending=True)
            except Unlisted:
                found = next((page[0] for page in self._by_id(kind, 0) if page), None)
            if found is not None:
                uri = found.uri if kind is Kind.ARTIFACT and found.HasField("uri") else None
                name = found.name if found.HasField("name") else None
                moment = found.create_time_since_epoch
                earliest.append((moment, kind, found.id, names.get(found.type_id), name, uri))
        return identity(earliest)

    # Links

    def _events(self, executions: Sequence[int]) -> Iterator[Event]:
        for given in self._ask("GetEventsByExecutionIDs", execution_ids=executions).events:
            if given.artifact_id not in self._listed_ids[Kind.ARTIFACT]:
                continue  # it came since, or it was told that it cannot be read
            try:
                yield read_event(given, given.artifact_id, given.execution_id)
            except InvalidArgument:
                self.skipped["events of an unknown type"] += 1

    def _parents(self, context: int) -> Iterator[ParentContext]:
        try:
            parents = self._ask("GetParentContextsByContext", context_id=context).contexts
        except Unlisted as error:
            self.problem(f"{self._place}: parents of context {context}", error.message)
            return
        for parent in parents:
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


_ORDER = contract.ListOperationOptions.OrderByField
_BY_CREATE_TIME, _BY_ID = _ORDER.CREATE_TIME, _ORDER.ID


def _channel(address: str) -> grpc.Channel:
    scheme = next((scheme for scheme in _SCHEMES if address.lower().startswith(scheme)), None)
    target = address[len(scheme or "") :].rstrip("/")
    if scheme is None or not target.rpartition(":")[2].isdigit() or "/" in target:
        raise InvalidArgument(
            f"{address} is no address of a service.", hint="It looks like grpc://127.0.0.1:8080."
        )
    options = [
        ("grpc.max_receive_message_length", _MAX_ANSWER_BYTES),
        ("grpc.enable_http_proxy", 0),
    ]
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
    return Unlisted(f"{place}: {name} failed: {said}.")
