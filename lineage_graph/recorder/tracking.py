"""``lg.track``: progress and throughput of a loop of one's own, as metrics of the current step."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable, Iterator
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from lineage_graph.errors import InvalidArgument
from lineage_graph.model import ExecutionState
from lineage_graph.recorder.steps import Step, current_step

log = logging.getLogger(__name__)
T = TypeVar("T")
_loops: WeakKeyDictionary[Step, dict[str, _Loop]] = WeakKeyDictionary()
_lock = threading.Lock()


class _Loop:
    """What is known of the loops of one name in one step: later passes go on counting."""

    def __init__(self) -> None:
        self.done = 0
        self.passes = 0
        self.warned = False


class Track(Generic[T]):
    """An iterable that notes how far the loop over it is: ``for batch in lg.track(loader):``."""

    def __init__(self, items: Iterable[T], name: str, seconds: float, every: int | None) -> None:
        self._items = items
        self._name = name
        self._seconds = seconds
        self._every = every
        self._step: Step | None = None
        self._loop = _Loop()

    def __len__(self) -> int:
        return len(self._items)  # type: ignore[arg-type]

    def __iter__(self) -> Iterator[T]:
        step = self._step = current_step()
        if step is None:
            return iter(self._items)
        with _lock:
            self._loop = _loops.setdefault(step, {}).setdefault(self._name, self._loop)
        return self._noting(self._loop)

    def log(self, **metrics: Any) -> None:
        """Log metrics of the current item: their axis is the number of items before it, of all passes."""
        if self._step is not None:
            self._log(metrics, self._loop.done)

    def _noting(self, loop: _Loop) -> Iterator[T]:
        clock = time.perf_counter
        total = _length(self._items)
        every, seconds = self._every, self._seconds
        first = noted = loop.done
        began = moment = clock()
        complete = False
        try:
            for item in self._items:
                yield item
                loop.done = done = loop.done + 1
                if every is not None:
                    if done - noted < every:
                        continue
                    now = clock()
                else:
                    now = clock()
                    if now - moment < seconds:
                        continue
                self._note(done - first, total, (done - noted) / max(now - moment, 1e-9))
                noted, moment = done, now
            complete = True
        finally:
            loop.passes += complete
            count = loop.done - first
            self._note(count, total, count / max(clock() - began, 1e-9), passes=loop.passes)

    def _note(self, count: int, total: int, rate: float, passes: int | None = None) -> None:
        """Note the items so far and how many a second, and of what is known to be all, the part."""
        metrics: dict[str, Any] = {self._name: self._loop.done, f"{self._name}_per_second": rate}
        if total:
            metrics[f"{self._name}_progress"] = count / total
        if passes is not None:
            metrics[f"{self._name}_epochs"] = passes
        self._log(metrics, self._loop.done)

    def _log(self, metrics: dict[str, Any], at: int) -> None:
        step = self._step
        if step is None or step.state is not ExecutionState.RUNNING:
            return
        try:
            step.log(metrics, step=at)
        except Exception as error:  # the loop is worth more than its figures
            if not self._loop.warned:
                self._loop.warned = True
                log.warning("lg.track could not log %s: %s", ", ".join(metrics), error)


def track(
    iterable: Iterable[T], *, name: str = "items", seconds: float = 1.0, every: int | None = None
) -> Track[T]:
    """Iterate over something, and note the progress of the loop as metrics of the current step.

    Once in ``seconds``, or after ``every`` items where that is given, and at the end of a pass:
    ``items`` (how many are done), ``items_per_second`` since the last time (at the end: of the whole
    pass), ``items_progress`` (from 0 to 1, where the length is known) and ``items_epochs`` (passes
    that were completed; each pass in the same step goes on counting). ``name`` is put in place of
    ``items``. ``track(…).log(loss=…)`` logs metrics at the current item. Outside of a step it only
    iterates.

    Raises:
        InvalidArgument: no name, ``seconds`` below 0, or ``every`` below 1.
    """
    if not isinstance(name, str) or not name:
        raise InvalidArgument(f"{name!r} cannot name the items of a loop.", hint="Use text.")
    if seconds < 0 or (every is not None and every < 1):
        given = f"every={every}" if every is not None else f"seconds={seconds}"
        raise InvalidArgument(f"A loop cannot be noted at {given}.", hint="Use every=1 or more.")
    return Track(iterable, name, seconds, every)


def _length(items: object) -> int:
    try:
        return len(items)  # type: ignore[arg-type]
    except Exception:  # no length, or a loader that does not know it
        return 0
