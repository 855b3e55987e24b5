"""The names in a statement that nothing in the store has: labels, relationships, properties, types."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches

from lineage_graph.catalog.compose import label_of
from lineage_graph.catalog.graph_schema import (
    LABELS,
    OWN_LABELS,
    PROPERTY_NAMES,
    RELATIONSHIPS,
)
from lineage_graph.catalog.names import CUSTOM, HIDDEN, property_key
from lineage_graph.catalog.tokens import Token, tokens
from lineage_graph.model import Kind
from lineage_graph.model.values import SYSTEM_NAMES
from lineage_graph.store.reading import find, get
from lineage_graph.store.session import Transaction
from lineage_graph.store.values import Find

MAX_WARNINGS = 5
SAMPLED_NODES = 100
"""Newest nodes of each kind whose custom properties are looked at: no type declares them."""
_FIXED_LABELS = frozenset((*(one.name for one in LABELS), *OWN_LABELS))
_RELATIONSHIPS = frozenset(one.name for one in RELATIONSHIPS)
_OWN_PROPERTIES = frozenset((*HIDDEN, "key", "next", "schema_version"))
_BEFORE_PATTERN = frozenset(
    (
        "match",
        "optional",
        "where",
        "and",
        "or",
        "xor",
        "not",
        "in",
        "return",
        "with",
        "when",
        "then",
        "else",
    )
)


@dataclass(frozen=True)
class StoreNames:
    """The names that a store has: labels of types, types, and properties as the graph calls them.

    ``properties`` are those that types declare, and custom ones of the newest nodes.
    """

    types: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    properties: frozenset[str] = frozenset()


@dataclass
class UsedNames:
    """The names that a statement uses, each once, in their order."""

    labels: dict[str, None] = field(default_factory=dict)
    relationships: dict[str, None] = field(default_factory=dict)
    properties: dict[str, None] = field(default_factory=dict)
    types: dict[str, None] = field(default_factory=dict)

    def without_fixed(self) -> UsedNames:
        """Return those that are not in every store; relationships all, for none is added to them."""
        return UsedNames(
            {one: None for one in self.labels if one not in _FIXED_LABELS},
            self.relationships,
            {one: None for one in self.properties if one not in PROPERTY_NAMES | _OWN_PROPERTIES},
            self.types,
        )


def read_names(transaction: Transaction) -> StoreNames:
    """Return the names of a store: one look at its types, and at the newest nodes of each kind."""
    types: set[str] = set()
    properties: set[str] = set()
    for found in get.types_by_kind(transaction, system=True).values():
        for one in found:
            types.add(one.name)
            properties.update(property_key(name) for name in one.properties)
    for kind in Kind:
        wanted = Find(kind=kind, descending=True, limit=SAMPLED_NODES, counted=False)
        for node in find.find(transaction, wanted).nodes:
            properties.update(property_key(name, True) for name in node.custom_properties)
            properties.update(property_key(name) for name in node.properties)
    labels = frozenset(label_of(name) for name in types - SYSTEM_NAMES)
    return StoreNames(frozenset(types), labels, frozenset(properties))


def warnings_of(text: str, names: Callable[[], StoreNames]) -> tuple[str, ...]:
    """Return a sentence for each name of a statement that nothing in the store has.

    ``names`` is called only where the statement uses a name that not every store has.
    """
    used = used_names(text).without_fixed()
    found = list(
        _unknown("relationship", used.relationships, _RELATIONSHIPS, "relationships of type")
    )
    if used.labels or used.properties or used.types:
        known = names()
        labels = known.labels | _FIXED_LABELS
        found += _unknown("label", used.labels, labels, "nodes with the label")
        found += _unknown("type", used.types, known.types, "nodes of the type")
        found += _properties(used.properties, known.properties)
    return tuple(found[:MAX_WARNINGS])


def _unknown(what: str, used: Collection[str], known: Collection[str], said: str) -> Iterator[str]:
    for name in used:
        if name not in known:
            yield f"There are no {said} {name}.{_meant(name, known)}"


def _properties(used: Collection[str], known: Collection[str]) -> Iterator[str]:
    likely = {*known, *PROPERTY_NAMES}
    for name in used:
        if name in known:
            continue
        custom = f"{CUSTOM}{name}"
        meant = f" Did you mean {custom}?" if custom in known else _meant(name, likely)
        yield f"No type declares the property {name}, and none of the newest nodes has it.{meant}"


def _meant(name: str, likely: Collection[str]) -> str:
    lower = {one.lower(): one for one in sorted(likely)}
    near = get_close_matches(name.lower(), lower, 1, 0.6)
    return f" Did you mean {lower[near[0]]}?" if near else ""


def used_names(text: str) -> UsedNames:
    """Return the names that a statement asks for; what only looks like one is left out.

    Of properties only those of variables that stand for nodes or relationships are looked at: another
    map may have any key.
    """
    found = tokens(text)
    used = UsedNames()
    openers: list[int] = []  # places of the brackets that are open
    variables: set[str] = set()
    for place, token in enumerate(found):
        if token.kind == "symbol" and token.text in "([{":
            openers.append(place)
            if _opens_pattern(found, place) and place + 1 < len(found):
                following = found[place + 1]
                if following.kind in ("word", "quoted"):
                    variables.add(following.text)
        elif token.kind == "symbol" and token.text in ")]}" and openers:
            openers.pop()
        elif token == Token("symbol", ":"):
            _take_names(found, place, openers, used)
    for place, token in enumerate(found):
        if token == Token("symbol", ".") and 0 < place < len(found) - 1:
            _take_property(found, place, variables, used)
    return used


def _opens_pattern(found: list[Token], place: int) -> bool:
    """Say whether a node or a relationship begins at a bracket."""
    before = found[place - 1] if place else Token("symbol", ",")
    if found[place].text == "[":
        return before == Token("symbol", "-")
    if found[place].text != "(" or place + 2 >= len(found):
        return False
    if before.kind == "word" and before.text.lower() not in _BEFORE_PATTERN:
        return False  # a function
    after = found[place + 2]
    named = found[place + 1].kind in ("word", "quoted")
    is_node = after.text in ("):{") or (after.kind == "word" and after.text.lower() == "where")
    is_unnamed = found[place + 1].text in (":", "{", ")")
    return (named and is_node) or is_unnamed


def _take_names(found: list[Token], place: int, openers: list[int], used: UsedNames) -> None:
    """Take the labels or types of relationships behind a colon, or the key of a pattern before it."""
    if Token("symbol", ":") in (found[place - 1 : place] + found[place + 1 : place + 2]):
        return  # :: says the type of a value
    opener = openers[-1] if openers else None
    if opener is not None and found[opener].text == "{":
        outer = openers[-2] if len(openers) > 1 else None
        if outer is not None and _opens_pattern(found, outer) and place:
            name = found[place - 1].text
            used.properties[name] = None
            value = found[place + 1] if place + 1 < len(found) else None
            if name == "type" and value is not None and value.kind == "string":
                used.types[value.text[1:-1]] = None
        return
    is_relationship = (
        opener is not None and found[opener].text == "[" and _opens_pattern(found, opener)
    )
    into = used.relationships if is_relationship else used.labels
    wanted = True
    for token in found[place + 1 :]:
        if token.kind in ("word", "quoted"):
            if not wanted:
                return
            into[token.text] = None
            wanted = False
        elif token.text in ("|", "&", ":"):
            wanted = True
        elif token.text not in ("!", "(", "%") or not wanted:
            return


def _take_property(found: list[Token], place: int, variables: set[str], used: UsedNames) -> None:
    owner, name = found[place - 1], found[place + 1]
    behind = found[place + 2] if place + 2 < len(found) else Token("symbol", "")
    earlier = found[place - 2].text if place > 1 else ""
    if owner.kind not in ("word", "quoted") or owner.text not in variables:
        return
    if name.kind not in ("word", "quoted") or behind.text == "(" or earlier in (".", "$", ":"):
        return
    used.properties[name.text] = None
    value = found[place + 3] if place + 3 < len(found) else None
    if name.text == "type" and behind.text == "=" and value is not None and value.kind == "string":
        used.types[value.text[1:-1]] = None
