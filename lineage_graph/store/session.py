"""Transactions: reads, statements of others that are rolled back, writes that are retried whole."""

from __future__ import annotations

import logging
import math
import random
import secrets
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any, NamedTuple, TypeVar

import neo4j
from neo4j.exceptions import (
    CypherSyntaxError,
    DriverError,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
)

from lineage_graph.catalog import Catalog
from lineage_graph.catalog.batched_statement import ROWS, together
from lineage_graph.catalog.compose import fill
from lineage_graph.catalog.schema import SchemaItem
from lineage_graph.engines import Engine, is_vague, may_retry, translate, translated
from lineage_graph.engines.dialect import EXPLAIN, GUEST_KEY
from lineage_graph.errors import (
    Conflict,
    EngineFailed,
    InvalidArgument,
    LineageError,
    OutOfMemory,
    StoreError,
    TimedOut,
    Unreachable,
)
from lineage_graph.settings import Settings
from lineage_graph.store.interruptible import interruptible
from lineage_graph.store.query_slots import QuerySlots
from lineage_graph.store.retries import (
    BEGINNINGS,
    FIRST_DELAY,
    MAX_VAGUE_RUNS,
    Retries,
    Sent,
)

log = logging.getLogger(__name__)
Result = TypeVar("Result")
Record = neo4j.Record

_LONGEST_DELAY = 0.3
_LIMITS = 10  # different times that the embedded engine is told to be left
_LEAST_TIME = 0.001  # seconds a statement is given where none are left
_thread = threading.local()


class Overtaken(Exception):
    """Another writer has just changed what this run of the work relied on; a second run finds it."""


class _Lost(Exception):
    """The connection was lost before the commit was sent: nothing was written."""


class Fetched(NamedTuple):
    """What a text answered: columns, records, whether there were more, whether it is known to write."""

    columns: tuple[str, ...]
    records: list[Record]
    more: bool
    writes: bool


Run = Callable[[str, dict[str, Any]], neo4j.Result]


class Transaction:
    """Runs the catalog's statements by name, in one transaction or, where they only read, each in its own."""

    def __init__(self, run: Run, catalog: Catalog) -> None:
        self._run_text = run
        self._catalog = catalog

    def run(self, query: str, values: Mapping[str, Any] = {}, **holes: object) -> list[Record]:
        """Run the statement of this name, its holes filled, its values bound."""
        text = self._catalog[query].text
        return self.run_text(fill(text, **holes) if holes else text, values)

    def run_text(self, text: str, values: Mapping[str, Any]) -> list[Record]:
        """Run a text of Cypher that the catalog or its composer made."""
        return list(self._run(text, values))

    def run_together(
        self, writes: Sequence[tuple[str, Mapping[str, object]]], rows: Sequence[Sequence[Any]]
    ) -> list[int]:
        """Run writes that take rows, with their holes, as one statement; return how many each wrote."""
        bodies = tuple(fill(self._catalog[query].body, **holes) for query, holes in writes)
        values = {f"{ROWS}_{number}": list(own) for number, own in enumerate(rows)}
        return list(self.run_text(together(bodies), values)[0].values())

    def _run(self, text: str, values: Mapping[str, Any]) -> neo4j.Result:
        return self._run_text(text, dict(values))

    def fetch(self, text: str, values: Mapping[str, Any], limit: int) -> Fetched:
        """Run a text; return at most ``limit`` records."""
        result = self._run(text, values)
        columns = tuple(result.keys())
        records = list(result.fetch(limit + 1))
        more = len(records) > limit
        # The embedded engine would make all the rows that nobody wants before it says what it did.
        writes = not more and result.consume().query_type != "r"
        return Fetched(columns, records[:limit], more, writes)

    def explain(self, text: str, values: Mapping[str, Any]) -> neo4j.ResultSummary:
        """Have the database plan a text without running it."""
        return self._run(EXPLAIN + text, values).consume()

    def value(self, query: str, values: Mapping[str, Any] = {}, **holes: object) -> Any:
        """Run a statement that answers one value; None where it answers nothing."""
        records = self.run(query, values, **holes)
        return records[0][0] if records else None

    def gathered(
        self, query: str, key: str, items: Iterable[Any], size: int = 500, **holes: object
    ) -> list[Any]:
        """Run a statement that answers one list once per batch of items; return the lists as one."""
        found: list[Any] = []
        pending = list(items)
        for start in range(0, len(pending), size):
            found += self.value(query, {key: pending[start : start + size]}, **holes) or ()
        return found

    def batches(
        self, query: str, key: str, items: Iterable[Any], size: int = 5000, **holes: object
    ) -> list[Record]:
        """Run a statement once per batch of items, and return all records."""
        records: list[Record] = []
        pending = list(items)
        for start in range(0, len(pending), size):
            records += self.run(query, {key: pending[start : start + size]}, **holes)
        return records


