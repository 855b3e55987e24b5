"""How what one reads may be damaged: bytes, JSON values, cells of a database."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing, suppress
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any

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
ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 2**31, 2**63, -(2**63) - 1, 10**400, 0.5, 1e308, float("nan")),
    *("", " ", "\x00", "null", "2026-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z", "../../x"),
    *("\ud800", "x" * 5000, "é" * 2000, "http://127.0.0.1:1/x", "file:///etc/hostname"),
    *([], {}, [[]], [None], {"": {}}, ["a", "a"], {"a": {"b": {"c": []}}}, [[[[[[[[]]]]]]]]),
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
                home[dice.choice(("", "x", "\x00", "prov:type", *home))] = home.pop(key)
            case _:
                home[key] = deepcopy(dice.choice(ODD))
    return value


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
