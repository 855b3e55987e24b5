"""What a run was told to write ends as the run ends, whichever event told of it and in whichever order they come."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from lineage_graph.exchange.openlineage import OpenLineageSource
from lineage_graph.model import ArtifactState, Kind
from lineage_graph.server.app import create_app
from lineage_graph.store import Find, Store
from tests.exchange.openlineage.made import FACET, Graph, batches_of, dataset, event, written

LIVE, ABANDONED, PENDING, DELETED = (
    ArtifactState.LIVE,
    ArtifactState.ABANDONED,
    ArtifactState.PENDING,
    ArtifactState.DELETED,
)
Events = list[dict[str, Any]]


def dropped(name: str) -> dict[str, Any]:
    change = {**FACET, "lifecycleStateChange": "DROP"}
    return dataset(name) | {"facets": {"lifecycleStateChange": change}}


LIVES: dict[str, tuple[Events, dict[str, ArtifactState]]] = {
    "told at the start, and it completed": (
        [event("START", "r", 1, outputs=["t"]), event("COMPLETE", "r", 5)],
        {"t": LIVE},
    ),
    "told at the start, and it failed": (
        [event("START", "r", 1, outputs=["t"]), event("FAIL", "r", 5)],
        {"t": ABANDONED},
    ),
    "told at the start, and it was stopped": (
        [event("START", "r", 1, outputs=["t"]), event("ABORT", "r", 5)],
        {"t": ABANDONED},
    ),
    "told at the start, and it still runs": (
        [event("START", "r", 1, outputs=["t"]), event("RUNNING", "r", 5)],
        {"t": PENDING},
    ),
    "one more is told after the end": (
        [
            event("START", "r", 1, outputs=["t"]),
            event("COMPLETE", "r", 5, outputs=["u"]),
            event("RUNNING", "r", 6, outputs=["v"]),
        ],
        {"t": LIVE, "u": LIVE, "v": LIVE},
    ),
    "one is told without a kind of event": (
        [event(None, "r", 1, outputs=["t"]), event("COMPLETE", "r", 5)],
        {"t": LIVE},
    ),
    "it completed, and then it failed": (
        [
            event("START", "r", 1, outputs=["t"]),
            event("COMPLETE", "r", 5, outputs=["u"]),
            event("FAIL", "r", 6),
        ],
        {"t": ABANDONED, "u": ABANDONED},
    ),
    "it failed and completed in one moment": (
        [
            event("RUNNING", "r", 1, outputs=["t"]),
            event("COMPLETE", "r", 5, outputs=["u"]),
            event("FAIL", "r", 5),
        ],
        {"t": ABANDONED, "u": ABANDONED},
    ),
    "it was stopped and completed in one moment": (
        [
            event("RUNNING", "r", 1, outputs=["t"]),
            event("COMPLETE", "r", 5),
            event("ABORT", "r", 5),
        ],
        {"t": ABANDONED},
    ),
    "it drops one and writes one": (
        [
            event("START", "r", 1, outputs=[dropped("t"), "u"]),
            event("COMPLETE", "r", 5, outputs=["t"]),
        ],
        {"t": DELETED, "u": LIVE},
    ),
    "it would have dropped one": (
        [event("START", "r", 1, outputs=[dropped("t")]), event("FAIL", "r", 5)],
        {"t": ABANDONED},
    ),
    "its version is told at the end": (
        [event("START", "r", 1, outputs=["t"]), event("COMPLETE", "r", 5, outputs=[("t", "v1")])],
        {"t": LIVE},
    ),
    "its version is told after the end": (
        [
            event("START", "r", 1, outputs=["t"]),
            event("COMPLETE", "r", 5),
            event("RUNNING", "r", 6, outputs=[("t", "v1")]),
        ],
        {"t": LIVE},
    ),
}


STORED = (
    "one more is told after the end",
    "it drops one and writes one",
)
"""Those that are also stored, event by event."""


def named(life: Events, name: str) -> Events:
    """Return events of runs and datasets of a name of their own."""
    text = json.dumps(life).replace('"runId": "r"', f'"runId": "{name}-r"')
    for one in "tuv":
        text = text.replace(f'"name": "{one}"', f'"name": "{name}-{one}"')
    events: Events = json.loads(text)
    return events


def states(nodes: Iterable[Any], name: str = "") -> dict[str, ArtifactState]:
    return {
        node.name.removeprefix(f"{name}-").partition(" ")[0]: node.state
        for node in nodes
        if node.name.startswith(name)
    }


@pytest.mark.parametrize("what", LIVES)
def test_outputs_end_as_their_run_does_in_a_file_in_any_order(tmp_path: Path, what: str) -> None:
    life, want = LIVES[what]
    for order in itertools.permutations(life):
        graph = Graph(batches_of(written(tmp_path / "events.ndjson", order)))
        artifacts = [node for (kind, _), node in graph.nodes.items() if kind is Kind.ARTIFACT]
        assert states(artifacts) == want


def test_outputs_end_as_their_run_does_over_http_and_in_many_files(
    store: Store, tmp_path: Path
) -> None:
    with TestClient(create_app(store), base_url="http://localhost") as client:
        for number, what in enumerate(STORED):
            life, _ = LIVES[what]
            for turn, order in enumerate(itertools.permutations(named(life, f"l{number}"))):
                again = json.loads(json.dumps(order).replace(f"l{number}-", f"l{number}.{turn}-"))
                for one in again:
                    if turn % 2:
                        load(store, written(tmp_path / "one.ndjson", [one]))
                    else:
                        assert client.post("/api/v1/lineage", json=one).status_code == 201, what
    artifacts = store.find(Find(kind=Kind.ARTIFACT, limit=1000)).nodes
    for number, what in enumerate(STORED):
        life, want = LIVES[what]
        for turn, _ in enumerate(itertools.permutations(life)):
            assert states(artifacts, f"l{number}.{turn}") == want, (what, turn)


def load(store: Store, path: Path) -> None:
    with OpenLineageSource(path) as source:
        source.known = store.lookup
        store.load_keyed(source.batches(), source.source, in_turn=source.asks)
