"""The file one takes along: opened from the disk, offline, it pans, selects, answers and asks nobody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect

from lineage_graph.drawing.files.page import page as written
from lineage_graph.drawing.picture import Picture, draw
from lineage_graph.model import Kind, Ref, Subgraph
from lineage_graph.pictures.notebook import LineageView
from tests.drawing.files.test_files import HOSTILE, named, several
from tests.drawing.graphs import artifacts, run, together


def opened(browser: Browser, folder: Path, text: str, **context: Any) -> tuple[Page, list[str]]:
    path = folder / "lineage.html"
    path.write_text(text, "utf-8")
    page = browser.new_context(offline=True, **context).new_page()
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on(
        "request",
        lambda request: request.url == path.as_uri() or heard.append(f"asked {request.url}"),
    )
    page.goto(path.as_uri())
    expect(page.locator(".view > canvas").first).to_have_attribute("aria-busy", "false")
    return page, heard


def place(page: Page, key: str) -> tuple[float, float]:
    """Where a card is on the screen."""
    x, y = page.evaluate(
        """(key) => { const view = views[0]; const card = view.graph.cards[view.graph.numberOf(key)];
        const box = view.canvas.getBoundingClientRect(); const [x, y] = view.camera.toCanvas(card.x, card.y);
        return [box.x + x, box.y + y]; }""",
        key,
    )
    return x, y


def chain() -> Picture:
    graph = together(artifacts(*range(1, 9)), *(run(n, [n], [n + 1]) for n in range(1, 8)))
    return draw(graph, [Ref(Kind.ARTIFACT, 1)])


def test_a_file_is_walked_offline(browser: Browser, tmp_path: Path) -> None:
    page, heard = opened(browser, tmp_path, written(chain(), "A chain"))
    assert page.locator(".view > canvas").first.get_attribute("data-drawn") == "15"
    page.mouse.click(*place(page, "artifact/2"))
    panel = page.locator(".panel")
    expect(panel).to_contain_text("artifact #2")
    expect(panel).to_contain_text("1 neighbour upstream")
    page.keyboard.press("Escape")
    before = place(page, "artifact/2")
    page.mouse.move(300, 150)
    page.mouse.down()
    page.mouse.move(340, 190, steps=4)
    page.mouse.up()
    after = place(page, "artifact/2")
    assert abs(after[0] - before[0] - 40) < 2
    scale = page.evaluate("views[0].camera.scale")
    page.mouse.wheel(0, -400)
    page.wait_for_function("(scale) => views[0].camera.scale > scale", arg=scale)
    page.mouse.click(*place(page, "artifact/2"))
    page.locator(".view > canvas").first.press("ArrowRight")
    expect(panel).to_contain_text("execution #2")
    with page.expect_download() as saved:
        page.get_by_role("button", name="PNG").click()
    assert saved.value.suggested_filename == "a-chain.png"
    page.get_by_text("The same as a list").click()
    assert page.locator(".twin tbody tr").count() == 15
    assert heard == []
    page.context.close()


def test_a_file_opens_where_it_was_taken(browser: Browser, tmp_path: Path) -> None:
    at = "at=1970-01-01T00:00:00.030Z&selected=artifact/1"
    page, heard = opened(browser, tmp_path, written(chain(), "Then", at), color_scheme="dark")
    assert page.evaluate("views[0].graph.cards[views[0].selected].key") == "artifact/1"
    expect(page.locator(".time output")).to_contain_text("1970-01-01 00:00:00")
    assert page.evaluate("views[0].asOf.later.some((later) => later)")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(15, 19, 24)"
    assert heard == []
    page.context.close()


def test_groups_tell_what_they_hold_and_offer_nothing_a_file_cannot(
    browser: Browser, tmp_path: Path
) -> None:
    page, heard = opened(
        browser, tmp_path, written(several(), "Groups"), viewport={"width": 390, "height": 700}
    )
    page.mouse.click(*place(page, "stack/artifact/10"))
    expect(page.locator(".panel")).to_contain_text("artifact #12")
    assert page.locator(".panel a, .panel button:not(.close)").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert heard == []
    page.context.close()


def test_names_are_only_names(browser: Browser, tmp_path: Path) -> None:
    for name in HOSTILE[:6]:
        page, heard = opened(browser, tmp_path, written(named(name), name))
        assert page.evaluate("views[0].graph.cards.length") == 2
        assert page.locator("img, script:not([type])").count() == 0
        assert heard == []
        page.context.close()


def test_a_notebook_shows_it_live(browser: Browser, tmp_path: Path) -> None:
    view = LineageView("A chain", Subgraph(), chain())
    path = tmp_path / "notebook.html"
    path.write_text(f"<!doctype html><p>Out[1]:</p>{view._repr_html_()}", "utf-8")
    page = browser.new_context(offline=True).new_page()
    heard: list[str] = []
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.goto(path.as_uri())
    frame = page.frame_locator("iframe")
    canvas = frame.locator(".view > canvas").first
    expect(canvas).to_have_attribute("data-drawn", "15")
    canvas.press("ArrowRight")
    canvas.press("ArrowRight")
    canvas.press("Enter")
    expect(frame.locator(".panel")).to_contain_text("execution #1")
    assert heard == []
    page.context.close()
