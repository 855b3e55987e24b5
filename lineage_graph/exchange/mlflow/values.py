"""MLflow's texts as values: parameters are kept as texts there, sources and schemas as JSON."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

from lineage_graph.exchange.mlflow.shapes import Point
from lineage_graph.model import Value
from lineage_graph.model.metrics import LEAST, MOST, number_or_text
from lineage_graph.model.values import INT64_HIGH, INT64_LOW

_MAX_TEXT_CHARACTERS = 8000  # characters of a text, as MLflow's own limit
_LONGEST_NAME = 250
_LONGEST_DOCUMENT = 1_000_000  # characters
_MOST_POINTS = 1000  # of a metric's history
_WHOLE = re.compile(r"-?\d{1,19}")
_URIS = ("uri", "url", "path", "delta_table_uri")


def value_of(text: str) -> Value:
    """Return a parameter's text as a number where that loses nothing ("0.1", not "0.10"), else as it is."""
    if _WHOLE.fullmatch(text):
        number = int(text)
        return number if str(number) == text and INT64_LOW <= number <= INT64_HIGH else text
    try:
        real = float(text)
    except ValueError:
        return clean(text)
    return real if math.isfinite(real) and repr(real) == text else clean(text)


def clean(text: str) -> str:
    """Return a text that every store takes: no null character, no half a character, not too long."""
    return (
        text[:_MAX_TEXT_CHARACTERS]
        .replace("\0", "\N{REPLACEMENT CHARACTER}")
        .encode("utf-8", "replace")
        .decode()
    )


def named(name: str) -> str:
    """Return a name that a property can have."""
    return clean(name)[:_LONGEST_NAME] or "unnamed"


def plain(values: Mapping[str, str]) -> dict[str, Value]:
    """Return parameters as properties."""
    return {named(name): value_of(text) for name, text in values.items()}


def document(text: str) -> dict[str, Any] | None:
    """Return the JSON object that a text holds, with what every store takes; None where it holds none."""
    if not text or len(text) > _LONGEST_DOCUMENT:
        return None
    try:
        found = json.loads(text, parse_constant=str)
        return _kept(found) if isinstance(found, dict) else None
    except (ValueError, RecursionError):
        return None


def _kept(found: Any) -> Any:
    """Return a JSON value whose texts are clean and whose numbers have 64 bits; others are texts."""
    if isinstance(found, dict):
        return {named(name): _kept(value) for name, value in found.items()}
    if isinstance(found, list):
        return [_kept(value) for value in found]
    if isinstance(found, str):
        return clean(found)
    if isinstance(found, float) and not math.isfinite(found):
        return str(found)
    if isinstance(found, int) and not INT64_LOW <= found <= INT64_HIGH:
        return str(found)[:_MAX_TEXT_CHARACTERS]
    return found


def uri_of(source: str) -> str:
    """Return where a dataset's source says it is; empty where it says nothing of that."""
    found = document(source)
    if found is None:
        return ""
    told = next((found[name] for name in _URIS if isinstance(found.get(name), str)), "")
    return clean(told)


def last(points: Iterable[Point]) -> dict[str, Value]:
    """Return the last value of each metric: of the highest step, then the latest time.

    One that is no number (a loss that diverged) is the text ``NaN``, ``Infinity`` or ``-Infinity``.
    """
    found: dict[str, Point] = {}
    for point in points:
        held = found.get(point.key)
        if held is None or (point.step, point.timestamp) >= (held.step, held.timestamp):
            found[point.key] = point
    return {named(key): number_or_text(point.value) for key, point in found.items()}


def extremes(points: Iterable[Point]) -> dict[str, Value]:
    """Return least and most of each metric that was logged more than once: which is best, MLflow never says."""
    held: dict[str, list[float]] = {}
    for point in points:
        if math.isfinite(point.value):
            held.setdefault(point.key, []).append(point.value)
    found: dict[str, Value] = {}
    for key, values in held.items():
        if len(values) > 1:
            found[named(key) + LEAST], found[named(key) + MOST] = min(values), max(values)
    return found


def history(points: Iterable[Point]) -> dict[str, Any]:
    """Return the values of each metric that was logged more than once, by step, with their times.

    Of more than a thousand, evenly spread ones and the last are kept.
    """
    held: dict[str, list[Point]] = {}
    for point in points:
        if math.isfinite(point.value):
            held.setdefault(point.key, []).append(point)
    found = {}
    for key, series in held.items():
        if len(series) > 1:
            series.sort(key=lambda point: (point.step, point.timestamp))
            every = -(-len(series) // _MOST_POINTS)
            kept = series[::every][: _MOST_POINTS - 1] + series[-1:] if every > 1 else series
            found[named(key)] = [[float(p.step), p.value, float(p.timestamp)] for p in kept]
    return found
