"""Runs and steps as they are stored: succeeded, failed, interrupted, nested; their inputs and outputs."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

import lineage_graph as lg
from lineage_graph.errors import FailedPrecondition, InvalidArgument, NotFound
from lineage_graph.model import (
    Artifact,
    ArtifactState,
    EventType,
    Execution,
    ExecutionState,
    Kind,
    Ref,
    Subgraph,
)
from lineage_graph.recorder import Run, Step
from lineage_graph.store import Store


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def around(store: Store, step: Step) -> Subgraph:
    assert step.ref is not None
    return store.neighbours(step.ref)


def stored(store: Store, step: Step) -> Execution:
    assert step.ref is not None
    found = store.node(step.ref)
    assert isinstance(found, Execution)
    return found


def artifact(store: Store, wanted: Artifact) -> Artifact:
    found = store.node(wanted.ref)
    assert isinstance(found, Artifact)
    return found


def edges(graph: Subgraph) -> set[tuple[str, tuple[int | str, ...], int]]:
    return {(event.type.value, event.path, event.artifact_id) for event in graph.events}


def test_the_example(store: Store) -> None:
    Path("train.csv").write_text("a,b\n1,2\n")
    with lg.pipeline("penguin", store=store).run("2026-11-23") as run:
        with run.step("Ingest") as ingest:
            examples = ingest.output("Examples", uri="train.csv")
        with run.step("Trainer", inputs={"examples": examples}, params={"epochs": 5}) as step:
            Path("models/7").mkdir(parents=True)
            Path("models/7/weights").write_bytes(b"\0\1")
            model = step.output("Model", uri="models/7")
            assert artifact(store, model).state is ArtifactState.PENDING
            assert stored(store, step).last_known_state is ExecutionState.RUNNING
            step.log(accuracy=0.93)

    execution, graph = stored(store, step), around(store, step)
    assert execution.type == "Trainer"
    assert execution.last_known_state is ExecutionState.COMPLETE
    assert execution.custom_properties["epochs"] == 5
    assert execution.custom_properties["accuracy"] == 0.93
    assert "pytest" in str(execution.custom_properties["package_versions"])
    assert execution.custom_properties["command_line"]
    assert execution.custom_properties["python_version"]
    started, ended = execution.create_time_since_epoch, execution.last_update_time_since_epoch
    assert 0 < (started or 0) < (ended or 0)
    assert edges(graph) == {
        ("INPUT", ("examples", 0), examples.id),
        ("OUTPUT", ("model", 0), model.id),
    }
    made = artifact(store, model)
    assert (made.type, made.uri, made.state) == ("Model", "models/7", ArtifactState.LIVE)
    assert str(made.custom_properties["digest"]).startswith("sha256:")
    contexts = {(context.type, context.name): context.id for context in graph.contexts}
    assert contexts.keys() == {
        ("pipeline", "penguin"),
        ("pipeline_run", "penguin.2026-11-23"),
        ("node", "penguin.Trainer"),
    }
    assert {a.context_id for a in graph.associations} == set(contexts.values())
    made_in = {a.context_id for a in store.neighbours(made.ref).attributions}
    assert made_in == set(contexts.values())
    run_id = contexts["pipeline_run", "penguin.2026-11-23"]
    parents = store.neighbours(Ref(Kind.CONTEXT, run_id)).parent_contexts
    assert [(p.child_id, p.parent_id) for p in parents] == [
        (run_id, contexts["pipeline", "penguin"])
    ]


def test_a_second_run_reuses_the_pipeline_and_the_nodes(store: Store) -> None:
    pipeline = lg.pipeline("penguin", store=store)
    for name in ("one", "two", "one"):
        with pipeline.run(name) as run, run.step("Trainer"):
            pass
    counts = store.counts()
    assert (counts.executions, counts.contexts, counts.parent_contexts) == (3, 4, 2)
    assert (counts.execution_types, counts.context_types) == (1, 3)


def test_the_same_run_name_in_two_pipelines_is_two_runs(store: Store) -> None:
    for name in ("one", "two"):
        with lg.pipeline(name, store=store).run("nightly"):
            pass
    assert (store.counts().contexts, store.counts().parent_contexts) == (4, 2)


def test_runs_without_a_name_are_named_by_the_time(store: Store) -> None:
    pipeline = lg.pipeline("penguin", store=store)
    with pipeline.run() as first, pipeline.run() as second:
        assert first.name != second.name
    assert store.counts().contexts == 3


def test_a_block_that_raises(store: Store) -> None:
    with lg.pipeline("penguin", store=store).run("r") as run:  # noqa: SIM117
        with pytest.raises(ZeroDivisionError), run.step("Trainer") as step:  # noqa: PT012
            model = step.output("Model", uri="models/7")
            step.log(loss=3.5)
            1 / 0  # noqa: B018
    failed = stored(store, step)
    assert failed.last_known_state is ExecutionState.FAILED
    assert failed.custom_properties["error_type"] == "ZeroDivisionError"
    assert failed.custom_properties["error_message"] == "division by zero"
    assert failed.custom_properties["loss"] == 3.5
    assert artifact(store, model).state is ArtifactState.ABANDONED
    assert edges(around(store, step)) == {("PENDING_OUTPUT", ("model", 0), model.id)}


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, SystemExit, asyncio.CancelledError])
def test_a_block_that_is_interrupted(store: Store, interruption: type[BaseException]) -> None:
    with lg.pipeline("penguin", store=store).run("r") as run:  # noqa: SIM117
        with pytest.raises(interruption), run.step("Trainer") as step:  # noqa: PT012
            model = step.output("Model")
            raise interruption
    canceled = stored(store, step)
    assert canceled.last_known_state is ExecutionState.CANCELED
    assert canceled.custom_properties["error_type"] == interruption.__name__
    assert artifact(store, model).state is ArtifactState.ABANDONED


def test_a_generator_that_is_closed_in_the_middle(store: Store) -> None:
    def batches(run: Run):  # type: ignore[no-untyped-def]
        with run.step("Reader") as step:
            yield step

    with lg.pipeline("penguin", store=store).run("r") as run:
        generator = batches(run)
        step = next(generator)
        generator.close()
    assert stored(store, step).last_known_state is ExecutionState.CANCELED


def test_an_error_whose_text_fails_or_is_no_unicode_is_recorded(store: Store) -> None:
    class Awkward(Exception):
        def __str__(self) -> str:
            raise RuntimeError

    with lg.pipeline("penguin", store=store).run("r") as run:
        with pytest.raises(Awkward), run.step("A") as first:
            raise Awkward
        with pytest.raises(ValueError, match="x"), run.step("B") as second:
            raise ValueError("x\udcff")
    assert "Awkward" in str(stored(store, first).custom_properties["error_message"])
    assert stored(store, second).custom_properties["error_message"] == "x?"


def test_nested_steps_name_their_parent(store: Store) -> None:
    with lg.pipeline("penguin", store=store).run("r") as run, run.step("Tuner") as tuner:
        for trial in range(2):
            with tuner.step("Trial", params={"trial": trial}) as child:
                pass
    assert stored(store, child).custom_properties["parent_step"] == "Tuner"
    assert stored(store, child).custom_properties["parent_origin"] == stored(store, tuner).origin
    assert "parent_step" not in stored(store, tuner).custom_properties
    assert store.counts().executions == 3


def test_a_child_that_fails_inside_a_parent_that_goes_on(store: Store) -> None:
    with lg.pipeline("penguin", store=store).run("r") as run, run.step("Tuner") as tuner:  # noqa: SIM117
        with pytest.raises(ValueError, match="bad"), tuner.step("Trial") as child:
            raise ValueError("bad")
    assert stored(store, child).last_known_state is ExecutionState.FAILED
    assert stored(store, tuner).last_known_state is ExecutionState.COMPLETE


def test_every_way_to_name_an_input(store: Store) -> None:
    Path("here.csv").write_text("1")
    Path("there").mkdir()
    pipeline = lg.pipeline("penguin", store=store)
    with pipeline.run("first") as run, run.step("Make") as make:
        made = [make.output("Examples", key="split") for _ in range(4)]
    one, two, three, four = (a.id or 0 for a in made)
    given = {
        "objects": made[:1],
        "id": two,
        "ref": Ref(Kind.ARTIFACT, three),
        "text": f"artifact/{four}",
        "path": Path("here.csv"),
        "list": ["there", "s3://bucket/key"],
    }
    with pipeline.run("second") as run, run.step("Use", inputs=given) as use:
        assert [a.uri for a in use.inputs["list"]] == ["there", "s3://bucket/key"]
    found = {event.path: event.artifact_id for event in around(store, use).events}
    assert found["objects", 0] == one
    assert found["id", 0] == two
    assert found["ref", 0] == three
    assert found["text", 0] == four
    assert found.keys() >= {("path", 0), ("list", 0), ("list", 1)}
    (here,) = store.by_uri("here.csv")
    assert (here.type, here.state, here.id) == ("Dataset", ArtifactState.LIVE, found["path", 0])


def test_a_path_is_the_same_artifact_as_long_as_its_content_is(store: Store) -> None:
    file = Path("train.csv")
    file.write_text("one")
    pipeline = lg.pipeline("penguin", store=store)

    def read_by_a_step() -> int:
        with pipeline.run("r") as run, run.step("Use", inputs={"data": file}) as step:
            pass
        return step.inputs["data"][0].id or 0

    first, again = read_by_a_step(), read_by_a_step()
    file.write_text("two")
    changed = read_by_a_step()
    file.write_text("one")
    assert first == again == read_by_a_step()
    assert changed != first
    assert store.counts().artifacts == 2


def test_a_path_an_earlier_step_wrote_is_that_steps_output(store: Store) -> None:
    with lg.pipeline("penguin", store=store).run("r") as run:
        with run.step("Trainer") as trainer:
            model = trainer.output("Model", uri="model.bin")
            Path("model.bin").write_bytes(b"weights")
        with run.step("Evaluator", inputs={"model": "model.bin"}) as evaluator:
            pass
    assert evaluator.inputs["model"][0].id == model.id
    assert store.counts().artifacts == 1


def test_described_artifacts_as_inputs(store: Store) -> None:
    schema = lg.artifact("Schema", "s3://bucket/schema", digest="etag:1", properties={"columns": 4})
    newer = lg.artifact("Schema", "s3://bucket/schema", digest="etag:2")
    with lg.pipeline("penguin", store=store).run("r") as run:
        for _ in range(2):
            with run.step("Use", inputs={"schema": [schema, newer]}) as step:
                pass
    first, second = step.inputs["schema"]
    assert (first.type, first.custom_properties["columns"]) == ("Schema", 4)
    assert second.custom_properties["digest"] == "etag:2"
    assert store.counts().artifacts == 2


def test_one_artifact_under_two_keys(store: Store) -> None:
    Path("a.csv").write_text("1")
    inputs = {"train": "a.csv", "test": "a.csv"}
    with (
        lg.pipeline("penguin", store=store).run("r") as run,
        run.step("Use", inputs=inputs) as step,
    ):
        pass
    assert edges(around(store, step)) == {("INPUT", ("train", 0), step.inputs["train"][0].id)}


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (3.5, InvalidArgument),
        (True, InvalidArgument),
        (None, InvalidArgument),
        (0, InvalidArgument),
        ("execution/1", InvalidArgument),
        (Ref(Kind.CONTEXT, 1), InvalidArgument),
        ("no/such/file", NotFound),
        ("", NotFound),
        (999_999, NotFound),
        ("artifact/999999", NotFound),
    ],
)
def test_inputs_that_cannot_be(store: Store, wrong: object, error: type[Exception]) -> None:
    with lg.pipeline("penguin", store=store).run("r") as run:
        step = run.step("Use", inputs={"data": wrong})  # type: ignore[dict-item]
        with pytest.raises(error, match="data"), step:
            raise AssertionError("the block must not run")
    assert store.counts().executions == 0


def test_outputs_of_one_key_are_numbered(store: Store) -> None:
    with lg.pipeline("penguin", store=store).run("r") as run, run.step("Split") as step:
        step.output("TransformGraph")
        step.output("Examples", key="split", properties={"rows": 10})
        step.output("Examples", key="split", properties={"rows": 20})
    paths = {event.path for event in around(store, step).events}
    assert paths == {("transform_graph", 0), ("split", 0), ("split", 1)}
    rows = [a.custom_properties["rows"] for a in step.outputs["split"]]
    assert rows == [10, 20]


def test_metrics_of_an_output_and_of_the_step(store: Store) -> None:
    with lg.pipeline("penguin", store=store).run("r") as run, run.step("Trainer") as step:
        model = step.output("Model")
        for epoch in range(3):
            step.log(loss=1.0 / (epoch + 1))
        step.log(model, accuracy=0.9)
        step.param(optimizer="adam")
    assert artifact(store, model).custom_properties == {"accuracy": 0.9}
    properties = stored(store, step).custom_properties
    assert properties["loss"] == 1.0 / 3
    assert properties["optimizer"] == "adam"
    assert "accuracy" not in properties


def test_what_a_step_refuses(store: Store) -> None:
    with lg.pipeline("penguin", store=store).run("r") as run:
        with run.step("Trainer", params={"epochs": 5}) as step:
            with pytest.raises(InvalidArgument, match="parameter"):
                step.log(epochs=6)
            with pytest.raises(InvalidArgument, match="cache_key"):
                step.log(cache_key="x")
            with pytest.raises(InvalidArgument, match="no output"):
                step.log(lg.artifact("Model", "elsewhere"), accuracy=1)
        with pytest.raises(FailedPrecondition, match="does not run"):
            step.output("Model")
        with pytest.raises(FailedPrecondition, match="does not run"):
            step.log(accuracy=1)
        with pytest.raises(FailedPrecondition, match="ran already"), step:
            pass
    with pytest.raises(InvalidArgument, match="step"):
        run.step("")
    with pytest.raises(InvalidArgument, match="pipeline"):
        lg.pipeline("", store=store)
    with pytest.raises(InvalidArgument, match="on_error"):
        lg.pipeline("p", store=store, on_error="ignore")  # type: ignore[arg-type]


def test_a_store_that_fails_raises_unless_told_otherwise() -> None:
    down = lg.Settings(uri="bolt://127.0.0.1:1", connect_timeout=0.2)
    with pytest.raises(lg.LineageError, match=r"bolt://127\.0\.0\.1:1"):  # noqa: SIM117
        with lg.pipeline("penguin", settings=down).run("r"):
            raise AssertionError("the block must not run")


def test_the_blocks_error_matters_more_than_the_stores(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with lg.pipeline("penguin", store=store).run("r") as run:
        with pytest.raises(ZeroDivisionError), run.step("Trainer"):  # noqa: PT012
            monkeypatch.setattr(store, "put", _down)
            1 / 0  # noqa: B018
        with pytest.raises(lg.LineageError, match="down"), run.step("Trainer"):
            raise AssertionError("the block must not run")
        monkeypatch.undo()


def _down(*_: object) -> None:
    raise lg.LineageError("The store is down.")


def test_awkward_names_survive(store: Store) -> None:
    name = 'a`b"c{d}\n<b>é\x00__proto__'
    with lg.pipeline(name, store=store).run(name) as run, run.step(name) as step:
        step.output("Mo`del", uri=name, key=name)
        step.log(**{name: 1})
    assert stored(store, step).custom_properties[name] == 1
    assert [event.path for event in around(store, step).events] == [(name, 0)]
    assert around(store, step).events[0].type is EventType.OUTPUT
