"""Patience: how long a training waits for a store that may be away, and who looks whether it is back.

A store that does not answer costs the training at most ``PATIENCE`` seconds over a whole run: what takes
longer goes on in a thread of its own, and its result is not waited for. A record that was written late is
in the file as well, and replay puts it once only.
"""

from __future__ import annotations

import contextvars
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

Found = TypeVar("Found")
PATIENCE = 0.8
"""Seconds that a run waits in vain for its store, all in all."""
PAUSES = (1.0, 5.0, 30.0)
"""Seconds between two looks whether the store is back; the last one is repeated."""


class TookTooLong(Exception):
    """The store did not answer before the patience was used up."""


class Patience:
    """What is left of the time that may be waited in vain. Any number of threads may share it."""

    def __init__(self, seconds: float = PATIENCE) -> None:
        self._left = seconds
        self._lock = threading.Lock()

    def wait(self, work: Callable[[], Found], *, as_long_as_it_takes: bool = False) -> Found:
        """Do the work in a thread of its own, and return its result.

        Time is taken from what is left only where the work fails or takes too long.

        Raises:
            TookTooLong: the work goes on, but is not waited for any longer.
            Exception: what the work raises.
        """
        done = threading.Event()
        results: list[Any] = []
        errors: list[BaseException] = []

        def run() -> None:
            try:
                results.append(work())
            except BaseException as error:  # handed to the thread that waits
                errors.append(error)
            finally:
                done.set()

        context = contextvars.copy_context()
        started = time.monotonic()
        worker = threading.Thread(
            target=context.run, args=(run,), name="lineage_graph-record", daemon=True
        )
        worker.start()
        if not done.wait(None if as_long_as_it_takes else self._left):
            self._spend(started)
            raise TookTooLong
        if errors:
            self._spend(started)
            raise errors[0]
        found: Found = results[0]
        return found

    def _spend(self, started: float) -> None:
        with self._lock:
            self._left = max(self._left - (time.monotonic() - started), 0.0)


class StoreProbe:
    """Looks in the background whether a store is back, and then calls ``when_back`` once."""

    def __init__(self, look: Callable[[], bool], when_back: Callable[[], None]) -> None:
        self._look = look
        self._when_back = when_back
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="lineage_graph-probe", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._stopped.set()

    def _run(self) -> None:
        for turn in range(10**9):
            if self._stopped.wait(PAUSES[min(turn, len(PAUSES) - 1)]):
                return
            if self._look():
                if not self._stopped.is_set():
                    self._when_back()
                return
