"""Eight clients that read and write beside a hostile one see no error and no pause."""

from __future__ import annotations

import os
from pathlib import Path

from lineage_graph.engines import start_engine, stop_engine
from lineage_graph.settings import Settings
from tests.server.hostile import besiege, longest, report

SECONDS = float(os.environ.get("LINEAGE_GRAPH_SIEGE_SECONDS", "8"))
# Aimed at are 3 s; pages and events still wait longer where a large event is stored, or the machine is busy.
LONGEST_PAUSE = 25.0  # seconds
MEMORY = 500 * 2**20  # bytes the server may take beside what it has
LOGGED = 200_000  # bytes


def test_a_hostile_client_beside_eight_others(tmp_path: Path) -> None:
    settings = Settings(folder=tmp_path / "engine", engine_linger=0.2)
    start_engine(settings)
    try:
        outcome = besiege(settings, tmp_path, SECONDS)
    finally:
        stop_engine(settings)
    told = report(outcome)
    assert not outcome.faults, told
    assert not outcome.lost, told
    # On a machine that is busy otherwise, they wait for each other as well.
    limit = LONGEST_PAUSE + longest(outcome.quiet).lasted
    assert longest(outcome.beside).lasted < limit, told
    assert outcome.memory_most - outcome.memory_before < MEMORY, told
    assert outcome.logged < LOGGED, told
