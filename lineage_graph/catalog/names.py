"""How the model's names are written in the graph: properties of nodes, and keys of indexes.

A declared property keeps its name, a custom one is ``custom_<name>``, ML Metadata's own fields keep
theirs. Two rules make the mapping one to one: a declared name that equals a field's name, with any
number of underscores behind it, gets one more behind; a declared name that reads ``custom_…``, with
any number of underscores before it, gets one more before. Where a name is empty, or has a NUL or a
backslash in it, those are written ``\\e``, ``\\0`` and ``\\\\``.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

from lineage_graph.catalog.property_index_keys import SLOTS

FIELDS = (
    "id",
    "type_id",
    "type",
    "type_version",
    "name",
    "external_id",
    "origin",
    "create_time_since_epoch",
    "last_update_time_since_epoch",
    "uri",
    "state",
    "last_known_state",
)
"""The model's fields, which nodes of the graph hold under the same names."""
HIDDEN = (
    "name_key",
    "external_key",
    "uri_key",
    "sha256_key",
    "md5_key",
    "digest_key",
    "value_kinds",
    *SLOTS,
)
"""What nodes of the graph hold besides, for indexes and for values of other kinds."""
RESERVED = frozenset(FIELDS + HIDDEN)
CUSTOM = "custom_"
_LOOKS_RESERVED = re.compile(rf"(?:{'|'.join(sorted(RESERVED))})_*")
_LOOKS_CUSTOM = re.compile(rf"_*{CUSTOM}")
_ESCAPE = re.compile(r"\\([0e\\])")
_KEY_LENGTH = 200


def index_key(text: str) -> str:
    """Return the text as indexes hold it: itself where short, else its start and its SHA-256.

    Indexes of both engines refuse long values (Neo4j: about 8 kB), names and URIs have no limit.
    """
    if len(text) <= _KEY_LENGTH:
        return text
    digest = hashlib.sha256(text.encode()).hexdigest()
    return f"{text[: _KEY_LENGTH - len(digest) - 1]}#{digest}"


@lru_cache(maxsize=10_000)
def property_key(name: str, custom: bool = False) -> str:
    """Return the graph's name of a declared or a custom property."""
    name = _escaped(name)
    if custom:
        return CUSTOM + name
    if _LOOKS_RESERVED.fullmatch(name):
        return name + "_"
    return "_" + name if _LOOKS_CUSTOM.match(name) else name


def custom_name(key: str) -> str:
    """Return the name of the custom property that has this name in the graph."""
    return _unescaped(key[len(CUSTOM) :])


def declared_name(key: str) -> str:
    """Return the name of the declared property that has this name in the graph."""
    if key.endswith("_") and _LOOKS_RESERVED.fullmatch(key):
        return _unescaped(key[:-1])
    return _unescaped(key[1:] if key.startswith("_") and _LOOKS_CUSTOM.match(key) else key)


def _escaped(name: str) -> str:
    """Neo4j's property names are never empty and hold no NUL."""
    return name.replace("\\", "\\\\").replace("\0", "\\0") or "\\e"


def _unescaped(key: str) -> str:
    if "\\" not in key:
        return key
    return _ESCAPE.sub(lambda found: {"0": "\0", "e": "", "\\": "\\"}[found[1]], key)
