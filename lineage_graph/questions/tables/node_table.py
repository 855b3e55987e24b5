"""Artifacts and executions as tables."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, cast

from lineage_graph.errors import InvalidArgument
from lineage_graph.model import Artifact, Execution, Kind, Node
from lineage_graph.model.labels import length_of
from lineage_graph.questions.bookkeeping import is_bookkeeping
from lineage_graph.questions.tables.opened import opened
from lineage_graph.questions.tables.table import Table
from lineage_graph.store import Find, Store

MAX_ROWS = 100_000
"""Rows of a table at most."""
_PAGE = 1000  # nodes read at a time
_FIRST = {
    Kind.ARTIFACT: ("id", "type", "name", "state", "uri", "created"),
    Kind.EXECUTION: ("id", "type", "name", "state", "started", "duration"),
}


def artifacts(
    *,
    type: str | None = None,
    where: str = "",
    order_by: str = "id",
    descending: bool = True,
    limit: int = 100,
    store: Store | None = None,
) -> Table[Artifact]:
    """Return artifacts as a table, the newest first: ``lg.artifacts(type="Model", order_by="accuracy")``.

    ``where`` is a filter (``accuracy > 0.9 AND upstream_of(42)``). ``order_by`` is ``id``,
    ``create_time``, ``update_time``, ``name`` or a property. ``store`` is that of the settings unless
    given.

    Raises:
        InvalidArgument: the filter cannot be understood, or the limit is out of range.
    """
    wanted = _wanted(Kind.ARTIFACT, type, where, order_by, descending, limit)
    return cast("Table[Artifact]", _table(wanted, limit, store))


def executions(
    *,
    type: str | None = None,
    where: str = "",
    order_by: str = "id",
    descending: bool = True,
    limit: int = 100,
    store: Store | None = None,
) -> Table[Execution]:
    """Return executions, which are steps that ran, as a table; as ``artifacts`` does.

    Raises:
        InvalidArgument: the filter cannot be understood, or the limit is out of range.
    """
    wanted = _wanted(Kind.EXECUTION, type, where, order_by, descending, limit)
    return cast("Table[Execution]", _table(wanted, limit, store))


def _wanted(
    kind: Kind, type: str | None, where: str, order_by: str, descending: bool, limit: int
) -> Find:
    checked_limit(limit)
    return Find(
        kind=kind,
        type=type,
        where=where,
        order_by=order_by,
        descending=descending,
        limit=min(limit, _PAGE),
    )


def checked_limit(limit: int) -> None:
    """Refuse a number of rows that is none.

    Raises:
        InvalidArgument: it is out of range.
    """
    if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit <= MAX_ROWS:
        raise InvalidArgument(f"limit is from 1 to {MAX_ROWS:,}; {limit!r:.60} was given.")


def _table(wanted: Find, limit: int, store: Store | None) -> Table[Node]:
    with opened(store) as own:
        page = own.find(wanted)
        found, total = list(page.nodes), page.total or 0
        while page.next is not None and len(found) < limit:
            further = {"after": page.next, "counted": False}
            page = own.find(wanted.model_copy(update=further))
            found += page.nodes
    what = f"{wanted.kind.value}s"
    rows = found[:limit]
    return Table(what, rows, max(total, len(rows)), _cells, _FIRST[wanted.kind])


def _cells(node: Node) -> Mapping[str, Any]:
    """Return a node's fields and properties by name; a property that is called as a field has its group's name before."""
    fields: dict[str, Any] = {"id": node.id, "type": node.type, "name": node.name}
    fields["state"] = node.state_word
    if isinstance(node, Artifact):
        fields |= {"uri": node.uri or None, "created": moment_of(node.create_time_since_epoch)}
    else:
        fields |= {"started": moment_of(node.create_time_since_epoch)}
        fields |= {"duration": span_of(length_of(node))}
    for group in ("properties", "custom_properties"):
        for name, value in getattr(node, group).items():
            if not is_bookkeeping(name, value):
                fields[f"{group}.{name}" if name in fields else name] = value
    return fields


def moment_of(milliseconds: int | None) -> datetime | None:
    """Return a time of the store, in UTC; None where it is not known, or no calendar has it."""
    try:
        return (
            datetime.fromtimestamp((milliseconds or 0) / 1000, timezone.utc)
            if milliseconds
            else None
        )
    except (OverflowError, OSError, ValueError):
        return None


def span_of(milliseconds: int | None) -> timedelta | None:
    """Return a length of time; None where it is not known, or too long."""
    try:
        return None if milliseconds is None else timedelta(milliseconds=milliseconds)
    except OverflowError:
        return None
