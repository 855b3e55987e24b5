"""OpenLineage events in a store: read again, read on, asked."""

from __future__ import annotations

import random
from pathlib import Path

from lineage_graph.exchange import open_source
from lineage_graph.store import Store
from tests.conftest import DATA

DBT = DATA / "dbt_ol_events.ndjson"


def load(store: Store, path: Path, after: str = "") -> tuple[int, int, int, str]:
    with open_source(path) as source:
        source.after = after
        result = store.load_keyed(source.batches(), source.source)
        assert source.problems == []
    return result.created, result.updated, result.new_links, source.cursor


def test_reading_again_changes_nothing_and_questions_are_answered(
    store: Store, tmp_path: Path
) -> None:
    created, updated, links, cursor = load(store, DBT)
    assert (created > 30, updated, links > 30) == (True, 0, True)
    lines = DBT.read_text().splitlines(keepends=True)
    random.Random(3).shuffle(lines)
    shuffled = tmp_path / "shuffled.ndjson"
    shuffled.write_text("".join(lines))
    assert load(store, shuffled)[:3] == (0, 0, 0)
    assert load(store, DBT, cursor)[:3] == (0, 0, 0)
    (pipeline,) = store.ask("pipelines").rows
    assert (pipeline[2], pipeline[3]) == ("dbt-run-jaffle (lab)", 3)
    runs = store.ask("runs_of_pipeline", context=pipeline[0]).rows
    assert [run[2] for run in runs] == ["FAILED", "FAILED", "COMPLETE"]
    assert [run[3] for run in runs] == [5, 2, 5]
