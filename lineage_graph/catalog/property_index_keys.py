"""Keys by which an index finds nodes: by a number or a short text that one of their properties holds.

An index on the properties themselves cannot be had: the embedded engine turns a value of another kind
than the first into that kind, and Neo4j refuses long ones. So each artifact and execution holds keys of
its properties in a few properties of its own, the slots, which are indexed: the numbers from the first
slot on, and apart from them the texts. A key is 20 characters, made of the property's name, its value
and the node's id; keys of one property are in the order of its values. A node with more properties
than slots is marked (``MORE``) and is a candidate of every search.

A range of keys leads to every node whose property is in a range, and perhaps to a few more: names and
texts are compared by their hashes, whole numbers by the nearest floating-point number.
"""

from __future__ import annotations

import base64
import hashlib
import math
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
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
# A key: 31 bits of the name's hash and one for the sign, 64 of the value, 24 of the id; 15 bytes.
_LENGTH, _VALUE_LENGTH = 20, 16
_NUMBER, _BITS = struct.Struct(">IdI"), struct.Struct(">IQI")


def seek_keys(properties: Mapping[str, Any], node_id: int) -> dict[str, str]:
    """Return the slots of a node that has these properties, under the graph's names."""
    numbers: list[bytes] = []
    texts: list[bytes] = []
    low = (node_id & _LAST_ID) << 8
    for name, value in properties.items():
        kind = type(value)
        if kind is float or kind is int:
            if value >= 0:
                numbers.append(_NUMBER.pack(_name(name) + 1, value + 0.0, low)[:15])
            else:
                numbers.append(_number(name, value, node_id))
        elif kind is str and len(value) <= LONGEST_TEXT:
            texts.append(_BITS.pack(_name(name), _text(value), low)[:15])
    numbers.sort()
    texts.sort()
    joined = _written(b"".join(numbers[: len(NUMBERS)] + texts[: len(TEXTS)]))
    keys = {slot: joined[part] for slot, part in _places(len(numbers), len(texts))}
    if len(numbers) > len(NUMBERS):
        keys[MORE] = f"{_MORE_NUMBERS}{node_id}"
    elif len(texts) > len(TEXTS):
        keys[MORE] = f"{_MORE_TEXTS}{node_id}"
    return keys


@dataclass(frozen=True)
class Range:
    """A range of keys of one property, both ends included, and the slots it is looked up in."""

    name: str
    low: str
    high: str
    texts: bool = False

    @property
    def is_one_value(self) -> bool:
        """Whether all its keys are those of one value."""
        return self.low[:_VALUE_LENGTH] == self.high[:_VALUE_LENGTH]

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
    """Return the range of keys for a comparison with a value; None where keys cannot express it.

    ``name`` is the graph's name of the property, ``sign`` one of ``=``, ``<``, ``<=``, ``>``, ``>=``.
    """
    if isinstance(value, str):
        if sign != "=" or len(value) > LONGEST_TEXT:
            return None
        low, high = (_BITS.pack(_name(name), _text(value), i << 8)[:15] for i in (0, _LAST_ID))
        return Range(name, _written(low), _written(high), texts=True)
    low, high = _number(name, value, 0), _number(name, value, _LAST_ID)
    if sign in ("<", "<="):
        low = _BITS.pack(_name(name), 0, 0)[:15]
    elif sign in (">", ">="):
        high = _number(name, math.nan, _LAST_ID)
    return Range(name, _written(low), _written(high))


def narrowest(conditions: Iterable[tuple[Range, ...]]) -> tuple[tuple[Range, ...], ...]:
    """Return the conditions, the most selective first; two ranges of one property are intersected."""
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


@cache
def _places(numbers: int, texts: int) -> list[tuple[str, slice]]:
    """Return the slots that so many keys take, and where in the keys written together each is."""
    slots = (*NUMBERS[:numbers], *TEXTS[:texts])
    return [(slot, slice(at * _LENGTH, (at + 1) * _LENGTH)) for at, slot in enumerate(slots)]


def _number(name: str, number: float, node_id: int) -> bytes:
    """Return the key of a number: in the order of the numbers, NaN last."""
    low = (node_id & _LAST_ID) << 8
    if number != number:
        return _BITS.pack(_name(name) + 1, _HIGHEST, low)[:15]
    if number >= 0:
        return _NUMBER.pack(_name(name) + 1, number + 0.0, low)[:15]  # -0.0 becomes 0.0
    _, bits, _ = _BITS.unpack(_NUMBER.pack(0, number, 0))
    return _BITS.pack(_name(name), bits ^ _HIGHEST, low)[:15]


def _written(key: bytes) -> str:
    """Return keys in 64 characters that sort as their bits do."""
    return base64.b64encode(key).translate(_ORDERED).decode("ascii")


@lru_cache(maxsize=10_000)
def _name(name: str) -> int:
    """Return 31 bits of a name's hash, and a free one behind them."""
    digest = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=4).digest()
    return int.from_bytes(digest, "big") & ~1


@lru_cache(maxsize=10_000)
def _text(text: str) -> int:
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big")
