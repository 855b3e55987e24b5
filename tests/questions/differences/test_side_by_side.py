"""Side by side: every fact of every one, in its row; what cannot be compared is said."""

from __future__ import annotations

from typing import Any

from lineage_graph.model import Kind, Ref
from lineage_graph.questions import SideBySide, compare, why
from lineage_graph.store import Store


def rows(found: SideBySide, *parts: str) -> dict[tuple[str, str], tuple[Any, ...]]:
    """The values that differ, by step and name."""
    return {
        (row.step, row.name): row.values
        for row in found.rows
        if not row.same and (not parts or row.part in parts)
    }


def artifact(number: int) -> Ref:
    return Ref(Kind.ARTIFACT, number)


def test_three_models_with_what_made_them(tfx: Store) -> None:
    found = compare(tfx, ["artifact/14", "artifact/29", "artifact/54"])
    assert [node.id for node in found.nodes] == [14, 29, 54]
    assert [str(maker) for maker, _ in found.origins] == [
        "execution/16",
        "execution/28",
        "execution/48",
    ]
    assert rows(found, "input") == {
        ("Trainer", "examples"): ((artifact(11),), (artifact(20),), (artifact(50),)),
        ("Trainer", "hyperparameters"): (None, None, (artifact(51),)),
        ("Trainer", "schema"): ((artifact(3),), (artifact(3),), (artifact(34),)),
        ("Trainer", "transform_graph"): ((artifact(10),), (artifact(22),), (artifact(46),)),
    }
    same = {(row.step, row.name): row.values for row in found.rows if row.same}
    assert same["Trainer", "train_args.num_steps"] == (100, 100, 100)
    assert not found.dropped


def test_runs_step_by_step(tfx: Store) -> None:
    found = compare(tfx, ["context/15", "context/26"])
    differing = rows(found)
    assert differing["transform_cache_resolver", "state"] == ("FAILED", "COMPLETE")
    assert differing["Transform", "analyzer_cache"] == (None, (artifact(12),))
    assert ("Trainer", "train_args.num_steps") not in differing
    assert {name for step, name in rows(found, "time") if not step} == {"began", "ended", "took"}


def test_executions_with_inputs_and_outputs(tfx: Store) -> None:
    found = compare(tfx, ["execution/16", "execution/28"])
    assert rows(found, "output")["", "model"] == ((artifact(14),), (artifact(29),))
    times = {name: values for (_, name), values in rows(found, "time").items()}
    assert list(times) == ["began", "ended", "took"]
    assert all(value.startswith("2026-11-23 09:4") for value in times["began"])
    assert times["took"][0] != times["took"][1]


def test_what_cannot_be_compared_is_said(tfx: Store) -> None:
    found = compare(tfx, ["artifact/14", "nonsense", "execution/4", "artifact/9999", "artifact/14"])
    assert [node.id for node in found.nodes] == [14]
    assert found.dropped == (
        "'nonsense' does not name a node.",
        "execution/4 is left out: only artifacts can stand beside each other here.",
        "artifact/9999 does not exist.",
    )
    many = compare(tfx, [artifact(number) for number in range(1, 31)])
    assert len(many.nodes) == 20
    assert many.dropped == ("10 are left out: at most 20 can stand side by side.",)
    assert compare(tfx, []).rows == ()


def test_the_cached_and_the_resolved_have_the_one_maker(tfx: Store) -> None:
    found = compare(tfx, ["artifact/3", "artifact/34"])
    assert [str(maker) for maker, _ in found.origins] == ["execution/3", "execution/37"]


def test_why_two_runs_differ(tfx: Store) -> None:
    found = why(tfx, "context/15", "context/26")
    assert next(reason.sentence for reason in found.reasons) == (
        "Transform read an extra input: analyzer_cache (TransformCache #12, made by Transform)."
    )
    assert found.complete


def test_what_came_from_the_cache_is_told_by_the_execution_that_made_it(tfx: Store) -> None:
    """A cached execution has no span and no fingerprint of what it read; its results have."""
    cached = why(tfx, "execution/1", "execution/20")
    assert cached.reasons == ()
    assert cached.note == "execution/20 came from the cache, with what execution/1 had made."


def test_one_too_many_is_left_out_and_said(tfx: Store) -> None:
    found = compare(tfx, [f"artifact/{number}" for number in range(1, 22)])
    assert len(found.nodes) == 20
    assert "1 is left out: at most 20 can stand side by side." in found.dropped
