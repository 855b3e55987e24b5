"""How the command's process begins: what Ctrl-C and SIGTERM do, then the commands themselves."""

from __future__ import annotations

import os
import signal


def main() -> None:
    """Run the command of this process's command line.

    The commands take a second to import. Nothing is open by then, so a process that is told to stop
    ends at once, without a traceback out of an import.
    """
    interrupt = signal.getsignal(signal.SIGINT)
    watched = (signal.SIGTERM, *([] if interrupt is signal.SIG_IGN else [signal.SIGINT]))
    for number in watched:
        signal.signal(number, lambda number, _: os._exit(128 + number))
    from lineage_graph.engines.lean_driver import import_driver

    import_driver()
    from lineage_graph.cli.main import main as run

    signal.signal(signal.SIGINT, interrupt)
    run()
