"""Types in the store: get or create, evolve, and what a put knows of them."""

from __future__ import annotations

import threading

from lineage_graph.errors import AlreadyExists, InvalidArgument, NotFound, Unsupported
from lineage_graph.model import Kind, Node, Type, kind_of
from lineage_graph.model.values import SYSTEM_TYPES
from lineage_graph.store.rows import type_from_row, type_row
from lineage_graph.store.session import Transaction
from lineage_graph.store.values import PutOptions
from lineage_graph.store.writing.ids import TakenIds


class TypeView:
    """The types as one transaction sees them: what is cached, read again where that is not enough."""

    def __init__(self, known: dict[Kind, dict[int, Type]]) -> None:
        self.known = {kind: dict(known.get(kind, {})) for kind in Kind}
        self._fresh: set[Kind] = set()

    def refresh(self, transaction: Transaction, kind: Kind) -> bool:
        """Read the types of a kind, once per transaction; say whether it was read now."""
        if kind in self._fresh:
            return False
        records = transaction.run("types", kind=kind)
        types = (type_from_row(kind, record["type"]) for record in records)
        self.known[kind] = {found.id: found for found in types if found.id is not None}
        self._fresh.add(kind)
        return True

    def by_id(self, transaction: Transaction, kind: Kind, type_id: int) -> Type | None:
        """Return the type of this id, or None."""
        if type_id not in self.known[kind]:
            self.refresh(transaction, kind)
        return self.known[kind].get(type_id)

    def by_name(self, transaction: Transaction, kind: Kind, name: str, version: str) -> Type | None:
        """Return the type of this name and version, or None."""
        found = self.named(kind, name, version)
        if found is None and self.refresh(transaction, kind):
            found = self.named(kind, name, version)
        return found

    def named(self, kind: Kind, name: str, version: str) -> Type | None:
        """Return the type of this name and version as far as it is known without reading."""
        types = self.known[kind].values()
        return next((t for t in types if t.name == name and t.version == version), None)


