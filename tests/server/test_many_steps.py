"""A run of more than 200 steps: pictures and files of it honour the limit."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from lineage_graph.cli.main import app
from lineage_graph.errors import InvalidArgument
from lineage_graph.model import (
    Artifact,
    Association,
    Context,
    Event,
    EventType,
    Execution,
    Kind,
    Ref,
)
from lineage_graph.pictures.lineage import drawn
from lineage_graph.pictures.notebook import lineage
from lineage_graph.pictures.scope import Scope
from lineage_graph.settings import Settings
from lineage_graph.store import Direction, Store
from tests.cli.test_commands import leads_to
from tests.questions.test_truth import put

STEPS = 260


@pytest.fixture
def run_of_many(store: Store) -> Ref:
    """A run of 260 steps, each of which wrote one artifact."""
    numbers = range(1, STEPS + 1)
    put(
        store,
        artifacts=tuple(Artifact(id=n, type="Data") for n in numbers),
        executions=tuple(Execution(id=n, type="Step") for n in numbers),
        contexts=(Context(id=1, type="run", name="r"),),
        events=tuple(Event(artifact_id=n, execution_id=n, type=EventType.OUTPUT) for n in numbers),
        associations=tuple(Association(execution_id=n, context_id=1) for n in numbers),
    )
    return Ref(Kind.CONTEXT, 1)


def test_pictures_and_lineages_honour_the_limit(
    store: Store, run_of_many: Ref, engine_settings: Settings, tmp_path: Path
) -> None:
    whole = drawn(store, run_of_many, Scope(by="none", limit=1000))
    assert (whole.nodes, whole.reason) == (2 * STEPS, "")
    part = drawn(store, run_of_many, Scope(by="none"))
    assert part.reason == "nodes"
    assert lineage(store, str(run_of_many), limit=1000).picture.nodes == 2 * STEPS
    few = lineage(store, str(run_of_many), limit=230).picture
    assert (few.nodes, few.reason) == (230, "nodes")
    file = tmp_path / "run.nodes.csv"
    command = ["draw", str(run_of_many), "--limit", "1000", "--to", str(file)]
    result = CliRunner().invoke(app, command, env=leads_to(engine_settings))
    assert f"{2 * STEPS} nodes and {STEPS} events" in result.stdout, result.output


def test_a_walk_takes_a_direction_as_a_lineage_does(store: Store, run_of_many: Ref) -> None:
    start = Ref(Kind.EXECUTION, 1)
    for told, way in (("upstream", Direction.UPSTREAM), ("downstream", Direction.DOWNSTREAM)):
        assert store.walk(start, told).depth == store.walk(start, way).depth
        assert store.pages.count_walk(start, told) == store.pages.count_walk(start, way)
    with pytest.raises(InvalidArgument, match="'sideways' is no direction"):
        store.walk(start, "sideways")
    with pytest.raises(InvalidArgument, match="'up' is no direction"):
        store.lineage_subgraph(Kind.EXECUTION, "id = 1", "up")
