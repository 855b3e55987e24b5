"""A bare client of the service, and a server in a process of its own, for tests of load and benchmarks."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc

from lineage_graph.messages.pool import METHODS, SERVICE
from lineage_graph.settings import Settings

_UNLIMITED = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
_READY = "Ready at "


class Client:
    """Calls by name over one channel; safe to share between threads."""

    def __init__(self, address: str, seconds: float = 60.0) -> None:
        # Clients of one process share a connection unless told otherwise.
        options = [*_UNLIMITED, ("grpc.use_local_subchannel_pool", 1)]
        self._channel = grpc.insecure_channel(address, options=options)
        self._seconds = seconds
        self._calls: dict[str, Any] = {}

    def call(self, name: str, request: Any = None, **fields: Any) -> Any:
        """Make a call with a message, or with one of these fields; return the answer.

        Raises:
            grpc.RpcError: the server refused it, or did not answer in time.
        """
        message = METHODS[name][0](**fields) if request is None else request
        return METHODS[name][1].FromString(self.raw(name, message.SerializeToString()))

    def raw(self, name: str, request: bytes) -> bytes:
        """Make a call with bytes that may be no message at all; return the answer's bytes."""
        if name not in self._calls:
            self._calls[name] = self._channel.unary_unary(f"/{SERVICE}/{name}")
        answer: bytes = self._calls[name](request, timeout=self._seconds)
        return answer

    def close(self) -> None:
        """Close the channel."""
        self._channel.close()


@contextmanager
def process(
    command: Sequence[str], environment: Mapping[str, str], log: Path
) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run a server that prints ``Ready at HOST:PORT``; give the address and the process, end it."""
    with (
        log.open("w") as errors,
        subprocess.Popen(
            command,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as running,
    ):
        assert running.stdout is not None
        try:
            said = running.stdout.readline().strip()
            assert said.startswith(_READY), f"{said!r} {log.read_text()[-2000:]}"
            yield said.removeprefix(_READY), running
        finally:
            running.terminate()
            running.wait(30)


@contextmanager
def ours(settings: Settings, log: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run ``lineage-graph rpc`` on the engine these settings lead to; give address and process."""
    environment = {"LINEAGE_GRAPH_FOLDER": str(settings.folder)}
    if settings.uri:
        environment |= {
            "LINEAGE_GRAPH_URI": settings.uri,
            "LINEAGE_GRAPH_USERNAME": settings.username,
            "LINEAGE_GRAPH_DATABASE": settings.database,
        }
        if settings.password is not None:
            environment["LINEAGE_GRAPH_PASSWORD"] = settings.password.get_secret_value()
    command = [sys.executable, "-m", "lineage_graph", "rpc", "--port", "0"]
    with process(command, environment, log) as running:
        yield running
