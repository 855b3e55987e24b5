"""Large pictures: three levels of detail, a minimap, even frames, little memory."""

from __future__ import annotations

import re
import statistics

import pytest
from playwright.sync_api import Route, expect

from lineage_graph.model import Subgraph
from tests.browser.embedded import EMBEDDED, show
from tests.browser.watched import Watched
from tests.worlds import chain, fan, runs

pytestmark = EMBEDDED

FRAMES = """new Promise((done) => {
    const times = [];
    let last = null;
    const tick = (now) => {
        if (last !== null) times.push(now - last);
        last = now;
        if (times.length === 90) return done(times);
        if (times.length % 2) view.pan(Math.sin(times.length / 9) * 14, Math.cos(times.length / 11) * 9);
        else view.zoom(times.length < 45 ? 1.03 : 1 / 1.03, 500, 300);
        requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
})"""
AT_SCALE = """((scale) => {
    const { width, height } = view.size();
    view.camera.scale = scale;
    view.camera.centre({ x: view.graph.width / 2, y: view.graph.height / 2 }, width, height);
    view.draw();
    return 1;
})(%s)"""
INK = """(() => {
    const { width, height } = view.canvas;
    const data = view.canvas.getContext('2d').getImageData(0, 0, width, height).data;
    const found = new Set();
    for (let at = 0; at < data.length; at += 4) found.add(`${data[at]},${data[at + 1]},${data[at + 2]}`);
    return found.size;
})()"""


@pytest.fixture(scope="module")
def many() -> Subgraph:
    return runs(3000)


def test_what_is_said_of_a_picture_that_came_behind_its_page(watched: Watched) -> None:
    def page_of_a_large_one(route: Route) -> None:
        text = route.fetch().text()
        text = re.sub(r'<script type="application/json">.*?</script>', "", text, flags=re.DOTALL)
        text = re.sub(
            r'(<p class="shown soft">).*?</p>', r"\1It is large.</p>", text, flags=re.DOTALL
        )
        route.fulfill(body=text, content_type="text/html")

    watched.page.route("**/lineage?depth=2", page_of_a_large_one)
    watched.open("/artifacts/20/lineage?depth=2")
    expect(watched.page.locator(".shown")).to_contain_text("are drawn")
    watched.page.unroute("**/lineage?depth=2")


def test_a_large_picture_moves_evenly(watched: Watched, many: Subgraph) -> None:
    show(watched, many)
    for scale in (0.02, 0.06, 0.3):
        watched.does(AT_SCALE % scale)
        watched.drawn()
        assert watched.does(INK) > 10, "something is drawn"
        times = watched.does(FRAMES)
        # 50 frames a second where the machine is our own; here others may be at work on it.
        assert statistics.median(times) < 40, f"at {scale}"
        watched.drawn()
    watched.complaints = [c for c in watched.complaints if "readback" not in c]


def test_a_picture_larger_than_the_canvas_has_a_minimap(watched: Watched, many: Subgraph) -> None:
    show(watched, many)
    watched.shoot("large")
    minimap = watched.page.locator(".minimap")
    before = watched.does("[view.camera.x, view.camera.y]")
    minimap.click(position={"x": 10, "y": 90})
    watched.drawn()
    assert watched.does("[view.camera.x, view.camera.y]") != before
    assert "x=" in watched.page.url or watched.page.wait_for_url("**x=**") is None
    watched.page.get_by_role("button", name="Fit").click()
    watched.drawn()
    expect(minimap).to_be_hidden()
    watched.shoot("large-fit")


def test_what_one_sees_is_found_by_the_index(watched: Watched, many: Subgraph) -> None:
    """The index against looking at every card, on many rectangles."""
    show(watched, many)
    wrong = watched.does(
        """(() => {
            const { graph } = view;
            let wrong = 0;
            for (let turn = 0; turn < 200; turn += 1) {
                const x = ((turn * 7919) % 1000) / 1000 * graph.width;
                const y = ((turn * 104729) % 1000) / 1000 * graph.height;
                const size = (turn % 20) * 90 + 1;
                const found = graph.cardPlaces.within(x, y, x + size, y + size).sort((a, b) => a - b).join();
                const all = graph.cards.filter((card) => Math.abs(card.x - x - size / 2) <= size / 2 + graph.halfWidth
                    && Math.abs(card.y - y - size / 2) <= size / 2 + graph.halfHeight).map((card) => card.number).join();
                wrong += found === all ? 0 : 1;
            }
            return wrong;
        })()"""
    )
    assert wrong == 0


def test_a_large_picture_takes_little_memory(watched: Watched, many: Subgraph) -> None:
    def used() -> float:
        session = watched.page.context.new_cdp_session(watched.page)
        session.send("HeapProfiler.collectGarbage")
        size = session.send("Runtime.getHeapUsage")["usedSize"]
        return float(size) / 1e6

    watched.open("/artifacts/20/lineage")
    empty = used()
    show(watched, many)
    assert used() - empty < 30


@pytest.mark.parametrize("shape", [chain(500), fan(2000)], ids=["chain", "fan"])
def test_long_and_wide_lineages_begin_where_they_can_be_read(
    watched: Watched, shape: Subgraph
) -> None:
    show(watched, shape)
    watched.shoot("long" if len(shape.artifacts) < 500 else "wide")
    x, y = watched.at("artifact/1")
    box = watched.canvas.bounding_box()
    assert box is not None
    assert box["x"] < x < box["x"] + box["width"]
    assert box["y"] < y < box["y"] + box["height"]
    assert watched.does("view.camera.scale") > 0.1
