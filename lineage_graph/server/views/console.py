"""The console: Cypher that only reads, its rows as a table and its nodes as a picture."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import Query
from fastapi.responses import Response

from lineage_graph.errors import (
    Busy,
    InvalidArgument,
    LineageError,
    OutOfMemory,
    RefusedCypher,
    TimedOut,
)
from lineage_graph.server.pages import Page
from lineage_graph.server.problems import status_of, title_of
from lineage_graph.server.tables import table_of
from lineage_graph.server.views.asking import picture_of_answer
from lineage_graph.settings import Settings
from lineage_graph.store import Store
from lineage_graph.store.result_files import csv_of

EXAMPLES = (
    (
        "What went into each model",
        "MATCH (a:Artifact)-[:INPUT]->(e:Execution)-[:OUTPUT]->(m:Artifact)\n"
        "WHERE m.type CONTAINS 'Model'\nRETURN m.id AS artifact, e.type, collect(a.type) AS inputs",
    ),
    (
        "Drawn: what failed, and what it read",
        "MATCH (a:Artifact)-[i:INPUT]->(e:Execution {last_known_state: 'FAILED'})\nRETURN a, i, e LIMIT 50",
    ),
    (
        "Runs by the number of their steps",
        "MATCH (e:Execution)-[:ASSOCIATED_WITH]->(c:Context)\n"
        "RETURN c.id AS context, c.type AS type, count(e) AS steps\nORDER BY steps DESC",
    ),
)


Text = Annotated[str, Query(max_length=20_000, description="one statement that reads")]
Values = Annotated[
    str,
    Query(
        max_length=20_000, description='values of parameters as a map of JSON: {"type": "Model"}'
    ),
]


class Console:
    """A stranger's Cypher."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings

    def view(self, cypher: Text = "", values: Values = "") -> Page:
        """Run a statement that only reads; a statement that is refused says why, on the same page."""
        extra = {
            "cypher": cypher,
            "values": values,
            "examples": EXAMPLES,
            "limits": self._settings,
            "table": None,
            "picture": None,
            "problem": None,
            "answer": None,
        }
        if not cypher.strip():
            return Page("console.html", {"cypher": cypher}, extra)
        try:
            answer = self._store.cypher(cypher, values_of(values))
        except (RefusedCypher, InvalidArgument, TimedOut, OutOfMemory, Busy) as error:
            return self._refused(cypher, extra, error)
        data = {
            "cypher": cypher,
            "columns": answer.columns,
            "rows": answer.rows,
            "truncated": answer.truncated,
            "warnings": answer.warnings,
            "milliseconds": answer.milliseconds,
        }
        more: dict[str, object] = {"answer": answer, "table": table_of(self._store, answer)}
        if answer.graph is not None:
            data["graph"] = answer.graph
            more["picture"] = data["picture"] = picture_of_answer(self._store, answer.graph)
        return Page("console.html", data, {**extra, **more})

    def csv(self, cypher: Text, values: Values = "") -> Response:
        """The rows of a statement that only reads, as CSV; the header ``x-truncated`` says where there are more."""
        result = self._store.cypher(cypher, values_of(values))
        headers = {"content-disposition": 'attachment; filename="rows.csv"'}
        if result.truncated:
            headers["x-truncated"] = "true"
        content = csv_of(result).encode("utf-8", "replace")
        return Response(content, media_type="text/csv", headers=headers)

    def _refused(self, cypher: str, extra: dict[str, object], error: LineageError) -> Page:
        status = status_of(error)
        problem = {
            "type": "about:blank",
            "title": title_of(error),
            "status": status,
            "detail": error.message,
            "hint": error.hint,
        }
        return Page(
            "console.html", {"cypher": cypher, **problem}, {**extra, "problem": problem}, status
        )


def values_of(text: str) -> dict[str, Any]:
    """Return the values of parameters that an address gives.

    Raises:
        InvalidArgument: they are no map of JSON.
    """
    if not text.strip():
        return {}
    try:
        values = json.loads(text)
    except ValueError as error:
        raise InvalidArgument(f"The values are no JSON: {error}.") from None
    if not isinstance(values, dict):
        raise InvalidArgument("The values are no map.", hint='Write {"type": "Model"}.')
    return values
