"""When work is run again: where its connection was lost, or another writer was in the way."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass

from neo4j.exceptions import ConstraintError, DriverError, Neo4jError

from lineage_graph.engines import LOCK_LOST, Engine
from lineage_graph.errors import (
    Conflict,
    DiskFull,
    LineageError,
    OutOfMemory,
    ReadOnly,
    Terminated,
    TimedOut,
    TooManyFiles,
)

FIRST_DELAY = 0.01
BEGINNINGS = 3  # times to begin a transaction where the connection is lost
_ENDS = (
    2  # times to begin it again where the engine ended, which may be the transaction's own fault
)


MAX_VAGUE_RUNS = 8  # runs after which a broken constraint, say, is not a race any more
# What the embedded engine says, and no more, where two writers are the first to use a label, or an
# index leads to a record that another writer is about to commit.
_VAGUE = re.compile(r"Error executing Cypher command|Record #\d+:\d+ not found")


@dataclass
class Sent:
    """Whether the statement itself was sent, and not only what comes before it."""

    guest: bool = False
    itself: bool = False


class Retries:
    """Says whether work that lost its connection is begun again: some times, and where the engine ended.

    The next use of an engine that ended starts it anew, so that takes as long as a start.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.address = engine.address
        self._lost = self._ends = 0

    def again(self) -> bool:
        """Wait a little and return True, or return False where it was lost too often."""
        if self._engine.has_ended(self.address):
            self._ends += 1
            if self._ends > _ENDS:
                return False
            _ = self._engine.driver
            self.address = self._engine.address
            return True
        self._lost += 1
        if self._lost >= BEGINNINGS:
            return False
        time.sleep(FIRST_DELAY * 10 ** (self._lost - 1))
        return True


def may_retry(error: Neo4jError | DriverError, ours: LineageError) -> bool:
    """Say whether running the whole unit of work again can help.

    The embedded engine reports two racing writers as a broken constraint, or as a concurrent
    modification that is not marked as transient. The second run finds what the first writer left
    and answers with the right error, so a broken constraint is worth one more run on both engines.
    What takes no writes now takes none in a moment either: it is left alone.
    """
    if isinstance(error, DriverError):
        return False  # lost while committing: it may be written, so a second run could write twice
    if str(error.code).endswith(LOCK_LOST):
        return True  # where time is left, somebody ended it
    if isinstance(ours, (DiskFull, ReadOnly, TooManyFiles, TimedOut)):
        return False
    may_end = isinstance(ours, (Conflict, Terminated)) or error.is_retryable()
    return may_end or is_vague(error, ours)


def is_vague(error: Neo4jError | DriverError, ours: LineageError) -> bool:
    """True for what may be a race, or may be wrong each time: worth some runs, not all."""
    may_be_each_time = isinstance(error, ConstraintError) or isinstance(ours, OutOfMemory)
    return may_be_each_time or _VAGUE.search(str(error)) is not None
