"""Find: nodes by conditions, page by page.

Pages are keysets: a page begins behind the last node of the one before, so pages stay right while
others write. A token holds the position and the order it belongs to.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

from neo4j.exceptions import Neo4jError
from pydantic import StrictBool, StrictStr, TypeAdapter

from lineage_graph.catalog.compose import find_nodes, one_by_one, seek_page, when_unknown
from lineage_graph.catalog.property_index_keys import Range
from lineage_graph.engines import translate
from lineage_graph.errors import InvalidArgument, OutOfMemory
from lineage_graph.filters import PREFIX, Filter, compile_filter
from lineage_graph.model import ArtifactState, ExecutionState, Kind, Node
from lineage_graph.model.values import Int64
from lineage_graph.store.reading.index_candidates import MANY, candidates, first_of_few
from lineage_graph.store.reading.node_sets import ids_of
from lineage_graph.store.rows import Row, node_from_row
from lineage_graph.store.session import Record, Transaction
from lineage_graph.store.values import Find, Page

ORDERS = {
    "id": "id",
    "create_time": "create_time_since_epoch",
    "update_time": "last_update_time_since_epoch",
    "name": "name",
}
_BATCH = 5000
_NODES_A_HIT = (
    50,
    500,
)  # a condition that fewer nodes meet costs this little more than reading all
_IDS_A_NODE = (1.25,)  # few ids are given and not used
_IDS_A_MEMBER = (4,)  # what is in a context mostly came together
_WIDEST = 5000
_MOST_NEGATIVE = -(2**63)
_SOUGHT = re.compile(r"\bn\.(id|uri_key|external_key)\b")  # an index leads to these
_NAMED_CONDITION = re.compile(_SOUGHT.pattern + " (=|IN) ")  # and here to a few nodes
_TIMES = ("created_after", "created_before", "updated_after", "updated_before")


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
        position = _decode(wanted.after, wanted)
        asked.values |= {"after": position[0], "after_id": position[1]}
    asked.values["limit"] = wanted.limit + 1
    count: int | None = None
    if wanted.counted:
        _narrow(transaction, asked, MANY)
        count = _counted(transaction, asked)
    rows = _of_few(transaction, asked)
    if rows is None:
        rows = _near(transaction, asked)
        if len(rows) <= wanted.limit:
            _narrow(transaction, asked, MANY)
            rows = _rows(transaction, asked)
    more = len(rows) > wanted.limit
    rows = rows[: wanted.limit]
    last = rows[-1] if more else {}
    further = _token(last.get(ORDERS[wanted.order_by]), last["id"], wanted) if more else None
    return RowPage(rows, count, further)


def total(transaction: Transaction, wanted: Find) -> int:
    """Return how many nodes meet every condition.

    Raises:
        InvalidArgument: the filter cannot be understood.
    """
    asked = _asked(transaction, wanted)
    _narrow(transaction, asked, MANY)
    return _counted(transaction, asked)


@dataclass
class _Asked:
    """What is wanted, as a statement says it: the conditions, their values, and its other parts.

    ``sought`` are the ids of all nodes that can meet them, where those are known.
    """

    wanted: Find
    conditions: list[str]
    values: dict[str, Any]
    parts: dict[str, Any]
    filter: Filter | None = None
    sought: list[int] | None = None


def _asked(transaction: Transaction, wanted: Find) -> _Asked:
    conditions, values = _conditions(wanted)
    parts: dict[str, Any] = {"type_name": wanted.type, "context": wanted.context is not None}
    if not wanted.where:
        return _Asked(wanted, conditions, values, parts)
    compiled = _compiled(transaction, wanted.kind, wanted.where, wanted.strict)
    parts |= _filtered(compiled, values)
    return _Asked(wanted, conditions, values, parts, compiled)


def _narrow(transaction: Transaction, asked: _Asked, most: int) -> None:
    """Find the nodes that can meet the filter, where an index leads there and they are not too many."""
    known = asked.filter
    if asked.sought is None and known is not None and not _SOUGHT.search(known.condition):
        asked.sought = candidates(transaction, asked.wanted.kind, known, most)


def _counted(transaction: Transaction, asked: _Asked) -> int:
    text = partial(find_nodes, asked.wanted.kind, asked.conditions, returns="total", **asked.parts)
    if asked.sought is None:
        return int(_run(transaction, text(), asked.values)[0]["total"])
    values = {**asked.values, "sought": asked.sought}
    return int(_run(transaction, text(sought=True), values)[0]["total"]) if asked.sought else 0


def _rows(transaction: Transaction, asked: _Asked) -> list[Row]:
    """Return the nodes of the page and one more, looking only at the candidates where they are known."""
    wanted, values = asked.wanted, asked.values
    text = find_nodes(
        wanted.kind,
        asked.conditions,
        order=ORDERS[wanted.order_by],
        descending=wanted.descending,
        behind="after_id" in values,
        sought=asked.sought is not None,
        **asked.parts,
    )
    if asked.sought is None:
        return _listed(transaction, text, values)
    ids = asked.sought
    in_order = wanted.order_by == "id"
    if in_order:
        after = values.get("after_id")
        if after is not None:
            ids = [i for i in ids if (i < after if wanted.descending else i > after)]
        ids = sorted(ids, reverse=wanted.descending)
    rows: list[Row] = []
    # Most candidates meet the filter, but not all are in the context.
    size = values["limit"] + 5 if in_order and wanted.context is None else len(ids)
    while ids and len(rows) < values["limit"]:
        some, ids = ids[:size], ids[size:]
        rows += _listed(transaction, text, {**values, "sought": some})
        size = _BATCH
    return rows[: values["limit"]]


def _of_few(transaction: Transaction, asked: _Asked) -> list[Row] | None:
    """Return the nodes of the page and one more where few can meet the filter; None where that is not known.

    It takes one round trip, where to look for the candidates first takes two.
    """
    wanted, values, known = asked.wanted, asked.values, asked.filter
    key = ORDERS[wanted.order_by]
    if (
        known is None
        or known.joins
        or wanted.counted
        or wanted.context is not None
        or wanted.order_by == "name"  # engines do not agree with Python on the order of texts
        or _NAMED_CONDITION.search(known.condition)
    ):
        return None

    def run(one: Range, bounds: dict[str, Any]) -> list[Record]:
        text = seek_page(
            wanted.kind,
            one,
            asked.conditions,
            where=known.condition,
            order=key,
            descending=wanted.descending,
            behind="after_id" in values,
        )
        return _run(transaction, text, {**values, **bounds})

    try:
        rows = first_of_few(known, run)
    except OutOfMemory:  # they are large: others list them one by one
        return None
    if rows is None:
        return None
    unknown = when_unknown(key, descending=wanted.descending)
    rows.sort(key=lambda row: (row.get(key, unknown), row["id"]), reverse=wanted.descending)
    return rows[: values["limit"]]


def _near(transaction: Transaction, asked: _Asked) -> list[Row]:
    """Return what meets the conditions among the next ids, where a look at those may be all it takes.

    What is common fills a page from few nodes, and nothing else finds it without reading all. A window
    that does not fill the page is widened once; where that does not, little is lost: the caller then
    reads all.
    """
    wanted, values, parts = asked.wanted, asked.values, asked.parts
    where = parts.get("where", "")
    if (
        wanted.order_by != "id"
        or asked.sought is not None
        or (wanted.context is not None and "after_id" not in values)
        or parts.get("joins")
        or _SOUGHT.search(where)
        or any(name in values for name in _TIMES)
    ):
        return []
    everything = not (asked.conditions or where)
    if everything and wanted.descending and "after_id" not in values:
        return []  # the end of the ids would have to be found first
    if wanted.descending:
        edge = values["after_id"] - 1 if "after_id" in values else _newest(transaction, wanted.kind)
    else:
        edge = values.get("after_id", 0) + 1
    text = find_nodes(
        wanted.kind,
        asked.conditions,
        descending=wanted.descending,
        within=True,
        **{**parts, "type_name": None},  # the type's condition does, and ids have their index here
    )
    rows: list[Row] = []
    widths = _IDS_A_NODE if everything else _NODES_A_HIT
    for nodes_a_hit in widths if wanted.context is None else _IDS_A_MEMBER:
        width = min(int(nodes_a_hit * values["limit"]), _WIDEST)
        low, high = (edge - width, edge) if wanted.descending else (edge, edge + width)
        if not _MOST_NEGATIVE < low <= high < -_MOST_NEGATIVE:
            return []
        rows = _listed(transaction, text, {**values, "low": low, "high": high})
        if len(rows) > wanted.limit or width == _WIDEST:
            break
    return rows


def _newest(transaction: Transaction, kind: Kind) -> int:
    return transaction.value("last_id", kind=kind) or 0


def matching(
    transaction: Transaction, kind: Kind, ids: Iterable[int], where: str, *, strict: bool = False
) -> set[int]:
    """Return which nodes of these ids meet a filter.

    Raises:
        InvalidArgument: the filter cannot be understood.
    """
    pending, found = list(ids), set[int]()
    values: dict[str, Any] = {}
    filtered = _filtered(_compiled(transaction, kind, where, strict), values) if where else {}
    text = find_nodes(kind, ["ids"], returns="ids", **filtered)
    for start in range(0, len(pending), _BATCH):
        batch = {**values, "ids": pending[start : start + _BATCH]}
        found |= {record["id"] for record in _run(transaction, text, batch)}
    return found


def _listed(transaction: Transaction, text: str, values: dict[str, Any]) -> list[Row]:
    """Run a statement that lists nodes; one by one where they are too large to be held as one list."""
    try:
        records = _run(transaction, text, values)
    except OutOfMemory:
        records = _run(transaction, one_by_one(text), values)
    return [row for record in records for row in record["nodes"]]


def _run(transaction: Transaction, text: str, values: dict[str, Any]) -> list[Record]:
    """Run a statement that holds a filter; what only the engine finds wrong is the filter's fault."""
    try:
        return transaction.run_text(text, values)
    except Neo4jError as error:
        ours = translate(error)
        if isinstance(ours, OutOfMemory):
            raise ours from error
        if type(ours) is not InvalidArgument:
            raise
        raise InvalidArgument(
            f"{PREFIX}it cannot be computed ({ours.message}).",
            hint="Numbers, and what is computed from them, must stay within 64 bits.",
        ) from error


