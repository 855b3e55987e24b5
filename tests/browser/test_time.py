"""The lineage as it was: a slider over the moments, nodes in their places."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.embedded import EMBEDDED, PAGE
from tests.browser.watched import Watched

pytestmark = EMBEDDED

THERE = "view.graph.cards.filter((card) => !view.look.later[card.number]).map((card) => card.key)"


def test_the_slider_shows_what_was_there_and_when(watched: Watched) -> None:
    watched.open(f"{PAGE}?depth=3")
    place = watched.at("artifact/20")
    slider = watched.page.locator(".time input")
    date = watched.page.locator(".time output")
    expect(date).to_have_text("as it is")
    counts = []
    slider.focus()
    for key in ("Home", "PageUp", "PageUp", "End"):
        watched.page.keyboard.press(key)
        watched.drawn()
        counts.append(len(watched.does(THERE)) if key != "End" else watched.cards())
    assert counts == sorted(counts)
    assert counts[0] < counts[1] < counts[-1]
    watched.page.keyboard.press("Home")
    for _ in range(12):
        watched.page.keyboard.press("ArrowRight")
    expect(date).to_have_text(
        re.compile(r"^2026-\d\d-\d\d \d\d:\d\d:\d\d UTC · \d+ of \d+ were there$")
    )
    watched.drawn()
    watched.shoot("time")
    at = watched.does("view.time.at")
    there = set(watched.does(THERE))
    for key, time in watched.does("view.graph.cards.map((card) => [card.key, card.time])"):
        assert (key in there) == (time is None or time <= at)
    assert watched.at("artifact/20") == place
    watched.page.wait_for_url(re.compile(r"at=2026-"))
    watched.page.reload()
    watched.drawn()
    assert watched.does("view.time.at") == at
    watched.page.get_by_role("button", name="Now").click()
    expect(date).to_have_text("as it is")
    watched.page.wait_for_url(re.compile(r"^(?!.*at=)"))


def test_what_ran_at_a_moment_looks_running(watched: Watched) -> None:
    watched.open(f"{PAGE}?depth=3&stacks=no")
    begin, end, number = watched.does(
        "view.graph.cards.filter((c) => c.kind === 'execution' && c.end > c.time).map((c) => [c.time, c.end, c.number])[0]"
    )
    for moment, running in ((begin, True), (end, False)):
        watched.does(f"(view.time.show({moment}), 1)")
        assert bool(watched.does(f"view.look.running[{number}]")) is running


def test_it_plays_and_stops(watched: Watched) -> None:
    watched.open(f"{PAGE}?depth=3")
    watched.page.get_by_role("button", name="Play").click()
    watched.until("Number(view.time.slider.value) > 2 && view.time.at !== null")
    first = watched.does("Number(view.time.slider.value)")
    watched.until(f"Number(view.time.slider.value) > {first}")
    watched.page.get_by_role("button", name="Pause").click()
    stopped = watched.does("view.time.at")
    watched.page.wait_for_timeout(200)
    assert watched.does("view.time.at") == stopped


def test_a_date_alone_is_utc(watched: Watched) -> None:
    watched.open(f"{PAGE}?at=2026-11-23T09:40:00")
    assert watched.does("new Date(view.time.at).toISOString()") == "2026-11-23T09:40:00.000Z"
