"""Reading a source from where it was left: what is noted of it for the next time."""

from __future__ import annotations

from pathlib import Path

from lineage_graph.exchange import open_source
from lineage_graph.importing import read
from lineage_graph.store import Store
from tests.conftest import DATA


def test_what_was_left_out_stays_counted(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "events.ndjson"
    path.write_text((DATA / "dbt_ol_events.ndjson").read_text() + '{"no": "event"}\n')

    def left_out() -> int:
        with open_source(path) as source:
            read(store, source, str(path))
        (known,) = store.sources()
        return sum(known.skipped.values())

    assert left_out() == 1
    assert left_out() == 1
    with path.open("a") as file:
        file.write("{\n[]\n7\n")
    assert left_out() == 3  # an empty array holds no event
    with open_source(path) as source:
        read(store, source, str(path), again=True)
    assert sum(store.sources()[0].skipped.values()) == 3
