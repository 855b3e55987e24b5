"""Pipeline and Run: who records, and one run as a context manager, from its begin to its end."""

from __future__ import annotations

import contextlib
import datetime
import logging
import threading
from collections.abc import Callable, Mapping
from contextvars import ContextVar, Token
from dataclasses import dataclass
from types import TracebackType
from typing import Any, cast

from lineage_graph.errors import FailedPrecondition, InvalidArgument
from lineage_graph.model import Artifact, ArtifactState, Kind, Ref
from lineage_graph.model.run_state import PROCESS
from lineage_graph.recorder import environment
from lineage_graph.recorder.connection import Address, Connection, Flushed
from lineage_graph.recorder.heartbeat import Heartbeat
from lineage_graph.recorder.inputs import Sources
from lineage_graph.recorder.interrupt import raised_on_sigterm
from lineage_graph.recorder.publisher import run_record
from lineage_graph.recorder.resuming import cancel_what_was_left, this_process
from lineage_graph.recorder.run_facts import run_origin
from lineage_graph.recorder.run_notes import RunNotes
from lineage_graph.recorder.safety import never_in_the_way, nothing
from lineage_graph.recorder.steps import Step
from lineage_graph.recorder.values import (
    MAX_MESSAGE,
    readable,
    text,
)
from lineage_graph.store import Find, Store

log = logging.getLogger(__name__)
_current: ContextVar[Run | None] = ContextVar("lineage_graph_run", default=None)
_active: list[Run] = []
_active_lock = threading.Lock()


class Pipeline:
    """A pipeline: a name under which runs are recorded."""

    def __init__(self, name: str, connection: Connection) -> None:
        if not isinstance(name, str) or not name:
            raise InvalidArgument(f"{name!r} cannot name a pipeline.", hint="Use text.")
        self.name = text(name, "The name of the pipeline")
        self.connection = connection

    def run(self, name: str | None = None, *, resume: bool = False) -> Run:
        """Return a run of this name, new or to be joined; without one, the time now names it.

        With ``resume=True`` a run that failed, was interrupted or whose process died is taken up
        again: it is RUNNING, what failed before counts no more, and steps that a dead process left
        running are CANCELED. A run that is not there yet begins.

        Raises:
            InvalidArgument: the name is no text, or there is none although the run is to be resumed.
        """
        if resume and name is None:
            raise InvalidArgument("Which run is to be resumed?", hint="Give its name.")
        return Run(self, name or datetime.datetime.now().isoformat(), resume=resume)


