"""Taking in OpenLineage's events as they come: those that come together are stored together."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

from lineage_graph.errors import InvalidArgument, LineageError, StoreError
from lineage_graph.exchange.gathering import Gathering
from lineage_graph.exchange.openlineage.contexts import What
from lineage_graph.exchange.openlineage.events import Event
from lineage_graph.exchange.openlineage.history import History
from lineage_graph.exchange.openlineage.mapping import Mapper
from lineage_graph.exchange.openlineage.settling import Settling
from lineage_graph.model import Kind
from lineage_graph.store import Store

_TOGETHER = 1000  # events stored by one put
_WAITING = 20_000  # events that may wait; more are sent away, to come again later
_IDLE = 5.0  # seconds without events after which the thread ends
_SOURCE = "openlineage"
_KEPT = 20_000  # contexts kept in mind
_PATIENCE = 0.005  # seconds to wait for more tellers, where there were many


class TooMany(Exception):
    """More events came than can be stored in time."""


@dataclass
class _Told:
    events: Sequence[Event]
    stored: Future[None] = field(default_factory=Future)


class Intake:
    """Stores events in one thread, in groups: as many as came while the group before was stored."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._told: queue.Queue[_Told] = queue.Queue()
        self._lock = threading.Lock()
        self._waiting = 0
        self._running = False
        self._contexts: dict[What, tuple[int, int]] = {}

    def take(self, events: Sequence[Event]) -> Future[None]:
        """Return what is done once the events are stored.

        Where that fails, it is safe to send them again: what was stored of them is known by its origin.

        Raises:
            TooMany: too many wait already.
        """
        told = _Told(events)
        with self._lock:
            if self._waiting + len(events) > _WAITING and self._waiting:
                raise TooMany
            self._waiting += len(events)
            self._told.put(told)
            if not self._running:
                self._running = True
                threading.Thread(target=self._run, name="openlineage", daemon=True).start()
        return told.stored

    def _run(self) -> None:
        tellers = 1
        while True:
            try:
                first = self._told.get(timeout=_IDLE)
            except queue.Empty:
                with self._lock:
                    if self._told.empty():
                        self._running = False
                        return
                continue
            group = self._gathered(first, _PATIENCE if tellers > 1 else 0)
            tellers = len(group)
            self._store_group(group)
            with self._lock:
                self._waiting -= sum(len(told.events) for told in group)

    def _gathered(self, first: _Told, patience: float) -> list[_Told]:
        """Return what came by now. Of many tellers some have just been answered: they get a moment."""
        group, count, end = [first], len(first.events), time.monotonic() + patience
        while count < _TOGETHER:
            try:
                group.append(self._told.get(timeout=max(end - time.monotonic(), 0)))
            except queue.Empty:
                break
            count += len(group[-1].events)
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
