"""By keyboard and by ear: every key, what is said, roles and contrast."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.browser.embedded import EMBEDDED, PAGE
from tests.browser.watched import Watched

pytestmark = EMBEDDED


def test_the_sheet_of_keys_opens_and_closes(watched: Watched) -> None:
    watched.open(PAGE)
    watched.canvas.focus()
    watched.page.keyboard.press("?")
    sheet = watched.page.get_by_role("dialog", name="Keys")
    expect(sheet).to_contain_text("fit the whole picture")
    watched.shoot("keys")
    watched.page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(watched.canvas).to_be_focused()


def test_every_key_of_the_sheet_does_what_it_says(watched: Watched) -> None:
    watched.open(f"{PAGE}?depth=3&stacks=no")
    watched.canvas.focus()
    key = "view.graph.cards[view.selected]?.key"
    said = watched.page.locator(".said").first
    watched.page.keyboard.press("ArrowDown")
    assert watched.does(key) == "artifact/20"
    watched.page.keyboard.press("ArrowRight")
    after = watched.does(key)
    assert after != "artifact/20"
    expect(said).to_contain_text(after)
    expect(said).to_contain_text("downstream")
    watched.page.keyboard.press("ArrowDown")
    assert watched.does(key) != after
    for _ in range(40):
        watched.page.keyboard.press("ArrowUp")
    expect(said).to_have_text("Nothing above.")
    watched.page.keyboard.press("Enter")
    panel = watched.page.locator(".panel")
    expect(panel.get_by_role("heading", level=2)).to_be_visible()
    watched.page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    assert watched.does("view.selected") == -1
    watched.page.keyboard.press("f")
    watched.drawn()
    fitted = watched.does("view.camera.scale")
    watched.page.keyboard.press("+")
    watched.drawn()
    assert watched.does("view.camera.scale") == pytest.approx(fitted * 1.4)
    watched.page.keyboard.press("-")
    watched.drawn()
    assert watched.does("view.camera.scale") == pytest.approx(fitted)
    watched.page.keyboard.press("n")
    expect(said).to_have_text("Nothing matches.")


def test_matches_stand_out_and_one_goes_from_one_to_the_next(watched: Watched) -> None:
    watched.open(f"{PAGE}?depth=3&stacks=no&find=type%20LIKE%20'%25Trainer%25'")
    notice = watched.page.locator(".notice", has_text="match")
    expect(notice).to_contain_text("in the picture")
    watched.shoot("matches")
    matches = watched.does("view.graph.matches.length")
    assert matches > 1
    watched.canvas.focus()
    seen = []
    for _ in range(matches):
        watched.page.keyboard.press("n")
        seen.append(watched.does("view.selected"))
    assert sorted(seen) == sorted(set(watched.does("view.graph.matches")))
    watched.page.keyboard.press("N")
    assert watched.does("view.selected") == seen[-2]
    expect(notice).to_contain_text(f"Match {matches - 1} of {matches}")


def test_a_filter_typed_above_the_picture_marks_what_meets_it(watched: Watched) -> None:
    watched.open(f"{PAGE}?depth=3&stacks=no")
    box = watched.page.get_by_label("Mark what meets a filter")
    box.fill("type LIKE '%Trainer%'")
    box.press("Enter")
    expect(watched.page.locator(".notice", has_text="match")).to_contain_text("in the picture")
    assert "find=type" in watched.page.url
    watched.shoot("marked")
    watched.page.get_by_role("button", name="Undo", exact=True).click()
    expect(box).to_have_value("")
    watched.until("!view.graph.matches?.length")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_roles_names_and_contrast_pass_axe(
    browser: Browser, address: str, engine_name: str, scheme: str
) -> None:
    with browser.new_context(color_scheme=scheme, bypass_csp=True) as context:  # type: ignore[arg-type]
        watched = Watched(context.new_page(), address, engine_name)
        watched.open(f"{PAGE}?depth=3&opened=artifact/999-upstream")
        watched.page.mouse.click(*watched.at("artifact/20"))
        expect(watched.page.locator(".panel h2")).to_be_visible()
        watched.page.locator(".time input").press("Home")
        watched.page.locator(".menu summary").first.click()
        found = Axe().run(watched.page)
        watched.shoot(f"axe-{scheme}")
        assert found.violations_count == 0, found.generate_report()
        watched.page.locator(".menu summary").first.click()
        watched.does("(view.act('keys'), 1)")
        found = Axe().run(watched.page)
        assert found.violations_count == 0, found.generate_report()
