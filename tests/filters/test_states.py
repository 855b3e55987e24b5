"""States as people write them, names with backticks, and what a denied condition leaves out."""

from __future__ import annotations

import pytest

from lineage_graph.errors import InvalidArgument
from lineage_graph.filters import compile_filter
from lineage_graph.filters.absent import left_out
from lineage_graph.filters.complete import Vocabulary, complete
from lineage_graph.filters.literals import name_as_text
from lineage_graph.filters.parse import parse
from lineage_graph.filters.tree import Comparison, Path
from lineage_graph.model import (
    Artifact,
    ArtifactState,
    Association,
    Context,
    Execution,
    ExecutionState,
    Kind,
    PropertyKind,
)
from lineage_graph.store import Find, Store
from tests.questions.test_truth import put


@pytest.fixture
def states(store: Store) -> Store:
    put(
        store,
        artifacts=(
            Artifact(id=1, type="a/b.c", state=ArtifactState.LIVE, uri="u1"),
            Artifact(id=2, type="Plain", custom_properties={"x": 1, "a`b\\c": 5}),
            Artifact(id=3, type="Plain", custom_properties={"x": 3}),
        ),
        executions=(
            Execution(id=1, type="T", last_known_state=ExecutionState.COMPLETE),
            Execution(id=2, type="T", last_known_state=ExecutionState.CACHED),
            Execution(id=3, type="T", last_known_state=ExecutionState.FAILED),
        ),
        contexts=(Context(id=1, type="run", name="r"),),
        associations=(Association(execution_id=3, context_id=1),),
    )
    return store


def found(store: Store, kind: Kind, where: str) -> list[int | None]:
    return [node.id for node in store.find(Find(kind=kind, where=where)).nodes]


def test_states_in_a_filter_are_read_as_people_write_them(states: Store) -> None:
    for where in (
        "state = COMPLETE",
        "state = 'COMPLETE'",
        "last_known_state = 'complete'",
        "last_known_state = Complete",
        "'complete' = state",
        "state IN ('complete')",
        "state NOT IN ('cached', FAILED)",
        "NOT state = 'cached' AND last_known_state != 'failed'",
    ):
        assert found(states, Kind.EXECUTION, where) == [1], where
    assert found(states, Kind.EXECUTION, "state IN (CACHED, 'failed')") == [2, 3]
    assert found(states, Kind.EXECUTION, "state = 'cached' OR state = 'failed'") == [2, 3]
    for where in ("state = 'live'", "state = LIVE", "last_known_state = 'Live'"):
        assert found(states, Kind.ARTIFACT, where) == [1], where
    for where in ("executions_any.state = 'failed'", "executions_any.last_known_state = FAILED"):
        assert found(states, Kind.CONTEXT, where) == [1], where
    page = states.find(Find(kind=Kind.EXECUTION, states=("complete", "CACHED")))
    assert [node.id for node in page.nodes] == [1, 2]
    with pytest.raises(InvalidArgument, match="'done' is no state of an execution"):
        states.find(Find(kind=Kind.EXECUTION, states=("done",)))
    assert found(states, Kind.ARTIFACT, "type = 'a/b.c'") == [1]
    assert found(states, Kind.ARTIFACT, "`a``b\\\\c` = 5") == [2]
    assert found(states, Kind.ARTIFACT, "custom_properties.`a``b\\\\c`.int_value = 5") == [2]
    assert found(states, Kind.ARTIFACT, "NOT x > 1") == [2]
    denied = left_out("NOT x > 1")
    assert denied is not None
    assert found(states, Kind.ARTIFACT, denied.instead) == [1, 2]


@pytest.mark.parametrize("where", ["state = 'done'", "state = SUCCESS", "state = 2"])
def test_what_is_no_state_is_told_with_those_there_are(where: str) -> None:
    with pytest.raises(InvalidArgument) as error:
        compile_filter(Kind.EXECUTION, where, strict=False)
    assert "COMPLETE" in str(error.value.hint)


@pytest.mark.parametrize(
    "where", ["state = COMPLETE", "last_known_state = 'COMPLETE'", "last_known_state IN ('FAILED')"]
)
def test_the_language_of_ml_metadata_stays_strict(where: str) -> None:
    with pytest.raises(InvalidArgument):
        compile_filter(Kind.EXECUTION, where, strict=True)


@pytest.mark.parametrize("name", ["a`b", "`", "``", "a\\b", "\\`", "two words", "select", "é"])
def test_a_name_is_read_as_it_was_written(name: str) -> None:
    read = parse(f"{name_as_text(name)} = 1")
    assert isinstance(read, Comparison)
    assert isinstance(read.left, Path)
    assert read.left.names == (name,)


def test_a_name_with_a_backtick_is_offered() -> None:
    words = Vocabulary(custom={"a`b": PropertyKind.INT})
    offered = [one.insert for one in complete(Kind.ARTIFACT, "", 0, words).options]
    assert "`a``b`" in offered


@pytest.mark.parametrize(
    ("where", "names", "instead"),
    [
        ("NOT x > 1", ("x",), "NOT x > 1 OR x IS NULL"),
        ("x != 5", ("x",), "x != 5 OR x IS NULL"),
        ("x NOT IN (1, 2)", ("x",), "x NOT IN (1, 2) OR x IS NULL"),
        ("`a``b` NOT LIKE 'x%'", ("`a``b`",), "`a``b` NOT LIKE 'x%' OR `a``b` IS NULL"),
        ("x NOT BETWEEN 1 AND 2", ("x",), "x NOT BETWEEN 1 AND 2 OR x IS NULL"),
        ("NOT name = 'a'", ("name",), "NOT name = 'a' OR name IS NULL"),
        ("NOT (x + y) > 1", ("x", "y"), "NOT (x + y) > 1 OR x IS NULL OR y IS NULL"),
        ("type = 'T' AND NOT x > 1", ("x",), ""),
        (
            "NOT properties.x.int_value > 1",
            ("properties.x.int_value",),
            "NOT properties.x.int_value > 1 OR properties.x.int_value IS NULL",
        ),
    ],
)
def test_what_is_left_out_is_known(where: str, names: tuple[str, ...], instead: str) -> None:
    denied = left_out(where)
    assert denied is not None
    assert (denied.names, denied.instead) == (names, instead)


@pytest.mark.parametrize(
    "where",
    [
        "x > 1",
        "NOT x > 1 OR x IS NULL",
        "NOT x IS NULL",
        "NOT id = 5",
        "state != LIVE",
        "NOT state = LIVE",
        "NOT x != 5",
        "(x > 1) IS NOT TRUE",
        "NOT upstream_of(5)",
        "NOT type = 'T'",
        "NOT (",
    ],
)
def test_what_leaves_out_nothing_unexpected_has_no_note(where: str) -> None:
    assert left_out(where) is None


def test_a_completion_within_quotes_replaces_up_to_the_closing_one() -> None:
    words = Vocabulary({}, {}, ["Model", "Examples"], lambda begin: [])
    text = "type = 'Mod' AND id > 1"
    found = complete(Kind.ARTIFACT, text, text.index("d'"), words)
    (option,) = found.options
    assert text[: found.start] + option.insert + text[found.end :] == "type = 'Model' AND id > 1"
