"""Look-ups: nodes by what identifies them, types, links, counts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Any, cast

from neo4j.exceptions import DatabaseError

from lineage_graph.catalog.compose import (
    AROUND,
    COLUMN,
    FLOW,
    INPUTS,
    OUTPUTS,
    SAME,
    count_nodes,
    label_of,
)
from lineage_graph.catalog.names import index_key
from lineage_graph.errors import NotFound
from lineage_graph.model import (
    INPUT_EVENTS,
    Artifact,
    Association,
    Attribution,
    Context,
    Degree,
    Event,
    Kind,
    Link,
    Node,
    ParentContext,
    Ref,
    SameAs,
    Subgraph,
    Type,
)
from lineage_graph.model.values import SYSTEM_NAMES
from lineage_graph.store.rows import (
    Row,
    damaged,
    event_from_row,
    name_key,
    node_from_row,
    type_from_row,
    type_key,
)
from lineage_graph.store.session import Transaction
from lineage_graph.store.values import Census, Counts

ARTIFACT, EXECUTION, CONTEXT = Kind.ARTIFACT, Kind.EXECUTION, Kind.CONTEXT
_NODES_AT_ONCE = 1000
_TOO_LARGE = "heap budget exceeded"  # what the embedded engine says of a list it would not hold


def nodes_by_id(transaction: Transaction, kind: Kind, ids: Iterable[int]) -> list[Node]:
    """Return the nodes that exist, in the order of their ids, each once."""
    return [node_from_row(kind, row) for row in rows_by_id(transaction, kind, ids)]


def rows_by_id(transaction: Transaction, kind: Kind, ids: Iterable[int]) -> list[Row]:
    """Return the nodes that exist as the graph holds them, in the order of their ids, each once."""
    wanted, rows = sorted(set(ids)), []
    for start in range(0, len(wanted), _NODES_AT_ONCE):
        values = {"ids": wanted[start : start + _NODES_AT_ONCE]}
        try:
            rows += transaction.value("nodes_by_id", values, kind=kind)
        except DatabaseError as error:
            if _TOO_LARGE not in str(error):
                raise
            rows += [record[0] for record in transaction.run("nodes_in_rows", values, kind=kind)]
    return sorted(rows, key=itemgetter("id"))


def node(transaction: Transaction, ref: Ref) -> Node:
    """Return one node.

    Raises:
        NotFound: there is none.
    """
    found = nodes_by_id(transaction, ref.kind, [ref.id])
    if not found:
        raise NotFound(f"There is no {ref.kind.value} with the id {ref.id}.")
    return found[0]


def existing_ids(transaction: Transaction, kind: Kind, ids: Iterable[int]) -> set[int]:
    """Return which of these ids nodes of a kind have."""
    return {record["id"] for record in transaction.batches("existing_ids", "ids", ids, kind=kind)}


def check_nodes(transaction: Transaction, refs: Iterable[Ref]) -> None:
    """Raise NotFound where one of these nodes does not exist."""
    for kind, ids in _by_kind(refs).items():
        there = existing_ids(transaction, kind, ids)
        for one in ids:
            if one not in there:
                raise NotFound(f"There is no {kind.value} with the id {one}.")


def by_name(transaction: Transaction, kind: Kind, node_type: Type | None, name: str) -> Node | None:
    """Return the node of this type and name, or None."""
    if node_type is None:
        return None
    found = by_key(transaction, kind, "name_key", [name_key(node_type.id or 0, name)])
    return next(iter(nodes_by_id(transaction, kind, found.values())), None)


def by_key(transaction: Transaction, kind: Kind, key: str, keys: Iterable[str]) -> dict[str, int]:
    """Return the ids of the nodes that have these index keys (``origin``, ``external_key``)."""
    records = transaction.batches(f"ids_by_{key}", "keys", sorted(set(keys)), kind=kind)
    return {record["key"]: record["id"] for record in records}


def by_uri(transaction: Transaction, uris: Iterable[str]) -> list[Artifact]:
    """Return the artifacts with these URIs, in the order of their ids."""
    wanted = set(uris)
    keys = sorted({index_key(uri) for uri in wanted})
    rows = transaction.gathered("artifacts_by_uri", "keys", keys)
    found = [
        cast(Artifact, node_from_row(ARTIFACT, row)) for row in rows if row.get("uri", "") in wanted
    ]
    return sorted(found, key=lambda artifact: artifact.id or 0)


def type_by_name(transaction: Transaction, kind: Kind, name: str, version: str) -> Type | None:
    """Return the type of this name and version, or None."""
    records = transaction.run("type_by_name_key", {"key": type_key(name, version)}, kind=kind)
    found = [type_from_row(kind, record["type"]) for record in records]
    return next((t for t in found if t.name == name and t.version == version), None)


def all_types(transaction: Transaction, kind: Kind, *, system: bool = False) -> list[Type]:
    """Return the types of a kind in the order of their ids, without ML Metadata's own unless asked."""
    return _types(kind, [record["type"] for record in transaction.run("types", kind=kind)], system)


