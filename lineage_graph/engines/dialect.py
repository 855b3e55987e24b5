"""Dialects: what differs between the engines, though both speak Cypher over Bolt."""

from __future__ import annotations

import re
from pathlib import Path

from neo4j.exceptions import ConstraintError, DriverError, Neo4jError

from lineage_graph.engines.base import LOCK_LOST
from lineage_graph.engines.causes import explained
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


class Neo4jDialect:
    """A Neo4j server: it heeds the driver's time limit, and its errors name their causes."""

    link_counts = "link_counts_neo4j"
    plans_name_operators = True

    def limited(self, text: str, seconds: float, *, guest: str = "") -> str:
        """Return the statement as it is."""
        return text

    def explained(self, error: LineageError) -> LineageError:
        """Return the error as it is."""
        return error


class EmbeddedDialect:
    """The embedded engine, whose files are in ``folder``."""

    link_counts = "link_counts_embedded"
    plans_name_operators = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def limited(self, text: str, seconds: float, *, guest: str = "") -> str:
        """Return the statement behind a comment that tells the watchdog the limit, and who asks."""
        if text.startswith(EXPLAIN):
            return text  # EXPLAIN must come first
        return f"/*{f'guest={guest} ' if guest else ''}limit={seconds * 1000:.0f}*/{text}"

    def explained(self, error: LineageError) -> LineageError:
        """Return an error that names the disk or the open files, where they are the cause."""
        return explained(error, self._folder)


EXPLAIN = "EXPLAIN "
GUEST_KEY = "lineage_graph_guest"
"""In the metadata of a transaction: the name by which a guest's statement can be ended."""
# What the embedded engine says, and no more, where two writers are the first to use a label, or an
# index leads to a record that another writer is about to commit.
_VAGUE = re.compile(r"Error executing Cypher command|Record #\d+:\d+ not found")


def may_retry(error: Neo4jError | DriverError, ours: LineageError) -> bool:
    """Say whether running the whole unit of work again can help; ``ours`` is the error in our words.

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
