"""Ask and console: answers in our own nouns, only reading, within limits, on both engines."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from unittest.mock import ANY

import pytest

from lineage_graph.catalog import load_query
from lineage_graph.errors import InvalidArgument, LineageError, NotFound, RefusedCypher, TimedOut
from lineage_graph.model import Association, Event, EventType, Execution, Kind, Ref, Subgraph
from lineage_graph.questions import ask
from lineage_graph.store import Store
from tests.store.build import put_artifact, put_context, put_execution, with_types

ENDLESS = [
    "UNWIND range(1,1000000) AS a UNWIND range(1,1000000) AS b RETURN count(*)",
    "UNWIND range(1,1000000) AS a UNWIND range(1,1000000) AS b WITH a, b WHERE a = b + 1000001 RETURN a",
    "UNWIND range(1,100000) AS a CALL (a) { UNWIND range(1,100000) AS b RETURN count(b) AS c } RETURN sum(c)",
]
WRITES = [
    "CREATE (n:Artifact {id: 99})",
    "CREATE (n:Brand:New) RETURN n",
    "MERGE (n:Artifact {id: 1}) RETURN n",
    "MATCH (n:Artifact) SET n.uri = 'changed' RETURN n",
    "MATCH (n:Artifact) SET n:Other",
    "MATCH (n:Artifact) REMOVE n.type RETURN n",
    "MATCH (n:Artifact) DETACH DELETE n",
    "MATCH (n:Artifact) CALL (n) { SET n.uri = 'changed' } RETURN n",
    "FOREACH (x IN [1] | CREATE (:Artifact {id: 98}))",
    "CREATE INDEX mine FOR (n:Artifact) ON (n.mine)",
    "CREATE CONSTRAINT mine FOR (n:Artifact) REQUIRE n.mine IS UNIQUE",
    "DROP CONSTRAINT artifact_id IF EXISTS",
    "DROP INDEX artifact_uri IF EXISTS",
]
HARMFUL = [
    "LOAD CSV FROM 'file:///etc/hosts' AS line RETURN line",
    "LOAD CSV FROM 'http://127.0.0.1:1/x' AS line RETURN line",
    "MATCH (n) CALL (n) { LOAD CSV FROM 'file:///etc/hosts' AS line RETURN line } RETURN line",
    "CALL dbms.components()",
    "CALL dbms.components() YIELD name RETURN name",
    "CALL dbms.listConfig()",
    "CALL apoc.load.json('file:///etc/hosts')",
    "SHOW USERS",
    "CREATE USER mine SET PASSWORD 'abcdefgh'",
    "TERMINATE TRANSACTIONS 'x'",
]


@pytest.fixture
def filled(store: Store) -> Store:
    """One artifact that an execution of a context made."""
    with_types(store)
    put_artifact(store, uri="u"), put_execution(store), put_context(store, "c")
    store.put(
        Subgraph(
            events=(Event(artifact_id=1, execution_id=1, type=EventType.OUTPUT),),
            associations=(Association(execution_id=1, context_id=1),),
        )
    )
    return store


def question(folder: Path, text: str) -> Path:
    path = folder / "questions" / "mine.cypher"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_question_of_ones_own(filled: Store, tmp_path: Path) -> None:
    text = """// What is there?
