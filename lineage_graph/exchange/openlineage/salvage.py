"""What is wrong with an event is taken out of it, as little as can be, and told by its place; the rest goes in.

A number where the specification wants a text is taken as that text, and a text that is a whole number as the number.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

T = TypeVar("T")
Place = tuple[int | str, ...]
_MAX_ROUNDS = 20  # of taking out: what is left may lack something that it needs
_MAX_FAULTS = 100  # of a round that are looked at one by one; of more, whole facets and datasets go
_FACETS = ("facets", "inputFacets", "outputFacets")
_WHOLE = re.compile(r"-?[0-9]{1,18}")


class Unsalvageable(Exception):
    """What is wrong with a value cannot be missing; says why."""


class Salvage:
    """Takes out of a JSON value what is wrong in it; the value that was given stays as it is."""

    def __init__(self, value: Any) -> None:
        self.value = copy.deepcopy(value)
        self._faults: dict[
            Place, str
        ] = {}  # by where it stood, in the order in which they were found
        self._changed: dict[Place, str] = {}
        self._left_out: set[Place] = set()
        self._stood: dict[int, list[int]] = {}  # of a list, by its id, where its items stood

    def told(self) -> list[str]:
        """Return what is wrong, where, and what was left out or changed for it."""
        return [
            f"{_shown(place)}: {reason}; {self._became(place)}"
            for place, reason in self._faults.items()
        ]

    def leave_out(self, place: Place, reason: str) -> None:
        """Take out what is at a place."""
        self._faults.setdefault(self._original(place), reason)
        self._take_out([place])

    def through(self, validate: Callable[[Any], T]) -> T:
        """Return what becomes of the value once all that is wrong is taken out of it.

        Raises:
            Unsalvageable: something is wrong, or missing, that it needs.
        """
        for _ in range(_MAX_ROUNDS):
            try:
                return validate(self.value)
            except ValidationError as error:
                self._mend(error)
        raise Unsalvageable("too much of it is wrong")

    def _mend(self, error: ValidationError) -> None:
        """Take out or change all that an error names."""
        many = error.error_count() > _MAX_FAULTS
        places: set[Place] = set()
        mended: set[Place] = set()
        for one in error.errors(include_url=False, include_context=False):
            place = self._existing(one["loc"])
            if many:
                place = _whole(place)
            if place in places or place in mended:
                continue
            where = self._original(place)
            fault = (
                (*where, str(one["loc"][-1])) if one["type"] == "missing" and not many else where
            )
            if place and not many and self._change(place, where, one):
                mended.add(place)
            elif place:
                places.add(place)
            if fault not in self._left_out:  # else it is missing because it was wrong
                self._faults.setdefault(fault, _message(one))
            if not place:
                raise Unsalvageable(self._first_at(fault))
        self._take_out(places)

    def _existing(self, loc: Place) -> Place:
        """Return a place of the value for one that also names what is missing, and what was tried."""
        found: list[int | str] = []
        at = self.value
        for step in loc:
            is_there = (isinstance(at, dict) and step in at) or (
                isinstance(at, list) and isinstance(step, int) and step < len(at)
            )
            if is_there:
                at = at[step]
                found.append(step)
        return tuple(found)

    def _original(self, place: Place) -> Place:
        """Return where something stood before anything was taken out."""
        found: list[int | str] = []
        at = self.value
        for step in place:
            stood = self._stood.get(id(at)) if isinstance(at, list) else None
            found.append(stood[step] if stood is not None and isinstance(step, int) else step)
            at = at[step]
        return tuple(found)

    def _change(self, place: Place, where: Place, error: ErrorDetails) -> bool:
        """Take a number as the text that is wanted, or a text as the number; say whether that is possible."""
        was = error["input"]
        if where in self._changed or isinstance(was, bool):
            return False
        if error["type"] == "string_type" and isinstance(was, (int, float)):
            self._holder(place)[place[-1]] = str(was)
            self._changed[where] = "it is taken as a text"
        elif error["type"] == "int_type" and isinstance(was, str) and _WHOLE.fullmatch(was):
            self._holder(place)[place[-1]] = int(was)
            self._changed[where] = "it is taken as a number"
        return where in self._changed

    def _take_out(self, places: set[Place] | list[Place]) -> None:
        self._left_out |= {self._original(place) for place in places}
        # From the last to the first: so what is still to go keeps its place.
        for place in sorted(places, key=_order, reverse=True):
            holder = self._holder(place)
            if isinstance(holder, list) and isinstance(place[-1], int):
                del self._stood.setdefault(id(holder), list(range(len(holder))))[place[-1]]
            del holder[place[-1]]

    def _holder(self, place: Place) -> Any:
        at = self.value
        for step in place[:-1]:
            at = at[step]
        return at

    def _first_at(self, place: Place) -> str:
        """Return the first fault at a place or in what stood there."""
        found = next(one for one in self._faults if one[: len(place)] == place)
        return f"{_shown(found)}: {self._faults[found]}" if found else self._faults[found]

    def _became(self, place: Place) -> str:
        if place in self._changed and place not in self._left_out:
            return self._changed[place]
        parts = (place[:length] for length in range(1, len(place) + 1))
        out = next((part for part in parts if part in self._left_out), place)
        return "it is left out" if out == place else f"{_shown(out)} is left out"


def _message(error: ErrorDetails) -> str:
    message = error["msg"].removeprefix("Value error, ")
    return f"{message[:1].lower()}{message[1:]}"


def _whole(place: Place) -> Place:
    """Return the facet, or the dataset, that a place is in."""
    for number, step in enumerate(place[:-1]):
        if step in _FACETS:
            return place[: number + 2]
    return place[:2]


def _order(place: Place) -> list[tuple[bool, int | str]]:
    return [(isinstance(step, str), step) for step in place]


def _shown(place: Place) -> str:
    return ".".join(map(str, place))
