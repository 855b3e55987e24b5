"""Taking a run up again: what became of the process that began it, and of the steps it left running."""

from __future__ import annotations

import os
import socket
import time

from lineage_graph.model import Context, Execution, ExecutionState, Kind, Ref, Subgraph
from lineage_graph.model.run_state import PROCESS
from lineage_graph.store import Find, Store

_MAX_LEFT = 1000  # steps of a run that are looked for
_UNFINISHED = (ExecutionState.NEW.value, ExecutionState.RUNNING.value)


def this_process() -> str:
    """Return what names this process among those of all machines."""
    return f"{socket.gethostname()}/{os.getpid()}"


def cancel_what_was_left(store: Store, run: Ref) -> None:
    """Cancel the steps of a run that an earlier process left running when it died.

    Raises:
        LineageError: as ``Store.put`` does.
    """
    context = store.node(run)
    assert isinstance(context, Context)
    if _is_alive(str(context.custom_properties.get(PROCESS, ""))):
        return
    wanted = Find(kind=Kind.EXECUTION, context=run.id, states=_UNFINISHED, limit=_MAX_LEFT)
    nodes = store.find(wanted).nodes
    left = tuple(_canceled(node) for node in nodes if isinstance(node, Execution))
    if left:
        store.put(Subgraph(executions=left))


def _is_alive(process: str) -> bool:
    """True unless a process of this machine is known to be gone."""
    host, _, number = process.rpartition("/")
    if host != socket.gethostname() or not number.isdigit():
        return True
    if int(number) == os.getpid():
        return False  # an earlier block of this process, which ended
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _canceled(execution: Execution) -> Execution:
    custom = {
        **execution.custom_properties,
        "error_type": "Lost",
        "error_message": "Its process ended without a word before the run was taken up again.",
    }
    changes = {
        "last_known_state": ExecutionState.CANCELED,
        "custom_properties": custom,
        "last_update_time_since_epoch": int(time.time() * 1000),
    }
    return execution.model_copy(update=changes)
