"""How inputs are mutated: bytes, texts, JSON values, messages, cells of a database; and how they end."""

from __future__ import annotations

import json
import re
import resource
import signal
import sqlite3
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any

from google.protobuf.descriptor import FieldDescriptor

_WORDS = (
    *(b"", b'"', b"{", b"}", b"[", b"]", b"null", b"\x00", b"\xff", b"1e999", b"-1", b"\n", b"'"),
    *(
        b": ",
        b"- ",
        b"&a ",
        b"*a",
        b"!!python/object:os.system",
        b"%",
        b"\xed\xa0\x80",
        b"99999999999999999999",
    ),
)
TEXTS: tuple[str, ...] = (
    *("", " ", "\x00", "\n", "\x1b[31m", "\u202eabc", "e\u0301" * 50, "\u200b", "😀" * 300),
    *("null", "true", "NaN", "-0", "1e999", "9" * 400, "0x10", "__proto__", "constructor", "id"),
    *("2026-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z", "0001-01-01", "2026-02-30T25:61:00Z"),
    *("1970-01-01T00:00:00+23:59", "-1", "0", "9223372036854775808", "9000000000000000000"),
    *("../../x", "/etc/hostname", "C:\\x", "file:///etc/hostname", "http://127.0.0.1:1/x", "s3://"),
    *("http://[::1", "mlmd-struct::{", "mlmd-struct::CgA=", "%00", "%", "%ff%fe", "a" * 70_000),
    *("x' }) DETACH DELETE n //", "'; DROP TABLE Artifact; --", "<script>alert(1)</script>"),
    *("{{ 7*7 }}", "${x}", "`", "\\", "'", '"', "'\"`", "[" * 3000, '{"a":' * 2000, "é" * 2000),
)
"""Texts that are taken for something else, or that are hard to store or to draw."""
LONG = "long " * 200_000
HALF = "\ud800"
"""Half a character: no text in UTF-8."""
NUMBERS: tuple[Any, ...] = (
    *(0, -1, 1, 2**31 - 1, 2**31, -(2**31), 2**53 + 1, 2**63 - 1, 2**63, -(2**63), -(2**63) - 1),
    *(2**64, 10**400, 9 * 10**18, 0.5, -0.0, 1e308, 5e-324, *map(float, ("nan", "inf", "-inf"))),
)


def _nested(depth: int) -> list[Any]:
    return [_nested(depth - 1)] if depth else []


ODD: tuple[Any, ...] = (
    *(None, True, False, *NUMBERS, *TEXTS, HALF),
    *(
        [],
        {},
        [[]],
        [None],
        {"": {}},
        ["a", "a"],
        {"a": {"b": {"c": []}}},
        _nested(8),
        _nested(300),
    ),
    *({"__proto__": {"x": 1}}, {"id": {"id": "id"}}, [{}] * 500, {HALF: HALF}, {"\x00": "\x00"}),
)
_CELLS = (
    *(None, 0, -1, 1, 2**63 - 1, -(2**63), 0.5, float("inf"), "", "x", "\x00", "9" * 400, "é"),
    *(b"", b"\x00", b"\xff\xfe", b"\x0a\x05" * 50, "{", '{"a": 1}', "mlmd-struct::", "[" * 3000),
)


def damaged(content: bytes, dice: Random) -> bytes:
    """Return bytes with one to six places changed, taken out, told twice or cut off."""
    changed = bytearray(content)
    for _ in range(dice.randint(1, 6)):
        size = len(changed)
        at, far = dice.randrange(size + 1), dice.choice((1, 1, 4, 40, 400))
        match dice.randrange(6):
            case 0 if at < size:
                changed[at] ^= 1 << dice.randrange(8)
            case 1:
                del changed[at : at + far]
            case 2:
                changed[at:at] = changed[at : at + far]
            case 3:
                changed[at:at] = dice.choice(_WORDS) * dice.choice((1, 1, 1, 300))
            case 4:
                changed[at : at + far] = dice.choice(_WORDS)
            case _ if dice.random() < 0.2:
                del changed[at:]
    return bytes(changed)


