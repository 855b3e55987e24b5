"""What a first-time user sees: a legend of what is there, names as they are, colours of a comparison, a PNG."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from lineage_graph.drawing.columns import encoded
from lineage_graph.drawing.picture import draw
from lineage_graph.model import Kind, Ref
from tests.browser.embedded import EMBEDDED, PAGE, answer_pictures, show
from tests.browser.watched import Watched
from tests.worlds import names, parts, runs

pytestmark = EMBEDDED


def test_the_legend_says_what_there_is(watched: Watched) -> None:
    watched.open(PAGE)
    legend = watched.page.get_by_role("list", name="Legend")
    expect(legend).to_contain_text("artifact")
    expect(legend.get_by_text("failed, canceled")).to_be_hidden()
    expect(legend.get_by_text("only in the second")).to_be_hidden()
    watched.page.locator("select[name=depth]").select_option("100")
    watched.drawn()
    expect(legend.get_by_text("failed, canceled")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_pass_axe(browser: Browser, address: str, engine_name: str, scheme: str) -> None:
    with browser.new_context(color_scheme=scheme, bypass_csp=True) as context:  # type: ignore[arg-type]
        watched = Watched(context.new_page(), address, engine_name)
        for path in ("/", "/contexts/1", "/artifacts", "/executions/5", "/search?text=model"):
            watched.page.goto(address + path)
            found = Axe().run(watched.page)
            assert found.violations_count == 0, found.generate_report()


def test_strange_names_are_words_and_nothing_else(watched: Watched) -> None:
    show(watched, names())
    watched.shoot("names")
    number = watched.does("view.graph.cards.findIndex((card) => card.title.includes('onerror'))")
    x, y = watched.at(watched.does(f"view.graph.cards[{number}].key"))
    watched.page.mouse.move(x, y)
    watched.does(f"(view.select({number}, false), 1)")
    expect(watched.page.locator(".said").first).to_contain_text("<img src=x onerror=alert(1)>")
    assert watched.page.locator(".stage img[src=x]").count() == 0


def test_the_colours_of_a_comparison(watched: Watched) -> None:
    graph = runs(60)
    changes = {
        Ref(Kind.ARTIFACT, 1): "same",
        Ref(Kind.ARTIFACT, 2): "changed",
        Ref(Kind.EXECUTION, 2): "missing",
        Ref(Kind.EXECUTION, 3): "added",
    }
    answer_pictures(watched, [encoded(draw(graph, changes=changes)).text])  # type: ignore[arg-type]
    watched.open(PAGE)
    watched.does("((view.graph.picture.version = 0), view.refresh(), 1)")
    watched.until("view.graph.cards.length > 3")
    watched.drawn()
    watched.shoot("comparison")
    legend = watched.page.get_by_role("list", name="Legend")
    for change in ("same", "changed", "added", "missing"):
        expect(legend.locator(f"[data-means=change-{change}]")).to_be_visible()


def test_parts_that_have_nothing_to_do_with_each_other(watched: Watched) -> None:
    show(watched, parts(60))
    watched.shoot("parts")


def test_the_png_is_the_whole_picture(watched: Watched, tmp_path: Path) -> None:
    show(watched, runs(400))
    width, height = watched.does("[view.graph.width, view.graph.height]")
    watched.page.locator(".menu summary", has_text="More").click()
    with watched.page.expect_download() as started:
        watched.page.get_by_role("button", name="PNG").click()
    path = tmp_path / "picture.png"
    started.value.save_as(path)
    data = path.read_bytes()
    assert data.startswith(b"\x89PNG")
    wide, high = struct.unpack(">II", data[16:24])
    assert wide / high == pytest.approx((width + 48) / (height + 48), rel=0.01)
    assert max(wide, high) <= 8192
    expect(watched.page.locator(".notice", has_text="PNG")).to_contain_text(f"{wide} × {high}")
    assert len(data) > 20_000


def test_a_phone_has_room_for_it(browser: Browser, address: str, engine_name: str) -> None:
    size = {"width": 390, "height": 800}
    with browser.new_context(viewport=size, has_touch=True, is_mobile=True) as context:  # type: ignore[arg-type]
        watched = Watched(context.new_page(), address, engine_name)
        watched.open(f"{PAGE}?depth=3")
        assert watched.page.evaluate("document.documentElement.scrollWidth") <= 390
        expect(watched.page.locator("select[name=depth]")).to_be_hidden()
        watched.page.touchscreen.tap(*watched.at("artifact/20"))
        expect(watched.page.locator(".panel h2")).to_be_visible()
        watched.shoot("phone-panel")
        watched.page.get_by_role("button", name="Close").tap()
        before = watched.does("view.camera.scale")
        session = context.new_cdp_session(watched.page)
        box = watched.canvas.bounding_box()
        assert box is not None
        x, y = box["x"] + 150, box["y"] + 150
        for kind, gap in (("touchStart", 30), ("touchMove", 60), ("touchMove", 90)):
            points = [{"x": x - gap, "y": y, "id": 1}, {"x": x + gap, "y": y, "id": 2}]
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        assert watched.does("view.camera.scale") > before * 1.5
        assert watched.complaints == []
