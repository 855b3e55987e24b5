"""The embedded engine ends in the middle of everything: who reads and writes waits, and sees no error."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from lineage_graph.engines import engine_status, open_engine, stop_engine
from lineage_graph.errors import LineageError, OutOfMemory, Unreachable
from lineage_graph.model import Artifact, Kind, Subgraph
from lineage_graph.settings import Settings
from lineage_graph.store import Store
from tests.store.build import TYPES


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Store]:
    """A store on an engine of its own, which may be killed."""
    settings = Settings(folder=tmp_path / "folder", engine_linger=0.2)
    with Store(open_engine(settings), settings) as store:
        store.prepare()
        store.put(TYPES)
        yield store
    stop_engine(settings)


def test_others_go_on_where_the_engine_ends(own: Store, capfd: pytest.CaptureFixture[str]) -> None:
    """A put whose commit was under way may say that its outcome is not known; nothing else fails."""
    logging.getLogger("lineage_graph").addHandler(logging.NullHandler())
    over = threading.Event()
    errors: list[str] = []
    unknown: list[str] = []
    acknowledged: list[int] = []

    def write() -> None:
        while not over.is_set():
            try:
                acknowledged.extend(
                    own.put(Subgraph(artifacts=(Artifact(type="Data"),))).artifact_ids
                )
            except Unreachable as error:
                (unknown if "not known whether" in str(error) else errors).append(repr(error))
            except LineageError as error:
                errors.append(repr(error))

    def again(work: object) -> None:
        assert callable(work)
        while not over.wait(0.01):
            try:
                work()
            except OutOfMemory:
                assert work is stranger  # it may have been its own fault
            except LineageError as error:
                errors.append(repr(error))

    def stranger() -> None:
        own.cypher("RETURN 1 AS n")

    asks = (own.counts, lambda: own.run(own.catalog["counts_by_type"]), stranger)
    threads = [threading.Thread(target=again, args=(work,)) for work in asks]
    threads += [threading.Thread(target=write) for _ in range(2)]
    for thread in threads:
        thread.start()
    time.sleep(1)
    psutil.Process(engine_status(own.settings).pid).kill()
    time.sleep(6)
    over.set()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(unknown) <= 2
    assert len(set(acknowledged)) == len(acknowledged)
    stored = {node.id for node in own.get(Kind.ARTIFACT, range(100_000))}
    assert set(acknowledged) <= stored
    assert len(stored) - len(acknowledged) <= len(unknown)
    assert "defunct" not in capfd.readouterr().err
