"""Step: one execution, from its inputs to its end, as a context manager."""

from __future__ import annotations

import contextlib
import logging
import os
import re
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar, Token
from dataclasses import replace
from types import TracebackType
from typing import Any

from lineage_graph.errors import FailedPrecondition, InvalidArgument
from lineage_graph.model import Artifact, ArtifactState, ExecutionState, Kind, Ref
from lineage_graph.recorder import capture, driver, inputs
from lineage_graph.recorder.connection import Recording
from lineage_graph.recorder.inputs import Sources
from lineage_graph.recorder.publisher import Facts, RecordedOutput, step_record
from lineage_graph.recorder.record import Record, new_origin
from lineage_graph.recorder.values import merged, parameters, properties, readable, text

log = logging.getLogger(__name__)
_current: ContextVar[Step | None] = ContextVar("lineage_graph_step", default=None)
_LONGEST_MESSAGE = 10_000  # characters of an error's message that are kept
_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def current_step() -> Step | None:
    """Return the innermost step that runs in this thread or task, or None."""
    return _current.get()


class Step:
    """One execution of a step: ``with run.step("Trainer", inputs=…, params=…) as step:``.

    When the block begins, the execution is stored as RUNNING with its inputs. When it succeeds, it
    becomes COMPLETE and its outputs LIVE, with the digests of local files; when it raises, FAILED
    with ``error_type`` and ``error_message``, its outputs ABANDONED, and the error goes on; when it
    is interrupted (Ctrl-C, ``sys.exit``, a cancelled task), CANCELED.

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
        if not isinstance(name, str) or not name:
            raise InvalidArgument(f"{name!r} cannot name a step.", hint="Use text.")
        self.name = text(name, "The step's name")
        self.run = run
        self.parent = parent
        self._given = dict(inputs or {})
        self._params = parameters({} if params is None else params, strict=cache)
        self._cache = cache
        self._code = code
        self._facts = Facts(run.pipeline_name, run.name, self.name, new_origin(Kind.EXECUTION))
        self._lock = threading.Lock()
        self._id: int | None = None
        self._hit: driver.CacheHit | None = None
        self._in_file = False
        self._began = self._over = False
        self._used = contextlib.ExitStack()
        self._token: Token[Step | None] | None = None

    # Read by the block

    @property
    def cached(self) -> bool:
        """True where the same work was done before, so the block can skip it."""
        return self._hit is not None

    @property
    def inputs(self) -> dict[str, list[Artifact]]:
        """The artifacts the step reads, by key."""
        return _by_key((i.key, i.artifact) for i in self._facts.inputs)

    @property
    def outputs(self) -> dict[str, list[Artifact]]:
        """The artifacts the step makes, or made before where it is cached, by key."""
        with self._lock:
            return _by_key((o.key, o.artifact) for o in self._facts.outputs)

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

    def output(
        self,
        type: str,
        uri: str | os.PathLike[str] | object = "",
        *,
        key: str | None = None,
        digest: str | None = None,
        properties: Mapping[str, Any] | None = None,
        any_order: bool = False,
    ) -> Artifact:
        """Declare an artifact the block makes, by its address or as the data itself, and return it.

        It is stored as PENDING now, and becomes LIVE (with the digest of the file or folder at its
        URI, if that is local) only if the block succeeds. ``key`` is the name of the output, by
        default the type's (``Model``: ``model``); several of one key are numbered.

        Raises:
            InvalidArgument: a property cannot be kept.
            FailedPrecondition: the step is cached, or its block does not run.
        """
        described = inputs.artifact(
            type, uri, digest=digest, properties=properties, any_order=any_order
        )
        return self.publish(described, key)

    def publish(self, described: Artifact, key: str | None = None) -> Artifact:
        """Declare an output described by ``lg.artifact(…)``; otherwise like ``output``."""
        self._check_running("declare an output")
        if self.cached:
            raise FailedPrecondition(
                f"The step {self.name!r} is cached: its outputs are there.",
                hint="Do the work of the block only if not step.cached.",
            )
        key = key or _WORD.sub("_", described.type or "").lower()
        with self._lock:
            now = self._tick()
            changes = {
                "origin": new_origin(Kind.ARTIFACT),
                "state": ArtifactState.PENDING,
                "create_time_since_epoch": now,
                "last_update_time_since_epoch": now,
            }
            artifact = described.model_copy(update=changes)
            index = sum(output.key == key for output in self._facts.outputs)
            output = RecordedOutput(key, index, artifact, is_new=True)
            self._facts.outputs.append(output)
            try:
                self._write()
            except BaseException:
                self._facts.outputs.remove(output)
                raise
            return output.artifact

    def log(self, artifact: Artifact | None = None, /, **metrics: Any) -> None:
        """Note metrics: they become custom properties of the execution when the block ends.

        With an output of this step as first argument they become that artifact's instead. A metric
        that is noted again keeps its last value.

        Raises:
            InvalidArgument: a value cannot be kept, the name is a parameter's, or the artifact is
                no output of this step.
            FailedPrecondition: the block does not run.
        """
        self._check_running("log a metric")
        noted = properties(metrics, "metric")
        with self._lock:
            if artifact is not None:
                output = self._own(artifact)
                custom = {**output.artifact.custom_properties, **noted}
                output.artifact = output.artifact.model_copy(update={"custom_properties": custom})
                return
            for name in noted:
                if name in self._params:
                    raise InvalidArgument(
                        f"{name!r} is a parameter of the step {self.name!r}.",
                        hint="Give the metric another name.",
                    )
            self._facts.custom |= noted
            self._facts.metrics |= noted.keys()

    def param(self, **params: Any) -> None:
        """Note further parameters, such as those read inside the block.

        They are stored like the others, but have no part in the search for a cached execution.

        Raises:
            InvalidArgument: a value cannot be kept.
            FailedPrecondition: the block does not run.
        """
        self._check_running("note a parameter")
        noted = parameters(params)
        with self._lock:
            self._params = merged(self._params, noted)
            self._facts.custom |= self._params

    def step(
        self,
        name: str,
        *,
        inputs: Mapping[str, Sources] | None = None,
        params: Mapping[str, Any] | object | None = None,
        cache: bool = False,
        code: str | Callable[..., Any] = "",
    ) -> Step:
        """Return a step inside this one: its ``parent_step`` and ``parent_origin`` name this one."""
        return Step(
            self.run, name, inputs=inputs, params=params, cache=cache, code=code, parent=self
        )

    # From the beginning to the end

    def __enter__(self) -> Step:
        if self._began:
            raise FailedPrecondition(
                f"The step {self.name!r} ran already.", hint="Make a new one with run.step(…)."
            )
        self._used.enter_context(self.run.connection.used())
        try:
            self._begin()
        except BaseException:
            self._used.close()
            raise
        self._token = _current.set(self)
        return self

    def _begin(self) -> None:
        facts, connection = self._facts, self.run.connection
        found = inputs.resolve(self._given)
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
            facts.outputs = list(hit.outputs)
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
        with self._used:
            if error is None:
                try:
                    contents = self._contents()
                except BaseException as interruption:  # Ctrl-C while large files are read
                    self._end(interruption)
                    raise
                self._complete(contents)
                return
            try:
                self._end(error)
            except Exception:  # the block's own error matters more
                log.exception("the end of the step %r could not be recorded", self.name)

    def _contents(self) -> list[str | None]:
        """Return the digests of the outputs, by position, where they are new and local."""
        found: list[str | None] = []
        for output in self._facts.outputs:
            made = output.artifact
            wanted = output.is_new and made.uri and "digest" not in made.custom_properties
            found.append(capture.digest(made.uri) if wanted else None)
        return found

    def _complete(self, contents: list[str | None]) -> None:
        with self._lock:
            for output, content in zip(self._facts.outputs, contents, strict=False):
                if content is not None:
                    custom = {**output.artifact.custom_properties, "digest": content}
                    changes = {"custom_properties": custom}
                    output.artifact = output.artifact.model_copy(update=changes)
            state = ExecutionState.CACHED if self.cached else ExecutionState.COMPLETE
            self._close(state, ArtifactState.LIVE)

    def _end(self, error: BaseException) -> None:
        failed = isinstance(error, Exception)
        with self._lock:
            if self.cached:  # the block raised although it had nothing to do: it made nothing
                self._facts.outputs = []
            self._facts.custom["error_type"] = type(error).__qualname__
            self._facts.custom["error_message"] = readable(error)[:_LONGEST_MESSAGE]
            state = ExecutionState.FAILED if failed else ExecutionState.CANCELED
            self._close(state, ArtifactState.ABANDONED)

    def _close(self, state: ExecutionState, outputs: ArtifactState) -> None:
        facts = self._facts
        self._over = True
        facts.state = state
        now = self._tick()
        if versions := capture.packages():
            facts.custom["package_versions"] = dict(versions)
        for output in facts.outputs:
            if output.is_new:
                changes = {"state": outputs, "last_update_time_since_epoch": now}
                output.artifact = output.artifact.model_copy(update=changes)
        self._write()

    # What a decorated function returned

    @property
    def returned(self) -> str:
        """How the return value is put together from the outputs, as JSON."""
        return str(self._facts.custom.get("returned", '{"value": null}'))

    def returns(self, shape: str | None) -> None:
        """Note how the return value is put together; None: it cannot be, so it cannot be cached."""
        with self._lock:
            if shape is None:
                self._facts.custom.pop("cache_key", None)
            else:
                self._facts.custom["returned"] = shape

    # Helpers

    def _write(self) -> None:
        """Write everything known so far, and keep the ids that the store returned."""
        record = step_record(self._facts, self.run.connection.store_id)
        result = self.run.connection.write(record, to_file=self._in_file)
        if result is None:
            self._in_file = True
            return
        self._id = result.execution_ids[0]
        self._keep_ids(record, result.artifact_ids)

    def _keep_ids(self, record: Record, ids: tuple[int, ...]) -> None:
        stored = {
            artifact.origin: stored_id
            for artifact, stored_id in zip(record.subgraph.artifacts, ids, strict=True)
        }
        facts = self._facts
        facts.inputs = [replace(i, artifact=_with_id(i.artifact, stored)) for i in facts.inputs]
        for output in facts.outputs:
            output.artifact = _with_id(output.artifact, stored)

    def _own(self, artifact: Artifact) -> RecordedOutput:
        for output in self._facts.outputs:
            if output.is_new and output.artifact.origin == artifact.origin:
                return output
        raise InvalidArgument(
            f"This artifact is no output of the step {self.name!r}.",
            hint="Pass what step.output(…) returned.",
        )

    def _tick(self) -> int:
        """Return the current time, later than that of the step's last record: records are ordered by it."""
        self._facts.updated = max(int(time.time() * 1000), self._facts.updated + 1)
        return self._facts.updated

    def _check_running(self, what: str) -> None:
        if not self._began or self._over:
            raise FailedPrecondition(
                f"The step {self.name!r} does not run, so it cannot {what}.",
                hint="Do it inside the with block.",
            )


def _with_id(artifact: Artifact, stored: Mapping[str | None, int]) -> Artifact:
    known = None if artifact.id else stored.get(artifact.origin)
    return artifact if known is None else artifact.model_copy(update={"id": known})


def _by_key(pairs: Iterable[tuple[str, Artifact]]) -> dict[str, list[Artifact]]:
    found: dict[str, list[Artifact]] = {}
    for key, artifact in pairs:
        found.setdefault(key, []).append(artifact)
    return found
