"""XGBoost: rounds with early stopping, all of them recorded, and the model of the best one.

Run it with ``python early_stopping.py``; ``lineage-graph serve`` shows what was recorded.
"""

import xgboost
from sklearn.datasets import load_diabetes
from sklearn.model_selection import train_test_split

import lineage_graph as lg


def main() -> None:
    """One step: the calls of ``xgboost.train`` inside of it need no word of ours."""
    lg.autolog("xgboost")
    data, target = load_diabetes(return_X_y=True)
    train, test, train_target, test_target = train_test_split(data, target, random_state=0)
    with lg.pipeline("diabetes").run() as run, run.step("Train") as step:
        matrices = [
            (xgboost.DMatrix(train, label=train_target), "train"),
            (xgboost.DMatrix(test, label=test_target), "test"),
        ]
        booster = xgboost.train(
            {"eta": 0.2, "max_depth": 3, "nthread": 1},
            matrices[0][0],
            num_boost_round=200,
            evals=matrices,
            early_stopping_rounds=5,
            verbose_eval=False,
        )
        best = booster[: booster.best_iteration + 1]
        best.save_model("model.json")
        step.output("Model", "model.json", key="best")
    print(f"best round {booster.best_iteration} of {booster.num_boosted_rounds()}")


if __name__ == "__main__":
    main()
