"""Every error this project raises, and what each one means.

::

    LineageError
    ├── InvalidArgument        the caller sent something that can never work; nothing was changed
    │   ├── InvalidQueryFile   a file below cypher/ breaks the convention (message is path:line: reason)
    │   ├── OutOfRange         an index beyond the end of the list it points into
    │   ├── InvalidCypher      a statement that the database does not understand, and where
    │   ├── RefusedCypher      an untrusted query that writes, reads files or calls procedures
    │   └── BadFile            an input file that is not in the expected format
    │       ├── TruncatedFile  the format is right, but the file is cut short or damaged
    │       └── UnknownVersion the format is right, but this release cannot read its version
    ├── NotFound               what was asked for does not exist; the message says what was looked for
    ├── AlreadyExists          a name, an external id, a link or a type that must be unique is taken
    ├── FailedPrecondition     a valid request that the current state of the store does not allow
    ├── Unsupported            an operation that ML Metadata's model does not have
    ├── Conflict               other writers changed the same data during all retries; try again
    └── StoreError             the graph database failed, not the caller
        ├── Unreachable        no server answers at the address, or the connection was lost
        ├── Unauthorized       the user or password is wrong, or the user lacks a permission
        ├── DatabaseMissing    the server has no database of that name
        ├── TooOld             the server is older than what we support
        ├── DiskFull           the disk has no space left
        ├── ReadOnly           the server, its database or its disk takes no writes
        ├── OutOfMemory        the query needs more memory than the server may use
        ├── TooManyFiles       the server, or this process, may open no more files or connections
        ├── Terminated         the transaction and all its retries were terminated
        ├── TimedOut           the time limit was reached; the answer is unknown, not empty
        ├── Busy               too many queries are running; this one was not started
        ├── InUse              the folder of the embedded engine cannot be used, or is another user's
        ├── DamagedStore       the stored data is corrupt; restore a backup
        └── EngineFailed       the engine could not start, or answered something unexpected

An error that is ``retriable`` is not the fault of the request: the same call may work later.
"""

from __future__ import annotations

import errno
from typing import ClassVar


class LineageError(Exception):
    """Root of the tree: a sentence saying what happened and, in ``hint``, what to do next."""

    retriable: ClassVar[bool] = False
    """True where the same call may work later without any change."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        between = "\n" if "\n" in self.message else " "  # below a list the hint gets its own line
        return f"{self.message}{between}{self.hint}".rstrip()


class InvalidArgument(LineageError):
    """The caller sent something that can never work; nothing was changed."""


class InvalidQueryFile(InvalidArgument):
    """A file below ``cypher/`` breaks the convention; the message reads ``path:line: reason``."""


class InvalidCypher(InvalidArgument):
    """A statement that the database does not understand; the message shows the line and the place.

    ``line`` and ``column`` count from 1; they are 0 where the database does not say.
    """

    def __init__(self, message: str, *, hint: str = "", line: int = 0, column: int = 0) -> None:
        super().__init__(message, hint=hint)
        self.line = line
        self.column = column


class RefusedCypher(InvalidArgument):
    """An untrusted query that writes, reads files or calls procedures that are not on the list."""


class OutOfRange(InvalidArgument):
    """An index beyond the end of the list it points into."""


class BadFile(InvalidArgument):
    """An input file that is not in the expected format."""


class TruncatedFile(BadFile):
    """An input file that is cut short or damaged."""


class UnknownVersion(BadFile):
    """An input file of a version this release cannot read."""


class NotFound(LineageError):
    """What was asked for does not exist; the message says what was looked for."""


class AlreadyExists(LineageError):
    """A name, an external id, a link or a type that must be unique is taken."""


class FailedPrecondition(LineageError):
    """A valid request that the current state of the store does not allow."""


class Unsupported(LineageError):
    """An operation that ML Metadata's model does not have."""


class Conflict(LineageError):
    """Other writers changed the same data during all retries; trying again may work."""

    retriable = True


class StoreError(LineageError):
    """The graph database failed, not the caller."""

    retriable = True


class Unreachable(StoreError):
    """No server answers at the address, or the connection was lost."""


class Unauthorized(StoreError):
    """The user or password is wrong, or the user lacks a permission."""

    retriable = False


class DatabaseMissing(StoreError):
    """The server has no database of that name."""

    retriable = False


class TooOld(StoreError):
    """The server is older than what we support."""

    retriable = False


class DiskFull(StoreError):
    """The disk has no space left."""


class ReadOnly(StoreError):
    """The server, its database or its disk takes no writes."""


class OutOfMemory(StoreError):
    """The query needs more memory than the server may use."""


class TooManyFiles(StoreError):
    """The server, or this process, may open no more files or connections."""


class Terminated(StoreError):
    """The transaction and all its retries were terminated."""


class TimedOut(StoreError):
    """The time limit was reached; the answer is unknown, not empty."""


class Busy(StoreError):
    """Too many queries are running; this one was not started."""


class InUse(StoreError):
    """The folder of the embedded engine cannot be used, or belongs to another user."""


class DamagedStore(StoreError):
    """The stored data is corrupt; restore a backup."""


class EngineFailed(StoreError):
    """The engine could not start, or answered something unexpected."""


_OF_THE_SYSTEM: dict[int, tuple[type[StoreError], str]] = {
    errno.ENOSPC: (DiskFull, "Make room on the disk, then try again."),
    errno.EDQUOT: (DiskFull, "Make room on the disk, or raise the quota, then try again."),
    errno.EROFS: (ReadOnly, "Make the disk writable, or choose another folder."),
    errno.ENOMEM: (OutOfMemory, "Give this machine more memory, then try again."),
    errno.EMFILE: (TooManyFiles, "Raise the limit of open files (ulimit -n), then try again."),
    errno.ENFILE: (TooManyFiles, "Raise the system's limit of open files, then try again."),
}


def of_system(error: OSError) -> StoreError | None:
    """Return a StoreError for a system error that the caller did not cause; None for others."""
    if error.errno not in _OF_THE_SYSTEM:
        return None
    ours, hint = _OF_THE_SYSTEM[error.errno]
    where = f" ({error.filename})" if error.filename else ""
    return ours(f"{error.strerror or error}{where}.", hint=hint)
