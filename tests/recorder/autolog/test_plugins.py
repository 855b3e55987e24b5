"""A library of somebody else: one class, found by its entry point; its rounds, its failures."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from types import ModuleType
from typing import Any

import pytest

import lineage_graph as lg
from lineage_graph.exchange import plugins
from lineage_graph.model import Execution, Kind
from lineage_graph.recorder.autolog import Call, Fit, FitLog, Integration, Patches
from lineage_graph.settings import Settings
from lineage_graph.store import Find, Store
from tests.conftest import empty


def train(data: list[int], rounds: int = 2, callbacks: Any = ()) -> list[float]:
    """Be the library."""
    losses = []
    for number in range(rounds):
        losses.append(1 / (number + 1))
        for callback in callbacks:
            callback(number, losses[-1])
    return losses


class Library(Integration):
    name = module = "lineage_graph_tests_library"

    def patch(self, patches: Patches) -> None:
        patches.fit(sys.modules[self.module], "train")

    def describe(self, call: Call) -> Fit | None:
        if not call.get("data"):
            return None
        return Fit("Tiny", {"rounds": call.get("rounds"), "none": None})

    def watch(self, call: Call, fit: FitLog) -> bool:
        def note(number: int, loss: float) -> None:
            fit.log({"loss": loss, "odd": object()}, number)

        call.replace("callbacks", [*call.get("callbacks"), note])
        return True


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The library, and its integration as another package declares it."""
    module = ModuleType(Library.module)
    module.train = train  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, Library.module, module)
    value = f"{__name__}:Library"
    points = [
        EntryPoint(Library.name, value, plugins.AUTOLOG_GROUP),
        EntryPoint("broken", "lineage_graph.model:Kind", plugins.AUTOLOG_GROUP),
    ]
    monkeypatch.setitem(sys.modules, __name__, sys.modules.get(__name__) or ModuleType(__name__))
    monkeypatch.setattr(sys.modules[__name__], "Library", Library, raising=False)
    asked = plugins.entry_points
    monkeypatch.setattr(
        plugins,
        "entry_points",
        lambda group: points if group == plugins.AUTOLOG_GROUP else asked(group=group),
    )
    plugins._load.cache_clear()
    yield module
    plugins._load.cache_clear()


def test_a_library_of_another_package(
    library: Any, embedded_settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "lineage_graph")
    empty(embedded_settings)
    heard: list[int] = []
    callback = [lambda number, _: heard.append(number)]
    with Store.open(settings=embedded_settings) as store:
        with lg.autolog(Library.name) as on, lg.pipeline("p", store=store).run("r"):
            assert on.libraries == (Library.name,)
            assert library.train([1], 3, callback) == [1, 1 / 2, 1 / 3]
            library.train([])  # not to be recorded
            with pytest.raises(TypeError, match="unexpected keyword argument 'other'"):
                library.train([1], other=1)
        library.train([1])
        nodes = store.find(Find(kind=Kind.EXECUTION)).nodes
        (step,) = [node for node in nodes if isinstance(node, Execution)]
    assert heard == [0, 1, 2]
    custom = step.custom_properties
    assert (step.type, custom["rounds"], custom["loss"]) == ("Tiny", 3, 1 / 3)
    assert "none" not in custom
    assert "odd" not in custom
    assert library.train is train
    assert [one.name for one in plugins.failures()] == ["broken"]
    assert [message for message in caplog.messages if "broken" not in message] == []
