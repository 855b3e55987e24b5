"""Tags of runs, jobs, datasets and columns: a filter finds them, and what was told last stands."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from lineage_graph.exchange import open_source
from lineage_graph.exchange.openlineage.tags import tagged
from lineage_graph.exchange.openlineage.writing import write
from lineage_graph.exchange.writing import About
from lineage_graph.model import Kind
from lineage_graph.server.app import create_app
from lineage_graph.store import Find, Store
from tests.exchange.openlineage.made import FACET, Graph, batches_of, dataset, event, written


def tags(*told: tuple[str, ...]) -> dict[str, Any]:
    """Return a facet of tags, each a key, a value and perhaps a column."""
    names = ("key", "value", "field")
    return {"tags": {**FACET, "tags": [dict(zip(names, tag, strict=False)) for tag in told]}}


def made() -> dict[str, Any]:
    out = dataset("users") | {
        "facets": tags(("pii", "true", "email"), ("pii", "no", "age"), ("tier", "gold"))
    }
    told = event("COMPLETE", "r", 5, inputs=["raw"], outputs=[out], job="etl")
    told["run"]["facets"] = tags(("env", "prod"), ("by", "ada"), ("by", "bob"))
    told["job"]["facets"] = tags(("team", "core"), ("env", "job's"))
    return told


def found(store: Store, kind: Kind, where: str) -> set[str]:
    return {(n.name or "").split(" ")[0] for n in store.find(Find(kind=kind, where=where)).nodes}


def test_filters_find_tags(store: Store) -> None:
    with TestClient(create_app(store), base_url="http://localhost") as client:
        assert client.post("/api/v1/lineage", json=made()).status_code == 201
        other = event("COMPLETE", "s", 6, outputs=["other"], job="quiet")
        assert client.post("/api/v1/lineage", json=other).status_code == 201
        for where in (
            "`tag pii of email` = 'true'",
            "`tag pii of age` = 'no' AND `tag tier` = 'gold'",
            "tagged LIKE '%pii=true of %'",
            "custom_properties.`tag tier`.string_value = 'gold'",
        ):
            assert found(store, Kind.ARTIFACT, where) == {"users"}, where
        for where in ("`tag env` = 'prod'", "`tag by` = 'ada, bob'", "`tag team` = 'core'"):
            assert found(store, Kind.EXECUTION, where) == {"etl"}, where
        assert found(store, Kind.EXECUTION, "`job tagged` LIKE '%env=job%'") == {"etl"}
        assert found(store, Kind.CONTEXT, "type = 'job' AND tagged LIKE '%team=core%'") == {"etl"}
        changed = made() | {"eventTime": "2026-11-23T12:00:00Z", "eventType": "RUNNING"}
        changed["job"]["facets"] = tags(("team", "edge"))
        assert client.post("/api/v1/lineage", json=changed).status_code == 201
        assert client.post("/api/v1/lineage", json=made()).status_code == 201  # told again, late
        assert found(store, Kind.CONTEXT, "tagged LIKE '%team=core%'") == set()
        assert found(store, Kind.CONTEXT, "tagged = 'team=edge'") == {"etl"}
        (run,) = store.find(Find(kind=Kind.EXECUTION, where="`tag env` = 'prod'")).nodes
        page = client.get(f"/executions/{run.id}").text
        assert "tag env" in page
        assert "by=ada, by=bob, env=prod" in page


def test_tags_of_runs_and_jobs_are_told_again_as_they_were(tmp_path: Path) -> None:
    static = {k: v for k, v in made().items() if k not in ("run", "eventType")}
    path = written(tmp_path / "events.ndjson", [made(), static])
    batches = batches_of(path)
    stream = io.BytesIO()
    write(batches, stream, About("s", 0))
    again = tmp_path / "again.ndjson"
    again.write_bytes(stream.getvalue())
    before, after = Graph(batches), Graph(batches_of(again))
    for kind, name in (
        (Kind.EXECUTION, "etl r"),
        (Kind.CONTEXT, "etl (lab)"),
        (Kind.ARTIFACT, "users @ r"),
    ):
        wanted = before.node(kind, name).custom_properties
        told = after.node(kind, name).custom_properties
        assert {k: v for k, v in told.items() if "tag" in k} == {
            k: v for k, v in wanted.items() if "tag" in k
        }
        assert "tagged" in wanted


def test_damaged_and_many_tags(tmp_path: Path) -> None:
    told = made()
    told["run"]["facets"] = tags(*((f"k{n:04}" + "x" * 300, "v") for n in range(1000)))
    told["run"]["facets"]["tags"]["tags"] += [
        5,
        {"key": 5, "value": None},
        {"key": "flag", "value": ""},
    ]
    path = written(tmp_path / "events.ndjson", [told])
    with open_source(path, "openlineage") as source:
        graph = Graph(source.batches())
    known = graph.node(Kind.EXECUTION, "etl r").custom_properties
    named = [name for name in known if name.startswith("tag ")]
    assert len(named) <= 200 + 2  # and those of the job
    assert max(map(len, named)) <= 200
    assert len(str(known["tagged"])) <= 8000
    assert len(source.problems) == 3
    assert tagged({"_deleted": True}) == tagged(None) == tagged({"tags": "x"}) == ""
