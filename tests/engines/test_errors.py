"""One table turns every error of the driver into one of ours, in words that help."""

from __future__ import annotations

import inspect
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
        ("Neo.ClientError.Security.Unauthorized", "The client is unauthorized", "Unauthorized"),
        ("Neo.ClientError.Security.AuthenticationRateLimit", "too many", "Unauthorized"),
        ("Neo.ClientError.Security.Forbidden", "Writing in read access mode", "Unauthorized"),
        ("Neo.ClientError.Database.DatabaseNotFound", "no x", "DatabaseMissing"),
        ("Neo.TransientError.Database.DatabaseUnavailable", "stopped", "Unreachable"),
        ("Neo.ClientError.Transaction.TransactionTimedOut", "timed out", "TimedOut"),
        ("Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration", "t", "TimedOut"),
        ("Neo.ClientError.Transaction.Terminated", "terminated by the time limit)", "TimedOut"),
        ("Neo.TransientError.Transaction.DeadlockDetected", "deadlock", "Conflict"),
        ("Neo.TransientError.General.MemoryPoolOutOfMemoryError", "memory", "OutOfMemory"),
        ("Neo.TransientError.General.OutOfMemoryError", "heap", "OutOfMemory"),
        ("Neo.ClientError.Schema.ConstraintValidationFailed", "exists", "AlreadyExists"),
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
