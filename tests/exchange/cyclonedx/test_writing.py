"""Bills of materials of models: valid, and they say what the graph knows."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from hypothesis import given
from hypothesis import strategies as st

from lineage_graph.exchange import open_source
from lineage_graph.exchange.cyclonedx.writing import write
from lineage_graph.exchange.flow import address
from lineage_graph.exchange.writing import About, collected
from lineage_graph.model import (
    Artifact,
    ArtifactType,
    Association,
    BaseType,
    Context,
    Event,
    EventType,
    Execution,
    ExecutionState,
    ExecutionType,
    Kind,
    Ref,
    Subgraph,
)
from tests.conftest import DATA
from tests.model.test_json import texts, values

VALIDATOR = JsonStrictValidator(SchemaVersion.V1_6)


def bom(graph: Subgraph, start: Ref | None = None) -> dict[str, Any]:
    stream = io.BytesIO()
    write([graph], stream, About("the-store", "Everything", start))
    text = stream.getvalue().decode()
    assert VALIDATOR.validate_str(text) is None
    found: dict[str, Any] = json.loads(text)
    refs = [part["bom-ref"] for part in (*found["components"], found["metadata"]["component"])]
    refs += [
        item["bom-ref"]
        for formula in found.get("formulation", ())
        for flow in formula["workflows"]
        for item in (flow, *flow["tasks"])
    ]
    assert len(refs) == len(set(refs))
    for link in found["dependencies"]:
        assert {link["ref"], *link.get("dependsOn", ())} <= set(refs)
    return found


MODEL = Subgraph(
    artifact_types=(
        ArtifactType(id=10, name="Net", base_type=BaseType.MODEL),
        ArtifactType(id=11, name="Table", base_type=BaseType.DATASET),
        ArtifactType(id=12, name="Scores", base_type=BaseType.METRICS),
    ),
    execution_types=(ExecutionType(id=13, name="Fit", base_type=BaseType.TRAIN),),
    artifacts=(
        Artifact(id=1, type="Table", name="wine", uri="s3://b/wine 1.csv", custom_properties={"md5": "A" * 32, "sha256": "short"}),
        Artifact(id=2, type="Net", name="base"),
        Artifact(id=3, type="Net", name="fine", custom_properties={"auc": 0.5, "version": 7}),
        Artifact(id=4, type="Scores", name="test set", properties={"accuracy": 0.93, "rows": 40, "good": True}),
    ),
    executions=(
        Execution(
            id=1,
            type="Fit",
            last_known_state=ExecutionState.COMPLETE,
            custom_properties={"epochs": 5, "loss": 0.1, "metric_names": '["loss"]', "git_commit": "c0ffee"},
            create_time_since_epoch=1000,
            last_update_time_since_epoch=2000,
        ),
        Execution(id=2, type="Judge"),
    ),
    contexts=(Context(id=5, type="run", name="monday"),),
    events=(
        Event(artifact_id=1, execution_id=1, type=EventType.INPUT),
        Event(artifact_id=2, execution_id=1, type=EventType.INPUT),
        Event(artifact_id=3, execution_id=1, type=EventType.OUTPUT),
        Event(artifact_id=3, execution_id=2, type=EventType.INPUT),
        Event(artifact_id=4, execution_id=2, type=EventType.OUTPUT),
    ),
    associations=(Association(execution_id=1, context_id=5),),
)  # fmt: skip


odd = st.text("ab1é:/?#[]@%. -\\\0")
addresses = texts | odd | st.builds("{}://{}/{}".format, odd, odd, odd)


@given(st.lists(addresses, min_size=2, max_size=6))
def test_any_uri_is_an_address_in_it(uris: list[str]) -> None:
    artifacts = tuple(Artifact(id=id, type="Net", uri=uri) for id, uri in enumerate(uris, 1))
    bom(Subgraph(artifact_types=MODEL.artifact_types, artifacts=artifacts))
    for uri in uris:
        assert address(address(uri)) == address(uri)


@pytest.mark.parametrize(
    ("uri", "written"),
    [
        ("s3://bucket/a%20b/c;d=1?e=f/g#h", "s3://bucket/a%20b/c;d=1?e=f/g#h"),
        ("https://me:x@host.example:8080/~a", "https://me:x@host.example:8080/~a"),
        ("/data/part[0].csv", "/data/part%5B0%5D.csv"),
        ("gs://b/100% of #1?[x]", "gs://b/100%25%20of%20#1?%5Bx%5D"),
        ("http://[::1]:80/", f"http://[{'0000:' * 7}0001]:80/"),
        ("http://[host/", "http://%5Bhost/"),
        ("2024:a/b:c", "2024%3Aa/b:c"),
    ],
)
def test_what_is_an_address_stays_one(uri: str, written: str) -> None:
    assert address(uri) == written


def test_a_models_card_says_what_it_was_made_from_and_how_good_it_is() -> None:
    found = bom(MODEL, Ref(Kind.ARTIFACT, 3))
    model = found["metadata"]["component"]
    assert (model["name"], model["version"], model["type"]) == (
        "fine",
        "7",
        "machine-learning-model",
    )
    card = model["modelCard"]
    assert card["modelParameters"]["datasets"] == [{"ref": "artifact/1"}]
    metrics = card["quantitativeAnalysis"]["performanceMetrics"]
    assert [(m["type"], m["value"], m.get("slice")) for m in metrics] == [
        ("auc", "0.5", None),
        ("loss", "0.1", None),
        ("accuracy", "0.93", "test set"),
        ("rows", "40", "test set"),
    ]
    given_ones = {p["name"]: p["value"] for p in card["properties"]}
    assert given_ones["lineage-graph:hyperparameter:epochs"] == "5"
    assert "lineage-graph:hyperparameter:loss" not in given_ones
    assert [one["name"] for one in model["pedigree"]["ancestors"]] == ["base"]
    assert model["pedigree"]["commits"] == [{"uid": "c0ffee"}]
    (wine,) = (part for part in found["components"] if part["name"] == "wine")
    assert wine["hashes"] == [{"alg": "MD5", "content": "a" * 32}]
    assert wine["externalReferences"][0]["url"] == "s3://b/wine%201.csv"
    assert wine["data"][0]["type"] == "dataset"


def test_dependencies_and_steps_are_the_lineage() -> None:
    found = bom(MODEL)
    on = {link["ref"]: link.get("dependsOn") for link in found["dependencies"]}
    assert on["artifact/3"] == ["artifact/1", "artifact/2"]
    assert on["artifact/4"] == ["artifact/3"]
    assert on["lineage-graph"] == ["artifact/4"]
    monday, rest = found["formulation"][0]["workflows"]
    assert (monday["name"], rest["name"]) == ("monday", "Steps of no run")
    (fit,) = monday["tasks"]
    assert (fit["taskTypes"], fit["timeStart"], fit["timeEnd"]) == (
        ["build"],
        "1970-01-01T00:00:01.000Z",
        "1970-01-01T00:00:02.000Z",
    )
    assert [p["name"] for p in fit["inputs"][-1]["parameters"]] == ["epochs", "git_commit"]
    assert fit["outputs"] == [{"type": "artifact", "resource": {"ref": "artifact/3"}}]


def test_a_chain_of_models_names_each_ones_own_origins() -> None:
    """Or a store of a thousand models, each made from the one before, would take a million lines."""
    made = [
        *((1, "Table", ()), (2, "Net", (1,)), (3, "Table", ()), (4, "Table", (3,))),
        *((5, "Net", (2, 4)), (6, "Net", (5,))),  # the last is the one before, pushed
    ]
    graph = MODEL.model_copy(
        update={
            "artifacts": tuple(Artifact(id=id, type=type, name=f"n{id}") for id, type, _ in made),
            "executions": tuple(Execution(id=id, type="Fit") for id, _, read in made if read),
            "events": tuple(
                event
                for id, _, read in made
                for event in (
                    *(Event(artifact_id=a, execution_id=id, type=EventType.INPUT) for a in read),
                    *([Event(artifact_id=id, execution_id=id, type=EventType.OUTPUT)] * bool(read)),
                )
            ),
            "associations": (),
        }
    )
    told = {
        part["name"]: (
            [one["ref"] for one in part["modelCard"]["modelParameters"]["datasets"]],
            [one["name"] for one in part.get("pedigree", {}).get("ancestors", ())],
        )
        for part in bom(graph)["components"]
        if part["type"] == "machine-learning-model"
    }
    assert told == {
        "n2": (["artifact/1"], []),
        "n5": (["artifact/4", "artifact/3"], ["n2"]),
        "n6": (["artifact/4", "artifact/3"], ["n5", "n2"]),
    }


def test_a_real_pipelines_store_is_a_valid_bom() -> None:
    with open_source(DATA / "tfx_mlmd.sqlite") as source:
        graph = collected(source.batches())
    found = bom(graph)
    models = [part for part in found["components"] if part["type"] == "machine-learning-model"]
    assert len(models) == 3 + 3  # pushed models are models too
    assert all(model["modelCard"]["modelParameters"]["datasets"] for model in models)
    tasks = [task for flow in found["formulation"][0]["workflows"] for task in flow["tasks"]]
    assert len(tasks) == 51


@given(
    st.lists(
        st.builds(
            dict,
            name=texts,
            uri=texts,
            type=st.sampled_from(["Model", "T"]),
            custom_properties=st.dictionaries(texts, values, max_size=3),
        ),
        max_size=4,
    ),
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.booleans()), max_size=8),
)
def test_whatever_is_in_a_store_the_bom_is_valid(
    nodes: list[dict[str, Any]], links: list[tuple[int, int, bool]]
) -> None:
    artifacts = tuple(Artifact(id=i, **fields) for i, fields in enumerate(nodes))
    executions = tuple(
        Execution(id=i, type="E", custom_properties=f["custom_properties"])
        for i, f in enumerate(nodes[:3])
    )
    events = tuple(
        Event(artifact_id=a, execution_id=e, type=EventType.INPUT if way else EventType.OUTPUT)
        for a, e, way in links
    )
    bom(Subgraph.trusted(artifacts=artifacts, executions=executions, events=events))


@pytest.mark.parametrize("kind", list(Kind))
def test_a_bom_of_nothing_is_valid(kind: Kind) -> None:
    assert bom(Subgraph(), Ref(kind, 9))["components"] == []
