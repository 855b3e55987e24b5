"""Contexts that puts reuse, remembered by name: looking them up anew would cost each put a round trip."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping

_MAX_CONTEXTS = 10_000


class KnownNames:
    """The ids of contexts by their name keys, as committed puts found them; shared by threads.

    A context may have been renamed since, so whoever relies on an id has the database confirm it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ids: dict[str, int] = {}

    def among(self, keys: Iterable[str]) -> dict[str, int]:
        """Return what is known of these keys."""
        with self._lock:
            return {key: self._ids[key] for key in keys if key in self._ids}

    def keep(self, found: Mapping[str, int]) -> None:
        """Remember what a committed put found."""
        with self._lock:
            if len(self._ids) + len(found) > _MAX_CONTEXTS:
                self._ids.clear()
            self._ids.update(found)
