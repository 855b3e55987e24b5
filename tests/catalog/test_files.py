"""The header of a statement: what is read from it, and how a broken one is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from lineage_graph.catalog import Param, ReturnColumn, Returns, load_catalog, load_query
from lineage_graph.errors import InvalidQueryFile

GOOD = """// Which runs failed?
//
// Newest first.
// With the error.
//
// @param since datetime ?  only later ones
// @param limit int = 20 (1..1000)  at most so many
// @param way str = "up" (up|down)  which way
// @returns rows id int, error str
// @tags runs, failures
// @engine neo4j
MATCH (n {name: '$not ; a // parameter'}) // $neither
WHERE n.x > $since AND $way = 'up'
RETURN n.id AS id, n.error AS error
LIMIT $limit"""


def written(folder: Path, text: str | bytes, name: str = "mine", kind: str = "questions") -> Path:
    path = folder / kind / f"{name}.cypher"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_whole_header(tmp_path: Path) -> None:
    query = load_query(written(tmp_path, GOOD))
    assert (query.name, query.folder, query.title) == ("mine", "questions", "Which runs failed?")
    assert query.prose == "Newest first.\nWith the error."
    assert query.params == (
        Param("since", "datetime", "only later ones", nullable=True, required=False),
        Param("limit", "int", "at most so many", required=False, default=20, low=1, high=1000),
        Param("way", "str", "which way", required=False, default="up", choices=("up", "down")),
    )
    assert query.returns == Returns(
        "rows", (ReturnColumn("id", "int"), ReturnColumn("error", "str"))
    )
    assert (query.tags, query.engine) == (("runs", "failures"), "neo4j")
    assert query.text.startswith("// questions/mine\nMATCH")
    assert query.bind({"since": "2026-01-01"}) == {"since": 1767225600000, "limit": 20, "way": "up"}


def changed(old: str, new: str) -> str:
    assert GOOD.count(old) == 1
    return GOOD.replace(old, new)


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("MATCH (n) RETURN n", 1, "the first line is the question"),
        ("// @returns none\nMATCH (n) RETURN n", 1, "the first line is the question"),
        ("// What?\nRETURN 1", 1, "@returns is missing"),
        ("// What?\n// @returns none\n", 3, "no statement"),
        ("// What?\n// @returns none\n/* only */ // comments", 3, "no statement"),
        (changed("// @engine neo4j", "// @engine mysql"), 11, "@engine is neo4j or embedded"),
        (changed("// @engine neo4j", "// @nope x"), 11, "no field @nope"),
        (changed("// @engine neo4j", "// @tags again"), 11, "@tags stands twice"),
        (changed("// @engine neo4j", "// more prose"), 11, "prose stands before the fields"),
        (changed("int = 20 (1..1000)", "number = 20"), 7, "number is no type"),
        (changed("(1..1000)", "(many)"), 7, "neither low..high nor a|b|c"),
        (changed("= 20 (1..1000)", "= 0 (1..1000)"), 7, "the default does not fit"),
        (changed("= 20 (1..1000)", "= x"), 7, "the default does not fit"),
        (changed('"up" (up|down)', '"left" (up|down)'), 8, "the default does not fit"),
        (changed("  at most so many", ""), 7, "has no help"),
        (changed("@param way str", "@param limit str"), 8, "stands twice"),
        (changed("@param limit int", "@param 1imit int"), 7, "write @param name type"),
        (changed("@param limit int", "@param maximum int"), 12, "$limit is used and not declared"),
        (changed("LIMIT $limit", ""), 1, "@param limit is declared and not used"),
        (changed("@returns rows id int", "@returns list id int"), 9, "@returns is one of"),
        (changed("error str", "error"), 9, "column error has no type"),
        (changed("rows id int, error str", "rows"), 9, "names its columns"),
        (changed("LIMIT $limit", "LIMIT $limit;\nRETURN 1"), 15, "one statement a file"),
        (
            changed("LIMIT $limit", "LIMIT $limit\nSET n.x = 1"),
            16,
            "SET is not allowed in questions/",
        ),
        (
            changed("RETURN n.id", "load  csv FROM 'x' AS l RETURN n.id"),
            14,
            "load csv is not allowed",
        ),
        (changed("RETURN n.id", "CALL db.labels() RETURN n.id"), 14, "db.labels is not allowed"),
    ],
)
def test_a_broken_file_is_refused_at_its_line(
    tmp_path: Path, text: str, line: int, reason: str
) -> None:
    path = written(tmp_path, text)
    with pytest.raises(InvalidQueryFile) as refused:
        load_query(path)
    assert refused.value.message.startswith(f"{path}:{line}: ")
    assert reason in refused.value.message


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    with pytest.raises(InvalidQueryFile, match="not UTF-8"):
        load_query(written(tmp_path, b"// \xff\nRETURN 1"))


@pytest.mark.parametrize("name", ["Mine", "my-question", "1st", "a b"])
def test_names_of_files(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidQueryFile, match="lower case"):
        load_query(written(tmp_path, GOOD, name))


def test_the_folder_says_what_a_file_is(tmp_path: Path) -> None:
    with pytest.raises(InvalidQueryFile, match="statements live in"):
        load_query(written(tmp_path, GOOD, kind="other"))
    writes = "// Why?\n// @returns none\nCREATE (n)"
    assert load_query(written(tmp_path, writes, kind="write")).folder == "write"


def test_writing_words_as_names_are_no_writes(tmp_path: Path) -> None:
    text = """// What?
// @returns rows x int
MATCH (n:Set)-[:CREATE]->(m {merge: 1, set : 2})
WHERE n.delete = 'SET x' AND n.`DROP it` = "MERGE"
CALL (n) { RETURN 1 AS x }
RETURN x"""
    assert load_query(written(tmp_path, text)).params == ()


def test_names_are_unique_over_the_tree(tmp_path: Path) -> None:
    written(tmp_path, GOOD), written(tmp_path, GOOD, kind="read")
    with pytest.raises(InvalidQueryFile, match="has the same name"):
        load_catalog(tmp_path)


def test_an_empty_tree_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(InvalidQueryFile, match="no statements found"):
        load_catalog(tmp_path)


def test_our_own_tree_keeps_to_the_convention() -> None:
    catalog = load_catalog()
    assert len(catalog) == len(list(catalog)) > 50
    for folder in ("write", "read", "questions"):
        assert catalog.folder(folder)  # type: ignore[arg-type]
    for query in catalog.folder("questions"):
        assert query.title.endswith("?"), query.path
        assert query.tags, query.path
        assert query.input_model.model_json_schema()["additionalProperties"] is False