def _compiled(transaction: Transaction, kind: Kind, where: str, strict: bool) -> Filter:
    """Compile a filter, and find its sets."""
    compiled = compile_filter(kind, where, strict=strict)
    if not compiled.sets:
        return compiled
    found = {one.name: ids_of(transaction, kind, one, where) for one in compiled.sets}
    return compiled.with_sets(found)


def _filtered(compiled: Filter, values: dict[str, Any]) -> dict[str, Any]:
    """Add a filter's values, return its part of the statement."""
    values |= compiled.values
    return {"joins": compiled.joins, "where": compiled.condition}


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
    for name in _TIMES:
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
    return _token(getattr(last, ORDERS[wanted.order_by]), last.id, wanted)


def _token(value: Any, last_id: int | None, wanted: Find) -> str:
    if value is None:
        value = when_unknown(ORDERS[wanted.order_by], descending=wanted.descending)
    token = json.dumps([wanted.order_by, wanted.descending, value, last_id])
    return base64.urlsafe_b64encode(token.encode()).decode().rstrip("=")


_TOKEN = TypeAdapter(tuple[StrictStr, StrictBool, Int64 | StrictStr, Int64])


def _decode(token: str, wanted: Find) -> tuple[Any, int]:
    damaged = InvalidArgument("The page token is damaged.", hint="Begin again without one.")
    try:
        padded = token + "=" * (-len(token) % 4)
        text = base64.urlsafe_b64decode(padded)
        order_by, descending, value, last_id = _TOKEN.validate_json(text)
    except ValueError:  # of base64, of JSON, of a wrong kind
        raise damaged from None
    if order_by != wanted.order_by or descending != wanted.descending:
        raise InvalidArgument(
            f"The page token belongs to a list ordered by {order_by}.",
            hint="Begin again without one.",
        )
    if isinstance(value, str) != (order_by == "name"):
        raise damaged
    return value, last_id
