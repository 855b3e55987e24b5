"""Texts and names as filters write them: in quotes of either kind, in backticks, with escapes."""

from __future__ import annotations

import re

_HEX = "[0-9A-Fa-f]"
_ESCAPE = re.compile(
    rf"\\(?:(?P<plain>[abfnrtv\\?\"'`])|(?P<octal>[0-3][0-7]{{2}})|[xX](?P<two>{_HEX}{{2}})"
    rf"|u(?P<four>{_HEX}{{4}})|U(?P<eight>{_HEX}{{8}})|(?P<wrong>.))",
    re.DOTALL,
)
_IN_NAME = re.compile(r"``|\\(?P<kept>.)")
_BARE = re.compile(
    r"(?!(?:and|or|not|in|is|like|between|null|true|false|case|when|then|else|end|cast|as|select)\Z)[A-Za-z_]\w*",
    re.I,
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


def name_of(quoted: str) -> str:
    """Return the name that stands in backticks; one in it is doubled, or has a backslash before it."""
    return _IN_NAME.sub(lambda found: found["kept"] or "`", quoted[1:-1])


def name_as_text(name: str) -> str:
    """Return a name as filters write it: in backticks where it needs them."""
    if _BARE.fullmatch(name) and name.isascii():
        return name
    escaped = name.replace("\\", "\\\\").replace("`", "``")
    return f"`{escaped}`"
