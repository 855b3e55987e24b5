"""scikit-learn: fits of estimators, pipelines and searches, also of classes that derive from its own."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import Any

from lineage_graph.recorder.autolog import fits
from lineage_graph.recorder.autolog.calls import Call, Fit
from lineage_graph.recorder.autolog.fitlog import FitLog
from lineage_graph.recorder.autolog.integration import Integration
from lineage_graph.recorder.autolog.patches import Patches

MAX_SCORED_ROWS = 10_000
"""Rows of data beyond which the score of the training data is not taken: it may cost much."""
MAX_CANDIDATES = 10_000
"""Candidates of a search whose scores are kept."""
_CURVES = {
    "loss_curve_": "loss",
    "validation_scores_": "validation_score",
    "train_score_": "train_score",
    "validation_score_": "validation_score",
}
"""Attributes of fitted estimators that hold a value for each iteration, and the metric they are."""


class ScikitLearn(Integration):
    """Fits of everything that predicts; transformers alone are not steps."""

    name = module = "sklearn"

    def patch(self, patches: Patches) -> None:
        """Patch all estimators, also those whose modules are imported later."""
        patches.fits_of(sys.modules["sklearn.base"].BaseEstimator, "fit", "fit_predict")

    def describe(self, call: Call) -> Fit | None:
        """Return what is known of an estimator before it is fitted."""
        estimator = call.receiver
        if _is_of_another(estimator) or not _predicts(estimator):
            return None
        return described_fit(call)

    def finish(self, call: Call, result: Any, fit: FitLog) -> None:
        """Note what a search found, the curves of an iterative fit, the score of the training data."""
        estimator = call.receiver
        if hasattr(estimator, "cv_results_"):
            _note_search(estimator, fit)
        model = getattr(estimator, "best_estimator_", estimator)
        _note_curves(_last(model), fit)
        _note_score(call, estimator, fit)
        fit.model(model)


def described_fit(call: Call, inputs: Mapping[str, Any] | None = None) -> Fit:
    """Return the name, parameters and data of a call of an estimator's ``fit(X, y)``."""
    estimator = call.receiver
    data = {"X": call.get("X"), "y": call.get("y"), **(inputs or {})}
    name = type(estimator).__name__
    takes = name == "Pipeline" or _is_of_another(estimator)
    return Fit(name, estimator.get_params(deep=True), data, takes_curves=takes)


def _is_of_another(estimator: object) -> bool:
    """Return whether another integration that is switched on knows more of an estimator."""
    modules = {cls.__module__.partition(".")[0] for cls in type(estimator).__mro__}
    others = {one.module for one in fits.enabled.values() if one.name != "sklearn"}
    return not modules.isdisjoint(others)


def _predicts(estimator: object) -> bool:
    names = ("predict", "fit_predict", "score_samples")
    return any(hasattr(estimator, name) for name in names)


def _last(model: Any) -> Any:
    """Return the estimator at the end of a pipeline, or the model itself."""
    steps = getattr(model, "steps", None)
    return steps[-1][1] if steps else model


def _note_search(search: Any, fit: FitLog) -> None:
    scores = search.cv_results_.get("mean_test_score")
    if scores is not None:
        for candidate, score in enumerate(scores[:MAX_CANDIDATES]):
            fit.log({"mean_test_score": score}, candidate)
    fit.log({"candidates": len(search.cv_results_["params"])})
    if hasattr(search, "best_score_"):
        fit.log({"best_score": search.best_score_, "best_candidate": search.best_index_})
    if hasattr(search, "best_params_"):
        fit.param({f"best_{name}": one for name, one in search.best_params_.items()})


def _note_curves(model: Any, fit: FitLog) -> None:
    for attribute, name in _CURVES.items():
        curve = getattr(model, attribute, None)
        if isinstance(curve, Iterable):
            for iteration, one in enumerate(curve):
                fit.log({name: one}, iteration)
    iterations = getattr(model, "n_iter_", None)
    if iterations is not None and getattr(iterations, "shape", (1,)) in ((), (1,)):
        fit.log(
            {"iterations": int(iterations[0]) if hasattr(iterations, "__len__") else iterations}
        )


def _note_score(call: Call, estimator: Any, fit: FitLog) -> None:
    rows = getattr(call.get("X"), "shape", (MAX_SCORED_ROWS + 1,))[0]
    is_scored = call.get("y") is not None and hasattr(estimator, "score")
    if is_scored and call.name == "fit" and rows <= MAX_SCORED_ROWS:
        fit.log({"training_score": estimator.score(call.get("X"), call.get("y"))})
