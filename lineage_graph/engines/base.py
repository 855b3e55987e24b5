"""What an engine is, and the one table that turns the driver's errors into ours."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal, Protocol

import neo4j
from neo4j import exceptions as driver

from lineage_graph.errors import (
    AlreadyExists,
    Conflict,
    DamagedStore,
    DatabaseMissing,
    DiskFull,
    EngineFailed,
    InvalidArgument,
    LineageError,
    OutOfMemory,
    ReadOnly,
    StoreError,
    Terminated,
    TimedOut,
    TooManyFiles,
    TooOld,
    Unauthorized,
    Unreachable,
    of_system,
)

# What the driver tells when a connection is lost is told by our own errors; unless somebody listens,
# Python would write it to standard error.
logging.getLogger("neo4j").addHandler(logging.NullHandler())

DRIVER_OPTIONS: dict[str, Any] = {
    "notifications_min_severity": "OFF",
    "telemetry_disabled": True,
    "user_agent": "lineage-graph",
    "max_connection_lifetime": 3600,
}


class Dialect(Protocol):
    """What the store asks about the engine that it talks to."""

    link_counts: str
    """The statement of ``cypher/read`` that counts links by type without reading any."""
    plans_name_operators: bool
    """Whether a plan names every operator, also of subqueries; else it is a text."""

    def limited(self, text: str, seconds: float, *, guest: str = "") -> str:
        """Return a statement that the engine ends after so long, where the driver's limit does not.

        ``guest`` is the name by which a stranger's statement can be ended before.
        """

    def explained(self, error: LineageError) -> LineageError:
        """Return a clearer error where the engine keeps the cause to itself."""


class Engine(Protocol):
    """A graph database that speaks Bolt and Cypher."""

    name: Literal["neo4j", "embedded"]
    database: str

    @property
    def dialect(self) -> Dialect:
        """What differs from the other engine."""
        ...

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

    @property
    def damage(self) -> DamagedStore | None:
        """The error that says what is damaged, where that is known; of a server it is not."""
        ...

    def version(self) -> str:
        """Return the name and version of the database, as people say it."""
        ...

    def has_ended(self, address: str) -> bool:
        """Say, after a connection was lost, whether the engine at this address has ended.

        The next use of a driver then starts it anew. A server is another's: never.
        """
        ...

    def cancel(self, guest: str) -> None:
        """End the running statement of a guest of this name, if there is one."""
        ...

    def check(self) -> tuple[str, ...]:
        """Have the database look at all that is stored, where it can; return what is wrong."""
        ...

    def close(self) -> None:
        """Leave the engine."""
        ...


LOCK_LOST = "Transaction.LockClientStopped"
"""End of the code for who waited for a lock until a limit was reached, or until somebody ended it."""
_ASK_LESS = "Ask for less, or raise the time limit in the settings."
_MEMORY = "Ask for less, or give the engine more memory (engine_memory)."
_FREE_SERVER_DISK_HINT = (
    "Make room on the server's disk, then try again; a server that stopped has to be restarted."
)
_BUSY = "The server has too much to do; try again later."
_LOOK = "Look at the server's log."
# What of a server's codes is the caller's mistake: these and no others.
_MISTAKES = frozenset(
    {
        "ClientError.General.InvalidArguments",
        "ClientError.Procedure.ProcedureNotFound",
        "ClientError.Procedure.TypeError",
        "ClientError.Schema.TokenLengthError",
        "ClientError.Schema.TokenNameError",
        "ClientError.Statement.AccessMode",
        "ClientError.Statement.ArgumentError",
        "ClientError.Statement.ArithmeticError",
        "ClientError.Statement.EntityNotFound",
        "ClientError.Statement.InvalidTargetDatabaseError",
        "ClientError.Statement.NotSystemDatabaseError",
        "ClientError.Statement.ParameterMissing",
        "ClientError.Statement.PropertyNotFound",
        "ClientError.Statement.RuntimeUnsupportedError",
        "ClientError.Statement.SemanticError",
        "ClientError.Statement.SyntaxError",
        "ClientError.Statement.TypeError",
        "ClientError.Statement.UnsupportedAdministrationCommand",
        "ClientError.Statement.UnsupportedOperationError",
    }
)
# The other codes, by their ends. A code is the server's own word, so it comes before the message,
# which may hold texts of callers.
_CODES: tuple[tuple[str, type[LineageError], str], ...] = (
    (
        "Database.DatabaseNotFound",
        DatabaseMissing,
        "Check the database setting; Neo4j Community has only 'neo4j'.",
    ),
    (
        ".DatabaseUnavailable",
        Unreachable,
        "The server is up, the database is not; look at its log.",
    ),
    ("Database.UnableToStartDatabase", Unreachable, _LOOK),
    ("Routing.DbmsInPanic", Unreachable, "Look at the server's log, and restart it."),
    ("Cluster.NotALeader", Unreachable, "Try again; the cluster has chosen another leader."),
    ("Routing.RoutingFailed", Unreachable, "Try again; the cluster is not whole."),
    ("Cluster.Routing", Unreachable, "Try again; the cluster is not whole."),
    ("Cluster.ReplicationFailure", Unreachable, "Try again; the cluster is not whole."),
    ("Request.NoThreadsAvailable", Unreachable, _BUSY),
    ("Request.ResourceExhaustion", Unreachable, _BUSY),
    ("Transaction.MaximumTransactionLimitReached", Unreachable, _BUSY),
    ("TransientError.Security.AuthProviderTimeout", Unreachable, _BUSY),
    ("TransientError.Security.AuthProviderFailed", Unreachable, _LOOK),
    ("Transaction.TransactionLogError", DiskFull, _FREE_SERVER_DISK_HINT),
    ("General.ForbiddenOnReadOnlyDatabase", ReadOnly, "Make the database writable."),
    ("General.WriteOnReadOnlyAccessDatabase", ReadOnly, "Make the database writable."),
    ("Transaction.TransactionTimedOut", TimedOut, _ASK_LESS),
    ("Transaction.TransactionTimedOutClientConfiguration", TimedOut, _ASK_LESS),
    ("Transaction.BookmarkTimeout", TimedOut, _BUSY),
    ("Procedure.ProcedureTimedOut", TimedOut, _ASK_LESS),
    ("Statement.ExecutionTimeout", TimedOut, _ASK_LESS),
    ("General.MemoryPoolOutOfMemoryError", OutOfMemory, _MEMORY),
    ("General.TransactionOutOfMemoryError", OutOfMemory, _MEMORY),
    ("General.TransactionMemoryLimit", OutOfMemory, _MEMORY),
    ("General.OutOfMemoryError", OutOfMemory, _MEMORY),
    ("General.StackOverFlowError", OutOfMemory, "Ask for something less nested."),
    ("Transaction.Terminated", Terminated, "Try again."),
    # Its words name every reason there may be; the time that is left tells which it was.
    (LOCK_LOST, TimedOut, _ASK_LESS),
    ("Schema.ConstraintValidationFailed", AlreadyExists, "Choose another name or id."),
    ("Statement.ConstraintVerificationFailed", AlreadyExists, "Choose another name or id."),
    ("ClientError.Security.AuthorizationExpired", Unauthorized, "Connect again."),
    ("ClientError.Security.TokenExpired", Unauthorized, "Connect again."),
    ("TransientError.Security.ModifiedConcurrently", Conflict, "Try again."),
    ("DatabaseError.Transaction.LinkedTransactionError", EngineFailed, _LOOK),
)
# Words of servers, for codes that say only that something went wrong, or nothing of its cause.
_WORDS: tuple[tuple[str, type[LineageError], str], ...] = (
    ("No space left on device", DiskFull, _FREE_SERVER_DISK_HINT),
    ("not enough space on the disk", DiskFull, _FREE_SERVER_DISK_HINT),
    ("Disk quota exceeded", DiskFull, _FREE_SERVER_DISK_HINT),
    ("Too many open files", TooManyFiles, "Raise the limit of open files (ulimit -n)."),
    ("Read-only file system", ReadOnly, "Make the disk writable."),
    ("database is open in read-only mode", ReadOnly, "Make the database writable."),
    ("OutOfMemory", OutOfMemory, _MEMORY),
    ("Java heap space", OutOfMemory, _MEMORY),
    ("heap budget", OutOfMemory, _MEMORY),
    ("GC overhead limit", OutOfMemory, _MEMORY),
    ("StackOverflowError", OutOfMemory, "Ask for something less nested."),
    ("terminated by the time limit", TimedOut, _ASK_LESS),
    ("terminated by the memory limit", OutOfMemory, _MEMORY),
    ("Limit of allowed elements for in-heap", OutOfMemory, "Ask for less."),
    ("Timeout on iterating", TimedOut, _ASK_LESS),
    ("TimeoutException", TimedOut, _ASK_LESS),
    ("within the specified timeout", TimedOut, _ASK_LESS),
    ("within the timeout specified", TimedOut, _ASK_LESS),
    ("fenced after a failure", EngineFailed, "Restart the engine: lineage-graph engine stop."),
    ("needs to be restarted", EngineFailed, _FREE_SERVER_DISK_HINT),
    ("is closed", Unreachable, "The engine was shutting down; try again."),
    ("is shutting down", Unreachable, "The engine was shutting down; try again."),
    ("Unknown procedure", InvalidArgument, ""),
    ("Concurrent modification", Conflict, "Try again."),
    ("ConcurrentModification", Conflict, "Try again."),
    ("not allowed to", Unauthorized, "This user may not do that."),
)
# Codes of which the words say more than the code does.
_VAGUE_CODES = (
    "",
    "DatabaseError.General.UnknownError",
    "DatabaseError.Statement.ExecutionFailed",
    "DatabaseError.Transaction.TransactionCommitFailed",
    "DatabaseError.Transaction.TransactionStartFailed",
    "ClientError.Transaction.Terminated",
    "ClientError.Transaction.TransactionNotFound",
    "ClientError.Transaction.TransactionTimedOut",
    "TransientError.Transaction.DeadlockDetected",
)
_ENDED = "terminated by the "  # our watchdog's words
_STATEMENT = re.compile(r"(Error executing Cypher (?:command|query)): .*", re.DOTALL)
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
    (driver.ClientError, EngineFailed, _LOOK),
    (driver.TransientError, Conflict, "Try again."),
    (driver.DatabaseError, EngineFailed, _LOOK),
    (driver.Neo4jError, EngineFailed, _LOOK),
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
    (driver.GqlError, EngineFailed, _LOOK),
)


def translate(error: BaseException, doing: str = "") -> LineageError:
    """Return ours for an error of the driver: what happened, in the server's words, and what to do."""
    if isinstance(error, LineageError):
        return error
    if isinstance(error, OverflowError):  # of what turns numbers into bytes
        return InvalidArgument(
            "A whole number is beyond 64 bits.", hint="They go from -2^63 to 2^63 - 1, ids too."
        )
    if isinstance(error, OSError) and (own := of_system(error)) is not None:
        return own
    words = str(getattr(error, "message", None) or error or type(error).__name__)
    words = _STATEMENT.sub(r"\1", words)  # the statement is ours, or the caller knows it
    ours, hint = _look_up(error, words)
    said = " ".join(words.split())
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
    DiskFull: "The graph database's disk takes no more ({said}).",
    ReadOnly: "The graph database takes no writes ({said}).",
    TooManyFiles: "Too many files or connections are open ({said}).",
    Terminated: "The transaction was ended by somebody else ({said}).",
    OutOfMemory: "The answer needs more memory than the graph database may use.",
    AlreadyExists: "Something that must be unique is there already ({said}).",
    EngineFailed: "The graph database failed ({said}).",
}


