"""Why two things differ, in cases a person would know the answer of."""

from __future__ import annotations

import time

import pytest

from lineage_graph.model import Artifact, Event, EventType, Execution, Ref, Subgraph
from lineage_graph.questions.differences.ancestry import Ancestry, Slot
from lineage_graph.questions.differences.facts import Cause
from lineage_graph.questions.differences.why import explained
from tests.questions.differences.lineages import artifact, execution, lineage, said, why

PARAMETER = """
Train#1 epochs=5 git_commit=abc: data=1 -> model=2
Train#2 epochs=10 git_commit=abc: data=1 -> model=3
"""


def test_only_a_parameter_changed() -> None:
    found = why(lineage(PARAMETER), "artifact/2", "artifact/3")
    assert found.sentence == "Same data, same code, but Train.epochs 5 → 10."
    (reason,) = found.reasons
    assert [str(stop) for stop in reason.way] == ["Train #1 → #2", "Model #2 → #3"]
    assert (reason.divergence.cause, reason.divergence.distance) == (Cause.PARAMETER, 1)
    assert found.marks == {
        artifact(1): "same",
        execution(2): "changed",
        artifact(3): "changed",
    }
    assert {(e.artifact_id, e.execution_id) for e in found.graph.events} == {(1, 2), (3, 2)}


def test_swapped_it_reads_the_other_way_round() -> None:
    assert said(lineage(PARAMETER), "artifact/3", "artifact/2") == ["Train.epochs 10 → 5."]


def test_a_parameter_inside_of_json_text() -> None:
    graph = lineage("Train#1: data=1 -> model=2\nTrain#2: data=1 -> model=3")
    one, other = graph.executions
    changed = graph.model_copy(
        update={
            "executions": (
                one.model_copy(
                    update={"custom_properties": {"args": '{"num_steps": 100, "a": 1}'}}
                ),
                other.model_copy(
                    update={"custom_properties": {"args": '{"a": 1, "num_steps": 9}'}}
                ),
            )
        }
    )
    assert said(changed, "artifact/2", "artifact/3") == ["Train.args.num_steps 100 → 9."]


def test_a_parameter_only_one_has() -> None:
    graph = lineage("Train#1: data=1 -> model=2\nTrain#2 dropout=0.2: data=1 -> model=3")
    assert said(graph, "artifact/2", "artifact/3") == ["Train.dropout not set → 0.2."]


TWO_DATA = "Train#1 epochs=5: data=1 -> model=2\nTrain#2 epochs=5: data=4 -> model=3"


def test_other_data_under_another_address() -> None:
    graph = lineage(TWO_DATA, a1={"uri": "s3://b/1"}, a4={"uri": "s3://b/2"})
    found = why(graph, "artifact/2", "artifact/3")
    assert found.sentence == (
        "Same parameters, but the data changed: Data #1 → #4 (uri s3://b/1 → s3://b/2)."
    )


def test_the_same_address_with_another_content() -> None:
    graph = lineage(
        TWO_DATA, a1={"uri": "s3://b", "digest": "aa"}, a4={"uri": "s3://b", "digest": "bb"}
    )
    assert said(graph, "artifact/2", "artifact/3") == [
        "The data changed: Data #1 → #4 (digest aa → bb)."
    ]


def test_the_same_content_under_another_address_is_no_difference() -> None:
    graph = lineage(
        TWO_DATA, a1={"uri": "s3://a", "digest": "aa"}, a4={"uri": "s3://b", "digest": "aa"}
    )
    found = why(graph, "artifact/2", "artifact/3")
    assert not found.reasons
    assert found.sentence == (
        "Same in everything recorded that can make a difference: only addresses differ."
    )
    assert set(found.marks.values()) == {"same"}


