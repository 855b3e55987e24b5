"""What a run says of itself: custom properties of its context that the recorder writes.

A run also ends as its steps do; the statements put both together (``runs_of_pipeline``). The rules here
are those of ``cypher/rules`` (``run_told``, ``lost_since``, ``counts_in``).
"""

from __future__ import annotations

from dataclasses import dataclass

from lineage_graph.model.nodes import Context, Execution
from lineage_graph.model.values import ExecutionState

STATE = "run_state"
"""RUNNING or COMPLETE, as the block of the run says."""
FAILURE = "run_failure"
"""FAILED or CANCELED where a block of the run ended so, in whichever process; else empty."""
ENDED = "run_ended"
"""When the block of the run ended, in ms since the epoch; 0 while it runs."""
RESUMED = "run_resumed"
"""When the run was taken up again, in ms since the epoch: failures before that count no more."""
PROCESS = "run_process"
"""Host and number of the process that last began the run."""
HEARTBEAT = "heartbeat"
"""When a process of the run was alive, in ms since the epoch, told every ``HEARTBEAT_INTERVAL`` seconds."""
RUN_NAMES = frozenset({STATE, FAILURE, ENDED, RESUMED, HEARTBEAT, PROCESS})
"""Names of all of them."""
HEARTBEAT_INTERVAL = 20.0
"""Seconds."""
LOST_AFTER = 120_000
"""Milliseconds without a heartbeat after which a run is lost."""
_GOOD = (ExecutionState.COMPLETE, ExecutionState.CACHED)


@dataclass(frozen=True)
class RunState:
    """What a run says: its state (empty where it says none), its error, since when nothing was heard of it."""

    state: str
    error: str
    lost_since: int | None


def run_state_of(context: Context, now: int) -> RunState:
    """Return what a run says of itself; ``now`` is in ms since the epoch."""
    told = context.custom_properties
    state = str(told.get(FAILURE) or told.get(STATE) or "")
    heard = told.get(HEARTBEAT)
    lost = (
        told.get(STATE) == ExecutionState.RUNNING.value
        and not told.get(FAILURE)
        and isinstance(heard, int)
        and heard < now - LOST_AFTER
    )
    words = [str(told[name]) for name in ("error_type", "error_message") if told.get(name)]
    return RunState(state, ": ".join(words), heard if lost and isinstance(heard, int) else None)


def counts_in(execution: Execution, run: Context) -> bool:
    """True for an execution that has a say in how its run ended."""
    resumed, began = run.custom_properties.get(RESUMED), execution.create_time_since_epoch
    is_before = isinstance(resumed, int) and began is not None and began < resumed
    return not is_before or execution.last_known_state in _GOOD
