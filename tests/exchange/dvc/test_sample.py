"""A real DVC repository: everything it says is in the graph, once, whenever and however often it is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from lineage_graph.exchange import open_source
from lineage_graph.exchange.dvc import DvcSource
from lineage_graph.model import Kind, Subgraph
from lineage_graph.questions import ask
from lineage_graph.store import Direction, Store
from tests.exchange.repositories import unpacked

STAGES = {
    "prepare": (["data/raw.csv", "src/prepare.py"], ["data/prepared"]),
    "featurize": (["data/prepared", "src/featurize.py"], ["data/features"]),
    "train": (["data/features", "src/train.py"], ["model.pkl"]),
    "evaluate": (
        ["data/features", "model.pkl", "src/evaluate.py"],
        ["confusion.csv", "metrics.json"],
    ),
}
RUNS = {
    "4022779 run 1: baseline": "prepare 4022779, featurize 4022779, train 4022779, evaluate 4022779",
    "6cd7b4a run 2: more features, bigger forest": "prepare 4022779, featurize 6cd7b4a, train 6cd7b4a, evaluate 6cd7b4a",
    "3ccde25 run 3: raw data changed": "prepare 3ccde25, featurize 3ccde25, train 3ccde25, evaluate 3ccde25",
    "05e4f9c forest100": "prepare 3ccde25, featurize 3ccde25, train 05e4f9c, evaluate 05e4f9c",
}
STANDING = {
    "baseline of dvc_repo (fffcb8f)": "4022779 run 1: baseline",
    "v2 of dvc_repo (fffcb8f)": "6cd7b4a run 2: more features, bigger forest",
    "v3 of dvc_repo (fffcb8f)": "3ccde25 run 3: raw data changed",
    "main of dvc_repo (fffcb8f)": "3ccde25 run 3: raw data changed",
    "forest100 of dvc_repo (fffcb8f)": "05e4f9c forest100",
}


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpacked("dvc_repo", tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="module")
def graph(repository: Path) -> Subgraph:
    with open_source(repository) as source:
        assert isinstance(source, DvcSource)
        (batch,) = source.batches()
        assert source.problems == []
        assert not source.skipped
    return batch


def test_each_distinct_entry_of_a_lock_is_one_execution_with_its_files(graph: Subgraph) -> None:
    names = {a.id: a.name or "" for a in graph.artifacts}
    assert len(graph.executions) == 13
    for execution in graph.executions:
        stage = execution.custom_properties["stage"]
        read, wrote = (
            sorted(
                names[e.artifact_id].partition("@")[0]
                for e in graph.events
                if e.execution_id == execution.id and e.type.is_input is inputs
            )
            for inputs in (True, False)
        )
        assert (read, wrote) == STAGES[str(stage)]
    types = {str(e.custom_properties["stage"]): e.type for e in graph.executions}
    assert types == {
        "prepare": "dvc.Stage",
        "featurize": "dvc.Stage",
        "train": "dvc.Train",
        "evaluate": "dvc.Evaluate",
    }


def test_a_run_is_a_commit_that_changed_the_lock_with_all_that_stands_in_it(
    graph: Subgraph,
) -> None:
    runs = {c.id: c.name for c in graph.contexts if c.type == "pipeline_run"}
    assert _members(graph, runs) == RUNS
    (pipeline,) = [c for c in graph.contexts if c.type == "pipeline"]
    assert {link.child_id for link in graph.parent_contexts} == set(runs)
    assert {link.parent_id for link in graph.parent_contexts} == {pipeline.id}


def test_tags_branches_and_experiments_hold_what_stands_at_them(graph: Subgraph) -> None:
    kinds = {"dvc.Tag", "dvc.Branch", "dvc.Experiment"}
    found = {c.id: c.name for c in graph.contexts if c.type in kinds}
    assert _members(graph, found) == {name: RUNS[run] for name, run in STANDING.items()}


def test_properties_say_what_the_repository_says(graph: Subgraph) -> None:
    train = next(e for e in graph.executions if e.name == "train 6cd7b4a")
    assert train.custom_properties == {
        "train.n_est": 50,
        "train.depth": 5,
        "stage": "train",
        "command": "python src/train.py",
        "git_commit": "6cd7b4a803ab8a0e0a78bd525d9d596610fafc3b",
        "author": "lab <lab@example.org>",
    }
    assert train.create_time_since_epoch == 1795431667000
    by_name = {a.name: a for a in graph.artifacts}
    model = by_name["model.pkl@b70da9c"]
    assert model.type == "Model"
    assert model.custom_properties == {
        "path": "model.pkl",
        "md5": "b70da9ced1bf6c06d65e106ec5f3189f",
        "bytes": 94559,
    }
    assert model.uri == "/srv/ml-pipeline/dvc_remote/files/md5/b7/0da9ced1bf6c06d65e106ec5f3189f"
    measured = by_name["metrics.json@2c93a79"].custom_properties
    assert (measured["acc"], measured["f1"]) == (0.9310344827586207, 0.8940613026819925)
    plotted = by_name["confusion.csv@56ca2b6"].custom_properties
    assert plotted["columns"] == "actual, predicted"
    assert plotted["rows"] == 29
    assert by_name["data/prepared@b867bcb"].custom_properties["files"] == 2
    assert by_name["src/train.py@7e0dd25"].type == "File"
    tracked = by_name["data/raw.csv@2925c4a"]
    assert tracked.type == "Dataset"
    assert tracked.uri.startswith("/srv/ml-pipeline/dvc_remote/files/md5/29/25c4a")


def test_tracked_data_belongs_to_the_commit_that_brought_it(graph: Subgraph) -> None:
    commits = {c.id: c for c in graph.contexts if c.type == "git.Commit"}
    names = {a.id: a.name for a in graph.artifacts}
    brought = {
        names[link.artifact_id]: commits[link.context_id].name
        for link in graph.attributions
        if link.context_id in commits
    }
    assert brought == {
        "data/raw.csv@2925c4a": "3dc958b track raw data with dvc add",
        "data/raw.csv@7b28c45": "3ccde25 run 3: raw data changed",
    }
    assert {c.custom_properties["author"] for c in commits.values()} == {"lab <lab@example.org>"}


def test_reading_it_again_changes_nothing_and_lineage_runs_through_it(
    store: Store, repository: Path
) -> None:
    cursor = ""
    for number in range(3):
        with open_source(repository) as source:
            source.after = cursor if number == 2 else ""
            result = store.load_keyed(source.batches(), source.source)
            cursor = source.cursor
        counts = store.counts()
        assert (counts.artifacts, counts.executions, counts.contexts) == (23, 13, 16)
        assert (result.created > 0) is (number == 0)
        assert (result.updated, result.new_links > 0) == (0, number == 0)
    model = store.by_name(Kind.ARTIFACT, "Model", "model.pkl@ccb9201")
    assert model is not None
    made_from = store.walk(model.ref, Direction.UPSTREAM).graph
    assert {e.name for e in made_from.executions} == {
        "train 05e4f9c",
        "featurize 3ccde25",
        "prepare 3ccde25",
    }
    (row,) = ask(store, "pipelines").rows
    assert row[2:4] == ("dvc_repo (fffcb8f)", 4)


def _members(graph: Subgraph, contexts: dict[int | None, str | None]) -> dict[str | None, str]:
    names = {e.id: e.name or "" for e in graph.executions}
    order = list(STAGES)
    return {
        name: ", ".join(
            sorted(
                (
                    names[link.execution_id]
                    for link in graph.associations
                    if link.context_id == context
                ),
                key=lambda title: order.index(title.split()[0]),
            )
        )
        for context, name in contexts.items()
    }