def test_data_changed_far_upstream_and_nothing_between_is_blamed() -> None:
    graph = lineage(
        """
        Clean#1: raw=1 -> data=2
        Train#2 run=r1: data=2 -> model=3
        Clean#3: raw=11 -> data=12
        Train#4 run=r2: data=12 -> model=13
        """,
        a1={"digest": "aa"},
        a2={"digest": "cc", "rows": 5},
        a3={"accuracy": 0.9},
        a11={"digest": "bb"},
        a12={"digest": "dd", "rows": 6},
        a13={"accuracy": 0.8},
    )
    found = why(graph, "artifact/3", "artifact/13")
    assert [reason.sentence for reason in found.reasons] == [
        "The data changed: Raw #1 → #11 (digest aa → bb)."
    ]
    assert [str(stop) for stop in found.reasons[0].way] == [
        "Raw #1 → #11",
        "Clean #1 → #3",
        "Data #2 → #12",
        "Train #2 → #4",
        "Model #3 → #13",
    ]
    assert found.metrics == {"accuracy": (0.9, 0.8)}


def test_what_is_imported_is_data_and_its_run_is_named() -> None:
    graph = lineage(
        """
        Import#1 run=r1: -> schema=1
        Import#2 run=r3: -> schema=2
        Train#3: schema=1 -> model=3
        Train#4: schema=2 -> model=4
        """,
        a1={"digest": "aa"},
        a2={"digest": "bb"},
    )
    assert said(graph, "artifact/3", "artifact/4") == [
        "The data changed: Schema #1 → #2 (made in r3 instead of r1; digest aa → bb)."
    ]


def test_equal_content_ends_the_search_whatever_made_it() -> None:
    graph = lineage(
        """
        Clean#1 rows=5: raw=1 -> data=2
        Train#2 epochs=1: data=2 -> model=3
        Clean#3 rows=9: raw=11 -> data=12
        Train#4 epochs=2: data=12 -> model=13
        """,
        a2={"digest": "cc"},
        a12={"digest": "cc"},
    )
    found = why(graph, "artifact/3", "artifact/13")
    assert found.sentence == "Same data, but Train.epochs 1 → 2."
    assert set(found.marks) == {artifact(12), execution(4), artifact(13)}


def test_another_step_made_it() -> None:
    graph = lineage(
        """
        Import#1: -> schema=1
        Infer#2: stats=9 -> schema=2
        Train#3: schema=1 -> model=3
        Train#4: schema=2 -> model=4
        """
    )
    found = why(graph, "artifact/3", "artifact/4")
    assert [reason.sentence for reason in found.reasons] == [
        "Schema #2 was made by Infer, Schema #1 by Import."
    ]
    assert found.marks[execution(1)] == "missing"
    assert found.marks[execution(2)] == found.marks[artifact(9)] == "added"


def test_an_extra_input_and_a_missing_one() -> None:
    graph = lineage("Train#1: data=1 -> model=2\nTrain#2: data=1 warm=5 -> model=3")
    assert said(graph, "artifact/2", "artifact/3") == ["Train read an extra input: warm (Warm #5)."]
    assert said(graph, "artifact/3", "artifact/2") == [
        "Train did not read an input: warm (Warm #5)."
    ]


def test_inputs_in_another_order() -> None:
    graph = lineage(
        """
        Train#1: data.0=1 data.1=4 -> model=2
        Train#2: data.0=4 data.1=1 -> model=3
        """
    )
    assert said(graph, "artifact/2", "artifact/3") == ["Train read the same data in another order."]


def test_an_input_in_between_moves_nothing() -> None:
    graph = lineage(
        """
        Train#1: data.0=1 data.1=4 -> model=2
        Train#2: data.0=1 data.1=7 data.2=4 -> model=3
        """
    )
    assert said(graph, "artifact/2", "artifact/3") == ["Train read an extra input: data (Data #7)."]


def test_an_input_under_another_key() -> None:
    graph = lineage("Train#1: data=1 -> model=2\nTrain#2: train=1 -> model=3")
    assert said(graph, "artifact/2", "artifact/3") == [
        "Train read the same as train instead of as data."
    ]


def test_one_commit_in_several_steps_is_one_divergence() -> None:
    graph = lineage(
        """
        Clean#1 git_commit=aaa: raw=1 -> data=2
        Train#2 git_commit=aaa: data=2 -> model=3
        Clean#3 git_commit=bbb: raw=1 -> data=12
        Train#4 git_commit=bbb: data=12 -> model=13
        """
    )
    found = why(graph, "artifact/3", "artifact/13")
    assert found.sentence == "Same data, but other code: git_commit aaa → bbb (in Train, Clean)."
    assert len(found.reasons) == 1


