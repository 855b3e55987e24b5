"""The words a store has for filters, and what to say of a filter that asks for others."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import get_close_matches

from lineage_graph.errors import InvalidArgument
from lineage_graph.filters import compile_filter
from lineage_graph.filters.absent import left_out
from lineage_graph.filters.complete import Vocabulary
from lineage_graph.filters.schema import ATTRIBUTES
from lineage_graph.model import Kind, PropertyKind, kind_of
from lineage_graph.store import Find, Page, Store, is_property, sort_value

_NO_STATE = (
    "A context has no state; its executions have one: executions_any.last_known_state = FAILED."
)
_SAMPLED_NODES = 100  # nodes whose custom properties are looked at: no type declares them
_MAX_CONTEXTS = 20
_MAX_NAMES_IN_NOTE = 3  # names a note speaks of


def words_of(store: Store, kind: Kind) -> Vocabulary:
    """Return the names of the properties and types there are; of custom ones those of the newest nodes."""
    types = store.types(kind)
    declared: dict[str, PropertyKind] = {}
    for one in types:
        declared.update(one.properties)
    custom: dict[str, PropertyKind] = {}
    newest = Find(kind=kind, descending=True, limit=_SAMPLED_NODES, counted=False)
    for node in store.find(newest).nodes:
        custom.update({name: kind_of(value) for name, value in node.custom_properties.items()})

    def contexts(begin: str) -> list[tuple[str, str]]:
        return _contexts(store, begin)

    return Vocabulary(
        dict(sorted(declared.items())),
        dict(sorted(custom.items())),
        sorted({one.name for one in types}),
        contexts,
    )


def _contexts(store: Store, begin: str) -> list[tuple[str, str]]:
    """Return the newest contexts whose name holds a text; those that begin with it first."""
    wanted = Find(
        kind=Kind.CONTEXT,
        text=begin or None,
        descending=True,
        limit=_MAX_CONTEXTS * 2,
        counted=False,
    )
    found = [
        (node.name, node.type or "")
        for node in store.find(wanted).nodes
        if node.name and begin.lower() in node.name.lower()
    ]
    found.sort(key=lambda one: not one[0].lower().startswith(begin.lower()))
    return list(dict.fromkeys(found))[:_MAX_CONTEXTS]


def note_on(kind: Kind, where: str, words: Vocabulary) -> str:
    """Say which properties a filter asks for that nothing seems to have; nothing where all is known.

    A filter that is wrong says so itself.
    """
    try:
        asked = compile_filter(kind, where, strict=False).properties
    except InvalidArgument:
        return ""
    known = {*words.declared, *words.custom}
    likely = sorted(known | {*ATTRIBUTES[kind]})
    return " ".join(
        _sentence(kind, name, likely) for name in asked[:_MAX_NAMES_IN_NOTE] if name not in known
    )


def _sentence(kind: Kind, name: str, likely: Collection[str]) -> str:
    if kind is Kind.CONTEXT and name in ("state", "last_known_state"):
        return _NO_STATE
    return f"No type of {kind.value}s declares a property {name!r}, and none of the newest {kind.value}s has one.{_meant(name, likely)}"


def _meant(name: str, likely: Collection[str]) -> str:
    lower = {each.lower(): each for each in likely}
    near = get_close_matches(name.lower(), lower, 1, 0.6)
    return f" Did you mean {lower[near[0]]!r}?" if near else ""


def note_on_order(store: Store, wanted: Find, found: Page) -> str:
    """Say that no node has the property that a list is to be sorted by; nothing where one has."""
    name = wanted.order_by
    if wanted.after or not found.nodes or not is_property(name):
        return ""
    if sort_value(found.nodes[0], name) is not None:  # what has none comes last
        return ""
    words = words_of(store, wanted.kind)
    meant = _meant(name.partition(".")[2] or name, sorted({*words.declared, *words.custom}))
    return f"None of these {wanted.kind.value}s has a number or a text called {name!r}, so they are in the order of their ids.{meant}"


def note_on_denied(kinds: str, where: str) -> str:
    """Say which nodes a filter leaves out by what it denies, and how to find them too."""
    found = left_out(where)
    if found is None:
        return ""
    names = " or ".join(found.names)
    absent = " OR ".join(f"{name} IS NULL" for name in found.names)
    how = found.instead or f"write OR {absent} beside what is denied"
    return f"This leaves out the {kinds} that have no {names}. To find them too: {how}"


def note_on_nothing(store: Store, kinds: Iterable[Kind], where: str) -> str:
    """Return a note on a filter that found nothing among nodes of some kinds; none if one kind knows it all."""
    notes = [note_on(kind, where, words_of(store, kind)) for kind in kinds]
    return "" if "" in notes else max(notes, key=lambda note: "Did you mean" in note, default="")
