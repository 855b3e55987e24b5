"""Cuts Cypher into its tokens, exactly enough to list what an untrusted query uses."""

from __future__ import annotations

import re
from typing import NamedTuple

from lineage_graph.errors import InvalidArgument

_TOKEN = re.compile(
    r"""
    (?P<space>[ \t\r\n]+ | //[^\r\n]* | /\*.*?\*/)
    | (?P<string>'(?:\\.|[^'\\])*' | "(?:\\.|[^"\\])*")
    | (?P<quoted>`(?:``|[^`])+`)
    | (?P<number>\d[\w]*(?:\.\d\w*)?(?:(?<=[eE])[+-]\d+)?)
    | (?P<word>\w+)
    | (?P<symbol>[!#$%&()*+,./:;<=>?@\[\]^{|}~-])
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\u+[0-9A-Fa-f]{4}")


class Token(NamedTuple):
    """A piece of Cypher; ``text`` of a quoted name is the name itself."""

    kind: str  # string, quoted, number, word, symbol
    text: str


def tokens(text: str) -> list[Token]:
    """Return a statement's tokens without what is between them.

    Neo4j reads a character that is written as an escape before it reads anything else, the embedded
    engine does not: one that could end a string, a name or a comment, or be part of a word, is refused.

    Raises:
        InvalidArgument: a string, a quoted name or a comment has no end, or a character is none of
            Cypher's.
    """
    found = []
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None or (text.startswith("/*", place) and match.lastgroup != "space"):
            raise InvalidArgument(f"Cypher has no {_shown(text[place:])} here.")
        kind = str(match.lastgroup)
        _check_escapes(kind, match.group())
        if kind == "quoted":
            found.append(Token(kind, match.group()[1:-1].replace("``", "`")))
        elif kind != "space":
            found.append(Token(kind, match.group()))
        place = match.end()
    return found


def _check_escapes(kind: str, token: str) -> None:
    """Refuse a character written as an escape, but in a string, where it is none that could end it."""
    for escape in _ESCAPE.finditer(token):
        if kind != "string" or 0x20 <= int(escape.group()[-4:], 16) < 0x7F:
            raise InvalidArgument(
                f"{escape.group()} stands for a character.", hint="Write the character itself."
            )


def _shown(rest: str) -> str:
    first = rest[0]
    if first in "'\"`":
        return f"{first} without an end"
    if rest.startswith("/*"):
        return "/* without an end"
    return first if first.isprintable() else f"character {first!a}"
