"""What an engine is, and the one table that turns the driver's errors into ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal, Protocol

import neo4j
from neo4j import exceptions as driver

from lineage_graph.errors import (
    AlreadyExists,
    Conflict,
    DatabaseMissing,
    DiskFull,
    EngineFailed,
    InvalidArgument,
    LineageError,
    OutOfMemory,
    StoreError,
    TimedOut,
    TooOld,
    Unauthorized,
    Unreachable,
)

DRIVER_OPTIONS: dict[str, Any] = {
    "notifications_min_severity": "OFF",
    "telemetry_disabled": True,
    "user_agent": "lineage-graph",
    "max_connection_lifetime": 3600,
}


class Engine(Protocol):
    """A graph database that speaks Bolt and Cypher."""

    name: Literal["neo4j", "embedded"]
    database: str

    @property
    def address(self) -> str:
        """Where the database listens."""
        ...

    @property
    def driver(self) -> neo4j.Driver:
        """Writes and reads."""
        ...

    @property
    def read_driver(self) -> neo4j.Driver:
        """Only reads: on the embedded engine as a user who may do nothing else, within a time limit."""
        ...

    def version(self) -> str:
        """Return the name and version of the database, as people say it."""
        ...

    def close(self) -> None:
        """Leave the engine."""
        ...


# Status codes and words of the servers, most specific first: they say more than the classes do.
_CODES: tuple[tuple[str, type[LineageError], str], ...] = (
    (
        "DatabaseNotFound",
        DatabaseMissing,
        "Check the database setting; Neo4j Community has only 'neo4j'.",
    ),
    ("No space left on device", DiskFull, "Make room on the server's disk, then try again."),
    ("StoreFull", DiskFull, "Make room on the server's disk, then try again."),
    ("DatabaseUnavailable", Unreachable, "The server is up, the database is not; look at its log."),
    ("TransactionTimedOut", TimedOut, "Ask for less, or raise the time limit in the settings."),
    ("TransactionTimedOutClientConfiguration", TimedOut, "Ask for less, or raise the time limit."),
    (
        "terminated by the time limit",
        TimedOut,
        "Ask for less, or raise the time limit in the settings.",
    ),
    ("Unknown procedure", InvalidArgument, ""),
    ("LockClientStopped", TimedOut, "Ask for less, or raise the time limit in the settings."),
    ("Timeout on iterating", TimedOut, "Ask for less, or raise the time limit in the settings."),
    ("TimeoutException", TimedOut, "Ask for less, or raise the time limit in the settings."),
    ("MemoryPoolOutOfMemory", OutOfMemory, "Ask for less, or give the server more memory."),
    ("TransactionOutOfMemory", OutOfMemory, "Ask for less, or give the server more memory."),
    ("OutOfMemory", OutOfMemory, "Ask for less, or give the engine more memory (engine_memory)."),
    ("Concurrent modification", Conflict, "Try again."),
    ("ConcurrentModification", Conflict, "Try again."),
    ("DeadlockDetected", Conflict, "Try again."),
    ("Neo.ClientError.Security", Unauthorized, "Check the user name and the password."),
    ("not allowed to", Unauthorized, "This user may not do that."),
    ("ConstraintValidationFailed", AlreadyExists, "Choose another name or id."),
)
# openCypher's names of what is wrong with a statement, or the function that it calls wrongly. The
# embedded engine finds some of it while the statement runs, and sends it as a failure of its own.
_OF_STATEMENT = re.compile(
    r"(TypeError|NumberOutOfRange|NegativeIntegerArgument|NoSingleRelationshipType|"
    r"Invalid(ArgumentType|ArgumentValue|ParameterUse)): |[A-Za-z]+\(\):? "
)
# Classes of the driver, the special ones before the general.
_CLASSES: tuple[tuple[type[Exception], type[LineageError], str], ...] = (
    (driver.UnsupportedServerProduct, TooOld, "Use Neo4j 5.26 or later."),
    (driver.AuthError, Unauthorized, "Check the user name and the password."),
    (driver.Forbidden, Unauthorized, "This user may not do that."),
    (driver.ConstraintError, AlreadyExists, "Choose another name or id."),
    (driver.CypherSyntaxError, InvalidArgument, ""),
    (driver.CypherTypeError, InvalidArgument, ""),
    (driver.ClientError, InvalidArgument, ""),
    (driver.TransientError, Conflict, "Try again."),
    (driver.DatabaseError, EngineFailed, "Look at the server's log."),
    (driver.Neo4jError, EngineFailed, "Look at the server's log."),
    (driver.IncompleteCommit, Unreachable, "It is not known whether the last change was written."),
    (
        driver.ServiceUnavailable,
        Unreachable,
        "Check that the server runs and the address is right.",
    ),
    (driver.SessionExpired, Unreachable, "The connection was lost; try again."),
    (driver.ConnectionPoolError, Unreachable, "Too many connections at once; try again."),
    (driver.ConfigurationError, InvalidArgument, "Check the address of the server."),
    (driver.DriverError, EngineFailed, "This is a fault in how we use the driver."),
    (driver.GqlError, EngineFailed, "Look at the server's log."),
)


def translate(error: BaseException, doing: str = "") -> LineageError:
    """Return ours for an error of the driver: what happened, in the server's words, and what to do."""
    if isinstance(error, LineageError):
        return error
    if isinstance(error, OverflowError):  # of what turns numbers into bytes
        return InvalidArgument(
            "A whole number is beyond 64 bits.", hint="They go from -2^63 to 2^63 - 1, ids too."
        )
    words = getattr(error, "message", None) or str(error) or type(error).__name__
    told = f"{getattr(error, 'code', '') or ''} {words}"
    ours, hint = _look_up(error, told)
    said = " ".join(str(words).split())
    message = said if issubclass(ours, InvalidArgument) else _SENTENCES.get(ours, "{said}")
    if "{said}" in message and message is not said:
        message = message.replace("{said}", said)
    if doing and issubclass(ours, StoreError):
        message = f"While {doing}: {message}"
    return ours(message, hint=hint)


_SENTENCES: dict[type[LineageError], str] = {
    Unreachable: "The graph database does not answer ({said}).",
    Unauthorized: "The graph database refused ({said}).",
    DatabaseMissing: "The graph database has no such database ({said}).",
    TooOld: "The graph database is too old or no Neo4j ({said}).",
    TimedOut: "The time limit was reached before the answer was there.",
    Conflict: "Another writer was in the way ({said}).",
    DiskFull: "The graph database's disk is full ({said}).",
    OutOfMemory: "The answer needs more memory than the graph database may use.",
    AlreadyExists: "Something that must be unique is there already ({said}).",
    EngineFailed: "The graph database failed ({said}).",
}


def _look_up(error: BaseException, told: str) -> tuple[type[LineageError], str]:
    for fragment, ours, hint in _CODES:
        if fragment in told:
            return ours, hint
    if isinstance(error, driver.DatabaseError) and _OF_STATEMENT.match(error.message or ""):
        return InvalidArgument, ""
    for theirs, ours, hint in _CLASSES:
        if isinstance(error, theirs):
            return ours, hint
    return EngineFailed, "Look at the server's log."


@contextmanager
def translated(doing: str = "") -> Iterator[None]:
    """Raise ours for every error of the driver inside the block."""
    try:
        yield
    except (driver.Neo4jError, driver.DriverError, OverflowError) as error:
        raise translate(error, doing) from error
