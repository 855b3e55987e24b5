"""SQLite files of other tools with damaged pages, texts, schemas and values: refused or read, never a crash."""

from __future__ import annotations

import sqlite3
import tarfile
from contextlib import closing, suppress
from pathlib import Path
from random import Random

import pytest

from lineage_graph.errors import BadFile
from lineage_graph.exchange import open_source
from tests.conftest import DATA
from tests.exchange.mutations import checked

_PAGE = 4096  # bytes
_SCHEMA = slice(100, 4 * _PAGE)  # where texts of the schema are


@pytest.fixture(scope="module")
def mlflow_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mlflow")
    with tarfile.open(DATA / "mlflow.tgz") as archive:
        archive.extractall(folder, filter="data")
    return folder / "mlflow.db"


@pytest.fixture(params=["mlmd", "mlflow"])
def sound(request: pytest.FixtureRequest) -> bytes:
    if request.param == "mlmd":
        return (DATA / "tfx_mlmd.sqlite").read_bytes()
    found: Path = request.getfixturevalue("mlflow_file")
    return found.read_bytes()


def test_damaged_bytes(sound: bytes, tmp_path: Path) -> None:
    for number in range(60):
        dice = Random(number)
        content = bytearray(sound)
        for _ in range(dice.choice((1, 5, 30))):
            whole = range(len(content))
            at = dice.choice(whole[_SCHEMA] if dice.random() < 0.5 else whole)
            content[at] = dice.choice((content[at] ^ 1 << dice.randrange(8), 0xFF, 0))
        file = tmp_path / "damaged.db"
        file.write_bytes(content)
        with suppress(BadFile), open_source(file) as source:
            checked(source)


def test_a_table_whose_name_is_no_text(sound: bytes, tmp_path: Path) -> None:
    """Which reader is meant is asked before a reader looks at the file."""
    file = tmp_path / "damaged.db"
    file.write_bytes(sound)
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE odd (a)")
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_master SET name = CAST(x'ff' AS TEXT) WHERE name = 'odd'")
    with pytest.raises(BadFile, match=r"damaged\.db"):
        open_source(file)


@pytest.mark.parametrize(
    "change",
    [
        "DROP TABLE MLMDEnv; CREATE TABLE MLMDEnv (schema_version); INSERT INTO MLMDEnv VALUES ('ten')",
        "CREATE TABLE other AS SELECT * FROM Artifact; DROP TABLE Artifact; "
        "ALTER TABLE other RENAME TO Artifact; UPDATE Artifact SET id = 'x'",
        "CREATE TABLE other AS SELECT * FROM Event; DROP TABLE Event; "
        "ALTER TABLE other RENAME TO Event; UPDATE Event SET id = CAST(x'78ff' AS TEXT)",
        "ALTER TABLE Artifact RENAME TO other; CREATE VIEW Artifact AS SELECT * FROM other",
    ],
    ids=["version", "id", "text-that-is-none", "view"],
)
def test_what_stands_in_a_table(change: str, tmp_path: Path) -> None:
    file = tmp_path / "damaged.db"
    file.write_bytes((DATA / "tfx_mlmd.sqlite").read_bytes())
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(f"PRAGMA legacy_alter_table = ON; {change}")
    with pytest.raises(BadFile, match=r"damaged\.db"), open_source(file) as source:
        checked(source)
