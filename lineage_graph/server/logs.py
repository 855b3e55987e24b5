"""Log lines of what clients cause again and again: one a minute of each kind."""

from __future__ import annotations

import logging
import time

_SECONDS = 60.0  # between two lines of a kind


class Seldom(logging.Filter):
    """Lets a warning pass once a minute, by its text before it is filled; errors always pass."""

    def __init__(self) -> None:
        super().__init__()
        self._passed: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Say whether a line is written."""
        if record.levelno != logging.WARNING:
            return True
        now, kind = time.monotonic(), str(record.msg)
        if now - self._passed.get(kind, -_SECONDS) < _SECONDS:
            return False
        self._passed[kind] = now
        return True


def seldom(*names: str) -> None:
    """Have these loggers write each of their warnings once a minute."""
    for name in names:
        logger = logging.getLogger(name)
        if not any(isinstance(one, Seldom) for one in logger.filters):
            logger.addFilter(Seldom())
