"""SIGTERM as an exception: a run that is told to end can say so before its process goes."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_EXIT_CODE = 128 + signal.SIGTERM


class Terminated(SystemExit):
    """Raised in the main thread on SIGTERM while a run's block is open; ends the process as SIGTERM does."""

    def __str__(self) -> str:
        return "The process was told to end (SIGTERM)."


@contextmanager
def raised_on_sigterm() -> Iterator[None]:
    """Raise ``Terminated`` on SIGTERM inside the block, where nobody else handles the signal.

    Signals are the main thread's: elsewhere nothing changes.
    """
    if (
        threading.current_thread() is not threading.main_thread()
        or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL
    ):
        yield
        return
    signal.signal(signal.SIGTERM, _raise)
    try:
        yield
    finally:
        if signal.getsignal(signal.SIGTERM) is _raise:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _raise(number: int, frame: FrameType | None) -> None:
    raise Terminated(_EXIT_CODE)
