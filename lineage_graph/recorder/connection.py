"""Connection: where the records of a pipeline go, to the store or, while it is down, to a file.

With ``on_error="raise"`` whatever the store raises is raised. With ``"spool"`` and ``"warn"`` nothing of
the recorder raises into the training or holds it up: what the store does not take at once goes to the file
(``"spool"``) or is left out (``"warn"``), and one warning says so.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol, TypeVar

from lineage_graph.errors import InvalidArgument, LineageError, StoreError
from lineage_graph.recorder import record as records
from lineage_graph.recorder.once import Once
from lineage_graph.recorder.patience import Patience, StoreProbe, TookTooLong
from lineage_graph.recorder.record import Record
from lineage_graph.recorder.spool import append, replay
from lineage_graph.settings import Settings
from lineage_graph.store import PutResult, Store

log = logging.getLogger(__name__)
Found = TypeVar("Found")

OnError = Literal["raise", "spool", "warn"]
_MAX_CLOSING = 5.0  # seconds that the end of a run waits for the store to be closed
_INHERITED: list[Store] = []  # stores of a parent process: closing them here would end its sessions


@dataclass(frozen=True)
class Address:
    """Where records go; picklable, so other processes can join."""

    uri: str | None
    settings: Settings
    on_error: OnError
    spool: Path

    def __post_init__(self) -> None:
        if self.on_error not in ("raise", "spool", "warn"):
            raise InvalidArgument(
                f"on_error={self.on_error!r} is unknown.", hint='Use "raise", "spool" or "warn".'
            )


class Flushed(Protocol):
    """A step that is written while it runs."""

    def flush(self) -> None:
        """Write what was noted since it was written last."""
        ...


class Recording(Protocol):
    """What a step needs to know of its run."""

    name: str

    @property
    def pipeline_name(self) -> str:
        """The name of the run's pipeline."""
        ...

    connection: Connection

    def notice(self, step: Flushed) -> None:
        """Write soon what was noted of a step."""
        ...


@dataclass
class Connection:
    """Opens the store when it is needed first and closes it after its last user left.

    A store that was handed over is used as it is and never closed.
    """

    address: Address
    given: Store | None = None
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False)
    _opening: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _loading: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _own: Store | None = field(default=None, repr=False)
    _process: int = field(default_factory=os.getpid, repr=False)
    _users: int = 0
    _patience: Patience = field(default_factory=Patience, repr=False)
    _probe: StoreProbe | None = field(default=None, repr=False)
    _warned: Once = field(default_factory=Once, repr=False)
    _spooled: bool = False
    store_id: str | None = None
    """Identity of the store, known once it was reached."""

    @property
    def is_safe(self) -> bool:
        """True where nothing of the recorder may raise into the training or hold it up."""
        return self.address.on_error != "raise"

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
                is_last = self._users <= 0
            if is_last:
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

    def warn_once(self, about: str, message: str, *details: object) -> None:
        """Log a warning, unless there was one about this before."""
        if self._warned.is_first(about):
            log.warning(message, *details)

    def leave_out(self, what: str, error: Exception) -> None:
        """Say once that something cannot be recorded and is left out."""
        self.warn_once(f"{what} {type(error).__name__}", "%s is not recorded: %s", what, error)

    @property
    def salvage(self) -> Callable[[str, Exception], None] | None:
        """Takes what cannot be recorded where the rest shall be; None where that is an error."""
        return self.leave_out if self.is_safe else None

    @property
    def has_file(self) -> bool:
        """True where records go to a file while the store is away."""
        return self.address.on_error == "spool"

    def _try(self, doing: str, work: Callable[[Store], Found]) -> Found | None:
        if not self.is_safe:
            return work(self._store())
        self._notice_fork()
        if self._probe is not None:
            return None
        # An engine of this machine that has to be started first is not away.
        starts = self.given is None and self._own is None and self._is_embedded
        try:
            return self._patience.wait(lambda: work(self._store()), as_long_as_it_takes=starts)
        except (StoreError, TookTooLong) as error:
            self._is_away(error)
        except LineageError as error:
            if doing == "read" or self.store_id is None:  # such as an address that cannot be one
                raise
            # A refused record is kept as well: replay says why it cannot be loaded.
            self.warn_once(
                f"refused {error}", "The store refused a record%s: %s", self._kept, error
            )
        return None

    @property
    def _is_embedded(self) -> bool:
        return self.address.uri is None and self.address.settings.uri is None

    @property
    def _kept(self) -> str:
        """Where records go that the store does not take, for a message."""
        if self.address.on_error == "warn":
            return ", it is left out"
        return f", it goes to {self.address.spool} (lineage-graph replay loads that)"

    def _is_away(self, error: StoreError | TookTooLong) -> None:
        """Say once that the store is away, and begin to look whether it is back."""
        reason = "it does not answer" if isinstance(error, TookTooLong) else _first_sentence(error)
        with self._lock:
            if self._probe is not None:
                return
            self._probe = StoreProbe(self._is_back, self._when_back)
        self.warn_once("away", "The store takes no record%s: %s", self._kept, reason)
        log.info("the store is away", exc_info=error)

    def _is_back(self) -> bool:
        try:
            store = self._store()
            store.pages.census()
        except Exception:
            log.info("the store is still away", exc_info=True)
            return False
        return True

    def _when_back(self) -> None:
        """Use the store again, and load what went to the file meanwhile."""
        self._patience = Patience()
        with self._lock:
            self._probe = None
        self._load(self._store())

    def _spool(self, record: Record) -> None:
        if self.address.on_error == "warn":
            return
        try:
            append(self.address.spool, record)
            self._spooled = True
        except OSError as error:  # a full disk, say: the training is worth more than its record
            where = self.address.spool
            self.warn_once("lost", "Records are lost: %s cannot be written (%s)", where, error)

    def _store(self) -> Store:
        self._notice_fork()
        with self._opening:
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
        self._lock, self._opening, self._loading = (
            threading.RLock(),
            threading.Lock(),
            threading.Lock(),
        )
        self._own, self.given, self._users, self._process = None, None, 0, os.getpid()
        self._patience, self._probe = Patience(), None

    def _leave(self) -> None:
        is_away = self._probe is not None
        if self._probe is not None:
            self._probe.stop()
            self._probe, self._patience = None, Patience()
        with self._lock:
            own, self._own = self._own, None
        if not self.is_safe:
            if own is not None:
                _close(own)
            return
        closing = threading.Thread(target=self._finish, args=(own, is_away), daemon=True)
        closing.start()
        closing.join(_MAX_CLOSING if not is_away else _MAX_CLOSING / 50)

    def _finish(self, own: Store | None, is_away: bool) -> None:
        store = own or self.given
        if store is not None and not is_away:
            self._load(store)
        if own is not None:
            _close(own)

    def _load(self, store: Store) -> None:
        """Load what went to the file; what cannot be loaded stays there, for lineage-graph replay."""
        with self._loading:
            if not self._spooled:  # somebody else loaded it meanwhile
                return
            self._spooled = False
            try:
                replay(store, self.address.spool)
            except Exception:
                self._spooled = True
                log.info("%s is not loaded", self.address.spool, exc_info=True)


def _close(store: Store) -> None:
    try:
        store.close()
    except LineageError:  # everything is written; only unused ids were not returned
        log.info("the store could not be closed properly", exc_info=True)


def _first_sentence(error: StoreError) -> str:
    """Return what an error says, without the driver's text behind it."""
    return str(error).splitlines()[0][:300]
