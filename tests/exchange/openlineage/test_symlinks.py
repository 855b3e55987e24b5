"""Symlinks: what was written under one name of a dataset is read under each, whichever is told first."""

from __future__ import annotations

import copy
import itertools
import random
from pathlib import Path
from typing import Any

import pytest

from lineage_graph.exchange.openlineage.events import event_of
from lineage_graph.model import Kind
from lineage_graph.server.intake import Intake
from lineage_graph.store import Find, Store
from tests.exchange.openlineage.made import FACET, Graph, batches_of, dataset, event, written
from tests.exchange.openlineage.test_reconciliation import (
    SEEDS,
    filed,
    lives,
    load,
    store_in_parts,
    stored,
)

PATH, TABLE, VIEW = "/warehouse/orders", "shop.orders", "shop.orders_view"


def linked(name: str, *others: str) -> dict[str, Any]:
    """Return a dataset that has other names."""
    made = dataset(name)
    named = [{"namespace": "db://house", "name": other, "type": "TABLE"} for other in others]
    made["facets"]["symlinks"] = {**FACET, "identifiers": named}
    return made


def alone(told: dict[str, Any], second: int = 50) -> dict[str, Any]:
    """Return the event of a dataset that is told of by itself."""
    head = {k: v for k, v in event(None, "-", second).items() if k in ("producer", "schemaURL")}
    return {**head, "eventTime": f"2026-11-23T11:00:{second}Z", "dataset": told}


WRITER = event("COMPLETE", "w", 1, inputs=["raw"], outputs=[PATH])
READER = event("COMPLETE", "r", 5, inputs=[TABLE], outputs=["features"])
FLOW = {
    ("raw", "job of w w"),
    ("job of w w", f"{PATH} @ w"),
    (f"{PATH} @ w", "job of r r"),
    ("job of r r", "features @ r"),
}
WRITES = event("COMPLETE", "w", 1, inputs=["raw"], outputs=[linked(PATH, TABLE)])
READS = event("COMPLETE", "r", 5, inputs=[linked(TABLE, PATH)], outputs=["features"])
STEPS = alone(linked(PATH, VIEW)), alone(linked(VIEW, TABLE), 51)
TOLD: dict[str, tuple[dict[str, Any], ...]] = {
    "by the writer": (WRITES, READER),
    "by the reader": (WRITER, READS),
    "by itself": (WRITER, READER, alone(linked(PATH, TABLE))),
    "of the other name": (WRITER, READER, alone(linked(TABLE, PATH))),
    "in two steps": (WRITER, READER, *STEPS),
}


def flow_of(path: Path) -> set[tuple[str, str]]:
    """Return what leads to what in a file, but for datasets that are told of by themselves."""
    return Graph(batches_of(path)).flow()


