"""Who may ask: names, tokens, other sites; and what every answer carries."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, quote

import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from starlette.testclient import TestClient

from lineage_graph.errors import InvalidArgument
from lineage_graph.model import Kind
from lineage_graph.server.app import create_app
from lineage_graph.server.security import check_address, is_loopback
from lineage_graph.settings import Settings
from lineage_graph.store import Store
from lineage_graph.store.session import Transaction

TOKEN = "correct horse battery"


@pytest.fixture
def guarded(tfx: Store) -> Iterator[TestClient]:
    settings = tfx.settings.model_copy(
        update={"access_token": SecretStr(TOKEN), "allowed_hosts": ("lineage.example",)}
    )
    app = create_app(tfx, settings)
    with TestClient(app, "http://127.0.0.1", follow_redirects=False) as client:
        yield client


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "", "localhost.evil.example:80", "[::2]"]
)
def test_other_names_are_refused(client: TestClient, host: str) -> None:
    response = client.get("/artifacts/20", headers={"host": host})
    assert response.status_code == 421
    assert "Examples" not in response.text


@pytest.mark.parametrize("host", ["localhost", "localhost:8765", "127.0.0.1:80", "[::1]:8765"])
def test_own_names_are_answered(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 200


def test_safe_headers_are_on_every_answer(client: TestClient) -> None:
    for path in ("/", "/nowhere", "/static/app.css", "/artifacts/20.json", "/artifacts?limit=0"):
        headers = client.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"


def test_other_sites_may_lead_here_but_not_ask(client: TestClient) -> None:
    lead = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    assert client.get("/", headers=lead).status_code == 200
    ask = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}
    assert client.get("/console?cypher=RETURN 1", headers=ask).status_code == 403
    sibling = {**ask, "sec-fetch-site": "same-site"}
    assert client.get("/", headers=sibling).status_code == 403
    for dest in ("iframe", "object", "embed", "frame"):
        headers = {**lead, "sec-fetch-dest": dest}
        assert client.get("/", headers=headers).status_code == 403
        assert client.get("/embed/artifacts/20/lineage", headers=headers).status_code == 200
    assert client.get("/", headers={**lead, "sec-purpose": "prefetch"}).status_code == 403


LED = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
COSTLY = [
    "/console?cypher=RETURN+1+AS+x",
    "/console/picture.svg?cypher=MATCH+(a:Artifact)+RETURN+a+LIMIT+1",
    "/why?one=artifact/14&other=artifact/29",
    "/why.svg?one=artifact/14&other=artifact/29",
    "/compare?node=artifact/14&node=artifact/29",
    "/search?text=model",
    "/artifacts?where=id+%3E+3",
    "/executions?text=Trainer",
    "/contexts?sort=name",
    "/ask/makers-of-artifact?artifact=20",
    "/ask/failed-executions",
    "/ask/run-as-graph/picture.svg?context=38",
    "/artifacts/20/lineage?depth=100",
    "/artifacts/20/lineage?opened=artifact/20-upstream",
    "/artifacts/20/lineage.svg?limit=50000",
    "/embed/artifacts/20/lineage?find=id+%3E+3",
    "/contexts/2?depth=1000",
]


@pytest.fixture
def ran(tfx: Store, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements that are run, as they are run."""
    texts: list[str] = []
    run = Transaction._run

    def noting(self: Transaction, text: str, values: Any) -> Any:
        texts.append(text)
        return run(self, text, values)

    monkeypatch.setattr(Transaction, "_run", noting)
    return texts


@pytest.mark.parametrize("path", COSTLY)
def test_what_costs_more_than_a_page_view_waits_for_a_click(
    client: TestClient, path: str, ran: list[str]
) -> None:
    for site in ("cross-site", "same-site", "something new"):
        held = client.get(path, headers={**LED, "sec-fetch-site": site})
        assert held.status_code == 200
        assert "has not run" in held.text
        assert f'action="{path.partition("?")[0]}"' in held.text
        for name, value in parse_qsl(path.partition("?")[2]):
            assert f'name="{name}"' in held.text
            assert html.escape(value) in held.text
    for site in ("none", "same-origin", "cross-site"):
        ahead = {**LED, "sec-fetch-site": site, "sec-purpose": "prefetch;prerender"}
        assert client.get(path, headers=ahead).status_code == 403
    assert ran == []
    for headers in (
        {},
        {**LED, "sec-fetch-site": "none"},
        {**LED, "sec-fetch-site": "same-origin"},
    ):
        answer = client.get(path, headers=headers)
        assert answer.status_code == 200
        assert "has not run" not in answer.text
    assert ran != []


