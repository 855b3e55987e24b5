"""Turns: how many statements of others run at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from lineage_graph.errors import Busy

MAX_RUNNING = 4  # statements that run at once, and that wait: each keeps a thread of the server
MAX_WAIT = 5.0  # seconds that a statement waits


class QuerySlots:
    """Lets a few run at once and as many wait for a while; whoever else comes is told at once."""

    def __init__(self) -> None:
        self._running = threading.BoundedSemaphore(MAX_RUNNING)
        self._waiting = threading.BoundedSemaphore(MAX_RUNNING)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold one of the places inside the block.

        Raises:
            Busy: none was free in time.
        """
        if not self._running.acquire(blocking=False) and not self._wait():
            raise Busy(
                f"{MAX_RUNNING} other statements are running.", hint="Nothing was run; try again."
            )
        try:
            yield
        finally:
            self._running.release()

    def _wait(self) -> bool:
        if not self._waiting.acquire(blocking=False):
            return False
        try:
            return self._running.acquire(timeout=MAX_WAIT)
        finally:
            self._waiting.release()
