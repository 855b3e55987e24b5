"""Pipeline and Run: who records, where to, and in which run."""

from __future__ import annotations

import contextlib
import datetime
import threading
import time
from collections.abc import Callable, Mapping
from contextvars import ContextVar, Token
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from lineage_graph.errors import FailedPrecondition, InvalidArgument
from lineage_graph.recorder.connection import Address, Connection, OnError
from lineage_graph.recorder.inputs import Sources
from lineage_graph.recorder.publisher import run_record
from lineage_graph.recorder.steps import Step, current_step
from lineage_graph.recorder.values import text
from lineage_graph.settings import Settings
from lineage_graph.store import Store

SPOOL = "spool.jsonl"
"""Name of the spool file in the data folder, where neither an argument nor a setting names one."""

_current: ContextVar[Run | None] = ContextVar("lineage_graph_run", default=None)
_active: list[Run] = []
_active_lock = threading.Lock()


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
    the embedded engine). ``on_error="spool"`` keeps a store that is down out of the way: records go
    to the file ``spool`` (else the setting of that name, else ``spool.jsonl`` in the data folder),
    for ``lineage-graph replay`` to load later.

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


class Pipeline:
    """A pipeline: a name under which runs are recorded."""

    def __init__(self, name: str, connection: Connection) -> None:
        self.name = _checked(name, "pipeline")
        self.connection = connection

    def run(self, name: str | None = None) -> Run:
        """Return a run of this name, new or to be joined; without one, the time now names it."""
        return Run(self, name or datetime.datetime.now().isoformat())


@dataclass(frozen=True)
class RunHandle:
    """What another process needs to join a run; picklable."""

    pipeline: str
    run: str
    address: Address

    def join(self) -> Run:
        """Return the run, for a ``with`` block in this process."""
        return Pipeline(self.pipeline, Connection(self.address)).run(self.run)


class Run:
    """One run of a pipeline: ``with pipeline.run("2026-11-23") as run:``.

    Its context in the store is called ``<pipeline>.<run>``: names are unique among all runs. Any
    number of threads and processes may be in the same run.
    """

    def __init__(self, pipeline: Pipeline, name: str) -> None:
        self.pipeline = pipeline
        self.name = _checked(name, "run")
        self._used: list[contextlib.ExitStack] = []
        self._token: Token[Run | None] | None = None

    @property
    def pipeline_name(self) -> str:
        """The name of the run's pipeline."""
        return self.pipeline.name

    @property
    def connection(self) -> Connection:
        """Where the run's records go."""
        return self.pipeline.connection

    @property
    def handle(self) -> RunHandle:
        """What to hand to another process: ``with handle.join() as run:``."""
        return RunHandle(self.pipeline.name, self.name, self.connection.address)

    def step(
        self,
        name: str,
        *,
        inputs: Mapping[str, Sources] | None = None,
        params: Mapping[str, Any] | object | None = None,
        cache: bool = False,
        code: str | Callable[..., Any] = "",
    ) -> Step:
        """Return a step of this run, for a ``with`` block.

        ``inputs`` are artifacts, ids, refs, ``"artifact/17"``, paths, data in memory (frames,
        arrays, models), or lists of those, by key. A path is the stored artifact of that URI and
        content, else a new one of type Dataset. ``params`` are numbers, text, booleans or dicts, of
        a dict, a namespace, a dataclass or a pydantic model; others are kept as text. ``cache=True``
        looks for the same work done before (same name, inputs, parameters and ``code``, a function
        or any text that changes when the work does): then ``step.cached`` is True.

        Raises:
            InvalidArgument: a name, a parameter or an input that cannot be.
            NotFound: at the beginning of the block: an input that does not exist.
        """
        return Step(self, name, inputs=inputs, params=params, cache=cache, code=code)

    def __enter__(self) -> Run:
        if self._used:
            raise FailedPrecondition(
                f"The run {self.name!r} is entered already.",
                hint="Use it as it is, also in other threads.",
            )
        stack = contextlib.ExitStack()
        stack.enter_context(self.connection.used())
        try:
            self.connection.write(run_record(self.pipeline.name, self.name, _now()))
        except BaseException:
            stack.close()
            raise
        self._used.append(stack)
        self._token = _current.set(self)
        with _active_lock:
            _active.append(self)
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with _active_lock:
            _active.remove(self)
        if self._token is not None:
            with contextlib.suppress(ValueError):  # entered in another thread or task
                _current.reset(self._token)
        self._used.pop().close()


def current_run() -> Run | None:
    """Return the run this code is part of, or None.

    It is the run of the current step or ``with`` block; in a thread that was started without those,
    the only run that is active in the process.

    Raises:
        FailedPrecondition: several runs are active, and this thread is in none of them.
    """
    step = current_step()
    run = step.run if step is not None else _current.get()
    if isinstance(run, Run):
        return run
    with _active_lock:
        active = list(_active)
    if len(active) > 1:
        raise FailedPrecondition(
            "Several runs are active, and this thread belongs to none of them.",
            hint="Start the thread's function with contextvars.copy_context().run(…).",
        )
    return active[0] if active else None


def _checked(name: object, what: str) -> str:
    if not isinstance(name, str) or not name:
        raise InvalidArgument(f"{name!r} cannot name a {what}.", hint="Use text.")
    return text(name, f"The name of the {what}")


def _now() -> int:
    return int(time.time() * 1000)
