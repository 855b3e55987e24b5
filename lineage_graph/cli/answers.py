"""The answer to a question, as text or JSON; ``returns`` decides which shape it takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lineage_graph.cli.output import CommandOutput
from lineage_graph.model import Kind, Ref, Subgraph
from lineage_graph.model.labels import state_of
from lineage_graph.model.plain import ending, moment
from lineage_graph.questions import Extent, Question, extent_of
from lineage_graph.store import Answer


def show_answer(
    out: CommandOutput, question: Question, values: Mapping[str, Any], answer: Answer
) -> None:
    """Write an answer."""
    if out.as_json:
        out.json(answer_json(question, values, answer))
        return
    if answer.kind == "graph" and answer.graph is not None:
        show_graph(out, answer.graph)
    elif answer.kind == "value":
        for row in answer.rows:
            out.table(answer.columns, [row]) if len(row) > 1 else out.line(str(row[0]))
    elif answer.kind == "one" and answer.rows:
        out.facts(
            dict(zip(answer.columns, _shown(question, answer.columns, answer.rows[0]), strict=True))
        )
    else:
        out.table(answer.columns, [_shown(question, answer.columns, row) for row in answer.rows])
    extent = extent_of(question, values, answer)
    if extent.truncated:
        out.note(_cut_words(extent))
    elif not answer.rows and not answer.graph:
        out.note(f"Nothing found. {answer.note}".rstrip())


def _cut_words(extent: Extent) -> str:
    last = extent.first + extent.shown - 1
    if extent.next is not None:
        return f"{extent.first:,} to {last:,} are shown; there are more (--skip {last})."
    return f"The first {extent.shown:,} are shown; there are more. {extent.rest}"


def answer_json(question: Question, values: Mapping[str, Any], answer: Answer) -> dict[str, Any]:
    """An answer as one JSON object; the graph is there where the answer has one."""
    document: dict[str, Any] = {
        "question": question.name,
        "values": dict(values),
        "returns": answer.kind,
        "columns": list(answer.columns),
        "rows": [list(row) for row in answer.rows],
        **extent_of(question, values, answer).as_data(),
        "note": answer.note,
        "milliseconds": answer.milliseconds,
    }
    if answer.graph is not None:
        document["graph"] = answer.graph
    return document


def show_graph(out: CommandOutput, graph: Subgraph) -> None:
    """Write a graph: its nodes, then its links, each as a table."""
    out.table(
        ("node", "type", "name", "state", "created (UTC)"),
        [
            (node.ref, node.type, node.name, state_of(node), moment(node.create_time_since_epoch))
            for node in graph.nodes
        ],
    )
    links = list(_links(graph))
    if links:
        out.line()
        out.table(("from", "link", "to"), links)
    out.note(f"{len(graph):,} nodes, {len(links):,} links.")


def _links(graph: Subgraph) -> list[tuple[Ref, str, Ref]]:
    links = []
    for event in graph.events:
        artifact, execution = (
            Ref(Kind.ARTIFACT, event.artifact_id),
            Ref(Kind.EXECUTION, event.execution_id),
        )
        ends = (artifact, execution) if event.type.is_input else (execution, artifact)
        links.append((ends[0], event.type.value, ends[1]))
    for attribution in graph.attributions:
        ends = (
            Ref(Kind.ARTIFACT, attribution.artifact_id),
            Ref(Kind.CONTEXT, attribution.context_id),
        )
        links.append((ends[0], "ATTRIBUTED_TO", ends[1]))
    for association in graph.associations:
        ends = (
            Ref(Kind.EXECUTION, association.execution_id),
            Ref(Kind.CONTEXT, association.context_id),
        )
        links.append((ends[0], "ASSOCIATED_WITH", ends[1]))
    for parent in graph.parent_contexts:
        ends = Ref(Kind.CONTEXT, parent.child_id), Ref(Kind.CONTEXT, parent.parent_id)
        links.append((ends[0], "CHILD_OF", ends[1]))
    for same in graph.same_as:
        ends = Ref(Kind.ARTIFACT, same.artifact_id), Ref(Kind.ARTIFACT, same.other_id)
        links.append((ends[0], "SAME_AS", ends[1]))
    return links


def _shown(question: Question, columns: tuple[str, ...], row: tuple[Any, ...]) -> list[Any]:
    """A row as people read it: ids of nodes as refs, moments as dates."""
    types = {column.name: column.type for column in question.returns.columns}
    state = row[columns.index("state")] if "state" in columns else None
    return [
        _shown_cell(name, types.get(name, ""), value, state)
        for name, value in zip(columns, row, strict=True)
    ]


def _shown_cell(name: str, type_name: str, value: Any, state: Any) -> Any:
    if value is None and type_name == "datetime" and name != "lost_since":
        return ending(None, state) if name == "ended" else moment(None)
    if isinstance(value, int) and not isinstance(value, bool):
        if type_name == "datetime":
            return moment(value)
        for kind in Kind:
            if name == kind.value or name.endswith(f"_{kind.value}"):
                return Ref(kind, value)
    return value
