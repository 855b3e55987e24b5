"""What cards say: what people call a thing, not the number by which machines tell it from its like."""

from __future__ import annotations

import pytest

from lineage_graph.drawing.picture import draw
from lineage_graph.drawing.transforms.compose import Look
from lineage_graph.model import (
    Artifact,
    Association,
    Context,
    Event,
    EventType,
    Execution,
    ExecutionState,
    Subgraph,
)
from lineage_graph.model.labels import called_of, head_of, heading_of, text_of
from lineage_graph.model.plain import duration

RUN = "01a20813-bbf1-7ec3-922e-1ad904c37381"


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("prepare 4022779", "prepare"),
        ("data/raw.csv@2925c4a", "data/raw.csv"),
        (f"jaffle.stg_wine @ {RUN} (duckdb:///srv/jaffle)", "jaffle.stg_wine"),
        (f"dbt run jaffle {RUN}", "dbt run jaffle"),
        ("orders @ 3 (warehouse)", "orders"),
        ("orders (postgres://db:5432)", "orders"),
        ("orders (warehouse)", "orders (warehouse)"),
        ("wine-train@770e9b05 (wine)", "wine-train"),
        ("revert 4022779 and go on", "revert 4022779 and go on"),
        ("me@example.org", "me@example.org"),
        ("run 20261123", "run 20261123"),
        ("run 20261123-09", "run"),
        ("a @ " * 100_000 + "(b)", "a @ " * 100_000 + "(b)"),
        ("penguin 2026", "penguin 2026"),
        ("a\nb @ 1234567", "a\nb"),
    ],
)
def test_a_number_at_the_end_is_not_what_a_thing_is_called(name: str, called: str) -> None:
    assert called_of(Artifact(id=1, name=name)) == called
    assert called_of(Execution(id=1, name=name)) == called


def test_what_has_a_number_alone_is_called_by_its_type() -> None:
    for node in (
        Execution(id=1, type="a.b.Trainer", name=RUN),
        Artifact(id=1, type="Trainer", name=RUN),
        Artifact(id=1, type="Trainer", uri="s3://bucket/a"),
    ):
        assert called_of(node) == ""
        assert head_of(node) == heading_of(node) == "Trainer"


@pytest.mark.parametrize("where", ["properties", "custom_properties"])
def test_what_a_tool_shows_is_what_a_thing_is_called(where: str) -> None:
    node = Execution(
        id=1, type="mlflow.Run", name="old 1234567", **{where: {"display_name": "new name"}}
    )
    assert (head_of(node), text_of(node)) == ("new name", "#1  Run")
    blank = node.model_copy(update={where: {"display_name": " "}})
    assert head_of(blank) == "old"
    number = node.model_copy(update={where: {"display_name": 3}})
    assert head_of(number) == "old"


def test_a_card_says_name_type_and_time_where_they_are_known() -> None:
    step = Execution(
        id=4,
        type="dvc.Stage",
        name="prepare 4022779",
        last_known_state=ExecutionState.COMPLETE,
        create_time_since_epoch=1000,
        last_update_time_since_epoch=5200,
    )
    assert (heading_of(step), text_of(step)) == ("prepare", "#4  Stage  4.2 s")
    assert text_of(step, "DVC") == "#4  DVC Stage  4.2 s"
    assert text_of(step.model_copy(update={"last_update_time_since_epoch": 1000})) == "#4  Stage"
    cached = step.model_copy(update={"last_known_state": ExecutionState.CACHED, "name": RUN})
    assert (heading_of(cached), text_of(cached)) == ("Stage", "#4  from the cache")
    long = step.model_copy(update={"name": "a stage with a long name 4022779"})
    assert heading_of(long) == "a stage with a long name"
    path = step.model_copy(update={"name": "pipelines/wine/featurize 4022779"})
    assert heading_of(path) == "…s/wine/featurize"
    data = Artifact(id=5, type="Dataset", name="data/raw.csv@2925c4a", uri="s3://files/29/25c4")
    assert (heading_of(data), text_of(data)) == ("data/raw.csv", "#5  Dataset")
    model = Artifact(id=6, type="Model", uri="/pipelines/penguin/Trainer/model/16")
    assert text_of(model) == "#6  …Trainer/model/16"
    assert text_of(model, "ML Metadata") == "#6  ML Metadata  …el/16"


@pytest.mark.parametrize(
    ("milliseconds", "said"),
    [(0, "0 ms"), (45, "45 ms"), (94, "94 ms"), (95, "0.1 s"), (9_949, "9.9 s"), (41_000, "41 s")],
)
def test_no_time_is_said_to_be_none(milliseconds: int, said: str) -> None:
    assert duration(milliseconds) == said


def test_a_picture_says_who_told_of_what_only_where_several_did() -> None:
    train = Execution(id=1, type="dvc.Train", name="train 4022779", origin="dvc:r:stage")
    model = Artifact(id=1, type="Model", name="model.pkl@37c7911", origin="mlflow:s:model|1")
    event = Event(artifact_id=1, execution_id=1, type=EventType.OUTPUT)
    picture = draw(Subgraph(executions=(train,), artifacts=(model,), events=(event,)))
    assert {card.key: (card.heading, card.text, card.type) for card in picture.cards} == {
        "execution/1": ("train", "#1  DVC Train", "Train"),
        "artifact/1": ("model.pkl", "#1  MLflow Model", "Model"),
    }
    assert picture.tools == ("DVC", "MLflow")
    by_client = model.model_copy(update={"origin": None})
    picture = draw(Subgraph(executions=(train,), artifacts=(by_client,), events=(event,)))
    assert {card.text for card in picture.cards} == {"#1  Train", "#1  Model"}
    assert picture.tools == ()


@pytest.mark.parametrize(
    ("names", "heading"),
    [
        (["train"] * 5, "5 × train"),
        (["a", "b", "c", "d", "e"], "5 × Train"),
        (["features/all/prepare.1"] * 5, "5 × …res/all/prepare.1"),
    ],
)
def test_a_stack_is_called_what_all_in_it_are_called(names: list[str], heading: str) -> None:
    executions = tuple(
        Execution(id=number, type="dvc.Train", name=f"{name} 402277{number}")
        for number, name in enumerate(names)
    )
    (card,) = draw(Subgraph(executions=executions), look=Look()).cards
    assert (card.heading, card.type) == (heading, "Train")


def test_a_folded_run_is_called_what_people_call_it() -> None:
    run = Context(id=5, type="run", name="rf b3ab0854")
    executions = tuple(Execution(id=number, type="Step") for number in (1, 2))
    graph = Subgraph(
        executions=executions,
        contexts=(run,),
        associations=tuple(Association(execution_id=i, context_id=5) for i in (1, 2)),
    )
    (card,) = draw(graph, look=Look(fold=frozenset({"context/5"}))).cards
    assert (card.heading, card.title) == ("rf", "rf b3ab0854")