def _look_up(error: BaseException, words: str) -> tuple[type[LineageError], str]:
    code = str(getattr(error, "code", None) or "").removeprefix("Neo.")
    is_ended = words.startswith(_ENDED)  # whatever code the embedded engine makes of it
    if code in _MISTAKES and not is_ended:
        return InvalidArgument, ""
    if code in _VAGUE_CODES or is_ended:
        for fragment, ours, hint in _WORDS:
            if fragment in words:
                return ours, hint
    for ending, ours, hint in _CODES:
        if code.endswith(ending):
            return ours, hint
    if code.startswith("ClientError.Security."):
        return Unauthorized, "Check the user name and the password."
    if isinstance(error, driver.DatabaseError) and _OF_STATEMENT.match(error.message or ""):
        return InvalidArgument, ""
    for theirs, ours, hint in _CLASSES:
        if isinstance(error, theirs):
            return ours, hint
    return EngineFailed, _LOOK


@contextmanager
def translated(doing: str = "") -> Iterator[None]:
    """Raise ours for every error of the driver inside the block, and where no file can be opened."""
    try:
        yield
    except (driver.Neo4jError, driver.DriverError, OverflowError) as error:
        raise translate(error, doing) from error
    except OSError as error:
        if (own := of_system(error)) is None:
            raise
        raise own from error
