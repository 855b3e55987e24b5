"""An ML Metadata store as a stream of subgraphs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from lineage_graph.exchange.base import Source
from lineage_graph.exchange.mlmd.identity import First, identity
from lineage_graph.exchange.mlmd.links import read_links
from lineage_graph.exchange.mlmd.tables import check_schema
from lineage_graph.exchange.mlmd.values import VALUE_COLUMNS, value_of
from lineage_graph.exchange.sql import Row, open_database
from lineage_graph.model import (
    NODE_CLASSES,
    TYPE_CLASSES,
    ArtifactState,
    BaseType,
    ExecutionState,
    Kind,
    Node,
    PropertyKind,
    Subgraph,
    Type,
)

_BATCH = 2000
# Numbers of the enumerations are those of ML Metadata's metadata_store.proto.
_KINDS = {0: Kind.EXECUTION, 1: Kind.ARTIFACT, 2: Kind.CONTEXT}
_PROPERTY_KINDS = dict(
    enumerate(PropertyKind, start=1)
)  # INT 1, DOUBLE 2, STRING 3, STRUCT 4, PROTO 5, BOOLEAN 6
_ARTIFACT_STATES = dict(enumerate(ArtifactState))
_EXECUTION_STATES = dict(enumerate(ExecutionState))
_TABLES = {Kind.ARTIFACT: "Artifact", Kind.EXECUTION: "Execution", Kind.CONTEXT: "Context"}
_COMMON = (
    "id",
    "type_id",
    "name",
    "external_id",
    "create_time_since_epoch",
    "last_update_time_since_epoch",
)
_LINKS = ("Event", "Attribution", "Association", "ParentContext")


class MlmdSource(Source):
    """An ML Metadata store, read in batches so that memory stays flat.

    ``where`` is a SQLite file or the address of a MySQL or PostgreSQL database. It may be written
    meanwhile: what was not there when it was opened is left for the next time. ``source`` is made
    from the earliest node, so that a copy of a store, also in another database, is the same source.
    """

    format = "mlmd"
    total: int

    def __init__(self, where: Path | str) -> None:
        super().__init__()
        self._damaged: dict[Kind, set[int]] = {kind: set() for kind in Kind}
        self._types_told: dict[Kind, set[int]] = {kind: set() for kind in Kind}
        self._database = open_database(where)
        try:
            self.version = check_schema(self._database)
            self._last = {
                kind: self._count(f"coalesce(max(id), 0) FROM {_TABLES[kind]}") for kind in Kind
            }
            self.total = sum(map(self._database.count, (*_TABLES.values(), *_LINKS)))
            self.source = self._fingerprint()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def batches(self) -> Iterator[Subgraph]:
        """Yield types, then contexts, artifacts and executions by id, then links."""
        yield self._types()
        for kind in (Kind.CONTEXT, Kind.ARTIFACT, Kind.EXECUTION):
            for rows in self._pages(kind):
                yield Subgraph.trusted(**{f"{kind.value}s": self._nodes(kind, rows)})
        yield from read_links(
            self._database, self._last, self._damaged, self.skipped, self._told, _BATCH
        )

    def _count(self, what: str) -> int:
        return self._database.whole(f"SELECT {what}")

    def _fingerprint(self) -> str:
        found: list[First] = []
        for kind in Kind:
            columns = (*_COMMON, "uri") if kind is Kind.ARTIFACT else _COMMON
            order = "ORDER BY create_time_since_epoch, t.id LIMIT 1"
            for row in self._database.rows(_TABLES[kind], columns, order):
                told = row["create_time_since_epoch"]
                moment = told if isinstance(told, int) else 0
                types = self._database.rows("Type", ["name"], "WHERE t.id = ?", [row["type_id"]])
                name = types[0]["name"] if types else None
                found.append((moment, kind, row["id"], name, row["name"], row.get("uri")))
        return identity(found)

    def _types(self) -> Subgraph:
        properties: dict[int, dict[str, PropertyKind]] = defaultdict(dict)
        for row in self._database.rows("TypeProperty", ["type_id", "name", "data_type"]):
            if row["data_type"] in _PROPERTY_KINDS:
                properties[row["type_id"]][row["name"]] = _PROPERTY_KINDS[row["data_type"]]
            else:
                self.skipped["properties of an unknown kind"] += 1
        columns = ["id", "name", "version", "type_kind", "description", "external_id"]
        columns += ["input_type", "output_type"]
        rows = self._database.rows("Type", columns, "ORDER BY t.id")
        names = {row["id"]: row["name"] for row in rows}
        bases = self._bases(names)
        found: dict[Kind, list[Type]] = {kind: [] for kind in Kind}
        for row in rows:
            kind = _KINDS.get(row["type_kind"])
            if kind is None:
                self.skipped["types of an unknown kind"] += 1
                continue
            type_ = self._type(kind, row, properties[row["id"]], bases.get(row["id"]))
            if type_ is not None:
                found[kind].append(type_)
                self._types_told[kind].add(row["id"])
        return Subgraph.trusted(
            **{f"{kind.value}_types": tuple(types) for kind, types in found.items()}
        )

    def _bases(self, names: dict[int, str]) -> dict[int, BaseType]:
        bases = {}
        for row in self._database.rows("ParentType", ["type_id", "parent_type_id"]):
            name = names.get(row["parent_type_id"])
            if name in {base.value for base in BaseType}:
                bases[row["type_id"]] = BaseType(name)
            else:
                self.skipped["base types that are not ML Metadata's own"] += 1
        return bases

    def _type(
        self, kind: Kind, row: Row, properties: dict[str, PropertyKind], base: BaseType | None
    ) -> Type | None:
        fields: dict[str, Any] = {
            "id": row["id"],
            "name": row["name"],
            "version": row["version"] or "",
            "description": row["description"],
            "external_id": row["external_id"],
            "properties": properties,
            "base_type": base,
        }
        if kind is Kind.EXECUTION:
            fields |= {"input_type": row["input_type"], "output_type": row["output_type"]}
        try:
            return TYPE_CLASSES[kind](**fields)
        except ValidationError as error:
            self._told("Type", str(row["id"]), _reason(error))
            return None

    def _pages(self, kind: Kind) -> Iterator[list[Row]]:
        columns = list(_COMMON)
        columns += {Kind.ARTIFACT: ["uri", "state"], Kind.EXECUTION: ["last_known_state"]}.get(
            kind, []
        )
        after = 0
        while True:
            where = "WHERE t.id > ? AND t.id <= ? ORDER BY t.id LIMIT ?"
            rows = self._database.rows(
                _TABLES[kind], columns, where, [after, self._last[kind], _BATCH]
            )
            if not rows:
                return
            after = rows[-1]["id"]
            yield rows

    def _nodes(self, kind: Kind, rows: list[Row]) -> tuple[Node, ...]:
        properties = self._properties(kind, rows[0]["id"], rows[-1]["id"])
        nodes = (self._node(kind, row, properties[row["id"]]) for row in rows)
        return tuple(node for node in nodes if node is not None)

    def _properties(self, kind: Kind, low: int, high: int) -> dict[int, Row]:
        owner = f"{kind.value}_id"
        found: dict[int, Row] = defaultdict(lambda: {"properties": {}, "custom_properties": {}})
        rows = self._database.rows(
            f"{_TABLES[kind]}Property",
            [owner, "name", "is_custom_property", *VALUE_COLUMNS],
            f"WHERE t.{owner} BETWEEN ? AND ?",
            [low, high],
        )
        for row in rows:
            try:
                value = value_of(row)
            except ValueError as error:
                self._told(f"{_TABLES[kind]}Property", f"of {kind.value} {row[owner]}", str(error))
                continue
            if value is None:
                self.skipped["properties whose value the file's schema version cannot hold"] += 1
                continue
            where = "custom_properties" if row["is_custom_property"] else "properties"
            found[row[owner]][where][row["name"]] = value
        return found

    def _node(self, kind: Kind, row: Row, properties: Row) -> Node | None:
        try:
            if row["type_id"] in self._types_told[kind]:
                return NODE_CLASSES[kind](**_fields(kind, row), **properties)
            reason = f"its type {str(row['type_id'])[:20]} is not there"
        except ValidationError as error:
            reason = _reason(error)
        self._damaged[kind].add(row["id"])
        self._told(_TABLES[kind], str(row["id"]), reason)
        return None

    def _told(self, table: str, row: str, reason: str) -> None:
        self.problem(f"{self._database.place}: row {row} of the table {table}", reason)


def _reason(error: ValidationError) -> str:
    problem = error.errors()[0]
    return f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}"


def _fields(kind: Kind, row: Row) -> Row:
    fields = {name: row[name] for name in _COMMON}
    if kind is Kind.ARTIFACT:
        fields["uri"] = row["uri"] or ""
        if row["state"] is not None:
            fields["state"] = _ARTIFACT_STATES.get(row["state"], ArtifactState.UNKNOWN)
    elif kind is Kind.EXECUTION and row["last_known_state"] is not None:
        fields["last_known_state"] = _EXECUTION_STATES.get(
            row["last_known_state"], ExecutionState.UNKNOWN
        )
    return fields
