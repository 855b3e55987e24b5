"""Work that Ctrl-C may interrupt without breaking the connection that it uses."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")


def interruptible(work: Callable[[], Result], cancel: Callable[[], None]) -> Result:
    """Run work, and on Ctrl-C or SIGTERM ``cancel`` it, wait until it has ended, and raise.

    Where this is the main thread, which Python interrupts, the work runs in another one: interrupted
    in the middle of a message, the driver would read the next answer from there on.
    """
    if threading.current_thread() is not threading.main_thread():
        return work()
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(work)
        try:
            return future.result()
        except (KeyboardInterrupt, SystemExit):
            cancel()
            raise
