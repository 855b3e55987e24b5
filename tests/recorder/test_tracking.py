"""``lg.track``: what is noted of a loop, and that the loop is as it would be without."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from typing import Any

import pytest

import lineage_graph as lg
from lineage_graph.errors import InvalidArgument
from lineage_graph.settings import Settings
from lineage_graph.store import Store
from tests.conftest import empty

MAX_SECONDS_AN_ITEM = 5e-6


@pytest.fixture
def noted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, dict[str, Any]]]:
    """The metrics that were logged, with the number of items before them."""
    noted: list[tuple[int, dict[str, Any]]] = []

    original = lg.Step.log

    def log(self: lg.Step, metrics: Any = None, /, **more: Any) -> None:
        noted.append((more["step"], metrics))
        original(self, metrics, **more)

    monkeypatch.setattr(lg.Step, "log", log)
    return noted


def test_loops_in_a_step(
    embedded_settings: Settings,
    noted: list[tuple[int, dict[str, Any]]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    empty(embedded_settings)
    with (
        Store.open(settings=embedded_settings) as store,
        lg.pipeline("p", store=store).run() as run,
    ):
        with run.step("Train") as step:
            loader = lg.track([1, 2, 3, 4, 5], name="batches", every=2)
            assert len(loader) == 5
            for _epoch in range(2):
                for batch in loader:
                    loader.log(loss=1 / batch)
            ends = [(at, one) for at, one in noted if "batches_epochs" in one]
            assert [(at, one["batches_epochs"]) for at, one in ends] == [(5, 1), (10, 2)]
            assert [one["batches_progress"] for _, one in ends] == [1.0, 1.0]
            assert all(one["batches_per_second"] > 0 for _, one in ends)
            every = [at for at, one in noted if "batches" in one and "batches_epochs" not in one]
            assert every == [2, 4, 7, 9]
            assert [at for at, one in noted if "loss" in one] == list(range(10))
            noted.clear()

            for item in lg.track(iter("abc")):  # left before its end; of no length
                if item == "b":
                    break
            assert [sorted(one) for _, one in noted] == [
                ["items", "items_epochs", "items_per_second"]
            ]
            assert (noted[0][1]["items"], noted[0][1]["items_epochs"]) == (1, 0)
            with pytest.raises(OSError, match="the loader's own"):
                list(lg.track(_failing()))

            began = time.process_time()
            for _ in lg.track(range(200_000), name="cheap"):
                pass
            assert (time.process_time() - began) / 200_000 < MAX_SECONDS_AN_ITEM
            assert list(lg.track([1], name="epochs 1")) == [1]

            step.param(taken=1)
            assert list(lg.track([1, 2], name="taken", every=1)) == [1, 2]
            assert [message for message in caplog.messages if "lg.track" in message] != []
            assert len(caplog.messages) == 1  # once for a loop, not for each item
            late = iter(lg.track([1, 2, 3], every=1))
            next(late)
        assert list(late) == [2, 3]  # after the step
        known = store.node(step.ref)  # type: ignore[arg-type]
        assert known.custom_properties["batches"] == 10
        assert known.custom_properties["cheap_progress"] == 1.0


def _failing() -> Iterator[int]:
    yield 1
    raise OSError("the loader's own")


def test_without_a_step(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    loop = lg.track(iter([1, 2]))
    assert list(loop) == [1, 2]
    loop.log(loss=1)
    assert not caplog.messages
    with pytest.raises(InvalidArgument, match="cannot be noted at every=0"):
        lg.track([], every=0)
    with pytest.raises(InvalidArgument, match="cannot name"):
        lg.track([], name="")
