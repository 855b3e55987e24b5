"""FitLog: what is noted of a fit that is recorded. Nothing of it ever fails."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from lineage_graph.recorder.autolog.calls import Fit
from lineage_graph.recorder.autolog.data import described
from lineage_graph.recorder.autolog.parameters import metric_values, small_params
from lineage_graph.recorder.once import Once
from lineage_graph.recorder.steps import Step

log = logging.getLogger(__name__)
_warned = Once()


class FitLog:
    """The record of a fit that is running: metrics, further parameters, and the model."""

    def __init__(self, fit: Fit, step: Step, *, is_own: bool, library: str) -> None:
        self.step = step
        self.library = library
        self.takes_curves = fit.takes_curves
        self._is_own = is_own
        self._process = os.getpid()

    def log(self, metrics: Mapping[str, Any], iteration: int | None = None) -> None:
        """Note metrics, of an iteration (counted from 0) or of the whole fit; never fails."""
        with safely(self.library, "a metric"):
            noted = metric_values(metrics)
            if not noted or not self.is_here:
                return
            if iteration is None:
                self.step.log(noted)
            else:
                self.step.log(noted, step=iteration)

    def param(self, params: Mapping[str, Any]) -> None:
        """Note parameters that the fit found; of those the step has already, the step's stay; never fails."""
        with safely(self.library, "a parameter"):
            known = self.step._params
            noted = {
                name: one for name, one in small_params(params).items() if known.get(name) is None
            }
            if noted and self.is_here:
                self.step.param(**noted)

    def model(self, model: Any, type: str = "Model") -> None:
        """Note the model as an output of the step; its bytes are not copied; never fails."""
        with safely(self.library, "the model"):
            if model is not None and self.is_here:
                self.step.publish(described(type, model), "model")

    @property
    def is_here(self) -> bool:
        """False in a process that was forked during the fit: it is recorded where it began."""
        return self._process == os.getpid()

    def end(self, error: BaseException | None) -> None:
        """End the step, if it is the fit's own."""
        if self._is_own:
            with safely(self.library, "the end of a fit"):
                self.step.__exit__(type(error) if error else None, error, None)


@contextmanager
def safely(library: str, what: str) -> Iterator[None]:
    """Do something that must not get in the way: what fails is one warning for each kind of thing."""
    try:
        yield
    except Exception as error:
        if _warned.is_first((library, what)):
            log.warning(
                "lg.autolog could not record %s of %s: %s: %s",
                what,
                library,
                type(error).__name__,
                error,
            )
        log.info("not recorded: %s of %s", what, library, exc_info=True)
