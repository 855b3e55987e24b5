"""Keys by which an index finds nodes: by a number or a short text that one of their properties holds.

An index on the properties themselves cannot be had: the embedded engine turns a value of another kind
than the first into that kind, and Neo4j refuses long ones. So each artifact and execution holds keys of
its properties in a few properties of its own, the slots, which are indexed: the numbers from the first
slot on, and apart from them the texts. A key is 20 characters, made of the property's name, its value
and the node's id; keys of one property are in the order of its values. A node with more properties
than there are slots says so, and is looked at whatever is sought.

A range of keys leads to every node whose property is in a range, and perhaps to a few more: names and
texts are told apart by their hashes, whole numbers by the nearest floating-point number.
"""

from __future__ import annotations

import base64
import hashlib
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

NUMBERS = tuple(f"seek_number_{slot}" for slot in range(5))
TEXTS = tuple(f"seek_text_{slot}" for slot in range(3))
MORE = "seek_more"
SLOTS = (*NUMBERS, *TEXTS, MORE)
"""The properties of artifacts and executions that hold keys."""
LONGEST_TEXT = 100
"""Characters of a text; longer ones, which are rarely looked for, have no key."""
_MORE_TEXTS, _MORE_NUMBERS, _END = "a", "b", "~"
_HIGHEST, _LAST_ID = 2**64 - 1, 2**24 - 1
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_ORDERED = bytes.maketrans(_BASE64, bytes(sorted(_BASE64)))
_PARTS, _BITS, _DOUBLE = struct.Struct(">IQI"), struct.Struct(">Q"), struct.Struct(">d")


def seek_keys(properties: Mapping[str, Any], node_id: int) -> dict[str, str]:
    """Return the slots of a node that has these properties, under the graph's names."""
    numbers: list[str] = []
    texts: list[str] = []
    for name, value in properties.items():
        kind = type(value)
        if kind is int or kind is float:
            numbers.append(_key(_name(name), _number(value), node_id))
        elif kind is str and len(value) <= LONGEST_TEXT:
            texts.append(_key(_name(name), _text(value), node_id))
    slots = dict(zip(NUMBERS, sorted(numbers), strict=False))
    slots.update(zip(TEXTS, sorted(texts), strict=False))
    if len(numbers) > len(NUMBERS):
        slots[MORE] = f"{_MORE_NUMBERS}{node_id}"
    elif len(texts) > len(TEXTS):
        slots[MORE] = f"{_MORE_TEXTS}{node_id}"
    return slots


@dataclass(frozen=True)
class Range:
    """The keys of a property from one to another, both included; in which slots, and who has more."""

    name: str
    low: str
    high: str
    texts: bool = False

    @property
    def is_one_value(self) -> bool:
        """Whether all its keys are those of one value."""
        return self.low[:16] == self.high[:16]

    @property
    def slots(self) -> tuple[str, ...]:
        """Where its keys are."""
        return TEXTS if self.texts else NUMBERS

    @property
    def more(self) -> tuple[str, str]:
        """The range of ``MORE`` of nodes that may have such keys and no room for them."""
        return (_MORE_TEXTS if self.texts else _MORE_NUMBERS), _MORE_NUMBERS + _END

    def within(self, other: Range) -> Range:
        """Return what is in both ranges of one property."""
        return Range(self.name, max(self.low, other.low), min(self.high, other.high), self.texts)


def range_of(name: str, sign: str, value: float | str) -> Range | None:
    """Return the keys of what compares so with a value; None where no keys say it.

    ``name`` is the graph's name of the property, ``sign`` one of ``=``, ``<``, ``<=``, ``>``, ``>=``.
    """
    if isinstance(value, str):
        if sign != "=" or len(value) > LONGEST_TEXT:
            return None
        low = high = _text(value)
    else:
        bits = _number(value)
        low = 0 if sign in ("<", "<=") else bits
        high = _HIGHEST if sign in (">", ">=") else bits
    known = _name(name)
    return Range(name, _key(known, low, 0), _key(known, high, _LAST_ID), isinstance(value, str))


def narrowest(conditions: Iterable[tuple[Range, ...]]) -> tuple[tuple[Range, ...], ...]:
    """Return conditions that all hold, those that leave least first; two about one property are one."""
    alone: dict[str, Range] = {}
    others = []
    for ranges in conditions:
        if len(ranges) > 1:
            others.append(ranges)
            continue
        known = alone.get(ranges[0].name)
        same = known is not None and known.texts == ranges[0].texts
        alone[ranges[0].name] = known.within(ranges[0]) if same and known else ranges[0]
    found = [*((one,) for one in alone.values()), *others]
    return tuple(sorted(found, key=lambda ranges: (len(ranges), not ranges[0].is_one_value)))


def _key(name: int, value: int, node_id: int) -> str:
    packed = _PARTS.pack(name, value, (node_id & _LAST_ID) << 8)
    return base64.b64encode(packed[:15]).translate(_ORDERED).decode("ascii")


@lru_cache(maxsize=10_000)
def _name(name: str) -> int:
    return int.from_bytes(
        hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=4).digest(), "big"
    )


@lru_cache(maxsize=10_000)
def _text(text: str) -> int:
    return int.from_bytes(
        hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big"
    )


def _number(number: float) -> int:
    """Return a number's bits, such that they are in the order of the numbers; NaN comes last."""
    if number != number:
        return _HIGHEST
    bits: int = _BITS.unpack(_DOUBLE.pack(number + 0.0))[0]  # -0.0 becomes 0.0
    return bits ^ _HIGHEST if bits >> 63 else bits | 1 << 63
