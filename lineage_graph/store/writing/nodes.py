"""Writing nodes inside a put: which are new, which are updates, and every rule of integrity."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lineage_graph.catalog.compose import KEYS
from lineage_graph.catalog.names import index_key
from lineage_graph.errors import AlreadyExists, FailedPrecondition, InvalidArgument
from lineage_graph.model import Kind, Node, Type
from lineage_graph.model.merging import merged
from lineage_graph.store.reading.get import existing_ids
from lineage_graph.store.rows import Row, name_key, node_from_row, node_row, same_row
from lineage_graph.store.session import Overtaken, Transaction
from lineage_graph.store.values import PutOptions
from lineage_graph.store.writing.context_id_cache import KnownNames
from lineage_graph.store.writing.field_masks import masked
from lineage_graph.store.writing.ids import TakenIds
from lineage_graph.store.writing.types import TypeView, check_properties, type_of
from lineage_graph.store.writing.write_batch import Writes

UPDATED = "last_update_time_since_epoch"
CREATED = "create_time_since_epoch"
_TELLING = (*sorted(KEYS), "custom_bytes", "origin")  # by which it is known what is the same


@dataclass
class Written:
    """What became of the nodes of one kind."""

    ids: list[int] = field(default_factory=list)
    new: set[int] = field(default_factory=set)
    updated: int = 0
    renewed: set[int] = field(default_factory=set)
    """Of artifacts: those that tell something else of what they are."""


class NodeWriter:
    """Writes the nodes of one kind in the transaction of a put."""

    def __init__(
        self,
        transaction: Transaction,
        writes: Writes,
        view: TypeView,
        local_types: dict[tuple[Kind, int], Type],
        options: PutOptions,
        ids: TakenIds,
        names: KnownNames,
        now: int,
        careful: bool,
    ) -> None:
        self._transaction = transaction
        self._writes = writes
        self._careful = careful
        self._view = view
        self._local_types = local_types
        self._options = options
        self._ids = ids
        self._names = names
        self._now = now
        self.reused: dict[str, int] = {}
        """The contexts that were reused, by their name keys."""

    def write(self, kind: Kind, nodes: tuple[Node, ...]) -> Written:
        """Create and update the nodes; their stored ids stand in the order of the nodes.

        Raises:
            InvalidArgument, NotFound, AlreadyExists: see the rules in the methods below.
        """
        if not nodes:
            return Written()
        types = [type_of(self._transaction, self._view, node, self._local_types) for node in nodes]
        targets, reused = self._targets(kind, nodes, types)
        stored = self._stored(kind, targets, reused)
        written = Written()
        new_ids = self._new_ids(kind, nodes, targets)
        created: dict[str, list[Row]] = defaultdict(list)
        updated: list[Row] = []
        for node, node_type, target, is_reused in zip(nodes, types, targets, reused, strict=True):
            if target is None:
                row = self._created_row(node, node_type, next(new_ids))
                created[row["type"]].append(row)
                written.new.add(row["id"])
                written.ids.append(row["id"])
                continue
            written.ids.append(target)
            if is_reused:
                continue
            changed = self._updated_row(node, node_type, stored[target])
            if changed is not None:
                if any(changed.get(key) != stored[target].get(key) for key in _TELLING):
                    written.renewed.add(target)
                stored[target] = changed
                updated.append(changed)
        self._check_unique(kind, [row for rows in created.values() for row in rows], updated)
        for type_name, rows in created.items():
            self._writes.add("create_nodes", rows, kind=kind, label=type_name)
        self._writes.add("update_nodes", updated, kind=kind)
        written.updated = len(updated)
        return written

    # Which stored node each one is

    def _targets(
        self, kind: Kind, nodes: tuple[Node, ...], types: list[Type | None]
    ) -> tuple[list[int | None], list[bool]]:
        """Return the stored id each node is an update of (None: it is new), and which are only reused."""
        by_origin = self._lookup(kind, "origin", (n.origin for n in nodes))
        here = self._here(kind, nodes)
        targets: list[int | None] = []
        reused: list[bool] = []
        for node in nodes:
            target = None if node.origin is None else by_origin.get(node.origin)
            reused.append(target is not None and self._options.keep_copies)
            if (
                target is None
                and node.id is not None
                and node.id >= 0
                and (not self._options.restore or node.id in here)
            ):
                target = node.id
            targets.append(target)
        if self._options.reuse_contexts and kind is Kind.CONTEXT:
            keys = [
                name_key(t.id or 0, n.name) if t is not None and n.name is not None else None
                for n, t in zip(nodes, types, strict=True)
            ]
            self.reused = self._named(kind, {key for key in keys if key is not None})
            for position, key in enumerate(keys):
                if targets[position] is None and key in self.reused:
                    targets[position] = self.reused[key or ""]
                    # Who gives it an origin tells of it, and does not only name it.
                    reused[position] = not (self._options.merge and nodes[position].origin)
        if self._options.reuse_artifacts and kind is Kind.ARTIFACT:
            external = [index_key(n.external_id) if n.external_id else None for n in nodes]
            found = self._lookup(kind, "external_key", external)
            for position, key in enumerate(external):
                if targets[position] is None and key in found:
                    targets[position] = found[key or ""]
        return targets, reused

    def _here(self, kind: Kind, nodes: tuple[Node, ...]) -> set[int]:
        """Return which nodes of a copy of this very store it has; of others that is not known."""
        if not self._options.own:
            return set()
        ids = [node.id for node in nodes if node.id is not None]
        return existing_ids(self._transaction, kind, ids)

    def _named(self, kind: Kind, keys: set[str]) -> dict[str, int]:
        """Return the ids of the nodes of these names; those known from before are confirmed by the writes."""
        known = {} if self._careful else self._names.among(keys)
        rows = [[node_id, key] for key, node_id in sorted(known.items())]
        self._writes.add("confirmed_names", rows, _overtaken, kind=kind)
        return known | self._lookup(kind, "name_key", keys - known.keys())

    def _lookup(self, kind: Kind, key: str, wanted: Iterable[str | None]) -> dict[str, int]:
        keys = sorted({value for value in wanted if value is not None})
        if not keys:
            return {}
        records = self._transaction.batches(f"ids_by_{key}", "keys", keys, kind=kind)
        return {record["key"]: record["id"] for record in records}

    def _stored(self, kind: Kind, targets: list[int | None], reused: list[bool]) -> dict[int, Row]:
        """Return the stored rows that are to be updated, locked."""
        pairs = zip(targets, reused, strict=True)
        wanted = sorted({target for target, kept in pairs if target is not None and not kept})
        if not wanted:
            return {}
        rows = self._transaction.gathered("lock_nodes", "ids", wanted, kind=kind)
        stored: dict[int, Row] = {row["id"]: row for row in rows}
        for target in wanted:
            if target not in stored:
                raise InvalidArgument(
                    f"Cannot find the given id {target} among the {kind.value}s.",
                    hint="Leave the id out to create a new one.",
                )
        return stored

    def _new_ids(
        self, kind: Kind, nodes: tuple[Node, ...], targets: list[int | None]
    ) -> Iterator[int]:
        given = [node.id for node, target in zip(nodes, targets, strict=True) if target is None]
        own = [i for i in given if self._options.restore and i is not None and i > 0]
        if own:
            self._ids.skip(kind.value, max(own))
        missing = len(given) - len(own)
        rest = iter(self._ids.take(kind.value, missing) if missing else ())
        restore = self._options.restore
        return (i if restore and i is not None and i > 0 else next(rest) for i in given)

    # What is written

    def _created_row(self, node: Node, node_type: Type | None, node_id: int) -> Row:
        if node_type is None:
            raise InvalidArgument(
                f"A new {node.kind.value} needs a type.", hint="Give its type or type_id."
            )
        self._check(node, node_type)
        created: int | None = self._now
        updated: int | None = self._now
        if self._options.restore:
            created, updated = _told_times(node)
        return node_row(node, node_id, node_type, created, updated)

    def _updated_row(self, node: Node, node_type: Type | None, stored: Row) -> Row | None:
        """Return the node's new properties, or None where nothing changes."""
        own_type = self._view.by_id(self._transaction, node.kind, stored["type_id"])
        assert own_type is not None, "a stored node has a stored type"
        keeps = self._options.merge  # whatever type another account gives it
        if node_type is not None and node_type.id != own_type.id and not keeps:
            raise InvalidArgument(
                f"{node.kind.value.capitalize()} {stored['id']} is a {own_type.name!r}, "
                f"not a {node_type.name!r}.",
                hint="A node keeps its type for good.",
            )
        kept = {"origin": node.origin or stored.get("origin")}
        touch = self._options.mask is not None
        touch = touch or (self._options.touch and node.kind is Kind.EXECUTION)
        if node.kind is not Kind.CONTEXT:  # as in ML Metadata: only contexts can be renamed,
            kept["name"] = stored.get("name")  # but trying to counts as a change
            touch = touch or node.name != kept["name"]
        if self._options.unchanged:
            _check_unchanged(node, stored)
        if self._options.mask is not None:
            node = masked(node_from_row(node.kind, stored), node, self._options.mask)
        elif self._options.merge:
            node = merged(node_from_row(node.kind, stored), node)
        node = node.model_copy(update=kept)
        self._check(node, own_type)
        if self._options.restore:
            row = node_row(node, stored["id"], own_type, *_told_times(node))
            return None if same_row(row, stored) else row
        times = (stored.get(CREATED), stored.get(UPDATED))
        row = node_row(node, stored["id"], own_type, *times)
        if same_row(row, stored) and not touch:
            return None
        row[UPDATED] = max(self._now, stored.get(UPDATED, 0) + 1)
        return row

    def _check(self, node: Node, node_type: Type) -> None:
        if node.kind is Kind.CONTEXT and not node.name:
            raise InvalidArgument("A context needs a name.")
        check_properties(self._transaction, self._view, node, node_type)

    def _check_unique(self, kind: Kind, created: list[Row], updated: list[Row]) -> None:
        """Refuse names (within a type) and external ids that stand twice, here or in the store.

        The database's constraints hold the store to it. So only the run after one of them was broken
        looks names up, to say which is taken.
        """
        rows = [*created, *updated]
        for key, what in (("name_key", "name"), ("external_key", "external_id")):
            mine: dict[str, Row] = {}
            for row in rows:
                if key not in row:
                    continue
                if mine.setdefault(row[key], row) is not row:
                    raise _taken(kind, what, row)
            if not self._careful:
                continue
            for found, owner in self._lookup(kind, key, mine).items():
                if owner != mine[found]["id"]:
                    if self._reuses(kind, key) and mine[found] in created:
                        raise Overtaken  # it was not there when it was looked for
                    raise _taken(kind, what, mine[found], owner)

    def _reuses(self, kind: Kind, key: str) -> bool:
        if kind is Kind.CONTEXT:
            return self._options.reuse_contexts and key == "name_key"
        return kind is Kind.ARTIFACT and self._options.reuse_artifacts and key == "external_key"


