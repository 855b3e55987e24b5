"""Heartbeat: tells every now and then that a run goes on, and writes what was noted of it meanwhile."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable

from lineage_graph.model.run_state import HEARTBEAT_INTERVAL

_MAX_DELAY = 0.5
"""Seconds after which what was noted is written."""


class Heartbeat:
    """Calls ``beat(True)`` every ``HEARTBEAT_INTERVAL`` seconds, ``beat(False)`` soon after ``notice()``."""

    def __init__(self, beat: Callable[[bool], None]) -> None:
        self._beat = beat
        self._noted = threading.Event()
        self._stopped = threading.Event()
        self._process = os.getpid()
        self._thread = threading.Thread(
            target=self._run, name="lineage_graph-heartbeat", daemon=True
        )
        self._thread.start()

    def notice(self) -> None:
        """Something was noted that has to be written."""
        self._noted.set()

    def stop(self) -> None:
        """Beat no more; returns when the last beat is over."""
        self._stopped.set()
        self._noted.set()
        if self._process == os.getpid() and self._thread is not threading.current_thread():
            self._thread.join()

    def _run(self) -> None:
        delay, heard = _MAX_DELAY, time.monotonic()
        while not self._stopped.is_set():
            is_noted = self._noted.wait(HEARTBEAT_INTERVAL)
            if is_noted and self._stopped.wait(delay):
                return
            self._noted.clear()
            if not self._stopped.is_set():
                began = time.monotonic()
                is_time = began - heard >= HEARTBEAT_INTERVAL
                heard = began if is_time else heard
                self._beat(is_time)
                # Where writing takes long, it is done less often.
                delay = max(_MAX_DELAY, 4 * (time.monotonic() - began))
