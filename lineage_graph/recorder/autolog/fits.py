"""Fits: what happens around a call that is recorded. Nothing of it gets in the way of the call."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol
from weakref import WeakSet

from lineage_graph.recorder import inputs
from lineage_graph.recorder.autolog.calls import Call, Fit
from lineage_graph.recorder.autolog.data import described
from lineage_graph.recorder.autolog.fitlog import FitLog, safely
from lineage_graph.recorder.autolog.parameters import small_params
from lineage_graph.recorder.connection import Recording
from lineage_graph.recorder.pipelines import current_run
from lineage_graph.recorder.steps import Step, current_step

_running: ContextVar[FitLog | None] = ContextVar("lineage_graph_fit", default=None)
_by_thread: dict[int, FitLog] = {}
_lock = threading.Lock()
_used: WeakSet[Step] = WeakSet()  # steps that a fit was added to


class Library(Protocol):
    """What is asked of an integration; ``Integration`` says what each of it does."""

    name: str
    module: str

    def describe(self, call: Call) -> Fit | None: ...
    def watch(self, call: Call, fit: FitLog) -> bool: ...
    def finish(self, call: Call, result: Any, fit: FitLog) -> None: ...


enabled: dict[str, Library] = {}
"""The integrations that are switched on, by name."""


def record_call(
    library: str, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    """Call a library's function, and record it where it is a fit inside an active run."""
    integration = enabled.get(library)
    outer = running_fit()
    if integration is None or (outer is None and not _has_run(library)):
        return function(*args, **kwargs)
    try:
        call = Call(function, args, kwargs)
    except (TypeError, ValueError):  # wrong arguments: the function says so itself
        return function(*args, **kwargs)
    if outer is not None:
        return _inside(integration, call, outer, args, kwargs)
    fit = _begun(integration, call)
    if fit is None:
        return function(*args, **kwargs)
    try:
        with _as_running(fit):
            result = _watched(integration, call, fit, args, kwargs)
    except BaseException as error:
        fit.end(error)
        raise
    with safely(library, "the result of a fit"), _as_running(fit):
        integration.finish(call, result, fit)
    fit.end(None)
    return result


def _inside(
    integration: Library,
    call: Call,
    outer: FitLog,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> Any:
    """Call a fit inside one that is recorded: no step of its own, at most its iterations."""
    if not (outer.takes_curves and outer.is_here):
        return call.function(*args, **kwargs)
    return _watched(integration, call, outer, args, kwargs)


def _watched(
    integration: Library,
    call: Call,
    fit: FitLog,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> Any:
    watches = False
    with safely(integration.name, "a callback"):
        watches = integration.watch(call, fit)
    if not watches:
        return call.function(*args, **kwargs)
    fit.takes_curves = False  # of one only: two curves of one name would be mixed
    return call.function(*call.args, **call.kwargs)


def _begun(integration: Library, call: Call) -> FitLog | None:
    """Return the log of a fit whose step runs; None where it is not recorded."""
    with safely(integration.name, "a fit"):
        fit = integration.describe(call)
        if fit is None:
            return None
        read = {
            key: described("Dataset", one) for key, one in fit.inputs.items() if one is not None
        }
        params = small_params(fit.params)
        step = current_step()
        if step is not None and _is_first(step):
            _add_inputs(step, read)
            known = FitLog(fit, step, is_own=False, library=integration.name)
            known.param(params)
            return known
        run: Recording | None = step.run if step is not None else current_run()
        if run is None:
            return None
        own = Step(run, fit.name, inputs=read, params=params, parent=step)
        own.__enter__()
        return FitLog(fit, own, is_own=True, library=integration.name)
    return None


def _is_first(step: Step) -> bool:
    """Return whether a fit can be added to a step: it has none yet, and is not cached."""
    with _lock:
        if step.cached or step in _used:
            return False
        _used.add(step)
        return True


def _add_inputs(step: Step, read: Mapping[str, Any]) -> None:
    """Add what a fit reads to the inputs of a step that runs."""
    found = inputs.resolve(read)
    known = step.run.connection.read(lambda store: inputs.look_up(store, found))
    with step._lock:
        step._facts.inputs = [*step._facts.inputs, *(found if known is None else known)]


def _has_run(library: str) -> bool:
    with safely(library, "the run of a fit"):
        return current_step() is not None or current_run() is not None
    return False


# Which fit is running


def running_fit() -> FitLog | None:
    """Return the recorded fit that this code is part of, also in the threads of a pool it started."""
    fit = _running.get()
    if fit is not None or not _by_thread:
        return fit
    thread: Any = threading.current_thread()
    for _ in range(10):  # pools in pools
        thread = getattr(thread, "_parent", None)  # of the threads of multiprocessing's ThreadPool
        if thread is None:
            return None
        fit = _by_thread.get(getattr(thread, "ident", 0))
        if fit is not None:
            return fit
    return None


@contextmanager
def _as_running(fit: FitLog) -> Iterator[None]:
    token = _running.set(fit)
    thread = threading.get_ident()
    _by_thread[thread] = fit
    try:
        yield
    finally:
        _by_thread.pop(thread, None)
        _running.reset(token)
