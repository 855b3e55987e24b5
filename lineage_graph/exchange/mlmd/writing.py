"""Writer of ML Metadata's SQLite files."""

from __future__ import annotations

import json
import math
import shutil
import sqlite3
import tempfile
from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, Any

from google.protobuf.any_pb2 import Any as AnyMessage

from lineage_graph.errors import DiskFull
from lineage_graph.exchange.mlmd.schema import VERSION, indexes, tables
from lineage_graph.exchange.writing import About
from lineage_graph.messages import contract
from lineage_graph.messages.values import write_value
from lineage_graph.model import (
    TYPE_CLASSES,
    Artifact,
    ArtifactState,
    BaseType,
    Event,
    EventType,
    Execution,
    ExecutionState,
    Kind,
    Node,
    PropertyKind,
    Proto,
    Subgraph,
    Type,
    Value,
)

_KINDS = {Kind.EXECUTION: 0, Kind.ARTIFACT: 1, Kind.CONTEXT: 2}
_PROPERTY_KINDS = {kind: number for number, kind in enumerate(PropertyKind, start=1)}
_EVENT_TYPES = {kind: number for number, kind in enumerate(EventType, start=1)}
_ARTIFACT_STATES = {state: number for number, state in enumerate(ArtifactState)}
_EXECUTION_STATES = {state: number for number, state in enumerate(ExecutionState)}
_OF_ARTIFACTS = (BaseType.DATASET, BaseType.MODEL, BaseType.METRICS, BaseType.STATISTICS)
_STRUCT = "mlmd-struct::"  # how ML Metadata marks a struct kept as text
_POISON = "__MLMD_NULL__"  # a text that makes its library fail on everything near it
_UNHELD = (
    "values that ML Metadata cannot hold (NaN, texts with a NUL or that it gives a meaning of its own,"
    " messages without a type)"
)
_CUT = "texts of fields that ML Metadata cannot hold (with a NUL)"
_ENDS = {
    "Event": (("artifact_id", "Artifact"), ("execution_id", "Execution")),
    "Attribution": (("artifact_id", "Artifact"), ("context_id", "Context")),
    "Association": (("execution_id", "Execution"), ("context_id", "Context")),
    "ParentContext": (("context_id", "Context"), ("parent_context_id", "Context")),
}


def write(batches: Iterable[Subgraph], stream: IO[bytes], about: About) -> Counter[str]:
    """Write an ML Metadata store: a SQLite file of schema version 10, which its own library opens.

    Ids are kept. It loses where a node came from (``origin``), what is the same, and column lineage;
    what ML Metadata cannot hold: NaN (in structs infinity too), texts that begin with ``mlmd-struct::``
    or are ``__MLMD_NULL__``, texts with a NUL, of which its library reads what stands before it, messages
    without a type, which make it fail on everything; external ids of types that another type has; and
    links to nodes that are not written. Numbers within structs are doubles, a time that is not known is 0.
    """
    with tempfile.TemporaryDirectory(prefix="lineage-graph-") as folder:
        path = Path(folder) / "mlmd.sqlite"
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            database = _Database(connection)
            for batch in batches:
                database.add(batch)
            database.finish()
        except sqlite3.OperationalError as error:
            if "full" not in str(error):
                raise
            raise DiskFull(
                f"There is no room for the file in {folder}.", hint="Set TMPDIR to a larger disk."
            ) from error
        finally:
            connection.close()
        with path.open("rb") as file:
            shutil.copyfileobj(file, stream, 1 << 20)
    return database.lost


