"""Some of the requests that ``mutations`` sends by the thousand."""

from __future__ import annotations

from lineage_graph.store import Store
from tests.server import mutations


def test_mutated_requests_to_pages_and_forms(tfx: Store) -> None:
    door = mutations.Door(tfx)
    for name, count in (("pages", 50), ("form", 30), ("console", 40)):
        tally = mutations.run(door, name, range(count), seed=7)
        assert tally.failed == []
        assert tally.ends["4xx"] > 5


def test_mutated_events(store: Store) -> None:
    tally = mutations.run(mutations.Door(store), "events", range(30), seed=7)
    assert tally.failed == []
    assert min(tally.ends["2xx"], tally.ends["4xx"]) > 5
