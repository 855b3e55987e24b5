"""The only Cypher composed in Python: parts that Cypher cannot bind, from closed vocabularies.

A file below ``cypher/`` may have placeholders, written ``<kind>``, ``<label>``, ``<link>``, ``<hops>`` …;
``fill`` puts in labels, relationship types and bounds. Values are always bound, never filled in.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from functools import lru_cache

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
