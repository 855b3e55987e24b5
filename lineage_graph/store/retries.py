"""When work is run again because its connection was lost; ``engines.dialect`` has the rule for errors."""

from __future__ import annotations

import time
from dataclasses import dataclass

from lineage_graph.engines import Engine

FIRST_DELAY = 0.01
BEGINNINGS = 3  # times to begin a transaction where the connection is lost
_ENDS = (
    2  # times to begin it again where the engine ended, which may be the transaction's own fault
)


MAX_VAGUE_RUNS = 8  # runs after which a broken constraint, say, is not a race any more


@dataclass
class Sent:
    """Whether the statement itself was sent, and not only what comes before it; the guest's name."""

    guest: str = ""
    itself: bool = False


class Retries:
    """Says whether work that lost its connection is begun again: some times, and where the engine ended.

    The next use of an engine that ended starts it anew, so that takes as long as a start.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.address = engine.address
        self._lost = self._ends = 0

    def again(self) -> bool:
        """Wait a little and return True, or return False where it was lost too often."""
        if self._engine.has_ended(self.address):
            self._ends += 1
            if self._ends > _ENDS:
                return False
            _ = self._engine.driver
            self.address = self._engine.address
            return True
        self._lost += 1
        if self._lost >= BEGINNINGS:
            return False
        time.sleep(FIRST_DELAY * 10 ** (self._lost - 1))
        return True