def test_causes_upstream_do_not_hide_a_parameter() -> None:
    graph = lineage(
        """
        Clean#1 python_version=3.10.1: raw=1 -> data=2
        Train#2 epochs=5: data=2 -> model=3
        Clean#3 python_version=3.11.0: raw=11 -> data=12
        Train#4 epochs=6: data=12 -> model=13
        """,
        a1={"digest": "aa"},
        a11={"digest": "bb"},
    )
    assert said(graph, "artifact/3", "artifact/13") == [
        "Train.epochs 5 → 6.",
        "The data changed: Raw #1 → #11 (digest aa → bb).",
        "Another environment: python_version 3.10.1 → 3.11.0 (in Clean).",
    ]


def test_what_nothing_recorded_explains() -> None:
    graph = lineage(
        "Train#1 epochs=5: data=1 -> model=2\nTrain#2 epochs=5: data=1 -> model=3",
        a2={"accuracy": 0.5, "digest": "aa"},
        a3={"accuracy": 0.75, "digest": "bb"},
    )
    found = why(graph, "artifact/2", "artifact/3")
    assert found.sentence == (
        "Same data, same parameters, but nothing that is recorded upstream of Model differs, "
        "and yet it does: accuracy 0.5 → 0.75, digest aa → bb."
    )
    assert found.metrics == {"accuracy": (0.5, 0.75)}


def test_a_metric_that_a_step_logged_is_no_parameter() -> None:
    graph = lineage(
        """
        Train#1 epochs=5 accuracy=0.5 metric_names=["speed"] speed=7: data=1 -> model=2
        Train#2 epochs=6 accuracy=0.6 metric_names=["speed"] speed=8: data=1 -> model=3
        """
    )
    found = why(graph, "artifact/2", "artifact/3")
    assert [reason.sentence for reason in found.reasons] == ["Train.epochs 5 → 6."]
    assert found.metrics == {"accuracy": (0.5, 0.6), "speed": (7, 8)}


def test_out_of_the_cache_and_resolved_is_not_made() -> None:
    graph = lineage(
        """
        Clean#1 rows=5: raw=1 -> data=2
        Resolve#9: -> ~data=2
        Clean#3 rows=5 state=CACHED: raw=1 -> data=2
        Train#2: data=2 -> model=3
        Clean#4 rows=6: raw=1 -> data=12
        Train#5: data=12 -> model=13
        Resolve#8: -> ~data=12
        """
    )
    assert said(graph, "artifact/3", "artifact/13") == ["Clean.rows 5 → 6."]


RERUN = """
Import#1 run=r1 span=0: -> data=1
Train#2 run=r1 epochs=5: data=1 -> model=2
Import#3 run=r2 state=CACHED: -> data=1
Resolve#4 run=r2: -> ~base=2
Train#5 run=r2 epochs=6: data=1 base=2 -> model=5
Import#6 run=r3 span=1: -> data=11
Train#7 run=r3 epochs=6: data=11 -> model=7
"""


def test_a_cached_step_of_a_run_differs_in_nothing_from_the_one_whose_results_it_took() -> None:
    """It keeps fewer parameters; what a run only looked up is told where it was read."""
    assert said(lineage(RERUN), "context/1", "context/2") == [
        "Train.epochs 5 → 6.",
        "Resolve #4 ran only in the other one.",
        "Train read an extra input: base (Model #2, made by Train).",
    ]
    assert "Import.span 0 → 1." in said(lineage(RERUN), "context/2", "context/3")


def test_a_cached_execution_is_told_by_what_made_its_results() -> None:
    found = why(lineage(RERUN), "execution/3", "execution/6")
    assert [reason.sentence for reason in found.reasons] == ["Import.span 0 → 1."]
    assert found.note == "execution/3 came from the cache, with what execution/1 had made."
    assert why(lineage(RERUN), "execution/1", "execution/3").reasons == ()


