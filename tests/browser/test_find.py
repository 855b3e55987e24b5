"""Finding in a real browser: the filter box completes and corrects, the search box finds as one types."""

from __future__ import annotations

from playwright.sync_api import Browser, Route, expect

from tests.browser.watched import Watched

expect.set_options(timeout=15_000)  # what is found first is found while the engine warms up


def test_the_filter_box_completes_corrects_and_explains(watched: Watched) -> None:
    watched.open("/artifacts")
    page = watched.page
    box = page.get_by_role("combobox", name="Filter")
    box.press_sequentially("tfx_v")
    option = page.get_by_role("option", name="tfx_version")
    expect(option).to_be_visible()
    watched.shoot("completed")
    box.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    box.press("Enter")
    expect(box).to_have_value("tfx_version")
    box.press_sequentially(" = '1.16.0' AND within('2026-11-23T09:47:21.2")
    page.get_by_role("option", name="2026-11-23T09:47:21.279170").click()
    expect(box).to_have_value("tfx_version = '1.16.0' AND within('2026-11-23T09:47:21.279170')")
    page.get_by_text("The Cypher it becomes").click()
    expect(page.locator(".filter .cypher pre").first).to_contain_text("n.custom_tfx_version")
    expect(page.locator(".filter .values")).to_contain_text('"1.16.0"')
    watched.shoot("explained")
    box.press("Escape")
    box.press("Enter")
    expect(page.locator(".scroll tbody tr").first).to_be_visible()
    assert "within%28" in page.url
    page.get_by_text("The Cypher it becomes").click()
    page.get_by_role("link", name="Open it in the console").click()
    expect(page.locator(".scroll tbody tr").first).to_be_visible()


def test_a_mistake_is_shown_under_its_character(watched: Watched) -> None:
    watched.open("/executions")
    page = watched.page
    box = page.get_by_role("combobox", name="Filter")
    box.fill("id > 1 AND contexts_a.y = 2")
    wrong = page.locator(".filter .wrong")
    expect(wrong).to_contain_text("there is no 'contexts_a.y'")
    expect(wrong.locator("pre")).to_have_text("id > 1 AND contexts_a.y = 2\n           ^")
    expect(box).to_have_attribute("aria-invalid", "true")
    watched.shoot("mistake")
    box.fill("id > 1 AND contexts_a.name = 'x'")
    expect(wrong).to_be_hidden()


def test_the_search_box_finds_in_the_picture_and_in_the_store(watched: Watched) -> None:
    watched.open("/artifacts/20/lineage")
    page = watched.page
    page.keyboard.press("/")
    box = page.locator("#search")
    expect(box).to_be_focused()
    box.press_sequentially("execution/28")
    expect(page.get_by_role("group", name="In this picture")).to_contain_text("execution/28")
    expect(page.get_by_role("group", name="Go to")).to_contain_text("execution/28")
    watched.shoot("searched")
    box.press("ArrowDown")
    box.press("Enter")
    watched.until("view.graph.cards[view.selected]?.key === 'execution/28'")
    box.fill("1.16.0")
    expect(page.get_by_role("group", name="By a property")).to_be_visible()
    box.fill("modelblessing")
    page.get_by_role("group", name="Types").get_by_role("option").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Artifacts")
    assert "type=ModelBlessing" in page.url


def test_what_is_chosen_stays_chosen_when_more_is_found(watched: Watched) -> None:
    watched.open("/artifacts/20/lineage")
    page = watched.page
    held: list[Route] = []
    page.route("**/search.json?*properties=yes*", lambda route: held.append(route))
    page.keyboard.press("/")
    box = page.locator("#search")
    with page.expect_request("**/search.json?*properties=yes*"):
        box.press_sequentially("execution/28")
    box.press("ArrowDown")
    marked = page.get_by_role("group", name="In this picture").get_by_role("option", selected=True)
    expect(marked).to_have_count(1)
    with page.expect_response("**/search.json?*properties=yes*"):
        held[0].continue_()
    expect(marked).to_have_count(1)
    box.press("Enter")
    watched.until("view.graph.cards[view.selected]?.key === 'execution/28'")


def test_without_scripts_search_and_filter_are_forms(
    browser: Browser, address: str, engine_name: str
) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        watched = Watched(context.new_page(), address, engine_name)
        watched.page.goto(f"{address}/")
        watched.page.locator("#search").fill("modelblessing")
        watched.page.locator("#search").press("Enter")
        expect(watched.page.get_by_role("heading", name="Types")).to_be_visible()
        watched.page.goto(f"{address}/artifacts?where=id+%3D%3D+1")
        expect(watched.page.locator(".filter .wrong pre")).to_have_text("id == 1\n    ^")
        watched.complaints = [one for one in watched.complaints if "422" not in one]
        assert watched.complaints == []


def test_what_takes_long_says_so_and_escape_stops_it(watched: Watched) -> None:
    watched.open("/artifacts/20/lineage")
    page = watched.page
    held: list[Route] = []
    page.route("**/search.json?*properties=yes*", lambda route: held.append(route))
    page.keyboard.press("/")
    box = page.locator("#search")
    with page.expect_request("**/search.json?*properties=yes*"):
        box.press_sequentially("execution/28")
    waiting = page.get_by_text("Looking through properties")
    expect(waiting).to_be_visible()
    box.press("Escape")
    expect(waiting).to_be_hidden()
    with page.expect_response("**/search.json?*properties=yes*"):
        held[0].continue_()
    page.wait_for_timeout(300)
    expect(page.get_by_role("listbox")).to_be_hidden()
