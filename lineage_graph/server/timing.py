"""How long the parts of an answer took, as browsers show it: the Server-Timing header."""

from __future__ import annotations

import time


class Timing:
    """A clock of an answer: each call of ``lap`` names what was done since the last."""

    def __init__(self) -> None:
        self._last = time.perf_counter()
        self._laps: list[tuple[str, float]] = []

    def lap(self, name: str) -> None:
        """Note how long this part took."""
        now = time.perf_counter()
        self._laps.append((name, now - self._last))
        self._last = now

    @property
    def header(self) -> str:
        """The parts in ms, as the header says them: ``read;dur=12.3, draw;dur=4.5``."""
        return ", ".join(f"{name};dur={seconds * 1000:.1f}" for name, seconds in self._laps)
