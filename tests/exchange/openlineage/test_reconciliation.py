"""In whatever order and groups events come, over HTTP or by files, a store holds what one file of all would tell."""

from __future__ import annotations

import itertools
import os
import random
from pathlib import Path
from typing import Any

import pytest

from lineage_graph.exchange.openlineage import OpenLineageSource
from lineage_graph.exchange.openlineage.events import event_of
from lineage_graph.model import Artifact, Kind, Ref
from lineage_graph.server.intake import Intake
from lineage_graph.store import Direction, Find, Store
from tests.exchange.openlineage.made import FACET, batches_of, dataset, event, written

SEEDS = int(os.environ.get("SEEDS", "4"))
"""Made lives that are tried; by hand some hundred."""
Held = tuple[set[tuple[str, object]], set[tuple[object, ...]]]
"""Origins of artifacts, with their states; events, with when they were inferred, and columns, between origins."""


def lives(dice: random.Random, name: str) -> list[dict[str, Any]]:
    """Return the events of some runs that read and write some datasets, some of whose versions are told."""
    events: list[dict[str, Any]] = []
    told: dict[str, list[str]] = {f"{name}{one}": [] for one in "wxyz"[: dice.randint(2, 4)]}
    for run in (f"{name}-{letter}" for letter in "abcde"[: dice.randint(2, 5)]):
        times = sorted(dice.sample(range(1, 30), dice.randint(1, 3)))
        kinds = ["START", "RUNNING", "COMPLETE"][: len(times)]
        if dice.random() < 0.8:
            kinds[-1] = dice.choice(["COMPLETE", "COMPLETE", "COMPLETE", "FAIL"])
        if dice.random() < 0.1:
            kinds, times = [*kinds, "FAIL"], [*times, times[-1] + 1]
        reads = [one for one in told if dice.random() < 0.6]
        writes = [one for one in told if dice.random() < 0.5]
        tells = {one for one in writes if one not in reads and dice.random() < 0.4}
        for kind, time in zip(kinds, times, strict=True):
            inputs: list[Any] = [one for one in reads if dice.random() < 0.8]
            for place, one in enumerate(inputs):
                if told[one] and dice.random() < 0.2:
                    inputs[place] = (one, dice.choice(told[one]))
            outputs = []
            for one in writes:
                tell = one in tells and dice.random() < 0.6
                made = dataset((one, f"v of {run}") if tell else one)
                told[one] += [f"v of {run}"] if tell else []
                if reads and dice.random() < 0.4:
                    source = {"namespace": "db://house", "name": dice.choice(reads), "field": "f"}
                    fields = {"c": {"inputFields": [source]}}
                    made["facets"]["columnLineage"] = {**FACET, "fields": fields}
                outputs += [made] if dice.random() < 0.8 else []
            events.append(event(kind, run, time, inputs=inputs, outputs=outputs))
    return events


def filed(path: Path) -> Held:
    """Return what a file tells."""
    artifacts: set[tuple[str, object]] = set()
    links: set[tuple[object, ...]] = set()
    for batch in batches_of(path):
        names = {(node.kind, node.id): node.origin or "" for node in batch.nodes}
        artifacts |= {(artifact.origin or "", artifact.state) for artifact in batch.artifacts}
        for e in batch.events:
            ends = names[Kind.ARTIFACT, e.artifact_id], names[Kind.EXECUTION, e.execution_id]
            links.add((e.type, *ends, e.inferred_at))
    return artifacts, links


def stored(store: Store, name: str) -> Held:
    """Return what a store holds of a made life."""
    found = [n for k in Kind for n in store.find(Find(kind=k, text=name, limit=1000)).nodes]
    names = {node.ref: node.origin or "" for node in found}
    links = {
        (
            e.type,
            names[Ref(Kind.ARTIFACT, e.artifact_id)],
            names[Ref(Kind.EXECUTION, e.execution_id)],
            e.inferred_at,
        )
        for e in store.links(names).events
    }
    return {(n.origin or "", n.state) for n in found if isinstance(n, Artifact)}, links


def load(store: Store, path: Path) -> None:
    with OpenLineageSource(path) as source:
        source.known = store.lookup
        store.load_keyed(source.batches(), source.source, in_turn=source.asks)


def store_in_parts(
    store: Store, folder: Path, dice: random.Random, events: list[dict[str, Any]], by_file: float
) -> None:
    """Store events in groups of one to three, this share of them by files, the others over HTTP."""
    intake = Intake(store)
    while events:
        size = dice.randint(1, 3)
        part, events = events[:size], events[size:]
        if dice.random() < by_file:
            load(store, written(folder / f"{len(events)}.ndjson", part))
        else:
            intake.take([event_of(one) for one in part]).result()


@pytest.mark.parametrize("seed", range(SEEDS))
def test_any_order_over_http_or_in_files_is_what_one_file_tells(
    store: Store, tmp_path: Path, seed: int
) -> None:
    dice = random.Random(seed)
    name = f"life{seed}"
    events = lives(dice, name)
    want = filed(written(tmp_path / "all.ndjson", events))
    order = events + dice.sample(events, dice.randint(0, 2))
    dice.shuffle(order)
    store_in_parts(store, tmp_path, dice, order, by_file=dice.choice([0.0, 0.3, 1.0]))
    assert stored(store, name) == want


