"""Scope: every address opens, and what of it was left out is said."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from lineage_graph.pictures.scope import Scope, read_scope


def read(query: str) -> Scope:
    return read_scope(parse_qsl(query, keep_blank_values=True))


def test_nothing_said_is_the_default() -> None:
    assert read("") == read("depth=&direction=&opened=") == Scope()
    assert Scope().query == ""


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("direction=sideways", "upstream"),
        ("depth=-1", "from 0 to 1,000"),
        ("depth=1001", "0 to 1,000"),
        ("depth=" + "9" * 5000, "…"),
        ("limit=0", "from 1"),
        ("opened=x", "artifact/17-upstream"),
        ("opened=context/1-upstream", "artifact/17-upstream"),
        ("opened=artifact/17-both", "artifact/17-upstream"),
        ("version=7", "says nothing"),
        ("show=dogs", "both, artifacts and executions"),
        ("picked=context/3", "artifact/17"),
        ("picked=artifact/-3", "artifact/17"),
        ("fold=stack/17", "context/5"),
        ("out=artifact", "artifact/17"),
        ("at=yesterday", "2026-03-01"),
        ("at=0000-99-99", "2026-03-01"),
        ("find=" + "x" * 1_000_000, "longer than"),
    ],
)
def test_what_makes_no_sense_is_left_out_and_said(query: str, word: str) -> None:
    scope = read(query)
    assert scope.query == ""
    (sentence,) = scope.dropped
    assert word in sentence
    assert len(sentence) < 200


def test_there_is_an_end_to_what_is_said() -> None:
    scope = read("&".join(f"name{number}=1" for number in range(5000)))
    assert len(scope.dropped) == 10
    assert "4,991 more" in scope.dropped[-1]


NAMES = ["depth", "limit", "opened", "x", "q", "at", "fold", "out", "show", "find", "row"]
WORDS = ["2026-03-01T00:00:00Z", "context/5", "artifact/1", "artifact/1-upstream", "7", "both"]


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.text() | st.sampled_from(WORDS))))
def test_any_address_is_understood_in_part(given: list[tuple[str, str]]) -> None:
    scope = read_scope(given)
    assert read(scope.query).query == scope.query
    assert read(scope.query).dropped == ()


def test_an_address_says_the_same_again() -> None:
    query = (
        "direction=upstream&depth=3&limit=7&opened=artifact/1-upstream&opened=execution/2-downstream"
        "&picked=artifact/9&show=artifacts&cached=hide&reduce=yes&by=run&fold=context/5"
        "&unfold=stack/artifact/17&stacks=no&out=artifact/17&at=2026-03-01&find=state+%3D+1&row=101"
    )
    assert read(query).query == query
    assert read(query).dropped == ()


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("1970-01-02", 86_400_000),
        ("1970-01-01T00:00:01Z", 1000),
        ("1970-01-01T02:00:01+02:00", 1000),
        ("1970-01-01T02:00:01 02:00", 1000),
        ("1970-01-01T00:00:00.250", 250),
    ],
)
def test_moments(text: str, milliseconds: int) -> None:
    assert read_scope([("at", text)]).moment == milliseconds


def test_pages_and_pictures_say_what_was_left_out(client: TestClient) -> None:
    query = "direction=sideways&opened=artifact/99999-upstream&depth=2"
    page = client.get(f"/artifacts/20/lineage?{query}")
    assert page.status_code == 200
    for path in ("/artifacts/20", "/executions/28", "/contexts/38"):
        found = client.get(f"{path}/lineage/picture.json?{query}").json()
        first, second = found["dropped"]
        assert "sideways" in first
        assert "99999" in second
    for sentence in client.get(f"/artifacts/20/lineage.json?{query}").json()["picture"]["dropped"]:
        assert sentence.replace("'", "&#39;") in page.text


def test_a_picture_that_is_known_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/artifacts/20/lineage/picture.json?depth=2")
    tag = first.headers["etag"]
    assert first.json()["hash"] in tag
    parts = first.headers["server-timing"].split(", ")
    assert [part.split(";")[0] for part in parts] == ["read", "draw", "encode"]
    again = client.get("/artifacts/20/lineage/picture.json?depth=2", headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get("/artifacts/20/lineage/picture.json?depth=3", headers={"if-none-match": tag})
    assert other.status_code == 200
    assert client.get("/artifacts/99999/lineage/picture.json").status_code == 404
