"""Questions and the console on the web: a file is a page, data, a route; Cypher only reads."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from lineage_graph import folders
from lineage_graph.catalog import load_catalog
from lineage_graph.catalog.graph_schema import PROPERTY_NAMES, RELATIONSHIPS
from lineage_graph.catalog.names import HIDDEN
from lineage_graph.model import EventType
from lineage_graph.questions import load_questions
from lineage_graph.server.app import create_app
from lineage_graph.store import Store

QUESTIONS = load_questions(load_catalog())


def test_every_question_is_a_page_data_and_a_route(client: TestClient) -> None:
    routes = client.get("/openapi.json").json()["paths"]
    listed = client.get("/ask").text
    for name, question in QUESTIONS.items():
        path = f"/ask/{name.replace('_', '-')}"
        assert f'href="{path}"' in listed
        assert client.get(path).status_code == 200
        operation = routes[f"{path}.json"]["get"]
        assert operation["summary"] == question.title
        assert {p["name"] for p in operation.get("parameters", [])} == {
            p.name for p in question.params
        }


def test_a_dropped_file_is_a_question_everywhere(tmp_path: Path, tfx: Store) -> None:
    shutil.copytree(folders.CYPHER, tmp_path / "cypher")
    (tmp_path / "cypher" / "questions" / "how_many_of_type.cypher").write_text(
        "// How many artifacts of this type are there?\n//\n"
        "// @param type str = Model  type of the artifacts\n"
        "// @param artifact int ?  an artifact to leave out\n"
        "// @returns value count int\n// @tags artifacts\n"
        "MATCH (a:Artifact {type: $type}) WHERE $artifact IS NULL OR a.id <> $artifact\n"
        "RETURN count(a) AS count\n",
        encoding="utf-8",
    )
    store = Store(tfx.engine, tfx.settings, load_catalog(tmp_path / "cypher"))
    with TestClient(create_app(store), "http://127.0.0.1") as client:
        assert "How many artifacts of this type are there?" in client.get("/ask").text
        assert client.get("/ask/how-many-of-type.json?type=Model").json()["rows"] == [[3]]
        assert "/ask/how-many-of-type.json" in client.get("/openapi.json").json()["paths"]
        assert "/ask/how-many-of-type?artifact=20" in client.get("/artifacts/20").text


def test_an_answer_links_what_it_names(client: TestClient) -> None:
    page = client.get("/ask/makers-of-artifact?artifact=20").text
    assert 'href="/executions/26"' in page
    assert "lineage-graph ask makers-of-artifact --artifact 20" in page


def test_a_graph_is_drawn(client: TestClient) -> None:
    found = client.get("/ask/run-as-graph.json?context=38").json()
    assert found["returns"] == "graph"
    assert len(found["picture"]["cards"]) == 35
    assert len(found["graph"]["executions"]) == 12


def test_the_form_keeps_what_was_typed(client: TestClient) -> None:
    page = client.get("/ask/latest-artifacts?type=Model&limit=2").text
    assert 'value="Model"' in page
    assert 'value="2"' in page


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("", 422, "context"),
        ("context=abc", 422, "context takes a whole number"),
        ("context=99999", 404, "no context with the id 99999"),
        ("context=1&limit=0", 422, "limit takes a whole number from 1"),
        ("context=1&colour=red", 422, "no parameter 'colour'"),
        ("context=99999999999999999999", 422, "context takes"),
    ],
)
def test_wrong_values_are_refused(client: TestClient, query: str, status: int, words: str) -> None:
    response = client.get(f"/ask/runs-of-pipeline.json?{query}")
    assert (response.status_code, response.headers["content-type"]) == (
        status,
        "application/problem+json",
    )
    assert words in response.json()["detail"]


@pytest.mark.parametrize("path", ["/ask/no-such-question", "/ask/no-such-question.json"])
def test_an_unknown_question(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_console_answers(client: TestClient) -> None:
    found = client.get(
        "/console.json", params={"cypher": "MATCH (a:Artifact {type: 'Model'}) RETURN a.id AS id"}
    ).json()
    assert (found["columns"], len(found["rows"])) == (["id"], 3)
    assert "picture" not in found


def test_the_console_for_programs(client: TestClient) -> None:
    """Rows as JSON and as CSV, with values of parameters, warnings, and the same errors."""
    asked = {
        "cypher": "MATCH (m:Model) RETURN m.id AS id, $x AS x ORDER BY id",
        "values": '{"x": "a,b"}',
    }
    found = client.get("/console.json", params=asked).json()
    lines = client.get("/console.csv", params=asked).text.splitlines()
    assert lines == ["id,x", *(f'{row[0]},"a,b"' for row in found["rows"])]
    unknown = {"cypher": "MATCH (m:Modl) RETURN m.id AS id"}
    assert (
        "Did you mean Model?" in client.get("/console.json", params=unknown).json()["warnings"][0]
    )
    assert "Did you mean Model?" in client.get("/console", params=unknown).text
    cut = client.get("/console.csv", params={"cypher": "UNWIND range(1, 2000) AS n RETURN n"})
    assert (len(cut.text.splitlines()), cut.headers["x-truncated"]) == (1001, "true")
    for wrong, status in (
        ({"cypher": "MATCH (m) RETRUN m"}, 422),
        ({"cypher": "RETURN 1 AS n", "values": "[1]"}, 422),
        ({"cypher": "RETURN 1 AS n", "values": "{"}, 422),
        ({"cypher": "CREATE (m:Model)"}, 403),
    ):
        answers = [client.get(path, params=wrong) for path in ("/console.json", "/console.csv")]
        assert [one.status_code for one in answers] == [status] * 2, wrong
        assert answers[0].json()["detail"] == answers[1].json()["detail"]
    assert (
        "  MATCH (m) RETRUN m\n            ^"
        in client.get("/console", params={"cypher": "MATCH (m) RETRUN m"}).text
    )


def test_the_schema_is_a_page_data_and_a_picture(client: TestClient, tfx: Store) -> None:
    found = client.get("/schema.json").json()
    counts = tfx.counts()
    assert found["counts"]["Artifact"] == counts.artifacts
    assert sum(found["counts"][one.value] for one in EventType) == counts.events
    (examples,) = (one for one in found["types"] if one["name"] == "Examples")
    assert examples["nodes"] == len(tfx.cypher("MATCH (a:Examples) RETURN a.id AS id"))
    names = {one["name"]: one for one in examples["properties"]}
    assert (names["span"]["declared"], names["custom_tfx_version"]["declared"]) == (True, False)
    assert names["custom_tfx_version"]["example"] == "1.16.0"
    trainer = "tfx.components.trainer.component.Trainer"
    wrote = [one for one in found["flows"] if one["execution_type"] == trainer]
    assert ("Model", "OUTPUT", 3) in {
        (one["artifact_type"], one["event"], one["events"]) for one in wrote
    }
    page = client.get("/schema").text
    assert "(:Artifact)-[:INPUT]-&gt;(:Execution)" in page
    assert "Trainer" in client.get("/schema.svg").text


def test_the_graph_holds_what_the_declared_schema_says(tfx: Store) -> None:
    """No node or link of a store that is full has a property, an end or a type that is not declared."""
    known = tfx.names().properties | PROPERTY_NAMES | set(HIDDEN) | {"key"}
    for text in (
        "MATCH (n:Artifact|Execution|Context|ArtifactType|ExecutionType|ContextType) UNWIND keys(n) AS k",
        "MATCH ()-[n]->() UNWIND keys(n) AS k",
    ):
        found = {row[0] for row in tfx.cypher(f"{text} RETURN DISTINCT k")}
        assert {one for one in found - known if not one.startswith("custom_")} == set(), text
    ends = {(one.start, one.name, one.end) for one in RELATIONSHIPS}
    for start, name, end in tfx.cypher(
        "MATCH (a)-[r]->(b) RETURN DISTINCT labels(a) AS a, type(r) AS r, labels(b) AS b"
    ):
        if name != "SUBTYPE_OF":
            assert any((one, name, other) in ends for one in start for other in end), (start, end)


def test_the_console_draws_nodes_and_relationships(client: TestClient) -> None:
    cypher = "MATCH (a:Artifact)-[i:INPUT]->(e:Execution {id: 28}) RETURN a, i, e"
    found = client.get("/console.json", params={"cypher": cypher}).json()
    assert len(found["picture"]["wires"]) == len(found["rows"]) == 3
    assert "<canvas" in client.get("/console", params={"cypher": cypher}).text


def test_a_page_of_an_answer_leads_to_the_next(client: TestClient) -> None:
    path = "/ask/latest-artifacts.json"
    first = client.get(path, params={"type": "Model", "limit": 2}).json()
    assert (first["shown"], first["total"], first["at_least"]) == (2, None, 3)
    assert first["truncated"]
    second = client.get(path, params=first["next"]).json()
    assert (second["shown"], second["total"], second["next"]) == (1, 3, None)
    page = client.get("/ask/latest-artifacts", params={"type": "Model", "limit": 2}).text
    assert "1 to 2 of at least 3." in page
    assert "/ask/latest-artifacts?type=Model&amp;limit=2&amp;skip=2" in page


def test_a_million_rows_are_cut(client: TestClient) -> None:
    cypher = "UNWIND range(1, 1000000) AS n RETURN n"
    found = client.get("/console.json", params={"cypher": cypher}).json()
    assert (len(found["rows"]), found["truncated"]) == (1000, True)


@pytest.mark.parametrize(
    "cypher",
    [
        "CREATE (n:Artifact)",
        "MATCH (n) SET n.x = 1",
        "MATCH (n) DETACH DELETE n",
        "MERGE (n:Artifact {id: 1}) RETURN n",
        "LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line",
        "LOAD CSV FROM 'http://127.0.0.1:1/' AS line RETURN line",
        "DROP INDEX artifact_uri",
        "CREATE INDEX evil FOR (n:Artifact) ON (n.evil)",
        "CALL dbms.listConfig() YIELD name RETURN name",
        "MATCH (n) CALL (n) { SET n.y = 2 } RETURN n",
        "RETURN 1; MATCH (n) DETACH DELETE n",
        "this is no cypher",
        ";",
        "MATCH (n) RETURN m",
    ],
)
def test_the_console_only_reads(client: TestClient, tfx: Store, cypher: str) -> None:
    before = tfx.counts()
    response = client.get("/console", params={"cypher": cypher})
    assert response.status_code in (403, 422), response.text
    assert 'class="trouble"' in response.text
    assert tfx.counts() == before
    problem = client.get("/console.json", params={"cypher": cypher}).json()
    assert problem["detail"]


def test_what_never_ends_is_stopped(tfx: Store) -> None:
    settings = tfx.settings.model_copy(update={"query_timeout": 1.0})
    store = Store(tfx.engine, settings, tfx.catalog)
    cypher = "UNWIND range(1, 1000000) AS a UNWIND range(1, 1000000) AS b RETURN count(*)"
    with TestClient(create_app(store), "http://127.0.0.1") as client:
        response = client.get("/console.json", params={"cypher": cypher})
    assert (response.status_code, response.json()["title"]) == (504, "The time limit was reached")