def _overtaken() -> None:
    raise Overtaken


def _told_times(node: Node) -> tuple[int | None, int | None]:
    """Return when a copied node was created and updated; None where its source does not say.

    ML Metadata keeps 0 for a time that is not known. A node was last updated when it was created,
    unless its source says otherwise.
    """
    created = node.create_time_since_epoch or None
    return created, node.last_update_time_since_epoch or created


def _check_unchanged(node: Node, stored: Row) -> None:
    updated = stored.get(UPDATED, 0)
    if (node.last_update_time_since_epoch or 0) != updated:
        raise FailedPrecondition(
            f"{node.kind.value.capitalize()} {stored['id']} has changed since it was read: "
            f"its last_update_time_since_epoch is {updated}.",
            hint="Read it again, and put it with the time you read.",
        )


def _taken(kind: Kind, what: str, row: Row, owner: int | None = None) -> AlreadyExists:
    where = f"is that of {kind.value} {owner}" if owner is not None else "stands twice"
    named = "The name" if what == "name" else "The external id"
    of_type = f" of type {row['type']!r}" if what == "name" else ""
    return AlreadyExists(
        f"{named} {row[what]!r}{of_type} {where}.",
        hint="Put it with that id to update it, or choose another.",
    )


def resolve(nodes: tuple[Node, ...], ids: list[int]) -> dict[int, int]:
    """Return the stored id of every id the subgraph gives its nodes."""
    given = (node.id for node in nodes)
    return {local: stored for local, stored in zip(given, ids, strict=True) if local is not None}
