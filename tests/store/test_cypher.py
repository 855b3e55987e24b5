"""Statements of people: the same words about mistakes on both engines, warnings, results, Ctrl-C."""

from __future__ import annotations

import math
import os
import signal
import threading
import time

import pytest

from lineage_graph.errors import FailedPrecondition, InvalidCypher, RefusedCypher
from lineage_graph.store import CypherResult, Store
from lineage_graph.store.cypher_names import UsedNames, used_names
from lineage_graph.store.untrusted import MAX_LENGTH, check_words

MISTAKES = {  # with the words, the line and the column, the same on both engines
    "MATCH (n) RETRUN n": ("RETRUN is not understood here", "Did you mean RETURN?", 1, 11),
    "MATCH (n:Artifact RETURN n": ("RETURN is not understood here", "", 1, 19),
    "MATCH (n)\nWHERE n.x == 1\nRETURN n": ("= is not understood here", "", 2, 12),
    "RETURN 1 +": ("The statement ends too early; expected is an expression", "", 1, 11),
    "MATCH (n) RETURN count(n": ("The statement ends too early", "", 1, 25),
    "FOO": ("FOO is not understood here", "", 1, 1),
    "MATCH (n)\nRETURN m.id": ("The variable m is not defined", "", 2, 8),
    "RETURN $typ AS t": ("There is no value for $typ", "Did you mean $type?", 0, 0),
    "MATCH (n) RETURN n LIMIT $type": ("LIMIT $type needs a whole number", "", 0, 0),
}
NAMES = {  # what a statement asks for, and what is said of it
    "MATCH (m:Modl) RETURN m": ["There are no nodes with the label Modl. Did you mean Model?"],
    "MATCH (m:Model)-[:OUTPT]->() RETURN m": [
        "There are no relationships of type OUTPT. Did you mean OUTPUT?"
    ],
    "MATCH (a:Artifact {type: 'Modell'}) RETURN a.id AS i": [
        "There are no nodes of the type Modell. Did you mean Model?"
    ],
    "MATCH (a:Artifact) WHERE a.tfx_version = '1' RETURN a": [
        "No type declares the property tfx_version, and none of the newest nodes has it. "
        "Did you mean custom_tfx_version?"
    ],
    "MATCH (a:Artifact)-[i:INPUT]->(e) WHERE a.custom_tfx_version = '' RETURN i.path": [],
    "MATCH (a:Model) WITH {key: a.uri} AS m RETURN count(m) AS n, m.key AS k": [],
}
USED = {
    "MATCH (m:A)-[e:O|P*1..3]->(x:B&!C {k:'x', type: 'T'}) WHERE m.p > 1 AND NOT x:D RETURN q.r": (
        "A B C D", "O P", "k type p", "T"
    ),
    "RETURN {a: 1}.a AS a, date('2026-01-01').year AS y, $m.key AS k, 1 :: INTEGER AS i": (
        "", "", "", ""
    ),
    "MATCH (a)((x)-[:`O P`]->(y)){1,3}(b) RETURN b.`odd one`, 'x:Label' AS t // :Label": (
        "", "O P", "odd one", ""
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), USED.items())
def test_names_that_a_statement_uses(text: str, expected: tuple[str, ...]) -> None:
    labels, relationships, properties, types = (
        dict.fromkeys(
            ["O P"] if one == "O P" and "`" in text else [one] if one == "odd one" else one.split()
        )
        for one in expected
    )
    assert used_names(text) == UsedNames(labels, relationships, properties, types)


def test_mistakes_are_told_in_the_same_words_at_their_place(tfx: Store) -> None:
    for text, (words, hint, line, column) in MISTAKES.items():
        with pytest.raises(InvalidCypher) as failed:
            tfx.cypher(text, type="Model")
        error = failed.value
        assert (error.message[: len(words)], error.hint[: len(hint)]) == (words, hint), text
        assert (error.line, error.column) == (line, column), text
        if line:
            *_, shown, mark = error.message.split("\n")
            assert shown.strip() == text.split("\n")[line - 1]
            assert len(mark) == column + 2


def test_names_that_nothing_has_are_told(tfx: Store) -> None:
    for text, said in NAMES.items():
        assert list(tfx.cypher(text).warnings) == said, text


def test_a_result_is_rows_dictionaries_and_columns(tfx: Store) -> None:
    result = tfx.cypher(
        "MATCH (m:Model) WITH m ORDER BY m.id LIMIT 2 MATCH p = (m)<-[:OUTPUT]-(e) "
        "RETURN m.id AS id, m, p, [m.id] AS ids, {a: $x} AS map, CASE m.id WHEN 99 THEN 1 ELSE 0.5 END AS n, "
        "date('2026-12-01') AS day, point({x: 1, y: 2}) AS place",
        x=1,
    )
    assert isinstance(result, CypherResult)
    assert (len(result), len(list(result)), bool(result), result.truncated) == (2, 2, True, False)
    assert result.graph is not None
    assert (len(result.graph.artifacts), len(result.graph.events)) == (2, 2)
    first = result.to_dicts()[0]
    assert first["m"]["ref"] == f"artifact/{first['id']}"
    assert (first["map"], first["ids"], first["day"]) == ({"a": 1}, [first["id"]], "2026-12-01")
    columns = result.to_columns()
    assert columns["map"] == ['{"a": 1}'] * 2
    assert columns["ids"][0] == [first["id"]]
    assert all(isinstance(one, str) for one in columns["p"])
    assert "2 rows" in result._repr_html_()
    assert "Execution" in tfx.explain("MATCH (e:Execution) RETURN count(e) AS n")


def test_columns_are_of_one_kind() -> None:
    rows = ((1, 1, "a", [1], math.nan), (2.5, "b", None, [], None))
    columns = CypherResult("rows", ("a", "b", "c", "d", "e"), rows).to_columns()
    assert columns["a"] == [1.0, 2.5]
    assert columns["b"] == ["1", "b"]
    assert (columns["c"], columns["d"]) == (["a", None], [[1], []])
    assert math.isnan(columns["e"][0])


def test_a_library_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pandas", None)
    with pytest.raises(FailedPrecondition, match="pip install pandas"):
        CypherResult("rows", ("a",), ((1,),)).to_pandas()


def test_a_long_text_is_refused_before_it_is_read() -> None:
    with pytest.raises(RefusedCypher, match="characters"):
        check_words("RETURN " + "1 + " * MAX_LENGTH + "1")


def test_control_c_ends_the_statement_in_the_engine(tfx: Store) -> None:
    text = "UNWIND range(1, 900000) AS x UNWIND range(1, 900000) AS y RETURN count(*) AS n"
    timer = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        tfx.cypher(text)
    assert time.monotonic() - began < 8  # the statement's own limit is 10 s
    assert tfx.cypher("RETURN 1 AS n").rows == ((1,),)
