"""Pipeline: who records, where to, and which run this code is part of."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path
from types import TracebackType

from lineage_graph.errors import FailedPrecondition, LineageError
from lineage_graph.recorder import environment
from lineage_graph.recorder.connection import Address, Connection, OnError
from lineage_graph.recorder.runs import Pipeline, Run, RunHandle, active_runs, run_of_block
from lineage_graph.recorder.steps import current_step
from lineage_graph.settings import Settings
from lineage_graph.store import Store

log = logging.getLogger(__name__)
SPOOL = "spool.jsonl"
"""Name of the spool file in the data folder, where neither an argument nor a setting names one."""
_joined: dict[tuple[int, str], Run | None] = {}
"""The run that a process joined by its environment, by the process and the variable's value."""


def pipeline(
    name: str,
    *,
    store: Store | None = None,
    uri: str | None = None,
    on_error: OnError = "raise",
    spool: Path | str | None = None,
    settings: Settings | None = None,
) -> Pipeline:
    """Return the pipeline of this name, whose runs are going to be recorded.

    Records go to ``store``, else to the store at ``uri``, else where the settings say (without any:
    the embedded engine). With ``on_error="spool"`` nothing of the recorder raises into the training
    or holds it up: records for a store that is away go to the file ``spool`` (else the setting of
    that name, else ``spool.jsonl`` in the data folder), and are loaded when it is back, or by
    ``lineage-graph replay``; what cannot be recorded is left out, with one warning. ``"warn"`` is the
    same without a file.

    Raises:
        InvalidArgument: an empty name, or an unknown ``on_error``.
    """
    settings = settings or (store.settings if store is not None else Settings())
    if uri is None and store is not None and store.engine.name == "neo4j":
        uri = store.engine.address
    address = Address(uri, settings, on_error, spool_of(settings, spool))
    return Pipeline(name, Connection(address, store))


def spool_of(settings: Settings, given: Path | str | None = None) -> Path:
    """Return the file for records of a recorder whose store is down."""
    return Path(given or settings.spool or settings.folder / SPOOL).absolute()


def current_run() -> Run | None:
    """Return the run this code is part of, or None.

    It is the run of the current step or ``with`` block; in a thread that was started without those,
    the only run that is active in the process; in a process that was started inside of a run's block,
    or with the variables of ``run.environment()``, that run.

    Raises:
        FailedPrecondition: several runs are active, and this thread is in none of them.
    """
    step = current_step()
    run = step.run if step is not None else run_of_block()
    if isinstance(run, Run):
        return run
    active = active_runs()
    if len(active) > 1:
        if all(run.connection.is_safe for run in active):
            log.warning(
                "Several runs are active; a thread that is in none of them is not recorded."
            )
            return None
        raise FailedPrecondition(
            "Several runs are active, and this thread belongs to none of them.",
            hint="Start the thread's function with contextvars.copy_context().run(…).",
        )
    return active[0] if active else _run_of_environment()


def _run_of_environment() -> Run | None:
    """Return the run that the environment of this process names, entered; None where there is none."""
    value = os.environ.get(environment.VARIABLE, "")
    key = (os.getpid(), value)
    if value and key not in _joined:
        _joined[key] = _join(value)
    return _joined.get(key)


def _join(value: str) -> Run | None:
    try:
        told = environment.decode(value)
        if told is None:
            return None
        pipeline_name, run_name, address = told
        run = RunHandle(pipeline_name, run_name, address).join()
        run.is_block = False
        run.__enter__()
    except LineageError as error:
        log.warning("This process records nothing, for it cannot join its run: %s", error)
        return None
    _tell_failure_of(run)
    return run


def _tell_failure_of(run: Run) -> None:
    """Tell the run where this process ends by an error that nobody catches."""
    before = sys.excepthook

    def hook(
        kind: type[BaseException], error: BaseException, traceback: TracebackType | None
    ) -> None:
        try:
            run.__exit__(kind, error, traceback)
        finally:
            before(kind, error, traceback)

    sys.excepthook = hook
