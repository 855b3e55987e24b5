"""The whole store as a stream: each statement reads a bounded part, however large the store is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple, TypeVar

from pydantic import ValidationError

from lineage_graph.catalog.compose import COLUMN, EVENTS, INPUTS, OUTPUTS, SAME
from lineage_graph.errors import OutOfMemory, TimedOut
from lineage_graph.model import ENDS, Kind, Node, Subgraph
from lineage_graph.model.id_set import IdSet
from lineage_graph.store.reading import get
from lineage_graph.store.reading.columns import columns_from
from lineage_graph.store.rows import Row, column_of, damaged, event_from_row, node_from_row
from lineage_graph.store.session import Sessions, Transaction

_MAX_LINKS = 10_000  # of several nodes read by one statement; a node with more is a hub
_SHRINK = 8  # by which a page that took too long is made smaller
_ORDER = (Kind.CONTEXT, Kind.ARTIFACT, Kind.EXECUTION)
_OWNED = {
    Kind.CONTEXT: "CHILD_OF",
    Kind.ARTIFACT: f"ATTRIBUTED_TO|{SAME}|{COLUMN}",
    Kind.EXECUTION: f"{EVENTS}|ASSOCIATED_WITH",
}
"""The links that are read with the nodes of each kind: every link of the store once."""

Result = TypeVar("Result")


class _Shape(NamedTuple):
    """Links between nodes of two kinds; ``owner`` is the one they are read with."""

    links: str
    source: Kind
    target: Kind
    owner: str = "source"

    @property
    def owner_kind(self) -> Kind:
        return self.source if self.owner == "source" else self.target

    @property
    def other(self) -> Kind:
        return self.target if self.owner == "source" else self.source


_SHAPES = {
    Kind.CONTEXT: (_Shape("CHILD_OF", Kind.CONTEXT, Kind.CONTEXT),),
    Kind.ARTIFACT: (
        _Shape("ATTRIBUTED_TO", Kind.ARTIFACT, Kind.CONTEXT),
        _Shape(SAME, Kind.ARTIFACT, Kind.ARTIFACT),
        _Shape(COLUMN, Kind.ARTIFACT, Kind.ARTIFACT),
    ),
    Kind.EXECUTION: (
        _Shape(INPUTS, Kind.ARTIFACT, Kind.EXECUTION, "target"),
        _Shape(OUTPUTS, Kind.EXECUTION, Kind.ARTIFACT),
        _Shape("ASSOCIATED_WITH", Kind.EXECUTION, Kind.CONTEXT),
    ),
}


def dump(sessions: Sessions, batch: int = 1000) -> Iterator[Subgraph]:
    """Yield the whole store: types first, then contexts, artifacts and executions, then links.

    What was written before the first batch is asked for is in it. It is no single moment: of what
    others write meanwhile, changes of nodes that were there and links between them may be in it;
    new nodes are left out, but those whose ids were given out earlier. A link is in it only where
    its nodes are.

    Raises:
        DamagedStore: something cannot be what was written.
        TimedOut: the smallest part took longer than a question may.
    """
    yield from _Dump(sessions, batch).parts()


class _Dump:
    def __init__(self, sessions: Sessions, batch: int) -> None:
        self._sessions = sessions
        self._batch = batch
        self._ids = {kind: IdSet() for kind in Kind}

    def parts(self) -> Iterator[Subgraph]:
        last = self._sessions.read(lambda t: {k: t.value("last_id", kind=k) or 0 for k in Kind})
        types = self._sessions.read(get.types_by_kind)
        known = {kind: {found.id for found in types[kind]} for kind in Kind}
        yield _checked({f"{kind.value}_types": found for kind, found in types.items()})
        for kind in _ORDER:
            for nodes in self._nodes(kind, last[kind]):
                if not {node.type_id for node in nodes} <= known[kind]:
                    yield self._new_types(kind, known[kind], nodes)
                for node in nodes:
                    if not self._ids[kind].add(node.id or 0):
                        raise damaged(f"The {kind.value} {node.id} is found twice")
                yield _checked({f"{kind.value}s": nodes})
        for kind in Kind:
            hubs: list[int] = []
            for page in self._ids[kind].pages(self._batch):
                for ids in self._grouped(kind, _OWNED[kind], page, hubs):
                    yield self._links(partial(_links_of, kind=kind, ids=ids), kind, ids)
            for shape in _SHAPES[kind] if hubs else ():
                yield from self._of_hubs(kind, shape, hubs)

    def _new_types(self, kind: Kind, known: set[int | None], nodes: Sequence[Node]) -> Subgraph:
        """Return the types that others made meanwhile; DamagedStore where a node's is not there."""
        found = self._sessions.read(get.types_by_kind)[kind]
        new = [one for one in found if one.id not in known]
        known |= {one.id for one in new}
        for node in nodes:
            if node.type_id not in known:
                raise damaged(
                    f"The {kind.value} {node.id} is of type {node.type_id}, which is not there"
                )
        return _checked({f"{kind.value}_types": new})

    def _nodes(self, kind: Kind, last: int) -> Iterator[list[Node]]:
        after, size = 0, self._batch
        while after < last:
            values = {"after": after, "limit": size}
            try:
                rows = self._sessions.read(partial(_rows_after, kind=kind, values=values))
            except (TimedOut, OutOfMemory) as error:
                if size == 1:
                    raise _told(error, f"the {kind.value} after {after}") from error
                size = max(1, size // _SHRINK)
                continue
            if not rows:
                return
            nodes = [node_from_row(kind, row) for row in rows]
            before, after = after, nodes[-1].id or 0
            if type(nodes[-1].id) is not int or after <= before:
                raise damaged(f"The {kind.value} after {before} has the id {nodes[-1].id!r}")
            yield [node for node in nodes if (node.id or 0) <= last]

    def _grouped(
        self, kind: Kind, links: str, page: Sequence[int], hubs: list[int]
    ) -> Iterator[list[int]]:
        """Yield ids of nodes that have at most ``_MAX_LINKS`` links together; add others to ``hubs``."""
        counted = self._read(
            lambda t: t.value("link_counts", {"ids": page}, kind=kind, links=links) or (),
            f"how many links {kind.value}s from {page[0]} on have",
        )
        group: list[int] = []
        total = 0
        for one, count in sorted(counted):
            if count > _MAX_LINKS:
                hubs.append(one)
                continue
            if total + count > _MAX_LINKS:
                yield group
                group, total = [], 0
            group.append(one)
            total += count
        if group and total:
            yield group

    def _of_hubs(self, kind: Kind, shape: _Shape, hubs: Sequence[int]) -> Iterator[Subgraph]:
        """Read the links of nodes that have very many from the other ends, which have few each."""
        owned_by_source = shape.owner == "source"
        own, others = ("sources", "targets") if owned_by_source else ("targets", "sources")
        query = "links_between_to" if owned_by_source else "links_between_from"
        ends = {"source": shape.source, "target": shape.target, "links": shape.links}
        for page in self._ids[shape.other].pages(self._batch):
            both: list[int] = []
            for ids in self._grouped(shape.other, shape.links, page, both):
                work = _asking(shape, query, {own: hubs, others: ids}, ends)
                yield self._links(work, kind, hubs)
            for hub in hubs:
                for one in both:
                    source, target = (hub, one) if owned_by_source else (one, hub)
                    pair = {"source": source, "target": target}
                    work = _asking(shape, "links_of_pair", pair, ends)
                    yield self._links(work, kind, [hub])

    def _links(
        self,
        work: Callable[[Transaction], Mapping[str, Sequence[Any]]],
        kind: Kind,
        ids: Sequence[int],
    ) -> Subgraph:
        """Return links whose nodes were yielded; others name nodes that came since.

        Raises:
            DamagedStore: one names a node that cannot be found.
        """
        found = self._read(work, f"links of the {kind.value}s {ids[0]} to {ids[-1]}")
        kept: dict[str, list[Any]] = {}
        strange: dict[Kind, set[int]] = {one: set() for one in Kind}
        for name, links in found.items():
            ends = ENDS[name]
            kept[name] = []
            for link in links:
                missing = [
                    (k, i) for e, k in ends.items() if (i := getattr(link, e)) not in self._ids[k]
                ]
                for end_kind, one in missing:
                    strange[end_kind].add(one)
                if not missing:
                    kept[name].append(link)
        for end_kind, named in strange.items():
            asked = partial(get.existing_ids, kind=end_kind, ids=named)
            there = self._sessions.read(asked) if named else named
            if lost := named - there:
                raise damaged(f"A link names {end_kind.value} {min(lost)}, which cannot be found")
        return _checked(kept)

    def _read(self, work: Callable[[Transaction], Result], what: str) -> Result:
        try:
            return self._sessions.read(work)
        except (TimedOut, OutOfMemory) as error:
            raise _told(error, what) from error


def _rows_after(transaction: Transaction, kind: Kind, values: Mapping[str, int]) -> list[Row]:
    return [record["node"] for record in transaction.run("nodes_after", values, kind=kind)]


def _links_of(transaction: Transaction, kind: Kind, ids: Sequence[int]) -> dict[str, Sequence[Any]]:
    if kind is Kind.EXECUTION:
        return {
            "events": get.events_of(transaction, ids),
            "associations": get.memberships(transaction, kind, ids),
        }
    if kind is Kind.CONTEXT:
        return {"parent_contexts": get.memberships(transaction, kind, ids)}
    same = get.same_as(transaction, ids)
    return {
        "attributions": get.memberships(transaction, kind, ids),
        "same_as": [link for link in same if link.artifact_id > link.other_id],
        "columns": columns_from(transaction, ids),
    }


def _asking(
    shape: _Shape, query: str, values: Mapping[str, Any], ends: Mapping[str, object]
) -> Callable[[Transaction], Mapping[str, Sequence[Any]]]:
    return lambda transaction: _made(shape, transaction.value(query, values, **ends) or ())


def _made(shape: _Shape, rows: Sequence[Any]) -> dict[str, Sequence[Any]]:
    """Return the links of rows of [source, target, type, properties]."""
    if shape.links == INPUTS:
        return {"events": [event_from_row(*row) for row in rows]}
    if shape.links == OUTPUTS:
        return {"events": [event_from_row(row[1], row[0], *row[2:]) for row in rows]}
    if shape.links == COLUMN:
        return {"columns": [column_of(row[0], row[1], row[3]) for row in rows]}
    if shape.links == SAME:
        return {"same_as": get.same_links(row for row in rows if row[0] > row[1])}
    return {get.MEMBERS[shape.owner_kind]: get.member_links(shape.owner_kind, rows)}


def _checked(parts: Mapping[str, Sequence[Any]]) -> Subgraph:
    """Return what was read, once it is known that it can be read back.

    Raises:
        DamagedStore: a value is of a kind that its field cannot have.
    """
    for items in parts.values():
        for item in items:
            try:
                type(item).model_validate(vars(item))
            except ValidationError as error:
                problem = error.errors()[0]
                where = ".".join(map(str, problem["loc"]))
                raise damaged(f"{_named(item)}: {where}: {problem['msg']}") from error
    return Subgraph.trusted(**{name: tuple(items) for name, items in parts.items()})


def _named(item: Any) -> str:
    if isinstance(item, Node):
        return f"The {item.kind.value} {item.id}"
    return f"{type(item).__name__} {' '.join(str(v) for v in list(vars(item).values())[:3])}"


def _told(error: TimedOut | OutOfMemory, what: str) -> TimedOut | OutOfMemory:
    return type(error)(
        f"Reading {what} reached the limit of one statement. {error.message}",
        hint="Raise LINEAGE_GRAPH_QUERY_TIMEOUT; what was read before is no whole backup.",
    )
