"""LIKE: its patterns as regular expressions that match the same, in time that stays short."""

from __future__ import annotations

_FLAGS = "(?is)"  # letters of ASCII match in either case; % and _ match line breaks too


def regular_expression(pattern: str) -> str:
    """Return the Java regular expression of a LIKE pattern: ``%`` any text, ``_`` one character.

    A part between two ``%`` is taken where it first matches and never tried again elsewhere (an
    atomic group): were there a match further on, the rest would match there too.
    """
    first, *others = pattern.split("%")
    if not others:
        return _FLAGS + _part(first)
    middle = "".join(f"(?>.*?{_part(part)})" for part in others[:-1] if part)
    return f"{_FLAGS}{_part(first)}{middle}.*{_part(others[-1])}"


def _part(text: str) -> str:
    return "".join(_sign(sign) for sign in text)


def _sign(sign: str) -> str:
    if sign == "_":
        return "."
    return sign if sign.isalnum() or sign.isspace() else f"\\{sign}"
