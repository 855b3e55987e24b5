"""Strategies of finding a page of nodes: each says whether it can, and finds the page in its own way.

``STRATEGIES`` are tried in order; the first that answers has found the page. The last reads everything
and always answers.

- ``PropertyKeys``: few nodes can meet the filter, and an index of property keys leads to them; one statement.
- ``IdWindow``: nodes that meet the conditions are common, so the next ids fill the page.
- ``Candidates``: the nodes that can meet the filter were found by the index before, and are looked at.
- ``Scan``: every node is looked at.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Protocol

from neo4j.exceptions import Neo4jError

from lineage_graph.catalog.node_order import Order
from lineage_graph.catalog.node_query import NodeQuery, one_by_one
from lineage_graph.catalog.property_index_keys import Range
from lineage_graph.engines import translate
from lineage_graph.errors import InvalidArgument, OutOfMemory
from lineage_graph.filters import PREFIX, Filter
from lineage_graph.store.reading.index_candidates import MANY, candidates, first_of_few
from lineage_graph.store.rows import Row
from lineage_graph.store.session import Record, Transaction
from lineage_graph.store.values import Find

_BATCH = 5000
_NODES_A_HIT = (50, 500)
"""Widths of windows: a condition that fewer nodes meet costs this little more than reading all."""
_IDS_A_NODE = (1.25,)  # few ids are given and not used
_IDS_A_MEMBER = (4,)  # what is in a context mostly came together
_WIDEST = 5000
_MOST_NEGATIVE = -(2**63)
TIMES = ("created_after", "created_before", "updated_after", "updated_before")


@dataclass
class Asked:
    """A page that is asked for: the query, its order, and the values that are bound.

    ``candidates`` are the ids of all nodes that can meet the filter, where those are known.
    """

    wanted: Find
    query: NodeQuery
    order: Order
    values: dict[str, Any]
    filter: Filter | None = None
    candidates: list[int] | None = None

    @property
    def limit(self) -> int:
        """How many nodes are read: a page and one more, which tells whether there are more pages."""
        return int(self.values["limit"])

    @property
    def is_behind(self) -> bool:
        """Whether the page begins behind another one."""
        return "after_id" in self.values

    @property
    def is_led_by_index(self) -> bool:
        """Whether the filter names ids, an address or an external id, which have indexes of their own."""
        return self.filter is not None and self.filter.names_indexed

    def look_up_candidates(self, transaction: Transaction) -> None:
        """Find the nodes that can meet the filter, where an index leads there and they are not too many."""
        if self.candidates is None and self.filter is not None and not self.is_led_by_index:
            self.candidates = candidates(transaction, self.wanted.kind, self.filter, MANY)


class Strategy(Protocol):
    """One way of finding a page."""

    def page(self, transaction: Transaction, asked: Asked) -> list[Row] | None:
        """Return the rows of the page and one more where there are more; None where it cannot say."""


class PropertyKeys:
    """Few nodes can meet the filter: their keys and the page in one statement, without a look-up before."""

    def page(self, transaction: Transaction, asked: Asked) -> list[Row] | None:
        """Return the page where at most a few hundred nodes can meet the filter."""
        known, wanted = asked.filter, asked.wanted
        if (
            known is None
            or known.joins
            or wanted.counted
            or wanted.context is not None
            or wanted.order_by == "name"  # the order of texts is the engine's
            or known.compares_indexed
        ):
            return None

        def run(keys: Range, bounds: dict[str, Any]) -> list[Record]:
            text = asked.query.page_by_keys(keys, asked.order, behind=asked.is_behind)
            return run_filtered(transaction, text, {**asked.values, **bounds})

        try:
            rows = first_of_few(known, run)
        except OutOfMemory:  # they are large: others list them one by one
            return None
        if rows is None:
            return None
        return rows[: asked.limit] if asked.order.sort(rows) else None


class IdWindow:
    """What is common fills a page from few nodes, and nothing else finds it without reading all.

    A window that does not fill the page is widened once; where that does not, little is lost.
    """

    def page(self, transaction: Transaction, asked: Asked) -> list[Row] | None:
        """Return the page where the next ids fill it."""
        wanted, values, query = asked.wanted, asked.values, asked.query
        everything = not (query.conditions or query.where)
        if (
            wanted.order_by != "id"
            or asked.candidates is not None
            or (query.in_context and not asked.is_behind)
            or query.joins
            or asked.is_led_by_index
            or any(name in values for name in TIMES)
            # The end of the ids would have to be found first.
            or (everything and wanted.descending and not asked.is_behind)
        ):
            return None
        edge = self._edge(transaction, asked)
        # Without the type's label: its condition does the same, and ids have their index here.
        text = replace(query, type_name=None).page_in_window(asked.order)
        widths = _IDS_A_NODE if everything else _NODES_A_HIT
        for nodes_a_hit in _IDS_A_MEMBER if query.in_context else widths:
            width = min(int(nodes_a_hit * asked.limit), _WIDEST)
            low, high = (edge - width, edge) if wanted.descending else (edge, edge + width)
            if not _MOST_NEGATIVE < low <= high < -_MOST_NEGATIVE:
                return None
            rows = listed(transaction, text, {**values, "low": low, "high": high})
            if len(rows) >= asked.limit:
                return rows
            if width == _WIDEST:
                return None
        return None

    def _edge(self, transaction: Transaction, asked: Asked) -> int:
        """Return the first id that may be on the page."""
        if not asked.wanted.descending:
            return int(asked.values.get("after_id", 0)) + 1
        if asked.is_behind:
            return int(asked.values["after_id"]) - 1
        return transaction.value("last_id", kind=asked.wanted.kind) or 0


class Candidates:
    """The nodes that can meet the filter are known by the index: they are looked at, in order."""

    def page(self, transaction: Transaction, asked: Asked) -> list[Row] | None:
        """Return the page where the candidates are not too many."""
        asked.look_up_candidates(transaction)
        if asked.candidates is None:
            return None
        ids, values, descending = asked.candidates, asked.values, asked.order.descending
        in_order = asked.order.field == "id"
        if in_order:
            after = values.get("after_id")
            if after is not None:
                ids = [i for i in ids if (i < after if descending else i > after)]
            ids = sorted(ids, reverse=descending)
        text = asked.query.page_among_ids(asked.order, behind=asked.is_behind)
        rows: list[Row] = []
        # Most candidates meet the filter, but not all are in the context.
        size = asked.limit + 5 if in_order and not asked.query.in_context else len(ids)
        while ids and len(rows) < asked.limit:
            some, ids = ids[:size], ids[size:]
            rows += listed(transaction, text, {**values, "sought": some})
            size = _BATCH
        return rows[: asked.limit]


class Scan:
    """Every node of the kind, of the type, or of the context is looked at."""

    def page(self, transaction: Transaction, asked: Asked) -> list[Row] | None:
        """Return the page, always."""
        text = asked.query.page(asked.order, behind=asked.is_behind)
        return listed(transaction, text, asked.values)


STRATEGIES: tuple[Strategy, ...] = (PropertyKeys(), IdWindow(), Candidates(), Scan())


def listed(transaction: Transaction, text: str, values: dict[str, Any]) -> list[Row]:
    """Run a statement that lists nodes; one by one where they are too large to be held as one list."""
    try:
        records = run_filtered(transaction, text, values)
    except OutOfMemory:
        records = run_filtered(transaction, one_by_one(text), values)
    return [row for record in records for row in record["nodes"]]


def run_filtered(transaction: Transaction, text: str, values: dict[str, Any]) -> list[Record]:
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
