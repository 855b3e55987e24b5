"""What the block of a step notes: metrics, parameters, and what a decorated function returned."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lineage_graph.errors import FailedPrecondition, InvalidArgument
from lineage_graph.model import Artifact, Kind, Properties
from lineage_graph.recorder.connection import Connection, Recording
from lineage_graph.recorder.metrics import moment_of, number_of
from lineage_graph.recorder.outputs import Outputs
from lineage_graph.recorder.publisher import Facts
from lineage_graph.recorder.record import new_origin
from lineage_graph.recorder.safety import never_in_the_way, nothing
from lineage_graph.recorder.values import merged, metrics_of, parameters, text


class StepNotes:
    """The part of a step that takes notes, from any number of threads."""

    def __init__(self, run: Recording, name: str, params: object, *, strict: bool) -> None:
        if not isinstance(name, str) or not name:
            raise InvalidArgument(f"{name!r} cannot name a step.", hint="Use text.")
        self.name = text(name, "The step's name")
        self.run = run
        salvage = run.connection.salvage
        self._params: Properties = parameters(params, strict=strict, salvage=salvage)
        self._outputs = Outputs()
        self._facts = Facts(run.pipeline_name, run.name, self.name, new_origin(Kind.EXECUTION))
        self._facts.outputs = self._outputs.all
        self._lock = threading.Lock()  # of what is known
        self._began = self._over = self._is_unrecorded = self._is_noticed = False

    @property
    def connection(self) -> Connection:
        """Where the step's records go."""
        return self.run.connection

    def flush(self) -> None:
        """Write what was noted since the step was written last."""
        raise NotImplementedError

    @never_in_the_way(nothing)
    def log(
        self,
        metrics: Artifact | Mapping[str, Any] | None = None,
        /,
        *,
        step: float | None = None,
        time: float | datetime | None = None,
        higher_is_better: bool | None = None,
        **more: Any,
    ) -> None:
        """Note metrics, ``step.log(loss=0.3, step=epoch)`` or ``step.log({"val/loss": 0.4})``.

        The last value of each becomes a custom property of the execution; all of them over time are
        kept in an artifact of type Metrics, written in the background, with the least, the most and
        the best. ``step`` says where on the axis, by default the number of the value; ``time`` when,
        in seconds since the epoch, by default now. ``higher_is_better`` says which value is best, by
        default the metric's name does. With an output of this step as first argument the metrics
        become that artifact's instead.

        Raises:
            InvalidArgument: a value cannot be kept, the name is a parameter's, or the artifact is
                no output of this step.
            FailedPrecondition: the block does not run.
        """
        if self._is_unrecorded:
            return
        self._check_running("log a metric")
        given = more if metrics is None or isinstance(metrics, Artifact) else {**metrics, **more}
        noted = metrics_of(given, self.connection.salvage)
        place = None if step is None else number_of(step, "step")
        moment = moment_of(time)
        with self._lock:
            if isinstance(metrics, Artifact):
                output = self._outputs.own(metrics, self.name)
                custom = {**output.artifact.custom_properties, **noted}
                output.artifact = output.artifact.model_copy(update={"custom_properties": custom})
                return
            if taken := noted.keys() & self._params.keys():
                raise InvalidArgument(
                    f"{min(taken)!r} is a parameter of the step {self.name!r}.",
                    hint="Give the metric another name.",
                )
            self._facts.custom |= noted
            self._facts.metrics |= noted.keys()
            self._facts.histories.log(noted.items(), place, moment)
            if higher_is_better is not None:
                self._facts.histories.prefer(noted, higher=higher_is_better)
            is_new, self._is_noticed = not self._is_noticed, True
        if is_new:
            self.run.notice(self)

    @never_in_the_way(nothing)
    def param(self, **params: Any) -> None:
        """Note further parameters, such as those read inside the block.

        They are stored like the others, but have no part in the search for a cached execution.

        Raises:
            InvalidArgument: a value cannot be kept.
            FailedPrecondition: the block does not run.
        """
        self._check_running("note a parameter")
        noted = parameters(params, salvage=self.connection.salvage)
        with self._lock:
            self._params = merged(self._params, noted)
            self._facts.custom |= self._params

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

    def _check_running(self, what: str) -> None:
        if (not self._began or self._over) and not self._is_unrecorded:
            raise FailedPrecondition(
                f"The step {self.name!r} does not run, so it cannot {what}.",
                hint="Do it inside the with block.",
            )