def test_a_chain_of_warm_starts_is_not_compared_with_itself() -> None:
    steps = [f"Train#{n} epochs={n}: base={n - 1} data=100 -> base={n}" for n in range(1, 31)]
    found = why(lineage("\n".join(steps)), "artifact/20", "artifact/30")
    assert [reason.sentence for reason in found.reasons] == [
        "Train.epochs 20 → 30.",
        "Train.base: Base #29 instead of Base #19.",
    ]
    assert found.note == "artifact/30 was itself made from artifact/20."
    assert found.marks[artifact(19)] == "same"
    assert found.marks[artifact(21)] == "added"


def test_the_same_artifact_and_the_same_content() -> None:
    graph = lineage(PARAMETER, a2={"digest": "x"}, a3={"digest": "x"})
    assert why(graph, "artifact/2", "artifact/2").sentence == "They are one and the same."
    found = why(graph, "artifact/2", "artifact/3")
    assert found.sentence == "They hold the same: their digests are equal."
    assert not found.reasons


def test_a_circle_ends() -> None:
    graph = lineage(
        "Grow#1 n=1: table=1 -> table=1\nGrow#2 n=2: table=2 -> table=2",
        a1={"rows": 1},
        a2={"rows": 2},
    )
    assert said(graph, "artifact/1", "artifact/2") == ["Grow.n 1 → 2."]
    only = lineage(
        "Grow#1: table=1 -> table=1\nGrow#2: table=2 -> table=2", a1={"rows": 1}, a2={"rows": 2}
    )
    assert len(said(only, "artifact/1", "artifact/2")) == 1


def ladder(rungs: int, first: int, epochs: int) -> Subgraph:
    """A ladder of diamonds: two ways from each rung to the next."""
    executions, events, count = [], [], 2 * rungs + 1
    for rung in range(rungs):
        step = first + rung
        executions.append(
            Execution(id=step, type="Step", custom_properties={"epochs": epochs if not rung else 0})
        )
        tops = (first + 2 * rung, first + 2 * rung + 1)
        bottoms = (first + 2 * rung + 2, first + 2 * rung + 3)
        events += [
            Event(artifact_id=a, execution_id=step, type=kind, path=(f"k{i}",))
            for kind, ends in ((EventType.INPUT, tops), (EventType.OUTPUT, bottoms))
            for i, a in enumerate(ends)
        ]
    artifacts = tuple(Artifact(id=first + n, type="Data") for n in range(count + 1))
    return Subgraph(artifacts=artifacts, executions=tuple(executions), events=tuple(events))


def test_a_ladder_with_two_to_the_thousand_paths_takes_no_time() -> None:
    graph = ladder(1000, 1, 5) + ladder(1000, 10_001, 6)
    began = time.process_time()
    found = why(graph, "artifact/2001", "artifact/12001")
    assert time.process_time() - began < 2
    assert [reason.sentence for reason in found.reasons] == ["Step.epochs 5 → 6."]
    assert found.reasons[0].divergence.distance == 1999


def test_thousands_of_inputs_take_time_that_grows_with_their_number() -> None:
    """Each input that differs is looked at once: of 4,000, not sixteen million pairs."""
    many = 4_000
    events = [Event(artifact_id=n, execution_id=1, type=EventType.INPUT) for n in range(1, many)]
    events.append(Event(artifact_id=many, execution_id=2, type=EventType.INPUT))
    graph = Subgraph(
        artifacts=tuple(
            Artifact(id=n, type="Data", uri=f"s3://lake/{n}") for n in range(1, many + 1)
        ),
        executions=(Execution(id=1, type="Join"), Execution(id=2, type="Join")),
        events=tuple(events),
    )
    looked = 0
    above = Ancestry.above

    def counting(self: Ancestry, ref: Ref) -> tuple[Slot, ...]:
        nonlocal looked
        looked += 1
        return above(self, ref)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Ancestry, "above", counting)
        one, other = graph.executions
        found = explained(one, other, graph, [one.ref], [other.ref])
    assert len(found.reasons) == many - 1
    assert looked < 50 * many
