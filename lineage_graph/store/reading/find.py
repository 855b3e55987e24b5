"""Find: nodes by conditions, page by page.

Pages are keysets: a page begins behind the last node of the one before, so pages stay right while
others write. A token holds the position and the order it belongs to. ``strategies`` are the ways in
which a page is found.
"""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Iterable
from typing import Any, NamedTuple

from pydantic import StrictBool, StrictFloat, StrictStr, TypeAdapter

from lineage_graph.catalog.node_order import ORDERS, Order, order_of
from lineage_graph.catalog.node_query import NodeQuery
from lineage_graph.errors import InvalidArgument
from lineage_graph.filters import Filter, compile_filter
from lineage_graph.model import ArtifactState, ExecutionState, Kind, Node
from lineage_graph.model.values import Int64
from lineage_graph.store.reading.node_sets import ids_of
from lineage_graph.store.reading.strategies import STRATEGIES, TIMES, Asked, run_filtered
from lineage_graph.store.rows import Row, add_properties, node_from_row
from lineage_graph.store.session import Transaction
from lineage_graph.store.values import Find, Page

log = logging.getLogger(__name__)

_BATCH = 5000


class RowPage(NamedTuple):
    """What a ``Page`` holds, the nodes as the graph holds them."""

    rows: list[Row]
    total: int | None
    next: str | None


def find(transaction: Transaction, wanted: Find) -> Page:
    """Return one page of the nodes that meet every condition, and how many there are in all.

    Raises:
        InvalidArgument: the filter cannot be understood; the token is damaged or belongs to
            another order.
    """
    rows, count, further = find_rows(transaction, wanted)
    return Page(tuple(node_from_row(wanted.kind, row) for row in rows), count, further)


def find_rows(transaction: Transaction, wanted: Find) -> RowPage:
    """Return what ``find`` does, the nodes as the graph holds them."""
    asked = _asked(transaction, wanted)
    if wanted.after is not None:
        position, last_id = _decode(wanted.after, wanted)
        asked.order = _order_behind(asked.order, position)
        asked.values |= {"after": position, "after_id": last_id}
    asked.values["limit"] = wanted.limit + 1
    count = _counted(transaction, asked) if wanted.counted else None
    rows = _page(transaction, asked)
    more = len(rows) > wanted.limit
    rows = rows[: wanted.limit]
    further = _token(asked.order.position(rows[-1]), rows[-1]["id"], wanted) if more else None
    return RowPage(rows, count, further)


def _page(transaction: Transaction, asked: Asked) -> list[Row]:
    """Return the rows of the page, and one more where there are more, by the first strategy that can."""
    for strategy in STRATEGIES:
        rows = strategy.page(transaction, asked)
        if rows is not None:
            log.debug("find %ss by %s", asked.wanted.kind.value, type(strategy).__name__)
            return rows
    raise AssertionError("a scan always answers")


def total(transaction: Transaction, wanted: Find) -> int:
    """Return how many nodes meet every condition.

    Raises:
        InvalidArgument: the filter cannot be understood.
    """
    return _counted(transaction, _asked(transaction, wanted))


def _asked(transaction: Transaction, wanted: Find) -> Asked:
    conditions, values = _conditions(wanted)
    compiled: Filter | None = None
    if wanted.where:
        compiled = _compiled(transaction, wanted.kind, wanted.where, wanted.strict)
        values |= compiled.values
    query = NodeQuery(
        wanted.kind,
        tuple(conditions),
        () if compiled is None else compiled.joins,
        "" if compiled is None else compiled.condition,
        wanted.type,
        wanted.context is not None,
    )
    order = order_of(wanted.order_by, wanted.descending)
    values |= order.values
    return Asked(wanted, query, order, values, compiled)


def _counted(transaction: Transaction, asked: Asked) -> int:
    asked.look_up_candidates(transaction)
    if asked.candidates is None:
        return int(run_filtered(transaction, asked.query.count(), asked.values)[0]["total"])
    if not asked.candidates:
        return 0
    values = {**asked.values, "sought": asked.candidates}
    return int(run_filtered(transaction, asked.query.count_among_ids(), values)[0]["total"])


