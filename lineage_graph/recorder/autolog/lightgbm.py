"""LightGBM: ``lightgbm.train`` and the estimators, with the metrics of each round."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

from lineage_graph.recorder.autolog.calls import Call, Fit
from lineage_graph.recorder.autolog.fitlog import FitLog
from lineage_graph.recorder.autolog.integration import Integration
from lineage_graph.recorder.autolog.patches import Patches
from lineage_graph.recorder.autolog.sklearn import described_fit
from lineage_graph.recorder.inputs import artifact

_ORDER = 25  # among callbacks: after those that record, before early stopping, which ends the round


class LightGBM(Integration):
    """``train`` and the ``fit`` of each estimator; early stopping's best round."""

    name = module = "lightgbm"

    def patch(self, patches: Patches) -> None:
        """Patch ``train`` wherever it is known, and the estimators."""
        for module in ("lightgbm", "lightgbm.engine", "lightgbm.sklearn"):
            if module in sys.modules:
                patches.fit(sys.modules[module], "train")
        library = sys.modules["lightgbm"]
        if hasattr(library, "LGBMModel"):
            patches.fits_of(library.LGBMModel, "fit")

    def describe(self, call: Call) -> Fit | None:
        """Return what is known before the training."""
        if call.name == "train":
            return _described_training(call)
        inputs: dict[str, Any] = {}
        for index, (data, labels) in enumerate(_evaluated(call)):
            inputs |= {f"valid_{index}": data, f"valid_{index}_y": labels}
        return described_fit(call, inputs)

    def watch(self, call: Call, fit: FitLog) -> bool:
        """Add a callback that notes the metrics of each round."""
        if call.name != "train":
            return False

        def note(round: Any) -> None:
            results = round.evaluation_result_list or ()
            fit.log({f"{one[0]}-{one[1]}": one[2] for one in results}, round.iteration)

        note.order = _ORDER  # type: ignore[attr-defined]
        call.replace("callbacks", [*(call.get("callbacks") or ()), note])
        return True

    def finish(self, call: Call, result: Any, fit: FitLog) -> None:
        """Note the best round of early stopping (counted from 0, as the metrics are), and the model."""
        booster = result if call.name == "train" else call.receiver.booster_
        if booster.best_iteration > 0:
            fit.log({"best_iteration": booster.best_iteration - 1})
            for data, metrics in (booster.best_score or {}).items():
                fit.log({f"best_{data}-{metric}": one for metric, one in metrics.items()})
        fit.log({"rounds": booster.current_iteration()})
        fit.model(result if call.name == "train" else call.receiver)


def _evaluated(call: Call) -> Iterable[tuple[Any, Any]]:
    """Return the data and labels of each set that is evaluated, however they were given."""
    data, labels = call.get("eval_X"), call.get("eval_y")
    if data is not None and labels is not None:
        return zip(data, labels, strict=False) if isinstance(data, tuple) else [(data, labels)]
    sets = call.get("eval_set") or ()
    return [sets] if isinstance(sets, tuple) and sets and hasattr(sets[0], "shape") else sets


def _described_training(call: Call) -> Fit:
    params = dict(call.get("params") or {})
    params.setdefault("num_boost_round", call.get("num_boost_round"))
    train, sets = call.get("train_set"), call.get("valid_sets") or ()
    given = call.get("valid_names") or ()
    names = [given] if isinstance(given, str) else list(given)
    inputs = _of_dataset(train, "train")
    for index, held in enumerate(sets if isinstance(sets, (list, tuple)) else [sets]):
        if held is not train:
            name = names[index] if index < len(names) else f"valid_{index}"
            inputs |= _of_dataset(held, str(name))
    return Fit("lightgbm.train", params, inputs)


def _of_dataset(held: Any, key: str) -> dict[str, Any]:
    """Return what a dataset is made of, or its shape where it let go of that already."""
    data, label = getattr(held, "data", None), getattr(held, "label", None)
    if hasattr(data, "shape"):
        return {key: data, f"{key}_y": label if hasattr(label, "shape") else None}
    if getattr(held, "_handle", None) is None:  # not made yet, of a file: nothing to count
        properties: dict[str, Any] = {"object": "lightgbm.Dataset"}
    else:
        shape = [held.num_data(), held.num_feature()]
        properties = {"object": "lightgbm.Dataset", "rows": shape[0], "shape": shape}
    if isinstance(data, str):
        return {key: artifact("Dataset", data)}
    return {key: artifact("Dataset", "", properties=properties)}
