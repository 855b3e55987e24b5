"""No door but ML Metadata's lets a secret into the store: readers, OpenLineage's endpoint, the recorder and its file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

import lineage_graph as lg
from lineage_graph.exchange import open_source
from lineage_graph.exchange.openlineage.events import event_of, parse
from lineage_graph.exchange.registry import FORMATS
from lineage_graph.model import Artifact, ArtifactType, Kind, Subgraph
from lineage_graph.model.secrets import MASK, masked
from lineage_graph.server.app import create_app
from lineage_graph.settings import Settings
from lineage_graph.store import Find, KnownSource, Store
from tests.exchange.openlineage.made import FACET, event, written

SECRET = "hunter2"


def told(run: str) -> dict[str, Any]:
    """Return an event with a secret in every place that may hold one."""
    made = event("COMPLETE", run, 1, job=f"job {run}")
    made["inputs"] = [{"namespace": f"postgres://me:{SECRET}@db:5432", "name": f"in.{run}"}]
    fields = {"password": {"inputFields": [{**made["inputs"][0], "field": "token"}]}}
    columns = {"columnLineage": {**FACET, "fields": fields}}
    made["outputs"] = [{"namespace": "db", "name": f"out.{run}", "facets": columns}]
    variables = [{"name": "DB_PASSWORD", "value": SECRET}, {"name": "HOME", "value": "/root"}]
    parameters = [{"key": "api_key", "value": SECRET}, {"key": "max_tokens", "value": "5"}]
    made["run"]["facets"] = {
        "environmentVariables": {**FACET, "environmentVariables": variables},
        "executionParameters": {**FACET, "parameters": parameters},
        "spark_properties": {**FACET, "properties": {"spark.fs.s3a.secret.key": SECRET, "lr": 1}},
        "errorMessage": {
            **FACET,
            "message": f"no route to mysql://me:{SECRET}@db/x",
            "programmingLanguage": "JAVA",
            "stackTrace": f"Authorization: Bearer {SECRET}.{SECRET}",
        },
    }
    made["job"]["facets"] = {"sql": {**FACET, "query": f"COPY t FROM 's3' TOKEN='{SECRET}'"}}
    return made


def everything(store: Store) -> str:
    return "".join(batch.model_dump_json() for batch in store.dump())


def test_openlineage_by_file_and_over_http(store: Store, tmp_path: Path) -> None:
    with open_source(written(tmp_path / "events.ndjson", [told("r1")])) as source:
        store.load_keyed(source.batches(), source.source)
        assert source.problems == []
    with TestClient(create_app(store), base_url="http://localhost") as client:
        assert client.post("/api/v1/lineage", json=told("r2")).status_code == 201
        assert client.post("/api/v1/lineage/batch", json=[told("r3")]).status_code == 200
    assert SECRET not in everything(store)
    run = next(
        n for n in store.find(Find(kind=Kind.EXECUTION)).nodes if (n.name or "").endswith("r2")
    )
    known = run.custom_properties
    assert known["parameter api_key"] == MASK
    assert known["parameter max_tokens"] == "5"
    assert known["environmentVariables"]["environmentVariables"][1]["value"] == "/root"  # type: ignore[index,call-overload]
    assert known["error_message"] == f"no route to mysql://me:{MASK}@db/x"
    read = next(
        n for n in store.find(Find(kind=Kind.ARTIFACT)).nodes if (n.name or "").startswith("in.r2")
    )
    assert isinstance(read, Artifact)
    assert read.uri == f"postgres://me:{MASK}@db:5432/in.r2"
    (column,) = store.columns([read.id or 0], lg.Direction.DOWNSTREAM)
    assert (column.source_column, column.target_column) == ("token", "password")


def test_every_reader_goes_through_one_place(store: Store) -> None:
    """Whatever a reader finds is given to one of two methods of the store."""
    node = Artifact(id=-1, type="T", name="a", custom_properties={"token": SECRET}, origin="t:1")
    types = (ArtifactType(name="T"),)
    keyed = Subgraph(artifact_types=types, artifacts=(node,))
    store.load_keyed([keyed], "any:1")
    own = node.model_copy(update={"id": 1, "name": "b", "origin": None})
    store.load([Subgraph(artifact_types=types, artifacts=(own,))], "mlmd:1")
    assert SECRET not in everything(store)
    store.load([Subgraph(artifact_types=types, artifacts=(own,))], "store:another")  # a backup
    assert SECRET in everything(store)
    assert FORMATS["jsonl"]  # the reader whose sources are called so


def test_what_is_put_is_what_comes_back(store: Store) -> None:
    """So ML Metadata's clients read what they wrote."""
    node = Artifact(id=-1, type="T", name="a", custom_properties={"token": SECRET})
    result = store.put(Subgraph(artifact_types=(ArtifactType(name="T"),), artifacts=(node,)))
    (kept,) = store.get(Kind.ARTIFACT, result.artifact_ids)
    assert kept.custom_properties == {"token": SECRET}


def test_the_address_of_a_source(store: Store) -> None:
    address = f"mysql://me:{SECRET}@db/metadb"
    store.lookup.note_source(
        KnownSource(
            key="k",
            format="mlmd",
            address=address,
            cursor="",
            nodes=0,
            links=0,
            skipped={},
            read_at=1,
        )
    )
    assert [one.address for one in store.sources()] == [f"mysql://me:{MASK}@db/metadb"]


def test_recorded_steps(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    calls = []

    @lg.step(cache=True)
    def fetch(api_key: str) -> dict[str, str]:
        calls.append(api_key)
        return {"session_token": SECRET}

    with lg.pipeline("p", store=store).run("r") as run:
        with run.step("Load", params={"password": SECRET, "max_tokens": 7}) as step:
            step.output(
                "Table", uri=f"postgresql://me:{SECRET}@db/t", properties={"api_key": SECRET}
            )
        for _ in range(2):
            assert fetch(api_key=SECRET) == {"session_token": SECRET}
    assert calls == [SECRET] * 2  # what it returned is not kept
    found = everything(store)
    assert SECRET not in found
    assert '"max_tokens":{"INT":7}' in found or '"max_tokens":7' in found


def test_the_file_of_a_recorder_whose_store_is_down(tmp_path: Path) -> None:
    file = tmp_path / "spool.jsonl"
    nowhere = Settings(uri="bolt://127.0.0.1:1", connect_timeout=0.2)
    pipeline = lg.pipeline("p", settings=nowhere, on_error="spool", spool=file)
    with pipeline.run("r") as run, run.step("Load", params={"password": SECRET}):
        pass
    assert SECRET not in file.read_text()
    assert MASK in file.read_text()


def test_an_event_that_was_masked_is_the_same_event() -> None:
    once = masked(told("r"))
    assert SECRET not in json.dumps(once)
    assert masked(once) == once
    assert event_of(once) == event_of(parse(json.dumps(told("r")).encode()))