@pytest.mark.parametrize("path", [path for path in COSTLY if "." not in path.partition("?")[0]])
def test_their_data_is_not_read_either(client: TestClient, path: str, ran: list[str]) -> None:
    if path.startswith("/embed"):
        return
    page, _, query = path.partition("?")
    answer = client.get(f"{page}.json?{query}", headers=LED)
    assert (answer.status_code, answer.json()["title"]) == (403, "Not run")
    assert ran == []


def test_links_of_other_sites_lead_to_pages_that_cost_little(client: TestClient) -> None:
    for path in (
        "/",
        "/artifacts/20",
        "/artifacts?type=Model&after=30",
        "/executions?state=FAILED",
        "/contexts/2",
        "/artifacts/20/lineage?depth=3&direction=upstream&selected=artifact/20",
        "/console",
        "/search",
        "/why",
        "/ask/makers-of-artifact",
    ):
        assert "has not run" not in client.get(path, headers=LED).text, path


def test_every_route_is_known_to_cost_little_or_more(app: FastAPI) -> None:
    """A new route stands here, or says when it costs more than a page view."""
    little = {
        *("/", "/overview.json", "/types", "/types.json", "/ask", "/ask.json", "/health", "/live"),
        *("/openapi.json", "/artifacts/{id:int}/file", "/static"),
        *(f"/{kind.value}s/{{id:int}}" for kind in (Kind.ARTIFACT, Kind.EXECUTION)),
        *(f"/{kind.value}s/{{id:int}}.json" for kind in (Kind.ARTIFACT, Kind.EXECUTION)),
        *(f"/{kind.value}s/{{id:int}}/panel" for kind in (Kind.ARTIFACT, Kind.EXECUTION)),
        *(f"/{kind.value}s/{{id:int}}/panel.json" for kind in (Kind.ARTIFACT, Kind.EXECUTION)),
    }
    got = [route for route in app.routes if "POST" not in (getattr(route, "methods", None) or ())]
    paths = {str(getattr(route, "path", "")) for route in got}
    boxes = {path for path in paths if path.startswith("/filters/")}  # they look at names alone
    assert paths - set(app.state.costs) - boxes == little


def test_sites_that_may_frame_pictures_need_no_click(tfx: Store) -> None:
    settings = tfx.settings.model_copy(update={"embed_origins": ("https://wiki.example",)})
    path = "/embed/artifacts/20/lineage?depth=100"
    with TestClient(create_app(tfx, settings), "http://127.0.0.1") as client:
        for referer, waits in (
            ("https://wiki.example/", False),
            ("https://wiki.example.evil.example/", True),
            ("", True),
        ):
            headers = {**LED, "sec-fetch-dest": "iframe", "referer": referer}
            assert ("has not run" in client.get(path, headers=headers).text) is waits


def test_signing_in_does_not_run_what_a_link_asks_for(guarded: TestClient, ran: list[str]) -> None:
    path = "/console?cypher=RETURN+'marked'+AS+x"
    for address in (path, f"/sign-in?next={quote(path, safe='')}"):
        led = guarded.get(address, headers=LED)
        assert led.status_code in (200, 303)
    ours = {"sec-fetch-site": "same-origin", "sec-fetch-mode": "navigate"}
    held = guarded.post("/sign-in", data={"token": TOKEN, "next": path}, headers=ours)
    assert (held.status_code, "has not run" in held.text) == (200, True)
    assert "'marked'" in html.unescape(held.text)
    assert ran == []
    answer = guarded.get(path, headers=ours)  # signed in, and clicked
    assert (answer.status_code, len(ran) > 0) == (200, True)