def changed_json(value: Any, dice: Random) -> Any:
    """Return a JSON value with one to three of its places changed, moved or taken out."""
    value = deepcopy(value)
    for _ in range(dice.randint(1, 3)):
        places = list(_places(value))
        if not places:
            return deepcopy(dice.choice(ODD))
        home, key = dice.choice(places)
        match dice.randrange(5):
            case 0:
                del home[key]
            case 1:
                other, from_there = dice.choice(places)
                home[key] = deepcopy(_held(other, from_there))
            case 2 if isinstance(home, dict):
                home[dice.choice(("", "x", "\x00", "prov:type", HALF, *home))] = home.pop(key)
            case 2:
                home.append(deepcopy(home[key]))
            case _:
                held = home[key]
                home[key] = (
                    LONG if dice.random() < 0.002 else deepcopy(dice.choice(_odd(held, dice)))
                )
    return value


def _odd(held: Any, dice: Random) -> tuple[Any, ...]:
    """Return values to put in the place of one: often such of its own kind."""
    if dice.random() < 0.4:
        if isinstance(held, str):
            return TEXTS
        if isinstance(held, int | float):
            return NUMBERS
    return ODD


def changed_text(text: str, dice: Random) -> str:
    """Return a text with one to three of its words or signs replaced, taken out, moved or told twice."""
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        words = re.findall(r"\w+|\s+|[^\w\s]", text) or [""]
        at = dice.randrange(len(words))
        match dice.randrange(6):
            case 0:
                del words[at]
            case 1:
                words.insert(at, dice.choice(words) * dice.choice((1, 1, 2, 200)))
            case 2:
                words[at] = dice.choice(words)
            case 3:
                words[at] = str(dice.choice(NUMBERS))
            case 4:
                words[at] = dice.choice(TEXTS)
            case _:
                words[at] = dice.choice(_SIGNS)
        text = "".join(words)
    return text


_SIGNS = (
    *"()[]{}.,:;=<>|&%*+-/^$'\"`~!@#?\\",
    "NOT ",
    " AND ",
    " OR ",
    " IN ",
    " NULL ",
    "/*",
    "//",
)


def changed_message(message: Any, dice: Random) -> Any:
    """Return a copy of a protobuf message of which one to three fields, at any depth, are changed."""
    changed = type(message)()
    changed.CopyFrom(message)
    for _ in range(dice.randint(1, 3)):
        holders = list(_messages(changed))
        holder = dice.choice(holders)
        described = dice.choice(holder.DESCRIPTOR.fields or [None])
        if described is not None:
            with suppress(ValueError, TypeError):  # protobuf keeps to its own rules
                _change_field(holder, described, dice)
    return changed


def _change_field(holder: Any, described: Any, dice: Random) -> None:
    is_list = described.is_repeated
    entry = described.message_type if described.message_type is not None else None
    held = getattr(holder, described.name)
    if dice.random() < 0.25:
        holder.ClearField(described.name)
    elif entry is not None and entry.GetOptions().map_entry:
        keys = [*held]
        key = dice.choice((*keys, *TEXTS)) if dice.random() < 0.7 or not keys else keys[0]
        inner = entry.fields_by_name["value"]
        if inner.message_type is not None:
            held[key].SetInParent()
        else:
            held[key] = _value_of(inner, dice)
    elif entry is not None:
        if not is_list:
            held.SetInParent()
        elif len(held) and dice.random() < 0.6:
            held.add().CopyFrom(dice.choice(held))  # told twice
        else:
            for _ in range(dice.choice((1, 1, 2, 50))):
                held.add()
    elif not is_list:
        setattr(holder, described.name, _value_of(described, dice))
    elif len(held) and dice.random() < 0.5:
        held[dice.randrange(len(held))] = _value_of(described, dice)
    else:
        held.extend([_value_of(described, dice)] * dice.choice((1, 1, 2, 200)))


def _value_of(described: Any, dice: Random) -> Any:
    if described.enum_type is not None:
        return dice.choice([*(one.number for one in described.enum_type.values), -1, 99, 2**31 - 1])
    match described.cpp_type:
        case FieldDescriptor.CPPTYPE_STRING if described.type == FieldDescriptor.TYPE_BYTES:
            return dice.choice((b"", b"\xff\xfe", b"\x00" * 1000))
        case FieldDescriptor.CPPTYPE_STRING:
            return LONG if dice.random() < 0.01 else dice.choice(TEXTS)
        case FieldDescriptor.CPPTYPE_BOOL:
            return dice.random() < 0.5
        case FieldDescriptor.CPPTYPE_DOUBLE | FieldDescriptor.CPPTYPE_FLOAT:
            return dice.choice(_DECIMAL)
        case _:
            return dice.choice((*_WHOLE, *range(12)))


