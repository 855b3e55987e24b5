"""Where one stands and what one did: the address holds it, back and forward undo and redo it."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.embedded import EMBEDDED, PAGE
from tests.browser.watched import Watched

pytestmark = EMBEDDED


def test_a_link_holds_the_very_view(watched: Watched, browser: Browser) -> None:
    watched.open(PAGE)
    watched.page.locator("select[name=depth]").select_option("3")
    watched.until("view.graph.cards.length > 6")
    watched.page.mouse.click(*watched.at("execution/26"))
    watched.page.mouse.move(300, 700)
    watched.drawn()
    watched.page.mouse.wheel(0, 400)
    watched.page.locator(".time input").press("ArrowLeft")
    watched.drawn()
    watched.page.wait_for_url(re.compile("at=.*"))
    watched.page.wait_for_url(re.compile("zoom=.*"))
    seen = watched.does("[view.selected, view.time.at, view.camera.scale]")
    middle = "[view.camera.y + view.size().height / 2 / view.camera.scale, view.camera.x + view.size().width / 2 / view.camera.scale]"
    place = watched.does(middle)
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        other = Watched(context.new_page(), watched.address, "other")
        other.open(watched.page.url.removeprefix(watched.address))
        assert other.does("[view.selected, view.time.at, view.camera.scale]") == [
            *seen[:2],
            pytest.approx(seen[2], rel=0.01),
        ]
        assert other.does(middle) == pytest.approx(place, abs=2)
        assert other.complaints == []


def test_copy_link_says_that_it_did(watched: Watched) -> None:
    watched.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    watched.open(PAGE)
    watched.page.locator(".menu summary", has_text="More").click()
    watched.page.get_by_role("button", name="Copy link").click()
    expect(watched.page.locator(".notice", has_text="copied")).to_be_visible()
    assert watched.page.evaluate("navigator.clipboard.readText()") == watched.page.url


def test_undo_and_redo_are_back_and_forward(watched: Watched) -> None:
    watched.open(PAGE)
    undo = watched.page.get_by_role("button", name="Undo")
    redo = watched.page.get_by_role("button", name="Redo")
    expect(undo).to_be_disabled()
    watched.page.locator("select[name=depth]").select_option("2")
    watched.until("view.graph.cards.length > 3")
    deeper = watched.cards()
    watched.page.locator("select[name=direction]").select_option("upstream")
    watched.until(f"view.graph.cards.length < {deeper}")
    fewer = watched.cards()
    undo.click()
    watched.drawn(deeper)
    expect(watched.page.locator("select[name=direction]")).to_have_value("both")
    watched.canvas.focus()
    watched.page.keyboard.press("Control+z")
    watched.drawn(3)
    expect(undo).to_be_disabled()
    watched.page.keyboard.press("U")
    watched.drawn(deeper)
    redo.click()
    watched.drawn(fewer)
    expect(redo).to_be_disabled()
    watched.page.go_back()
    watched.drawn(deeper)


def test_controls_act_in_place_and_keep_what_one_looks_at(watched: Watched) -> None:
    watched.open(PAGE)
    watched.page.mouse.click(*watched.at("artifact/20"))
    watched.drawn()
    before = watched.at("artifact/20")
    watched.page.evaluate("window.marked = true")
    watched.page.locator("select[name=depth]").select_option("5")
    watched.until("view.graph.cards.length > 20")
    watched.drawn()
    assert watched.page.evaluate("window.marked"), "the page is the same"
    assert watched.at("artifact/20") == pytest.approx(before, abs=1)
    assert watched.does("view.graph.cards[view.selected].key") == "artifact/20"
    count = watched.cards()
    expect(watched.page.locator(".shown")).to_contain_text(f"in {count} cards")
    watched.page.get_by_text("The same as a list").click()
    expect(watched.page.locator("details.twin tbody tr")).to_have_count(count)
    watched.shoot("deeper")


def test_the_old_picture_turns_into_the_new_one(watched: Watched) -> None:
    """Cards move from where they were; at once where motion is not wanted."""
    watched.open(PAGE)
    first = watched.does(
        """(async () => {
            const places = [];
            view.change((parameters) => parameters.set('depth', '2'), 'artifact/20');
            while (!view.shift) await new Promise(requestAnimationFrame);
            while (view.shift) {
                const card = view.graph.cards[view.graph.numberOf('execution/26')];
                places.push((card.y + view.shift.of(card.number)[1] - view.camera.y) * view.camera.scale);
                await new Promise(requestAnimationFrame);
            }
            return places;
        })()"""
    )
    assert len(first) >= 2
    longest = max(abs(a - b) for a, b in pairwise(first))
    assert longest < max(150, 0.8 * abs(first[-1] - first[0]))  # on a busy machine frames are few
    watched.page.emulate_media(reduced_motion="reduce")
    moved = watched.does(
        """(async () => {
            await view.change((parameters) => parameters.delete('depth'), 'artifact/20');
            await new Promise(requestAnimationFrame);
            await new Promise(requestAnimationFrame);
            return Boolean(view.shift || view.motion);
        })()"""
    )
    assert moved is False


def test_a_picture_begins_with_whole_cards(watched: Watched) -> None:
    watched.open(PAGE)
    cut = watched.does("""(() => {
        const { camera, graph } = view;
        const card = graph.cards[0];
        camera.scale = 0.3;
        [camera.x, camera.y] = [card.x, card.y];
        camera.begin(graph);
        return graph.cards.filter((other) => other.x - graph.halfWidth < camera.x && camera.x < other.x + graph.halfWidth
          || other.y - graph.halfHeight < camera.y && camera.y < other.y + graph.halfHeight).length;
    })()""")
    assert cut == 0
    watched.does("view.start(...Object.values(view.size()))")
    assert watched.does("view.camera.scale") >= 0.22
