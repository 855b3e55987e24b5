"""Who may ask: names, tokens, other sites; and what every answer carries."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from lineage_graph.errors import InvalidArgument
from lineage_graph.server.app import create_app
from lineage_graph.server.security import check_address, is_loopback
from lineage_graph.settings import Settings
from lineage_graph.store import Store

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
