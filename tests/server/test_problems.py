"""Errors: every class has a status; pages for people, RFC 9457 for programs."""

from __future__ import annotations

import inspect

import pytest
from starlette.testclient import TestClient

from lineage_graph import errors
from lineage_graph.errors import Unreachable
from lineage_graph.server.app import create_app
from lineage_graph.server.problems import STATUS, status_of
from lineage_graph.store import Store

CLASSES = [
    found
    for _, found in inspect.getmembers(errors, inspect.isclass)
    if issubclass(found, errors.LineageError)
]


def test_every_error_has_a_status() -> None:
    assert set(STATUS) == set(CLASSES)
    assert all(400 <= status < 600 for status in STATUS.values())


def test_what_derives_from_an_error_has_its_status() -> None:
    class Special(errors.NotFound):
        pass

    assert status_of(Special("no")) == 404


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/artifacts/99999", 404, "There is no artifact with the id 99999."),
        ("/contexts/99999", 404, "There is no context with the id 99999."),
        ("/nowhere", 404, "There is no page /nowhere"),
        ("/artifacts?limit=0", 422, "limit"),
        ("/artifacts?since=yesterday", 422, "since"),
        ("/artifacts?after=zzz", 422, ""),
    ],
)
def test_errors_are_pages_and_problems(
    client: TestClient, path: str, status: int, words: str
) -> None:
    page = client.get(path)
    assert page.status_code == status
    assert page.headers["content-type"].startswith("text/html")
    assert "Try again" in page.text
    name, _, query = path.partition("?")
    data = client.get(f"{name}.json?{query}")
    assert data.status_code == status
    assert data.headers["content-type"] == "application/problem+json"
    problem = data.json()
    assert problem.keys() >= {"type", "title", "status", "detail"}
    assert words in problem["detail"] + problem.get("hint", "")


def test_accepting_only_json_gives_json(client: TestClient) -> None:
    response = client.get("/artifacts/99999", headers={"accept": "application/json"})
    assert response.headers["content-type"] == "application/problem+json"


def test_a_database_that_is_gone(tfx: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tfx.engine, tfx.settings, tfx.catalog)

    def gone(*_: object) -> None:
        raise Unreachable("The graph database does not answer.", hint="Check that it runs.")

    with TestClient(create_app(store), "http://127.0.0.1", raise_server_exceptions=False) as client:
        monkeypatch.setattr(store, "node", gone)
        page = client.get("/artifacts/20")
        assert (page.status_code, "Check that it runs." in page.text) == (503, True)


def test_a_fault_of_ours_tells_nothing_of_itself(
    tfx: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tfx.engine, tfx.settings, tfx.catalog)

    def broken(*_: object) -> None:
        raise ZeroDivisionError("secret")

    with TestClient(create_app(store), "http://127.0.0.1", raise_server_exceptions=False) as client:
        monkeypatch.setattr(store, "node", broken)
        page = client.get("/artifacts/20")
        assert page.status_code == 500
        assert "ZeroDivisionError" in page.text
        assert "secret" not in page.text
