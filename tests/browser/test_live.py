"""A run that is being recorded changes the pages that show it, without a reload."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, expect

import lineage_graph as lg
from lineage_graph.model import Kind
from lineage_graph.settings import Settings
from lineage_graph.store import Store
from tests.browser.conftest import serving

_SOON = 15_000  # ms


@pytest.fixture
def server(store: Store, engine_settings: Settings) -> Iterator[tuple[ExitStack, str]]:
    """What ends a server over the empty store, and its address."""
    with ExitStack() as stack:
        yield stack, stack.enter_context(serving(engine_settings))


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    page.set_default_timeout(_SOON)
    yield page
    page.close()


def monday(store: Store) -> str:
    found = store.by_name(Kind.CONTEXT, "pipeline_run", "penguin.monday")
    assert found is not None
    return f"/contexts/{found.id}"


def is_live(page: Page) -> None:
    expect(page.locator("main")).to_have_attribute("data-stream", "live", timeout=_SOON)


def test_a_running_run_appears_and_changes_without_a_reload(
    server: tuple[ExitStack, str], page: Page, store: Store
) -> None:
    running, address = server
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/")
    is_live(page)
    expect(page.locator("main")).to_contain_text("This store is empty.")
    with lg.pipeline("penguin", store=store).run("monday") as run:
        with run.step("Gen") as step:
            examples = step.output("Examples", uri="data/1")
            expect(page.locator("main")).to_contain_text("penguin", timeout=_SOON)
            expect(page.locator("main .state.busy").first).to_contain_text("running")
        page.goto(f"{address}{monday(store)}")
        is_live(page)
        loaded = page.evaluate("performance.timeOrigin")
        expect(page.locator("table.gantt tbody tr")).to_have_count(1)
        with run.step("Trainer", inputs={"examples": examples}) as step:
            row = page.locator("table.gantt tbody tr").nth(1)
            expect(row).to_contain_text("running", timeout=_SOON)
            expect(row).to_contain_text("so far")
            expect(page.locator("canvas[role=application]")).to_have_attribute(
                "data-drawn", "3", timeout=_SOON
            )
            step.output("Model", uri="models/1")
        expect(row).to_contain_text("complete", timeout=_SOON)
        expect(page.locator("canvas[role=application]")).to_have_attribute(
            "data-drawn", "4", timeout=_SOON
        )
    assert page.evaluate("performance.timeOrigin") == loaded  # it was never loaded anew
    streams = [url for url in asked if "/live?" in url]
    assert len(streams) == 2  # one for each page
    began = time.monotonic()
    running.close()  # with the stream still open
    assert time.monotonic() - began < 12
    expect(page.locator(".live")).to_have_text(re.compile("not live any more"), timeout=_SOON)


def test_a_page_that_shows_none_of_it_is_left_alone(
    server: tuple[ExitStack, str], page: Page, store: Store
) -> None:
    _, address = server
    with lg.pipeline("penguin", store=store).run("monday") as run, run.step("Gen") as step:
        step.output("Examples", uri="data/1")
    time.sleep(3)  # beyond what the page counts as perhaps missed
    page.goto(f"{address}{monday(store)}")
    is_live(page)
    page.wait_for_timeout(4000)  # a busy machine may tell of it only now
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    with lg.pipeline("walrus", store=store).run("tuesday") as run, run.step("Gen") as step:
        step.output("Examples", uri="data/2")
    heard, until = int(time.time() * 1000), time.monotonic() + 20
    while page.evaluate("Number(window.live.since)") < heard:  # even the heartbeat comes by then
        assert time.monotonic() < until
        page.wait_for_timeout(200)
    assert asked == []
