"""Some of the calls and filters that ``mutations`` makes by the thousand."""

from __future__ import annotations

from lineage_graph.store import Store
from tests.rpc import mutations


def test_mutated_calls_get_a_status_and_change_nothing_where_refused(store: Store) -> None:
    tally, _ = mutations.run(store, 60, seed=7)
    assert tally.failed == []
    assert min(tally.ends["answered"], tally.ends["refused"]) > 10


def test_mutated_filters(store: Store) -> None:
    tally = mutations.run_filters(store, range(150), seed=7)
    assert tally.failed == []
    assert min(tally.ends["answered"], tally.ends["refused"]) > 5
