"""Pages that answer: the newest failures, the run to compare with, values told apart, odd types."""

from __future__ import annotations

import re
from html import unescape

import pytest
from starlette.testclient import TestClient

from lineage_graph.model import (
    Artifact,
    Association,
    Context,
    Event,
    EventType,
    ExecutionState,
    Kind,
    ParentContext,
)
from lineage_graph.server.app import create_app
from lineage_graph.store import Store
from tests.questions.test_truth import put, step

FAILED = ExecutionState.FAILED
ODD = "a/b.c d?&é"


@pytest.fixture
def pages(store: Store) -> TestClient:
    """Runs of one pipeline: good, failed, good; failures whose ids are not in the order of time."""
    put(
        store,
        artifacts=(
            Artifact(id=1, type=ODD),
            Artifact(id=2, type="Model", custom_properties={"lr": 0.1}),
            Artifact(id=3, type="Model", custom_properties={"lr": 0.10000001}),
        ),
        executions=(
            step(1, "Train", 10, 20),
            step(2, "Train", 30, 40, last_known_state=FAILED),
            step(3, "Train", 50, 60),
            *(step(n, f"Broken{n}", 1, 1000 - n, last_known_state=FAILED) for n in range(4, 12)),
        ),
        contexts=(
            Context(id=1, type="pipeline", name="p"),
            *(
                Context(id=n, type="run", name=f"run {n}", create_time_since_epoch=n * 10)
                for n in (2, 3, 4)
            ),
        ),
        events=tuple(
            Event(artifact_id=n, execution_id=e, type=EventType.OUTPUT) for n, e in ((2, 1), (3, 3))
        ),
        associations=tuple(Association(execution_id=n, context_id=n + 1) for n in (1, 2, 3)),
        parent_contexts=tuple(ParentContext(child_id=n, parent_id=1) for n in (2, 3, 4)),
    )
    return TestClient(create_app(store), "http://127.0.0.1")


def test_the_newest_failures_come_first(pages: TestClient) -> None:
    shown = re.findall(r"Broken\d+", pages.get("/").text)
    assert list(dict.fromkeys(shown))[:5] == [f"Broken{n}" for n in (4, 5, 6, 7, 8)]


def test_a_run_is_compared_with_the_last_one_that_completed(pages: TestClient) -> None:
    (path,) = re.findall(r'href="([^"]*)">What differs from', pages.get("/contexts/4").text)
    assert unescape(path) == "/compare?node=context/2&node=context/4"
    assert "What differs from" not in pages.get("/contexts/2").text


def test_values_that_differ_do_not_read_alike(pages: TestClient) -> None:
    page = pages.get("/compare?node=artifact/2&node=artifact/3").text
    assert "0.10000001" in page
    why = pages.get("/why?one=artifact/2&other=artifact/3").text
    assert "lr 0.1 → 0.10000001" in unescape(why)


def test_a_type_with_dots_and_slashes_leads_to_its_nodes(pages: TestClient) -> None:
    for page in ("/types", "/", "/artifacts/1", "/artifacts"):
        paths = re.findall(r'href="((?:/artifacts)?\?type=a[^"]*)"', pages.get(page).text)
        assert paths, page
        for path in paths:
            address = unescape(path)
            found = pages.get(address if address.startswith("/") else f"/artifacts{address}")
            assert "#1</a>" in found.text, (page, path)
            assert "#2</a>" not in found.text
    where = f"type = '{ODD}'"
    assert pages.get("/artifacts.json", params={"where": where}).json()["total"] == 1
    asked = pages.get("/ask/latest-artifacts.json", params={"type": ODD}).json()
    assert [row[0] for row in asked["rows"]] == [1]
    assert Kind.ARTIFACT.value in pages.get("/types").text
