"""Two accounts of one node become one, whichever comes first."""

from __future__ import annotations

import hypothesis.strategies as st
from hypothesis import given

from lineage_graph.model import Artifact, ArtifactState, Execution, ExecutionState
from lineage_graph.model.merging import merged

_NAMES = st.sampled_from(["epochs", "accuracy", "owner"])
_TIMES = st.permutations(range(1, 4))


@st.composite
def accounts(draw: st.DrawFn) -> list[Execution]:
    """Three accounts of one execution, each told at another time."""
    return [
        Execution(
            type="Trainer",
            origin="x:1",
            last_known_state=draw(st.none() | st.sampled_from(ExecutionState)),
            custom_properties=draw(st.dictionaries(_NAMES, st.integers(0, 3))),
            create_time_since_epoch=draw(st.none() | st.integers(1, 9)),
            last_update_time_since_epoch=moment,
        )
        for moment in draw(_TIMES)
    ]


@given(accounts())
def test_the_order_in_which_accounts_come_does_not_matter(told: list[Execution]) -> None:
    one, two, _ = told
    assert merged(one, two) == merged(two, one)
    assert merged(merged(one, two), two) == merged(merged(one, two), one) == merged(one, two)


@given(accounts())
def test_of_three_accounts_all_but_overtaken_values_come_out_the_same(
    told: list[Execution],
) -> None:
    def told_as(order: tuple[int, int, int]) -> tuple[object, ...]:
        whole = merged(merged(told[order[0]], told[order[1]]), told[order[2]])
        return (
            whole.custom_properties.keys(),
            whole.create_time_since_epoch,
            whole.last_update_time_since_epoch,
            whole.last_known_state
            in (None, ExecutionState.UNKNOWN, ExecutionState.NEW, ExecutionState.RUNNING),
        )

    assert told_as((0, 1, 2)) == told_as((2, 0, 1)) == told_as((1, 2, 0))


@given(accounts())
def test_nothing_that_was_told_is_lost(told: list[Execution]) -> None:
    whole = merged(merged(told[0], told[1]), told[2])
    latest = sorted(told, key=lambda one: one.last_update_time_since_epoch or 0)
    for account in latest:
        assert account.custom_properties.keys() <= whole.custom_properties.keys()
    for name, value in latest[-1].custom_properties.items():
        assert whole.custom_properties[name] == value
    known = [one.create_time_since_epoch for one in told if one.create_time_since_epoch]
    assert whole.create_time_since_epoch == min(known, default=None)


def test_a_settled_state_is_not_taken_back() -> None:
    done = Execution(last_known_state=ExecutionState.COMPLETE, last_update_time_since_epoch=1)
    late = Execution(last_known_state=ExecutionState.RUNNING, last_update_time_since_epoch=2)
    assert merged(done, late).last_known_state is ExecutionState.COMPLETE
    assert merged(late, done).last_known_state is ExecutionState.COMPLETE


def test_a_state_that_is_not_told_says_nothing() -> None:
    unknown = Execution(last_known_state=ExecutionState.UNKNOWN, last_update_time_since_epoch=1)
    silent = Execution(last_update_time_since_epoch=2)
    assert merged(unknown, silent).last_known_state is ExecutionState.UNKNOWN
    assert merged(silent, unknown).last_known_state is ExecutionState.UNKNOWN
    assert merged(silent, silent).last_known_state is None


def test_the_stored_node_keeps_what_makes_it_itself() -> None:
    stored = Artifact(id=7, type="Dataset", name="train", uri="a", state=ArtifactState.LIVE)
    fresh = Artifact(id=-1, type="Dataset", name="other", state=ArtifactState.UNKNOWN)
    found = merged(stored, fresh)
    assert (found.id, found.name, found.uri, found.state) == (7, "train", "a", ArtifactState.LIVE)
