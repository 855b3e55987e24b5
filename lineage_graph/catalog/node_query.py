"""Statements that count and list nodes under conditions: what is asked for, and the ways to find it.

Names come from closed lists, values are bound. ``NodeQuery`` says what is asked for; each of its methods
is one statement. Their texts differ in where the engine begins: everywhere, in a window of ids, at ids
that are known, or at the keys of an index.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lineage_graph.catalog.compose import fill
from lineage_graph.catalog.node_order import Order
from lineage_graph.catalog.property_index_keys import MORE, Range
from lineage_graph.model import Kind

_CONDITIONS = {
    "type": "n.type = $type",  # behind the type's label, which finds the nodes
    "type_id": "n.type_id = $type_id",
    "ids": "n.id IN $ids",
    "artifact_state": "coalesce(n.state, 'UNKNOWN') IN $states",
    "execution_state": "coalesce(n.last_known_state, 'UNKNOWN') IN $states",
    "text": (
        "(toLower(coalesce(n.name, '')) CONTAINS $text OR toLower(n.type) CONTAINS $text"
        " OR toLower(coalesce(n.uri, '')) CONTAINS $text)"
    ),
    "created_after": "n.create_time_since_epoch >= $created_after",
    "created_before": "n.create_time_since_epoch < $created_before",
    "updated_after": "n.last_update_time_since_epoch >= $updated_after",
    "updated_before": "n.last_update_time_since_epoch < $updated_before",
}
_MEMBERS = {
    Kind.ARTIFACT: "ATTRIBUTED_TO",
    Kind.EXECUTION: "ASSOCIATED_WITH",
    Kind.CONTEXT: "CHILD_OF",
}
_AS_ONE_LIST, _ONE_BY_ONE = (
    "RETURN collect(properties(n)) AS nodes",
    "RETURN [properties(n)] AS nodes",
)


@dataclass(frozen=True)
class NodeQuery:
    """Which nodes are asked for.

    ``conditions`` are names of this module's list; ``joins`` and ``where`` come from a compiled filter.
    ``in_context``: only what belongs to ``$context``. Lists hold nodes as ``nodes``, one or many a record.
    """

    kind: Kind
    conditions: tuple[str, ...] = ()
    joins: tuple[str, ...] = ()
    where: str = ""
    type_name: str | None = None
    in_context: bool = False

    def count(self) -> str:
        """Return the statement that counts them."""
        return f"{self._matched()}{self._total}"

    def count_among_ids(self) -> str:
        """Return the statement that counts those among the ids ``$sought``."""
        return f"{self._among_ids()}{self._total}"

    def ids(self) -> str:
        """Return the statement that lists their ids."""
        return f"{self._matched()}RETURN DISTINCT n.id AS id"

    def summary(self) -> str:
        """Return the statement that lists id, type and name, for people."""
        kind = self.kind.value
        return (
            f"{self._matched()}RETURN DISTINCT n.id AS {kind}, n.type AS type, n.name AS name\n"
            f"ORDER BY {kind}"
        )

    def page(self, order: Order, *, behind: bool = False) -> str:
        """Return the statement that lists a page, wherever the engine begins."""
        checks = self._checks(order if behind else None)
        is_all = not (checks or self.joins or self.type_name or self.in_context)
        if order.field == "id" and is_all:
            checks.append("n.id > 0")  # always true, but makes Neo4j use the index
        head = self._matched(checks)
        if self.in_context or order.field != "id":
            return self._sorted_first(head, order)
        once = "WITH DISTINCT n\n" if self.joins else ""
        return f"{head}{once}{_ONE_BY_ONE}\n{_ending(order)}"

    def page_in_window(self, order: Order) -> str:
        """Return the statement that lists those whose id is from ``$low`` to ``$high``."""
        checks = self._checks(None)
        if self.in_context:
            checks.insert(0, self._is_member)
        # The range for itself: the embedded engine would otherwise take any = before it.
        where = "\nWHERE n.id >= $low AND n.id <= $high\nWITH n" + _where(checks)
        return self._sorted_first(f"{self._title}{self._matches(self._pattern)}{where}\n", order)

    def page_among_ids(self, order: Order, *, behind: bool = False) -> str:
        """Return the statement that lists those among the ids ``$sought``."""
        return self._sorted_first(self._among_ids(order if behind else None), order)

    def page_by_keys(self, keys: Range, order: Order, *, behind: bool = False) -> str:
        """Return the statement that lists those with a key in a range of an index.

        It answers how many may be asked for, and the first ``$limit`` that are, once for each index; no
        nodes where there are ``$most_nodes``, for then those may not be the first.
        """
        checks = " AND ".join(self._checks(order if behind else None))
        return _by_keys(
            self.kind,
            keys,
            f"WITH n ORDER BY {order.keys}\n"
            "WITH collect(n) AS found\n"
            "RETURN size(found) AS count, CASE WHEN size(found) < $most_nodes THEN\n"
            f"  [one IN [n IN found WHERE {checks}][..$limit] | properties(one)]\n"
            "ELSE [] END AS nodes",
        )

    @property
    def _total(self) -> str:
        return f"RETURN count({'DISTINCT ' if self.joins else ''}n) AS total"

    @property
    def _title(self) -> str:
        return f"// find/{self.kind.value}s"

    @property
    def _label(self) -> str:
        return "" if self.type_name is None else fill(":<label>", label=self.type_name)

    @property
    def _pattern(self) -> str:
        return f"(n:{self.kind.label}{self._label})"

    @property
    def _is_member(self) -> str:
        # The embedded engine takes ten times as long for a MATCH behind nodes that are bound.
        return f"$context IN [(n)-[:{_MEMBERS[self.kind]}]->(c) | c.id]"

    def _matches(self, pattern: str) -> str:
        return "".join(f"\nMATCH {one}" for one in (pattern, *self.joins))

    def _checks(self, behind: Order | None) -> list[str]:
        checks = [_CONDITIONS[name] for name in self.conditions]
        if behind is not None:
            checks.append(behind.behind)
        if self.where:
            checks.append(f"({self.where})")
        return checks

    def _matched(self, checks: Sequence[str] | None = None) -> str:
        pattern = self._pattern
        if self.in_context:  # the embedded engine begins to count where the pattern begins
            pattern = f"(:Context {{id: $context}})<-[:{_MEMBERS[self.kind]}]-{pattern}"
        where = _where(self._checks(None) if checks is None else checks)
        return f"{self._title}{self._matches(pattern)}{where}\n"

    def _among_ids(self, behind: Order | None = None) -> str:
        checks = self._checks(behind)
        if self.in_context:
            checks.insert(0, self._is_member)
        pattern = f"(n:{self.kind.label}{self._label} {{id: one}})"
        matches = self._matches(pattern)
        return f"{self._title}\nUNWIND $sought AS one{matches}{_where(checks)}\n"

    def _sorted_first(self, head: str, order: Order) -> str:
        """Sort before properties are read: the embedded engine would hold those of all nodes.

        In one list: a record costs the client as much as a node. Where an index has the order, neither
        is good.
        """
        once = "DISTINCT " if self.joins else ""  # a node is found once for each of its neighbours
        return f"{head}WITH {once}n\n{_ending(order)}\n{_AS_ONE_LIST}"


def one_by_one(listing: str) -> str:
    """Return a statement that lists a page so that each node comes by itself, its properties read last.

    The embedded engine then holds those of one node at a time, and not of all that it sorts.
    """
    head, found, ending = listing.partition(f"{_ONE_BY_ONE}\n")
    if found:
        return f"{head}WITH n\n{ending}\n{_ONE_BY_ONE}"
    return listing.replace(_AS_ONE_LIST, _ONE_BY_ONE)


def ids_by_keys(kind: Kind, keys: Range) -> str:
    """Return the statement that finds the nodes with a key in a range, ``$low`` to ``$high``, or no room for it.

    It answers lists of ids, of at most ``$most_nodes`` each.
    """
    return _by_keys(kind, keys, "RETURN collect(n.id) AS ids")


def _where(checks: Sequence[str]) -> str:
    return f"\nWHERE {' AND '.join(checks)}" if checks else ""


def _ending(order: Order) -> str:
    return f"ORDER BY {order.keys}\nLIMIT $limit"


def _by_keys(kind: Kind, keys: Range, ending: str) -> str:
    """The embedded engine finds ranges by an index only where each stands in a part of its own of a UNION."""
    ranges = [(slot, "$low", "$high") for slot in keys.slots] + [(MORE, "$more", "$most")]
    parts = (
        f"MATCH (n:{kind.label})\nWHERE n.{slot} >= {low} AND n.{slot} <= {high}\n"
        f"WITH n LIMIT $most_nodes\n{ending}"
        for slot, low, high in ranges
    )
    return f"// seek/{kind.value}s\n" + "\nUNION ALL\n".join(parts)
