"""Slow, failing, hostile: what is shown is whole, and the page says what it is and what one can do."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Route, expect

from tests.browser.embedded import EMBEDDED, PAGE, answer_pictures
from tests.browser.watched import Watched

pytestmark = EMBEDDED


@pytest.fixture
def failing(watched: Watched) -> Iterator[Watched]:
    """A page whose failed requests the browser may complain about."""
    yield watched
    watched.complaints = [c for c in watched.complaints if "Failed to load resource" not in c]


def open_more(watched: Watched) -> None:
    watched.canvas.focus()
    watched.page.keyboard.press("ArrowRight")
    watched.page.keyboard.press("ArrowLeft")
    watched.page.keyboard.press("[")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda route: route.abort(), "The server does not answer"),
        (
            lambda route: route.fulfill(status=504, json={"detail": "The query took too long."}),
            "The query took too long.",
        ),
        (lambda route: route.fulfill(body="<p>half"), "different versions"),
        (lambda route: route.fulfill(json={"version": 99}), "different versions"),
    ],
    ids=["gone", "failed", "half", "version"],
)
def test_what_fails_keeps_the_picture_and_can_be_tried_again(
    failing: Watched, answer: object, words: str
) -> None:
    failing.open(PAGE)
    failing.page.route("**/picture.json*", answer)
    open_more(failing)
    notice = failing.page.locator(".notice.trouble")
    expect(notice).to_contain_text("this is the one before")
    expect(notice).to_contain_text(words)
    failing.shoot("failed")
    assert failing.cards() == 3
    failing.page.unroute("**/picture.json*")
    notice.get_by_role("button", name="Try again").click()
    failing.drawn(6)
    expect(notice).to_have_count(0)


def test_what_is_slow_says_so_and_can_be_called_off(watched: Watched) -> None:
    held: list[Route] = []
    watched.open(PAGE)
    watched.page.route("**/picture.json*", lambda route: held.append(route))
    open_more(watched)
    notice = watched.page.locator(".notice", has_text="Loading")
    expect(notice).to_contain_text("the picture before")
    watched.shoot("slow")
    notice.get_by_role("button", name="Cancel").click()
    expect(notice).to_have_count(0)
    watched.page.wait_for_url(re.compile(r"^(?!.*opened)"))
    assert watched.cards() == 3
    watched.page.unroute("**/picture.json*")  # not before: what was held would arrive


def test_a_first_picture_that_fails_says_so_and_is_asked_for_again(failing: Watched) -> None:
    failing.page.add_init_script(
        "document.addEventListener('readystatechange', () => document.querySelector('.view script')?.remove())"
    )
    failing.page.route("**/picture.json*", lambda route: route.fulfill(status=500, json={}))
    failing.page.goto(failing.address + PAGE)
    notice = failing.page.locator(".notice.trouble")
    expect(notice).to_contain_text("could not be loaded")
    failing.shoot("not-loaded")
    failing.page.unroute("**/picture.json*")
    notice.get_by_role("button", name="Try again").click()
    failing.drawn(3)


def test_the_last_picture_asked_for_counts(watched: Watched) -> None:
    """An answer that comes late does not take the place of one that was asked for after it."""
    watched.open(PAGE)
    held: list[Route] = []
    watched.page.route("**/picture.json*depth=3*", lambda route: held.append(route))
    watched.page.locator("select[name=depth]").select_option("3")
    watched.page.locator("select[name=depth]").select_option("2")
    watched.drawn()
    watched.until("view.graph.cards.length > 3")
    two = watched.cards()
    for route in held:
        route.continue_()
    watched.page.wait_for_timeout(300)
    assert watched.cards() == two
    assert watched.shown()["depth"] == ["2"]


@pytest.mark.parametrize(
    "query",
    [
        "opened=artifact/999999-upstream&direction=sideways&depth=-4&nonsense=1",
        f"opened={'x' * 30000}",
        "x=NaN&y=1e999&zoom=-3&selected=artifact/0&at=yesterday",
        "fold=context/999999&unfold=%00&zoom=1e-300&x=0&y=0",
        "%F0%28&=&&&opened",
    ],
    ids=["words", "long", "numbers", "vanished", "bytes"],
)
def test_a_hostile_address_opens_a_page(watched: Watched, query: str) -> None:
    watched.open(f"{PAGE}?{query}")
    assert watched.cards() == 3
    assert watched.does("Number.isFinite(view.camera.x) && view.camera.scale > 0.001")


def test_what_an_address_asks_in_vain_is_said_and_put_away(watched: Watched) -> None:
    watched.open(f"{PAGE}?opened=artifact/999999-upstream")
    notice = watched.page.locator(".notice", has_text="artifact/999999")
    expect(notice).to_be_visible()
    watched.shoot("dropped")
    notice.get_by_role("button", name="Put this away").click()
    expect(notice).to_have_count(0)


def test_an_empty_picture_says_so(watched: Watched) -> None:
    watched.open(PAGE)
    watched.page.locator("select[name=depth]").select_option("2")
    watched.drawn()
    from lineage_graph.drawing.columns import encoded
    from lineage_graph.drawing.picture import Picture

    answer_pictures(watched, [encoded(Picture()).text])
    watched.does("(view.refresh(), 1)")
    watched.drawn(0)
    expect(watched.page.locator(".notice", has_text="nothing to draw")).to_be_visible()
    watched.canvas.focus()
    for key in ("ArrowLeft", "Enter", "f", "+", "n", "["):
        watched.page.keyboard.press(key)
