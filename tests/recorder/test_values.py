"""Parameters, metrics and properties: what is kept as what, and what is refused."""

from __future__ import annotations

import argparse
import dataclasses
import datetime
import enum
import math
import types
from collections import UserList
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pydantic
import pytest

from lineage_graph.errors import InvalidArgument
from lineage_graph.recorder.inputs import artifact
from lineage_graph.recorder.values import (
    MAX_PARAMETERS,
    MAX_TEXT,
    merged,
    parameters,
    properties,
    value,
)


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


@dataclasses.dataclass
class _Config:
    rate: float = 0.1
    folder: Path = Path("data")
    inner: object = None


class _Model(pydantic.BaseModel):
    layers: list[int] = [64, 32]
    token: pydantic.SecretStr = pydantic.SecretStr("x")


class _Settings(Mapping[str, Any]):
    """A mapping that is no dict, such as omegaconf's."""

    def __getitem__(self, name: str) -> Any:
        return {"a": 1, "b": UserList([1, 2])}[name]

    def __iter__(self) -> Iterator[str]:
        return iter("ab")

    def __len__(self) -> int:
        return 2


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (argparse.Namespace(epochs=5, colour=Colour.RED), {"epochs": 5, "colour": "red"}),
        (types.SimpleNamespace(epochs=5), {"epochs": 5}),
        (_Config(), {"rate": 0.1, "folder": "data", "inner": "None"}),
        (_Model(), {"layers": "[64, 32]", "token": "**********"}),
        (_Settings(), {"a": 1, "b": "[1, 2]"}),
        (
            {"config": _Config(inner=_Model()), "list": [_Settings()]},
            {
                "config": {
                    "rate": 0.1,
                    "folder": "data",
                    "inner": {"layers": [64, 32], "token": "**********"},
                },
                "list": '[{"a": 1, "b": [1, 2]}]',
            },
        ),
        ({"big": 2**63, "small": -(2**64)}, {"big": str(2**63), "small": str(-(2**64))}),
        ({}, {}),
    ],
)
def test_parameters_as_people_hold_them(given: object, kept: dict[str, object]) -> None:
    assert parameters(given) == kept


@pytest.mark.parametrize("given", [5, "x", [1], None, _Config, object()])
def test_parameters_without_names_are_refused(given: object) -> None:
    with pytest.raises(InvalidArgument, match=r"dict.*epochs"):
        parameters(given)


def test_a_parameter_that_cannot_be_kept_is_its_repr_and_said_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    circle: list[object] = []
    circle.append(circle)
    odd = {
        "odd": object(),
        "circle": circle,
        "silent": Silent(),
        "array": _Array(None),
        "huge": 10**5000,
    }
    for _ in range(2):
        found = parameters(odd)
    assert found["odd"] == "<object object>"
    assert found["circle"] == "[[...]]"
    assert "0x" not in str(found["silent"] + found["array"])  # type: ignore[operator]
    assert found["huge"] == hex(10**5000)
    said = [record.getMessage().split("'")[1] for record in caplog.records]
    assert said == ["odd", "circle", "silent", "array"]
    with pytest.raises(InvalidArgument, match="'odd'"):
        parameters(odd, strict=True)  # it would be part of a cache key


def test_long_parameters_and_many_are_bounded() -> None:
    found = parameters(
        {"text": "x" * 5_000_000, "other": "x" * 4_999_999 + "y", "json": {"k": "é" * 200_000}}
    )
    assert all(len(str(kept)) == MAX_TEXT for kept in found.values())
    assert str(found["text"]).startswith("xxx")
    assert "cut from 5,000,000 characters" in str(found["text"])
    assert found["text"] != found["other"]
    assert found["text"] == parameters({"text": "x" * 5_000_000})["text"]

    many = parameters({f"p{number}": number for number in range(5000)})
    assert len(many) == MAX_PARAMETERS
    more = many.pop("more_parameters")
    assert isinstance(more, dict)
    assert {**many, **more} == {f"p{number}": number for number in range(5000)}
    again = merged({**many, "more_parameters": more}, {"late": 1})
    assert len(again) == MAX_PARAMETERS
    assert len(again["more_parameters"]) == len(more) + 1  # type: ignore[arg-type]
