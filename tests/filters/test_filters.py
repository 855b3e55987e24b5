"""What filters find on a small store, what wrong ones say, and what they become in Cypher."""

from __future__ import annotations

import time

import pytest

from lineage_graph.catalog.scanner import first_write, parameters
from lineage_graph.errors import InvalidArgument
from lineage_graph.filters import compile_filter
from lineage_graph.filters.patterns import regular_expression
from lineage_graph.model import Kind, Proto
from lineage_graph.store import Find, Store
from tests.filters.test_recordings import the_world
from tests.filters.texts import texts
from tests.store.build import put_artifact, with_types

FOUND = {
    Kind.ARTIFACT: [
        ("NAME = 'A1' and Id = 1", [1]),
        ("state = live OR state = Pending", [1, 2, 7]),
        ("state IS NULL", [8]),
        ("state = UNKNOWN", [9]),
        ("state != LIVE", [2, 3, 4, 5, 6, 8, 9]),
        ("state NOT IN (LIVE, PENDING)", [3, 4, 5, 6, 8, 9]),
        ("NOT state IN (LIVE, PENDING)", [3, 4, 5, 6, 9]),
        ("LIVE = state", [1, 7]),
        ("state IN (2)", [1, 7]),
        ("state IN (1, 2)", [1, 2, 7]),
        ("Properties.i.INT_VALUE = 1", [1]),
        ("properties.i.int_value = 1", [1]),
        ("properties.i.double_value = 2", [5]),
        ("custom_properties.x.int_value IN (5, -5, 0)", [1, 6, 8]),
        ("custom_properties.x.string_value LIKE '%'", [3]),
        ("properties.t.string_value IS NOT NULL", []),
        ("custom_properties.x.string_value IS NULL", [1, 2, 4, 5, 6, 8]),
        ("properties.i.int_value = 1 OR name = 'a1'", [1, 2]),
        ("properties.s.string_value = '' OR id = 7", [3]),
        ("contexts_a.name = 'p1' AND contexts_B.name = 'r1'", [1, 5]),
        ("events_a.type IN (INPUT, pending_output)", [1, 2, 5]),
        ("events_a.type IN (3, 7)", [1, 2, 5]),
        ("contexts_a.type_id = contexts_b.type_id AND contexts_a.id != contexts_b.id", [5]),
        ("MOD(id, 3) = 0", [3, 6, 9]),
        ("STARTS_WITH(name, 'a') OR ENDS_WITH(uri, 'c')", [2, 4]),
        ("CONCAT(name, '-', type) = 'A1-Data'", [1]),
        ("name || '!' = 'B!'", [3]),
        ("IF(id < 3, name, uri) = 'A1'", [1]),
        ("id BETWEEN 2 AND 3 AND (CASE WHEN id = 2 THEN 9 END) BETWEEN 8 AND 10", [2]),
        ("id + 1 BETWEEN 3 AND 5", [2, 3, 4]),
        ("id * 2 NOT BETWEEN 4 AND 16", [1, 9]),
        ("custom_properties.`my key`.int_value = 1", [1]),
    ],
    Kind.EXECUTION: [
        ("last_known_state != COMPLETE AND type = 'Train'", [2, 5]),
        ("last_known_state IS NULL", [6]),
        ("last_known_state = UNKNOWN", [7]),
        ("NOT last_known_state = RUNNING", [1, 2, 4, 5, 7]),
        ("properties.s.string_value LIKE 'ADAM'", [1, 5]),
        ("events_x.artifact_id = 5 AND events_x.type = OUTPUT", [1, 3]),
    ],
    Kind.CONTEXT: [
        ("parent_contexts_a.name = 'p1' AND parent_contexts_b.name = 'p2'", [4]),
        ("artifacts_a.external_id = 'e1' AND executions_a.last_known_state = COMPLETE", [1, 3]),
        ("artifacts_a.state = ABANDONED", [1, 3, 4]),
        ("artifacts_a.state IS NULL OR artifacts_a.state = UNKNOWN", [6, 7]),
    ],
}
WRONG = [
    ("id = ", "it ends too early; expected a name or a value (line 1, column 6)"),
    ("id = 1;", "';' was not expected; expected an operator or the end (line 1, column 7)"),
    ("(id = 1", "it ends too early; expected ) (line 1, column 8)"),
    ("id IN 1", "'1' was not expected; expected ( (line 1, column 7)"),
    ("id = 1 AND\n  foo = 2", "there is no 'foo' (line 2, column 3)"),
    ("name = 'x", "the text that begins here does not end (line 1, column 8)"),
    ("`name = 1", "the quoted name that begins here does not end (line 1, column 1)"),
    ("id = 1 /* x", "the comment that begins here does not end (line 1, column 8)"),
    ("name = 'a\\q'", "the escape '\\\\q' means nothing (line 1, column 8)"),
    ("name = 1", "a text was expected, this is a whole number (line 1, column 8)"),
    ("id", "a condition was expected, this is a whole number (line 1, column 1)"),
    ("NULL", "a condition was expected, this is NULL (line 1, column 1)"),
    ("id = NULL", "nothing equals NULL (line 1, column 6)"),
    ("state = 'LIVE'", "a word of the enumeration was expected (line 1, column 9)"),
    ("state = 2", "a word of the enumeration was expected (line 1, column 9)"),
    ("state IN (LIVE, 1)", "a word of the enumeration was expected (line 1, column 17)"),
    ("state IN (99)", "a word of the enumeration was expected (line 1, column 11)"),
    ("state < LIVE", "state is not compared by < (line 1, column 7)"),
    ("LENGTH(state) = 1", "state takes =, !=, IN, NOT IN and IS NULL, nothing else"),
    ("properties.p = 1", "'properties.p' is no value of a property (line 1, column 1)"),
    ("contexts_a.nothing = 1", "there is no 'contexts_a.nothing' (line 1, column 1)"),
    ("artifacts_a.id = 1", "there is no 'artifacts_a.id' (line 1, column 1)"),
    ("NOSUCH(id) = 1", "there is no function NOSUCH (line 1, column 1)"),
    ("LOWER(name, name) = 'a'", "LOWER takes 1 arguments, not 2 (line 1, column 1)"),
    ("name LIKE name", "LIKE takes a text in quotes (line 1, column 11)"),
    ("SUBSTR(name, -1) = 'a'", "SUBSTR counts from 1"),
    ("CAST(id AS DATE) = 1", "there is no type DATE"),
    ("id IN (SELECT 1)", "subqueries are not allowed (line 1, column 8)"),
    ("id + 'a' = 1", "a number or a whole number was expected, this is a text (line 1, column 6)"),
    ("", "it ends too early"),
    ("id = 1" + " " * 100_000, "it is longer than 100,000 characters"),
    (" AND ".join(["id + 1 = 2"] * 1001), "it has more than 1,000 conditions"),
]
DEEP = [
    "(" * 10_000 + "id = 1" + ")" * 9_999,
    "NOT " * 10_000 + "id = 1",
    "- " * 10_000 + "id = 1",
    "CASE WHEN " * 5_000 + "true",
    "(id = 1 AND NOT " * 5_000 + "true" + ")" * 5_000,
    "COALESCE(" * 5_000 + "id" + ")" * 5_000 + " = 1",
    "'" * 10_001,
    "/*" * 5_000,
    "`" * 10_001,
]


