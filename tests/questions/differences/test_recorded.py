"""What the recorder writes tells given from measured, so that a metric is never called a cause."""

from __future__ import annotations

import lineage_graph as lg
from lineage_graph.model import Artifact, Kind
from lineage_graph.questions import compare, why
from lineage_graph.store import Find, Store


def test_two_runs_of_recorded_code(store: Store) -> None:
    data = lg.artifact("Data", "s3://data", digest="d1")
    for epochs, speed in ((5, 10), (6, 12)):
        with (
            lg.pipeline("p", store=store).run(f"r{epochs}") as run,
            run.step("Trainer", inputs={"data": data}, params={"epochs": epochs}) as step,
        ):
            step.output("Model", uri=f"s3://models/{epochs}")
            step.log(speed=speed)
    one, other = (
        node
        for node in store.find(Find(kind=Kind.ARTIFACT, type="Model")).nodes
        if isinstance(node, Artifact)
    )
    found = why(store, one.ref, other.ref)
    assert [reason.sentence for reason in found.reasons] == ["Trainer.epochs 5 → 6."]
    assert found.metrics == {"speed": (10, 12)}
    assert found.sentence.startswith("Same data, ")
    rows = {(row.part, row.name): row.values for row in compare(store, [one.ref, other.ref]).rows}
    assert rows["metric", "speed"] == (10, 12)
    assert rows["parameter", "epochs"] == (5, 6)
    assert ("parameter", "metric_names") not in rows


def test_a_version_of_code_and_a_function_that_was_changed(store: Store) -> None:
    data = lg.artifact("Data", "s3://data", digest="d1")
    for version in ("v1", "v2"):
        with (
            lg.pipeline("p", store=store).run(version) as run,
            run.step("Trainer", inputs={"data": data}, code=version) as step,
        ):
            step.output("Model", uri=f"s3://models/{version}")

    def first() -> int:
        return 1

    def second() -> int:
        return 2

    for source in (first, second):
        with (
            lg.pipeline("p", store=store).run(f"{source()}") as run,
            run.step("Tuner", inputs={"data": data}, code=source) as step,
        ):
            step.output("Model", uri=f"s3://models/{source()}")
    models = [node.ref for node in store.find(Find(kind=Kind.ARTIFACT, type="Model")).nodes]
    assert [reason.sentence for reason in why(store, *models[:2]).reasons] == [
        "Other code: code_version v1 → v2 (in Trainer)."
    ]
    (reason,) = why(store, *models[2:]).reasons
    assert reason.sentence.startswith("Other code: code_digest sha256:")