// @param id int  which
// @returns rows node node, id int
MATCH (n:Artifact {id: $id}) RETURN n AS node, n.id AS id"""
    mine = load_query(question(tmp_path, text))
    answer = ask(filled, mine, id="1")
    assert answer.columns == ("node", "id")
    assert answer.rows == ((filled.node(Ref(Kind.ARTIFACT, 1)), 1),)
    assert answer.graph is not None
    assert not answer.truncated
    with pytest.raises(InvalidArgument, match="id takes a whole number"):
        ask(filled, mine, id="one")
    with pytest.raises(NotFound, match="no question 'nope'"):
        ask(filled, "nope")
    assert ask(filled, "counts-by-type") == replace(ask(filled, "counts_by_type"), milliseconds=ANY)
    with pytest.raises(NotFound, match="no question 'critical-pth'") as failed:
        ask(filled, "critical-pth")
    assert failed.value.hint == "Did you mean critical_path?"
    with pytest.raises(NotFound, match="no question 'nodes_by_id'"):
        ask(filled, "nodes_by_id", ids=[1])


def test_nodes_links_and_paths_become_ours(filled: Store) -> None:
    path = "MATCH p = (c:Context)<-[r:ASSOCIATED_WITH]-(e:Execution)-[o:OUTPUT]->(:Artifact) RETURN p, r, o, {e: [e]} AS m"
    answer = filled.cypher(path)
    ((walked, association, output, nested),) = answer.rows
    assert [type(item).__name__ for item in walked] == [
        "Context",
        "Association",
        "Execution",
        "Event",
        "Artifact",
    ]
    assert association == Association(execution_id=1, context_id=1)
    assert (output.artifact_id, output.execution_id, output.type) == (1, 1, EventType.OUTPUT)
    assert isinstance(nested["e"][0], Execution)
    assert answer.graph is not None
    assert len(answer.graph) == 3
    assert len(answer.graph.events) == 1


def test_a_link_alone_knows_its_ends(filled: Store) -> None:
    ((link,),) = filled.cypher("MATCH ()-[r:OUTPUT]->() RETURN r").rows
    assert (link.artifact_id, link.execution_id) == (1, 1)


def test_plain_values(filled: Store) -> None:
    answer = filled.cypher(
        "RETURN 1 AS i, 1.5 AS d, 'x' AS s, true AS b, null AS n, [1, [2]] AS l, {a: {b: 1}} AS m, date('2026-01-02') AS t;"
    )
    assert answer.columns == ("i", "d", "s", "b", "n", "l", "m", "t")
    assert answer.rows == ((1, 1.5, "x", True, None, [1, [2]], {"a": {"b": 1}}, "2026-01-02"),)
    assert answer.graph is None
    assert answer.milliseconds > 0


def test_nodes_that_are_not_ours(filled: Store) -> None:
    ((sequence,),) = filled.cypher("MATCH (s:Sequence {name: 'type'}) RETURN s").rows
    assert sequence["labels"] == ["Sequence"]
    assert sequence["properties"]["name"] == "type"


def test_values_are_bound(filled: Store) -> None:
    odd = "'`\"$x}\n"
    assert filled.cypher("RETURN $x AS x", {"x": odd}).rows == ((odd,),)
    with pytest.raises(InvalidArgument):
        filled.cypher("RETURN $missing AS x")


@pytest.mark.parametrize("text", WRITES)
def test_writes_are_refused(filled: Store, text: str) -> None:
    before = list(filled.dump())
    with pytest.raises(RefusedCypher):
        filled.cypher(text)
    assert list(filled.dump()) == before
    assert filled.upkeep.missing() == ()


@pytest.mark.parametrize("text", HARMFUL)
def test_harmful_statements_are_refused(filled: Store, text: str) -> None:
    with pytest.raises(InvalidArgument):
        filled.cypher(text)


@pytest.mark.parametrize(
    "text", ["", "  ;  ", "MATCH (", "SELECT 1", "RETURN 1; RETURN 2", "EXPLAIN RETURN 1 RETURN 2"]
)
def test_nonsense_is_refused(filled: Store, text: str) -> None:
    with pytest.raises(InvalidArgument):
        filled.cypher(text)


def test_writing_words_in_texts_are_no_writes(filled: Store) -> None:
    assert filled.cypher("RETURN 'CREATE (n) SET DELETE LOAD CSV' AS `MERGE`").rows == (
        ("CREATE (n) SET DELETE LOAD CSV",),
    )
    assert filled.cypher("// CREATE\nMATCH (n:Artifact) RETURN n.id AS id").rows == ((1,),)


def test_harmless_procedures_are_allowed(filled: Store) -> None:
    labels = {row[0] for row in filled.cypher("CALL db.labels() YIELD label RETURN label").rows}
    assert {"Artifact", "Execution", "Context"} <= labels


def test_rows_are_limited_and_said_to_be(filled: Store) -> None:
    text = "UNWIND range(1, 100000) AS x RETURN x"
    answer = filled.cypher(text, row_limit=10)
    assert ([row[0] for row in answer.rows], answer.truncated) == (list(range(1, 11)), True)
    assert len(filled.cypher(text).rows) == filled.settings.row_limit
    exact = filled.cypher("UNWIND range(1, 10) AS x RETURN x", row_limit=10)
    assert (len(exact.rows), exact.truncated) == (10, False)
    with pytest.raises(InvalidArgument):
        filled.cypher("RETURN 1", row_limit=-1)


@pytest.mark.parametrize("text", ENDLESS)
def test_what_never_ends_is_ended(filled: Store, text: str) -> None:
    began = time.monotonic()
    with pytest.raises(TimedOut):
        filled.cypher(text, timeout=1)
    assert time.monotonic() - began < 8
    assert filled.counts().artifacts == 1


def test_memory_is_limited(filled: Store) -> None:
    text = (
        "UNWIND range(1, 3000000) AS a UNWIND range(1, 100) AS b RETURN collect([a, b, a, b]) AS x"
    )
    with pytest.raises(LineageError):
        filled.cypher(text, timeout=8)
    assert filled.counts().artifacts == 1
