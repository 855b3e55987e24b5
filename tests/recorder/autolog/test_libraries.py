"""``lg.autolog()`` with the real libraries: what is recorded, and that the fits are as they would be without."""

from __future__ import annotations

import logging
import pickle
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

import lineage_graph as lg
from lineage_graph.errors import InvalidArgument
from lineage_graph.model import EventType, Execution, Kind
from lineage_graph.recorder.autolog import fits
from lineage_graph.settings import Settings
from lineage_graph.store import Find, Store
from tests.conftest import empty

numpy = pytest.importorskip("numpy")
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of the libraries, as they are imported
    sklearn = pytest.importorskip("sklearn")
    lightgbm = pytest.importorskip("lightgbm")
    xgboost = pytest.importorskip("xgboost")
    import joblib
    from sklearn.base import BaseEstimator, ClassifierMixin
    from sklearn.cluster import KMeans
    from sklearn.ensemble import BaggingClassifier, RandomForestClassifier
    from sklearn.linear_model import LogisticRegression, SGDClassifier
    from sklearn.model_selection import GridSearchCV, RandomizedSearchCV
    from sklearn.neural_network import MLPClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

_RANDOM = numpy.random.default_rng(7)
X = _RANDOM.normal(size=(240, 4))
Y = (X[:, 0] + X[:, 1] + _RANDOM.normal(size=240) > 0).astype(int)


@pytest.fixture
def embedded(embedded_settings: Settings) -> Iterator[Store]:
    """An empty store on the embedded engine."""
    empty(embedded_settings)
    with Store.open(settings=embedded_settings) as store:
        yield store


