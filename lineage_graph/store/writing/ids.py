"""Ids: small increasing integers, from one sequence for each kind and one for all types."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass

from lineage_graph.errors import LineageError
from lineage_graph.store.session import Sessions, Transaction

log = logging.getLogger(__name__)

SEQUENCES = ("artifact", "execution", "context", "type")
_LARGEST_BLOCK = 512
_IN_A_ROW = 0.5  # seconds; a block that did not last as long is followed by a larger one
_PAUSE = 10.0  # seconds; a block that lasted longer is followed by the smallest


@dataclass
class _Block:
    first: int = 1
    end: int = 1  # one behind the last id reserved
    size: int = 1
    reserved_at: float = 0.0


class IdSource:
    """Gives ids out of reserved blocks.

    Reserving inside the transaction of a put would make every writer wait for the one before it
    until that one's disk flush is done. So ids are reserved by a short transaction of its own; the
    blocks grow while one process writes without long pauses, and what is left is returned at the end.
    """

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._lock = threading.Lock()
        self._blocks = {name: _Block() for name in SEQUENCES}

    def take(self, name: str, count: int) -> range:
        """Return ``count`` ids in a row that nobody else has or gets."""
        with self._lock:
            block = self._blocks[name]
            if block.end - block.first < count:
                self._reserve(name, block, count)
            ids = range(block.first, block.first + count)
            block.first += count
            return ids

    def give_back(self, name: str, ids: range) -> None:
        """Take back ids of a put that failed, where they are the last ones given."""
        with self._lock:
            block = self._blocks[name]
            if ids.stop == block.first:
                block.first = ids.start

    def skip(self, name: str, largest: int) -> None:
        """Make the sequence go on behind an id that came from elsewhere.

        In a transaction of its own: a put that held the sequence could not reserve from it.
        """
        values = {"name": name, "next": largest + 1}
        with self._lock:
            self._sessions.write(lambda transaction: transaction.run("skip_ids", values))
            block = self._blocks[name]
            if block.first <= largest < block.end:
                block.first = largest + 1

    def close(self) -> None:
        """Return what is left of the blocks to the store, where it takes them."""
        with self._lock:
            for name, block in self._blocks.items():
                if block.end > block.first:
                    try:
                        self._return(name, block)
                    except LineageError:  # what was put is stored; only some ids are never used
                        log.info("unused ids were not returned", exc_info=True)
                        return

    def _reserve(self, name: str, block: _Block, count: int) -> None:
        now = time.monotonic()
        lasted = now - block.reserved_at
        if lasted < _IN_A_ROW:
            block.size = min(block.size * 2, _LARGEST_BLOCK)
        elif lasted > _PAUSE:
            block.size = 1
        block.reserved_at = now
        wanted = max(count, block.size)

        def reserve(transaction: Transaction) -> int:
            values = {"name": name, "count": wanted}
            return int(transaction.value("reserve_ids", values))

        end = self._sessions.write(reserve)
        if (
            end - wanted != block.end
        ):  # another process reserved meanwhile: what is left is not in a row
            block.first = end - wanted
        block.end = end

    def _return(self, name: str, block: _Block) -> None:
        values = {"name": name, "first": block.first, "next": block.end}
        self._sessions.write(lambda transaction: transaction.run("return_ids", values))
        block.end = block.first


class TakenIds:
    """The ids one put took, so that they can be given back where it fails."""

    def __init__(self, source: IdSource) -> None:
        self._source = source
        self._taken: list[tuple[str, range]] = []

    def take(self, name: str, count: int) -> range:
        """Return ids in a row, and remember them."""
        ids = self._source.take(name, count)
        self._taken.append((name, ids))
        return ids

    def skip(self, name: str, largest: int) -> None:
        """Make the sequence go on behind an id that came from elsewhere."""
        self._source.skip(name, largest)

    def give_back(self) -> None:
        """Return all of them, the last taken first."""
        while self._taken:
            self._source.give_back(*self._taken.pop())
