"""One spelling of a name: PROV-JSON holds any character, PROV-N writes some of them as ``%XX``."""

from __future__ import annotations

import re
from urllib.parse import unquote

_UNWRITABLE = re.compile(  # what PROV-N's grammar has neither in PN_CHARS nor in PN_CHARS_OTHERS
    r"[^-A-Za-z0-9_.~/@&+*?#$!%='(),:;\[\]\u00b7\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u037d\u037f-\u1fff"
    r"\u200c\u200d\u203f\u2040\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd"
    r"\U00010000-\U000effff]|%(?![0-9A-Fa-f]{2})"
)


def spelt(uri: str) -> str:
    """Return a URI as PROV-N writes it, in which what it cannot write stands as ``%XX``."""
    return _UNWRITABLE.sub(_escaped, uri)


def readable(local: str) -> str:
    """Return a local name with the characters that stand as ``%XX`` only because PROV-N cannot write them."""
    plain = unquote(local)
    return plain if spelt(plain) == spelt(local) else local


def _escaped(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "surrogatepass"))
