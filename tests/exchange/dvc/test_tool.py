"""What DVC itself says of the sample, where it is installed: ``dvc`` on the path, or named by DVC."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from lineage_graph.exchange.dvc import DvcSource
from tests.exchange.repositories import unpacked
from tests.tools import tool


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpacked("dvc_repo", tmp_path_factory.mktemp("tool"))


def _said(folder: Path, *arguments: str) -> str:
    environment = {**os.environ, "DVC_NO_ANALYTICS": "1"}
    done = subprocess.run(
        [tool("dvc"), *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return done.stdout


def test_each_commit_has_the_files_parameters_and_metrics_that_dvc_shows(repository: Path) -> None:
    with DvcSource(repository) as source:
        (graph,) = source.batches()
    artifacts = {a.id: a.custom_properties for a in graph.artifacts}
    compared = 0
    for shown in json.loads(_said(repository, "exp", "show", "--json", "-A")):
        run = next(
            (
                c
                for c in graph.contexts
                if c.type == "pipeline_run" and c.custom_properties["git_commit"] == shown["rev"]
            ),
            None,
        )
        if run is None:  # a commit that changed no lock, or the workspace
            continue
        compared += 1
        members = {a.execution_id for a in graph.associations if a.context_id == run.id}
        for kind, inputs in (("deps", True), ("outs", False)):
            ours = {
                str(artifacts[e.artifact_id]["path"]): artifacts[e.artifact_id]
                for e in graph.events
                if e.execution_id in members and e.type.is_input is inputs
            }
            theirs = shown["data"][kind]  # of outputs, those that are neither metrics nor plots
            assert theirs
            assert set(ours) - set(theirs) == (
                set() if inputs else {"metrics.json", "confusion.csv"}
            )
            for path, said in theirs.items():
                if path in ours or inputs:  # dvc also counts what dvc add tracks as an output
                    found = (ours[path]["md5"], ours[path]["bytes"])
                    assert found == (said["hash"], said["size"])
            if not inputs:
                values = ours["metrics.json"]
                numbers = shown["data"]["metrics"]["metrics.json"]["data"]
                assert {name: values[name] for name in numbers} == numbers
        params: dict[str, Any] = {}
        for execution in graph.executions:
            if execution.id in members:
                params |= execution.custom_properties
        for stage, given in shown["data"]["params"]["params.yaml"]["data"].items():
            assert {name: params[f"{stage}.{name}"] for name in given} == given
    assert compared == 3


def test_the_stages_of_the_last_run_follow_each_other_as_in_dvc_dag(repository: Path) -> None:
    with DvcSource(repository) as source:
        (graph,) = source.batches()
    run = next(
        c
        for c in graph.contexts
        if c.type == "pipeline_run" and (c.name or "").startswith("3ccde25")
    )
    members = {a.execution_id for a in graph.associations if a.context_id == run.id}
    stages = {e.id: str(e.custom_properties["stage"]) for e in graph.executions if e.id in members}
    events = [e for e in graph.events if e.execution_id in members]
    makers = {e.artifact_id: e.execution_id for e in events if not e.type.is_input}
    ours = {
        (stages[makers[e.artifact_id]], stages[e.execution_id])
        for e in events
        if e.type.is_input and e.artifact_id in makers
    }
    lines = [line for line in _said(repository, "dag", "--dot").splitlines() if " -> " in line]
    theirs = {tuple(part.strip(' ";') for part in line.split(" -> ")) for line in lines}
    assert ours == {pair for pair in theirs if not pair[0].endswith(".dvc")}