def types_by_kind(transaction: Transaction, *, system: bool = False) -> dict[Kind, list[Type]]:
    """Return the types of every kind, as ``all_types`` does, in one round trip."""
    rows: dict[Kind, list[Row]] = {kind: [] for kind in Kind}
    for kind, row in transaction.run("types_of_all_kinds"):
        rows[Kind(kind)].append(row)
    return {kind: _types(kind, rows[kind], system) for kind in Kind}


def _types(kind: Kind, rows: Iterable[Row], system: bool) -> list[Type]:
    found = (type_from_row(kind, row) for row in rows)
    kept = (t for t in found if system or t.name not in SYSTEM_NAMES)
    return sorted(kept, key=lambda t: t.id or 0)


def count(transaction: Transaction, link_counts: str) -> Counts:
    """Return how much of everything there is, which the engines keep count of; no link is read."""
    by_type: dict[str, int] = transaction.value(link_counts) or {}

    def links(types: str) -> int:
        return sum(by_type.get(one, 0) for one in types.split("|"))

    def nodes(kind: Kind) -> int:
        return int(transaction.value("count_nodes", kind=kind))

    types = types_by_kind(transaction)
    return Counts(
        artifacts=nodes(ARTIFACT),
        executions=nodes(EXECUTION),
        contexts=nodes(CONTEXT),
        events=links(INPUTS) + links(OUTPUTS),
        attributions=links("ATTRIBUTED_TO"),
        associations=links("ASSOCIATED_WITH"),
        parent_contexts=links("CHILD_OF"),
        same_as=links(SAME) // 2,
        columns=links(COLUMN),
        artifact_types=len(types[ARTIFACT]),
        execution_types=len(types[EXECUTION]),
        context_types=len(types[CONTEXT]),
    )


_MOST_TYPES, _COUNTS_AT_ONCE = 200, 40


def census(transaction: Transaction) -> Census:
    """Count nodes by what the engines keep count of: labels. A name that types of two kinds share costs more."""
    by_kind = types_by_kind(transaction)
    names = list(dict.fromkeys((k, t.name) for k, types in by_kind.items() for t in types))
    too_many = len(names) > _MOST_TYPES
    sharing = Counter(label_of(name) for _, name in names)
    groups: list[tuple[Kind | None, str]] = [(kind, "") for kind in Kind]
    if not too_many:
        groups += [(kind if sharing[label_of(name)] > 1 else None, name) for kind, name in names]
    counts: list[int] = []
    for start in range(0, len(groups), _COUNTS_AT_ONCE):
        text = count_nodes(groups[start : start + _COUNTS_AT_ONCE])
        counts += transaction.run_text(text, {})[0]["counts"]
    kinds = dict(zip(Kind, counts, strict=False))
    if too_many:
        return Census(kinds, None)
    found = zip(names, counts[len(kinds) :], strict=True)
    return Census(kinds, {key: number for key, number in found if number})


