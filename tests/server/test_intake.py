"""Who stores what: little does not wait for much, unless both tell of the same."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from lineage_graph.exchange.openlineage.bounds import names_in
from lineage_graph.exchange.openlineage.events import Event, event_of
from lineage_graph.server.intake import Intake
from tests.exchange.openlineage.made import FACET, dataset, event

NO_STORE: Any = None  # events are noted by ``Noting``
SOON = 10.0  # seconds
MUCH = 300


class Noting(Intake):
    """Notes what is stored; what is much is stored once it may."""

    def __init__(self) -> None:
        super().__init__(NO_STORE)
        self.begun, self.may = threading.Event(), threading.Event()
        self.stored: list[str] = []

    def _write(self, events: Sequence[Event]) -> None:
        if any(len(one.inputs or ()) == MUCH for one in events):  # type: ignore[union-attr]
            self.begun.set()
            assert self.may.wait(SOON)
        self.stored += [one.run.run_id for one in events]  # type: ignore[union-attr]


@pytest.fixture
def intake() -> Iterator[Noting]:
    """An intake that stores something large, until it may go on."""
    intake = Noting()
    yield intake
    intake.may.set()


def told(run: str, **named: Any) -> list[Event]:
    return [event_of(event("COMPLETE", run, 1, **named))]


def large(run: str, *more: str) -> list[Event]:
    return told(run, inputs=[*(f"{run} {n}" for n in range(MUCH - len(more))), *more])


def test_little_does_not_wait_for_much(intake: Noting) -> None:
    whole = intake.take(large("large"))
    assert intake.begun.wait(SOON)
    for number in range(3):
        intake.take(told(f"small {number}", outputs=["t"])).result(SOON)
    assert not whole.done()
    intake.may.set()
    whole.result(SOON)
    assert intake.stored[-1] == "large"


@pytest.mark.parametrize(
    "small",
    [
        told("small", outputs=["shared"]),
        told("small", inputs=["shared"]),
        told("large", job="another"),
        told("small", job="job of large"),
        told("small", parent=("another", "large")),
    ],
)
def test_what_tells_of_the_same_waits(intake: Noting, small: list[Event]) -> None:
    whole = intake.take(large("large", "shared"))
    assert intake.begun.wait(SOON)
    waiting = intake.take(small)
    intake.take(told("beside", outputs=["t"])).result(SOON)
    assert not waiting.done()
    intake.may.set()
    whole.result(SOON)
    waiting.result(SOON)


def test_what_came_before_goes_before(intake: Noting) -> None:
    """Who sends much again and again does not keep back who tells of the same."""
    futures = [intake.take(large("first", "shared"))]
    assert intake.begun.wait(SOON)
    futures.append(intake.take(told("small", outputs=["shared"])))
    futures.append(intake.take(large("second", "shared")))
    intake.may.set()
    for future in futures:
        future.result(SOON)
    assert intake.stored == ["first", "small", "second"]


def test_what_an_event_names() -> None:
    made = dataset("made")
    source = {"namespace": "db://house", "name": "source", "field": "a"}
    made["facets"]["columnLineage"] = {**FACET, "fields": {"b": {"inputFields": [source]}}}
    above = {"run": {"runId": "above"}, "job": {"namespace": "n", "name": "above"}}
    one = event("COMPLETE", "run", 1, inputs=["read"], outputs=[made])
    one["run"]["facets"] = {"parent": {**FACET, **above}}
    names = {name[-1] for name in names_in(event_of(one))}
    assert names == {"run", "read", "made", "source", "above", one["job"]["name"]}
