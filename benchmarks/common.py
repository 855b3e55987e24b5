"""What the benchmarks share: both engines, fresh stores, interleaved rounds, medians and ratios."""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from lineage_graph.engines import start_engine, stop_engine
from lineage_graph.settings import Settings
from tests.conftest import empty
from tests.neo4j.server import OLDEST, Neo4jServer, Unavailable


def arguments(description: str) -> argparse.ArgumentParser:
    """Return a parser with what all benchmarks take."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--rounds", type=int, default=3, help="rounds, of which the median counts")
    parser.add_argument("--engine", choices=["embedded", "neo4j"], help="only this engine")
    return parser


@contextmanager
def engine(name: str) -> Iterator[Settings]:
    """Settings that lead to an empty engine: our own, or Neo4j at NEO4J_URI, else one that is started."""
    with tempfile.TemporaryDirectory() as folder:
        if name == "embedded":
            settings = Settings(folder=Path(folder), uri=None, query_timeout=120, engine_linger=0.2)
            start_engine(settings)
            try:
                yield settings
            finally:
                stop_engine(settings)
            return
        if os.environ.get("NEO4J_URI"):
            yield Settings(query_timeout=120)
            return
        server = Neo4jServer(Path(folder), OLDEST)
        server.start()
        try:
            yield server.settings.model_copy(update={"query_timeout": 120.0})
        finally:
            server.kill()


def engines(only: str | None) -> Iterator[tuple[str, Settings]]:
    """Yield each engine in turn, empty."""
    for name in ("embedded", "neo4j") if only is None else (only,):
        try:
            with engine(name) as settings:
                empty(settings)
                yield name, settings
        except Unavailable as error:
            print(f"{name}: skipped, {error}")


def seconds(work: Callable[[], object]) -> float:
    """Return how long work takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def compare(
    what: str,
    ours: Callable[[], object],
    floor: Callable[[], object],
    rounds: int,
    items: int,
    unit: str,
) -> None:
    """Run both in turns, and print the medians and their ratio."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        times[0].append(seconds(ours))
        times[1].append(seconds(floor))
    mine, least = (statistics.median(part) for part in times)
    print(
        f"{what:<34} ours {items / mine:>9,.0f} {unit}/s   floor {items / least:>9,.0f} {unit}/s"
        f"   ours takes {mine / least:.2f}x the time"
    )
