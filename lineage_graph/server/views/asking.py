"""Questions as pages: each with its form, its answer by what it returns, and how to ask it elsewhere."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from typing import Any

from fastapi import Request

from lineage_graph.drawing.picture import Picture, draw
from lineage_graph.model import Subgraph
from lineage_graph.questions import Question, Questions, extent_of, kind_of_id
from lineage_graph.server.pages import Page
from lineage_graph.server.tables import table_of
from lineage_graph.store import Answer, Store


class Asking:
    """The list of questions and the page of each."""

    def __init__(self, store: Store, questions: Questions) -> None:
        self._store = store
        self._questions = questions

    def all(self) -> Page:
        """All questions, by what they are about."""
        groups: dict[str, list[dict[str, Any]]] = {}
        for question in self._questions.values():
            tag = question.tags[0] if question.tags else "other"
            groups.setdefault(tag, []).append(_declared(question))
        return Page("questions.html", {"groups": dict(sorted(groups.items()))})

    def view(self, question: Question) -> Callable[..., Page]:
        """The view of one question; without what it needs, it shows the form alone."""

        def view(request: Request) -> Page:
            values = {name: value for name, value in request.query_params.items() if value != ""}
            missing = [p.name for p in question.params if p.required and p.name not in values]
            if missing and not values and not request.url.path.endswith(".json"):
                return self._page(question, values, None)
            return self._page(question, values, question.ask(self._store, values))

        return view

    def _page(self, question: Question, values: dict[str, str], answer: Answer | None) -> Page:
        data: dict[str, Any] = {"question": question.name, "values": values}
        extra: dict[str, Any] = {
            "asked": question,
            "answer": answer,
            "extent": None,
            "table": None,
            "picture": None,
            "nodes_of": kind_of_id,
            "command": _command(question, values),
        }
        if answer is not None:
            extent = extent_of(question, values, answer)
            data |= {
                "returns": answer.kind,
                "columns": answer.columns,
                "rows": answer.rows,
                **extent.as_data(),
                "note": answer.note,
                "milliseconds": answer.milliseconds,
            }
            extra["extent"] = extent
            if answer.graph is not None:
                data["graph"] = answer.graph
                extra["picture"] = data["picture"] = picture_of_answer(self._store, answer.graph)
            if answer.kind != "graph":
                extra["table"] = table_of(self._store, answer, question.returns.columns)
        return Page("question.html", data, extra)


def picture_of_answer(store: Store, graph: Subgraph) -> Picture | None:
    """Draw the artifacts and executions of an answer; None where there are none."""
    refs = [node.ref for node in (*graph.artifacts, *graph.executions)]
    if not refs:
        return None
    return draw(graph, (), store.pages.degrees(refs))


def _declared(question: Question) -> dict[str, Any]:
    return {
        "name": question.name,
        "title": question.title,
        "prose": question.prose,
        "tags": question.tags,
        "returns": question.returns.kind,
        "schema": question.input_model.model_json_schema(),
    }


def _command(question: Question, values: dict[str, str]) -> str:
    words = ["lineage-graph", "ask", question.name.replace("_", "-")]
    for name, value in values.items():
        words += [f"--{name.replace('_', '-')}", shlex.quote(value)]
    return " ".join(words)


def parameters_of(question: Question) -> list[dict[str, Any]]:
    """Return the parameters of a question as OpenAPI describes them."""
    schema = question.input_model.model_json_schema()
    required = schema.get("required", [])
    return [
        {
            "name": name,
            "in": "query",
            "required": name in required,
            "description": part.get("description", ""),
            "schema": {
                key: value for key, value in part.items() if key not in ("description", "title")
            },
        }
        for name, part in schema["properties"].items()
    ]