_DECIMAL = tuple(float(one) for one in NUMBERS if one != 10**400)
_WHOLE = tuple(one for one in NUMBERS if isinstance(one, int))  # those too large protobuf refuses


def _messages(outer: Any) -> Iterator[Any]:
    """Yield a message and what it holds, at every depth."""
    yield outer
    for described, content in outer.ListFields():
        inner = described.message_type
        if inner is None:
            continue
        if inner.GetOptions().map_entry:
            if inner.fields_by_name["value"].message_type is not None:
                for key in content:
                    yield from _messages(content[key])
            continue
        for one in content if described.is_repeated else [content]:
            yield from _messages(one)


def text_of(value: Any) -> bytes:
    """Return a value as JSON, or what is nearly that."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


def changed_cells(path: Path, dice: Random) -> None:
    """Change one to three cells of an SQLite file, or take a row, a column or a table out."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA synchronous = OFF")
        database.execute("PRAGMA foreign_keys = OFF")
        tables = [
            row[0]
            for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        for _ in range(dice.randint(1, 3)):
            table = dice.choice(tables)
            columns = [row[1] for row in database.execute(f'PRAGMA table_info("{table}")')]
            if columns:
                _change(database, table, dice.choice(columns), dice)


def _change(database: sqlite3.Connection, table: str, column: str, dice: Random) -> None:
    row = f'(SELECT rowid FROM "{table}" LIMIT 1 OFFSET {dice.randrange(20)})'
    statements: tuple[tuple[str, tuple[Any, ...]], ...] = (
        *((f'UPDATE "{table}" SET "{column}" = ? WHERE rowid = {row}', (dice.choice(_CELLS),)),)
        * 8,
        (f'UPDATE "{table}" SET "{column}" = ?', (dice.choice(_CELLS),)),
        (f'DELETE FROM "{table}" WHERE rowid = {row}', ()),
        (f'DELETE FROM "{table}"', ()),
        (f'ALTER TABLE "{table}" DROP COLUMN "{column}"', ()),
        (f'DROP TABLE "{table}"', ()),
    )
    with suppress(sqlite3.Error):  # the database holds to its own rules
        database.execute(*dice.choice(statements))


def _places(value: Any) -> Any:
    """Yield each place within a JSON value: what holds it, and under which key."""
    pending = [value]
    while pending:
        held = pending.pop()
        keys = (
            held if isinstance(held, dict) else range(len(held)) if isinstance(held, list) else ()
        )
        for key in list(keys):
            yield held, key
            pending.append(held[key])


def _held(home: Any, key: Any) -> Any:
    try:
        return home[key]
    except (KeyError, IndexError):
        return None


class Hang(BaseException):
    """Something did not come to an end."""


@contextmanager
def watched(seconds: int) -> Iterator[None]:
    """Interrupt what takes longer.

    Raises:
        Hang: it did.
    """

    def late(number: int, frame: FrameType | None) -> None:
        raise Hang

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@dataclass
class Tally:
    """How the inputs of one door ended: counts, tracebacks of those that failed, the longest time."""

    name: str
    ends: Counter[str] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)
    longest: float = 0.0
    slowest: str = ""
    begun: float = field(default_factory=time.perf_counter)

    def note(self, what: str, work: Callable[[], str], seconds: int) -> None:
        """Count how ``work``, an input of this description, ends within so many seconds."""
        begin = time.perf_counter()
        try:
            with watched(seconds):
                self.ends[work()] += 1
        except (Exception, Hang):
            self.ends["failed"] += 1
            self.failed.append(f"{self.name}: {what}\n{traceback.format_exc(limit=-6)}")
        took = time.perf_counter() - begin
        if took > self.longest:
            self.longest, self.slowest = took, what

    def told(self) -> str:
        """Return the figures, and one failure of each kind."""
        ends = ", ".join(f"{count:,} {end}" for end, count in sorted(self.ends.items()))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        took = time.perf_counter() - self.begun
        figures = f"{self.name:<12} {ends}; at most {self.longest:.2f} s each, {peak:.0f} MB; {took:.0f} s"
        kinds = {text.rstrip().splitlines()[-1][:200]: text for text in self.failed}
        return "\n".join([figures, *kinds.values()])
