"""Ends statements inside the embedded engine that reach their limit of time or memory."""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from lineage_graph.engines.passwords import TOOLS_USER
from lineage_graph.engines.state import READER
from lineage_graph.engines.stopping import ThreadStopper

log = logging.getLogger(__name__)

_MARK = re.compile(r"/\*(?:guest=(?P<guest>\w+) )?limit=(?P<limit>\d+)\*/")
# In the mark before a statement a guest's name says that it is a stranger's: it is the first to be ended
# where memory runs out, and can be ended by that name.
_TICK = 0.05  # seconds between looks at the running statements
_GRACE = 0.5  # seconds after which a statement that was told to end is ended by its thread
_STUCK = 5.0  # seconds after which a statement that cannot be ended ends the engine
_GUEST_SHARE = 0.2  # of the heap: what the old objects may grow by while a guest's statement runs
_CROWDED = (
    0.85  # of the heap filled by old objects: statements that read are ended, the biggest first
)
_LARGE = 0.1  # of the heap: what a statement has allocated that may be ended because it is crowded
_TIME, _MEMORY, _USER = "the time limit", "the memory limit", "its user"
_ENDED_BY = "com/arcadedb/exception/CommandParsingException"  # any other the parser hides
_PARSE_LOOK = 0.5  # seconds between looks at the threads that parse statements
_PARSE_LOOKS = 10  # looks at least within the time limit
_CANCEL_WAIT = 0.5  # seconds after which a statement that was to be ended by its name is forgotten
_LATE = 2.0  # seconds after which it is forgotten that the parsing of a thread was ended
_PARSES = ("BoltNetworkExecutor", "handleRun")  # the call within which a statement is parsed
_PREFIX = "BOLT-"  # of the names of threads that run statements
_WHOLE_STACK = 2**31 - 1
_OUTER_CALLS = 10  # of a thread's stack: that call is one of them


@dataclass
class _Seen:
    """A running statement as it was first seen."""

    thread: int  # number of its thread; 0 where it is not known
    allocated: int  # bytes that the thread had allocated
    old: int  # bytes of old objects in the heap
    told: float | None = None  # seconds it had run when it was told to end
    why: str = _TIME


