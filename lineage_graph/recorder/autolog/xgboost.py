"""XGBoost: ``xgboost.train`` and the estimators, with the metrics of each round."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any
from weakref import WeakKeyDictionary

from lineage_graph.model import Artifact
from lineage_graph.recorder.autolog import fits
from lineage_graph.recorder.autolog.calls import Call, Fit
from lineage_graph.recorder.autolog.data import described
from lineage_graph.recorder.autolog.fitlog import FitLog, safely
from lineage_graph.recorder.autolog.integration import Integration
from lineage_graph.recorder.autolog.patches import Patches
from lineage_graph.recorder.autolog.sklearn import described_fit
from lineage_graph.recorder.inputs import artifact
from lineage_graph.recorder.pipelines import current_run

_sources: WeakKeyDictionary[Any, dict[str, Artifact]] = WeakKeyDictionary()
"""What matrices were made of, for they do not hold it any more when they are trained with."""


class XGBoost(Integration):
    """``train`` and the ``fit`` of each estimator; early stopping's best round."""

    name = module = "xgboost"

    def patch(self, patches: Patches) -> None:
        """Patch ``train`` wherever it is known, the estimators, and what makes matrices."""
        for module in ("xgboost", "xgboost.training", "xgboost.sklearn"):
            if module in sys.modules:
                patches.fit(sys.modules[module], "train")
        library = sys.modules["xgboost"]
        if hasattr(library, "XGBModel"):  # not without scikit-learn
            patches.fits_of(library.XGBModel, "fit")
        for name in ("DMatrix", "QuantileDMatrix"):
            patches.wrap(getattr(library, name), "__init__", _remember_source)

    def describe(self, call: Call) -> Fit | None:
        """Return what is known before the training."""
        if call.name == "train":
            return _described_training(call)
        sets = call.get("eval_set") or ()
        inputs: dict[str, Any] = {}
        for index, (data, labels) in enumerate(sets):
            inputs |= {f"validation_{index}": data, f"validation_{index}_y": labels}
        return described_fit(call, inputs)

    def watch(self, call: Call, fit: FitLog) -> bool:
        """Add a callback that notes the metrics of each round."""
        if call.name != "train":
            return False
        call.replace("callbacks", [*(call.get("callbacks") or ()), _callback(fit)])
        return True

    def finish(self, call: Call, result: Any, fit: FitLog) -> None:
        """Note the best round of early stopping, and the model."""
        booster = result if call.name == "train" else call.receiver.get_booster()
        attributes = booster.attributes()
        for name, kind in (("best_iteration", int), ("best_score", float)):
            if name in attributes:
                fit.log({name: kind(attributes[name])})
        fit.log({"rounds": booster.num_boosted_rounds()})
        fit.model(result if call.name == "train" else call.receiver)


def _described_training(call: Call) -> Fit:
    given = call.get("params")
    params = dict(given) if not isinstance(given, (list, tuple)) else dict(list(given))
    for name in ("num_boost_round", "early_stopping_rounds", "maximize"):
        params.setdefault(name, call.get(name))
    inputs: dict[str, Any] = {}
    matrices = [(call.get("dtrain"), "train"), *(call.get("evals") or ())]
    for matrix, key in matrices:
        if matrix is not call.get("dtrain") or key == "train":
            inputs |= _of_matrix(matrix, str(key))
    return Fit("xgboost.train", params, inputs)


def _callback(fit: FitLog) -> Any:
    class Curves(sys.modules["xgboost"].callback.TrainingCallback):  # type: ignore[misc]
        """Notes the metrics of each round."""

        def after_iteration(self, model: Any, epoch: int, evals_log: Mapping[str, Any]) -> bool:
            fit.log(
                {
                    f"{data}-{metric}": values[-1]
                    for data, metrics in evals_log.items()
                    for metric, values in metrics.items()
                    if values
                },
                epoch,
            )
            return False

    return Curves()


def _remember_source(
    original: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    """Make a matrix; keep the digests of what it was made of, while a run is active."""
    result = original(*args, **kwargs)
    with safely("xgboost", "the data of a matrix"):
        if fits.running_fit() is None and current_run() is not None:
            call = Call(original, args, kwargs)
            made_of = {"": call.get("data"), "_y": call.get("label")}
            _sources[call.receiver] = {
                end: described("Dataset", one) for end, one in made_of.items() if _is_held(one)
            }
    return result


def _is_held(data: object) -> bool:
    """Return whether data is in memory, and not the path of a file or what yields it in parts."""
    return hasattr(data, "shape")


def _of_matrix(matrix: Any, key: str) -> dict[str, Artifact]:
    known = _sources.get(matrix)
    if known:
        return {f"{key}{end}": one for end, one in known.items()}
    shape = [matrix.num_row(), matrix.num_col()]
    properties = {"object": "xgboost.DMatrix", "rows": shape[0], "shape": shape}
    return {key: artifact("Dataset", "", properties=properties)}
