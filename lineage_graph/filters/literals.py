"""Texts as filters write them: in one or three quotes of either kind, with escapes or raw."""

from __future__ import annotations

import re

_HEX = "[0-9A-Fa-f]"
_ESCAPE = re.compile(
    rf"\\(?:(?P<plain>[abfnrtv\\?\"'`])|(?P<octal>[0-3][0-7]{{2}})|[xX](?P<two>{_HEX}{{2}})"
    rf"|u(?P<four>{_HEX}{{4}})|U(?P<eight>{_HEX}{{8}})|(?P<wrong>.))",
    re.DOTALL,
)
_PLAIN = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def text_of(literal: str) -> str:
    """Return the text a literal stands for.

    Raises:
        ValueError: it holds an escape that means nothing.
    """
    raw = literal[0] in "rR"
    quoted = literal[1:] if raw else literal
    width = 3 if len(quoted) >= 6 and quoted[:3] == quoted[0] * 3 else 1
    text = quoted[width:-width]
    return text if raw else _ESCAPE.sub(_meaning, text)


def _meaning(escape: re.Match[str]) -> str:
    kind, found = escape.lastgroup, escape[escape.lastgroup or 0]
    if kind == "plain":
        return _PLAIN.get(found, found)
    code = -1 if kind == "wrong" else int(found, 8 if kind == "octal" else 16)
    if not 0 <= code <= 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        raise ValueError(f"the escape {escape[0]!r} means nothing")
    return chr(code)
