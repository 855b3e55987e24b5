"""``lineage-graph find``: what it finds, as a table and as JSON, page by page."""

from __future__ import annotations

import json
from typing import Any

from typer.testing import CliRunner, Result

from lineage_graph.cli.main import app
from lineage_graph.model import ArtifactState
from lineage_graph.store import Store
from tests.cli.test_commands import leads_to
from tests.store.build import put_artifact, put_context, put_execution, with_types


def run(store: Store, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["find", *arguments], env=leads_to(store.settings))


def found(store: Store, *arguments: str) -> Any:
    result = run(store, *arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_a_table_and_how_many_there_are(store: Store) -> None:
    with_types(store)
    put_artifact(store, name="one", uri="u/1", state=ArtifactState.LIVE, properties={"i": 1})
    put_artifact(store, name="two", properties={"i": 2})
    result = run(store, "artifacts", "--where", "properties.i.int_value < 2")
    assert result.exit_code == 0
    lines = [line.split("\t") for line in result.stdout.splitlines()]
    assert lines[0][:5] == ["node", "type", "name", "state", "uri"]
    assert [line[:5] for line in lines[1:]] == [["artifact/1", "Data", "one", "LIVE", "u/1"]]
    assert result.stderr == "1 of 1 artifacts.\n"
    nothing = run(store, "artifacts", "-w", "properties.i.int_value > 2")
    assert nothing.exit_code == 0
    assert nothing.stderr == "Nothing found.\n"
    misspelt = run(store, "artifacts", "-w", "sate = 'LIVE'")
    assert "property 'sate'" in misspelt.stderr
    assert "Did you mean 'state'?" in misspelt.stderr


def test_page_by_page(store: Store) -> None:
    with_types(store)
    for number in range(5):
        put_execution(store, properties={"i": number})
    options = ("executions", "--where", "id != 2", "--type", "Step", "--limit", "3")
    first = found(store, *options)
    assert [node["id"] for node in first["nodes"]] == [1, 3, 4]
    assert first["total"] == 4
    second = found(store, *options, "--after", first["next"])
    assert [node["id"] for node in second["nodes"]] == [5]
    assert second["next"] is None
    assert f"--after {first['next']}" in run(store, *options).stderr


def test_contexts_and_wrong_filters(store: Store) -> None:
    with_types(store)
    put_context(store, "run")
    assert [node["name"] for node in found(store, "contexts")["nodes"]] == ["run"]
    wrong = run(store, "contexts", "--where", "upstream_of(1)")
    assert wrong.exit_code == 2
    assert "contexts have no events" in wrong.stderr
    assert "Find artifacts or executions by it." in wrong.stderr


def test_sorted_by_a_property(store: Store) -> None:
    with_types(store)
    for accuracy in (0.7, 0.9, None):
        put_artifact(store, custom_properties={} if accuracy is None else {"accuracy": accuracy})
    options = ("artifacts", "--sort", "accuracy", "--desc", "--limit", "2")
    lines = [line.split("\t")[:3] for line in run(store, *options).stdout.splitlines()]
    assert lines == [
        ["node", "accuracy", "type"],
        ["artifact/2", "0.9", "Data"],
        ["artifact/1", "0.7", "Data"],
    ]
    first = found(store, *options)
    assert [node["id"] for node in found(store, *options, "--after", first["next"])["nodes"]] == [3]
    misspelt = run(store, "artifacts", "--sort", "acuracy")
    assert "in the order of their ids. Did you mean 'accuracy'?" in misspelt.stderr
    assert run(store, "artifacts", "--sort", "").exit_code == 2
