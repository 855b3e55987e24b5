"""Patches: functions of libraries replaced by ones that record, and put back."""

from __future__ import annotations

import functools
import importlib.machinery
import importlib.util
import logging
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from types import FunctionType, ModuleType
from typing import Any

from lineage_graph.recorder.autolog import fits

log = logging.getLogger(__name__)
Around = Callable[[Callable[..., Any], tuple[Any, ...], dict[str, Any]], Any]
"""Gets a function with the arguments of a call, calls it, and returns what it returns."""


class Patches:
    """What one integration replaced in its library."""

    def __init__(self, integration: str) -> None:
        self._integration = integration
        self._undo: list[Callable[[], None]] = []

    def fit(self, owner: Any, name: str) -> None:
        """Record the calls of a function of a module, or of a method that a class itself defines."""
        original = vars(owner).get(name)
        if isinstance(original, FunctionType) and not self._is_ours(original):
            self._set(owner, name, _recorded(self._integration, original))

    def fits_of(self, base: type[Any], *names: str) -> None:
        """Record the calls of methods of a class and of its subclasses, also those defined later."""
        for cls in _family(base):
            for name in names:
                self.fit(cls, name)
        patches = self

        def init_subclass(cls: type[Any], /, **kwargs: Any) -> None:
            super(base, cls).__init_subclass__(**kwargs)
            for name in names:
                patches.fit(cls, name)

        if "__init_subclass__" not in vars(base):
            self._set(base, "__init_subclass__", classmethod(init_subclass))

    def wrap(self, owner: Any, name: str, around: Around) -> None:
        """Replace a function by a call of ``around``, which must never fail by itself."""
        original = vars(owner).get(name)
        if not isinstance(original, FunctionType):
            return

        @functools.wraps(original)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            return around(original, args, kwargs)

        self._set(owner, name, wrapped)

    def undo(self) -> None:
        """Put back what was replaced, unless somebody else replaced it since."""
        while self._undo:
            self._undo.pop()()

    def _is_ours(self, function: Any) -> bool:
        return getattr(function, "__lineage_graph__", None) == self._integration

    def _set(self, owner: Any, name: str, replacement: Any) -> None:
        is_own = name in vars(owner)
        before = vars(owner).get(name)

        def undo() -> None:
            if vars(owner).get(name) is not replacement:
                return
            if is_own:
                setattr(owner, name, before)
            else:
                delattr(owner, name)

        setattr(owner, name, replacement)
        self._undo.append(undo)


def _recorded(integration: str, original: FunctionType) -> Callable[..., Any]:
    """Return the function that records; it holds nothing that cannot be pickled with its class."""

    @functools.wraps(original)
    def recorded(*args: Any, **kwargs: Any) -> Any:
        return fits.record_call(integration, original, args, kwargs)

    recorded.__lineage_graph__ = integration  # type: ignore[attr-defined]
    return recorded


def _family(base: type) -> Iterator[type]:
    """Yield a class and all that derive from it, each once."""
    seen: set[type] = set()
    waiting = [base]
    while waiting:
        cls = waiting.pop()
        if cls not in seen:
            seen.add(cls)
            yield cls
            waiting += type.__subclasses__(cls)


# What happens when a library is imported


def when_imported(module: str, work: Callable[[], None]) -> None:
    """Do something now, if the module is imported, else right after it is."""
    if module in sys.modules:
        work()
        return
    with _finder.lock:
        _finder.waiting.setdefault(module, []).append(work)
        if _finder not in sys.meta_path:
            sys.meta_path.insert(0, _finder)


def wait_no_more(module: str) -> None:
    """Forget what was to be done when a module is imported."""
    _finder.take(module)


class _Finder:
    """Finds a module as the others do, and learns when it was imported."""

    def __init__(self) -> None:
        self.waiting: dict[str, list[Callable[[], None]]] = {}
        self.lock = threading.RLock()
        self._asking = threading.local()

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Return what the other finders find, with a loader that tells us when it is done."""
        if name not in self.waiting or getattr(self._asking, "name", None) == name:
            return None
        self._asking.name = name
        try:
            spec = importlib.util.find_spec(name)
        finally:
            self._asking.name = None
        loader = None if spec is None else spec.loader
        if spec is None or loader is None:
            return spec
        original = loader.exec_module

        def exec_module(module: ModuleType) -> None:
            original(module)
            self._imported(name)

        try:
            loader.exec_module = exec_module  # type: ignore[method-assign]
        except AttributeError:  # a loader that cannot be changed
            log.warning("Call lg.autolog() after importing %s: its import cannot be seen.", name)
        return spec

    def _imported(self, name: str) -> None:
        for work in self.take(name):
            work()

    def take(self, name: str) -> list[Callable[[], None]]:
        """Return what is to be done for a module, and forget it."""
        with self.lock:
            works = self.waiting.pop(name, [])
            if not self.waiting and self in sys.meta_path:
                sys.meta_path.remove(self)
            return works


_finder = _Finder()
