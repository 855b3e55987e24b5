"""What is wrong with a statement, in the same words on both engines, with the place in its text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from lineage_graph.catalog.scanner import mask, parameters
from lineage_graph.errors import InvalidArgument, InvalidCypher

MAX_EXPECTED = 8
"""Things that a message lists as expected; where there are more, they say nothing."""
MAX_SHOWN = 100
"""Characters of a line that a message shows."""
_CLAUSES = (
    "CALL", "LIMIT", "MATCH", "OPTIONAL", "ORDER BY", "RETURN", "SKIP", "UNION", "UNWIND", "WHERE",
    "WITH", "DISTINCT", "AND", "OR", "NOT", "IN", "AS", "CASE", "WHEN", "THEN", "ELSE", "END",
    "CONTAINS", "STARTS WITH", "ENDS WITH", "IS NULL", "IS NOT NULL", "EXISTS",
)  # fmt: skip
_PLACES = (
    # Neo4j counts from 1, and quotes the line below.
    (
        re.compile(
            r"\s*\(line (?P<line>\d+), column (?P<column>\d+) \(offset: \d+\)\).*", re.DOTALL
        ),
        0,
    ),
    # The embedded engine counts columns from 0.
    (re.compile(r"\s*at line (?P<line>\d+), column (?P<column>\d+).*", re.DOTALL), 1),
    (re.compile(r"Syntax error at line (?P<line>\d+):(?P<column>\d+) - "), 1),
)
_UNEXPECTED = re.compile(
    r"(?:Invalid input|Unexpected input|(?:mismatched|extraneous) input|no viable alternative at input) "
)
_EXPECTED = re.compile(r"(?<![a-z])(?:expected:?|expecting) (?P<list>.+)", re.DOTALL)
_KIND = re.compile(r"^[A-Z][A-Za-z]+: ")
_UNDEFINED = re.compile(r"Variable ['`](?P<name>[^'`]+)['`] not defined")
_TOKEN = re.compile(r"\w+|'(?:\\.|[^'\\])*'|\S")
_EXPLAIN = "EXPLAIN "
_COUNT = re.compile(r"\b(?P<word>limit|skip|offset)\s+\$(?P<name>\w+)", re.IGNORECASE)


def check_values(text: str, given: Mapping[str, Any]) -> None:
    """Refuse a statement of which a parameter has no value, or a limit that is no number.

    Raises:
        InvalidCypher: the message names the parameters.
    """
    for found in _COUNT.finditer(mask(text)):
        value = given.get(found["name"], 0)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise InvalidCypher(
                f"{found['word'].upper()} ${found['name']} needs a whole number that is not negative; "
                f"${found['name']} is {value!r}."
            )
    missing = sorted(parameters(text) - set(given))
    if missing:
        names = ", ".join(f"${name}" for name in missing)
        unused = sorted(set(given) - parameters(text))
        near = get_close_matches(missing[0], unused, 1)
        raise InvalidCypher(
            f"There is no value for {names}.",
            hint=f"Did you mean ${near[0]}?" if near else "Give each parameter a value.",
        )


def pointed(error: InvalidArgument, text: str) -> InvalidArgument:
    """Return an error of the database about a statement with the place in the statement's text."""
    raw = _words_of(error)
    if raw is None:
        return error
    line, column, said = _placed(raw)
    if line == 1 and column > 0 and f'"{_EXPLAIN}' in raw:
        column = max(column - len(_EXPLAIN), 1)
    undefined = _UNDEFINED.search(raw)
    if undefined:
        return _undefined(undefined["name"], text, line, column)
    unexpected = _UNEXPECTED.search(said)
    if unexpected and line:
        return _unexpected(said, text, line, column)
    said = _KIND.sub("", " ".join(said.split())).rstrip(".^ ")
    if "Error executing Cypher" in said:
        said = "The database cannot run this; a value may be of a kind that does not fit there"
    return _made(f"{said}", text, line, column)


def _words_of(error: InvalidArgument) -> str | None:
    """Return what the database said, its line breaks kept; None where it said nothing."""
    cause = error.__cause__
    words = getattr(cause, "message", None)
    return str(words) if words else None


def _placed(raw: str) -> tuple[int, int, str]:
    """Return line and column from 1, and the words without them; 0 and 0 where there are none."""
    for pattern, first in _PLACES:
        found = pattern.search(raw)
        if found:
            rest = raw[: found.start()] + raw[found.end() :]
            return int(found["line"]), int(found["column"]) + first, rest
    return 0, 0, raw


def _undefined(name: str, text: str, line: int, column: int) -> InvalidCypher:
    if not line:
        found = re.search(rf"(?<![\w.:$]){re.escape(name)}\b(?!\s*\()", mask(text))
        if found:
            line = text.count("\n", 0, found.start()) + 1
            column = found.start() - (text.rfind("\n", 0, found.start()) + 1) + 1
    return _made(f"The variable {name} is not defined", text, line, column)


def _unexpected(said: str, text: str, line: int, column: int) -> InvalidCypher:
    lines = text.split("\n")
    rest = lines[line - 1][column - 1 :] if line <= len(lines) else ""
    token = _TOKEN.match(rest.lstrip())
    expected = _expected(said)
    if token is None:
        begin, hint = "The statement ends too early", ""
    else:
        begin = f"{token.group()} is not understood here"
        near = get_close_matches(token.group().upper(), _CLAUSES, 1, 0.75)
        hint = f"Did you mean {near[0]}?" if near and near[0] != token.group().upper() else ""
    words = f"{begin}{f'; expected is {expected}' if expected else ''}"
    return _made(words, text, line, column, hint)


def _expected(said: str) -> str:
    found = _EXPECTED.search(said)
    if not found:
        return ""
    listed = re.findall(r"'(?:[^']+)'|<EOF>|[A-Za-z][A-Za-z ]*", found["list"].strip("{} \n"))
    kept = []
    for one in listed:
        name = one.removeprefix("or ").strip().strip("'")
        if name and name not in ("or", "<EOF>", "EOF"):
            kept.append(name if name[0].isalpha() else f"'{name}'")
    if not kept or len(kept) > MAX_EXPECTED:
        return ""
    return " or ".join([", ".join(kept[:-1]), kept[-1]]) if len(kept) > 1 else kept[0]


def _made(words: str, text: str, line: int, column: int, hint: str = "") -> InvalidCypher:
    if not line:
        return InvalidCypher(f"{words}.", hint=hint)
    lines = text.split("\n")
    shown = lines[line - 1] if line <= len(lines) else ""
    start = max(0, column - 1 - MAX_SHOWN // 2)
    cut = shown[start : start + MAX_SHOWN].replace("\t", " ")
    before, after = "…" if start else "", "…" if start + MAX_SHOWN < len(shown) else ""
    mark = " " * (column - 1 - start + len(before)) + "^"
    message = f"{words} (line {line}, column {column}):\n  {before}{cut}{after}\n  {mark}"
    return InvalidCypher(message, hint=hint, line=line, column=column)