class Watchdog(threading.Thread):
    """Ends statements that reach their time limit, and statements that only read where memory runs out.

    The database has no time limit of its own that holds for every statement, and it ignores the
    driver's. A statement may begin with its limit, ``/*limit=1500*/`` (ms); else its user's holds.
    It is told to end; where that does not help and it only reads, an exception is raised in its
    thread. ``on_stuck`` is called with a statement that even so does not end.

    The database parses a statement before it counts it as running, and parsing may take time that
    grows with a power of the text's length. So threads that parse are looked at as well; the
    database then parses once more, as a running statement, which is ended at once.
    """

    def __init__(
        self, server: Any, read_limit: float, write_limit: float, on_stuck: Callable[[str], None]
    ) -> None:
        super().__init__(daemon=True, name="watchdog")
        self._running = server._java_server.getRunningQueries()
        self._read_limit = read_limit
        self._write_limit = write_limit
        self._on_stuck = on_stuck
        self._ended = threading.Event()
        self._stopper = _stopper()
        self._memory = _Memory()
        self._threads = _Threads()
        self._seen: dict[str, _Seen] = {}
        self._parse_look = max(min(_PARSE_LOOK, read_limit / _PARSE_LOOKS), _TICK)
        self._parsing: dict[int, float] = {}  # threads, and when they were first seen to parse
        self._late: dict[int, float] = {}  # threads, and when their parsing was ended
        self._cancelled: dict[str, float] = {}  # guests, and when their statement was to be ended

    def run(self) -> None:
        """Look at the running statements, and those that are parsed, until ``stop``."""
        looked = 0.0
        while not self._ended.wait(_TICK):
            self._look(list(self._running.getRunning()))
            if time.monotonic() - looked > self._parse_look:
                self._look_at_parsing()
                looked = time.monotonic()

    def stop(self) -> None:
        """Look no more; returns when the last look is over."""
        self._ended.set()
        self.join()

    def cancel(self, guest: str) -> None:
        """End the statement that a guest of this name runs, or is about to run."""
        self._cancelled[guest] = time.monotonic()

    def _look(self, statements: list[Any]) -> None:
        before, self._seen = self._seen, {}
        if not statements:
            return  # an engine that nobody asks costs next to nothing
        old = self._memory.old()
        growing: list[tuple[int, Any, _Seen]] = []
        for statement in statements:
            key = str(statement.getId())
            seen = before.get(key) or self._first_sight(statement, old)
            allocated = self._threads.allocated(seen.thread)
            if seen.thread and allocated is None:
                statement.close()  # its thread has died, and with it what would have closed it
                continue
            self._seen[key] = seen
            ran = statement.getElapsedMillis() / 1000
            limit, guest = self._limit(statement)
            if seen.told is not None:
                self._insist(statement, seen, ran)
            elif self._is_cancelled(guest):
                self._tell(statement, seen, ran, _USER)
            elif ran > limit or self._is_late(seen.thread):
                self._tell(statement, seen, ran, _TIME)
            elif _only_reads(statement):
                grown = (allocated or 0) - seen.allocated
                share = _GUEST_SHARE * self._memory.heap
                if guest and grown > share and old - seen.old > share:
                    old = self._memory.old_after_collection()
                    if old - seen.old > share:
                        self._tell(statement, seen, ran, _MEMORY)
                if grown > _LARGE * self._memory.heap:
                    growing.append((grown, statement, seen))
        crowd = _CROWDED * self._memory.heap
        if old > crowd and growing and self._memory.old_after_collection() > crowd:
            _, statement, seen = max(growing, key=lambda entry: entry[0])
            if seen.told is None:
                self._tell(statement, seen, statement.getElapsedMillis() / 1000, _MEMORY)

    def _look_at_parsing(self) -> None:
        """Raise an exception in a thread that has parsed a statement for longer than it may run."""
        running = {seen.thread for seen in self._seen.values()}
        before, self._parsing = self._parsing, {}
        for thread, name in self._threads.parsing():
            if thread in running:
                continue
            now = time.monotonic()
            began = self._parsing[thread] = before.get(thread, now)
            if now - began > self._read_limit + _STUCK:
                self._on_stuck("a statement that is parsed")
            elif now - began > self._read_limit and self._stopper is not None:
                self._late[thread] = now
                self._stopper.stop(name, _ENDED_BY, f"terminated by {_TIME}")

    def _is_late(self, thread: int) -> bool:
        """Say whether this thread's statement was ended already, when it was parsed the first time."""
        return time.monotonic() - self._late.pop(thread, -_LATE) < _LATE

    def _first_sight(self, statement: Any, old: int) -> _Seen:
        thread = self._threads.of(statement)
        return _Seen(thread, self._threads.allocated(thread) or 0, old)

    def _tell(self, statement: Any, seen: _Seen, ran: float, why: str) -> None:
        seen.told, seen.why = ran, why
        statement.terminate(why)

    def _insist(self, statement: Any, seen: _Seen, ran: float) -> None:
        """Raise an exception in the thread of a statement that goes on although it was told to end."""
        since = ran - (seen.told or 0)
        reads = _only_reads(statement)
        grace = _TICK if seen.why is _MEMORY else _GRACE
        if since > _STUCK:
            self._on_stuck(str(statement.getText()))
        elif reads and since > grace and self._stopper is not None:
            name = self._threads.name(statement)
            words = f"terminated by {seen.why}"
            self._stopper.stop(name, _ENDED_BY, words)

    def _is_cancelled(self, guest: str) -> bool:
        """Say whether a guest's statement is to be ended; once, for its next one is not."""
        return time.monotonic() - self._cancelled.pop(guest, -_CANCEL_WAIT) < _CANCEL_WAIT

    def _limit(self, statement: Any) -> tuple[float, str]:
        """Return how many seconds a statement may run, and the guest's name if it is a guest's."""
        user = str(statement.getUser())
        if user == TOOLS_USER:  # whatever it writes before its statement
            return self._read_limit, TOOLS_USER
        given = _MARK.match(str(statement.getText() or ""))
        if given is not None:
            return int(given["limit"]) / 1000, given["guest"] or ""
        return self._read_limit if user == READER else self._write_limit, ""