def test_without_the_token_nothing_is_told(guarded: TestClient) -> None:
    page = guarded.get("/artifacts/20?x=1")
    assert page.status_code == 303
    assert page.headers["location"] == "/sign-in?next=%2Fartifacts%2F20%3Fx%3D1"
    data = guarded.get("/artifacts/20.json")
    assert (data.status_code, data.headers["www-authenticate"]) == (401, "Bearer")
    assert guarded.get("/openapi.json").status_code == 401
    assert guarded.get("/static/app.css").status_code == 200
    assert guarded.get("/health").text == "ok\n"


def test_the_token_opens(guarded: TestClient) -> None:
    good = {"authorization": f"Bearer {TOKEN}"}
    assert guarded.get("/artifacts/20.json", headers=good).status_code == 200
    bad = {"authorization": f"Bearer {TOKEN}x"}
    assert guarded.get("/artifacts/20.json", headers=bad).status_code == 401
    odd = {"authorization": b"Bearer \xff\xfe"}
    assert guarded.get("/artifacts/20.json", headers=odd).status_code == 401


def test_signing_in_sets_a_cookie_that_is_not_the_token(guarded: TestClient) -> None:
    wrong = guarded.post("/sign-in", data={"token": "wrong", "next": "/types"})
    assert (wrong.status_code, "That is not the token." in wrong.text) == (403, True)
    right = guarded.post("/sign-in", data={"token": TOKEN, "next": "/types"})
    assert (right.status_code, right.headers["location"]) == (303, "/types")
    cookie = right.headers["set-cookie"]
    assert TOKEN not in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert guarded.get("/types").status_code == 200


def test_the_cookie_is_only_sent_encrypted_where_the_page_was(guarded: TestClient) -> None:
    form = {"token": TOKEN}
    plain = guarded.post("/sign-in", data=form).headers["set-cookie"]
    encrypted = guarded.post("https://127.0.0.1/sign-in", data=form).headers["set-cookie"]
    assert ("Secure" in plain, "Secure" in encrypted) == (False, True)


def test_a_long_form_is_no_access_token(guarded: TestClient) -> None:
    form = {"token": TOKEN, "next": "/types", "more": "x" * 9_900}
    assert guarded.post("/sign-in", data=form).status_code == 303
    assert guarded.post("/sign-in", data={**form, "more": "x" * 10_001}).status_code == 413


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example", "/\\evil", "/a\nb"])
def test_signing_in_leads_nowhere_else(guarded: TestClient, wanted: str) -> None:
    response = guarded.post("/sign-in", data={"token": TOKEN, "next": wanted})
    assert response.headers["location"] == "/"


def test_another_name_can_be_allowed(guarded: TestClient) -> None:
    headers = {"host": "lineage.example", "authorization": f"Bearer {TOKEN}"}
    assert guarded.get("/", headers=headers).status_code == 200


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "example.org"])
def test_other_addresses_need_a_token(host: str) -> None:
    with pytest.raises(InvalidArgument, match="access token"):
        check_address(Settings(host=host))
    check_address(Settings(host=host, access_token=SecretStr(TOKEN)))


def test_a_token_that_is_too_short() -> None:
    with pytest.raises(InvalidArgument, match="too short"):
        check_address(Settings(access_token=SecretStr("1234")))


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("localhost", True), ("::", False)],
)
def test_loopback(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


def test_only_pages_to_embed_are_framed_and_only_by_the_sites_named(tfx: Store) -> None:
    settings = tfx.settings.model_copy(update={"embed_origins": ("https://wiki.example",)})
    with TestClient(create_app(tfx, settings), "http://127.0.0.1") as client:
        framed = client.get("/embed/artifacts/20/lineage").headers
        assert "x-frame-options" not in framed
        ancestors = framed["content-security-policy"].partition("frame-ancestors ")[2]
        assert ancestors == "'self' https://wiki.example"
        for path in ("/artifacts/20/lineage", "/embed", "/console", "/artifacts/20/lineage.svg"):
            headers = client.get(path).headers
            assert headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize(
    "origin", ["*", "wiki.example", "https://a.example; script-src *", "https://a.example/x"]
)
def test_what_is_no_origin_is_refused(origin: str) -> None:
    with pytest.raises(ValueError, match="no origin"):
        Settings(embed_origins=(origin,))
