"""The only Cypher composed in Python: parts that Cypher cannot bind, from closed vocabularies.

A file below ``cypher/`` may have placeholders, written ``<kind>``, ``<label>``, ``<link>``, ``<hops>`` …;
``fill`` puts in labels, relationship types and bounds. Values are always bound, never filled in.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Literal

from lineage_graph.catalog.property_index_keys import MORE, Range
from lineage_graph.errors import InvalidArgument
from lineage_graph.model import INPUT_EVENTS, OUTPUT_EVENTS, EventType, Kind
from lineage_graph.model.same_as import RULE

INPUTS = "|".join(event.value for event in INPUT_EVENTS)
OUTPUTS = "|".join(event.value for event in OUTPUT_EVENTS)
EVENTS = f"{INPUTS}|{OUTPUTS}"
SAME, COLUMN = "SAME_AS", "COLUMN"
FLOW = f"{EVENTS}|{SAME}"
"""The relationship types that walks follow: events and SAME_AS."""
AROUND = f"{FLOW}|ATTRIBUTED_TO|ASSOCIATED_WITH|CHILD_OF"
"""The relationship types to all neighbours of a node."""
LINK_TYPES = frozenset(
    {
        *(event.value for event in EventType),
        *("ATTRIBUTED_TO", "ASSOCIATED_WITH", "CHILD_OF", SAME, COLUMN),
    }
)
KEYS = frozenset(f"{name}_key" for name in RULE)
"""The properties of artifacts by which the same ones are looked up."""
CORE_LABELS = frozenset(
    {
        *(kind.label for kind in Kind),
        *(f"{kind.label}Type" for kind in Kind),
        "Store",
        "Sequence",
        "SUBTYPE_OF",
        *LINK_TYPES,  # on the embedded engine labels and types of relationships share their names
    }
)
HOLE = re.compile(r"<(kind|source|target|label|link|links|hops|key)>")
_SAFE_LABEL = re.compile(r"[\w.\-]([\w.\- ]{0,78}[\w.\-])?")


def label_of(type_name: str) -> str:
    """Return the label of nodes of a type: its name, cleaned where it is no safe label.

    A label becomes a file's name on the embedded engine, so odd characters and long names are
    replaced; eight hex digits of the name's SHA-256 then keep labels of different types apart.
    """
    if _SAFE_LABEL.fullmatch(type_name) and type_name not in CORE_LABELS:
        return type_name
    digest = hashlib.sha256(type_name.encode()).hexdigest()[:8]
    cleaned = re.sub(r"[^\w.\- ]|^ ", "_", type_name[:60])
    return f"{cleaned}_{digest}"


def _kind(value: object) -> str:
    return Kind(value).label


def _label(value: object) -> str:
    return f"`{label_of(str(value))}`"


def _link(value: object) -> str:
    if value not in LINK_TYPES:
        raise InvalidArgument(f"{value!r} is not a type of link.")
    return str(value)


def _links(value: object) -> str:
    return "|".join(_link(link) for link in str(value).split("|"))


def _hops(value: object) -> str:
    if not isinstance(value, int) or not 1 <= value <= 10_000_000:
        raise InvalidArgument(f"{value!r} is not a number of hops.", hint="Take 1 to 10,000,000.")
    return str(value)


def _key(value: object) -> str:
    if value not in KEYS:
        raise InvalidArgument(f"{value!r} is not a key of an index.")
    return str(value)


_VOCABULARY: dict[str, Callable[[object], str]] = {
    "kind": _kind,
    "source": _kind,
    "target": _kind,
    "label": _label,
    "link": _link,
    "links": _links,
    "hops": _hops,
    "key": _key,
}
EXAMPLES: dict[str, object] = {
    "kind": Kind.ARTIFACT,
    "source": Kind.ARTIFACT,
    "target": Kind.EXECUTION,
    "label": "Model",
    "link": "INPUT",
    "links": EVENTS,
    "hops": 4,
    "key": "sha256_key",
}
"""One allowed value of every placeholder, for tests that let an engine plan each file."""


def holes_of(text: str) -> frozenset[str]:
    """Return the names of the placeholders in a text."""
    return frozenset(HOLE.findall(text))


def fill(text: str, **values: object) -> str:
    """Return the text with its placeholders filled from the closed vocabularies.

    Raises:
        InvalidArgument: a value is not in its placeholder's vocabulary, or a placeholder has no value.
    """

    return _filled(text, tuple(values.items()))


@lru_cache(maxsize=2000)
def _filled(text: str, items: tuple[tuple[str, object], ...]) -> str:
    values = dict(items)

    def put_in(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in values:
            raise InvalidArgument(f"Nothing was given for <{name}>.")
        return _VOCABULARY[name](values[name])

    return HOLE.sub(put_in, text)


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
_TIMES = ("create_time_since_epoch", "last_update_time_since_epoch")
_LATEST = 2**63 - 1


def when_unknown(order: str, *, descending: bool) -> int | str:
    """Return the sort value of a node without the ordering field; without a time, last both ways."""
    if order not in _TIMES:
        return ""
    return -_LATEST if descending else _LATEST


def _order(order: str, *, descending: bool) -> str:
    if order == "id":
        return "n.id"
    unknown = when_unknown(order, descending=descending) or "''"
    return f"coalesce(n.{order}, {unknown})"


_MEMBERS = {
    Kind.ARTIFACT: "ATTRIBUTED_TO",
    Kind.EXECUTION: "ASSOCIATED_WITH",
    Kind.CONTEXT: "CHILD_OF",
}


def find_nodes(
    kind: Kind,
    conditions: Sequence[str],
    *,
    joins: Sequence[str] = (),
    where: str = "",
    type_name: str | None = None,
    context: bool = False,
    returns: Literal["total", "ids", "nodes", "listed"] = "nodes",
    order: str = "id",
    descending: bool = False,
    behind: bool = False,
    within: bool = False,
    sought: bool = False,
) -> str:
    """Return the statement that counts or lists nodes under some conditions.

    ``conditions`` are names of this module's list; ``joins`` and ``where`` come from a compiled
    filter. Nodes come in lists, ``nodes``, one or many. ``behind`` lists what comes after ``$after`` and ``$after_id`` in the order. ``within``
    takes the nodes whose id is in a window, ``$low`` to ``$high``, and then looks at the rest;
    ``sought`` those of the ids ``$sought``.
    """
    label = "" if type_name is None else f":{_label(type_name)}"
    pattern = f"(n:{kind.label}{label})"
    wanted = _checks(conditions, where, order, descending, behind)
    if sought:
        pattern = f"(n:{kind.label}{label} {{id: one}})"
    if context and (sought or within):  # the embedded engine takes ten times as long for a MATCH
        wanted.insert(0, f"$context IN [(n)-[:{_MEMBERS[kind]}]->(c) | c.id]")
    elif context:
        # From the context on: the embedded engine begins to count where the pattern begins.
        pattern = f"(:Context {{id: $context}})<-[:{_MEMBERS[kind]}]-{pattern}"
    if order == "id" and returns == "nodes" and not (wanted or joins or label or context or within):
        wanted.append("n.id > 0")  # always true, but makes Neo4j use the index
    matches = "".join(f"\nMATCH {one}" for one in (pattern, *joins))
    condition = f"\nWHERE {' AND '.join(wanted)}" if wanted else ""
    if within:  # for itself: the embedded engine would otherwise take any = before a range
        condition = f"\nWHERE n.id >= $low AND n.id <= $high\nWITH n{condition}"
    before = "\nUNWIND $sought AS one" if sought else ""
    head = f"// find/{kind.value}s{before}{matches}{condition}\n"
    if returns == "total":
        return f"{head}RETURN count({'DISTINCT ' if joins else ''}n) AS total"
    if returns == "ids":
        return f"{head}RETURN DISTINCT n.id AS id"
    if returns == "listed":
        return (
            f"{head}RETURN DISTINCT n.id AS {kind.value}, n.type AS type, n.name AS name\n"
            f"ORDER BY {kind.value}"
        )
    ending = f"ORDER BY {_keys(order, descending)}\nLIMIT $limit"
    if sought or within or context or order != "id":
        # Sorted first: the embedded engine would else hold all properties of all nodes. In one list:
        # a record costs the client as much as a node. Where an index has the order, neither is good.
        once = "DISTINCT " if joins else ""  # a node is found once for each of its neighbours
        return f"{head}WITH {once}n\n{ending}\n{_AS_ONE_LIST}"
    once = "WITH DISTINCT n\n" if joins else ""
    return f"{head}{once}{_ONE_BY_ONE}\n{ending}"


_AS_ONE_LIST, _ONE_BY_ONE = (
    "RETURN collect(properties(n)) AS nodes",
    "RETURN [properties(n)] AS nodes",
)


def one_by_one(listing: str) -> str:
    """Return a statement of ``find_nodes`` that answers each node by itself, its properties read last.

    The embedded engine then holds those of one node at a time, and not of all that it sorts.
    """
    head, found, ending = listing.partition(f"{_ONE_BY_ONE}\n")
    if found:
        return f"{head}WITH n\n{ending}\n{_ONE_BY_ONE}"
    return listing.replace(_AS_ONE_LIST, _ONE_BY_ONE)


def _checks(
    conditions: Sequence[str], where: str, order: str, descending: bool, behind: bool
) -> list[str]:
    wanted = [_CONDITIONS[name] for name in conditions]
    if behind:
        sign, key = ("<" if descending else ">"), _order(order, descending=descending)
        wanted.append(
            f"n.id {sign} $after_id"
            if order == "id"
            else f"({key} {sign} $after OR ({key} = $after AND n.id {sign} $after_id))"
        )
    if where:
        wanted.append(f"({where})")
    return wanted


def _keys(order: str, descending: bool) -> str:
    way = " DESC" if descending else ""
    by_id = f"n.id{way}"
    return by_id if order == "id" else f"{_order(order, descending=descending)}{way}, {by_id}"


def seek_nodes(kind: Kind, sought: Range) -> str:
    """Return the statement that finds the nodes with a key in a range, ``$low`` to ``$high``, or no room for it.

    It answers lists of ids, of at most ``$most_nodes`` each.
    """
    return _seek(kind, sought, "RETURN collect(n.id) AS ids")


def seek_page(
    kind: Kind,
    sought: Range,
    conditions: Sequence[str],
    *,
    where: str,
    order: str,
    descending: bool,
    behind: bool,
) -> str:
    """Return the statement that lists the nodes with a key in a range that meet conditions.

    It answers how many may, and the first ``$limit`` that do, once for each index; no nodes where
    there are ``$most_nodes``, for then those may not be the first.
    """
    checks = " AND ".join(_checks(conditions, where, order, descending, behind))
    return _seek(
        kind,
        sought,
        f"WITH n ORDER BY {_keys(order, descending)}\n"
        "WITH collect(n) AS found\n"
        "RETURN size(found) AS count, CASE WHEN size(found) < $most_nodes THEN\n"
        f"  [one IN [n IN found WHERE {checks}][..$limit] | properties(one)]\n"
        "ELSE [] END AS nodes",
    )


def _seek(kind: Kind, sought: Range, ending: str) -> str:
    """The embedded engine finds ranges by an index only where each stands in a part of its own of a UNION."""
    ranges = [(slot, "$low", "$high") for slot in sought.slots] + [(MORE, "$more", "$most")]
    parts = (
        f"MATCH (n:{kind.label})\nWHERE n.{slot} >= {low} AND n.{slot} <= {high}\n"
        f"WITH n LIMIT $most_nodes\n{ending}"
        for slot, low, high in ranges
    )
    return f"// seek/{kind.value}s\n" + "\nUNION ALL\n".join(parts)


def count_nodes(groups: Sequence[tuple[Kind | None, str]]) -> str:
    """Return the statement that counts, for each group, the nodes of a kind, a type, or both.

    Both engines keep count of labels, and look those counts up where nothing else stands there.
    """
    patterns = (
        "".join((f":{kind.label}" if kind else "", f":{_label(type_name)}" if type_name else ""))
        for kind, type_name in groups
    )
    counts = ", ".join(f"COUNT {{ MATCH (n{pattern}) }}" for pattern in patterns)
    return f"// count/nodes\nRETURN [{counts}] AS counts"
