"""A picture in a frame of another page: only where the settings say so, and with a way back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from playwright.sync_api import Browser, expect

from lineage_graph.settings import Settings
from lineage_graph.store import Store
from tests.browser.conftest import serving
from tests.browser.watched import Watched

FRAMED: dict[str, str] = {}


class Other(BaseHTTPRequestHandler):
    """Another site's page, with a frame."""

    def do_GET(self) -> None:
        text = f"<!doctype html><p>A wiki</p>{FRAMED['code']}".encode()
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def other() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Other) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_only_the_sites_that_are_named_may_frame_it(
    browser: Browser,
    tfx: Store,
    engine_settings: Settings,
    other: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert tfx.counts().artifacts == 58
    monkeypatch.setenv("LINEAGE_GRAPH_EMBED_ORIGINS", other)
    with serving(engine_settings) as address, browser.new_context() as context:
        page = context.new_page()
        for host, shown in ((other, 1), (other.replace("127.0.0.1", "localhost"), 0)):
            FRAMED["code"] = (
                f'<iframe src="{address}/embed/artifacts/20/lineage?depth=2&selected=artifact/20" '
                'width="900" height="500"></iframe>'
            )
            page.goto(host)
            frame = page.frame_locator("iframe")
            if not shown:
                page.wait_for_timeout(500)
                assert frame.locator(".view").count() == 0
                continue
            canvas = frame.locator(".view > canvas").first
            expect(canvas).to_have_attribute("aria-busy", "false")
            assert int(canvas.get_attribute("data-drawn") or 0) > 3
            link = frame.get_by_role("link", name="Open in lineage_graph")
            with context.expect_page() as opened:
                link.click()
            assert (
                opened.value.url == f"{address}/artifacts/20/lineage?depth=2&selected=artifact/20"
            )
            opened.value.close()


def test_the_code_to_embed_is_of_this_very_view(watched: Watched) -> None:
    watched.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    watched.open("/artifacts/20/lineage?depth=2&by=run")
    watched.page.locator("summary", has_text="More").click()
    watched.page.get_by_role("button", name="Copy embed code").click()
    expect(watched.page.locator(".notice", has_text="was copied")).to_be_visible()
    code = watched.page.evaluate("navigator.clipboard.readText()")
    assert code.startswith(
        f'<iframe src="{watched.address}/embed/artifacts/20/lineage?depth=2&amp;by=run'
    )
    watched.page.goto(code.split('"')[1].replace("&amp;", "&"))
    watched.drawn()
    assert watched.page.locator(".twin tbody tr").count() > 1
