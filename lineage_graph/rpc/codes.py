"""Our errors as gRPC's status codes, in one table."""

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

# The classes that are above others in the tree of errors stand below them here.
_CODES: tuple[tuple[type[LineageError], grpc.StatusCode], ...] = (
    (OutOfRange, grpc.StatusCode.OUT_OF_RANGE),
    (InvalidArgument, grpc.StatusCode.INVALID_ARGUMENT),
    (NotFound, grpc.StatusCode.NOT_FOUND),
    (AlreadyExists, grpc.StatusCode.ALREADY_EXISTS),
    (FailedPrecondition, grpc.StatusCode.FAILED_PRECONDITION),
    (Unsupported, grpc.StatusCode.UNIMPLEMENTED),
    (Conflict, grpc.StatusCode.ABORTED),  # the one code after which ML Metadata's clients retry
    (Terminated, grpc.StatusCode.ABORTED),  # nothing was written, so they may retry this as well
    (DiskFull, grpc.StatusCode.RESOURCE_EXHAUSTED),
    (OutOfMemory, grpc.StatusCode.RESOURCE_EXHAUSTED),
    (TooManyFiles, grpc.StatusCode.RESOURCE_EXHAUSTED),
    (DamagedStore, grpc.StatusCode.DATA_LOSS),
    (TimedOut, grpc.StatusCode.DEADLINE_EXCEEDED),
    (StoreError, grpc.StatusCode.UNAVAILABLE),  # also where our password is wrong, not theirs
)


def status_of(error: LineageError) -> grpc.StatusCode:
    """Return the status code of an error; INTERNAL for what is nobody's fault but ours."""
    for ours, code in _CODES:
        if isinstance(error, ours):
            return code
    return grpc.StatusCode.INTERNAL