class TypeCache:
    """The types the store has seen committed; shared by threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[Kind, dict[int, Type]] = {}

    def view(self) -> TypeView:
        """Return a view for one transaction."""
        with self._lock:
            return TypeView(self._known)

    def keep(self, view: TypeView) -> None:
        """Remember what a committed transaction saw."""
        with self._lock:
            self._known = view.known


def put_type(
    transaction: Transaction, view: TypeView, wanted: Type, options: PutOptions, ids: TakenIds
) -> tuple[Type, bool]:
    """Get or create a type, or add fields to it; return it as stored, and whether it is new.

    Raises:
        AlreadyExists: the stored type differs in a way the options do not allow, or the external
            id is taken.
        InvalidArgument: ``base_type`` is not a system type of this kind.
        Unsupported: another ``base_type`` than the stored one.
    """
    kind = wanted.kind
    known = view.named(kind, wanted.name, wanted.version)
    # Types only grow: what one knew of it holds, and where it says enough, nothing need be read.
    if known is not None and options.restore and _evolve(known, wanted, options) == known:
        return known, False
    view.refresh(transaction, kind)
    stored = view.by_name(transaction, kind, wanted.name, wanted.version)
    if stored is not None:
        evolved = _evolve(stored, wanted, options)
        if evolved != stored:
            _check_external_id(view, evolved)
            row = type_row(evolved, evolved.id or 0)
            transaction.run("update_type", {"rows": [row]}, kind=kind)
            _link_base(transaction, evolved)
        view.known[kind][evolved.id or 0] = evolved
        return evolved, False
    _check_base(wanted)
    _check_external_id(view, wanted)
    own_id = _own_id(transaction, wanted, options, ids) or ids.take("type", 1).start
    created = wanted.model_copy(update={"id": own_id})
    row = type_row(created, created.id or 0)
    transaction.run("create_type", {"rows": [row]}, kind=kind)
    _link_base(transaction, created)
    view.known[kind][created.id or 0] = created
    return created, True


def _own_id(
    transaction: Transaction, wanted: Type, options: PutOptions, ids: TakenIds
) -> int | None:
    """Return the id a type brings from another store, where that is free here."""
    if not options.restore or wanted.id is None or wanted.id <= 0:
        return None
    if transaction.run("types_by_id", {"ids": [wanted.id]}):
        return None
    ids.skip("type", wanted.id)
    return wanted.id


def _evolve(stored: Type, wanted: Type, options: PutOptions) -> Type:
    what = f"The {stored.kind.value} type {stored.name!r}"
    for name, kind in wanted.properties.items():
        if stored.properties.get(name, kind) is not kind:
            raise AlreadyExists(
                f"{what} declares {name!r} as {stored.properties[name].value}, not {kind.value}.",
                hint="A declared property keeps its kind; choose another name or a new version.",
            )
    added = [name for name in wanted.properties if name not in stored.properties]
    if added and not (options.add_fields or options.restore):
        raise AlreadyExists(
            f"{what} exists without {', '.join(map(repr, added))}.",
            hint="Allow it to add fields (add_fields, can_add_fields).",
        )
    omitted = [name for name in stored.properties if name not in wanted.properties]
    if omitted and not (options.omit_fields or options.restore):
        raise AlreadyExists(
            f"{what} exists with {', '.join(map(repr, omitted))} as well.",
            hint="Allow it to omit fields (omit_fields, can_omit_fields).",
        )
    if wanted.base_type is not None and stored.base_type not in (None, wanted.base_type):
        raise Unsupported(f"{what} has another base type, which cannot be changed.")
    changes: dict[str, object] = {"properties": {**stored.properties, **wanted.properties}}
    if wanted.base_type is not None:
        _check_base(wanted)
        changes["base_type"] = wanted.base_type
    if wanted.external_id is not None:
        changes["external_id"] = wanted.external_id
    return stored.model_copy(update=changes)


def _check_external_id(view: TypeView, wanted: Type) -> None:
    if wanted.external_id is None:
        return
    for other in view.known[wanted.kind].values():
        if other.external_id == wanted.external_id and other.id != wanted.id:
            raise AlreadyExists(
                f"The external id {wanted.external_id!r} belongs to the type {other.name!r}."
            )


def _check_base(wanted: Type) -> None:
    if wanted.base_type is not None and (wanted.kind, wanted.base_type) not in SYSTEM_TYPES:
        raise InvalidArgument(
            f"{wanted.base_type.value} is not a base type of {wanted.kind.value} types."
        )


def _link_base(transaction: Transaction, stored: Type) -> None:
    if stored.base_type is not None:
        values = {"type": stored.id, "base": stored.base_type.value}
        transaction.run("link_base_type", values, kind=stored.kind)


def type_of(
    transaction: Transaction, view: TypeView, node: Node, local: dict[tuple[Kind, int], Type]
) -> Type | None:
    """Return the type a node names by id or by name; None where it names none.

    Raises:
        NotFound: there is no such type of the node's kind.
        InvalidArgument: id and name contradict each other.
    """
    if node.type_id is not None:
        found = local.get((node.kind, node.type_id)) or view.by_id(
            transaction, node.kind, node.type_id
        )
        if found is None:
            raise NotFound(f"There is no {node.kind.value} type with the id {node.type_id}.")
        return found
    if node.type is None:
        return None
    version = node.type_version or ""
    found = view.by_name(transaction, node.kind, node.type, version)
    if found is None:
        named = f"{node.type!r}" + (f" of version {version!r}" if version else "")
        raise NotFound(
            f"There is no {node.kind.value} type {named}.",
            hint="Put the type first, or in the same subgraph.",
        )
    return found


def check_properties(transaction: Transaction, view: TypeView, node: Node, node_type: Type) -> None:
    """Check a node's declared properties against its type.

    Raises:
        InvalidArgument: a property the type does not declare, or of another kind than declared.
    """
    declared = node_type.properties
    if not node.properties.keys() <= declared.keys() and view.refresh(transaction, node.kind):
        declared = view.known[node.kind].get(node_type.id or 0, node_type).properties
    for name, value in node.properties.items():
        if name not in declared:
            raise InvalidArgument(
                f"Found unknown property: {name} of {node.kind.value} type {node_type.name!r}.",
                hint="Declare it in the type, or make it a custom property.",
            )
        if declared[name] is not kind_of(value):
            raise InvalidArgument(
                f"Found unmatched property type: {name} of {node_type.name!r} is "
                f"{declared[name].value}, not {kind_of(value).value}.",
            )
