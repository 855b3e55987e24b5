"""Frames, arrays and models as inputs and outputs of steps."""

from __future__ import annotations

from typing import Any

import pytest

import lineage_graph as lg
from lineage_graph.model import Artifact, Kind
from lineage_graph.recorder.data import describing
from lineage_graph.recorder.once import Once
from lineage_graph.store import Find, Store
from tests.tools import library

np, pd, pa = library("numpy"), library("pandas"), library("pyarrow")


class Classifier:
    def __init__(self, classes: list[int]) -> None:
        self.classes = classes

    def predict(self) -> None: ...


@lg.step
def evaluate(model: Classifier, test: Any, threshold: float = 0.5) -> Artifact:
    return lg.artifact("Metrics", {"auc": 0.9})


def test_data_in_memory_is_lineage(
    store: Store, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(describing, "_warned", Once())
    raw = pd.DataFrame({"x": [1.5, 2.5, None], "y": ["a", "b", None]})
    train, weights = raw.head(2), np.arange(3)
    pipeline = lg.pipeline("p", store=store)
    with pipeline.run("one") as run:
        inputs = {"raw": raw, "parts": [train, weights], "settings": {"a": [1, 2.5]}}
        with run.step("Train", inputs=inputs) as step:
            part = step.output("Examples", train, any_order=True)
            model = step.output("Classifier", Classifier([0, 1]), properties={"rows": 7})
            odd = step.output("Odd", [object()])
        metrics = evaluate(Classifier([0, 1]), train)
    with pipeline.run("two") as run:
        # A table of another library, but the same content.
        with run.step("Fit", inputs={"train": pa.Table.from_pandas(raw)}, cache=True) as again:
            again.output("Weights", weights)
        with run.step("Fit", inputs={"train": raw.copy()}, cache=True) as cached:
            pass

    frame = artifact(store, step.inputs["raw"][0])
    assert store.by_uri(frame.uri) == (frame,)
    assert again.inputs["train"][0].ref == frame.ref
    assert (again.cached, cached.cached) == (False, True)
    assert frame.custom_properties["object"] == "pandas.DataFrame"
    assert frame.custom_properties["rows"] == 3
    schema, profile = (frame.custom_properties[name] for name in ("schema", "profile"))
    assert isinstance(schema, dict)
    assert isinstance(profile, dict)
    assert schema["columns"][1] == {"name": "y", "kind": "text"}
    assert profile["columns"][0] == {
        "name": "x",
        "missing": 1,
        "min": 1.5,
        "max": 2.5,
        "distinct": 2,
    }
    assert str(artifact(store, part).custom_properties["digest"]).startswith("data-any-order-v1:")
    assert artifact(store, model).custom_properties["rows"] == 7  # the caller's own word
    assert (artifact(store, odd).uri, "digest" in odd.custom_properties) == ("", False)
    assert "No digest" in caplog.text

    (call,) = store.find(Find(kind=Kind.EXECUTION, type="evaluate")).nodes
    links = {(event.path[0], event.artifact_id) for event in store.neighbours(call.ref).events}
    tested = step.inputs["parts"][0]
    assert links == {("model", model.id), ("test", tested.id), ("metrics", metrics.id)}
    assert call.custom_properties["threshold"] == 0.5


def artifact(store: Store, wanted: Artifact) -> Artifact:
    found = store.node(wanted.ref)
    assert isinstance(found, Artifact)
    return found
