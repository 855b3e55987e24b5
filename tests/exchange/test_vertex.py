"""Vertex ML Metadata's answers, written after its reference: no export of a real store was at hand."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from lineage_graph.errors import BadFile, LineageError
from lineage_graph.exchange import open_source
from lineage_graph.exchange.registry import recognised
from lineage_graph.model import ArtifactState, BaseType, EventType, ExecutionState, Subgraph
from lineage_graph.model.labels import head_of
from lineage_graph.store import Store

HOME = "projects/1/locations/europe-west4/metadataStores/default"


def node(kind: str, name: str, title: str, **more: Any) -> dict[str, Any]:
    return {
        "name": f"{HOME}/{kind}/{name}",
        "displayName": name,
        "schemaTitle": title,
        "schemaVersion": "0.0.1",
        "createTime": "2026-03-01T10:00:00.123456Z",
        "updateTime": "2026-03-01T10:05:00Z",
        **more,
    }


def event(artifact: str, execution: str, type_: str) -> dict[str, Any]:
    ends = {
        "artifact": f"{HOME}/artifacts/{artifact}",
        "execution": f"{HOME}/executions/{execution}",
    }
    return {**ends, "type": type_, "eventTime": "2026-03-01T10:04:00Z"}


GRAPH: dict[str, Any] = {
    "artifacts": [
        node("artifacts", "pens", "system.Dataset", uri="gs://b/pens.csv", state="LIVE"),
        node(
            "artifacts",
            "net",
            "google.VertexModel",
            metadata={"acc": 0.5, "tags": ["a"]},
            labels={"a": "b"},
        ),
    ],
    "executions": [
        node(
            "executions",
            "train",
            "system.ContainerExecution",
            state="CANCELLED",
            metadata={"input:lr": 0.1},
        ),
    ],
    "events": [event("pens", "train", "INPUT"), event("net", "train", "OUTPUT")],
}
CONTEXTS = {
    "contexts": [
        node("contexts", "run-1", "system.PipelineRun", parentContexts=[f"{HOME}/contexts/pipe"]),
        node("contexts", "pipe", "system.Pipeline"),
    ]
}


def written(folder: Path, text: str) -> Path:
    path = folder / "vertex.json"
    path.write_text(text)
    return path


def test_a_lineage_comes_across(tmp_path: Path) -> None:
    path = written(tmp_path, json.dumps(GRAPH))
    assert recognised(path) == "vertex"
    with open_source(path) as source:
        (found,) = source.batches()
    pens, net = found.artifacts
    assert (pens.type, pens.uri, pens.state) == (
        "system.Dataset",
        "gs://b/pens.csv",
        ArtifactState.LIVE,
    )
    assert pens.create_time_since_epoch == 1772359200123
    assert net.custom_properties["acc"] == 0.5
    assert net.custom_properties["metadata"] == {"tags": ["a"]}
    assert net.custom_properties["labels"] == {"a": "b"}
    assert {t.name: t.base_type for t in found.artifact_types}[
        "google.VertexModel"
    ] is BaseType.MODEL
    (train,) = found.executions
    assert train.last_known_state is ExecutionState.CANCELED
    assert [head_of(one) for one in (pens, net, train)] == ["pens", "net", "train"]
    assert {(e.artifact_id, e.type) for e in found.events} == {
        (pens.id, EventType.INPUT),
        (net.id, EventType.OUTPUT),
    }


@pytest.mark.parametrize("form", ["array", "lines"])
def test_several_answers_are_one_source(store: Store, tmp_path: Path, form: str) -> None:
    parts = [json.dumps(GRAPH), json.dumps(CONTEXTS)]
    text = f"[{','.join(parts)}]" if form == "array" else "\n".join(parts)
    path = written(tmp_path, text)
    with open_source(path) as source:
        first = store.load_keyed(source.batches(), source.source)
    with open_source(path) as source:
        again = store.load_keyed(source.batches(), source.source)
    assert first.new_links == 3
    assert (again.created, again.updated, again.new_links) == (0, 0, 0)


def test_what_is_not_in_the_file_is_counted(tmp_path: Path) -> None:
    events = [event("gone", "train", "INPUT"), event("pens", "train", "TYPE_UNSPECIFIED")]
    path = written(tmp_path, json.dumps({**GRAPH, "events": events}))
    with open_source(path) as source:
        list(source.batches())
        assert source.skipped == {
            "events that name what is not in the file": 1,
            "events without a direction": 1,
        }


def test_one_bad_record_among_good_ones_is_told(tmp_path: Path) -> None:
    bad = {**GRAPH["artifacts"][0], "createTime": "yesterday"}
    path = written(tmp_path, json.dumps({**GRAPH, "artifacts": [*GRAPH["artifacts"], bad, 7]}))
    with open_source(path) as source:
        found = sum(source.batches(), Subgraph())
        problems = [str(problem) for problem in source.problems]
    assert len(found.artifacts) == 2
    assert any("artifacts[2]: createTime" in problem for problem in problems)
    assert any("artifacts[3]: it is no JSON object" in problem for problem in problems)


@pytest.mark.parametrize(
    "text", ["{}", "[]", "[1]", '{"artifacts": [{"name": "x"}]}', "{", "\n{\n"]
)
def test_other_files_are_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadFile):
        open_source(written(tmp_path, text), "vertex")


def test_mutations_never_break_it(tmp_path: Path) -> None:
    chance = random.Random(5)
    whole = json.dumps([GRAPH, CONTEXTS]).encode()
    path = tmp_path / "vertex.json"
    for _ in range(400):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            place = chance.randrange(len(data))
            data[place : place + chance.randrange(3)] = chance.choice(
                [b"", b'"', b"{", b"null", b"9" * 30, b"-"]
            )
        path.write_bytes(data)
        try:
            with open_source(path, "vertex") as source:
                list(source.batches())
        except LineageError:
            continue


def test_a_link_to_a_node_of_another_kind_is_left_out_alone(tmp_path: Path) -> None:
    crossed = [event("train", "pens", "INPUT"), *GRAPH["events"]]
    crossed[0] = {
        **crossed[0],
        "artifact": f"{HOME}/executions/train",
        "execution": f"{HOME}/artifacts/pens",
    }
    pipe, *rest = CONTEXTS["contexts"][::-1]
    contexts = [{**pipe, "parentContexts": [f"{HOME}/artifacts/pens"]}, *rest]
    text = json.dumps({**GRAPH, "events": crossed, "contexts": contexts})
    with open_source(written(tmp_path, text)) as source:
        found = sum(source.batches(), Subgraph())
    assert all(node.type for node in found.nodes)
    assert (len(list(found.nodes)), len(found.events), len(found.parent_contexts)) == (5, 2, 1)
    assert sum(source.skipped.values()) == 2
