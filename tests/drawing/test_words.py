"""What cards say: what people call a thing, not the number by which machines tell it from its like."""

from __future__ import annotations

import pytest

from lineage_graph.drawing.words import called_of, text_of
from lineage_graph.model import Artifact, Execution, ExecutionState

RUN = "01a20813-bbf1-7ec3-922e-1ad904c37381"


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("prepare 4022779", "prepare"),
        ("data/raw.csv@2925c4a", "data/raw.csv"),
        (f"jaffle.stg_wine @ {RUN} (duckdb:///srv/jaffle)", "jaffle.stg_wine"),
        (f"dbt run jaffle {RUN}", "dbt run jaffle"),
        ("me@example.org", "me@example.org"),
        ("penguin 2026", "penguin 2026"),
        ("a\nb @ 1234567", "a\nb"),
    ],
)
def test_a_number_at_the_end_is_not_what_a_thing_is_called(name: str, called: str) -> None:
    assert called_of(Artifact(id=1, name=name)) == called
    assert called_of(Execution(id=1, name=name)) == called


def test_an_execution_that_only_has_a_number_is_called_nothing() -> None:
    assert called_of(Execution(id=1, name=RUN)) == ""
    assert called_of(Artifact(id=1, name=RUN)) == RUN
    assert called_of(Artifact(id=1, uri="s3://bucket/a")) == "s3://bucket/a"


def test_a_card_says_name_and_time_where_they_are_known() -> None:
    step = Execution(
        id=4,
        type="dvc.Stage",
        name="prepare 4022779",
        last_known_state=ExecutionState.COMPLETE,
        create_time_since_epoch=1000,
        last_update_time_since_epoch=5200,
    )
    assert text_of(step) == "#4  prepare  4.2 s"
    assert text_of(step.model_copy(update={"last_update_time_since_epoch": 1000})) == "#4  prepare"
    cached = step.model_copy(update={"last_known_state": ExecutionState.CACHED, "name": RUN})
    assert text_of(cached) == "#4  from the cache"
