"""Starts the engines one after the other, for programs that do not run in pytest: benchmarks, sieges."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lineage_graph.engines import start_engine, stop_engine
from lineage_graph.settings import Settings
from tests.conftest import empty
from tests.neo4j.server import OLDEST, Neo4jServer, Unavailable


@contextmanager
def engine(name: str) -> Iterator[Settings]:
    """Start an engine and yield its settings: ours, or Neo4j, unless one runs at NEO4J_URI."""
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
    """Yield the name and the settings of each engine in turn, or of one; their databases are empty."""
    for name in ("embedded", "neo4j") if only is None else (only,):
        try:
            with engine(name) as settings:
                empty(settings)
                yield name, settings
        except Unavailable as error:
            print(f"{name}: skipped, {error}")
