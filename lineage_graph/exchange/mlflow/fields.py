"""Fields of MLflow's records: what is not of the sort MLflow writes is told, and read as nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from lineage_graph.exchange.mlflow.shapes import Point
from lineage_graph.model.values import INT64_HIGH, INT64_LOW

_WHOLE = re.compile(r"-?[0-9]{1,19}")
Problem = Callable[[str, str], None]


class Record:
    """A record and where it stands; ``problem`` hears of damage.

    Numbers may come as texts, as those of 64 bits do in JSON, and texts as numbers, as SQLite and
    YAML let them.
    """

    def __init__(self, values: Mapping[str, Any], place: str, problem: Problem) -> None:
        self.values = values
        self.place = place
        self._problem = problem

    def text(self, name: str) -> str:
        """Return a text; empty where there is none."""
        found = self.values.get(name)
        if type(found) is str:
            return found
        if found is None:
            return ""
        if isinstance(found, (bytes, dict, list)):
            self._problem(self.place, f"{name} is no text")
            return ""
        return str(found)

    def whole(self, name: str) -> int | None:
        """Return a whole number of 64 bits; None where there is none."""
        found = self.values.get(name)
        if type(found) is int and INT64_LOW <= found <= INT64_HIGH:
            return found
        if found is None or found == "":
            return None
        number = whole(found)
        if number is None:
            self._problem(self.place, f"{name} is no whole number: {str(found)[:40]!r}")
        return number


def pairs(
    rows: Iterable[Mapping[str, Any]], names: tuple[str, str], place: str, problem: Problem
) -> dict[str, str]:
    """Return texts by their names, given as rows that have both; a name that is missing is told."""
    found = {}
    for row in rows:
        record = Record(row, place, problem)
        key = record.text(names[0])
        if key:
            found[key] = record.text(names[1])
        else:
            problem(place, f"a {names[0]} is missing")
    return found


def point(
    given: tuple[Any, Any, Any, Any],
    place: str,
    problem: Problem,
    dataset: tuple[str, str] | None = None,
) -> Point | None:
    """Return a value of a metric, given as name, value, time and step; None where it is none, which is told."""
    key, value, timestamp, step = given
    real, at, number = _real(value), whole(timestamp or 0), whole(step or 0)
    if not isinstance(key, str) or not key or real is None or at is None or number is None:
        problem(place, f"no value of a metric: {' '.join(str(part)[:30] for part in given)}")
        return None
    return Point(key, real, at, number, dataset)


def whole(found: Any) -> int | None:
    """Return a whole number of 64 bits, given as one, as a text or as a real number without a fraction."""
    if (isinstance(found, str) and _WHOLE.fullmatch(found)) or (
        isinstance(found, float) and found.is_integer()
    ):
        found = int(found)
    if isinstance(found, bool) or not isinstance(found, int):
        return None
    return found if INT64_LOW <= found <= INT64_HIGH else None


def _real(found: Any) -> float | None:
    if type(found) is float:
        return found
    if isinstance(found, bool) or not isinstance(found, (int, float, str)):
        return None
    try:
        return float(found)
    except (ValueError, OverflowError):
        return None
