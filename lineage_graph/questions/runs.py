"""Questions about what happened within a run: failures, and where the time went."""

from __future__ import annotations

from typing import Any

from lineage_graph.model import Execution, ExecutionState, Kind, Ref
from lineage_graph.model.plain import by_time
from lineage_graph.questions.declare import MOST_NODES, Found, node_param, walk
from lineage_graph.questions.roles import is_dag, is_run
from lineage_graph.questions.topological_order import FlowOrder
from lineage_graph.store import Direction, Store

_BAD = (ExecutionState.FAILED, ExecutionState.CANCELED)
_UNFINISHED = (ExecutionState.NEW, ExecutionState.RUNNING)


@walk(
    node_param("execution", "id of the execution that failed"),
    returns="rows execution int, type str, name str, state str, how str, started datetime",
    tags="failures, executions",
)
def failed_after(store: Store, execution: int) -> Found:
    """What else failed because of this failure, or after it?

    Failed and canceled executions downstream of it, and those of the same run that started
    later, oldest first. A run is a context whose type contains "run". Of an execution that did not
    fail there is no answer.
    """
    start = Ref(Kind.EXECUTION, execution)
    walked = store.walk(start, Direction.DOWNSTREAM, node_limit=MOST_NODES)
    this = next(e for e in walked.graph.executions if e.id == execution)
    if this.last_known_state not in _BAD:
        state = (this.state_word or "unknown").lower().replace("_", " ")
        return Found(note=f"Execution {execution} did not fail: its state is {state}.")
    later, cut = _later_in_runs(store, this)
    downstream = {e.id for e in walked.graph.executions}
    found = {e.id: e for e in (*later, *walked.graph.executions) if e.last_known_state in _BAD}
    found.pop(execution, None)
    rows = [
        (
            e.id,
            e.type,
            e.name,
            e.state_word,
            "downstream" if e.id in downstream else "later in the run",
            e.create_time_since_epoch,
        )
        for e in sorted(found.values(), key=by_time)
    ]
    return Found(rows, truncated=walked.truncated or cut)


def _later_in_runs(store: Store, this: Execution) -> tuple[list[Execution], bool]:
    """Failed executions of the same runs that started after this one."""
    later: list[Execution] = []
    cut = False
    for context in store.walk(this.ref, Direction.DOWNSTREAM, 0, contexts=True).graph.contexts:
        if is_run(context):
            answer = store.run(store.catalog["run_as_graph"], context=context.id)
            cut = cut or answer.truncated
            executions = answer.graph.executions if answer.graph else ()
            later += [e for e in executions if _is_later(e, this)]
    return later, cut


def _is_later(one: Execution, other: Execution) -> bool:
    """True where it is known that an execution began after another."""
    known = None not in (one.create_time_since_epoch, other.create_time_since_epoch)
    return known and _begin(one) > _begin(other)


def _begin(execution: Execution) -> tuple[int, int]:
    return execution.create_time_since_epoch or 0, execution.id or 0


@walk(
    node_param("context", "id of the run"),
    returns="rows position int, execution int, type str, name str, state str, started datetime, wait duration, duration duration",
    tags="runs, time",
)
def critical_path(store: Store, context: int) -> Found:
    """Which chain of steps made this run take as long as it did?

    From the step that ended last back to the start: each time, of the steps that wrote what it used,
    the one that ended last, for which it had to wait. The execution that is the run itself, in which
    others are nested (MLflow, OpenLineage), spans them all and is no step. The wait is the time
    between the end of the step before and the start of this one.
    """
    answer = store.run(store.catalog["run_as_graph"], context=context)
    assert answer.graph is not None
    flow = FlowOrder(answer.graph)
    steps = _without_the_whole(store, context, answer.graph.executions)
    step = max(steps.values(), key=_end, default=None)
    path: list[Execution] = []
    while step is not None and step not in path:
        path.append(step)
        makers = {ref for used in flow.before(step.ref) for ref in flow.before(used)}
        earlier = [steps[ref] for ref in makers if ref in steps and _may_precede(steps[ref], step)]
        step = max(earlier, key=_end, default=None)
    return Found(_path_rows(path[::-1]), truncated=answer.truncated)


def _may_precede(one: Execution, other: Execution) -> bool:
    """False where it is known that an execution began no earlier than another."""
    times = one.create_time_since_epoch, other.create_time_since_epoch
    return one.ref != other.ref and (None in times or _begin(one) < _begin(other))


def _end(execution: Execution) -> tuple[int, int]:
    """When a step ended, for comparing: one that goes on ends after all others."""
    if execution.last_known_state in _UNFINISHED:
        return 2**63, execution.id or 0
    return execution.last_update_time_since_epoch or 0, execution.id or 0


def _without_the_whole(
    store: Store, context: int, executions: tuple[Execution, ...]
) -> dict[Ref, Execution]:
    """Return the steps of a run: its executions but those that others are nested in, if there are others."""
    (run,) = store.get(Kind.CONTEXT, [context]) or (None,)
    origin = run.origin if run else None
    parts = [e for e in executions if not is_dag(e)]
    steps = {e.ref: e for e in parts if origin is None or e.origin != origin}
    return steps or {e.ref: e for e in executions}


def _path_rows(path: list[Execution]) -> list[tuple[Any, ...]]:
    rows = []
    ended: int | None = None
    for position, e in enumerate(path, start=1):
        started = e.create_time_since_epoch
        known = started is not None and ended is not None
        wait = max((started or 0) - (ended or 0), 0) if known else None
        duration = _duration(e)
        ended = None if started is None else started + (duration or 0)
        rows.append((position, e.id, e.type, e.name, e.state_word, started, wait, duration))
    return rows


def _duration(execution: Execution) -> int | None:
    """How long an execution took, in ms; None where it has not ended, or not both moments are known."""
    begin, end = execution.create_time_since_epoch, execution.last_update_time_since_epoch
    if execution.last_known_state in _UNFINISHED or begin is None or end is None or end <= begin:
        return None
    return end - begin
