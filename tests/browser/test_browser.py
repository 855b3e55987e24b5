"""The pages in a real browser: the graph is drawn, walked and grown, and nothing is asked elsewhere.

Screenshots are kept in the folder that SCREENSHOTS names, where it is set.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from lineage_graph.settings import Settings
from lineage_graph.store import Store

SCREENSHOTS = os.environ.get("SCREENSHOTS")
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, _CHROMIUM)), None)
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("with CI set, the browser tests need a Chromium, and there is none")
        pytest.skip("there is no Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(tfx: Store, engine_settings: Settings) -> Iterator[str]:
    """The address of a server over the TFX runs: the command, in a process of its own."""
    assert tfx.counts().artifacts == 58
    command = [sys.executable, "-m", "lineage_graph", "serve", "--port=0", "--json", "--no-browser"]
    given = engine_settings
    environment = {**os.environ, "LINEAGE_GRAPH_FOLDER": str(given.folder)}
    if given.uri is not None:
        environment |= {"NEO4J_URI": given.uri, "NEO4J_DATABASE": given.database}
        if given.password is not None:
            environment |= {
                "NEO4J_USERNAME": given.username,
                "NEO4J_PASSWORD": given.password.get_secret_value(),
            }
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())["address"].rstrip("/")
        process.terminate()
        process.wait(20)


class Watched:
    """A page, what it complained about, and what it asked others for."""

    def __init__(self, page: Page, address: str, name: str) -> None:
        self.page = page
        self.address = address
        self.complaints: list[str] = []
        self._name = name
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._asked)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def _asked(self, request: object) -> None:
        url = getattr(request, "url", "")
        if not url.startswith((self.address, "data:")):
            self.complaints.append(f"asked {url}")

    def open(self, path: str) -> None:
        self.page.goto(f"{self.address}{path}")
        if self.page.locator("canvas").count():
            expect(self.page.locator("canvas").first).to_have_attribute(
                "data-drawn", re.compile(r"\d")
            )

    def cards(self) -> int:
        return int(self.page.locator("canvas").first.get_attribute("data-drawn") or 0)

    def shoot(self, what: str) -> None:
        if SCREENSHOTS:
            folder = Path(SCREENSHOTS)
            folder.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=folder / f"{self._name}-{what}.png")

    def at(self, ref: str) -> tuple[float, float]:
        """Where a card is on the screen."""
        x, y = self.page.evaluate(
            """(ref) => {
                const view = window.views[0];
                const card = view.graph.cards[view.graph.numberOf(ref)];
                const box = view.canvas.getBoundingClientRect();
                return [box.x + (card.x - view.camera.x) * view.camera.scale,
                        box.y + (card.y - view.camera.y) * view.camera.scale];
            }""",
            ref,
        )
        return x, y


@pytest.fixture
def watched(browser: Browser, address: str, engine_name: str) -> Iterator[Watched]:
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        watched = Watched(context.new_page(), address, engine_name)
        yield watched
        assert watched.complaints == []


def test_from_the_overview_to_what_made_a_model(watched: Watched) -> None:
    watched.open("/")
    watched.shoot("overview")
    watched.page.get_by_role("link", name="2026-11-23T09:47:21.279170").click()
    expect(watched.page.locator("canvas")).to_have_attribute("data-drawn", "35")
    watched.shoot("run")
    watched.page.mouse.click(*watched.at("artifact/54"))
    panel = watched.page.locator(".panel")
    expect(panel.get_by_role("heading", level=2)).to_have_text("Model")
    expect(panel.get_by_role("link", name="Trainer #")).to_be_visible()
    watched.shoot("panel")
    panel.get_by_role("link", name="Where it comes from").click()
    expect(watched.page.get_by_role("heading", level=1)).to_contain_text("Model")
    assert watched.cards() > 10
    watched.shoot("lineage")


def test_one_hop_more_keeps_what_one_looks_at_in_place(watched: Watched) -> None:
    watched.open("/artifacts/20/lineage")
    assert watched.cards() == 3
    before = watched.at("execution/26")
    half = watched.page.evaluate("views[0].graph.badgeX('upstream') * views[0].camera.scale")
    watched.page.mouse.click(before[0] + half, before[1])
    expect(watched.page.locator("canvas")).to_have_attribute("data-drawn", "6")
    assert "opened=execution%2F26-upstream" in watched.page.url
    after = watched.at("execution/26")
    assert abs(before[0] - after[0]) < 1
    assert abs(before[1] - after[1]) < 1
    watched.shoot("opened")
    watched.page.reload()
    expect(watched.page.locator("canvas")).to_have_attribute("data-drawn", "6")
    watched.page.go_back()
    expect(watched.page.locator("canvas")).to_have_attribute("data-drawn", "3")


def test_the_wheel_zooms_to_the_cursor_and_dragging_pans(watched: Watched) -> None:
    watched.open("/artifacts/20/lineage")
    x, y = watched.at("execution/28")
    watched.page.mouse.move(x, y)
    watched.page.mouse.wheel(0, -300)
    watched.page.wait_for_function("views[0].camera.scale > 1.3")
    assert watched.at("execution/28") == pytest.approx((x, y), abs=1)
    watched.page.mouse.move(x, y + 100)
    watched.page.mouse.down()
    watched.page.mouse.move(x - 80, y + 60, steps=4)
    watched.page.mouse.up()
    assert watched.at("execution/28") == pytest.approx((x - 80, y - 40), abs=2)
    watched.page.get_by_role("button", name="Fit").click()
    assert watched.at("execution/28") == pytest.approx((x, y), abs=1)


def test_the_keyboard_walks_along_events(watched: Watched) -> None:
    watched.open("/artifacts/20/lineage")
    watched.page.locator("canvas").focus()
    for key, ref in (
        ("ArrowRight", "artifact/20"),
        ("ArrowRight", "execution/28"),
        ("ArrowLeft", "artifact/20"),
        ("ArrowLeft", "execution/26"),
    ):
        watched.page.keyboard.press(key)
        assert watched.page.evaluate("views[0].graph.cards[views[0].selected].ref") == ref
        expect(watched.page.locator(".said").first).to_contain_text(ref)
    watched.page.keyboard.press("Enter")
    expect(watched.page.locator(".panel").get_by_role("heading", level=2)).to_have_text("Transform")
    watched.page.keyboard.press("Escape")
    expect(watched.page.locator(".panel")).to_be_hidden()
    watched.page.keyboard.press("/")
    expect(watched.page.locator("#search")).to_be_focused()


def test_a_question_is_asked_with_its_form(watched: Watched) -> None:
    watched.open("/artifacts/20")
    watched.page.get_by_role("link", name="What must be trained again").click()
    expect(watched.page.get_by_role("heading", level=1)).to_contain_text("trained again")
    expect(watched.page.locator("table").first).to_contain_text("#28")
    watched.shoot("question")
    watched.page.locator("#p-artifact").fill("11")
    watched.page.get_by_role("button", name="Ask").click()
    assert "artifact=11" in watched.page.url


def test_the_console_draws_and_refuses(watched: Watched) -> None:
    watched.open("/console")
    watched.page.locator("textarea").fill(
        "MATCH (a:Artifact)-[i:INPUT]->(e:Execution {id: 28}) RETURN a, i, e"
    )
    watched.page.get_by_role("button", name="Run").click()
    expect(watched.page.locator("canvas")).to_have_attribute("data-drawn", "4")
    watched.shoot("console")
    watched.page.locator("textarea").fill("MATCH (n) DETACH DELETE n")
    watched.page.get_by_role("button", name="Run").click()
    expect(watched.page.get_by_role("alert")).to_contain_text("refused")
    watched.shoot("refused")
    watched.complaints = [c for c in watched.complaints if "403" not in c]


def test_dark_and_small(browser: Browser, address: str, engine_name: str) -> None:
    size = {"width": 390, "height": 800}
    with browser.new_context(viewport=size, color_scheme="dark", has_touch=True) as context:
        watched = Watched(context.new_page(), address, engine_name)
        for path in (
            "/",
            "/contexts/38",
            "/artifacts/20",
            "/artifacts",
            "/ask",
            "/console",
            "/types",
        ):
            watched.open(path)
            wide = watched.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= size["width"], f"{path} is {wide} pixels wide"
        watched.open("/contexts/38")
        watched.shoot("phone")
        assert watched.page.evaluate("views[0].colours.paper") == "#151a20"
        assert watched.complaints == []


def test_without_scripts_the_picture_and_the_list_are_there(
    browser: Browser, address: str, engine_name: str
) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        watched = Watched(context.new_page(), address, engine_name)
        watched.page.goto(f"{address}/artifacts/20/lineage")
        expect(watched.page.locator(".view img")).to_be_visible()
        watched.page.get_by_text("The same as a list").click()
        watched.page.get_by_role("link", name="+3 more").first.click()
        expect(watched.page.locator(".shown")).to_contain_text("6 nodes")
        watched.shoot("plain")
        assert watched.complaints == []
