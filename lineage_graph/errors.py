"""Every error this project raises, and what each one means.

::

    LineageError
    ├── InvalidArgument        the caller sent something that can never work; nothing was changed
    │   ├── InvalidQueryFile   a file below cypher/ breaks the convention (message is path:line: reason)
    │   ├── OutOfRange         an index beyond the end of the list it points into
    │   ├── RefusedCypher      a stranger's Cypher that writes, reads files or calls procedures
    │   └── BadFile            an input file that is not what it should be
    │       ├── TruncatedFile  it is, but it is cut short or damaged
    │       └── UnknownVersion it is, but of a version this release cannot read
    ├── NotFound               what was asked for does not exist; the message says what was looked for
    ├── AlreadyExists          a name, an external id, a link or a type that must be unique is taken
    ├── FailedPrecondition     right in itself, wrong for the state things are in
    ├── Unsupported            ML Metadata's model has no such operation, so neither have we
    ├── Conflict               another writer was faster, also after the retries; trying again may work
    └── StoreError             the graph database, not the caller
        ├── Unreachable        no server answers there, or it went away in the middle
        ├── Unauthorized       wrong user or password, or not allowed
        ├── DatabaseMissing    the server has no database of that name
        ├── TooOld             the server is older than what we support
        ├── DiskFull           there is no room to write any more
        ├── ReadOnly           the server, its database or its disk takes no writes
        ├── OutOfMemory        the question needs more memory than the server may use
        ├── TooManyFiles       the server, or this process, may open no more files or connections
        ├── Terminated         somebody ended the transaction, also those of the retries
        ├── TimedOut           the time limit was reached; the answer is unknown, not empty
        ├── Busy               as much runs already as may at once; nothing was run
        ├── InUse              the folder of the embedded engine belongs to somebody else
        ├── DamagedStore       what is stored cannot be what was written; a backup helps
        └── EngineFailed       the engine could not start, or said something unexpected

What is ``retriable`` may work later as it is: nothing is wrong with what was asked for.
"""

from __future__ import annotations

import errno
from typing import ClassVar


class LineageError(Exception):
    """Root of the tree: a sentence saying what happened and, in ``hint``, what to do next."""

    retriable: ClassVar[bool] = False
    """True where the same call may work later, though the caller changes nothing."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        between = "\n" if "\n" in self.message else " "  # below a list it is a line of its own
        return f"{self.message}{between}{self.hint}".rstrip()


class InvalidArgument(LineageError):
    """The caller sent something that can never work; nothing was changed."""


class InvalidQueryFile(InvalidArgument):
    """A file below ``cypher/`` breaks the convention; the message reads ``path:line: reason``."""


class RefusedCypher(InvalidArgument):
    """A stranger's Cypher that writes, reads files or calls procedures that are not on the list."""


class OutOfRange(InvalidArgument):
    """An index beyond the end of the list it points into."""


class BadFile(InvalidArgument):
    """An input file that is not what it should be."""


class TruncatedFile(BadFile):
    """An input file that is cut short or damaged."""


class UnknownVersion(BadFile):
    """An input file of a version this release cannot read."""


class NotFound(LineageError):
    """What was asked for does not exist; the message says what was looked for."""


class AlreadyExists(LineageError):
    """A name, an external id, a link or a type that must be unique is taken."""


class FailedPrecondition(LineageError):
    """Right in itself, wrong for the state things are in."""


class Unsupported(LineageError):
    """ML Metadata's model has no such operation, so neither have we."""


class Conflict(LineageError):
    """Another writer was faster, also after the retries; trying again may work."""

    retriable = True


class StoreError(LineageError):
    """The graph database failed, not the caller."""

    retriable = True


class Unreachable(StoreError):
    """No server answers there, or it went away in the middle."""


class Unauthorized(StoreError):
    """Wrong user or password, or not allowed."""

    retriable = False


class DatabaseMissing(StoreError):
    """The server has no database of that name."""

    retriable = False


class TooOld(StoreError):
    """The server is older than what we support."""

    retriable = False


class DiskFull(StoreError):
    """There is no room to write any more."""


class ReadOnly(StoreError):
    """The server, its database or its disk takes no writes."""


class OutOfMemory(StoreError):
    """The question needs more memory than the server may use."""


class TooManyFiles(StoreError):
    """The server, or this process, may open no more files or connections."""


class Terminated(StoreError):
    """Somebody ended the transaction, also those of the retries."""


class TimedOut(StoreError):
    """The time limit was reached; the answer is unknown, not empty."""


class Busy(StoreError):
    """As much runs already as may at once; nothing was run."""


class InUse(StoreError):
    """The folder of the embedded engine belongs to somebody else."""


class DamagedStore(StoreError):
    """What is stored cannot be what was written; a backup helps."""


class EngineFailed(StoreError):
    """The engine could not start, or said something unexpected."""


_OF_THE_SYSTEM: dict[int, tuple[type[StoreError], str]] = {
    errno.ENOSPC: (DiskFull, "Make room on the disk, then try again."),
    errno.EDQUOT: (DiskFull, "Make room on the disk, or raise the quota, then try again."),
    errno.EROFS: (ReadOnly, "Make the disk writable, or choose another folder."),
    errno.ENOMEM: (OutOfMemory, "Give this machine more memory, then try again."),
    errno.EMFILE: (TooManyFiles, "Raise the limit of open files (ulimit -n), then try again."),
    errno.ENFILE: (TooManyFiles, "Raise the system's limit of open files, then try again."),
}


def of_system(error: OSError) -> StoreError | None:
    """Return ours for an error of the operating system that no caller can help; None for others."""
    if error.errno not in _OF_THE_SYSTEM:
        return None
    ours, hint = _OF_THE_SYSTEM[error.errno]
    where = f" ({error.filename})" if error.filename else ""
    return ours(f"{error.strerror or error}{where}.", hint=hint)