@pytest.mark.parametrize("how", TOLD)
def test_lineage_goes_through_a_symlink_whichever_is_told_first(
    store: Store, tmp_path: Path, how: str
) -> None:
    whole = written(tmp_path / "whole.ndjson", TOLD[how])
    assert flow_of(whole) == FLOW
    want = filed(whole)
    orders = list(itertools.permutations(range(len(TOLD[how]))))
    for number, order in enumerate(orders[:: 1 + len(orders) // 8]):
        name = f"n{number}"
        told = [renamed(TOLD[how][place], name) for place in order]
        for place, one in enumerate(told):
            if number % 2:
                load(store, written(tmp_path / f"{name}-{place}.ndjson", [one]))
            else:
                Intake(store).take([event_of(one)]).result()
        if number == 0:
            first = stored(store, name)
            assert [len(part) for part in first] == [len(part) for part in want]
        assert stored(store, name) == filed(written(tmp_path / f"{name}.ndjson", told)), order


def renamed(told: Any, by: str) -> Any:
    """Return an event whose runs and datasets are named anew, so that one store takes many tries."""
    if isinstance(told, dict):
        changed = {key: renamed(value, by) for key, value in told.items()}
        for key in ("name", "runId"):
            if key in changed:
                changed[key] = f"{by}{changed[key]}"
        return changed
    return [renamed(one, by) for one in told] if isinstance(told, list) else told


def test_what_two_names_were_written_and_read_as_is_settled_when_they_are_one(
    store: Store, tmp_path: Path
) -> None:
    """The last version before the read counts, under whichever name; also for who has read the other."""
    events = [
        event("COMPLETE", "w1", 1, outputs=[PATH]),
        event("COMPLETE", "w2", 2, outputs=[TABLE]),
        event("COMPLETE", "r1", 3, inputs=[PATH]),
        event("COMPLETE", "w3", 4, outputs=[PATH]),
        event("COMPLETE", "r2", 5, inputs=[TABLE, PATH]),
        event("COMPLETE", "r0", 1, inputs=[TABLE]),
        event("COMPLETE", "s0", 1, inputs=[PATH]),
        alone(linked(PATH, TABLE)),
    ]
    for one in events:
        Intake(store).take([event_of(one)]).result()
    whole = written(tmp_path / "whole.ndjson", events)
    assert stored(store, "") == filed(whole)
    assert flow_of(whole) >= {
        (f"{TABLE} @ w2", "job of r1 r1"),
        (f"{PATH} @ w3", "job of r2 r2"),
        (PATH, "job of r0 r0"),
        (PATH, "job of s0 s0"),
    }
    Intake(store).take([event_of(event("FAIL", "w3", 9))]).result()
    load(store, written(tmp_path / "late.ndjson", [event("COMPLETE", "w0", 0.5, outputs=[TABLE])]))
    events += [event("FAIL", "w3", 9), event("COMPLETE", "w0", 0.5, outputs=[TABLE])]
    assert stored(store, "") == filed(written(whole, events))


def test_both_names_are_told_of_the_dataset(store: Store) -> None:
    for one in (WRITES, READER):
        Intake(store).take([event_of(one)]).result()
    known = {
        n.custom_properties["dataset"]: n
        for n in store.find(Find(kind=Kind.CONTEXT)).nodes
        if n.type == "dataset"
    }
    assert set(known) == {"raw", PATH, TABLE, "features"}
    for name, other in ((PATH, TABLE), (TABLE, PATH)):
        told = known[name].custom_properties["also_known_as"]
        assert told == {f"{other} (db://house)": {"namespace": "db://house", "dataset": other}}


def life(dice: random.Random, name: str) -> list[dict[str, Any]]:
    """Return a made life whose columns come of what the same event reads: only those are settled."""
    events = lives(dice, name)
    for one in events:
        read = {d["name"] for d in one["inputs"]}
        for made in one["outputs"]:
            fields = made["facets"].get("columnLineage", {"fields": {}})["fields"].values()
            if not all(f["name"] in read for field in fields for f in field["inputFields"]):
                del made["facets"]["columnLineage"]
    return copy.deepcopy(events)


def tied(dice: random.Random, events: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    """Return a made life in which some datasets turn out to be one, told by runs or by themselves."""
    names = sorted({one["name"] for told in events for one in (*told["inputs"], *told["outputs"])})
    pairs = [dice.sample([*names, f"{name}v"], 2) for _ in range(dice.randint(1, 2)) if names]
    told = list(events)
    for one, other in pairs:
        mentions = [d for e in events for d in (*e["inputs"], *e["outputs"]) if d["name"] == one]
        if mentions and dice.random() < 0.6:
            dice.choice(mentions)["facets"] |= linked(one, other)["facets"]
        else:
            told.append(alone(linked(one, other), dice.randint(31, 59)))
    return told


@pytest.mark.parametrize("seed", range(SEEDS))
def test_any_order_and_grouping_of_tied_datasets_is_what_one_file_tells(
    store: Store, tmp_path: Path, seed: int
) -> None:
    dice = random.Random(1000 + seed)
    name = f"tied{seed}"
    events = tied(dice, life(dice, name), name)
    want = filed(written(tmp_path / "all.ndjson", events))
    dice.shuffle(events)
    store_in_parts(store, tmp_path, dice, events, by_file=dice.choice([0.0, 0.5, 1.0]))
    assert stored(store, name) == want
