"""What is told of a run itself, beside its steps: its state, its end, and what its caller notes of it.

It is kept in custom properties of the run's context, each dated by when it was told (``model.merging``):
several processes may tell of one run, and what arrives late replaces nothing that is newer.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterable
from typing import Any

from lineage_graph.model import ExecutionState, Properties
from lineage_graph.model.merging import TOLD
from lineage_graph.model.run_state import ENDED, FAILURE, HEARTBEAT, RESUMED, STATE


def run_origin(pipeline: str, run: str) -> str:
    """Return what identifies a run's context in every store and file."""
    name = hashlib.sha256(f"{pipeline}\0{run}".encode()).hexdigest()
    return f"recorder:run:{name}"


class RunFacts:
    """The dated values of one run, as far as this process told them; any number of threads may tell."""

    def __init__(self) -> None:
        self.began = 0
        """When this process entered the run, in ms since the epoch."""
        self._values: Properties = {}
        self._told: dict[str, int] = {}
        self._moment = 0
        self._lock = threading.Lock()
        self._fresh = False

    def tell(self, values: Properties) -> None:
        """Take in values by name; the last one of a name stands."""
        with self._lock:
            # Microseconds, and rising though the clock may be set back.
            self._moment = max(time.time_ns() // 1000, self._moment + 1)
            self._values |= values
            self._told |= dict.fromkeys(values, self._moment)
            self._fresh = True

    def names(self) -> Iterable[str]:
        """The names of what was told."""
        return tuple(self._values)

    def get(self, name: str) -> Any:
        """The last value of a name, None where none was told."""
        return self._values.get(name)

    def take(self) -> tuple[Properties, int]:
        """Return everything told, with its dates, and the moment of the last in ms since the epoch."""
        with self._lock:
            self._fresh = False
            told: Properties = {TOLD: dict(self._told)}
            return self._values | told, self._moment // 1000

    @property
    def is_fresh(self) -> bool:
        """True where something was told that nobody took yet."""
        return self._fresh

    def begin(self, *, owns: bool, resumes: bool) -> None:
        """Tell that the run's block begins; ``owns`` is False for a process that joins."""
        self.began = int(time.time() * 1000)
        said: Properties = {HEARTBEAT: self.began}
        if owns:
            said |= {STATE: ExecutionState.RUNNING.value, ENDED: 0}
        if resumes:
            said |= {RESUMED: self.began, FAILURE: "", "error_type": "", "error_message": ""}
        self.tell(said)

    def alive(self) -> None:
        """Tell that a process of the run is alive."""
        self.tell({HEARTBEAT: int(time.time() * 1000)})

    def end(self, error: BaseException | None, message: str, *, owns: bool) -> None:
        """Tell how the run's block ended in this process."""
        now = int(time.time() * 1000)
        said: Properties = {HEARTBEAT: now}
        if owns:
            said |= {STATE: ExecutionState.COMPLETE.value, ENDED: max(now, self.began)}
        if error is not None:
            state = state_after(error).value
            said |= {FAILURE: state, "error_type": type(error).__qualname__}
            said |= {"error_message": message}
        self.tell(said)


def state_after(error: BaseException) -> ExecutionState:
    """Return how a block ends that raised: interruptions (Ctrl-C, SIGTERM, sys.exit) cancel it."""
    return ExecutionState.FAILED if isinstance(error, Exception) else ExecutionState.CANCELED
