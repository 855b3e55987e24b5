"""Calls and fits: what is known of a function's call before it is made."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Fit:
    """What is known of a fit before it begins.

    ``name`` is the step's where it becomes one. Of ``params`` small values are kept. ``inputs`` are
    frames, arrays or artifacts by key; those that are None are left out. ``takes_curves`` says
    whether the metrics of iterations of a fit inside this one belong to this one.
    """

    name: str
    params: Mapping[str, Any] = field(default_factory=dict)
    inputs: Mapping[str, Any] = field(default_factory=dict)
    takes_curves: bool = True


class Call:
    """One call of a library's function: what it was given, by the names of its arguments.

    Raises:
        TypeError: the arguments are not those of the function.
    """

    def __init__(
        self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> None:
        self.function = function
        self.name = function.__name__
        self.args = list(args)
        self.kwargs = dict(kwargs)
        self._signature = _signature(function)
        self._given = self._signature.bind(*args, **kwargs)
        self._given.apply_defaults()

    @property
    def receiver(self) -> Any:
        """The object whose method is called, or the first argument of a function."""
        return self.args[0] if self.args else None

    def get(self, name: str, default: Any = None) -> Any:
        """Return the argument of this name, whether it was given by position, by name, or is a default."""
        if name in self.kwargs:
            return self.kwargs[name]
        return self._given.arguments.get(name, default)

    def replace(self, name: str, value: Any) -> None:
        """Let the function get another value for an argument."""
        for index, parameter in enumerate(self._signature.parameters.values()):
            by_place = parameter.kind in (
                parameter.POSITIONAL_ONLY,
                parameter.POSITIONAL_OR_KEYWORD,
            )
            if parameter.name == name and by_place and index < len(self.args):
                self.args[index] = value
                return
        self.kwargs[name] = value


@functools.lru_cache(maxsize=1024)
def _signature(function: Callable[..., Any]) -> inspect.Signature:
    return inspect.signature(function)
