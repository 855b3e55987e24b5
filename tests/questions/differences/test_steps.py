"""Steps that were renamed, added or removed: what is behind them is compared all the same."""

from __future__ import annotations

import pytest

from lineage_graph.model import Artifact, Event, EventType, Execution, Subgraph
from lineage_graph.questions.differences.facts import Cause
from tests.questions.differences.lineages import artifact, lineage, said, why


def test_a_renamed_step_with_another_parameter() -> None:
    graph = lineage("Train#1 lr=0.1: data=1 -> model=2\nTrain2#2 lr=0.9: data=1 -> model=3")
    assert said(graph, "artifact/2", "artifact/3") == [
        "Train2.lr 0.1 → 0.9.",
        "Another step: Train2 #2 instead of Train #1.",
    ]


REMOVED = """
Clean#1 rows=1: raw=1 -> data=2
Scale#2: data=2 -> data=3
Train#3 lr=0.1: data=3 -> model=4
Clean#11 rows=1: raw=11 -> data=12
Train#13 lr=0.1: data=12 -> model=14
"""


def test_a_removed_step_and_the_raw_data_changed() -> None:
    graph = lineage(REMOVED, a1={"digest": "aa"}, a11={"digest": "bb"})
    assert sorted(said(graph, "artifact/4", "artifact/14")) == [
        "Only the first one was made with the step Scale #2.",
        "The data changed: Raw #1 → #11 (digest aa → bb).",
    ]
    assert "Only the other one was made with the step Scale #2." in said(
        graph, "artifact/14", "artifact/4"
    )


def test_a_removed_step_whose_result_had_a_type_of_its_own() -> None:
    graph = lineage(
        REMOVED.replace("-> data=3", "-> scaled=3").replace("data=3 ->", "scaled=3 ->"),
        a1={"digest": "aa"},
        a11={"digest": "bb"},
    )
    found = said(graph, "artifact/4", "artifact/14")
    assert "Only the first one was made with the step Scale #2." in found
    assert "The data changed: Raw #1 → #11 (digest aa → bb)." in found


def test_the_first_step_was_removed_and_the_raw_data_changed() -> None:
    graph = lineage(
        "Clean#1: raw=1 -> data=2\nTrain#2: data=2 -> model=3\nTrain#12: data=11 -> model=13",
        a1={"digest": "aa"},
        a11={"digest": "bb", "type": "Raw"},
    )
    assert sorted(said(graph, "artifact/3", "artifact/13")) == [
        "Only the first one was made with the step Clean #1.",
        "The data changed: Raw #1 → #11 (digest aa → bb).",
    ]


def test_a_step_removed_from_what_both_share() -> None:
    graph = lineage(
        "Clean#1: raw=1 -> data=2\nScale#2: data=2 -> data=3\n"
        "Train#3: data=3 -> model=4\nTrain#13: data=2 -> model=14"
    )
    assert "Only the first one was made with the step Scale #2." in said(
        graph, "artifact/4", "artifact/14"
    )


def test_the_last_step_was_added() -> None:
    graph = lineage(
        "Train#1 lr=0.1: data=1 -> model=2\n"
        "Train#11 lr=0.2: data=1 -> model=12\nQuantize#12: model=12 -> model=13"
    )
    assert sorted(said(graph, "artifact/2", "artifact/13")) == [
        "Only the other one was made with the step Quantize #12.",
        "Train.lr 0.1 → 0.2.",
    ]


def test_runs_whose_steps_were_renamed_and_removed() -> None:
    graph = lineage(
        """
        Clean#1 run=a: raw=1 -> data=2
        Scale#2 run=a: data=2 -> data=3
        Train#3 run=a lr=0.1: data=3 -> model=4
        Clean#11 run=b: raw=11 -> data=12
        Fit#13 run=b lr=0.1: data=12 -> model=14
        """,
        a1={"digest": "aa"},
        a11={"digest": "bb"},
    )
    assert sorted(said(graph, "context/1", "context/2")) == [
        "Another step: Fit #13 instead of Train #3.",
        "Scale #2 ran only in the first one.",
        "The data changed: Raw #1 → #11 (digest aa → bb).",
    ]


