"""Replay that fails or is killed at any step: no record is lost, moved for nothing, or loaded twice."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import lineage_graph as lg
from lineage_graph import errors
from lineage_graph.model import Execution, ExecutionState, Subgraph
from lineage_graph.recorder import spool
from lineage_graph.recorder.record import Record

COUNT = 4
LATER = [
    errors.DiskFull("full"),
    errors.ReadOnly("read only"),
    errors.Unreachable("gone"),
    errors.TimedOut("too late"),
    errors.Terminated("ended"),
    errors.OutOfMemory("too much"),
    errors.TooManyFiles("too many"),
    errors.EngineFailed("whatever"),
    errors.StoreError("new"),
    errors.Conflict("another writer"),
    errors.FailedPrecondition("another store"),
    errors.LineageError("unknown"),
    OSError(28, "No space left on device"),
    RuntimeError("a fault of ours"),
]
WRONG = [
    errors.InvalidArgument("no"),
    errors.NotFound("no"),
    errors.AlreadyExists("no"),
    errors.Unsupported("no"),
]


class Asked:
    """A store of which only is asked whether it answers: these records are loaded by ``Loader``."""

    def __init__(self, *, answers: bool) -> None:
        self._answers = answers
        self.pages = self

    def census(self) -> None:
        if not self._answers:
            raise errors.Unreachable("gone")


ANY_STORE: Any = Asked(answers=False)
HEALTHY: Any = Asked(answers=True)


class Killed(BaseException):
    """The process ends here."""


class Loader:
    """Loads records as a store does: what it has is not loaded again."""

    def __init__(self) -> None:
        self.loaded: list[str] = []
        self.fails: dict[str, BaseException] = {}

    def __call__(self, store: object, record: Record) -> bool:
        name = str(record.execution and record.execution.name)
        if name in self.fails:
            raise self.fails[name]
        if name in self.loaded:
            return False
        self.loaded.append(name)
        return True


@pytest.fixture
def loader(monkeypatch: pytest.MonkeyPatch) -> Loader:
    loader = Loader()
    monkeypatch.setattr(spool, "load", loader)
    monkeypatch.setattr(spool, "_PAUSE", 0)
    return loader


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "spool.jsonl"
    for number in range(COUNT):
        spool.append(path, record(f"r{number}"))
    return path


def record(name: str) -> Record:
    execution = Execution(id=-1, type="Step", name=name, last_known_state=ExecutionState.COMPLETE)
    return Record(subgraph=Subgraph(executions=(execution,)))


def refused(file: Path) -> list[str]:
    path = file.with_name(f"{file.name}.refused")
    return [json.loads(line)["line"] for line in path.read_text().splitlines()]


@pytest.mark.parametrize("error", LATER, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("at", range(COUNT))
def test_what_is_not_the_records_fault_keeps_all(
    file: Path, loader: Loader, error: Exception, at: int
) -> None:
    loader.fails[f"r{at}"] = error
    for _ in range(2):
        with pytest.raises(type(error)):
            lg.replay(ANY_STORE, file)
        assert loader.loaded == [f"r{number}" for number in range(at)]
    assert not file.with_name(f"{file.name}.refused").exists()
    spool.append(file, record("later"))
    loader.fails.clear()
    assert lg.replay(ANY_STORE, file) == COUNT - at + 1
    assert loader.loaded == [*(f"r{number}" for number in range(COUNT)), "later"]
    assert lg.replay(ANY_STORE, file) == 0


FAILS_ON = [errors.EngineFailed("no"), errors.OutOfMemory("no"), errors.TimedOut("no")]


@pytest.mark.parametrize("error", FAILS_ON, ids=lambda error: type(error).__name__)
def test_a_record_on_which_the_store_always_fails_keeps_no_other_back(
    file: Path, loader: Loader, error: Exception
) -> None:
    loader.fails = {"r1": error, "r2": errors.NotFound("what r1 made")}
    for loaded in (2, 0):
        with pytest.warns(
            UserWarning, match=r"line \d cannot be loaded now: no It stays in the file"
        ):
            assert lg.replay(HEALTHY, file) == loaded
        assert [str(one.execution and one.execution.name) for one in spool.records(file)] == [
            "r1",
            "r2",
        ]
    assert loader.loaded == ["r0", "r3"]
    assert not file.with_name(f"{file.name}.refused").exists()
    loader.fails.clear()
    assert lg.replay(HEALTHY, file) == 2
    assert file.read_bytes() == b""


def test_a_record_that_fails_once_is_loaded(file: Path, loader: Loader) -> None:
    class Once(dict[str, BaseException]):
        def __getitem__(self, name: str) -> BaseException:
            return self.pop(name)

    loader.fails = Once(r1=errors.EngineFailed("no"))
    assert lg.replay(HEALTHY, file) == COUNT


@pytest.mark.filterwarnings("ignore:.*It stays in the file")
def test_a_store_that_fails_on_everything_ends_the_replay(file: Path, loader: Loader) -> None:
    names = [f"more {number}" for number in range(spool.MAX_KEPT + 1)]
    for name in names:
        spool.append(file, record(name))
    loader.fails = {name: errors.EngineFailed("no") for name in names}
    with pytest.raises(errors.EngineFailed):
        lg.replay(HEALTHY, file)
    loader.fails.clear()
    assert lg.replay(HEALTHY, file) == len(names)


@pytest.mark.filterwarnings("ignore:.*it is kept in")
@pytest.mark.parametrize("error", WRONG, ids=lambda error: type(error).__name__)
def test_what_is_the_records_fault_is_refused_once(
    file: Path, loader: Loader, error: Exception
) -> None:
    loader.fails = {"r1": error, "r3": errors.DiskFull("full")}
    for _ in range(3):
        with pytest.raises(errors.DiskFull):
            lg.replay(ANY_STORE, file)
    del loader.fails["r3"]
    lg.replay(ANY_STORE, file)
    assert loader.loaded == ["r0", "r2", "r3"]
    assert [json.loads(line)["subgraph"]["executions"][0]["name"] for line in refused(file)] == [
        "r1"
    ]
    if os.name == "posix":
        assert file.with_name(f"{file.name}.refused").stat().st_mode & 0o077 == 0


STEPS = ["_set_aside", "_flush_folder", "_append_line", "load"]
STEPS_OF_OS = ["replace", "unlink", "write", "fsync", "open", "close"]


@pytest.mark.filterwarnings("ignore:.*it is kept in")
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", STEPS + STEPS_OF_OS)
def test_killed_before_and_after_every_step(
    tmp_path: Path, loader: Loader, monkeypatch: pytest.MonkeyPatch, step: str, after: bool
) -> None:
    """The k-th call of a step ends the process, for each k there is; then another takes it up."""
    loader.fails["bad"] = errors.InvalidArgument("no")
    owner: Any = spool if step in STEPS else os
    number, killed = 0, True
    while killed:
        file = tmp_path / f"spool{number}"
        loader.loaded = []
        for name in ("a", "bad", "b"):
            spool.append(file, record(name))
        file.write_bytes(file.read_bytes() + b'{"id": "cut sh')
        calls = Calls(getattr(owner, step), number, after=after)
        with monkeypatch.context() as patch:
            patch.setattr(owner, step, calls)
            with contextlib.suppress(Killed):
                lg.replay(ANY_STORE, file)
        killed = calls.killed
        spool.append(file, record("later"))
        lg.replay(ANY_STORE, file)
        assert loader.loaded == ["a", "b", "later"]
        assert len(refused(file)) == 2
        assert file.read_bytes() == b""
        assert not file.with_name(f"{file.name}.replaying").exists()
        number += 1
    assert number > 1


class Calls:
    """Counts the calls of a function; the chosen one ends the process before or after it."""

    def __init__(self, function: Callable[..., Any], chosen: int, *, after: bool) -> None:
        self._function, self._left, self._after = function, chosen, after
        self.killed = False

    def __call__(self, *values: Any, **options: Any) -> Any:
        self._left -= 1
        if self._left != -1:
            return self._function(*values, **options)
        self.killed = True
        if self._after:
            self._function(*values, **options)
        raise Killed


def test_the_disk_is_full_beneath_the_spool(
    file: Path, loader: Loader, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = file.read_bytes()
    write = os.write

    def half(handle: int, data: Any) -> int:
        if len(data) < 20:
            raise OSError(28, "No space left on device")
        return write(handle, bytes(data[: len(data) // 2]))

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", half)
        with pytest.raises(OSError, match="No space"):
            spool.append(file, record("lost"))
    assert file.read_bytes() == whole  # nothing half, which would be refused as damaged later
    assert lg.replay(ANY_STORE, file) == COUNT


@pytest.mark.filterwarnings("ignore:.*it is kept in")
def test_what_is_refused_cannot_be_written(file: Path, loader: Loader) -> None:
    loader.fails["r1"] = errors.InvalidArgument("no")
    blocked = file.with_name(f"{file.name}.refused")
    blocked.mkdir()
    for _ in range(2):
        with pytest.raises(OSError, match="directory"):
            lg.replay(ANY_STORE, file)
    blocked.rmdir()
    lg.replay(ANY_STORE, file)
    assert loader.loaded == ["r0", "r2", "r3"]
    assert len(refused(file)) == 1


def test_a_link_to_the_spool_is_the_spool(file: Path, loader: Loader, tmp_path: Path) -> None:
    link = tmp_path / "folder" / "link.jsonl"
    link.parent.mkdir()
    link.symlink_to(file)
    assert lg.replay(ANY_STORE, link) == COUNT
    spool.append(link, record("later"))
    assert lg.replay(ANY_STORE, file) == 1
    assert link.is_symlink()


def test_too_many_open_files_break_no_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def open_engine(*_: object) -> None:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr("lineage_graph.store.store.open_engine", open_engine)
    path = tmp_path / "down.jsonl"
    with lg.pipeline("penguin", on_error="spool", spool=path).run("r"):
        pass
    assert len(list(spool.records(path))) == 2  # it began, and ended
