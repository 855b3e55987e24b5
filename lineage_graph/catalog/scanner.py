"""Reads Cypher just well enough to separate code from strings, quoted names and comments."""

from __future__ import annotations

import re

_SKIP = re.compile(
    r"""
    //[^\n]*
    | /\*.*?\*/
    | '(?:\\.|[^'\\])*'
    | "(?:\\.|[^"\\])*"
    | `(?:``|[^`])*`
    """,
    re.VERBOSE | re.DOTALL,
)
_PARAMETER = re.compile(r"\$([A-Za-z_]\w*)")
_WRITE_WORDS = ("CREATE", "MERGE", "SET", "DELETE", "REMOVE", "DROP", "FOREACH", r"LOAD\s+CSV")
_WRITE = re.compile(rf"(?<![\w.$:])({'|'.join(_WRITE_WORDS)})\b(?!\s*:)", re.IGNORECASE)
# Procedures but those that only read what the database keeps of itself.
_CALL = re.compile(r"(?<![\w.$:])CALL\s+(?!meta\.stats\b)([A-Za-z_][\w.]*)", re.IGNORECASE)


def mask(text: str) -> str:
    """Return the text with strings, quoted names and comments blanked out, line breaks kept."""
    return _SKIP.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


def parameters(text: str) -> frozenset[str]:
    """Return the names of the parameters (``$name``) a text uses."""
    return frozenset(_PARAMETER.findall(mask(text)))


def first_write(text: str) -> tuple[str, int] | None:
    """Return the first word that writes, or the first procedure called, and its line from 0."""
    masked = mask(text)
    found = [match for match in (_WRITE.search(masked), _CALL.search(masked)) if match]
    if not found:
        return None
    match = min(found, key=lambda m: m.start())
    return " ".join(match.group().split()), masked.count("\n", 0, match.start())
