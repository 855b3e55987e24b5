"""Conditions on properties, as people type them."""

from __future__ import annotations

from typing import Any

import pytest

from lineage_graph.errors import InvalidArgument
from lineage_graph.server.views.lists import parse_where


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("accuracy > 0.9", [("accuracy", ">", 0.9, False)]),
        ("epochs=5", [("epochs", "=", 5, False)]),
        ("custom.owner = ann and a != 1", [("owner", "=", "ann", True), ("a", "!=", 1, False)]),
        ('name contains "a and b"', [("name", "contains", "a and b", False)]),
        (
            "`odd name` exists AND x >= '3'",
            [("odd name", "exists", None, False), ("x", ">=", "3", False)],
        ),
        ("done = true", [("done", "=", True, False)]),
    ],
)
def test_conditions(text: str, expected: list[tuple[Any, ...]]) -> None:
    found = [(c.property, c.op, c.value, c.custom) for c in parse_where(text)]
    assert found == expected
    assert [type(item[2]) for item in found] == [type(item[2]) for item in expected]


@pytest.mark.parametrize(
    "text", ["accuracy", "> 3", "a = 1 or b = 2", "a = 1 and", "a ~ 2", "x contains 3"]
)
def test_what_cannot_be_read(text: str) -> None:
    with pytest.raises(InvalidArgument):
        parse_where(text)
