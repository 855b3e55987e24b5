"""Taking in OpenLineage's events as they come: those that come together are stored together."""

from __future__ import annotations

import itertools
import logging
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future

from lineage_graph.drawing.printable import one_line
from lineage_graph.errors import InvalidArgument, LineageError, StoreError
from lineage_graph.exchange.openlineage.bounds import names_in, weight_of
from lineage_graph.exchange.openlineage.contexts import What
from lineage_graph.exchange.openlineage.events import Event
from lineage_graph.exchange.openlineage.history import VersionHistory
from lineage_graph.exchange.openlineage.mapping import Mapper
from lineage_graph.exchange.openlineage.reconciliation import Reconciliation
from lineage_graph.exchange.openlineage.run_ids import RunIds
from lineage_graph.exchange.subgraph_builder import SubgraphBuilder
from lineage_graph.model import Kind
from lineage_graph.store import Store

log = logging.getLogger(__name__)

_TOGETHER = 1000  # weight (``weight_of``) from which on events are stored
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

    numbers = itertools.count()

    def __init__(self, events: Sequence[Event]) -> None:
        self.number = next(self.numbers)
        self.events = events
        self.weight = sum(map(weight_of, events))
        self.names = frozenset[tuple[str, ...]]().union(*map(names_in, events))
        self.stored: Future[None] = Future()
        self.stored.set_running_or_notify_cancel()  # who waits may leave; they are stored all the same


class _Lane:
    """What waits for one of the threads that store, and what that thread stores."""

    def __init__(self) -> None:
        self.waiting: deque[_Told] = deque()
        self.stored: frozenset[tuple[str, ...]] = frozenset()
        self.running = False


def _next(lane: _Lane, other: _Lane) -> _Told | None:
    """Return what may be stored now: nothing that names what the other lane stores, or is to store before."""
    first = other.waiting[0] if other.waiting else None
    for told in lane.waiting:
        is_later = first is not None and first.number < told.number
        taken = other.stored | first.names if first is not None and is_later else other.stored
        if told.names.isdisjoint(taken):
            return told
    return None


class Intake:
    """Stores events in two threads, so that who sends little does not wait for those who send much.

    One stores little in groups: as many as came while the group before was stored. The other stores
    what is much, in parts, one after the other. What one stores is settled with what is stored
    already: so the two never store events at once that name the same run, job or dataset. They write
    in turns, for on the embedded engine a long transaction beside short ones would be overtaken each
    time; what takes most of the time is to find out what to write.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._little, self._much = _Lane(), _Lane()
        self._lock = threading.Condition()
        self._writing = threading.Lock()
        self._waiting = 0
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
            lane, other = (self._much, self._little) if is_much else (self._little, self._much)
            lane.waiting.extend(parts)
            if not lane.running:
                lane.running = True
                target = threading.Thread(
                    target=self._run, args=(lane, other), name="openlineage", daemon=True
                )
                target.start()
            self._lock.notify_all()
        return _all_of([part.stored for part in parts])

    def _run(self, lane: _Lane, other: _Lane) -> None:
        tellers = 1
        while group := self._gathered(lane, other, _PATIENCE if tellers > 1 else 0):
            tellers = len(group)
            self._store_group(group)
            with self._lock:
                self._waiting -= sum(len(told.events) for told in group)
                lane.stored = frozenset()
                self._lock.notify_all()

    def _gathered(self, lane: _Lane, other: _Lane, patience: float) -> list[_Told]:
        """Return what came by now, nothing where nothing comes: then the thread ends.

        Of many tellers some have just been answered: they get a moment.
        """
        with self._lock:
            while not self._lock.wait_for(lambda: _next(lane, other), _IDLE):
                if not lane.waiting:
                    lane.running = False
                    return []
            group: list[_Told] = []
            weight, end = 0, time.monotonic() + patience
            most = 1 if lane is self._much else _TOGETHER
            while weight < most:
                told = self._lock.wait_for(
                    lambda: _next(lane, other), max(end - time.monotonic(), 0)
                )
                if told is None:
                    break
                lane.waiting.remove(told)
                group.append(told)
                weight += told.weight
                lane.stored |= told.names
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
        history, builder = VersionHistory(), SubgraphBuilder()
        try:
            run_ids = RunIds(history.claims, self._store.lookup)
            run_ids.look_up(events)
            events = [run_ids.of(event, _warn) for event in events]
            for event in events:
                history.note(event)
            history.finish()
            reconciliation = Reconciliation(history, self._store.lookup, events)
            mapper = Mapper(builder, history, self._contexts)
            for event in events:
                mapper.add(event)
            reconciliation.tell(mapper, builder)
        finally:
            history.close()
        with self._writing:
            self._store.load_keyed([mapper.take()], _SOURCE)
            self._keep(mapper.told)

    def _keep(self, told: Mapping[str, tuple[What, int]]) -> None:
        """Keep in mind which contexts are stored: to tell of them again would cost more than all the rest."""
        fresh = {origin: known for origin, known in told.items() if known[0] not in self._contexts}
        if len(self._contexts) + len(fresh) > _KEPT:
            self._contexts = {}
        for origin, one in (
            self._store.lookup.by_origin(Kind.CONTEXT, fresh).items() if fresh else ()
        ):
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
