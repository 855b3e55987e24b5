"""``link``: what was loaded before is linked, and taken back."""

from __future__ import annotations

import json

from lineage_graph.store import Store
from tests.cli.test_commands import Run, run  # noqa: F401
from tests.store.loading.test_same_as import DVC, GIT, SHA, load


def test_link_and_undo(store: Store, run: Run) -> None:  # noqa: F811
    there = {"uri": "s3://bucket/x"}
    load(store, GIT, {"key": "x", "sha256": SHA}, {"key": "1", **there}, {"key": "2", **there})
    load(store, DVC, {"key": "y", "sha256": SHA}, {"key": "3", **there})
    undone = run("link", "--undo")
    assert (undone.exit_code, undone.stdout) == (
        0,
        "1 link taken back; import links nothing until this is run again.\n",
    )
    made = run("link")
    assert made.stdout == "1 link made, 0 taken back; 1 in all.\n"
    assert "A digest or address may mean several things" in made.stderr
    assert "  uri s3://bucket/x" in made.stderr
    told = json.loads(run("link", "--json").stdout)
    assert told == {"made": 0, "removed": 0, "total": 1, "ambiguous": ["uri s3://bucket/x"]}
