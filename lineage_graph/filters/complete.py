"""Completion: what may stand where somebody is writing a filter."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from lark.exceptions import UnexpectedInput

from lineage_graph.filters.functions import FUNCTIONS, SPECIAL
from lineage_graph.filters.literals import name_as_text
from lineage_graph.filters.parse import Malformed, parser
from lineage_graph.filters.predicates import FORMS
from lineage_graph.filters.schema import ATTRIBUTES, NEIGHBOURS, PROPERTIES, VALUES
from lineage_graph.model import Kind, PropertyKind

MAX_SUGGESTIONS = 50
_WORD = re.compile(r"(?:[A-Za-z0-9_]|`[^`]*`)+(?:\.(?:[A-Za-z0-9_]|`[^`]*`)*)*\Z|`[^`]*\Z")
_QUOTED = re.compile(
    r"""'(?:\\.|[^'\\])*(?:'|\Z)|"(?:\\.|[^"\\])*(?:"|\Z)|`(?:\\.|[^`\\])*(?:`|\Z)""", re.S
)
_BEFORE = re.compile(r"(?i)([a-z_][\w.]*)\s*(?:\(|=|!=|<>|\b(?:not\s+)?in\s*\((?:[^()]*,)?)\s*\Z")
_NODE = re.compile(r"(?i)(?:up|down)stream_of\s*\(\s*\Z")
_JOINING = ("AND", "OR", "RPAR")
_FIELDS = {
    PropertyKind.INT: "int_value",
    PropertyKind.DOUBLE: "double_value",
    PropertyKind.STRING: "string_value",
    PropertyKind.BOOLEAN: "bool_value",
}
_OPERATORS = {
    "COMPARISON": ("=", "!=", "<", "<=", ">", ">="),
    "LIKE": ("LIKE '",),
    "IN": ("IN (",),
    "IS": ("IS NULL", "IS NOT NULL"),
    "BETWEEN": ("BETWEEN ",),
    "AND": ("AND ",),
    "OR": ("OR ",),
    "RPAR": (")",),
}
Sort = Literal[
    "attribute", "property", "neighbour", "function", "operator", "word", "context", "type"
]


@dataclass(frozen=True)
class Completion:
    """One text that may stand there: what is shown, what is put in, its sort, and more about it."""

    label: str
    insert: str
    sort: Sort
    detail: str = ""


@dataclass(frozen=True)
class Completions:
    """What may stand from ``start`` to ``end`` of the text, the likeliest first."""

    start: int
    end: int
    options: tuple[Completion, ...] = ()


@dataclass(frozen=True)
class Vocabulary:
    """What a store has: the names of properties with their kinds, and of types; contexts on demand.

    ``contexts`` gives the names of contexts, with their types, that begin with a text.
    """

    declared: Mapping[str, PropertyKind] = field(default_factory=dict)
    custom: Mapping[str, PropertyKind] = field(default_factory=dict)
    types: Sequence[str] = ()
    contexts: Callable[[str], Sequence[tuple[str, str]]] = lambda begin: ()


def complete(kind: Kind, text: str, at: int, words: Vocabulary) -> Completions:
    """Return what may stand at an offset of a filter over nodes of a kind."""
    before = text[:at]
    quoted = _open_quote(before)
    if quoted is not None and before[quoted] != "`":
        return _text(before, quoted, text, words)
    found = _WORD.search(before)
    start = found.start() if found else at
    end = at
    while end < len(text) and re.match(r"[\w`]", text[end]):
        end += 1
    typed = before[start:]
    accepted = _accepted(before[:start])
    options = list(_options(kind, before[:start], typed, accepted, words))
    return Completions(start, end, tuple(_fitting(typed, options)))


def _open_quote(before: str) -> int | None:
    """Return where a quote begins that has no end yet."""
    for found in _QUOTED.finditer(before):
        if found.end() == len(before) and (len(found[0]) < 2 or found[0][-1] != found[0][0]):
            return found.start()
    return None


def _text(before: str, quoted: int, text: str, words: Vocabulary) -> Completions:
    """Complete within quotes: names of contexts, and of types."""
    quote, begin = before[quoted], before[quoted + 1 :]
    found = _BEFORE.search(before[:quoted])
    name = found[1].lower() if found else ""
    closed = text[len(before) :].find(quote)
    end = len(text) if closed < 0 else len(before) + closed + 1
    tail = ")" if name == "within" and not text[end:].startswith(")") else ""
    options: list[Completion] = []
    if (
        name == "within"
        or name.endswith("contexts.name")
        or re.fullmatch(r".*contexts_\w+\.name", name)
    ):
        for called, type_name in words.contexts(begin):
            inside = called.replace("\\", "\\\\").replace(quote, f"\\{quote}").replace("\n", "\\n")
            options.append(
                Completion(called, f"{quote}{inside}{quote}{tail}", "context", type_name)
            )
    elif name == "type":
        options = [Completion(one, f"{quote}{one}{quote}", "type") for one in words.types]
        options = [one for one in options if begin.lower() in one.label.lower()]
    return Completions(quoted, end, tuple(options[:MAX_SUGGESTIONS]))


