"""Values of parameters: as Python, forms and command lines give them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from pydantic import ValidationError

from lineage_graph.catalog import Param, bind_values, input_model
from lineage_graph.errors import InvalidArgument


def param(kind: Any, **more: Any) -> Param:
    return Param("x", kind, "help", **more)


@pytest.mark.parametrize(
    ("kind", "given", "bound"),
    [
        ("int", 5, 5),
        ("int", " 5 ", 5),
        ("int", -(2**63), -(2**63)),
        ("int", str(2**63 - 1), 2**63 - 1),
        ("float", "1e3", 1000.0),
        ("float", 2, 2.0),
        ("str", "a'b", "a'b"),
        ("bool", "Yes", True),
        ("bool", "0", False),
        ("bool", True, True),
        ("datetime", "2026-03-01", 1772323200000),
        ("datetime", "2026-03-01T01:00+01:00", 1772323200000),
        ("datetime", "2026-03-01T00:00:00Z", 1772323200000),
        ("datetime", 1772323200000, 1772323200000),
        ("datetime", "1772323200000", 1772323200000),
        ("datetime", datetime(2026, 3, 1), 1772323200000),
        ("datetime", datetime(2026, 3, 1, 2, tzinfo=timezone(timedelta(hours=2))), 1772323200000),
        ("ids", "1, 2 3", [1, 2, 3]),
        ("ids", [4, "5"], [4, 5]),
        ("ids", (), []),
        ("rows", [{"a": 1}], [{"a": 1}]),
    ],
)
def test_values_that_fit(kind: str, given: Any, bound: Any) -> None:
    checked = param(kind).check(given)
    assert checked == bound
    assert type(checked) is type(bound)


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("int", "five"),
        ("int", 1.0),
        ("int", True),
        ("int", 2**63),
        ("int", "1" * 5000),
        ("int", None),
        ("int", ""),
        ("float", "nan"),
        ("float", "inf"),
        ("float", True),
        ("float", "x"),
        ("str", 1),
        ("str", b"x"),
        ("bool", "maybe"),
        ("bool", 1),
        ("datetime", "yesterday"),
        ("datetime", "2026-13-01"),
        ("datetime", 1.5),
        ("ids", "1,x"),
        ("ids", 5),
        ("rows", "abc"),
        ("rows", 5),
    ],
)
def test_values_that_do_not_fit(kind: str, given: Any) -> None:
    with pytest.raises(InvalidArgument, match=r"^x takes "):
        param(kind).check(given)


def test_bounds_and_choices() -> None:
    assert [param("int", low=1, high=3).check(n) for n in (1, 3)] == [1, 3]
    for wrong in (0, 4):
        with pytest.raises(InvalidArgument, match=f"from 1 to 3; '{wrong}' was given"):
            param("int", low=1, high=3).check(wrong)
    with pytest.raises(InvalidArgument, match="of 1 or more"):
        param("float", low=1).check(0.5)
    assert param("str", choices=("a", "b")).check("a") == "a"
    with pytest.raises(InvalidArgument, match="one of a, b"):
        param("str", choices=("a", "b")).check("c")


def test_nothing_given() -> None:
    assert param("int", nullable=True, required=False).check("") is None
    assert param("int", required=False, default=7).check(None) == 7
    params = (param("int"), Param("y", "str", "help", required=False, default="d"))
    assert bind_values(params, {"x": "1"}) == {"x": 1, "y": "d"}
    with pytest.raises(InvalidArgument, match="x takes a whole number; nothing was given"):
        bind_values(params, {})
    with pytest.raises(InvalidArgument, match="no parameter 'z'") as unknown:
        bind_values(params, {"x": 1, "z": 1})
    assert unknown.value.hint == "Known are x, y."


def test_the_model_of_the_parameters() -> None:
    params = (
        param("int", low=1, high=3),
        Param("way", "str", "h", required=False, default="a", choices=("a", "b")),
    )
    model = input_model("my_question", params)
    assert model.__name__ == "MyQuestion"
    assert model.model_validate({"x": 2}).model_dump() == {"x": 2, "way": "a"}
    for wrong in ({}, {"x": 9}, {"x": 1, "way": "c"}, {"x": 1, "more": 1}):
        with pytest.raises(ValidationError):
            model.model_validate(wrong)
