"""Integration: how the fits of one library are recorded. Derive from it to add a library.

::

    class CatBoost(Integration):
        name = module = "catboost"

        def patch(self, patches):
            import catboost  # here, not above: the library is imported only by who uses it

            patches.fits_of(catboost.CatBoost, "fit")

        def describe(self, call):
            inputs = {"X": call.get("X"), "y": call.get("y")}
            return Fit("CatBoost", call.receiver.get_params(), inputs)

        def finish(self, call, result, fit):
            for name, curve in result.evals_result_.get("learn", {}).items():
                for iteration, value in enumerate(curve):
                    fit.log({name: value}, iteration)
            fit.model(result)

A package that has one names the class in its entry points, in the group ``lineage_graph.autolog``; then
``lg.autolog()`` and ``lg.autolog("catboost")`` find it. Whatever a method raises is one warning, and the
library's own function is called as if nothing had happened.
"""

from __future__ import annotations

from typing import Any

from lineage_graph.recorder.autolog.calls import Call, Fit
from lineage_graph.recorder.autolog.fitlog import FitLog
from lineage_graph.recorder.autolog.patches import Patches


class Integration:
    """What ``lg.autolog`` does for one library: which functions are fits, and what is kept of them."""

    name: str = ""
    """What ``lg.autolog(…)`` calls the library."""
    module: str = ""
    """The module whose import makes ``patch`` run."""

    def patch(self, patches: Patches) -> None:
        """Name the functions that are fits: ``patches.fit(module, "train")``, ``patches.fits_of(Base, "fit")``.

        It runs once, after the module was imported.
        """
        raise NotImplementedError

    def describe(self, call: Call) -> Fit | None:
        """Return the name, the parameters and the data of a fit; None where it is not to be recorded."""
        raise NotImplementedError

    def watch(self, call: Call, fit: FitLog) -> bool:
        """Hear of each iteration: add a callback by ``call.replace`` that calls ``fit.log``; then return True.

        Also called for a fit inside one that is recorded, with the log of that one, if that takes the
        metrics of the iterations inside of it.
        """
        return False

    def finish(self, call: Call, result: Any, fit: FitLog) -> None:
        """Note what the fit led to: ``fit.log(metrics)``, ``fit.model(result)``."""
        fit.model(result)
