"""The table of our errors and their gRPC status codes."""

from __future__ import annotations

import grpc

from lineage_graph.errors import (
    AlreadyExists,
    Conflict,
    DamagedStore,
    DiskFull,
    FailedPrecondition,
    InvalidArgument,
    LineageError,
    NotFound,
    OutOfMemory,
    OutOfRange,
    StoreError,
    Terminated,
    TimedOut,
    TooManyFiles,
    Unsupported,
)

# The first entry that matches counts: a base class comes after its subclasses.
_CODES: tuple[tuple[type[LineageError], grpc.StatusCode], ...] = (
    (OutOfRange, grpc.StatusCode.OUT_OF_RANGE),
    (InvalidArgument, grpc.StatusCode.INVALID_ARGUMENT),
    (NotFound, grpc.StatusCode.NOT_FOUND),
    (AlreadyExists, grpc.StatusCode.ALREADY_EXISTS),
    (FailedPrecondition, grpc.StatusCode.FAILED_PRECONDITION),
    (Unsupported, grpc.StatusCode.UNIMPLEMENTED),
    (Conflict, grpc.StatusCode.ABORTED),  # the only code after which ML Metadata's clients retry
    (Terminated, grpc.StatusCode.ABORTED),  # nothing was written, so a retry is safe
    (DiskFull, grpc.StatusCode.RESOURCE_EXHAUSTED),
    (OutOfMemory, grpc.StatusCode.RESOURCE_EXHAUSTED),
    (TooManyFiles, grpc.StatusCode.RESOURCE_EXHAUSTED),
    (DamagedStore, grpc.StatusCode.DATA_LOSS),
    (TimedOut, grpc.StatusCode.DEADLINE_EXCEEDED),
    (
        StoreError,
        grpc.StatusCode.UNAVAILABLE,
    ),  # also if our password for the database is wrong: not UNAUTHENTICATED, which concerns the client
)


def status_of(error: LineageError) -> grpc.StatusCode:
    """Return the status code of an error; INTERNAL for an error that is not in the table."""
    for error_class, code in _CODES:
        if isinstance(error, error_class):
            return code
    return grpc.StatusCode.INTERNAL
