"""What changed in a store's files while no engine ran is found, told, and in no backup."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from typer.testing import CliRunner, Result

from lineage_graph.cli.exits import EXIT_CODES
from lineage_graph.cli.main import app
from lineage_graph.engines import stop_engine
from lineage_graph.engines.checksums import (
    CHECKSUM_FILE,
    check_files,
    known_damage,
    note_files,
)
from lineage_graph.engines.state import FILES
from lineage_graph.errors import DamagedStore
from lineage_graph.settings import Settings
from lineage_graph.store import Store
from tests.store.build import TYPES, put_artifact

_NAMES = ("Artifact%7EModel_0.12.32768.v0.bucket", "INPUT_0_25.79.65536.v1.umtidx", "schema.json")


@pytest.fixture
def noted(tmp_path: Path) -> Path:
    """A folder whose database holds some files, as an engine that was stopped leaves it."""
    files = tmp_path / FILES
    files.mkdir(parents=True)
    for number, name in enumerate(_NAMES):
        (files / name).write_bytes(Random(number).randbytes(5000))
    note_files(tmp_path, files)
    return tmp_path


def _flip(path: Path, dice: Random) -> None:
    content = bytearray(path.read_bytes())
    content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
    path.write_bytes(content)


def test_one_bit_is_found_wherever_it_is(noted: Path) -> None:
    kept = (noted / CHECKSUM_FILE).read_bytes()
    for number in range(200):
        dice = Random(number)
        name = dice.choice(_NAMES)
        whole = (noted / FILES / name).read_bytes()
        _flip(noted / FILES / name, dice)
        (told,) = check_files(noted, noted / FILES)
        assert name in told
        (noted / FILES / name).write_bytes(whole)
        (noted / CHECKSUM_FILE).write_bytes(kept)
    assert check_files(noted, noted / FILES) == ()


def test_it_says_what_the_files_hold(noted: Path) -> None:
    for name in _NAMES:
        _flip(noted / FILES / name, Random(0))
    (noted / FILES / _NAMES[2]).unlink()
    assert check_files(noted, noted / FILES) == (
        f"the file {_NAMES[0]} (Artifact and Model)",
        f"the file {_NAMES[1]} (an index of INPUT)",
        f"the file {_NAMES[2]}, which is missing",
    )


def test_what_was_found_once_stays(noted: Path) -> None:
    """Else the next checksums would be those of damaged files, and all would be well."""
    _flip(noted / FILES / _NAMES[0], Random(0))
    told = check_files(noted, noted / FILES)
    note_files(noted, noted / FILES)
    assert check_files(noted, noted / FILES) == told
    assert isinstance(known_damage(noted), DamagedStore)


def test_after_a_process_that_was_killed(noted: Path) -> None:
    """What it wrote is no damage; what it did not write must be as it was."""
    check_files(noted, noted / FILES)  # it starts, and never notes anything
    written, rotten = (noted / FILES / name for name in _NAMES[:2])
    _flip(written, Random(0))
    os.utime(written, ns=(1, 1))
    before = rotten.stat()
    _flip(rotten, Random(0))
    os.utime(rotten, ns=(before.st_atime_ns, before.st_mtime_ns))
    (told,) = check_files(noted, noted / FILES)
    assert rotten.name in told


def test_damaged_checksums_are_damage(noted: Path) -> None:
    (noted / CHECKSUM_FILE).write_bytes(b"{" + (noted / CHECKSUM_FILE).read_bytes())
    assert check_files(noted, noted / FILES) == (f"the file {CHECKSUM_FILE}",)


def test_a_folder_of_an_older_release_has_none(noted: Path) -> None:
    (noted / CHECKSUM_FILE).unlink()
    assert check_files(noted, noted / FILES) == ()
    assert known_damage(noted) is None


@pytest.fixture
def stopped(tmp_path: Path) -> Iterator[Path]:
    """The folder of a store that holds an artifact, and whose engine has stopped."""
    settings = Settings(folder=tmp_path / "store", uri=None, engine_linger=0.2)
    with Store.open(settings=settings) as store:
        store.put(TYPES)
        put_artifact(store, uri="s3://bucket/it-is-told")
    stop_engine(settings)
    yield settings.folder
    stop_engine(settings)


def run(*arguments: str, folder: Path) -> Result:
    """Run a command on the store of a folder."""
    return CliRunner().invoke(app, [*arguments, "--folder", str(folder)])


def test_commands_say_that_the_store_is_damaged(stopped: Path, tmp_path: Path) -> None:
    file = next(path for path in (stopped / FILES).iterdir() if b"it-is-told" in path.read_bytes())
    file.write_bytes(file.read_bytes().replace(b"it-is-told", b"it-is-tolt"))
    code = EXIT_CODES[DamagedStore]
    said = run("doctor", "--json", folder=stopped)
    assert said.exit_code == code
    assert file.name in json.loads(said.stdout)["problem"]
    backup = tmp_path / "backup.jsonl"
    said = run("export", str(backup), folder=stopped)
    assert said.exit_code == code
    assert file.name in said.stderr
    assert not backup.exists()
    assert "is damaged" in run("types", folder=stopped).stderr


def test_an_engine_that_cannot_start_says_what_is_damaged(stopped: Path) -> None:
    (stopped / FILES / "schema.json").write_text("{")
    settings = Settings(folder=stopped, uri=None, engine_linger=0.2)
    with pytest.raises(DamagedStore, match=r"schema\.json"), Store.open(settings=settings) as store:
        store.upkeep.check_sound()