def matching(
    transaction: Transaction, kind: Kind, ids: Iterable[int], where: str, *, strict: bool = False
) -> set[int]:
    """Return which nodes of these ids meet a filter.

    Raises:
        InvalidArgument: the filter cannot be understood.
    """
    pending, found = list(ids), set[int]()
    query, values = NodeQuery(kind, ("ids",)), dict[str, Any]()
    if where:
        compiled = _compiled(transaction, kind, where, strict)
        query = NodeQuery(kind, ("ids",), compiled.joins, compiled.condition)
        values |= compiled.values
    text = query.ids()
    for start in range(0, len(pending), _BATCH):
        batch = {**values, "ids": pending[start : start + _BATCH]}
        found |= {record["id"] for record in run_filtered(transaction, text, batch)}
    return found


def _compiled(transaction: Transaction, kind: Kind, where: str, strict: bool) -> Filter:
    """Compile a filter, and find its sets."""
    compiled = compile_filter(kind, where, strict=strict)
    if not compiled.sets:
        return compiled
    found = {one.name: ids_of(transaction, kind, one, where) for one in compiled.sets}
    return compiled.with_sets(found)


def _conditions(wanted: Find) -> tuple[list[str], dict[str, Any]]:
    conditions: list[str] = []
    values: dict[str, Any] = {}

    def add(condition: str, name: str, value: Any) -> None:
        conditions.append(condition)
        values[name] = value

    if wanted.type is not None:
        add("type", "type", wanted.type)
    if wanted.type_id is not None:
        add("type_id", "type_id", wanted.type_id)
    if wanted.states:
        if wanted.kind is Kind.CONTEXT:
            raise InvalidArgument("Contexts have no state.", hint="Leave the states out.")
        known = "artifact_state" if wanted.kind is Kind.ARTIFACT else "execution_state"
        add(known, "states", [_state(wanted.kind, state) for state in wanted.states])
    if wanted.context is not None:
        values["context"] = wanted.context
    if wanted.text:
        add("text", "text", wanted.text.lower())
    for name in TIMES:
        if (moment := getattr(wanted, name)) is not None:
            add(name, name, moment)
    return conditions, values


def _state(kind: Kind, told: str) -> str:
    """Return a state as it is stored, in whichever case it was written."""
    known = [one.value for one in (ArtifactState if kind is Kind.ARTIFACT else ExecutionState)]
    if told.upper() not in known:
        raise InvalidArgument(
            f"{told[:60]!r} is no state of an {kind.value}.", hint=f"Known are {', '.join(known)}."
        )
    return told.upper()


def behind(last: Node, wanted: Find) -> str:
    """Return the token of the page behind a node, in the order that is wanted."""
    order = order_of(wanted.order_by, wanted.descending)
    return _token(order.position(_held(last)), last.id, wanted)


def sort_value(node: Node, order_by: str) -> Any:
    """Return the value at which a node stands in a list; of a property, None where it has none."""
    return order_of(order_by).position(_held(node))


def is_property(order_by: str) -> bool:
    """Say whether a list is ordered by a property, and not by a field."""
    return order_by not in ORDERS


def _held(node: Node) -> dict[str, Any]:
    """Return a node's fields and properties as the graph calls them."""
    held: Row = {field: getattr(node, field) for field in ORDERS.values()}
    add_properties(held, node)
    return held


def _token(position: Any, last_id: int | None, wanted: Find) -> str:
    token = json.dumps([wanted.order_by, wanted.descending, position, last_id])
    return base64.urlsafe_b64encode(token.encode()).decode().rstrip("=")


_TOKEN = TypeAdapter(tuple[StrictStr, StrictBool, Int64 | StrictFloat | StrictStr | None, Int64])


def _decode(token: str, wanted: Find) -> tuple[Any, int]:
    try:
        padded = token + "=" * (-len(token) % 4)
        text = base64.urlsafe_b64decode(padded)
        order_by, descending, position, last_id = _TOKEN.validate_json(text)
    except ValueError:  # of base64, of JSON, of a wrong kind
        raise _damaged() from None
    if order_by != wanted.order_by or descending != wanted.descending:
        raise InvalidArgument(
            f"The page token belongs to a list ordered by {order_by}.",
            hint="Begin again without one.",
        )
    return position, last_id


def _order_behind(order: Order, position: Any) -> Order:
    try:
        return order.after(position)
    except ValueError:
        raise _damaged() from None


def _damaged() -> InvalidArgument:
    return InvalidArgument("The page token is damaged.", hint="Begin again without one.")
