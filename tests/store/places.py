"""Engines that tests may kill, and how a process of its own is led to them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

import psutil

from lineage_graph.engines import start_engine, stop_engine
from lineage_graph.settings import Settings
from tests.neo4j.server import Neo4jServer


def as_json(settings: Settings) -> str:
    """Return settings with their password, for a process that is given them on its line."""
    values = json.loads(settings.model_dump_json(exclude={"access_token", "password"}))
    if settings.password is not None:
        values["password"] = settings.password.get_secret_value()
    return json.dumps(values)


class Place(Protocol):
    """An engine that can be killed, and be there again."""

    settings: Settings

    def kill(self) -> None:
        """End the engine's process at once, as a power cut would."""

    def revive(self) -> None:
        """Make the engine answer again, where it does not do so by itself."""


class EmbeddedPlace:
    """The embedded engine of a folder; the next user starts it again."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(folder=folder, uri=None, engine_linger=60)
        start_engine(self.settings)

    def kill(self) -> None:
        """Kill the engine, also where it is just about to start."""
        for process in psutil.process_iter():
            with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                if {"lineage_graph.engines.host", str(self.settings.folder)} <= {
                    *process.cmdline()
                }:
                    process.kill()

    def revive(self) -> None:
        """Nothing is to be done."""

    def close(self) -> None:
        """Stop the engine."""
        stop_engine(self.settings)


class Neo4jPlace:
    """A Neo4j of our own."""

    def __init__(self, folder: Path) -> None:
        self._server = Neo4jServer(folder).start()
        # A server that has just started plans every statement anew, at its slowest.
        limits = {"query_timeout": 120, "write_timeout": 120}
        self.settings = self._server.settings.model_copy(update=limits)

    def kill(self) -> None:
        """Kill the server."""
        self._server.kill()

    def revive(self) -> None:
        """Start the server where it was killed."""
        if self._server.is_killed:
            self._server.start()

    def close(self) -> None:
        """End the server."""
        self._server.kill()


def environment(settings: Settings) -> dict[str, str]:
    """Return the environment in which commands use a store."""
    names = ("folder", "uri", "username", "database", "query_timeout", "write_timeout")
    given = {name: getattr(settings, name) for name in (*names, "engine_linger")}
    if settings.password is not None:
        given["password"] = settings.password.get_secret_value()
    told = {f"LINEAGE_GRAPH_{n.upper()}": str(v) for n, v in given.items() if v is not None}
    return {**os.environ, **told}


@contextmanager
def placed(engine: str, folder: Path) -> Iterator[Place]:
    """Yield an engine of this name that may be killed."""
    place = EmbeddedPlace(folder) if engine == "embedded" else Neo4jPlace(folder)
    try:
        yield place
    finally:
        place.close()