@pytest.fixture(autouse=True)
def _switched_on(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Everything is switched on; nothing may be warned of, unless the test takes it away."""
    caplog.set_level(logging.WARNING, "lineage_graph")
    lg.autolog(False)
    with lg.autolog():
        yield
    assert not fits.enabled
    assert not caplog.messages


def steps(store: Store) -> dict[str, list[Execution]]:
    found: dict[str, list[Execution]] = {}
    for node in store.find(Find(kind=Kind.EXECUTION, limit=1000)).nodes:
        assert isinstance(node, Execution)
        found.setdefault(str(node.type), []).append(node)
    return found


def ends(store: Store, step: Execution) -> dict[str, set[Any]]:
    """Return the keys of what a step read and of what it made, without the history of its metrics."""
    links = store.neighbours(step.ref).events
    return {
        kind: {link.path[0] for link in links if link.type is event} - {"history"}
        for kind, event in (("read", EventType.INPUT), ("made", EventType.OUTPUT))
    }


def test_a_fit_is_a_step_with_its_data_and_its_model(store: Store) -> None:
    """On both engines: two fits of the same data read the same artifact, and each makes a model."""
    plain = LogisticRegression(C=0.5).fit(X, Y)  # no run is active
    assert not steps(store)
    with lg.pipeline("p", store=store).run("r"):
        model = LogisticRegression(C=0.5)
        assert model.fit(X, y=Y) is model
        labels = KMeans(2, n_init=1, random_state=0).fit_predict(X)
        StandardScaler().fit(X)  # transforms only
    assert len(labels) == len(X)
    assert (plain.coef_ == model.coef_).all()

    found = steps(store)
    assert found.keys() == {"LogisticRegression", "KMeans"}
    (fit,), (clusters,) = found["LogisticRegression"], found["KMeans"]
    custom = fit.custom_properties
    assert (custom["C"], custom["solver"], custom["max_iter"]) == (0.5, "lbfgs", 100)
    assert custom["training_score"] == model.score(X, Y)
    assert ends(store, fit) == {"read": {"X", "y"}, "made": {"model"}}
    assert ends(store, clusters) == {"read": {"X"}, "made": {"model"}}
    graph = store.neighbours(fit.ref)
    both = {a.id for a in graph.artifacts} & {
        a.id for a in store.neighbours(clusters.ref).artifacts
    }
    assert len(both) == 1
    (data,) = [a for a in graph.artifacts if a.id in both]
    assert data.custom_properties["rows"] == 240
    assert str(data.custom_properties["digest"])
    assert [a.type for a in graph.artifacts if a.id not in both and not a.uri] in ([], ["Model"])


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_searches_and_pools(embedded: Store) -> None:
    """Nested fits are no steps, whether they run here or in threads; processes are in examples/scikit_learn.py."""
    grid = {"logisticregression__C": [0.1, 1.0]}
    pipe = make_pipeline(StandardScaler(), LogisticRegression())
    with lg.pipeline("p", store=embedded).run("r") as run:
        here = GridSearchCV(pipe, grid, cv=2).fit(X, Y)
        with joblib.parallel_backend("threading", n_jobs=2):
            RandomizedSearchCV(LogisticRegression(), {"C": [1.0, 2.0]}, n_iter=2, cv=2).fit(X, Y)
            BaggingClassifier(LogisticRegression(), n_estimators=3, n_jobs=2).fit(X, Y)
        RandomForestClassifier(5, n_jobs=2).fit(X, Y)
        with run.step("Train", params={"C": "mine"}) as step:
            LogisticRegression(C=3).fit(X, Y)
            SGDClassifier(random_state=0).fit(X, Y)
            assert step.outputs.keys() == {"model"}
        with ThreadPoolExecutor(2) as pool:  # threads of one's own are not nested
            list(pool.map(lambda n: MLPClassifier((2,), max_iter=n).fit(X[:20], Y[:20]), (2, 3)))

    found = steps(embedded)
    counts = {name: len(some) for name, some in found.items()}
    assert counts == {
        "GridSearchCV": 1,
        "RandomizedSearchCV": 1,
        "BaggingClassifier": 1,
        "RandomForestClassifier": 1,
        "Train": 1,
        "SGDClassifier": 1,
        "MLPClassifier": 2,
    }
    search, train = found["GridSearchCV"][0].custom_properties, found["Train"][0]
    best = here.best_params_["logisticregression__C"]
    assert search["best_logisticregression__C"] == best
    assert (search["candidates"], search["best_score"]) == (2, here.best_score_)
    assert train.custom_properties["C"] == "mine"  # what the caller said stays
    assert train.custom_properties["training_score"]
    assert ends(embedded, train) == {"read": {"X", "y"}, "made": {"model"}}
    assert found["SGDClassifier"][0].custom_properties["parent_step"] == "Train"
    mlps = [step.custom_properties for step in found["MLPClassifier"]]
    assert {mlp["iterations"] for mlp in mlps} == {2, 3}
    assert all(isinstance(mlp["loss"], float) for mlp in mlps)


def test_boosting(embedded: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both libraries, native and by estimator: metrics by iteration, early stopping, the same models."""
    curves: dict[str, list[tuple[int, float]]] = {}

    original = lg.Step.log

    def log(self: lg.Step, metrics: Any = None, /, **more: Any) -> None:
        for name, value in (metrics or {}).items() if "step" in more else ():
            curves.setdefault(f"{self.name} {name}", []).append((more["step"], value))
        original(self, metrics, **more)

    monkeypatch.setattr(lg.Step, "log", log)
    train, test = (X[:160], Y[:160]), (X[160:], Y[160:])
    asked = {"objective": "binary:logistic", "seed": 1, "nthread": 1}
    quiet = {"objective": "binary", "verbose": -1, "seed": 1, "num_threads": 1}

    def native_xgboost() -> Any:
        matrices = [xgboost.DMatrix(data, label=labels) for data, labels in (train, test)]
        evals = [(matrices[0], "train"), (matrices[1], "valid")]
        return xgboost.train(
            asked, matrices[0], 40, evals=evals, early_stopping_rounds=2, verbose_eval=False
        )

    def native_lightgbm() -> Any:
        data = lightgbm.Dataset(*train)
        tests = [lightgbm.Dataset(*test, reference=data)]
        stop = [lightgbm.early_stopping(2, verbose=False)]
        return lightgbm.train(
            quiet, data, 40, valid_sets=tests, valid_names=["held out"], callbacks=stop
        )

    with lg.autolog("xgboost"):  # it was on before, so it stays on
        pass
    before = native_xgboost(), native_lightgbm()
    with lg.pipeline("p", store=embedded).run("r") as run:
        after = native_xgboost(), native_lightgbm()
        booster = xgboost.XGBClassifier(n_estimators=40, early_stopping_rounds=2, n_jobs=1)
        booster.fit(*train, eval_set=[test], verbose=False)
        light = lightgbm.LGBMRegressor(n_estimators=4, verbose=-1, n_jobs=1)
        light.fit(*train, eval_X=test[0], eval_y=test[1])
        with run.step("Pipe"):
            make_pipeline(
                StandardScaler(), lightgbm.LGBMClassifier(n_estimators=3, verbose=-1, n_jobs=1)
            ).fit(*train)
        GridSearchCV(
            xgboost.XGBClassifier(n_estimators=2, n_jobs=1), {"max_depth": [1, 2]}, cv=2
        ).fit(*train)
    assert before[0].save_raw("json") == after[0].save_raw("json")
    assert before[1].model_to_string() == after[1].model_to_string()

    found = steps(embedded)
    assert {name: len(some) for name, some in found.items()} == dict.fromkeys(
        (
            "xgboost.train",
            "lightgbm.train",
            "XGBClassifier",
            "LGBMRegressor",
            "Pipe",
            "GridSearchCV",
        ),
        1,
    )
    for name, best in (
        ("xgboost.train", after[0].best_iteration),
        ("lightgbm.train", after[1].best_iteration - 1),
        ("XGBClassifier", booster.best_iteration),
    ):
        assert found[name][0].custom_properties["best_iteration"] == best
    rounds = after[0].num_boosted_rounds()
    assert [n for n, _ in curves["xgboost.train valid-logloss"]] == list(range(rounds))
    values = [value for _, value in curves["xgboost.train valid-logloss"]]
    assert values.index(min(values)) == after[0].best_iteration
    assert len(curves["lightgbm.train held out-binary_logloss"]) == after[1].best_iteration + 2
    assert len(curves["LGBMRegressor valid_0-l2"]) == 4
    assert not [name for name in curves if name.startswith("GridSearchCV valid")]
    native = found["xgboost.train"][0]
    assert native.custom_properties["num_boost_round"] == 40
    wanted = {"train", "train_y", "valid", "valid_y"}
    assert ends(embedded, native) == {"read": wanted, "made": {"model"}}
    wanted = {"X", "y", "validation_0", "validation_0_y"}
    assert ends(embedded, found["XGBClassifier"][0]) == {
        "read": wanted,
        "made": {"model"},
    }


def test_failures_and_classes_of_ones_own(
    embedded: Store, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fit raises what it raises; what fails in recording is one warning and stops nothing."""

    class Own(ClassifierMixin, BaseEstimator):  # defined after lg.autolog()
        def __init__(self, odd: object = None) -> None:
            self.odd = odd

        def fit(self, X: Any, y: Any) -> Own:  # noqa: N803
            if self.odd == "fail":
                raise MemoryError("too large")
            self.classes_ = numpy.unique(y)
            return self

        def predict(self, X: Any) -> Any:  # noqa: N803
            return numpy.full(len(X), self.classes_[0])

    with lg.pipeline("p", store=embedded).run("r") as run:
        Own(odd=threading.Lock()).fit(X, Y)
        with pytest.raises(MemoryError, match="too large"):
            Own("fail").fit(X, Y)
        with pytest.raises(TypeError, match="missing 1 required positional argument"):
            Own().fit(X)
        caplog.clear()  # of the call that was wrong

        def broken(*_: object) -> None:
            raise RuntimeError("broken")

        for name in ("describe", "watch", "finish"):
            with monkeypatch.context() as patched:
                patched.setattr(type(fits.enabled["sklearn"]), name, broken)
                assert Own().fit(X, Y).predict(X)[0] == 0
                assert Own().fit(X, Y).predict(X)[0] == 0
        told = [message for message in caplog.messages if "broken" in message]
        assert len(told) == 3
        caplog.clear()
        with run.step("Cached") as step:
            monkeypatch.setattr(type(step), "publish", broken)
            Own().fit(X, Y)
        caplog.clear()
    own = steps(embedded)["Own"]
    states = sorted(step.last_known_state.value for step in own)
    assert states == ["COMPLETE"] * 5 + ["FAILED"]
    (failed,) = [step for step in own if step.last_known_state.value == "FAILED"]
    assert failed.custom_properties["error_message"] == "too large"
    assert own[0].custom_properties["odd"] == "<lock>"
    assert pickle.loads(pickle.dumps(LogisticRegression(C=2).fit(X, Y))).C == 2
    lg.autolog(False)
    assert not hasattr(LogisticRegression.fit, "__lineage_graph__")
    assert not hasattr(xgboost.sklearn.train, "__lineage_graph__")
    assert "__init_subclass__" not in vars(BaseEstimator)


def test_what_is_not_known_or_not_imported() -> None:
    with pytest.raises(InvalidArgument, match="does not know 'torch'"):
        lg.autolog("torch")
    assert lg.autolog("scikit-learn").libraries == ()  # it is on
    code = """
import sys, lineage_graph as lg
with lg.autolog():
    assert not {"sklearn", "xgboost", "lightgbm"} & sys.modules.keys()
    import sklearn.linear_model
    assert hasattr(sklearn.linear_model.LogisticRegression.fit, "__lineage_graph__")
    assert sklearn.__spec__.loader.get_data(sklearn.__file__)
assert not hasattr(sklearn.linear_model.LogisticRegression.fit, "__lineage_graph__")
assert not [one for one in sys.meta_path if "Finder" in type(one).__name__ and "lineage" in type(one).__module__]
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