def _stopper() -> ThreadStopper | None:
    """Return what ends threads; None where the Java machine does not allow it: there the engine ends instead."""
    try:
        return ThreadStopper()
    except (OSError, RuntimeError) as error:
        log.warning("statements that do not heed their limit will end the engine: %s", error)
        return None


def _only_reads(statement: Any) -> bool:
    return str(statement.getUser()) in (READER, TOOLS_USER)


def _is_parsing(call: Any) -> bool:
    place, name = _PARSES
    return str(call.getMethodName()) == name and str(call.getClassName()).endswith(place)


class _Threads:
    """The threads that run statements: the database has one for each connection, named after it."""

    def __init__(self) -> None:
        import jpype

        factory = jpype.JClass("java.lang.management.ManagementFactory")
        kind = jpype.JClass("com.sun.management.ThreadMXBean")
        self._bean = jpype.JObject(factory.getThreadMXBean(), kind)
        self._known: dict[str, int] = {}
        self._used: dict[int, int] = {}  # processor time by thread, in ns

    def parsing(self) -> Iterator[tuple[int, str]]:
        """Yield number and name of threads that compute, and are about to run a statement."""
        threads = self._bean.getAllThreadIds()
        used = dict(
            zip(map(int, threads), map(int, self._bean.getThreadCpuTime(threads)), strict=True)
        )
        before, self._used = self._used, used
        for thread, time_used in used.items():
            if time_used > before.get(thread, time_used):
                info = self._bean.getThreadInfo(thread, _WHOLE_STACK)
                if info is not None and str(info.getThreadName()).startswith(_PREFIX):
                    stack = info.getStackTrace()
                    if any(map(_is_parsing, stack[max(len(stack) - _OUTER_CALLS, 0) :])):
                        yield thread, str(info.getThreadName())

    def name(self, statement: Any) -> str:
        return f"{_PREFIX}{statement.getClientAddress()}"

    def of(self, statement: Any) -> int:
        """Return the number of a statement's thread, 0 where it cannot be found."""
        name = self.name(statement)
        if self.allocated(self._known.get(name, 0)) is None:
            found = self._bean.getThreadInfo(self._bean.getAllThreadIds())
            infos = (info for info in found if info is not None)
            self._known = {str(info.getThreadName()): int(info.getThreadId()) for info in infos}
        return self._known.get(name, 0)

    def allocated(self, thread: int) -> int | None:
        """Return the bytes a thread has allocated since it began; None where there is no such thread."""
        allocated = int(self._bean.getThreadAllocatedBytes(thread)) if thread else -1
        return None if allocated < 0 else allocated


class _Memory:
    """The Java heap: its size, and what its old objects fill, which hardly changes from tick to tick."""

    def __init__(self) -> None:
        import jpype

        factory = jpype.JClass("java.lang.management.ManagementFactory")
        self.heap = int(factory.getMemoryMXBean().getHeapMemoryUsage().getMax())
        self._system = jpype.JClass("java.lang.System")
        self._collected = 0.0  # when it collected last
        self._took = 0.0  # seconds that took
        pools = list(factory.getMemoryPoolMXBeans())
        self._old = next(p for p in pools if re.search("Old|Tenured", str(p.getName())))

    def old(self) -> int:
        """Return the bytes that old objects fill, those included that nobody needs any more."""
        return int(self._old.getUsage().getUsed())

    def old_after_collection(self) -> int:
        """Return the bytes that old objects fill which are needed; the machine stands still meanwhile.

        It collects at most half of the time: what fills the heap faster than that is not given more.
        """
        now = time.monotonic()
        if now - self._collected > self._took:
            self._system.gc()
            self._collected = time.monotonic()
            self._took = self._collected - now
        return self.old()
