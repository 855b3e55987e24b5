"""Import: from where it was left, what is noted for the next time, and the Python function."""

from __future__ import annotations

from pathlib import Path

import pytest

from lineage_graph.errors import BadFile
from lineage_graph.exchange import open_source
from lineage_graph.importing import import_from, read
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


def test_from_python(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "events.ndjson"
    path.write_text((DATA / "dbt_ol_events.ndjson").read_text() + '{"no": "event"}\n')
    progress: list[tuple[int, int | None]] = []
    with pytest.raises(BadFile, match="1 record cannot be read, so nothing was stored"):
        import_from(path, store, strict=True)
    assert store.sources() == ()
    first = import_from(path, store, on_progress=lambda *told: progress.append(told))
    assert first.format == "openlineage"
    assert first.loaded.created == first.loaded.nodes > 0
    assert progress[-1][0] == first.loaded.nodes + first.loaded.links
    (problem,) = first.problems
    assert problem.place == f"{path}:25"
    again = import_from(str(path), store, again=True)
    assert (again.loaded.created, again.loaded.updated, again.loaded.new_links) == (0, 0, 0)