@pytest.mark.parametrize(
    ("one", "other", "text"),
    [
        (0.1, 0.10000001, "lr 0.1 → 0.10000001"),
        (5, "5", 'lr 5 (number) → "5" (text)'),
        (True, 1, "lr true → 1"),
        ("true", True, 'lr "true" (text) → true (truth value)'),
        ("a b", "a  b", 'lr "a b" (text) → "a  b" (text)'),
        (None, "not set", 'lr not set → "not set" (text)'),
    ],
)
def test_values_that_differ_never_read_alike(one: object, other: object, text: str) -> None:
    executions = [
        Execution(id=n, type="Train", custom_properties={} if held is None else {"lr": held})
        for n, held in ((1, one), (2, other))
    ]
    graph = Subgraph(
        artifacts=(Artifact(id=1, type="Model"), Artifact(id=2, type="Model")),
        executions=tuple(executions),
        events=tuple(Event(artifact_id=n, execution_id=n, type=EventType.OUTPUT) for n in (1, 2)),
    )
    assert said(graph, "artifact/1", "artifact/2") == [f"Train.{text}."]


def test_equal_numbers_of_two_kinds_are_the_same() -> None:
    graph = lineage("Train#1 lr=5: data=1 -> model=2\nTrain#2 lr=5.0: data=1 -> model=3")
    assert said(graph, "artifact/2", "artifact/3") == []


def test_a_circle_names_its_makers() -> None:
    graph = lineage(
        "Grow#1: table=1 -> table=1\nGrow#2: table=2 -> table=2", a1={"rows": 1}, a2={"rows": 2}
    )
    assert said(graph, "artifact/1", "artifact/2") == [
        "Table differs, and is made from itself, in a circle through Grow: rows 1 → 2."
    ]


def test_a_circle_beside_another_cause_is_told_too() -> None:
    graph = lineage(
        """
        Grow#1: table=1 -> table=1
        Train#2 lr=1: table=1 -> model=3
        Grow#11: table=11 -> table=11
        Train#12 lr=2: table=11 -> model=13
        """,
        a1={"rows": 1},
        a11={"rows": 2},
    )
    assert said(graph, "artifact/3", "artifact/13") == [
        "Train.lr 1 → 2.",
        "Table differs, and is made from itself, in a circle through Grow: rows 1 → 2.",
    ]


def test_nothing_is_said_to_be_all_where_names_differ() -> None:
    graph = lineage("Train#1 lr=5: data=1 -> model=2\nTrain#2 lr=5: data=1 -> model=3")
    named = graph.model_copy(
        update={
            "artifacts": tuple(a.model_copy(update={"name": f"m{a.id}"}) for a in graph.artifacts)
        }
    )
    assert why(named, "artifact/2", "artifact/3").sentence == (
        "Same in everything recorded that can make a difference: only names differ."
    )
    assert why(graph, "artifact/2", "artifact/3").sentence == (
        "Same in everything recorded: the difference is not in what is recorded."
    )


def test_the_picture_has_no_event_from_outside_of_the_two_ancestries() -> None:
    """The other step only looked up what the first one read: that led to neither of the two."""
    graph = lineage(
        """
        Make#6: -> extra=7
        Train#1: data=1 extra=7 -> model=2
        Train#2: data=1 -> model=3 ~extra=7
        """
    )
    found = why(graph, "artifact/2", "artifact/3")
    assert found.marks[artifact(7)] == "missing"
    drawn = [(e.artifact_id, e.execution_id, e.type.is_input) for e in found.graph.events]
    assert (7, 2, False) not in drawn
    assert (7, 2, True) in drawn  # of the first, whose step stands where the other's does


def test_a_version_of_code_is_a_cause() -> None:
    graph = lineage(
        "Train#1 code_version=v1: data=1 -> model=2\nTrain#2 code_version=v2: data=1 -> model=3"
    )
    (reason,) = why(graph, "artifact/2", "artifact/3").reasons
    assert reason.divergence.cause is Cause.CODE
    assert reason.sentence == "Other code: code_version v1 → v2 (in Train)."


def test_what_is_behind_many_renamed_steps_takes_time_that_grows_with_their_number() -> None:
    """Of two chains of 500 steps, in which every other step has another name."""
    many = 500
    lines = [f"Step{n}#{n} lr={n}: data={n} -> data={n + 1}" for n in range(1, many)]
    lines += [
        f"{'New' if n % 2 else ''}Step{n}#{many + n} lr={n + (n == 1)}: "
        f"data={2 * many + n} -> data={2 * many + n + 1}"
        for n in range(1, many)
    ]
    graph = lineage("\n".join(lines), **{f"a{2 * many + 1}": {"uri": "other"}})
    found = why(graph, f"artifact/{many}", f"artifact/{3 * many}")
    told = [reason.sentence for reason in found.reasons]
    assert "NewStep1.lr 1 → 2." in told
    assert sum(sentence.startswith("Another step: New") for sentence in told) == many // 2