def test_what_is_found(store: Store) -> None:
    store.put(the_world())
    for kind, cases in FOUND.items():
        for text, expected in cases:
            found = store.find(Find(kind=kind, where=text, counted=False))
            assert [node.id for node in found.nodes] == expected, text


def test_texts_of_structs_and_messages_are_not_texts(store: Store) -> None:
    with_types(store)
    message = Proto(type_url="x/y", value=b"z")
    put_artifact(store, custom_properties={"x": {"a": 1}, ' "y': "text", '"': "text"})
    put_artifact(store, custom_properties={"x": '{"a": 1}', ' "y': {"a": 1}})
    put_artifact(store, custom_properties={"x": message, "y": "text", '{"custom_x': {}})
    put_artifact(store, custom_properties={"x": "{", "t": {}})

    def found(where: str) -> list[int | None]:
        page = store.find(Find(kind=Kind.ARTIFACT, where=where, counted=False))
        return [node.id for node in page.nodes]

    assert found("custom_properties.x.string_value >= ''") == [2, 4]
    assert found("custom_properties.x.string_value = '{\"a\": 1}'") == [2]
    assert found("NOT custom_properties.x.string_value = '{'") == [2]
    assert found("custom_properties.x.string_value IS NULL") == [1, 3]
    assert found("custom_properties.` \"y`.string_value > ''") == [1]
    assert found("custom_properties.y.string_value LIKE 't%'") == [3]
    assert found("custom_properties.`\"`.string_value = 'text'") == [1]


def test_names_that_are_words_of_cypher(store: Store) -> None:
    names = ["in", "case", "null", "true", "match", "end", "count", "custom_a", "id", "_", "1"]
    put_artifact(with_types(store), custom_properties=dict.fromkeys(names, 1))
    where = " AND ".join(f"custom_properties.{name}.int_value = 1" for name in names)
    assert store.find(Find(kind=Kind.ARTIFACT, where=where)).total == 1


