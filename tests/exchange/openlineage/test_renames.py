"""Datasets that are renamed: lineage goes on under the new name, whichever event comes first."""

from __future__ import annotations

import itertools
import random
from pathlib import Path
from typing import Any

import pytest

from lineage_graph.exchange.openlineage.events import event_of
from lineage_graph.server.intake import Intake
from lineage_graph.store import Store
from tests.exchange.openlineage.made import FACET, Graph, batches_of, dataset, event, written
from tests.exchange.openlineage.test_reconciliation import (
    SEEDS,
    filed,
    load,
    store_in_parts,
    stored,
)
from tests.exchange.openlineage.test_symlinks import alone, life, renamed

WRITES = event("COMPLETE", "w", 1, inputs=["raw"], outputs=["old"])
READS = event("COMPLETE", "r", 9, inputs=["new"], outputs=["made"])


def lifecycle(name: str, change: str, previous: str | None = None) -> dict[str, Any]:
    """Return a dataset to which something happened."""
    made = dataset(name)
    facet: dict[str, Any] = {**FACET, "lifecycleStateChange": change}
    if previous is not None:
        facet["previousIdentifier"] = {"namespace": "db://house", "name": previous}
    made["facets"]["lifecycleStateChange"] = facet
    return made


def renames(run: str, second: float, old: str, new: str) -> dict[str, Any]:
    return event("COMPLETE", run, second, outputs=[lifecycle(new, "RENAME", old)])


ENDS = {("raw", "job of w w"), ("job of w w", "old @ w"), ("job of r r", "made @ r")}
THROUGH_N = {("old @ w", "job of n n"), ("job of n n", "new @ n"), ("new @ n", "job of r r")}
LIVES: dict[str, tuple[list[dict[str, Any]], set[tuple[str, str]]]] = {
    "by a run": ([WRITES, renames("n", 5, "old", "new"), READS], ENDS | THROUGH_N),
    "by two runs": (
        [WRITES, renames("m", 4, "old", "mid"), renames("n", 5, "mid", "new"), READS],
        ENDS
        | {("old @ w", "job of m m"), ("job of m m", "mid @ m"), ("mid @ m", "job of n n")}
        | {("job of n n", "new @ n"), ("new @ n", "job of r r")},
    ),
    "by itself": (
        [WRITES, alone(lifecycle("new", "RENAME", "old")), READS],
        ENDS | {("old @ w", "job of r r")},
    ),
    "and written anew": (  # what is written under the old name later is another table
        [WRITES, renames("n", 5, "old", "new"), event("COMPLETE", "v", 6, outputs=["old"]), READS],
        ENDS | THROUGH_N | {("job of v v", "old @ v")},
    ),
    "not, but overwritten": (
        [WRITES, event("COMPLETE", "n", 5, outputs=[lifecycle("new", "OVERWRITE", "old")]), READS],
        ENDS | {("job of n n", "new @ n"), ("new @ n", "job of r r")},
    ),
}


@pytest.mark.parametrize("how", LIVES)
def test_lineage_goes_through_a_rename_whichever_is_told_first(
    store: Store, tmp_path: Path, how: str
) -> None:
    events, want = LIVES[how]
    assert Graph(batches_of(written(tmp_path / "all.ndjson", events))).flow() == want
    orders = list(itertools.permutations(range(len(events))))
    for number, order in enumerate(orders[:: 1 + len(orders) // 5]):
        name = f"n{number}"
        told = [renamed(events[place], name) for place in order]
        for place, one in enumerate(told):
            if (number + place) % 2:
                load(store, written(tmp_path / f"{name}-{place}.ndjson", [one]))
            else:
                Intake(store).take([event_of(one)]).result()
        assert stored(store, name) == filed(written(tmp_path / f"{name}.ndjson", told)), order


def moving(dice: random.Random, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return a made life in which some of what is written was called otherwise before."""
    names = sorted({one["name"] for told in events for one in (*told["inputs"], *told["outputs"])})
    for told in events:
        for made in told["outputs"]:
            if dice.random() < 0.3:
                made["facets"].pop("columnLineage", None)
                made["facets"] |= lifecycle("-", "RENAME", dice.choice(names))["facets"]
    return events


@pytest.mark.parametrize("seed", range(SEEDS))
def test_any_order_and_grouping_of_renames_is_what_one_file_tells(
    store: Store, tmp_path: Path, seed: int
) -> None:
    dice = random.Random(3000 + seed)
    name = f"moved{seed}"
    events = moving(dice, life(dice, name))
    want = filed(written(tmp_path / "all.ndjson", events))
    dice.shuffle(events)
    store_in_parts(store, tmp_path, dice, events, by_file=dice.choice([0.0, 0.5, 1.0]))
    assert stored(store, name) == want
