"""What each error means to a shell: its exit code, and the sentence that goes with it."""

from __future__ import annotations

from lineage_graph import errors

FAULT = 70
"""A fault of ours: an error that is not a LineageError reached the end of a command."""

INTERRUPTED = 130
"""Ctrl-C, as shells count it: 128 and the number of SIGINT."""

TERMINATED = 143
"""SIGTERM: 128 and its number."""

EXIT_CODES: dict[type[errors.LineageError], int] = {
    errors.LineageError: 1,
    errors.InvalidArgument: 2,
    errors.InvalidCypher: 2,
    errors.InvalidQueryFile: 2,
    errors.OutOfRange: 2,
    errors.RefusedCypher: 2,
    errors.BadFile: 3,
    errors.TruncatedFile: 3,
    errors.UnknownVersion: 3,
    errors.NotFound: 4,
    errors.AlreadyExists: 5,
    errors.FailedPrecondition: 6,
    errors.Unsupported: 7,
    errors.Conflict: 8,
    errors.StoreError: 10,
    errors.Unreachable: 11,
    errors.Unauthorized: 12,
    errors.DatabaseMissing: 13,
    errors.TooOld: 14,
    errors.DiskFull: 15,
    errors.OutOfMemory: 16,
    errors.TimedOut: 17,
    errors.InUse: 18,
    errors.EngineFailed: 19,
    errors.ReadOnly: 20,
    errors.TooManyFiles: 21,
    errors.Terminated: 22,
    errors.DamagedStore: 23,
    errors.Busy: 24,
}


def exit_code(error: BaseException) -> int:
    """The exit code of an error: that of its class, else of its nearest listed base class."""
    for base in type(error).__mro__:
        if base in EXIT_CODES:
            return EXIT_CODES[base]
    return FAULT
