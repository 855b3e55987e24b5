"""Readers, writers and integrations of other packages, found by their entry points.

A package that declares an entry point in the group ``lineage_graph.readers`` or
``lineage_graph.writers`` adds a format; its name is the format's. One in ``lineage_graph.autolog`` adds
a library to ``lg.autolog()``: a class derived from ``recorder.autolog.Integration``. A reader is what ``open_source``
calls with the path or the address and that returns a ``Source``, usually its class; where it has a
``recognises(where, head)``, it is asked whether a source without a named format is its own. A writer is
a ``writing.Writer``. One that cannot be loaded, or is none, is left out, logged, and listed by
``failures``.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

from lineage_graph.exchange.base import Source

log = logging.getLogger(__name__)

READERS_GROUP, WRITERS_GROUP = "lineage_graph.readers", "lineage_graph.writers"
AUTOLOG_GROUP = "lineage_graph.autolog"
_METHOD = {READERS_GROUP: "__call__", WRITERS_GROUP: "write", AUTOLOG_GROUP: "patch"}
"""What a plug-in of each group can be asked to do."""
OpenSource = Callable[[Any], Source]


@dataclass(frozen=True)
class Failure:
    """A plug-in that was left out: its group and name, the package it is from, and why."""

    group: str
    name: str
    package: str
    reason: str

    def __str__(self) -> str:
        return f"{self.name} of {self.package} ({self.group}): {self.reason}"


@dataclass
class _Found:
    loaded: dict[str, Any] = field(default_factory=dict)
    failed: dict[str, Failure] = field(default_factory=dict)


@cache
def _load(group: str) -> _Found:
    found = _Found()
    for point in entry_points(group=group):
        try:
            loaded = point.load()
            if not callable(getattr(loaded, _METHOD[group], None)):
                raise TypeError(f"{point.value} is no {group.removeprefix('lineage_graph.')[:-1]}")
            found.loaded[point.name] = loaded
        except Exception as error:  # whatever the code of another package raises
            failure = Failure(
                group, point.name, _package(point), f"{type(error).__name__}: {error}"
            )
            log.warning("left out: %s", failure)
            found.failed[point.name] = failure
    return found


def _package(point: EntryPoint) -> str:
    return point.dist.name if point.dist is not None else point.value.partition(":")[0]


def plugin_readers() -> Mapping[str, OpenSource]:
    """Return the readers of other packages by the names of their formats."""
    return _load(READERS_GROUP).loaded


def plugin_writers() -> Mapping[str, Any]:
    """Return the writers of other packages by the names of their formats."""
    return _load(WRITERS_GROUP).loaded


def plugin_integrations() -> Mapping[str, Any]:
    """Return the integrations of ``lg.autolog()`` of other packages by name."""
    return _load(AUTOLOG_GROUP).loaded


def failures() -> tuple[Failure, ...]:
    """Return the plug-ins that were left out."""
    return tuple(failure for group in _METHOD for failure in _load(group).failed.values())


def failure_of(group: str, name: str) -> Failure | None:
    """Return why the plug-in of this name was left out, None where it was not."""
    return _load(group).failed.get(name)


def recognised_by_plugin(where: str | Path, head: bytes) -> str | None:
    """Return the name of the plug-in reader that says that a source is its own, None where none does.

    ``head`` is how a file begins, uncompressed; empty for folders and addresses.
    """
    for name, reader in plugin_readers().items():
        recognises = getattr(reader, "recognises", None)
        try:
            if recognises is not None and recognises(where, head):
                return name
        except Exception:  # it does not know; others may
            log.warning("the reader %s failed to look at %s", name, where, exc_info=True)
    return None
