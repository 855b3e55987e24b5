"""The pages in a real browser: the graph is drawn, walked and grown, and nothing is asked elsewhere."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.watched import Watched


def test_from_the_overview_to_what_made_a_model(watched: Watched) -> None:
    watched.open("/")
    watched.shoot("overview")
    watched.page.get_by_role("link", name="2026-11-23T09:47:21.279170").click()
    watched.drawn(35)
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
    watched.drawn(6)
    assert "opened=execution%2F26-upstream" in watched.page.url
    after = watched.at("execution/26")
    assert abs(before[0] - after[0]) < 1
    assert abs(before[1] - after[1]) < 1
    watched.shoot("opened")
    watched.page.reload()
    watched.drawn(6)
    watched.page.go_back()
    watched.drawn(3)


def test_the_wheel_zooms_to_the_cursor_and_dragging_pans(watched: Watched) -> None:
    watched.open("/artifacts/20/lineage")
    x, y = watched.at("execution/28")
    watched.page.mouse.move(x, y)
    watched.page.mouse.wheel(0, -300)
    watched.until("view.camera.scale > 1.3")
    assert watched.at("execution/28") == pytest.approx((x, y), abs=1)
    watched.page.mouse.move(x, y + 100)
    watched.page.mouse.down()
    watched.page.mouse.move(x - 80, y + 60, steps=4)
    watched.page.mouse.up()
    assert watched.at("execution/28") == pytest.approx((x - 80, y - 40), abs=2)
    watched.page.get_by_role("button", name="Fit").click()
    watched.drawn()
    assert watched.at("execution/28") == pytest.approx((x, y), abs=1)


def test_the_keyboard_walks_along_events(watched: Watched) -> None:
    watched.open("/artifacts/20/lineage")
    watched.canvas.focus()
    for key, ref in (
        ("ArrowRight", "artifact/20"),
        ("ArrowRight", "execution/28"),
        ("ArrowLeft", "artifact/20"),
        ("ArrowLeft", "execution/26"),
    ):
        watched.page.keyboard.press(key)
        assert watched.page.evaluate("views[0].graph.cards[views[0].selected].key") == ref
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
    watched.drawn(4)
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