def test_a_late_event_leaves_the_links_to_other_datasets(store: Store, tmp_path: Path) -> None:
    """Of a run that read two datasets: which of their writers is told of last makes no difference."""
    for by_file in (False, True):
        for number, order in enumerate(itertools.permutations("XYR")):
            name = f"{'file' if by_file else 'http'}{number}"
            x, y, z = (f"{name}{one}" for one in "xyz")
            told = {
                "X": event("COMPLETE", f"{name}-1", 1, outputs=[x]),
                "Y": event("COMPLETE", f"{name}-2", 2, outputs=[y]),
                "R": event("COMPLETE", f"{name}-3", 3, inputs=[x, y], outputs=[z]),
            }
            for one in order:
                if by_file:
                    load(store, written(tmp_path / f"{name}{one}.ndjson", [told[one]]))
                else:
                    Intake(store).take([event_of(told[one])]).result()
            want = filed(written(tmp_path / f"{name}.ndjson", told.values()))
            assert len(want[1]) == 5
            assert stored(store, name) == want, order


def test_columns_follow_what_was_read(store: Store) -> None:
    made = dataset("made")
    source = {"namespace": "db://house", "name": "t", "field": "a"}
    made["facets"]["columnLineage"] = {**FACET, "fields": {"b": {"inputFields": [source]}}}
    intake = Intake(store)

    def send(*told: Any, **named: Any) -> None:
        intake.take([event_of(event(*told, **named))]).result()

    send("COMPLETE", "reader", 5, inputs=["t"], outputs=[made])
    send("COMPLETE", "writer", 1, outputs=["t"])
    (read,) = (n for n in store.find(Find(kind=Kind.ARTIFACT)).nodes if n.name.startswith("t "))  # type: ignore[union-attr]
    (column,) = store.columns([read.id or 0], Direction.DOWNSTREAM)
    assert (column.source_column, column.target_column) == ("a", "b")
    assert read.name == "t @ writer (db://house)"
    send("COMPLETE", "writer", 1, outputs=[("t", "v1")])  # so late does it tell the version
    names = {n.name for n in store.find(Find(kind=Kind.ARTIFACT)).nodes}
    assert names == {"t @ v1 (db://house)", "made @ reader (db://house)"}
    (told,) = (
        n for n in store.find(Find(kind=Kind.ARTIFACT)).nodes if n.name == "t @ v1 (db://house)"
    )
    assert len(store.columns([told.id or 0], Direction.DOWNSTREAM)) == 1


def test_what_was_told_of_a_dataset_as_it_was_found_is_told_of_the_version(store: Store) -> None:
    found = dataset("t") | {"facets": {"documentation": {**FACET, "description": "Tea"}}}
    intake = Intake(store)
    intake.take([event_of(event("COMPLETE", "reader", 5, inputs=[found]))]).result()
    intake.take([event_of(event("COMPLETE", "writer", 1, outputs=["t"]))]).result()
    (only,) = store.find(Find(kind=Kind.ARTIFACT)).nodes
    assert only.custom_properties["description"] == "Tea"
    (dataset_,) = (n for n in store.find(Find(kind=Kind.CONTEXT)).nodes if n.type == "dataset")
    last = dataset_.custom_properties["last_written"]
    assert isinstance(last, dict)
    assert (last["run"], last["version"]) == ("writer", "run:writer")


def test_a_dataset_told_of_for_itself_stays(store: Store) -> None:
    told = {k: v for k, v in event(None, "-", 1).items() if k not in ("run", "job")}
    intake = Intake(store)
    intake.take([event_of({**told, "dataset": dataset("t")})]).result()
    intake.take([event_of(event("COMPLETE", "reader", 5, inputs=["t"]))]).result()
    intake.take([event_of(event("COMPLETE", "writer", 1, outputs=["t"]))]).result()
    names = {n.name for n in store.find(Find(kind=Kind.ARTIFACT)).nodes}
    assert names == {"t (db://house)", "t @ writer (db://house)"}


def settled(store: Store, path: Path, groups: list[list[dict[str, Any]]]) -> None:
    """Send groups of events over HTTP, and compare with a file of all."""
    intake = Intake(store)
    for group in groups:
        intake.take([event_of(one) for one in group]).result()
    assert stored(store, "") == filed(written(path, [one for group in groups for one in group]))


V = ("t", "v")
W = ("t", "w")
HARD: dict[str, list[list[dict[str, Any]]]] = {
    "a run reads and writes one told version": [
        [event("COMPLETE", "d", 8, inputs=[V], outputs=[V])],
        [event("COMPLETE", "d", 8, inputs=[V], outputs=[V])],
        [event("COMPLETE", "r", 9, inputs=["t"])],
    ],
    "two runs complete in one moment": [
        [event("COMPLETE", "b", 5, outputs=["t"])],
        [event("COMPLETE", "r", 9, inputs=["t"])],
        [event("COMPLETE", "c", 5, outputs=[V])],
    ],
    "a version is an empty text": [
        [event("COMPLETE", "r", 9, inputs=[("t", "")])],
        [event("COMPLETE", "a", 5, outputs=[("t", "")])],
    ],
    "one event tells two versions": [
        [event("COMPLETE", "r", 5, outputs=[W, V])],
        [event("COMPLETE", "r", 5, outputs=["t"])],
        [event("COMPLETE", "a", 9, inputs=["t"])],
    ],
}


@pytest.mark.parametrize("what", HARD)
def test_hard_cases_over_http_are_what_one_file_tells(
    store: Store, tmp_path: Path, what: str
) -> None:
    settled(store, tmp_path / "all.ndjson", HARD[what])


def test_a_long_file_sees_what_its_batches_before_stored(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = [event("RUNNING", "w", 4, outputs=["t"])]
    then = [event("COMPLETE", "r", 9, inputs=["t"]), event("COMPLETE", "w", 5)]
    want = filed(written(tmp_path / "all.ndjson", first + then))
    load(store, written(tmp_path / "first.ndjson", first))
    monkeypatch.setattr("lineage_graph.exchange.openlineage.source._BATCH", 1)
    load(store, written(tmp_path / "then.ndjson", then))
    assert stored(store, "") == want
