"""RO-Crates that the ro-crate library reads, whose references all lead somewhere."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import given
from rocrate.rocrate import ROCrate

from lineage_graph.exchange import open_source
from lineage_graph.exchange.rocrate.writing import write
from lineage_graph.exchange.writing import About, collected
from lineage_graph.model import Artifact, Event, EventType, Execution, ExecutionState, Subgraph
from tests.conftest import DATA
from tests.exchange.test_matrix import graphs


def crate(graph: Subgraph) -> dict[str, dict[str, Any]]:
    """Write a graph; return the crate's entities by id, once their references are checked."""
    stream = io.BytesIO()
    write([graph], stream, About("the-store", "Everything"))
    entities = json.loads(stream.getvalue())["@graph"]
    found = {entity["@id"]: entity for entity in entities}
    assert len(found) == len(entities)
    outside = ("https://w3id.org/", "http://schema.org/")
    for id in (id for entity in entities for id in _named(entity)):
        assert id in found or id.startswith(outside), id
    return found


def _named(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if value.keys() == {"@id"}:
            yield value["@id"]
        else:
            for item in value.values():
                yield from _named(item)
    elif isinstance(value, list):
        for item in value:
            yield from _named(item)


def test_the_library_reads_a_pipelines_crate(tmp_path: Path) -> None:
    with open_source(DATA / "tfx_mlmd.sqlite") as source:
        graph = collected(source.batches())
    with (tmp_path / "ro-crate-metadata.json").open("wb") as stream:
        write([graph], stream, About("the-store", "Everything"))
    read = ROCrate(tmp_path)
    actions = read.root_dataset["mentions"]
    assert len(actions) == len(graph.executions) == 51
    flow = {
        (thing["identifier"], action["identifier"])
        for action in actions
        for thing in _all(action.get("object"))
        if "identifier" in thing.properties()
    }
    assert flow == {
        (f"artifact/{e.artifact_id}", f"execution/{e.execution_id}")
        for e in graph.events
        if e.type.is_input
    }
    assert sum(len(_all(action.get("result"))) for action in actions) == len(
        [e for e in graph.events if not e.type.is_input]
    )


def _all(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def test_actions_say_what_ran_how_it_ended_and_why() -> None:
    failed = Execution(
        id=1,
        type="Train",
        last_known_state=ExecutionState.FAILED,
        custom_properties={"git_commit": "c0ffee", "error_message": "no space", "lr": 0.1},
        create_time_since_epoch=1000,
        last_update_time_since_epoch=2000,
    )
    data = Artifact(id=1, uri="s3://bucket/wine 1.csv", custom_properties={"bytes": 7})
    same = tuple(Artifact(id=i, uri="s3://bucket/same") for i in (2, 3))
    read = (Event(artifact_id=1, execution_id=1, type=EventType.INPUT),)
    found = crate(Subgraph(executions=(failed,), artifacts=(data, *same), events=read))
    action = found["#execution-1"]
    assert action["instrument"] == {"@id": "#step-Train@c0ffee"}
    assert found["#step-Train@c0ffee"]["softwareVersion"] == "c0ffee"
    assert (action["actionStatus"]["@id"], action["error"]) == (
        "http://schema.org/FailedActionStatus",
        "no space",
    )
    assert action["endTime"] == "1970-01-01T00:00:02.000Z"
    assert found["#execution-1/lr"]["value"] == 0.1
    file = found["s3://bucket/wine%201.csv"]
    assert (file["@type"], file["contentSize"]) == ("File", "7")
    assert found["./"]["hasPart"] == {"@id": file["@id"]}  # two at one address are no file of it
    assert found["#artifact-2"]["url"] == "s3://bucket/same"


@given(graphs())
def test_references_of_any_graph_lead_somewhere(graph: Subgraph) -> None:
    assert len(crate(graph)) >= len(graph.artifacts) + len(graph.executions)
