"""Parameters, metrics and properties: what is kept as what, and what is refused."""

from __future__ import annotations

import datetime
import enum
import math
from pathlib import Path

import pytest

from lineage_graph.errors import InvalidArgument
from lineage_graph.recorder.inputs import artifact
from lineage_graph.recorder.values import properties, value


class _Scalar:
    """Like a scalar of numpy or a tensor of one element."""

    shape = ()

    def __init__(self, content: object) -> None:
        self._content = content

    def item(self) -> object:
        return self._content


class _Array(_Scalar):
    shape = (2,)

    def item(self) -> object:
        raise ValueError("can only convert an array of size 1")


class _Table:
    shape = (2, 2)


class Colour(str, enum.Enum):
    RED = "red"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (1, 1),
        (1.5, 1.5),
        ("é", "é"),
        (True, True),
        ({"a": [1, {"b": None}]}, {"a": [1, {"b": None}]}),
        ({"a": _Scalar(3)}, {"a": 3}),
        ([1, 2], "[1, 2]"),
        ((), "[]"),
        ({"b"}, '["b"]'),
        (None, "None"),
        (_Scalar(0.25), 0.25),
        (_Scalar(7), 7),
        (_Scalar(True), True),
        (Colour.RED, "red"),
        (Path("a/b"), str(Path("a/b"))),
        (datetime.date(2026, 11, 23), "2026-11-23"),
        (2**63 - 1, 2**63 - 1),
    ],
)
def test_kept(given: object, kept: object) -> None:
    found = value(given, "The metric 'x'")
    assert found == kept
    assert type(found) is type(kept)


def test_not_a_number_is_kept() -> None:
    found = value(math.nan, "x")
    assert isinstance(found, float)
    assert math.isnan(found)


@pytest.mark.parametrize(
    "wrong",
    [
        2**63,
        object(),
        lambda: None,
        _Array(None),
        _Table(),
        {(1, 2): 3},
        [object()],
        {"a": {"b": object()}},
        "\udcff",
        ["\udcff"],
    ],
)
def test_refused(wrong: object) -> None:
    with pytest.raises(InvalidArgument, match="'x'"):
        properties({"x": wrong}, "metric")


def test_circles_are_refused() -> None:
    circle: list[object] = []
    circle.append(circle)
    with pytest.raises(InvalidArgument, match="'x'"):
        properties({"x": circle}, "metric")


@pytest.mark.parametrize("name", ["", 1, None, "cache_key", "error_type", "digest"])
def test_names_that_are_refused(name: object) -> None:
    with pytest.raises(InvalidArgument):
        properties({name: 1}, "parameter")  # type: ignore[dict-item]


class Silent:
    def __str__(self) -> str:
        raise RuntimeError("no text")

    def __fspath__(self) -> str:
        raise RuntimeError("no path")


@pytest.mark.parametrize("wrong", [None, 5, b"x", ["Model"], Silent(), "\ud800"])
def test_types_and_uris_that_are_none_are_refused(wrong: object) -> None:
    with pytest.raises(InvalidArgument):
        artifact(wrong, "models/x")  # type: ignore[arg-type]
    if not isinstance(wrong, (bytes, list)):  # those are data
        with pytest.raises(InvalidArgument):
            artifact("Model", wrong)  # type: ignore[arg-type]


def test_a_text_that_fails_is_refused() -> None:
    with pytest.raises(InvalidArgument, match="no text"):
        artifact("Model", "models/x", digest=Silent())  # type: ignore[arg-type]