def test_a_wide_and_a_deep_filter_are_answered(store: Store) -> None:
    store.put(the_world())
    many = " OR ".join(f"id = {number}" for number in range(2, 5000))
    assert store.find(Find(kind=Kind.ARTIFACT, where=many)).total == 8
    chain = " OR ".join(f"id + {number} = 1001" for number in range(300))
    assert store.find(Find(kind=Kind.ARTIFACT, where=chain)).total == 0
    deep = "id = 1"
    for number in range(20):
        deep = f"(id = 99 OR {deep})" if number % 2 else f"(id < 99 AND {deep})"
    assert store.find(Find(kind=Kind.ARTIFACT, where=deep)).total == 1


@pytest.mark.parametrize(("text", "said"), WRONG)
def test_what_wrong_filters_say(text: str, said: str) -> None:
    with pytest.raises(InvalidArgument) as error:
        compile_filter(Kind.ARTIFACT, text)
    assert error.value.message.startswith("Invalid `filter_query`: ")
    assert said in error.value.message


def test_unknown_names_are_told_which_there_are() -> None:
    with pytest.raises(InvalidArgument) as error:
        compile_filter(Kind.CONTEXT, "uri = 'x'")
    for name in ("last_update_time_since_epoch", "properties.NAME.int_value", "child_contexts_X"):
        assert name in error.value.hint


@pytest.mark.parametrize("text", DEEP, ids=lambda text: text[:10])
def test_deep_filters_are_refused_at_once(text: str) -> None:
    compile_filter(Kind.ARTIFACT, "true")  # the grammar is read once
    started = time.process_time()
    with pytest.raises(InvalidArgument, match="Invalid `filter_query`"):
        compile_filter(Kind.ARTIFACT, text)
    assert time.process_time() - started < 2


def test_every_value_is_bound() -> None:
    for kind, filters in texts().items():
        for text in filters:
            try:
                compiled = compile_filter(Kind(kind), text)
            except InvalidArgument:
                continue
            assert parameters(compiled.condition) == set(compiled.values), text
            assert all(name.startswith("filter_") for name in compiled.values)
            assert "'" not in compiled.condition.replace("coalesce(n.uri, '')", "").replace(
                "coalesce(near_0.uri, '')", ""
            )
            assert first_write(compiled.condition) is None


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("id = 7", "n.id = $filter_value_0"),
        (
            "properties.span.int_value = 7",
            "n.span = $filter_value_2 AND n.span IS :: INTEGER NOT NULL",
        ),
        ("properties.s.string_value = 'x'", "n.s = $filter_value_2"),
        ("custom_properties.b.bool_value", "n.custom_b = true"),
        (
            "uri = 'x'",
            "n.uri_key = $filter_value_1 AND coalesce(n.uri, '') = $filter_value_0",
        ),
    ],
)
def test_what_indexes_can_serve(text: str, condition: str) -> None:
    assert compile_filter(Kind.ARTIFACT, text).condition == condition


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("a_c", "(?is)a.c"),
        ("%", "(?is).*"),
        ("a%b%c", "(?is)a(?>.*?b).*c"),
        ("%%a%%", "(?is)(?>.*?a).*"),
        ("a.b(", r"(?is)a\.b\("),
    ],
)
def test_patterns(pattern: str, expected: str) -> None:
    assert regular_expression(pattern) == expected


def test_the_same_filter_is_compiled_once() -> None:
    assert compile_filter(Kind.ARTIFACT, "id = 3") is compile_filter(Kind.ARTIFACT, "id = 3")


@pytest.mark.parametrize(
    ("sign", "swapped"), [("<", ">"), ("<=", ">="), (">", "<"), (">=", "<="), ("=", "=")]
)
def test_a_constant_may_stand_on_the_left(sign: str, swapped: str) -> None:
    left = compile_filter(Kind.ARTIFACT, f"7 {sign} properties.span.int_value")
    right = compile_filter(Kind.ARTIFACT, f"properties.span.int_value {swapped} 7")
    assert (left.condition, left.seeks) == (right.condition, right.seeks)
    assert f"n.span {swapped} $" in left.condition


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("IF(id > 1, 2) = 2", "IF takes 3 arguments, not 2"),
        (f"CAST(id AS {'x' * 70}) = 1", f"there is no type {'X' * 60} (line 1"),
    ],
)
def test_calls_with_too_few_arguments_and_types_that_are_none(text: str, says: str) -> None:
    with pytest.raises(InvalidArgument) as refused:
        compile_filter(Kind.ARTIFACT, text)
    assert says in refused.value.message
