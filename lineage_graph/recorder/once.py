"""Once: a warning about a thing is given one time only."""

from __future__ import annotations

import threading
from collections.abc import Hashable


class Once:
    """Remembers what there was a warning about. Any number of threads may ask."""

    def __init__(self) -> None:
        self._known: set[Hashable] = set()
        self._lock = threading.Lock()

    def is_first(self, about: Hashable) -> bool:
        """Return whether this is the first time that somebody asks about a thing."""
        with self._lock:
            is_new = about not in self._known
            self._known.add(about)
            return is_new
