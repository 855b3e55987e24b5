"""Provenance runs through tools: from what DVC tracks at a commit through MLflow to a model of TFX's."""

from __future__ import annotations

import re
from pathlib import Path

from starlette.testclient import TestClient

from lineage_graph.model import Kind, Ref
from lineage_graph.questions import ask
from lineage_graph.server.app import create_app
from lineage_graph.store import Direction, Store
from tests.exchange.journey import fill


def test_one_path_through_four_tools(store: Store, tmp_path: Path) -> None:
    raw, model = fill(store, tmp_path)
    start = Ref(Kind.ARTIFACT, model)
    walked = store.walk(start, Direction.UPSTREAM)
    types = {(execution.type or "").rpartition(".")[2] for execution in walked.graph.executions}
    assert types >= {"Split", "Run", "Label", "Trainer"}
    assert Ref(Kind.ARTIFACT, raw) in walked.depth
    assert sorted(link.by for link in walked.graph.same_as) == ["md5", "uri", "uri", "uri"]
    tools = {(node.origin or "").partition(":")[0] for node in walked.graph.nodes}
    assert tools == {"dvc", "mlflow", "mlmd", "recorder"}
    sources = ask(store, "sources_of_artifact", artifact=model).rows
    assert raw in {row[0] for row in sources}
    models = ask(store, "models_from_artifact", artifact=raw).rows
    assert model in {row[0] for row in models}
    path = ask(
        store, "path_between_artifacts", from_artifact=raw, to_artifact=model, direction="flow"
    )
    assert path.graph is not None
    assert len(path.graph.same_as) == 4
    (step,) = (
        node
        for node in store.get(
            Kind.EXECUTION, [event.execution_id for event in store.events(Kind.ARTIFACT, [raw])]
        )
        if "4022779" in str(node.name)
    )
    commit = step.custom_properties["git_commit"]
    data = ask(store, "at_commit", commit=str(commit)[:12]).rows
    assert len(data) > 3
    with TestClient(create_app(store), base_url="http://localhost") as client:
        page = client.get(f"/artifacts/{raw}").text
        assert "The same as" in page
        assert "(recorder, by md5)" in page
        came = re.search(r"Came by (commit <a [^>]*>3dc958b</a> by lab, [^<]*)</p>", page)
        assert came is not None
        page = client.get(f"/artifacts/{model}/lineage?direction=upstream&depth=100").text
        listed = page.partition("<h2>Commits")[2].partition("</section>")[0]
        assert f'{came[1]} <span class="soft">(data/raw.csv)' in listed
        panel = client.get(f"/executions/{step.id}/panel").text
        assert re.search(r"Ran at commit <a [^>]*>4022779</a> by lab, .*: run 1: baseline", panel)
        picture = client.get(f"/artifacts/{model}/lineage.svg?direction=upstream&depth=50")
        assert picture.text.count('class="wire alike"') == 4
        near = client.get(f"/artifacts/{raw}/neighbours.json?direction=upstream").json()
        assert [node["ref"].partition("/")[0] for node in near["nodes"]] == ["artifact"]