class Run(RunNotes):
    """One run of a pipeline: ``with pipeline.run("2026-11-23") as run:``.

    Its context in the store is called ``<pipeline>.<run>``: names are unique among all runs. It is
    RUNNING while the block runs, then COMPLETE; FAILED with the error's type and message where the
    block raises, CANCELED where it is interrupted (Ctrl-C, SIGTERM, ``sys.exit``). Any number of
    threads and processes may be in the same run: where a block of one of them fails, the run failed.
    """

    def __init__(
        self, pipeline: Pipeline, name: str, *, resume: bool = False, owns: bool = True
    ) -> None:
        super().__init__()
        if not isinstance(name, str) or not name:
            raise InvalidArgument(f"{name!r} cannot name a run.", hint="Use text.")
        self.pipeline = pipeline
        self.connection = pipeline.connection
        """Where the run's records go."""
        self.name = text(name, "The name of the run")
        self._resume = resume
        self._owns = owns
        self.is_block = True
        """False in a process that joined by its environment: there the run has no block to end."""
        self._open: contextlib.ExitStack | None = None
        self._token: Token[Run | None] | None = None
        self._thread = 0
        self._id: int | None = None
        self._writing = threading.Lock()
        self._noticed: set[Flushed] = set()
        self._in_file = False

    def __repr__(self) -> str:
        place = f", {self.ref}" if self.ref else ""
        state = "running" if self._open is not None else "not running"
        return f"<Run {self.name!r} of {self.pipeline_name!r}, {state}{place}>"

    @property
    def pipeline_name(self) -> str:
        """The name of the run's pipeline."""
        return self.pipeline.name

    @property
    def ref(self) -> Ref | None:
        """The run's context in the store; None while only a file knows of it."""
        return None if self._id is None else Ref(Kind.CONTEXT, self._id)

    @property
    def origin(self) -> str:
        """What identifies the run in every store and file."""
        return run_origin(self.pipeline.name, self.name)

    @property
    def handle(self) -> RunHandle:
        """What to hand to another process: ``with handle.join() as run:``."""
        return RunHandle(self.pipeline.name, self.name, self.connection.address)

    def environment(self) -> dict[str, str]:
        """Return the environment variables with which another process joins the run by itself.

        They are set in this process while the block runs; a process that was started elsewhere gets
        them from here. They hold no password.
        """
        address = self.connection.address
        return {environment.VARIABLE: environment.encode(self.pipeline.name, self.name, address)}

    @never_in_the_way(lambda run, name="?", **_: Step.unrecorded(run, name))
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

    # What is stored of the run

    @never_in_the_way(nothing)
    def latest(self, type: str) -> Artifact | None:
        """Return the newest live artifact of a type that a step of this run made, or None.

        A run that is taken up again finds its last checkpoint so: ``run.latest("Checkpoint")``.

        Raises:
            StoreError: the store is down, unless the recorder must not be in the way.
        """
        wanted = text(type, "The type")
        return self.connection.read(lambda store: self._latest(store, wanted))

    def _latest(self, store: Store, type_name: str) -> Artifact | None:
        ref = self._found(store)
        if ref is None:
            return None
        wanted = Find(
            kind=Kind.ARTIFACT,
            type=type_name,
            context=ref.id,
            states=(ArtifactState.LIVE.value,),
            descending=True,
            limit=1,
            counted=False,
        )
        nodes = store.find(wanted).nodes
        return cast(Artifact, nodes[0]) if nodes else None

    def _found(self, store: Store) -> Ref | None:
        if self._id is None:
            self._id = store.lookup.by_origin(Kind.CONTEXT, [self.origin]).get(self.origin)
        return self.ref

    # From the beginning to the end

    def __enter__(self) -> Run:
        if self._open is not None:
            if self._thread == threading.get_ident() and _is_notebook():
                self._left_open()
            else:
                raise FailedPrecondition(
                    f"The run {self.name!r} is entered already.",
                    hint="Use it as it is, also in other threads.",
                )
        self._close_others()
        stack = contextlib.ExitStack()
        stack.enter_context(self.connection.used())
        try:
            self._begin()
        except BaseException:
            stack.close()
            raise
        stack.enter_context(environment.told_to_children(self.environment()))
        if self.is_block:
            stack.enter_context(raised_on_sigterm())
        self._thread = threading.get_ident()
        self._open = stack
        self._heartbeat = Heartbeat(self._beat)
        self._token = _current.set(self)
        with _active_lock:
            _active.append(self)
        return self

    def _begin(self) -> None:
        if self._resume:
            self.connection.read(self._take_up)
        if self._owns:
            self._facts.tell({PROCESS: this_process()})
        self._facts.begin(owns=self._owns, resumes=self._resume)
        self._write()

    def _take_up(self, store: Store) -> None:
        ref = self._found(store)
        if ref is not None:
            cancel_what_was_left(store, ref)

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with _active_lock:
            if self in _active:
                _active.remove(self)
        if self._token is not None:
            with contextlib.suppress(ValueError):  # entered in another thread or task
                _current.reset(self._token)
        stack, self._open = self._open, None
        if stack is None:  # closed already, for it was left open
            return
        with stack:
            if self._heartbeat is not None:
                self._heartbeat.stop()
                self._heartbeat = None
            message = "" if error is None else readable(error)[:MAX_MESSAGE]
            self._facts.end(error, message, owns=self._owns)
            try:
                self._write()
            except Exception as failure:
                if error is None and not self.connection.is_safe:
                    raise
                self.connection.leave_out(f"the end of the run {self.name!r}", failure)

    def notice(self, step: Flushed) -> None:
        """Write soon what was noted of a step."""
        self._noticed.add(step)
        if self._heartbeat is not None:
            self._heartbeat.notice()

    def _beat(self, is_time: bool) -> None:
        """Write that the run goes on, and what was noted of it and its steps; failures are told at the end."""
        if is_time:
            self._facts.alive()
        steps, self._noticed = self._noticed, set()
        try:
            for step in steps:
                step.flush()
            if self._facts.is_fresh:
                self._write()
        except Exception:
            log.info("the run %r could not be written", self.name, exc_info=True)

    def _write(self) -> None:
        with self._writing:
            with self._histories_lock:
                history = self._histories.properties()
            if history:
                self._facts.tell(history)
            record = run_record(self.pipeline.name, self.name, self._facts)
            result = self.connection.write(record, to_file=self._in_file)
            if result is None:
                self._in_file = self.connection.has_file
            else:
                self._id = result.context_ids[-1]

    # Runs that were left open

    def _close_others(self) -> None:
        """Close runs of the same name that this thread left open in a notebook's earlier cell."""
        if not _is_notebook():
            return
        with _active_lock:
            same = [run for run in _active if run._is_same(self)]
        for run in same:
            run._left_open()

    def _is_same(self, other: Run) -> bool:
        is_name = (self.name, self.pipeline.name) == (other.name, other.pipeline.name)
        return is_name and self._owns and other._owns and self._thread == threading.get_ident()

    def _left_open(self) -> None:
        log.warning("The run %r was left open; it is closed now.", self.name)
        self.__exit__(None, None, None)


@dataclass(frozen=True)
class RunHandle:
    """What another process needs to join a run; picklable."""

    pipeline: str
    run: str
    address: Address

    def join(self) -> Run:
        """Return the run, for a ``with`` block in this process."""
        return Run(Pipeline(self.pipeline, Connection(self.address)), self.run, owns=False)


def active_runs() -> list[Run]:
    """Return the runs whose blocks are open in this process."""
    with _active_lock:
        return list(_active)


def run_of_block() -> Run | None:
    """Return the run whose block this code is in, in this thread or task, or None."""
    return _current.get()


def _is_notebook() -> bool:
    """True where cells are run, so that a block cannot span what belongs to a run."""
    try:
        get_ipython = __import__("builtins").get_ipython
    except AttributeError:
        return False
    return get_ipython() is not None
