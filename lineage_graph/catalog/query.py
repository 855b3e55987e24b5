"""Query: one statement with its parameters and what it returns. Param: one parameter, checked."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from lineage_graph.errors import InvalidArgument

ParamType = Literal["int", "float", "str", "bool", "datetime", "ids", "rows"]
ReturnKind = Literal["none", "value", "one", "rows", "graph"]
Folder = Literal["write", "read", "questions"]
_INT64 = 2**63
_TRUE = {"true", "1", "yes", "on"}
_FALSE = {"false", "0", "no", "off"}


@dataclass(frozen=True)
class Param:
    """One parameter: its type, default, bounds and help, as the header of a file declares them."""

    name: str
    type: ParamType
    help: str
    nullable: bool = False
    required: bool = True
    default: Any = None
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()

    def check(self, value: Any) -> Any:
        """Return the value as Cypher gets it.

        Text is read as forms and command lines give it: numbers, ``true``, ``1,2,3``, ISO 8601.
        A datetime becomes milliseconds since the epoch.

        Raises:
            InvalidArgument: the value is of the wrong kind or out of range.
        """
        if value is None or (value == "" and (self.nullable or not self.required)):
            if self.nullable:
                return None
            if not self.required:
                return self.default
            raise self._wrong(value)
        try:
            checked = _READERS[self.type](value)
        except (TypeError, ValueError, OverflowError):
            raise self._wrong(value) from None
        self._check_range(value, checked)
        return checked

    def _check_range(self, value: Any, checked: Any) -> None:
        if self.choices and checked not in self.choices:
            raise self._wrong(value)
        if isinstance(checked, bool):
            return
        if isinstance(checked, (int, float, str)):  # of a text, its length is bounded
            size = len(checked) if isinstance(checked, str) else checked
            if self.low is not None and size < self.low:
                raise self._wrong(value)
            if self.high is not None and size > self.high:
                raise self._wrong(value)

    def _wrong(self, value: Any) -> InvalidArgument:
        given = "nothing was given" if value in (None, "") else f"{str(value)[:60]!r} was given"
        return InvalidArgument(f"{self.name} takes {self.expects}; {given}.")

    @property
    def expects(self) -> str:
        """What the parameter takes, in words."""
        if self.choices:
            return "one of " + ", ".join(self.choices)
        words = _WORDS[self.type]
        if self.type == "str" and self.low is not None and self.high is not None:
            words += f" of {self.low:g} to {self.high:g} characters"
        elif self.low is not None and self.high is not None:
            words += f" from {self.low:g} to {self.high:g}"
        elif self.low is not None:
            words += f" of {self.low:g} or more"
        elif self.high is not None:
            words += f" of {self.high:g} or less"
        return words


def _read_int(value: Any) -> int:
    if isinstance(value, (bool, float)):
        raise TypeError
    number = int(value)
    if not -_INT64 <= number < _INT64:
        raise OverflowError
    return number


def _read_float(value: Any) -> float:
    if isinstance(value, bool):
        raise TypeError
    number = float(value)
    if not math.isfinite(number):
        raise ValueError
    return number


def _read_str(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _read_bool(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = _read_str(value).lower()
    if word not in _TRUE | _FALSE:
        raise ValueError
    return word in _TRUE


def _read_datetime(value: Any) -> int:
    if isinstance(value, datetime):
        moment = value
    elif isinstance(value, str) and not value.lstrip("-").isdigit():
        moment = datetime.fromisoformat(value.strip().replace("Z", "+00:00"))
    else:
        return _read_int(value)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return int(moment.timestamp() * 1000)


def _read_ids(value: Any) -> list[int]:
    if isinstance(value, str):
        value = [part for part in value.replace(",", " ").split() if part]
    if not isinstance(value, Iterable):
        raise TypeError
    return [_read_int(item) for item in value]


def _read_rows(value: Any) -> list[Any]:
    if isinstance(value, (str, bytes)) or not isinstance(value, Iterable):
        raise TypeError
    return list(value)


_READERS = {
    "int": _read_int,
    "float": _read_float,
    "str": _read_str,
    "bool": _read_bool,
    "datetime": _read_datetime,
    "ids": _read_ids,
    "rows": _read_rows,
}
_WORDS = {
    "int": "a whole number",
    "float": "a number",
    "str": "text",
    "bool": "true or false",
    "datetime": "a moment (2026-03-01T12:00, UTC unless it says otherwise)",
    "ids": "ids, separated by commas",
    "rows": "a list",
}
_PYTHON: dict[str, Any] = {
    "int": int,
    "float": float,
    "str": str,
    "bool": bool,
    "datetime": str,
    "ids": list[int],
    "rows": list[Any],
}


def is_paged(params: Iterable[Param]) -> bool:
    """Say whether parameters are those of a statement whose answer has pages."""
    return {"skip", "limit"} <= {param.name for param in params}


def bind_values(params: Iterable[Param], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return checked values for all parameters, defaults filled in.

    Raises:
        InvalidArgument: a value is missing, unknown, of the wrong kind or out of range.
    """
    declared = {param.name: param for param in params}
    unknown = sorted(values.keys() - declared.keys())
    if unknown:
        known = ", ".join(declared) or "none at all"
        raise InvalidArgument(f"There is no parameter {unknown[0]!r}.", hint=f"Known are {known}.")
    return {
        name: param.check(values[name])
        if name in values
        else (param.default if not param.required else param.check(None))
        for name, param in declared.items()
    }


def input_model(name: str, params: Iterable[Param]) -> type[BaseModel]:
    """Return a pydantic model of the parameters, for schemas; unknown fields are refused."""
    fields: dict[str, Any] = {}
    for param in params:
        python: Any = Literal[param.choices] if param.choices else _PYTHON[param.type]
        if param.nullable:
            python = python | None
        default = ... if param.required else param.default
        bounds: dict[str, Any] = {}
        if param.type in ("int", "float"):
            bounds = {"ge": param.low, "le": param.high}
        elif param.type == "str" and param.low is not None and param.high is not None:
            bounds = {"min_length": int(param.low), "max_length": int(param.high)}
        fields[param.name] = (python, Field(default, description=param.help, **bounds))
    title = "".join(word.capitalize() for word in name.split("_"))
    return create_model(title, __config__=ConfigDict(extra="forbid"), **fields)


@dataclass(frozen=True)
class ReturnColumn:
    """A column of an answer."""

    name: str
    type: str


@dataclass(frozen=True)
class Returns:
    """What a statement returns; the kind decides how it is shown."""

    kind: ReturnKind
    columns: tuple[ReturnColumn, ...] = ()


@dataclass(frozen=True)
class Query:
    """One statement of the catalog."""

    name: str
    folder: Folder
    title: str
    prose: str
    params: tuple[Param, ...]
    returns: Returns
    body: str
    path: Path
    tags: tuple[str, ...] = ()
    engine: str | None = None

    @property
    def text(self) -> str:
        """The text that is sent: the statement, behind a comment that says where it is from."""
        return f"// {self.folder}/{self.name}\n{self.body}"

    @property
    def is_paged(self) -> bool:
        """Say whether the statement ends in ``SKIP $skip LIMIT $limit``, so that its answer has pages."""
        return is_paged(self.params)

    def bind(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return checked values for all parameters; see ``bind_values``."""
        return bind_values(self.params, values)

    @cached_property
    def input_model(self) -> type[BaseModel]:
        """A pydantic model of the parameters."""
        return input_model(self.name, self.params)
