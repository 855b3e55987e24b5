"""Reading ahead: while a batch is stored, the next one is read."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")
_POLL = (
    0.1  # seconds after which a full queue is looked at again, lest nobody takes from it any more
)
_LAST_ITEM = 2.0  # seconds that the thread is waited for where the caller stops early


class _Failed:
    def __init__(self, error: BaseException) -> None:
        self.error = error


def ahead(items: Iterable[Item]) -> Iterator[Item]:
    """Yield what an iterable gives, which a thread of its own takes from it, one item ahead.

    Whatever the iterable raises is raised here, in its turn. Where the caller stops early, the thread
    ends after the item it is at; for one that takes long, a slow server's say, nobody waits.
    """
    waiting: queue.Queue[Item | _Failed | None] = queue.Queue(maxsize=1)
    stop = threading.Event()

    def give(item: Item | _Failed | None) -> bool:
        while not stop.is_set():
            try:
                waiting.put(item, timeout=_POLL)
                return True
            except queue.Full:
                continue
        return False

    def work() -> None:
        try:
            for item in items:
                if not give(item):
                    return
        except BaseException as error:
            give(_Failed(error))
        else:
            give(None)

    thread = threading.Thread(target=work, name="reading ahead", daemon=True)
    thread.start()
    try:
        while (item := waiting.get()) is not None:
            if isinstance(item, _Failed):
                raise item.error
            yield item
    finally:
        stop.set()
        thread.join(_LAST_ITEM)
