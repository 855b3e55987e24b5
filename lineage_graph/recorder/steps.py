"""Step: one execution, from its inputs to its end, as a context manager."""

from __future__ import annotations

import contextlib
import os
import re
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar, Token
from dataclasses import replace
from types import TracebackType
from typing import Any

from lineage_graph.errors import FailedPrecondition
from lineage_graph.model import Artifact, ArtifactState, ExecutionState, Kind, Ref
from lineage_graph.recorder import capture, driver, inputs, outputs
from lineage_graph.recorder.connection import Recording
from lineage_graph.recorder.inputs import Sources
from lineage_graph.recorder.outputs import by_key, with_id
from lineage_graph.recorder.publisher import RecordedOutput, step_record
from lineage_graph.recorder.record import Record
from lineage_graph.recorder.run_facts import state_after
from lineage_graph.recorder.safety import never_in_the_way, nothing
from lineage_graph.recorder.step_notes import StepNotes
from lineage_graph.recorder.values import MAX_MESSAGE, readable

_current: ContextVar[Step | None] = ContextVar("lineage_graph_step", default=None)
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def current_step() -> Step | None:
    """Return the innermost step that runs in this thread or task, or None."""
    return _current.get()


class Step(StepNotes):
    """One execution of a step: ``with run.step("Trainer", inputs=…, params=…) as step:``.

    When the block begins, the execution is stored as RUNNING with its inputs. When it succeeds, it
    becomes COMPLETE and its outputs LIVE, with the digests of local files; when it raises, FAILED
    with ``error_type`` and ``error_message``, and the error goes on; when it is interrupted (Ctrl-C,
    SIGTERM, ``sys.exit``, a cancelled task), CANCELED. Outputs of a block that did not succeed are
    ABANDONED, with the digests of what it wrote; those that were declared as live stay so.

    A ``with`` block cannot be skipped. With ``cache=True`` look at ``step.cached``: where it is True
    the same inputs, parameters and code ran before, ``step.outputs`` holds what they made, and the
    block should do nothing; it is recorded as CACHED.
    """

    def __init__(
        self,
        run: Recording,
        name: str,
        *,
        inputs: Mapping[str, Sources] | None = None,
        params: Mapping[str, Any] | object | None = None,
        cache: bool = False,
        code: str | Callable[..., Any] = "",
        parent: Step | None = None,
    ) -> None:
        super().__init__(run, name, {} if params is None else params, strict=cache)
        self.parent = parent
        self._given = dict(inputs or {})
        self._cache = cache
        self._code = code
        self._writing = threading.Lock()  # held from making a record until it is written
        self._id: int | None = None
        self._hit: driver.CacheHit | None = None
        self._in_file = False
        self._used = contextlib.ExitStack()
        self._token: Token[Step | None] | None = None

    @classmethod
    def unrecorded(cls, run: Recording, name: object) -> Step:
        """Return a step that records nothing, where the recorder must not be in the way."""
        step = cls(run, readable(name) or "step")
        step._is_unrecorded = True
        return step

    def __repr__(self) -> str:
        place = f", {self.ref}" if self.ref else ""
        return f"<Step {self.name!r} of {self.run.name!r}, {self.state.value.lower()}{place}>"

    # Read by the block

    @property
    def cached(self) -> bool:
        """True where the same work was done before, so the block can skip it."""
        return self._hit is not None

    @property
    def inputs(self) -> dict[str, list[Artifact]]:
        """The artifacts the step reads, by key."""
        return by_key((i.key, i.artifact) for i in self._facts.inputs)

    @property
    def outputs(self) -> dict[str, list[Artifact]]:
        """The artifacts the step makes, or made before where it is cached, by key."""
        with self._lock:
            return by_key((o.key, o.artifact) for o in self._facts.outputs)

    @property
    def state(self) -> ExecutionState:
        """The current state of the step."""
        return self._facts.state if self._began else ExecutionState.NEW

    @property
    def origin(self) -> str:
        """What identifies the step's execution in every store and file."""
        return self._facts.origin

    @property
    def ref(self) -> Ref | None:
        """The step's execution in the store; None while only a file knows of it."""
        return None if self._id is None else Ref(Kind.EXECUTION, self._id)

    # Called by the block

    @never_in_the_way(lambda _, type="?", uri="", **__: Artifact(type=str(type), uri=str(uri)))
    def output(
        self,
        type: str,
        uri: str | os.PathLike[str] | object = "",
        *,
        key: str | None = None,
        digest: str | None = None,
        properties: Mapping[str, Any] | None = None,
        live: bool = False,
        checkpoint: bool = False,
        any_order: bool = False,
    ) -> Artifact:
        """Declare an artifact the block makes, by its address or as the data itself, and return it.

        It is stored as PENDING now, and becomes LIVE (with the digest of the file or folder at its
        URI, if that is local) only if the block succeeds. ``live=True`` is for one that is there
        already: it is LIVE at once, with its digest, and stays so whatever becomes of the step;
        ``checkpoint=True`` is the same, and says that a later run may go on from it. ``key`` is the
        name of the output, by default the type's (``Model``: ``model``); several of one key are
        numbered. The first 10 outputs of a step are stored at once, further ones in groups.

        Raises:
            InvalidArgument: a property cannot be kept.
            NotFound: a live output is a local file that is not there.
            FailedPrecondition: the step is cached, or its block does not run.
        """
        described = inputs.artifact(
            type, uri, digest=digest, properties=properties, any_order=any_order
        )
        return self._publish(described, key, live=live, checkpoint=checkpoint)

    @never_in_the_way(lambda _, described, *__, **___: described)
    def publish(self, described: Artifact, key: str | None = None) -> Artifact:
        """Declare an output described by ``lg.artifact(…)``; else like ``output``."""
        return self._publish(described, key)

    def _publish(
        self, described: Artifact, key: str | None, *, live: bool = False, checkpoint: bool = False
    ) -> Artifact:
        if self._is_unrecorded:
            return described
        self._check_running("declare an output")
        if self.cached:
            raise FailedPrecondition(
                f"The step {self.name!r} is cached: its outputs are there.",
                hint="Do the work of the block only if not step.cached.",
            )
        is_live = live or checkpoint
        if is_live:
            described = outputs.live(described, checkpoint=checkpoint)
        key = key or _WORD.sub("_", described.type or "").lower()
        with self._writing:
            with self._lock:
                output = self._outputs.add(described, key, self._tick(), live=is_live)
            try:
                if self._outputs.is_due(output):
                    self._write(self._outputs.unwritten)
            except BaseException:
                self._outputs.drop(output)
                raise
            return output.artifact

    def flush(self) -> None:
        """Write what was noted since the step was written last, unless it has ended.

        Raises:
            LineageError: as ``Store.put`` does, with ``on_error="raise"``.
        """
        with self._writing:
            self._is_noticed = False
            if not self._over and not self._is_unrecorded:
                self._write(())

    @never_in_the_way(lambda step, name="?", **_: Step.unrecorded(step.run, name))
    def step(
        self,
        name: str,
        *,
        inputs: Mapping[str, Sources] | None = None,
        params: Mapping[str, Any] | object | None = None,
        cache: bool = False,
        code: str | Callable[..., Any] = "",
    ) -> Step:
        """Return a step inside this one: its ``parent_step`` and ``parent_origin`` name it."""
        return Step(
            self.run, name, inputs=inputs, params=params, cache=cache, code=code, parent=self
        )

    # From the beginning to the end

    def __enter__(self) -> Step:
        if self._began:
            raise FailedPrecondition(
                f"The step {self.name!r} ran already.", hint="Make a new one with run.step(…)."
            )
        if self._is_unrecorded:
            return self
        self._used.enter_context(self.connection.used())
        try:
            self._begin()
        except BaseException as error:
            self._used.close()
            if not self.connection.is_safe or not isinstance(error, Exception):
                raise
            self._is_unrecorded = True
            self.connection.leave_out(f"the step {self.name!r}", error)
            return self
        self._token = _current.set(self)
        return self

    def _begin(self) -> None:
        facts, connection = self._facts, self.connection
        found = inputs.resolve(self._given, connection.salvage)
        known = connection.read(lambda store: inputs.look_up(store, found)) if found else found
        facts.inputs = found if known is None else known
        code = driver.code_facts(self._code)
        facts.custom = {**capture.surroundings(), **code, **self._params}
        if self.parent is not None:
            facts.custom["parent_step"] = self.parent.name
            facts.custom["parent_origin"] = self.parent.origin
        if self._cache:
            self._look_for_cached()
        facts.started = self._tick()
        self._began = True
        if not self.cached:
            self._write()

    def _look_for_cached(self) -> None:
        facts = self._facts
        code = driver.code_of(self._code)
        key = driver.cache_key(self.name, facts.inputs, self._params, code)
        facts.custom["cache_key"] = key
        hit = self.run.connection.read(lambda store: driver.find_cached(store, self.name, key))
        if hit is not None:
            self._hit = hit
            self._outputs.use(hit.outputs)
            facts.custom["cached_from"] = hit.execution.origin or str(hit.execution.ref)
            if "returned" in hit.execution.custom_properties:
                facts.custom["returned"] = hit.execution.custom_properties["returned"]

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._token is not None:
            with contextlib.suppress(ValueError):  # a generator that ends in another task
                _current.reset(self._token)
        if self._is_unrecorded:
            return
        with self._used:
            if error is None:
                try:
                    contents = self._outputs.digests()
                except BaseException as interruption:  # Ctrl-C while large files are read
                    self._fail(interruption)
                    raise
                self._complete(contents)
                return
            try:
                self._fail(error)
            except Exception as failure:  # the block's own error matters more
                self.connection.leave_out(f"the end of the step {self.name!r}", failure)

    @never_in_the_way(nothing)
    def _complete(self, contents: list[str | None]) -> None:
        state = ExecutionState.CACHED if self.cached else ExecutionState.COMPLETE
        self._close(state, ArtifactState.LIVE, contents)

    def _fail(self, error: BaseException) -> None:
        contents = self._outputs.digests(since=self._facts.started) if not self.cached else []
        if self.cached:  # the block raised although it had nothing to do: it made nothing
            self._outputs.use(())
        self._facts.custom["error_type"] = type(error).__qualname__
        self._facts.custom["error_message"] = readable(error)[:MAX_MESSAGE]
        self._close(state_after(error), ArtifactState.ABANDONED, contents)

    def _close(self, state: ExecutionState, made: ArtifactState, digests: list[str | None]) -> None:
        with self._writing:
            with self._lock:
                self._over = True
                self._facts.state = state
                if versions := capture.packages():
                    self._facts.custom["package_versions"] = dict(versions)
                self._outputs.settle(digests, made, self._tick())
            self._write()

    # Helpers

    def _write(self, only: Iterable[RecordedOutput] | None = None) -> None:
        """Write everything known so far, or new outputs only; keep the ids that the store returned."""
        with self._lock:
            chosen = None if only is None else tuple(only)
            if not self._over:
                self._tick()
            record = step_record(self._facts, self.connection.store_id, chosen)
        result = self.connection.write(record, to_file=self._in_file)
        if chosen is None or chosen:
            self._outputs.written()
        if result is None:
            self._in_file = self.connection.has_file
            return
        self._id = result.execution_ids[0]
        self._keep_ids(record, result.artifact_ids)

    def _keep_ids(self, record: Record, ids: tuple[int, ...]) -> None:
        stored = {
            artifact.origin: stored_id
            for artifact, stored_id in zip(record.subgraph.artifacts, ids, strict=True)
        }
        self._facts.inputs = [
            replace(i, artifact=with_id(i.artifact, stored.get(i.artifact.origin)))
            for i in self._facts.inputs
        ]
        self._outputs.keep_ids(stored)

    def _tick(self) -> int:
        """Return the current time, later than that of the step's last record: records are ordered by it."""
        self._facts.updated = max(int(time.time() * 1000), self._facts.updated + 1)
        return self._facts.updated
