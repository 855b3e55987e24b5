"""Serves the app until the process is told to stop."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

import uvicorn

from lineage_graph.errors import InvalidArgument
from lineage_graph.server.app import create_app
from lineage_graph.server.connections import BACKLOG, Connections, on_trouble, protocol_of
from lineage_graph.server.live import Live
from lineage_graph.server.logs import seldom
from lineage_graph.server.security import check_address
from lineage_graph.settings import Settings
from lineage_graph.store import Store


class _Server(uvicorn.Server):
    """A server that says when it answers, and ends the streams of its pages when it stops."""

    def __init__(
        self,
        config: uvicorn.Config,
        limits: Connections,
        live: Live,
        on_ready: Callable[[], None],
    ) -> None:
        super().__init__(config)
        self._limits = limits
        self._live = live
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start listening, then say so."""
        asyncio.get_running_loop().set_exception_handler(on_trouble)
        await super().startup(sockets)
        if self.started:
            self._on_ready()

    async def on_tick(self, counter: int) -> bool:
        """Look at all connections once a second."""
        if counter % 10 == 0:
            self._limits.check(self.server_state.connections, asyncio.get_running_loop().time())
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End what would go on for as long as a page is open, then stop listening."""
        self._live.close()
        await super().shutdown(sockets)


def run_server(store: Store, settings: Settings, on_ready: Callable[[str], None]) -> None:
    """Serve a store; ``on_ready`` is told the address once it answers.

    Raises:
        InvalidArgument: the address is taken, unknown, or needs an access token that is not set.
    """
    check_address(settings)
    app = create_app(store, settings)
    with _listen(settings.host, settings.port) as listener:
        host, port = settings.host, listener.getsockname()[1]
        address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        limits = Connections()
        config = uvicorn.Config(
            app,
            http=protocol_of(limits),
            ws="none",
            backlog=BACKLOG,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=3,
        )
        seldom(
            "uvicorn.error",
            *(f"{__package__}.{name}" for name in ("connections", "intake", "live")),
        )
        _Server(config, limits, app.state.live, lambda: on_ready(address)).run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise InvalidArgument(
            f"The server cannot listen on {host}, port {port}: {error.strerror or error}.",
            hint="Choose another port with --port; 0 takes any free one.",
        ) from error
