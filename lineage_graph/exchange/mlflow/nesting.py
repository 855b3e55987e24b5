"""Which run a run is nested in, told before or after it, in its own experiment or in another."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from lineage_graph.exchange.mlflow.mapping import Mapper, parent_of
from lineage_graph.exchange.mlflow.shapes import MlflowRun


class Nested:
    """Places runs in the outermost run that holds them, each once that is known."""

    def __init__(self, mapper: Mapper) -> None:
        self._mapper = mapper
        self._waiting: dict[str, list[MlflowRun]] = defaultdict(
            list
        )  # by the runs they are nested in

    def place(self, run: MlflowRun) -> None:
        """Place a run and what waits for it; one whose parent is not placed yet waits."""
        parent = parent_of(run)
        if parent and parent not in self._mapper.tops:
            self._waiting[parent].append(_only_its_place(run))
        else:
            self._place(run)

    def place_rest(self) -> None:
        """Place what still waits: what is nested in runs that are gone, or in a circle, stands alone."""
        gone = [parent for parent in self._waiting if parent not in self._mapper.runs]
        for parent in sorted(gone):
            for run in self._waiting.pop(parent):
                self._place(run)
        circling = [run for runs in self._waiting.values() for run in runs]
        for run in sorted(circling, key=lambda run: run.id):
            if run.id not in self._mapper.tops:
                self._place(run)

    def _place(self, first: MlflowRun) -> None:
        ready = [first]
        while ready:
            run = ready.pop()
            if run.id not in self._mapper.tops:
                self._mapper.place(run)
                ready += self._waiting.pop(run.id, ())


def _only_its_place(run: MlflowRun) -> MlflowRun:
    """Return of a run what is needed to place it."""
    parent = {"mlflow.parentRunId": parent_of(run)}
    return replace(run, params={}, tags=parent, metrics=run.metrics[:1], datasets=())
