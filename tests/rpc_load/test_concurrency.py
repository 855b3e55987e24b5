"""Sixteen clients race for the same things; nothing is lost, nothing is there twice."""

from __future__ import annotations

import os

from lineage_graph.rpc.serve import serving
from lineage_graph.store import Store
from tests.rpc_load.concurrency import Storm, check

SECONDS = float(os.environ.get("LINEAGE_GRAPH_STORM_SECONDS", "6"))


def test_racing_clients(store: Store) -> None:
    settings = store.settings.model_copy(update={"rpc_host": "127.0.0.1", "rpc_port": 0})
    with serving(store, settings) as address:
        storm = Storm(address, SECONDS)
        tally = storm.run(16)
        assert check(storm) == []
    for action in ("raise", "raise_own", "execute", "external", "name", "event", "read"):
        assert tally.answers[f"{action} OK"], (action, tally.answers)
    refused = sum(n for what, n in tally.answers.items() if not what.endswith(" OK"))
    assert refused, "nobody was in anybody's way"
