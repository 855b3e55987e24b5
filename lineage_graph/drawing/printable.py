"""Texts that every file can hold: names come from anywhere, and files are read by strict parsers."""

from __future__ import annotations

import re

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """Return a text with a sign (�) for each character that XML 1.0 or UTF-8 cannot hold."""
    return _CONTROL.sub("\ufffd", text)


def one_line(text: str) -> str:
    """Return a text in one line that cannot change the text direction of its neighbours."""
    return _TURNING.sub("", " ".join(printable(text).split()))