class _Database:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self.lost: Counter[str] = Counter()
        self._connection = connection
        self._types: dict[tuple[Kind, str, str], int] = {}
        self._by_id: dict[tuple[Kind, int | None], int] = {}
        self._bases: list[tuple[int, BaseType]] = []
        self._events = 0
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        for statement in tables():
            connection.execute(statement)
        connection.execute("INSERT INTO MLMDEnv VALUES (?)", [VERSION])

    def add(self, batch: Subgraph) -> None:
        """Write what a batch holds."""
        for type_ in batch.types:
            self._add_type(type_)
        self._add_nodes("Artifact", batch.artifacts)
        self._add_nodes("Execution", batch.executions)
        self._add_nodes("Context", batch.contexts)
        self._add_events(batch.events)
        pairs: dict[str, list[Sequence[object]]] = {
            "Attribution": [(None, one.context_id, one.artifact_id) for one in batch.attributions],
            "Association": [(None, one.context_id, one.execution_id) for one in batch.associations],
            "ParentContext": [(one.child_id, one.parent_id) for one in batch.parent_contexts],
        }
        self._lose("links of the same thing seen by several tools", len(batch.same_as))
        self._lose("links between columns", len(batch.columns))
        for table, rows in pairs.items():
            self._insert(table, rows, "links that are there twice")

    def finish(self) -> None:
        """Write what is known only at the end: base types, what hangs in the air, indexes."""
        self._add_bases()
        for table, ends in _ENDS.items():
            hanging = " OR ".join(f"{column} NOT IN (SELECT id FROM {to})" for column, to in ends)
            done = self._connection.execute(f"DELETE FROM {table} WHERE {hanging}")
            self._lose("links to nodes that are not written", done.rowcount)
        self._connection.execute(
            "DELETE FROM EventPath WHERE event_id NOT IN (SELECT id FROM Event)"
        )
        for statement in indexes():
            self._connection.execute(statement)
        self._connection.execute("COMMIT")

    def _lose(self, reason: str, count: int = 1) -> None:
        if count:
            self.lost[reason] += count

    def _insert(self, table: str, rows: Sequence[Sequence[object]], twice: str) -> None:
        if rows:
            marks = ", ".join("?" * len(rows[0]))
            statement = f"INSERT OR IGNORE INTO {table} VALUES ({marks})"
            done = self._connection.executemany(statement, rows)
            self._lose(twice, len(rows) - done.rowcount)

    def _add_type(self, type_: Type) -> int:
        key = (type_.kind, type_.name, type_.version)
        if key in self._types:
            return self._types[key]
        row = (
            self._free(type_.id),
            self._named(type_.name),
            self._named(type_.version) or None,
            _KINDS[type_.kind],
            self._text(type_.description),
            self._text(getattr(type_, "input_type", None)),
            self._text(getattr(type_, "output_type", None)),
            self._type_external_id(type_),
        )
        done = self._connection.execute("INSERT INTO Type VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        given = self._types[key] = done.lastrowid or 0
        if type_.id is not None:
            self._by_id[type_.kind, type_.id] = given
        self._connection.executemany(
            "INSERT INTO TypeProperty VALUES (?, ?, ?)",
            [
                (given, name, _PROPERTY_KINDS[kind])
                for name, kind in type_.properties.items()
                if "\0" not in name
            ],
        )
        if type_.base_type is not None:
            self._bases.append((given, type_.base_type))
        return given

    def _type_external_id(self, type_: Type) -> str | None:
        """Return the external id of a type; None where another type, of whatever kind, has it."""
        wanted = self._text(type_.external_id)
        rows = self._connection.execute("SELECT 1 FROM Type WHERE external_id = ?", [wanted])
        if rows.fetchone() is None:
            return wanted
        self._lose("external ids of types that a type of another kind has")
        return None

    def _text(self, text: str | None) -> str | None:
        """Return a field's text; None, which is counted, where it would be cut or make their library fail."""
        if text is None or ("\0" not in text and text != _POISON):
            return text
        self._lose(_CUT)
        return None

    def _named(self, name: str) -> str:
        """Return a name that must be there, with another character where it would be cut."""
        if "\0" in name:
            self._lose(_CUT)
        return name.replace("\0", "\N{REPLACEMENT CHARACTER}")

    def _free(self, wanted: int | None) -> int | None:
        """Return the id a type wants, None where another has it."""
        rows = self._connection.execute("SELECT 1 FROM Type WHERE id = ?", [wanted])
        return None if wanted is None or wanted < 1 or rows.fetchall() else wanted

    def _add_bases(self) -> None:
        """Link types to their base types; ML Metadata's own are in every store of its."""
        for number, base in enumerate(BaseType, start=1):
            kind = Kind.ARTIFACT if base in _OF_ARTIFACTS else Kind.EXECUTION
            self._add_type(TYPE_CLASSES[kind](id=number, name=base.value))
            ids = [type_id for type_id, of in self._bases if of is base]
            self._connection.executemany(
                "INSERT INTO ParentType VALUES (?, ?)",
                [(type_id, self._types[kind, base.value, ""]) for type_id in ids],
            )

    def _add_nodes(self, table: str, nodes: Sequence[Node]) -> None:
        rows: list[Sequence[object]] = []
        properties: list[Sequence[object]] = []
        for node in nodes:
            rows.append(self._node(node))
            for custom, values in enumerate((node.properties, node.custom_properties)):
                for name, value in values.items():
                    stored = None if "\0" in name else _stored(value)
                    if stored is None:
                        self._lose(_UNHELD)
                    else:
                        properties.append((node.id, name, custom, *stored))
        self._insert(table, rows, "nodes whose id, name or external id another has")
        self._insert(f"{table}Property", properties, "properties of such nodes")

    def _node(self, node: Node) -> tuple[object, ...]:
        times = (node.create_time_since_epoch or 0, node.last_update_time_since_epoch or 0)
        name = self._text(node.name)
        if name is None and node.kind is Kind.CONTEXT:  # which must have one
            name = f"context {node.id}"
        same = (name, self._text(node.external_id), *times)
        type_id = self._type_of(node)
        if isinstance(node, Artifact):
            state = None if node.state is None else _ARTIFACT_STATES[node.state]
            return (node.id, type_id, self._text(node.uri) or "", state, *same)
        if isinstance(node, Execution):
            known = node.last_known_state
            return (node.id, type_id, None if known is None else _EXECUTION_STATES[known], *same)
        return (node.id, type_id, *same)

    def _type_of(self, node: Node) -> int:
        """Return the id of a node's type; one that was not told of is a type without properties."""
        if node.type is None and (node.kind, node.type_id) in self._by_id:
            return self._by_id[node.kind, node.type_id]
        name, version = node.type or node.kind.label, node.type_version or ""
        known = self._types.get((node.kind, name, version))
        if known is None:
            known = self._add_type(
                TYPE_CLASSES[node.kind](id=node.type_id, name=name, version=version)
            )
        return known

    def _add_events(self, events: Sequence[Event]) -> None:
        rows: list[Sequence[object]] = []
        paths: list[Sequence[object]] = []
        for event in events:
            self._events += 1
            kind = _EVENT_TYPES[event.type]
            if event.inferred_at is not None:
                self._lose("that a version was inferred to have been read, not told")
            ends = (event.artifact_id, event.execution_id)
            rows.append((self._events, *ends, kind, event.milliseconds_since_epoch or 0))
            path = event.path
            if any(isinstance(step, str) and "\0" in step for step in path):
                self._lose("paths of events that ML Metadata cannot hold (with a NUL)")
                path = ()
            for step in path:
                index, key = (step, None) if isinstance(step, int) else (None, step)
                paths.append((self._events, key is None, index, key))
        self._insert("Event", rows, "events of the same two and the same type")
        self._insert("EventPath", paths, "")


def _stored(value: Value) -> tuple[Any, ...] | None:
    """Return a value as the six value columns of a property's row; None where they cannot hold it."""
    if isinstance(value, bool):  # before int: a bool is an int in Python
        return (None, None, None, None, None, value)
    if isinstance(value, int):
        return (value, None, None, None, None, None)
    if isinstance(value, float):
        return None if math.isnan(value) else (None, value, None, None, None, None)
    if isinstance(value, str):
        special = value == _POISON or value.startswith(_STRUCT) or "\0" in value
        return None if special else (None, None, value, None, None, None)
    if isinstance(value, Proto):
        if not value.type_url or "\0" in value.type_url:
            return None
        content = AnyMessage(type_url=value.type_url, value=value.value).SerializeToString()
        return (None, None, None, None, b64encode(content).decode(), None)
    text = _struct(value)
    return None if text is None else (None, None, text, None, None, None)


def _struct(value: dict[str, Any]) -> str | None:
    held = contract.Value()
    try:
        json.dumps(value, allow_nan=False)
        write_value(value, held)
        content = held.struct_value.SerializeToString(deterministic=True)
    except (ValueError, OverflowError, RecursionError):
        return None
    return _STRUCT + b64encode(content).decode()
