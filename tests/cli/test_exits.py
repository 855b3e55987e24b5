"""Exit codes: one for every error, and the same for what derives from it."""

from __future__ import annotations

import inspect

import pytest

from lineage_graph import errors
from lineage_graph.cli.exits import EXIT_CODES, FAULT, exit_code

CLASSES = [
    value
    for _, value in inspect.getmembers(errors, inspect.isclass)
    if issubclass(value, errors.LineageError)
]


def test_every_error_has_a_code() -> None:
    assert set(EXIT_CODES) == set(CLASSES)


@pytest.mark.parametrize("error", CLASSES)
def test_codes_are_what_a_shell_can_hold(error: type[errors.LineageError]) -> None:
    assert 0 < EXIT_CODES[error] < FAULT


def test_what_derives_from_an_error_has_its_code() -> None:
    class Special(errors.NotFound):
        pass

    assert exit_code(Special("not there")) == EXIT_CODES[errors.NotFound]


def test_what_is_none_of_ours_is_a_fault() -> None:
    assert exit_code(ZeroDivisionError()) == FAULT
