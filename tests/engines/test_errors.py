"""One table turns every error of the driver into one of ours, in words that help."""

from __future__ import annotations

import errno
import inspect
import os
from typing import Any

import pytest
from neo4j import exceptions as driver

from lineage_graph import errors
from lineage_graph.engines import open_engine, translate, translated
from lineage_graph.engines.base import _CLASSES
from lineage_graph.errors import InvalidArgument, LineageError, NotFound, TimedOut
from lineage_graph.settings import Settings

THEIRS = [
    found
    for _, found in inspect.getmembers(driver, inspect.isclass)
    if issubclass(found, Exception)
    and found.__module__ == driver.__name__
    and not issubclass(found, Warning)
]


def made(theirs: type[Exception]) -> Exception:
    """An error as the driver makes it; some of its classes want particular arguments."""
    for arguments in (("it failed",), ("it failed", "more"), ("it failed", "more", "still")):
        try:
            return theirs(*arguments)
        except TypeError:
            continue
    error = theirs.__new__(theirs)
    Exception.__init__(error, "it failed")
    return error


def served(code: str, message: str = "it failed") -> Any:
    """An error as a server of before and after GQL status codes sends it."""
    return driver.Neo4jError._hydrate_neo4j(code=code, message=message)


@pytest.mark.parametrize("theirs", THEIRS)
def test_every_class_of_the_driver_is_in_the_table(theirs: type[Exception]) -> None:
    assert issubclass(theirs, tuple(listed for listed, _, _ in _CLASSES))
    ours = translate(made(theirs), "testing")
    assert isinstance(ours, LineageError)
    assert ours.message
    assert "Traceback" not in str(ours)


@pytest.mark.parametrize(
    ("code", "message", "ours"),
    [
        (
            "Neo.DatabaseError.General.UnknownError",
            "TypeError: Cannot access property 'x' on Long value",
            "InvalidArgument",
        ),
        (
            "Neo.DatabaseError.General.UnknownError",
            "NumberOutOfRange: percentile must be between 0.0 and 1.0, got: 5.0",
            "InvalidArgument",
        ),
        (
            "Neo.DatabaseError.General.UnknownError",
            "shortestPath() as an expression requires both endpoints bound to vertices",
            "InvalidArgument",
        ),
        ("Neo.DatabaseError.General.UnknownError", "a TypeError: x of ours", "EngineFailed"),
        (
            "Neo.ClientError.Transaction.TransactionTimedOut",
            "Query was terminated by the memory limit",
            "OutOfMemory",
        ),
        ("Neo.ClientError.Security.Unauthorized", "The client is unauthorized", "Unauthorized"),
        ("Neo.ClientError.Security.AuthenticationRateLimit", "too many", "Unauthorized"),
        ("Neo.ClientError.Security.Forbidden", "Writing in read access mode", "Unauthorized"),
        ("Neo.ClientError.Security.WhateverComes", "no", "Unauthorized"),
        ("Neo.ClientError.Database.DatabaseNotFound", "no x", "DatabaseMissing"),
        ("Neo.TransientError.Database.DatabaseUnavailable", "stopped", "Unreachable"),
        ("Neo.ClientError.Transaction.TransactionTimedOut", "timed out", "TimedOut"),
        ("Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration", "t", "TimedOut"),
        ("Neo.ClientError.Transaction.Terminated", "terminated by the time limit)", "TimedOut"),
        ("Neo.TransientError.Database.DatabaseUnavailable", "is shutting down", "Unreachable"),
        ("Neo.TransientError.General.DatabaseUnavailable", "stopped", "Unreachable"),
        ("Neo.TransientError.Request.NoThreadsAvailable", "busy", "Unreachable"),
        ("Neo.DatabaseError.General.UnknownError", "Database 'x' is closed", "Unreachable"),
        (
            "Neo.TransientError.Transaction.Terminated",
            "The transaction has been terminated. Explicitly terminated by the user. ",
            "Terminated",
        ),
        ("Neo.ClientError.Transaction.Terminated", "Query terminated by an admin", "Terminated"),
        (
            "Neo.TransientError.Transaction.LockClientStopped",
            "It ran too long, or a human terminated it, or the database is shutting down.",
            "TimedOut",
        ),
        ("Neo.TransientError.Transaction.DeadlockDetected", "deadlock", "Conflict"),
        ("Neo.TransientError.Transaction.DeadlockDetected", "the heap budget of x", "OutOfMemory"),
        ("Neo.TransientError.Transaction.Outdated", "changed", "Conflict"),
        ("Neo.TransientError.General.MemoryPoolOutOfMemoryError", "memory", "OutOfMemory"),
        ("Neo.TransientError.General.OutOfMemoryError", "heap", "OutOfMemory"),
        ("Neo.ClientError.General.TransactionOutOfMemoryError", "memory", "OutOfMemory"),
        ("Neo.DatabaseError.General.UnknownError", "java.lang.OutOfMemoryError", "OutOfMemory"),
        ("Neo.DatabaseError.General.UnknownError", "Java heap space", "OutOfMemory"),
        ("Neo.DatabaseError.General.UnknownError", "x: Too many open files", "TooManyFiles"),
        ("Neo.DatabaseError.General.UnknownError", "x: Read-only file system", "ReadOnly"),
        (
            "Neo.ClientError.Transaction.TransactionNotFound",
            "Cannot commit changes because the database is open in read-only mode",
            "ReadOnly",
        ),
        ("Neo.ClientError.General.ForbiddenOnReadOnlyDatabase", "no", "ReadOnly"),
        ("Neo.ClientError.General.WriteOnReadOnlyAccessDatabase", "no", "ReadOnly"),
        (
            "Neo.DatabaseError.Transaction.TransactionLogError",
            "Could not append transaction: Transaction #292 to log.",
            "DiskFull",
        ),
        (
            "Neo.DatabaseError.Transaction.TransactionStartFailed",
            "The database has encountered a critical error, and needs to be restarted.",
            "EngineFailed",
        ),
        (
            "Neo.ClientError.Transaction.TransactionNotFound",
            "Transaction error on commit",
            "EngineFailed",
        ),
        ("Neo.ClientError.Transaction.TransactionHookFailed", "whatever", "EngineFailed"),
        ("Neo.ClientError.Request.Invalid", "whatever", "EngineFailed"),
        ("Neo.ClientError.Statement.NobodyKnows", "whatever", "EngineFailed"),
        ("Neo.ClientError.NobodyKnows.AtAll", "whatever", "EngineFailed"),
        ("Neo.ClientError.Schema.ConstraintValidationFailed", "exists", "AlreadyExists"),
        (
            "Neo.ClientError.Schema.ConstraintValidationFailed",
            "there is one of the name 'No space left on device'",
            "AlreadyExists",
        ),
        (
            "Neo.DatabaseError.General.UnknownError",
            "Error executing Cypher command: CREATE (n:`No space left on device`)",
            "EngineFailed",
        ),
        ("Neo.ClientError.Statement.ArithmeticError", "/ by zero", "InvalidArgument"),
        ("Neo.ClientError.Statement.TypeError", "Too many open files", "InvalidArgument"),
        ("Neo.ClientError.Statement.SyntaxError", "Invalid input", "InvalidArgument"),
        ("Neo.ClientError.Statement.ParameterMissing", "Expected x", "InvalidArgument"),
        ("Neo.DatabaseError.General.UnknownError", "No space left on device", "DiskFull"),
        ("Neo.DatabaseError.General.UnknownError", "whatever", "EngineFailed"),
        (
            "Neo.DatabaseError.General.UnknownError",
            "Unknown procedure/function: x",
            "InvalidArgument",
        ),
    ],
)
def test_codes_say_more_than_classes(code: str, message: str, ours: str) -> None:
    translation = translate(served(code, message), "testing")
    assert type(translation) is getattr(errors, ours)
    assert isinstance(translation, InvalidArgument) or translation.hint


