"""A dataset of many names costs as much for each name as one of few."""

from __future__ import annotations

import pytest

from lineage_graph.exchange.openlineage.events import InvalidEvent, event_of, parse
from lineage_graph.exchange.openlineage.history import VersionHistory
from lineage_graph.exchange.store_lookup import DatasetName
from tests.exchange.openlineage.made import event
from tests.exchange.openlineage.test_symlinks import linked


def steps(hub: str, names: int, outputs: bool) -> int:
    """Return how many hundreds of steps SQLite takes for runs that each give a dataset one name more."""
    history, taken = VersionHistory(), 0

    def count() -> int:
        nonlocal taken
        taken += 1
        return 0

    history._database.set_progress_handler(count, 100)
    told = []
    for n in range(names):
        one = event("COMPLETE", f"r{n:04d}", n % 50, outputs=[f"p{n:04d}"] if outputs else ["x"])
        one["inputs"] = [linked(hub, f"p{n:04d}")]
        told.append(event_of(one))
    for one in told:
        history.note(one)
    history.finish()
    for n in range(names):
        read = history.read(DatasetName("db://house", hub), f"r{n:04d}", 10**18)
        assert (read.key != "") is (outputs and n % 50 > 0)
        if not read.key:
            assert read.dataset.name == min(hub, "p0000")
    history.close()
    return taken


@pytest.mark.parametrize("outputs", [True, False])
@pytest.mark.parametrize("hub", ["a", "z"])  # it sorts before its names, or behind them
def test_many_names_cost_as_much_each(hub: str, outputs: bool) -> None:
    few, many = steps(hub, 100, outputs), steps(hub, 800, outputs)
    assert many < 8 * few * 2  # each with each would take 64 times as many


@pytest.mark.parametrize(
    "number", ["1e999", "-1E+0400", "1" + "0" * 400 + ".5", "10" * 150 + "e99"]
)
def test_numbers_too_large_are_told(number: str) -> None:
    with pytest.raises(InvalidEvent):
        parse(f'{{"a": [{{"b": {number}}}]}}'.encode())


@pytest.mark.parametrize("number", ["1e299", "1.5E+99", "1e-999", "0.0001"])
def test_numbers_that_fit_are_kept(number: str) -> None:
    assert parse(f'{{"a": {number}}}'.encode()) == {"a": float(number)}
