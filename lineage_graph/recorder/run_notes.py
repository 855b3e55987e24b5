"""What its caller notes of a run itself, beside its steps: metrics, parameters, tags, notes."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lineage_graph.errors import FailedPrecondition, InvalidArgument
from lineage_graph.model.metrics import METRIC_NAMES, metric_names_text
from lineage_graph.recorder.connection import Connection
from lineage_graph.recorder.heartbeat import Heartbeat
from lineage_graph.recorder.metrics import Histories, moment_of, number_of
from lineage_graph.recorder.run_facts import RunFacts
from lineage_graph.recorder.safety import never_in_the_way, nothing
from lineage_graph.recorder.values import metrics_of, parameters, text, value


class RunNotes:
    """The part of a run that takes notes; they are written in the background, and at the run's end."""

    name: str
    connection: Connection

    def __init__(self) -> None:
        self._facts = RunFacts()
        self._metrics: set[str] = set()
        self._params: set[str] = set()
        self._heartbeat: Heartbeat | None = None
        self._histories = Histories()
        self._histories_lock = threading.Lock()

    @never_in_the_way(nothing)
    def log(
        self,
        metrics: Mapping[str, Any] | None = None,
        /,
        *,
        step: float | None = None,
        time: float | datetime | None = None,
        **more: Any,
    ) -> None:
        """Note metrics of the whole run: the last value of each, and all of them over time.

        ``step`` says where on the axis, by default the number of the value; ``time`` when, in seconds
        since the epoch, by default now.

        Raises:
            InvalidArgument: a value cannot be kept, or the name is a parameter's.
            FailedPrecondition: the block does not run.
        """
        noted = metrics_of({**(metrics or {}), **more}, self.connection.salvage)
        place = None if step is None else number_of(step, "step")
        moment = moment_of(time)
        self._check_names(noted, self._params, "a parameter")
        self._metrics |= noted.keys()
        with self._histories_lock:
            self._histories.log(noted.items(), place, moment)
        self._note({**noted, METRIC_NAMES: metric_names_text(self._metrics)})

    @never_in_the_way(nothing)
    def param(self, params: Mapping[str, Any] | None = None, /, **more: Any) -> None:
        """Note parameters of the whole run.

        Raises:
            InvalidArgument: a value cannot be kept, or the name is a metric's.
            FailedPrecondition: the block does not run.
        """
        noted = parameters({**(params or {}), **more}, salvage=self.connection.salvage)
        self._check_names(noted, self._metrics, "a metric")
        self._params |= noted.keys()
        self._note(noted)

    @never_in_the_way(nothing)
    def tag(self, *tags: str, **values: Any) -> None:
        """Tag the run: ``run.tag("baseline", team="core")``; found by a filter ``tag baseline``.

        Raises:
            InvalidArgument: a tag is no text.
            FailedPrecondition: the block does not run.
        """
        named = {f"tag {text(tag, 'A tag')}": "" for tag in tags if _is_named(tag)}
        for name, said in values.items():
            named[f"tag {name}"] = str(value(said, f"The tag {name!r}"))
        before = {name: self._facts.get(name) for name in self._facts.names()}
        written = (
            name.removeprefix("tag ") + (f"={said}" if said else "")
            for name, said in (before | named).items()
            if name.startswith("tag ")
        )
        self._note({**named, "tagged": ", ".join(written)})

    @never_in_the_way(nothing)
    def note(self, words: str) -> None:
        """Add a note, a line of its own, to what was noted of the run before.

        Raises:
            InvalidArgument: it is no text.
            FailedPrecondition: the block does not run.
        """
        before = self._facts.get("note")
        line = text(words, "The note")
        self._note({"note": f"{before}\n{line}" if before else line})

    def _check_names(self, noted: Mapping[str, Any], others: set[str], what: str) -> None:
        if taken := sorted(noted.keys() & others):
            raise InvalidArgument(
                f"{taken[0]!r} is {what} of the run {self.name!r}.", hint="Choose another name."
            )

    def _note(self, noted: dict[str, Any]) -> None:
        if self._heartbeat is None:
            raise FailedPrecondition(
                f"The run {self.name!r} does not run.", hint="Do it inside the with block."
            )
        self._facts.tell(noted)
        self._heartbeat.notice()


def _is_named(tag: object) -> bool:
    if not isinstance(tag, str) or not tag:
        raise InvalidArgument(f"{tag!r} cannot be a tag.", hint="Use text.")
    return True
