"""What a question is, whichever source it has; and what it says where it cannot be answered."""

from __future__ import annotations

from pathlib import Path

import pytest

from lineage_graph.catalog import Catalog, load_catalog, load_query
from lineage_graph.errors import InvalidArgument, InvalidQueryFile, NotFound
from lineage_graph.model import Kind
from lineage_graph.questions import ask, extent_of, kind_of_id, load_questions
from lineage_graph.store import Store

QUESTIONS = load_questions(load_catalog())


def test_they_are_sorted_and_say_what_they_are() -> None:
    assert list(QUESTIONS) == sorted(QUESTIONS)
    for name, question in QUESTIONS.items():
        assert question.name == name
        assert question.title.endswith("?"), name
        assert question.tags, name
        assert question.returns.kind in ("value", "one", "rows", "graph"), name
        assert set(question.input_model.model_fields) == {param.name for param in question.params}
        assert question.input_model is question.input_model
        assert all(param.help for param in question.params), name


def test_a_node_offers_the_questions_that_take_it_alone() -> None:
    offered = {kind: dict(map(reversed, _names(kind))) for kind in Kind}  # type: ignore[arg-type]
    assert all(set(offered[kind]) == {kind.value} for kind in Kind)
    artifact = {name for name, _ in _names(Kind.ARTIFACT)}
    assert {"makers_of_artifact", "sources_of_artifact", "lineage_of_artifact"} <= artifact
    assert not {"common_ancestors", "compare_artifacts", "latest_artifacts"} & artifact
    context = {name for name, _ in _names(Kind.CONTEXT)}
    assert {"run_as_graph", "critical_path", "failed_executions"} <= context
    assert "latest_artifacts" not in context  # it also needs a type


def _names(kind: Kind) -> list[tuple[str, str]]:
    return [(question.name, param) for question, param in QUESTIONS.for_kind(kind)]


def test_which_names_hold_ids() -> None:
    assert kind_of_id("artifact") is Kind.ARTIFACT
    assert kind_of_id("run_context") is Kind.CONTEXT
    assert kind_of_id("artifacts") is None
    assert kind_of_id("executions") is None


def test_what_cannot_be_answered(tfx: Store) -> None:
    with pytest.raises(NotFound, match="Did you mean lineage_of_artifact"):
        ask(tfx, "lineage_of_artefact", artifact=1)
    with pytest.raises(NotFound, match="no artifact with the id 999"):
        ask(tfx, "makers_of_artifact", artifact=999)
    with pytest.raises(NotFound, match="no context with the id 999"):
        ask(tfx, "failed_executions", context=999)
    with pytest.raises(NotFound, match="no artifact with the id 999"):
        ask(tfx, "sources_of_artifact", artifact=999)
    for values in ({}, {"artifact": "x"}, {"artifact": 1, "hops": 0}, {"artifact": 1, "up": 2}):
        with pytest.raises(InvalidArgument):
            ask(tfx, "lineage_of_artifact", **values)


def test_text_will_do_for_values_and_hyphens_for_underscores(tfx: Store) -> None:
    assert ask(tfx, "makers-of-artifact", artifact="14").rows[0][0] == 16


def test_no_rows_have_columns_too(tfx: Store) -> None:
    answer = ask(tfx, "running_executions")
    assert not answer.rows
    assert answer.columns == ("execution", "type", "name", "state", "started", "lost_since")


def test_a_limit_shows_the_nearest_and_says_so(tfx: Store) -> None:
    answer = ask(tfx, "lineage_of_artifact", artifact=14, limit=5)
    assert answer.truncated
    assert answer.graph is not None
    assert len(answer.graph) == 5
    assert 14 in {artifact.id for artifact in answer.graph.artifacts}
    question = load_questions(tfx.catalog)["lineage_of_artifact"]
    extent = extent_of(question, {"artifact": 14, "limit": 5}, answer)
    assert (extent.shown, extent.total, extent.at_least, extent.next) == (5, None, 6, None)
    assert extent.rest == "Raise limit (at most 10,000), or ask for fewer hops."
    assert not ask(tfx, "lineage_of_artifact", artifact=14, hops=1).truncated


def test_a_file_named_like_a_walk_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "questions" / "critical_path.cypher"
    path.parent.mkdir()
    path.write_text("// How long?\n//\n// @returns value n int\nRETURN 1 AS n\n")
    with pytest.raises(InvalidQueryFile, match=r"critical_path\.cypher:1: a walk"):
        load_questions(Catalog({"critical_path": load_query(path)}))


def test_a_file_becomes_a_question(tmp_path: Path) -> None:
    path = tmp_path / "questions" / "sum_of.cypher"
    path.parent.mkdir()
    path.write_text(
        "// How much?\n//\n// @param n int  a number\n// @returns value n int\nRETURN $n AS n\n"
    )
    questions = load_questions(Catalog({"sum_of": load_query(path)}))
    assert questions["sum_of"].cypher == "RETURN $n AS n"
    assert questions["critical_path"].cypher is None
