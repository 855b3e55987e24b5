"""Taking in OpenLineage's events as they come: those that come together are stored together."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future

from lineage_graph.drawing.printable import one_line
from lineage_graph.errors import InvalidArgument, LineageError, StoreError
from lineage_graph.exchange.gathering import Gathering
from lineage_graph.exchange.openlineage.bounds import weight_of
from lineage_graph.exchange.openlineage.contexts import What
from lineage_graph.exchange.openlineage.events import Event
from lineage_graph.exchange.openlineage.history import History
from lineage_graph.exchange.openlineage.mapping import Mapper
from lineage_graph.exchange.openlineage.run_ids import RunIds
from lineage_graph.exchange.openlineage.settling import Settling
from lineage_graph.model import Kind
from lineage_graph.store import Store

log = logging.getLogger(__name__)

_TOGETHER = 3000  # weight (``weight_of``) from which on events are stored
_MAX_PART = 2000  # weight of what is stored of one teller at once, if that is not one event
_MUCH = 200  # weight of what waits for its turn
_WAITING = 20_000  # events that may wait; more are sent away, to come again later
_IDLE = 5.0  # seconds without events after which the thread ends
_SOURCE = "openlineage"
_KEPT = 20_000  # contexts kept in mind
_PATIENCE = 0.005  # seconds to wait for more tellers, where there were many


class TooMany(Exception):
    """More events came than can be stored in time."""


class _Told:
    """Events to be stored together, and what is done once they are."""

    def __init__(self, events: Sequence[Event]) -> None:
        self.events = events
        self.weight = sum(map(weight_of, events))
        self.stored: Future[None] = Future()
        self.stored.set_running_or_notify_cancel()  # who waits may leave; they are stored all the same


class Intake:
    """Stores events in one thread, in groups: as many as came while the group before was stored.

    What is much is stored in parts, and a group has one of them at most: so who sends little waits for
    one part of what others send, not for all of it.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._told: deque[_Told] = deque()
        self._parts: deque[_Told] = deque()
        self._lock = threading.Condition()
        self._waiting = 0
        self._running = False
        self._contexts: dict[What, tuple[int, int]] = {}

    def take(self, events: Sequence[Event]) -> Future[None]:
        """Return what is done once the events are stored.

        Where that fails, it is safe to send them again: what was stored of them is known by its origin.

        Raises:
            TooMany: too many wait already.
        """
        parts = [_Told(part) for part in _parts_of(events)]
        with self._lock:
            if self._waiting + len(events) > _WAITING and self._waiting:
                raise TooMany
            self._waiting += len(events)
            is_much = len(parts) > 1 or parts[0].weight > _MUCH
            (self._parts if is_much else self._told).extend(parts)
            if not self._running:
                self._running = True
                threading.Thread(target=self._run, name="openlineage", daemon=True).start()
            self._lock.notify()
        return _all_of([part.stored for part in parts])

    def _run(self) -> None:
        tellers = 1
        while group := self._gathered(_PATIENCE if tellers > 1 else 0):
            tellers = len(group)
            self._store_group(group)
            with self._lock:
                self._waiting -= sum(len(told.events) for told in group)

    def _gathered(self, patience: float) -> list[_Told]:
        """Return what came by now, nothing where nothing comes: then the thread ends.

        Of many tellers some have just been answered: they get a moment.
        """
        with self._lock:
            if not self._lock.wait_for(lambda: self._told or self._parts, _IDLE):
                self._running = False
                return []
            group = [self._parts.popleft()] if self._parts else []
            weight, end = sum(told.weight for told in group), time.monotonic() + patience
            while weight < _TOGETHER:
                if not self._told and not self._lock.wait_for(
                    lambda: self._told, max(end - time.monotonic(), 0)
                ):
                    break
                group.append(self._told.popleft())
                weight += group[-1].weight
            return group

    def _store_group(self, group: list[_Told]) -> None:
        """Store a group at once; where that is refused, each by itself, so that none fails for another."""
        try:
            self._write([event for told in group for event in told.events])
        except Exception as error:
            alone = len(group) == 1 or isinstance(error, StoreError)
            if alone or not isinstance(error, LineageError):
                for told in group:
                    told.stored.set_exception(error)
                return
            for told in group:
                self._store_group([told])
            return
        for told in group:
            told.stored.set_result(None)

    def _write(self, events: Sequence[Event]) -> None:
        try:
            self._write_once(events)
        except InvalidArgument:
            if not self._contexts:
                raise
            self._contexts = {}  # one of them may be gone
            self._write_once(events)

    def _write_once(self, events: Sequence[Event]) -> None:
        """Store events, and what they change of what is stored."""
        history, gathering = History(), Gathering()
        try:
            run_ids = RunIds(history.claims, self._store)
            run_ids.look_up(events)
            events = [run_ids.of(event, _warn) for event in events]
            for event in events:
                history.note(event)
            history.finish()
            settling = Settling(history, self._store, events)
            mapper = Mapper(gathering, history, self._contexts)
            for event in events:
                mapper.add(event)
            settling.tell(mapper, gathering)
        finally:
            history.close()
        self._store.load_keyed([mapper.take()], _SOURCE)
        self._keep(mapper.told)

    def _keep(self, told: Mapping[str, tuple[What, int]]) -> None:
        """Keep in mind which contexts are stored: to tell of them again would cost more than all the rest."""
        fresh = {origin: known for origin, known in told.items() if known[0] not in self._contexts}
        if len(self._contexts) + len(fresh) > _KEPT:
            self._contexts = {}
        for origin, one in self._store.by_origin(Kind.CONTEXT, fresh).items() if fresh else ():
            what, at = fresh[origin]
            self._contexts[what] = (at, one)


def _warn(reason: str) -> None:
    log.warning("OpenLineage: %s", one_line(reason))


def _parts_of(events: Sequence[Event]) -> Iterator[Sequence[Event]]:
    """Yield events in parts of some weight; one that weighs more is a part of its own."""
    begin = weight = 0
    for number, event in enumerate(events):
        weight += weight_of(event)
        if weight > _MAX_PART and number > begin:
            yield events[begin:number]
            begin, weight = number, weight_of(event)
    yield events[begin:]


def _all_of(parts: Sequence[Future[None]]) -> Future[None]:
    """Return what is done once all are, with the first error of theirs."""
    if len(parts) == 1:
        return parts[0]
    whole: Future[None] = Future()
    whole.set_running_or_notify_cancel()
    left = list(parts)

    def note(part: Future[None]) -> None:  # called by the one thread that stores
        left.remove(part)
        if left:
            return
        error = next(filter(None, (one.exception() for one in parts)), None)
        whole.set_result(None) if error is None else whole.set_exception(error)

    for part in parts:
        part.add_done_callback(note)
    return whole
