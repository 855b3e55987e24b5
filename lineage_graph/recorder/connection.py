"""Connection: where the records of a pipeline go, to the store or, while it is down, to a file."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol, TypeVar

from lineage_graph.errors import InvalidArgument, LineageError, StoreError
from lineage_graph.recorder import record as records
from lineage_graph.recorder.record import Record
from lineage_graph.recorder.spool import append
from lineage_graph.settings import Settings
from lineage_graph.store import PutResult, Store

log = logging.getLogger(__name__)
Found = TypeVar("Found")

OnError = Literal["raise", "spool"]
_PAUSE = 30.0  # seconds before a store that was down is tried again
_INHERITED: list[Store] = []  # stores of a parent process: closing them here would end its sessions


@dataclass(frozen=True)
class Address:
    """Where records go; picklable, so other processes can join."""

    uri: str | None
    settings: Settings
    on_error: OnError
    spool: Path

    def __post_init__(self) -> None:
        if self.on_error not in ("raise", "spool"):
            raise InvalidArgument(
                f"on_error={self.on_error!r} is unknown.", hint='Use "raise" or "spool".'
            )


class Recording(Protocol):
    """What a step needs to know of its run."""

    name: str

    @property
    def pipeline_name(self) -> str:
        """The name of the run's pipeline."""
        ...

    @property
    def connection(self) -> Connection:
        """Where the run's records go."""
        ...


@dataclass
class Connection:
    """Opens the store when it is needed first and closes it after its last user left.

    With ``on_error="spool"`` nothing a store does raises: records go to the file instead. A store
    that was handed over is used as it is and never closed.
    """

    address: Address
    given: Store | None = None
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False)
    _own: Store | None = field(default=None, repr=False)
    _process: int = field(default_factory=os.getpid, repr=False)
    _users: int = 0
    _down_until: float = 0.0
    store_id: str | None = None
    """Identity of the store, known once it was reached."""

    @property
    def spools(self) -> bool:
        """True where a store that is down must not stop the run."""
        return self.address.on_error == "spool"

    @contextmanager
    def used(self) -> Iterator[None]:
        """Keep the store open inside the block."""
        self._notice_fork()
        with self._lock:
            self._users += 1
        try:
            yield
        finally:
            with self._lock:
                self._users -= 1
                if self._users <= 0:
                    self._leave()

    def write(self, record: Record, *, to_file: bool = False) -> PutResult | None:
        """Write a record; None where it went to the file.

        ``to_file`` is for a step that has records in the file: later ones must not overtake them.

        Raises:
            LineageError: with ``on_error="raise"``, as ``Store.put`` does.
        """
        if not to_file:
            result = self._try("write", lambda store: records.write(store, record))
            if result is not None:
                return result
        self._spool(record)
        return None

    def read(self, look: Callable[[Store], Found]) -> Found | None:
        """Look something up; None where the store is down and must not stop the run."""
        return self._try("read", look)

    def _try(self, doing: str, work: Callable[[Store], Found]) -> Found | None:
        if not self.spools:
            return work(self._store())
        if time.monotonic() < self._down_until:
            return None
        try:
            return self._work(doing, work)
        except StoreError as error:
            log.warning("The store is down, records go to %s: %s", self.address.spool, error)
            with self._lock:
                self._down_until = time.monotonic() + _PAUSE
                self._leave()
            return None

    def _work(self, doing: str, work: Callable[[Store], Found]) -> Found | None:
        store = self._store()
        try:
            return work(store)
        except StoreError:
            raise
        except LineageError as error:
            if doing == "read":
                raise
            # A refused record is kept as well: replay says why it cannot be loaded.
            log.warning("The store refused a record, it goes to %s: %s", self.address.spool, error)
            return None

    def _spool(self, record: Record) -> None:
        try:
            append(self.address.spool, record)
        except OSError:  # the disk is full, say: the training run is worth more than its record
            log.exception("A record is lost: %s cannot be written", self.address.spool)

    def _store(self) -> Store:
        self._notice_fork()
        with self._lock:
            store = self.given or self._own
            if store is None:
                store = self._own = Store.open(self.address.uri, self.address.settings)
            self.store_id = store.id
            return store

    def _notice_fork(self) -> None:
        """Forget connections that belong to the process this one was forked from."""
        if self._process == os.getpid():
            return
        _INHERITED.extend(store for store in (self.given, self._own) if store is not None)
        self._lock = threading.RLock()
        self._own, self.given, self._users, self._process = None, None, 0, os.getpid()

    def _leave(self) -> None:
        store, self._own = self._own, None
        if store is None:
            return
        try:
            store.close()
        except LineageError:  # everything is written; only unused ids were not returned
            log.info("the store could not be closed properly", exc_info=True)
