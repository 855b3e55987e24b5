"""Seeded damage at MLflow's three doors; by hand: ``python -m tests.exchange.mlflow.mutations 4000``."""

from __future__ import annotations

import json
import random
import sqlite3
import sys
import tarfile
import tempfile
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from lineage_graph.errors import LineageError
from tests.conftest import DATA
from tests.exchange.mlflow.reading import read
from tests.exchange.mlflow.served import Served, serving

_TABLES = ("experiments", "runs", "params", "metrics", "latest_metrics", "tags", "datasets")
_TABLES += ("inputs", "input_tags", "logged_models", "logged_model_params", "logged_model_tags")
_TABLES += ("logged_model_metrics", "registered_models", "model_versions", "model_version_tags")
_TABLES += ("registered_model_aliases", "experiment_tags")
_ODD: tuple[Any, ...] = (
    None,
    "",
    "abc",
    b"\x00\xff",
    1.5,
    -1,
    2**63 - 1,
    -(2**63),
    1e308,
    float("inf"),
)
_ODD += ("\0", "x" * 9000, "[1", '{"num_rows": 1e999}', "models:/m-1", "runs:/../x", "٣", 0)


def mutate_folder(made: Path, chance: random.Random, times: int) -> None:
    """Read a folder again and again, each time with one file damaged."""
    files = [path for path in made.rglob("*") if path.is_file()]
    for _ in range(times):
        path = chance.choice(files)
        kept = path.read_bytes()
        path.write_bytes(mutated(kept, chance))
        with suppress(LineageError):
            read(made)
        path.write_bytes(kept)


def mutate_database(sample: Path, folder: Path, chance: random.Random, times: int) -> None:
    """Read a database with odd values in some places, and with damaged bytes."""
    whole = (sample / "mlflow.db").read_bytes()
    file = folder / "mutated.db"
    for turn in range(times):
        if turn % 4 == 3:
            file.write_bytes(mutated(whole, chance))
        elif turn % 4 == 0:
            file.write_bytes(whole)
        if turn % 4 != 3:
            with closing(sqlite3.connect(file)) as database, database:
                database.execute("PRAGMA ignore_check_constraints = ON")
                for _ in range(chance.randint(1, 4)):
                    _change(database, chance)
        with suppress(LineageError):
            read(file)


def mutate_answers(sample: Path, chance: random.Random, times: int) -> None:
    """Read a server whose answers have damage in them."""
    served = Served(sample / "rest")
    whole = json.dumps(served.answers).encode()
    with serving(served) as address:
        for _ in range(times):
            try:
                served.answers = json.loads(mutated(whole, chance).decode("utf-8", "replace"))
            except ValueError:
                served.answers = _odd(json.loads(whole), chance)
            with suppress(LineageError):
                read(address)


def _change(database: sqlite3.Connection, chance: random.Random) -> None:
    table = chance.choice(_TABLES)
    columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
    some = f"rowid IN (SELECT rowid FROM {table} ORDER BY random() LIMIT {chance.choice((1, 9))})"
    with suppress(sqlite3.IntegrityError):
        database.execute(
            f"UPDATE {table} SET {chance.choice(columns)} = ? WHERE {some}", [chance.choice(_ODD)]
        )


def _odd(answers: Any, chance: random.Random) -> Any:
    """Return answers in which one value is another."""
    places = list(_places(answers))
    home, key = chance.choice(places)
    odd = chance.choice(_ODD)
    home[key] = odd if not isinstance(odd, bytes) else [{}]
    return answers


def _places(found: Any) -> Any:
    keys = range(len(found)) if isinstance(found, list) else list(found)
    for key in keys:
        yield found, key
        if isinstance(found[key], (dict, list)):
            yield from _places(found[key])


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Return bytes of which some were changed, left out or put in."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(changed) + 1) if changed else 0
        kind = chance.randrange(3)
        if kind == 0 and changed:
            changed[min(place, len(changed) - 1)] = chance.randrange(256)
        elif kind == 1:
            del changed[place : place + chance.randrange(20)]
        else:
            changed[place:place] = chance.choice(
                [b'"', b"{", b"null", b"9" * 30, b": ", b"\n", b"-1"]
            )
    return bytes(changed)


if __name__ == "__main__":
    each, chance = int(sys.argv[1]), random.Random(int(sys.argv[2]) if sys.argv[2:] else 1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for archive in ("mlflow.tgz", "mlruns.tgz"):
            with tarfile.open(DATA / archive) as opened:
                opened.extractall(folder, filter="data")
        mutate_folder(folder / "mlruns", chance, each)
        mutate_database(folder, folder, chance, each)
        mutate_answers(folder, chance, each)
    print(f"{3 * each:,} mutations, no crash")