def _accepted(before: str) -> frozenset[str]:
    """Return the names of the tokens that the grammar takes behind a text."""
    state = parser().parse_interactive(before)
    try:
        state.exhaust_lexer()
        return frozenset(state.accepts())  # type: ignore[no-untyped-call]
    except (UnexpectedInput, Malformed):
        return frozenset()


def _options(
    kind: Kind, before: str, typed: str, accepted: frozenset[str], words: Vocabulary
) -> Iterator[Completion]:
    first, dot, _ = typed.rpartition(".")
    if dot:
        yield from _behind_dot(kind, first, words)
        return
    if "NAME" in accepted and not _NODE.search(before):
        yield from _enumeration(kind, before)
        yield from _names(kind, words)
        if "NOT" in accepted:
            yield Completion("NOT", "NOT ", "operator")
    ended = before.rstrip().endswith((")", "'", '"'))  # then more conditions are likelier
    for token, texts in sorted(
        _OPERATORS.items(), key=lambda one: ended and one[0] not in _JOINING
    ):
        if token in accepted and "NAME" not in accepted:
            for text in texts:
                yield Completion(
                    text.strip(" '("), text if text[-1] in " '()" else f"{text} ", "operator"
                )


def _enumeration(kind: Kind, before: str) -> Iterator[Completion]:
    found = _BEFORE.search(before)
    if found is None:
        return
    name = found[1].lower()
    attributes = dict(ATTRIBUTES[kind])
    if "." in name:
        alias, _, name = name.partition(".")
        near = [NEIGHBOURS[kind][one] for one in NEIGHBOURS[kind] if alias.startswith(f"{one}_")]
        attributes = dict(near[0].attributes) if near else {}
    if name in attributes:
        for word in attributes[name].words:
            yield Completion(word, word, "word")


def _names(kind: Kind, words: Vocabulary) -> Iterator[Completion]:
    for name, one in {**words.custom, **words.declared}.items():
        if name.lower() not in ATTRIBUTES[kind] and _can_be_written(name):
            yield Completion(name, name_as_text(name), "property", one.value.lower())
    for name, attribute in ATTRIBUTES[kind].items():
        yield Completion(name, name, "attribute", attribute.type.value)
    for name, example in FORMS.items():
        if kind is not Kind.CONTEXT or name in ("WITHIN", "AS_OF"):
            quote = "" if name in ("UPSTREAM_OF", "DOWNSTREAM_OF") else "'"
            yield Completion(f"{name.lower()}(…)", f"{name.lower()}({quote}", "function", example)
    for name, neighbour in NEIGHBOURS[kind].items():
        alias = f"{name}_any."
        yield Completion(f"{alias}…", alias, "neighbour", ", ".join(neighbour.attributes))
    for name in PROPERTIES:
        yield Completion(f"{name}.…", f"{name}.", "property", "one of these, of one type only")
    for name in sorted({*FUNCTIONS, *SPECIAL}):
        yield Completion(f"{name}(…)", f"{name}(", "function")


def _behind_dot(kind: Kind, first: str, words: Vocabulary) -> Iterator[Completion]:
    names = first.split(".", 1)
    place = names[0].lower()
    if place in PROPERTIES:
        known = words.custom if PROPERTIES[place] else words.declared
        if len(names) == 1:
            for name, one in known.items():
                if one in _FIELDS and _can_be_written(name):
                    written = name if re.fullmatch(r"\w+", name, re.A) else name_as_text(name)
                    insert = f"{first}.{written}.{_FIELDS[one]}"
                    yield Completion(
                        f"{name}.{_FIELDS[one]}", insert, "property", one.value.lower()
                    )
        else:
            for value in VALUES:
                yield Completion(value, f"{first}.{value}", "property")
        return
    for name, neighbour in NEIGHBOURS[kind].items():
        if place.startswith(f"{name}_"):
            for attribute, about in neighbour.attributes.items():
                yield Completion(attribute, f"{first}.{attribute}", "attribute", about.type.value)


def _can_be_written(name: str) -> bool:
    return bool(name) and "\n" not in name


def _fitting(typed: str, options: Sequence[Completion]) -> Sequence[Completion]:
    """Those that begin with what was typed, then those that hold it."""
    wanted = typed.rpartition(".")[2].strip("`").lower()
    ranked = [
        (not one.label.lower().startswith(wanted), number, one)
        for number, one in enumerate(options)
        if wanted in one.label.lower() and one.insert.strip() != typed
    ]
    return [one for *_, one in sorted(ranked, key=lambda rank: rank[:2])][:MAX_SUGGESTIONS]