class Sessions:
    """Opens transactions on an engine, with the limits and the retries of the settings."""

    def __init__(self, engine: Engine, settings: Settings, catalog: Catalog) -> None:
        self._engine = engine
        self._settings = settings
        self._catalog = catalog
        self._turns = QuerySlots()

    def read(self, work: Callable[[Transaction], Result]) -> Result:
        """Run work that only reads, by statements of ours; each is a transaction of its own.

        Neither engine shows two statements of one transaction the same moment, so nothing is lost,
        and two round trips are saved.

        Raises:
            StoreError: the engine failed, or the time limit was reached.
        """
        return self._persist(lambda: self._read_once(work), self._settings.query_timeout)

    def guarded(
        self, work: Callable[[Transaction], Result], *, timeout: float | None = None
    ) -> Result:
        """Run work of statements of ours in one transaction that is rolled back, whatever it did.

        Raises:
            StoreError: the engine failed, or the time limit was reached.
        """
        limit = timeout or self._settings.query_timeout
        return self._persist(lambda: self._rolled_back(work, limit, Sent()), limit)

    def guest(self, work: Callable[[Transaction], Result], *, timeout: float) -> Result:
        """Run work with a stranger's statement like ``guarded``, but a few at once, and never again.

        A READ session does not stop a write on the embedded engine; its reading user and the
        rollback do.

        Raises:
            Busy: too many others are running; nothing was run.
            TimedOut: the time limit was reached.
            OutOfMemory: the engine ended while the statement ran.
            StoreError: the engine failed.
        """
        with self._turns.turn():
            sent = Sent(guest=_own_name())
            return interruptible(
                lambda: self._persist(
                    lambda: self._rolled_back(work, timeout, sent), timeout, sent
                ),
                lambda: self._engine.cancel(sent.guest),
            )

    def _persist(self, run: Callable[[], Result], limit: float, sent: Sent | None = None) -> Result:
        """Run what only reads, again where the connection was lost; but not what may have ended the engine."""
        retries = Retries(self._engine)
        while True:
            with self._translated("reading"):
                _ = self._engine.read_driver  # a start of the engine anew is no reading time
                started = time.monotonic()
                try:
                    return run()
                except (ServiceUnavailable, SessionExpired, Unreachable) as error:
                    if time.monotonic() - started >= limit:
                        raise TimedOut(
                            "The time limit was reached, and the connection was lost.",
                            hint="Ask for less.",
                        ) from error
                    if sent is not None and sent.itself and self._engine.has_ended(retries.address):
                        raise OutOfMemory(
                            "The engine ended while this statement ran, which may have needed too "
                            "much memory.",
                            hint="Ask for less.",
                        ) from error
                    if not retries.again():
                        raise

    def _read_once(self, work: Callable[[Transaction], Result]) -> Result:
        end = time.monotonic() + self._settings.query_timeout
        step = self._settings.query_timeout / _LIMITS

        def run(text: str, values: dict[str, Any]) -> neo4j.Result:
            left = max(end - time.monotonic(), _LEAST_TIME)
            told = math.ceil(left / step) * step  # engines keep the plans of the texts they know
            return session.run(neo4j.Query(self._marked(text, told), timeout=left), values)

        with self._session(neo4j.READ_ACCESS) as session:
            return work(Transaction(run, self._catalog))

    def _rolled_back(
        self, work: Callable[[Transaction], Result], limit: float, sent: Sent
    ) -> Result:
        with self._begin(neo4j.READ_ACCESS, limit, sent.guest) as transaction:

            def run(text: str, values: dict[str, Any]) -> neo4j.Result:
                sent.itself = sent.itself or not text.startswith(EXPLAIN)
                return transaction.run(self._marked(text, limit, guest=sent.guest), values)

            return work(Transaction(run, self._catalog))

    def _marked(self, text: str, seconds: float, *, guest: str = "") -> str:
        return self._engine.dialect.limited(text, seconds, guest=guest)

    @contextmanager
    def _seeing_damage(self) -> Iterator[None]:
        """Where files of the engine are known to be damaged, say so of what nothing else explains."""
        try:
            yield
        except (LineageError, DriverError, CypherSyntaxError, OverflowError, Overtaken, _Lost):
            raise
        except Exception as error:
            explained = isinstance(error, Neo4jError) and not isinstance(
                translate(error), (InvalidArgument, EngineFailed)
            )
            if explained or self._engine.damage is None:
                raise
            raise self._engine.damage from error

    def write(self, work: Callable[[Transaction], Result]) -> Result:
        """Run work in one transaction, all or nothing; run it again where another writer was in the way.

        Work must not change anything outside the transaction that a second run would change again.

        Raises:
            Conflict: another writer was in the way until the time limit.
            Terminated: the transaction was ended by somebody each time, until the time limit.
            StoreError: the engine failed. Where it failed in the middle of the commit, it is not
                known whether the transaction was written.
        """
        end = time.monotonic() + self._settings.write_timeout
        delay, vague = FIRST_DELAY, 0
        retries = Retries(self._engine)
        while True:
            try:
                with self._seeing_damage():
                    return self._write_once(work)
            except _Lost as error:
                if not retries.again():
                    raise self._ours(error.__cause__ or error, "writing") from error
                continue
            except OverflowError as error:
                raise translate(error, "writing") from error
            except (Neo4jError, DriverError, Overtaken) as error:
                if not isinstance(error, Overtaken):
                    ours = self._ours(error, "writing")
                    vague += is_vague(error, ours)
                    too_late = isinstance(ours, StoreError) and time.monotonic() + delay > end
                    if too_late or vague > MAX_VAGUE_RUNS or not may_retry(error, ours):
                        raise ours from error
                if time.monotonic() + delay > end:
                    raise Conflict(
                        "Other writers were in the way until the time limit.",
                        hint="Nothing was written; try again.",
                    ) from error
                log.debug("write failed, again in %.0f ms: %s", delay * 1000, error)
            time.sleep(delay * random.uniform(0.5, 1.5))
            delay = min(delay * 2, _LONGEST_DELAY)

    def _write_once(self, work: Callable[[Transaction], Result]) -> Result:
        try:
            opened = self._session(neo4j.WRITE_ACCESS)
        except Unreachable as error:
            raise _Lost from error
        with opened as session:
            try:
                transaction = _begun(session, self._settings.write_timeout)
                try:
                    result = work(Transaction(transaction.run, self._catalog))
                except BaseException:
                    _roll_back(transaction)
                    raise
            except (ServiceUnavailable, SessionExpired) as error:
                raise _Lost from error
            try:
                transaction.commit()
            finally:
                _roll_back(transaction)
            return result

    def _ours(self, error: BaseException, doing: str) -> LineageError:
        """Return ours for an error of the driver, with the cause that the embedded engine hides."""
        return self._engine.dialect.explained(translate(error, doing))

    @contextmanager
    def _translated(self, doing: str) -> Iterator[None]:
        try:
            with translated(doing), self._seeing_damage():
                yield
        except StoreError as error:
            ours = self._ours(error, doing)
            if ours is error:
                raise
            raise ours from error.__cause__

    def create(self, item: SchemaItem) -> None:
        """Create a constraint or an index, in a transaction of its own."""
        with self._translated("preparing the store"), self._session(neo4j.WRITE_ACCESS) as session:
            session.run(item.cypher).consume()

    @contextmanager
    def _begin(self, access: str, limit: float, guest: str = "") -> Iterator[neo4j.Transaction]:
        """Open a transaction, rolled back at the end unless it was committed.

        A server that was started anew leaves old connections behind, which fail at their first use;
        nothing was sent by then, so that is tried again.
        """
        for attempt in range(BEGINNINGS):
            with self._session(access) as session:
                try:
                    told = {GUEST_KEY: guest} if guest else None
                    transaction = session.begin_transaction(told, timeout=limit)
                except (ServiceUnavailable, SessionExpired):
                    if attempt + 1 == BEGINNINGS:
                        raise
                    time.sleep(FIRST_DELAY * 10**attempt)
                    continue
                try:
                    yield transaction
                finally:
                    _roll_back(transaction)
                return

    def _session(self, access: str) -> neo4j.Session:
        reads = access == neo4j.READ_ACCESS
        driver = self._engine.read_driver if reads else self._engine.driver
        return driver.session(database=self._engine.database, default_access_mode=access)


def _own_name() -> str:
    """Return what this thread's guests are called; always the same, for engines keep plans by texts."""
    if not hasattr(_thread, "name"):
        _thread.name = secrets.token_hex(6)
    return str(_thread.name)


def _begun(session: neo4j.Session, limit: float) -> neo4j.Transaction:
    """Begin a transaction whose BEGIN is sent along with its first statement: a round trip less.

    The driver does so for itself only (``execute_query``); where a release of it no longer knows how,
    BEGIN is sent at once.
    """
    with getattr(session, "_pipelined_begin", nullcontext()):
        return session.begin_transaction(timeout=limit)


def _roll_back(transaction: neo4j.Transaction) -> None:
    try:
        transaction.close()
    except (Neo4jError, DriverError):  # the connection is gone, and the transaction with it
        log.debug("could not roll back", exc_info=True)
