"""Parameters and metrics of libraries: what of them is small enough, and a number, to be kept."""

from __future__ import annotations

import math
from collections.abc import Mapping
from numbers import Number
from typing import Any

from lineage_graph.model.values import INT64_HIGH, INT64_LOW
from lineage_graph.recorder.values import RESERVED, readable

MAX_PARAMS = 200
"""Parameters of one fit beyond which no more are kept."""
MAX_TEXT = 500
"""Characters of a parameter's text that are kept."""


def small_params(params: Mapping[str, Any]) -> dict[str, bool | int | float | str]:
    """Return parameters as they are kept: numbers, and short text of all else.

    Estimators inside of estimators are left out, for their own parameters are there, and so are None,
    NaN and "deprecated", with which libraries mean their default.
    """
    found: dict[str, bool | int | float | str] = {}
    for name, given in params.items():
        if not isinstance(name, str) or name in RESERVED or name.rpartition("__")[2] == "steps":
            continue
        if _is_default(given):
            continue
        if callable(getattr(given, "get_params", None)):
            continue
        if len(found) == MAX_PARAMS:
            break
        found[name] = _small(given)
    return found


def _is_default(given: Any) -> bool:
    return given is None or (isinstance(given, str) and given == "deprecated") or _is_nan(given)


def _is_nan(given: Any) -> bool:
    return isinstance(given, float) and math.isnan(given)


def _small(given: Any) -> bool | int | float | str:
    plain = _scalar(given)
    if isinstance(plain, (bool, float)):
        return plain
    if isinstance(plain, int) and INT64_LOW <= plain <= INT64_HIGH:
        return plain
    if isinstance(plain, str):
        said = readable(plain)
    elif callable(plain):
        said = str(getattr(plain, "__qualname__", type(plain).__name__))
    else:
        said = _repr(plain)
    return said if len(said) <= MAX_TEXT else said[: MAX_TEXT - 1] + "…"


def _repr(given: Any) -> str:
    shape = getattr(given, "shape", None)
    if shape:
        return f"<{type(given).__name__} {tuple(shape)}>"
    try:
        said = readable(repr(given))
    except Exception:  # of the library's or the caller's own class
        said = ""
    return said if said and " at 0x" not in said else f"<{type(given).__name__}>"


def metric_values(metrics: Mapping[str, Any]) -> dict[str, bool | int | float]:
    """Return those metrics that are numbers."""
    found: dict[str, bool | int | float] = {}
    for name, given in metrics.items():
        plain = _scalar(given)
        if isinstance(plain, (bool, int, float)):
            found[name] = plain
        elif isinstance(plain, Number) and not isinstance(plain, complex):
            found[name] = float(plain)  # type: ignore[arg-type]
    return found


def _scalar(given: Any) -> Any:
    """Return Python's own number or text for a scalar of numpy and the like."""
    item = getattr(given, "item", None)
    if callable(item) and getattr(given, "shape", None) == ():
        return item()
    return given
