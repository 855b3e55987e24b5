"""scikit-learn: a search over parameters in two processes, then the evaluation of what it found.

Run it with ``python search_in_parallel.py``; ``lineage-graph serve`` shows what was recorded.
"""

from pathlib import Path

import joblib
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import lineage_graph as lg


def main() -> None:
    """Load, search, evaluate: three steps of one run."""
    lg.autolog("sklearn")
    with lg.pipeline("tumours").run() as run:
        with run.step("Load") as step:
            data, labels = load_breast_cancer(return_X_y=True)
            parts = train_test_split(data, labels, random_state=0)
            joblib.dump(parts, "tumours.pkl")
            step.output("Dataset", "tumours.pkl", key="parts")

        train, test, train_labels, test_labels = parts
        with run.step("Search", inputs={"parts": Path("tumours.pkl")}) as step:
            pipe = make_pipeline(StandardScaler(), LogisticRegression(max_iter=500))
            grid = {"logisticregression__C": [0.01, 0.1, 1.0]}
            search = GridSearchCV(pipe, grid, cv=3, n_jobs=2).fit(train, train_labels)
            joblib.dump(search.best_estimator_, "model.pkl")
            step.output("Model", "model.pkl")

        inputs = {"model": Path("model.pkl"), "parts": Path("tumours.pkl")}
        with run.step("Evaluate", inputs=inputs) as step:
            accuracy = joblib.load("model.pkl").score(test, test_labels)
            step.log(accuracy=accuracy)
    print(f"accuracy {accuracy:.3f} with {search.best_params_}")


if __name__ == "__main__":  # the processes of the search import this file
    main()
