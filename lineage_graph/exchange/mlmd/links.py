"""Events, attributions, associations and parent contexts of an ML Metadata file."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from lineage_graph.errors import TruncatedFile
from lineage_graph.exchange.circles import circling
from lineage_graph.exchange.sql import Database, Row
from lineage_graph.model import (
    Association,
    Attribution,
    Event,
    EventType,
    Kind,
    ParentContext,
    Subgraph,
)

_EVENT_TYPES = dict(enumerate(EventType, start=1))  # DECLARED_OUTPUT 1 … PENDING_OUTPUT 7
_TABLES = {Kind.ARTIFACT: "Artifact", Kind.EXECUTION: "Execution", Kind.CONTEXT: "Context"}
Problem = Callable[[str, str, str], None]
_Ends = tuple[tuple[str, Kind], tuple[str, Kind]]


def read_links(
    database: Database,
    last: Mapping[Kind, int],
    damaged: Mapping[Kind, set[int]],
    skipped: Counter[str],
    problem: Problem,
    batch: int,
) -> Iterator[Subgraph]:
    """Yield all links among nodes up to the last ids; those that name a missing node are counted.

    Nodes that are ``damaged`` are missing. A ``problem`` is told by its table, row and reason.
    """
    reader = _Reader(database, last, damaged, skipped, problem, batch)
    yield from reader.parents()
    yield from reader.events()
    for table, name, make, ends in (
        ("Attribution", "attributions", _attribution, _ATTRIBUTION),
        ("Association", "associations", _association, _ASSOCIATION),
    ):
        for rows in reader.pages(table, ["id", *(column for column, _ in ends)], ends):
            yield Subgraph.trusted(**{name: tuple(map(make, rows))})


class _Reader:
    def __init__(
        self,
        database: Database,
        last: Mapping[Kind, int],
        damaged: Mapping[Kind, set[int]],
        skipped: Counter[str],
        problem: Problem,
        batch: int,
    ) -> None:
        self._database = database
        self._last = last
        self._damaged = damaged
        self._problem = problem
        self._skipped = skipped
        self._batch = batch

    def pages(self, table: str, columns: list[str], ends: _Ends) -> Iterator[list[Row]]:
        """Yield a table's rows by id, without those that name a node that does not exist."""
        after = 0
        while True:
            where = "WHERE t.id > ? ORDER BY t.id LIMIT ?"
            rows = self._database.rows(table, columns, where, [after, self._batch])
            if not rows:
                return
            after = rows[-1]["id"]
            if (
                type(after) is not int
            ):  # a damaged text is not what it is read as: it would come again
                raise TruncatedFile(
                    f"{self._database.place} is damaged: an id of the table {table} is no number."
                )
            yield self._whole(table, rows, ends)

    def parents(self) -> Iterator[Subgraph]:
        """Yield the parent contexts; their table has no id, and a row for a context or two."""
        columns = [column for column, _ in _PARENTS]
        rows = self._whole("ParentContext", self._database.rows("ParentContext", columns), _PARENTS)
        circles = circling((row["context_id"], row["parent_context_id"]) for row in rows)
        for child, parent in sorted(circles):
            row = f"of context {child} in context {parent}"
            self._problem("ParentContext", row, "it would be its own ancestor")
        rows = [row for row in rows if (row["context_id"], row["parent_context_id"]) not in circles]
        for start in range(0, len(rows), self._batch):
            links = tuple(map(_parent, rows[start : start + self._batch]))
            yield Subgraph.trusted(parent_contexts=links)

    def events(self) -> Iterator[Subgraph]:
        """Yield the events with their paths."""
        columns = ["id", "artifact_id", "execution_id", "type", "milliseconds_since_epoch"]
        for rows in self.pages("Event", columns, _EVENT):
            if not rows:
                continue
            paths = self._paths(rows[0]["id"], rows[-1]["id"])
            events = []
            for row in rows:
                if row["type"] not in _EVENT_TYPES:
                    self._skipped["events of an unknown type"] += 1
                    continue
                try:
                    events.append(_event(row, tuple(paths.get(row["id"], ()))))
                except ValidationError as error:
                    self._problem("Event", str(row["id"]), error.errors()[0]["msg"])
            yield Subgraph.trusted(events=tuple(events))

    def _paths(self, low: int, high: int) -> dict[int, list[Any]]:
        paths: dict[int, list[Any]] = defaultdict(list)
        rows = self._database.rows(
            "EventPath",
            ["event_id", "is_index_step", "step_index", "step_key"],
            f"WHERE t.event_id BETWEEN ? AND ? {self._database.as_written}",
            [low, high],
        )
        for row in rows:
            step = row["step_index"] if row["is_index_step"] else row["step_key"]
            paths[row["event_id"]].append(step)
        return paths

    def _whole(self, table: str, rows: list[Row], ends: _Ends) -> list[Row]:
        for column, kind in ends:
            for row in rows:
                if type(row[column]) is not int:
                    self._problem(table, str(row.get("id", "")), f"{column} is no number")
            rows = [row for row in rows if type(row[column]) is int]
            wanted = sorted({row[column] for row in rows})
            there = self._existing(kind, wanted) - self._damaged[kind]
            for row in rows:
                if row[column] not in there and row[column] <= self._last[kind]:
                    self._skipped[f"rows of {table} that name a missing {kind.value}"] += 1
            rows = [row for row in rows if row[column] in there]
        return rows

    def _existing(self, kind: Kind, ids: list[int]) -> set[int]:
        found: set[int] = set()
        for start in range(0, len(ids), 500):  # SQLite's oldest limit on variables is 999
            part = ids[start : start + 500]
            marks = ",".join("?" * len(part))
            where = f"WHERE t.id IN ({marks}) AND t.id <= ?"
            rows = self._database.rows(_TABLES[kind], ["id"], where, [*part, self._last[kind]])
            found |= {row["id"] for row in rows}
        return found


_EVENT = (("artifact_id", Kind.ARTIFACT), ("execution_id", Kind.EXECUTION))
_ATTRIBUTION = (("artifact_id", Kind.ARTIFACT), ("context_id", Kind.CONTEXT))
_ASSOCIATION = (("execution_id", Kind.EXECUTION), ("context_id", Kind.CONTEXT))
_PARENTS = (("context_id", Kind.CONTEXT), ("parent_context_id", Kind.CONTEXT))


def _event(row: Row, path: tuple[Any, ...]) -> Event:
    return Event(
        artifact_id=row["artifact_id"],
        execution_id=row["execution_id"],
        type=_EVENT_TYPES[row["type"]],
        path=path,
        milliseconds_since_epoch=row["milliseconds_since_epoch"],
    )


def _attribution(row: Row) -> Attribution:
    return Attribution(artifact_id=row["artifact_id"], context_id=row["context_id"])


def _association(row: Row) -> Association:
    return Association(execution_id=row["execution_id"], context_id=row["context_id"])


def _parent(row: Row) -> ParentContext:
    return ParentContext(child_id=row["context_id"], parent_id=row["parent_context_id"])
