"""Why two things differ, and both side by side: read as sentences, drawn as one picture, in both themes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from lineage_graph.engines import start_engine, stop_engine
from lineage_graph.model import ExecutionState
from lineage_graph.settings import Settings
from lineage_graph.store import Store
from tests.browser.conftest import serving
from tests.browser.embedded import EMBEDDED
from tests.browser.watched import Watched
from tests.worlds import World, fill

pytestmark = EMBEDDED


@pytest.fixture(scope="module")
def two_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server over two runs that differ in one parameter, and in what one of them also read."""
    settings = Settings(folder=tmp_path_factory.mktemp("two"), uri=None, engine_linger=0.2)
    start_engine(settings)
    world = World()
    pipeline = world.context("pipeline", "taxi")
    data = world.artifact("Examples", rows=100)
    for epochs in (5, 10):
        run = world.context("pipeline_run", f"with {epochs} epochs", pipeline)
        (cleaned,) = world.step("Clean", (data,), ("Examples",), run)
        extra = (world.artifact("Stopwords"),) if epochs == 10 else ()
        (model,) = world.step("Trainer", (cleaned, *extra), ("Model",), run, minutes=epochs)
        trainer, made = world.executions[-1], world.artifacts[model - 1]
        changed = {"custom_properties": {"epochs": epochs, "batch_size": 32}}
        world.executions[-1] = trainer.model_copy(update=changed)
        accuracy = {"custom_properties": {"accuracy": 0.9 + epochs / 1000}}
        world.artifacts[model - 1] = made.model_copy(update=accuracy)
        world.step("Pusher", (model,), (), run, ExecutionState.FAILED)
    with Store.open(settings=settings) as store:
        fill(store, world.subgraph())
    with serving(settings) as address:
        yield address
    stop_engine(settings)


@pytest.fixture
def two(browser: Browser, two_address: str, engine_name: str) -> Iterator[Watched]:
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        watched = Watched(context.new_page(), two_address, f"{engine_name}-differences")
        yield watched
        assert watched.complaints == []


MODELS = ("artifact/3", "artifact/6")


def test_what_was_planted_is_read_as_a_sentence_and_seen(two: Watched) -> None:
    for scheme in ("light", "dark"):
        two.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        two.open(f"/why?one={MODELS[0]}&other={MODELS[1]}")
        expect(two.page.locator(".answer")).to_contain_text("epochs 5 → 10")
        expect(two.page.locator(".reasons")).to_contain_text("extra input")
        legend = two.page.locator(".legend")
        for means in ("changed", "added", "same"):
            expect(legend.locator(f"[data-means=change-{means}]")).to_be_visible()
        expect(legend.locator("[data-means=change-missing]")).to_be_hidden()
        changes = two.does(
            "Object.fromEntries(view.graph.cards.map((c) => [c.heading, view.look.changes[c.number]]))"
        )
        assert changes["Stopwords"] == "added"
        assert changes["Trainer"] == "changed"
        assert two.does("view.graph.cards.find((card) => card.heading === 'Model').text") == (
            "#3 → #6"
        )
        two.shoot(f"why-{scheme}")
    two.page.get_by_role("link", name="The other way round").click()
    expect(two.page.locator(".answer")).to_contain_text("epochs 10 → 5")


def test_side_by_side_shows_what_differs_or_everything(two: Watched) -> None:
    for scheme in ("light", "dark"):
        two.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        two.open(f"/compare?node={MODELS[0]}&node={MODELS[1]}")
        table = two.page.locator("table.compare")
        expect(table).to_contain_text("epochs")
        expect(table).not_to_contain_text("batch_size")
        assert two.cards() > 4
        two.shoot(f"compare-{scheme}")
    expect(two.page.locator("figure.chart")).to_contain_text("accuracy")
    two.page.get_by_role("link", name="Also what is the same").click()
    expect(table).to_contain_text("batch_size")
    expect(table.locator("tr.differs", has_text="epochs")).to_be_visible()
    two.page.get_by_role("link", name="Only what differs").click()
    expect(table).not_to_contain_text("batch_size")
    two.drawn()


def test_two_runs_are_compared_on_a_phone(two: Watched) -> None:
    two.page.set_viewport_size({"width": 390, "height": 844})
    two.open("/compare?node=context/2&node=context/3")
    took = two.page.locator("table.compare tr", has_text="took")
    expect(took).to_contain_text("25 min")
    expect(took).to_contain_text("30 min")
    assert two.page.evaluate("document.documentElement.scrollWidth") <= 390
    two.shoot("compare-phone")