@pytest.mark.parametrize(
    ("code", "ours", "retriable"),
    [
        (errno.ENOSPC, "DiskFull", True),
        (errno.EDQUOT, "DiskFull", True),
        (errno.EROFS, "ReadOnly", True),
        (errno.EMFILE, "TooManyFiles", True),
        (errno.ENFILE, "TooManyFiles", True),
        (errno.ENOMEM, "OutOfMemory", True),
    ],
)
def test_errors_of_the_system(code: int, ours: str, retriable: bool) -> None:
    with pytest.raises(getattr(errors, ours), match="/there") as told, translated("testing"):
        raise OSError(code, os.strerror(code), "/there")
    assert told.value.retriable is retriable
    assert told.value.hint


def test_other_errors_of_the_system_pass() -> None:
    with pytest.raises(FileNotFoundError), translated("testing"):
        raise FileNotFoundError(errno.ENOENT, "no such file")


def test_what_the_driver_says_of_our_own_limit() -> None:
    error = driver.ServiceUnavailable("Couldn't connect: [Errno 24] Too many open files")
    assert type(translate(error)) is errors.TooManyFiles


@pytest.mark.parametrize("wrong", [errors.Unauthorized, errors.DatabaseMissing, errors.TooOld])
def test_what_time_does_not_heal(wrong: type[LineageError]) -> None:
    assert not wrong.retriable
    assert errors.StoreError.retriable
    assert errors.Conflict.retriable
    assert not InvalidArgument.retriable


def test_ours_stay_as_they_are() -> None:
    mine = NotFound("x")
    assert translate(mine) is mine
    with pytest.raises(NotFound), translated("testing"):
        raise mine


def test_what_was_done_is_told() -> None:
    error = translate(served("Neo.ClientError.Transaction.TransactionTimedOut"), "reading")
    assert isinstance(error, TimedOut)
    assert error.message.startswith("While reading: The time limit")


def test_other_errors_pass() -> None:
    with pytest.raises(ZeroDivisionError), translated("testing"):
        raise ZeroDivisionError


@pytest.mark.parametrize(
    "uri",
    ["localhost", "http://localhost:7474", "neo4j://", "neo4j", "bolt:///x", "file:///etc", "::"],
)
def test_addresses_that_are_none(uri: str) -> None:
    with pytest.raises(InvalidArgument, match="not the address of a Neo4j server"):
        open_engine(Settings(), uri)
