"""Never in the way: what fails in the recorder while a training runs is left out, and said once."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar, cast

MethodT = TypeVar("MethodT", bound=Callable[..., Any])


def never_in_the_way(instead: Callable[..., Any]) -> Callable[[MethodT], MethodT]:
    """Make a method of a run or a step return ``instead(self, …)`` where it fails and must not."""

    def decorate(method: MethodT) -> MethodT:
        @functools.wraps(method)
        def call(self: Any, /, *args: Any, **kwargs: Any) -> Any:
            try:
                return method(self, *args, **kwargs)
            except Exception as error:
                if not self.connection.is_safe:
                    raise
                self.connection.leave_out(f"{method.__name__} of {self.name!r}", error)
                return instead(self, *args, **kwargs)

        return cast(MethodT, call)

    return decorate


def nothing(*_: Any, **__: Any) -> None:
    """Return None, whatever is given."""
