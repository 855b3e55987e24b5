"""A proxy between a store and its engine that loses the connection at a chosen moment of a put."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Literal
from urllib.parse import urlsplit

import neo4j

from lineage_graph.engines import Engine
from lineage_graph.engines.embedded import WRITER
from lineage_graph.engines.state import read_state
from lineage_graph.settings import Settings
from lineage_graph.store import Store

Moment = Literal["statement sent", "statement answered", "commit sent", "commit answered"]
_COMMIT = b"\x00\x02\xb0\x12\x00\x00"  # Bolt: a message of two bytes, a structure without fields


class Proxy:
    """Passes bytes on, until a statement that holds ``marker`` is sent, or its commit; then it hangs up.

    What was "sent" never arrives; what was "answered" did, but its answer is lost.
    """

    def __init__(self, target: tuple[str, int]) -> None:
        self._target = target
        self._door = socket.create_server(("127.0.0.1", 0))
        self.address = f"bolt://127.0.0.1:{self._door.getsockname()[1]}"
        self.moment: Moment | None = None
        self.marker = b""
        self.times = 0
        self.lost = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def lose(self, moment: Moment, marker: str, times: int = 1) -> None:
        """Hang up this many times."""
        self.moment, self.marker, self.times, self.lost = moment, marker.encode(), times, 0

    def close(self) -> None:
        """Let nobody in any more."""
        self._door.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._door.accept()
                server = socket.create_connection(self._target)
                _Line(self, client, server)


class _Line:
    """One connection, both ways."""

    def __init__(self, proxy: Proxy, client: socket.socket, server: socket.socket) -> None:
        self._proxy, self._client, self._server = proxy, client, server
        self._marked = False
        self._losing = threading.Event()
        for work in (self._to_server, self._to_client):
            threading.Thread(target=work, daemon=True).start()

    def _to_server(self) -> None:
        with suppress(OSError):
            while data := self._client.recv(1 << 20):
                moment = self._due(data)
                if moment is not None and moment.endswith("sent"):
                    break
                if moment is not None:
                    self._losing.set()
                self._server.sendall(data)
        self._hang_up()

    def _to_client(self) -> None:
        with suppress(OSError):
            while data := self._server.recv(1 << 20):
                if self._losing.is_set():
                    break
                self._client.sendall(data)
        self._hang_up()

    def _due(self, data: bytes) -> Moment | None:
        proxy = self._proxy
        if proxy.moment is None or proxy.lost == proxy.times:
            return None
        has_marker = proxy.marker in data
        commits = self._marked and data.endswith(_COMMIT)
        self._marked = self._marked or has_marker
        if not (has_marker if proxy.moment.startswith("statement") else commits):
            return None
        proxy.lost += 1
        return proxy.moment

    def _hang_up(self) -> None:
        for end in (self._client, self._server):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


class Behind:
    """An engine whose writes go through a proxy."""

    def __init__(self, engine: Engine, driver: neo4j.Driver) -> None:
        self.name, self.database, self.address = engine.name, engine.database, engine.address
        self.driver, self.read_driver = driver, engine.read_driver
        self.version, self.dialect = engine.version, engine.dialect
        self.has_ended = engine.has_ended

    def close(self) -> None:
        """Close the proxy's driver; the engine is another's."""
        self.driver.close()


@contextmanager
def behind_proxy(store: Store) -> Iterator[tuple[Store, Proxy]]:
    """Yield a second store on the same engine, and the proxy in front of it."""
    there = urlsplit(store.engine.address)
    proxy = Proxy((there.hostname or "", there.port or 0))
    try:
        driver = neo4j.GraphDatabase.driver(proxy.address, auth=_writer(store.settings))
        with Store(Behind(store.engine, driver), store.settings) as other:
            yield other, proxy
    finally:
        proxy.close()


def _writer(settings: Settings) -> tuple[str, str]:
    if settings.uri is not None:
        assert settings.password is not None
        return settings.username, settings.password.get_secret_value()
    state = read_state(settings.folder)
    assert state is not None
    return WRITER, state.writer_password
