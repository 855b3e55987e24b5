"""Groups in place: stacks and contexts fold and unfold, a member is pulled out, many neighbours are asked for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from lineage_graph.engines import start_engine, stop_engine
from lineage_graph.settings import Settings
from lineage_graph.store import Store
from tests.browser.conftest import serving
from tests.browser.embedded import EMBEDDED
from tests.browser.watched import Watched
from tests.worlds import World, fill

pytestmark = EMBEDDED


@pytest.fixture(scope="module")
def wide_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server over one data set that 60 trainers of three runs read."""
    settings = Settings(folder=tmp_path_factory.mktemp("wide"), uri=None, engine_linger=0.2)
    start_engine(settings)
    world = World()
    (data,) = world.step("CsvExampleGen", outputs=("Examples",))
    seed = world.artifact("Seed")
    for number in range(3):
        run = world.context("pipeline_run", f"sweep-{number}")
        for _ in range(20):
            world.step("Trainer", (data,), ("Model",), run)
    for number in range(60):  # of many types, so that few cards are alike
        run = world.context("pipeline_run", f"daily-{number:02}")
        made = (seed,)
        for step in range(5):
            made = world.step(f"Step{step}of{number % 20}", made, ("Data",), run)
    with Store.open(settings=settings) as store:
        fill(store, world.subgraph())
    with serving(settings) as address:
        yield address
    stop_engine(settings)


@pytest.fixture
def wide(browser: Browser, wide_address: str, engine_name: str) -> Iterator[Watched]:
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        watched = Watched(context.new_page(), wide_address, f"{engine_name}-wide")
        yield watched
        assert watched.complaints == []


def test_a_stack_unfolds_in_place_and_undo_folds_it_again(wide: Watched) -> None:
    wide.open("/artifacts/1/lineage?depth=2")
    folded = wide.cards()
    stack = wide.does("view.graph.cards.find((card) => card.kind === 'stack').key")
    assert folded < 10
    wide.shoot("stacks")
    before = wide.at(stack)
    wide.page.mouse.click(*before)
    panel = wide.page.locator(".panel")
    expect(panel).to_contain_text("60")
    wide.drawn()
    before = wide.at(stack)
    wide.shoot("stack-panel")
    panel.get_by_role("button", name="Unfold").click()
    wide.until(f"view.graph.cards.length > {folded}")
    wide.drawn()
    assert wide.shown()["unfold"] == [stack]
    wide.canvas.focus()
    wide.page.keyboard.press("u")
    wide.drawn(folded)


def test_one_is_pulled_out_of_its_stack_and_put_back(wide: Watched) -> None:
    wide.open("/artifacts/1/lineage?depth=2")
    folded = wide.cards()
    wide.does(
        "(view.select(view.graph.cards.findIndex((c) => c.kind === 'stack' && c.of === 'execution'), true), 1)"
    )
    panel = wide.page.locator(".panel")
    expect(panel).to_contain_text("50 of 60 listed")
    panel.get_by_role("button", name="More", exact=True).click()
    expect(panel.locator(".members li")).to_have_count(60)
    panel.get_by_role("searchbox").fill("59")  # not among the first
    expect(panel.locator(".members li")).to_have_count(1)
    panel.get_by_role("searchbox").fill("execution/17")
    expect(panel.locator(".members li")).to_have_count(1)
    expect(panel).to_contain_text("1 of 60 match")
    panel.get_by_role("button", name="Pull execution/17 out").click()
    wide.until("view.graph.numbers.has('execution/17')")
    wide.drawn()
    wide.shoot("pulled-out")
    assert wide.shown()["out"] == ["execution/17"]
    wide.page.mouse.click(*wide.at("execution/17"))
    panel.get_by_role("button", name="Put back").click()
    wide.drawn(folded)


def test_a_context_folds_and_unfolds_with_its_members_in_place(wide: Watched) -> None:
    wide.open("/artifacts/1/lineage?depth=2&stacks=no")
    all_of_them = wide.cards()
    wide.page.locator(".groups summary").click()
    item = wide.page.locator(".groups li", has_text="sweep-1")
    item.hover()
    assert wide.does("view.look.lit.reduce((sum, one) => sum + one, 0)") == 40
    item.get_by_role("button", name="Fold").click()
    wide.drawn(all_of_them - 39)
    wide.shoot("folded")
    key = wide.does("view.graph.cards.find((card) => card.kind === 'context').key")
    wide.does(f"(view.select(view.graph.numberOf('{key}'), false), 1)")
    wide.canvas.focus()
    wide.page.keyboard.press("x")
    wide.drawn(all_of_them)
    assert "fold" not in wide.shown()


def test_all_runs_fold_at_once(wide: Watched) -> None:
    wide.open("/artifacts/1/lineage?depth=2")
    wide.page.locator("select[name=by]").select_option("run")
    wide.until("view.graph.cards.filter((card) => card.kind === 'context').length === 3")
    wide.drawn()
    wide.shoot("runs-folded")
    wide.page.locator("select[name=show]").select_option("artifacts")
    wide.drawn()
    assert wide.shown() == {"depth": ["2"], "by": ["run"], "show": ["artifacts"]} | {
        name: value for name, value in wide.shown().items() if name in ("x", "y", "zoom")
    }


def test_many_runs_begin_folded_and_every_node_is_one_click_away(wide: Watched) -> None:
    wide.open("/artifacts/2/lineage?depth=1000")
    words = wide.page.locator(".shown")
    expect(words).to_contain_text("601 nodes in 61 cards")
    expect(words).to_contain_text("each run is one card")
    assert wide.does("view.graph.cards[1].heading") == "daily-00"
    wide.shoot("many-runs")
    first = wide.does("view.graph.cards[1].key")
    wide.does(f"(view.groups.unfold('{first}'), 1)")
    wide.drawn(70)
    expect(words).to_contain_text("each run is one card")
    words.get_by_role("link", name="Show every node").click()
    wide.drawn(601)
    assert (wide.shown()["by"], "unfold" in wide.shown()) == (["none"], False)
    words.get_by_role("link", name="Fold by run").click()
    wide.drawn(61)
    wide.page.locator(".groups summary").click()
    wide.page.get_by_role("button", name="Show every node").click()
    wide.drawn(601)


def test_many_neighbours_are_searched_and_shown_one_by_one(wide: Watched) -> None:
    wide.open("/artifacts/1/lineage?depth=0")
    assert wide.cards() == 1
    wide.shoot("one-node")
    wide.canvas.focus()
    wide.page.keyboard.press("ArrowRight")
    wide.page.keyboard.press("]")
    dialog = wide.page.get_by_role("dialog")
    expect(dialog.locator("li")).to_have_count(50)
    expect(dialog).to_contain_text("50 of 60")
    wide.shoot("neighbours")
    dialog.get_by_role("button", name="More", exact=True).click()
    expect(dialog.locator("li")).to_have_count(60)
    dialog.locator("li button").nth(3).click()
    wide.drawn(2)
    assert len(wide.shown()["picked"]) == 1
    dialog.locator("li button").nth(7).click()
    wide.drawn(3)
    dialog.get_by_role("button", name="Show all 60").click()
    expect(dialog).to_be_hidden()
    wide.until("view.graph.cards.some((card) => card.group?.count > 50)")
    assert wide.shown()["opened"] == ["artifact/1-downstream"]