def degrees(transaction: Transaction, refs: Iterable[Ref]) -> dict[Ref, Degree]:
    """Return how many nodes are one hop away from each node, each way."""
    result: dict[Ref, Degree] = {}
    for kind, ids in _by_kind(refs).items():
        if kind is CONTEXT:
            continue
        counts = transaction.gathered("degrees", "ids", ids, size=5000, kind=kind, links=FLOW)
        result |= {Ref(kind, one): Degree(before, after) for one, before, after in counts}
    return result


def _by_kind(refs: Iterable[Ref]) -> dict[Kind, list[int]]:
    groups: dict[Kind, set[int]] = defaultdict(set)
    for ref in refs:
        groups[ref.kind].add(ref.id)
    return {kind: sorted(ids) for kind, ids in groups.items()}


def events_of(transaction: Transaction, ids: Sequence[int], kind: Kind = EXECUTION) -> list[Event]:
    """Return all events of these executions, or artifacts: inputs first, in the order of their ids."""
    ways = ("links_to", "links_from") if kind is EXECUTION else ("links_from", "links_to")
    inputs = transaction.gathered(
        ways[0], "ids", ids, source=ARTIFACT, target=EXECUTION, links=INPUTS
    )
    outputs = transaction.gathered(
        ways[1], "ids", ids, source=EXECUTION, target=ARTIFACT, links=OUTPUTS
    )
    events = [event_from_row(*link) for link in inputs]
    events += [event_from_row(target, source, link, row) for source, target, link, row in outputs]
    return sorted(events, key=_event_order)


def _event_order(event: Event) -> tuple[bool, int, int, str]:
    return (event.type not in _INPUTS, event.execution_id, event.artifact_id, event.type)


_INPUTS = frozenset(INPUT_EVENTS)


def links_among(
    transaction: Transaction,
    refs: Iterable[Ref],
    events: Iterable[Event] | None = None,
    same: bool = True,
) -> Subgraph:
    """Return the nodes of these refs that exist, and all links among them but those of columns.

    ``events`` are those among them, where they are known; ``same`` is False where it is known that
    no two are the same.
    """
    ids = _by_kind(refs)
    nodes = [nodes_by_id(transaction, kind, ids.get(kind, ())) for kind in Kind]
    artifacts = {node.id for node in nodes[0]}
    if events is None:
        events = events_of(transaction, [node.id or 0 for node in nodes[1]])
    else:
        events = sorted(events, key=_event_order)
    fields: dict[str, Any] = {
        f"{kind.value}s": tuple(n) for kind, n in zip(Kind, nodes, strict=True)
    }
    fields["events"] = tuple(event for event in events if event.artifact_id in artifacts)
    if same and len(artifacts) > 1:
        known = sorted(one or 0 for one in artifacts)
        found = same_as(transaction, known)
        fields["same_as"] = tuple(link for link in found if link.other_id in artifacts)
    return Subgraph.trusted(**fields, **_context_links(transaction, nodes))


def same_as(transaction: Transaction, ids: Sequence[int]) -> list[SameAs]:
    """Return what these artifacts are the same as, each link once where both ends are asked for."""
    found = transaction.gathered(
        "links_from", "ids", ids, source=ARTIFACT, target=ARTIFACT, links=SAME
    )
    asked = set(ids)
    return same_links(one for one in found if one[0] > one[1] or one[1] not in asked)


def same_links(rows: Iterable[Any]) -> list[SameAs]:
    """Return the links of rows of [source, target, type, properties]."""
    return [
        SameAs.built(artifact_id=source, other_id=target, by=row.get("by"))
        for source, target, _, row in rows
    ]


_MEMBERSHIPS: dict[Kind, tuple[str, type[Link], str, str]] = {
    ARTIFACT: ("ATTRIBUTED_TO", Attribution, "artifact_id", "context_id"),
    EXECUTION: ("ASSOCIATED_WITH", Association, "execution_id", "context_id"),
    CONTEXT: ("CHILD_OF", ParentContext, "child_id", "parent_id"),
}


