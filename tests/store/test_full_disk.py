"""A disk that is full beneath the embedded engine: DiskFull everywhere, and nothing acknowledged is lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import grpc
import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

import lineage_graph as lg
from lineage_graph.cli.main import app
from lineage_graph.engines import stop_engine
from lineage_graph.engines.causes import explained
from lineage_graph.errors import (
    DiskFull,
    EngineFailed,
    InvalidArgument,
    ReadOnly,
)
from lineage_graph.model import Artifact, Kind, Subgraph
from lineage_graph.server.app import create_app
from lineage_graph.settings import Settings
from lineage_graph.store import Store
from tests.conftest import DATA
from tests.exchange.openlineage.made import event
from tests.rpc.test_serve import call, channel_to, code_of, served
from tests.store.build import TYPES

NOWHERE = Settings(uri="bolt://127.0.0.1:1", connect_timeout=0.2)
ROOM = 3 * 2**20  # bytes that are left at first


@pytest.fixture
def disk() -> Iterator[Path]:
    """A disk of 90 MB."""
    with tempfile.TemporaryDirectory() as folder:
        mount = ["mount", "-t", "tmpfs", "-o", "size=90m", "tmpfs", folder]
        try:
            subprocess.run(mount, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError) as error:
            if "CI" in os.environ and sys.platform == "linux" and os.getuid() == 0:
                raise
            pytest.skip(f"a small disk cannot be mounted here: {error}")
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)


def fill(disk: Path, left: int = 0) -> Path:
    """Leave so much room on a disk; return the file that takes the rest."""
    ballast = disk / "ballast"
    with suppress(OSError), ballast.open("ab", buffering=0) as file:  # full before it was thought
        while shutil.disk_usage(disk).free > left:
            file.write(b"x" * 4096)
    return ballast


def put_until_full(store: Store) -> int:
    """Put batches until one fails; return how many were acknowledged."""
    for batch in range(200):
        try:
            store.put(hundred(batch))
        except DiskFull:
            return batch
    raise AssertionError("the disk is not full")


def hundred(batch: int) -> Subgraph:
    names = (f"{batch}/{number}" for number in range(100))
    return Subgraph(artifacts=tuple(Artifact(type="Data", name=n, uri="u" * 500) for n in names))


def test_a_full_disk(disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = Settings(folder=disk / "engine", engine_linger=0.2)
    file = tmp_path / "spool.jsonl"
    pipeline = lg.pipeline("penguin", settings=NOWHERE, on_error="spool", spool=file)
    with pipeline.run("r") as run:
        for number in range(10):
            with run.step("Step", params={"number": number}):
                pass
    kept = file.read_bytes()
    store = Store.open(settings=settings)
    store.put(TYPES)
    ballast = fill(disk, ROOM)

    acknowledged = put_until_full(store)
    fill(disk)
    _told_everywhere(store, settings)
    with pytest.raises(DiskFull):
        lg.replay(store, file)
    assert file.with_name("spool.jsonl.replaying").read_bytes() == kept
    assert not file.with_name("spool.jsonl.refused").exists()
    assert store.counts().artifacts == 100 * acknowledged

    ballast.unlink()
    assert lg.replay(store, file) == len(kept.splitlines())
    assert lg.replay(store, file) == 0
    store.put(hundred(acknowledged))
    store.close()
    stop_engine(settings)
    with Store.open(settings=settings) as again:
        counts = again.counts()
    stop_engine(settings)
    assert (counts.artifacts, counts.executions) == (100 * (acknowledged + 1), 10)


def _told_everywhere(store: Store, settings: Settings) -> None:
    """The same fault, as each way in says it."""
    with TestClient(create_app(store), "http://127.0.0.1") as client:
        for path, body in (("", event("COMPLETE", "run", 1)), ("/batch", [event("START", "b", 2)])):
            answer = client.post(f"/api/v1/lineage{path}", json=body)
            assert answer.status_code == 507, answer.text
            assert int(answer.headers["retry-after"]) > 0
    data = store.type(Kind.ARTIFACT, "Data")
    assert data is not None
    artifacts = [{"type_id": data.id, "name": str(number)} for number in range(100)]
    with (
        served(store) as address,
        channel_to(address) as channel,
        pytest.raises(grpc.RpcError) as refused,
    ):
        call(channel, "PutArtifacts", artifacts=artifacts)
    assert code_of(refused) is grpc.StatusCode.RESOURCE_EXHAUSTED
    told = CliRunner().invoke(
        app, ["import", str(DATA / "tfx_mlmd.sqlite"), "--folder", str(settings.folder)]
    )
    assert told.exit_code == 15, told.output


def test_an_engine_that_finds_no_room_to_start(disk: Path) -> None:
    fill(disk)
    with pytest.raises(DiskFull, match=r"is full|No space left"):
        Store.open(settings=Settings(folder=disk / "engine"))


def test_the_cause_that_the_engine_hides(disk: Path) -> None:
    vague = EngineFailed("Transaction error on commit")
    assert explained(vague, disk) is vague
    fill(disk, 4096)
    clear = explained(vague, disk)
    assert type(clear) is DiskFull
    assert "Transaction error on commit" in clear.message
    mistake = InvalidArgument("x")
    assert explained(mistake, disk) is mistake


def test_a_disk_without_writes(disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    assert type(explained(EngineFailed("x"), disk)) is ReadOnly
