"""A page of another site sends the browser to a statement: it waits for a click, and then it runs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.browser.watched import Watched

STATEMENT = "MATCH (a:Artifact)\nRETURN count(a) AS artifacts"
PAGE: dict[str, str] = {}


class Other(BaseHTTPRequestHandler):
    """Another site: a page that sends whoever opens it elsewhere, by itself or through a redirect."""

    def do_GET(self) -> None:
        if self.path == "/hop":
            self.send_response(302)
            self.send_header("location", PAGE["wanted"])
            self.end_headers()
            return
        text = f"<!doctype html><script>location = {PAGE['next']!r}</script>".encode()
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    with HTTPServer(("127.0.0.1", 0), Other) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


@pytest.mark.parametrize("site", ["localhost", "127.0.0.1"])  # another site; another origin of ours
@pytest.mark.parametrize("hop", [False, True])
def test_a_statement_of_another_site_waits_for_a_click(
    watched: Watched, port: int, site: str, hop: bool
) -> None:
    page = watched.page
    PAGE["wanted"] = f"{watched.address}/console?cypher={quote(STATEMENT)}"
    PAGE["next"] = f"http://{site}:{port}/hop" if hop else PAGE["wanted"]
    page.goto(f"http://{site}:{port}/")
    expect(page.get_by_role("heading", name="Not run yet")).to_be_visible()
    assert page.locator("textarea[name=cypher]").input_value() == STATEMENT
    assert page.locator("table").count() == 0
    watched.shoot("led")
    page.get_by_role("button", name="Run it").click()
    expect(page.locator("table td")).to_have_text("58")
    assert page.locator("#cypher").input_value().split() == STATEMENT.split()
    own = (f"http://{site}:{port}/", "Failed to load resource")  # the other site, and its icon
    watched.complaints = [one for one in watched.complaints if not any(o in one for o in own)]


def test_what_is_typed_runs(watched: Watched) -> None:
    watched.open(f"/console?cypher={quote(STATEMENT)}")
    expect(watched.page.locator("table td")).to_have_text("58")