def memberships(transaction: Transaction, kind: Kind, ids: Sequence[int]) -> tuple[Link, ...]:
    """Return the links of these nodes to contexts: attributions, associations or parent contexts.

    They are read from the members, not from the contexts, which may have a million of them.
    """
    return member_links(kind, membership_pairs(transaction, kind, ids))


MEMBERS = {
    ARTIFACT: "attributions",
    EXECUTION: "associations",
    CONTEXT: "parent_contexts",
}
"""The field of a Subgraph that holds the links of each kind to contexts."""


def member_links(kind: Kind, pairs: Iterable[Sequence[Any]]) -> tuple[Link, ...]:
    """Return the links to contexts of rows that begin with the two ids."""
    _, link_class, member, context = _MEMBERSHIPS[kind]
    return tuple(link_class.built(**{member: m, context: c}) for m, c, *_ in pairs)


def membership_pairs(
    transaction: Transaction, kind: Kind, ids: Sequence[int]
) -> list[tuple[int, int]]:
    """Return the links of these nodes to contexts, each as the two ids."""
    link = _MEMBERSHIPS[kind][0]
    members = transaction.gathered("memberships", "ids", ids, size=1000, source=kind, link=link)
    return sorted((one, found) for one, contexts in members for found in contexts)


def member_ids(transaction: Transaction, kind: Kind, context: int) -> list[int]:
    """Return the ids of the nodes of a kind in a context, in their order."""
    link = _MEMBERSHIPS[kind][0]
    return sorted(transaction.value("members", {"context": context}, link=link))


def contexts_of(
    transaction: Transaction, kind: Kind, ids: Iterable[int]
) -> dict[int, list[Context]]:
    """Return the contexts of each node that has any, the parents of a context, by their ids."""
    _, _, member, context = _MEMBERSHIPS[kind]
    pairs = [
        (getattr(found, member), getattr(found, context))
        for found in memberships(transaction, kind, sorted(set(ids)))
    ]
    return _contexts_by(transaction, pairs)


def children_of(transaction: Transaction, ids: Iterable[int]) -> dict[int, list[Context]]:
    """Return the contexts that are part of each context, where there are any, by their ids."""
    links = transaction.gathered(
        "links_to", "ids", sorted(set(ids)), source=CONTEXT, target=CONTEXT, links="CHILD_OF"
    )
    return _contexts_by(transaction, sorted((parent, child) for child, parent, *_ in links))


def _contexts_by(
    transaction: Transaction, pairs: Sequence[tuple[int, int]]
) -> dict[int, list[Context]]:
    found = nodes_by_id(transaction, CONTEXT, (context for _, context in pairs))
    contexts = {context.id: cast(Context, context) for context in found}
    groups: dict[int, list[Context]] = defaultdict(list)
    for owner, context in pairs:
        if context not in contexts:
            raise damaged(f"A link leads to context {context}, which cannot be found")
        groups[owner].append(contexts[context])
    return dict(groups)


def _context_links(
    transaction: Transaction, nodes: Sequence[Sequence[Node]]
) -> dict[str, tuple[Link, ...]]:
    known = {node.id for node in nodes[-1]}
    if not known:
        return {}
    fields = ("attributions", "associations", "parent_contexts")
    links: dict[str, tuple[Link, ...]] = {}
    for kind, name, members in zip(Kind, fields, nodes, strict=True):
        target = _MEMBERSHIPS[kind][3]
        found = memberships(transaction, kind, [node.id or 0 for node in members])
        links[name] = tuple(link for link in found if getattr(link, target) in known)
    return links


def neighbours(transaction: Transaction, ref: Ref, limit: int) -> list[Ref]:
    """Return a node's direct neighbours of every kind, without the node itself: mostly the newest.

    Raises:
        NotFound: there is no such node.
    """
    node(transaction, ref)
    records = transaction.run(
        "neighbours", {"id": ref.id, "limit": limit}, kind=ref.kind, links=AROUND
    )
    kinds = {kind.label: kind for kind in Kind}
    return [Ref(kinds[record["label"]], record["id"]) for record in records]
