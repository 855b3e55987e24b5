"""Overview: pipelines, their last runs, what failed, and what kinds of things there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from lineage_graph.model import Kind, Node
from lineage_graph.model.labels import called_of, short_type
from lineage_graph.questions import ask
from lineage_graph.questions.roles import STEPS, has_dags, is_run
from lineage_graph.server.pages import Page
from lineage_graph.server.tables import Table, table_of
from lineage_graph.server.views.nodes import failure_of
from lineage_graph.store import Answer, Census, Find, Store

_PIPELINES, _RUNS, _FAILURES, _RECENT = 10, 5, 5, 20


class Overview:
    """The first page, and the page of types."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def first(self) -> Page:
        """What is there, and what needs attention."""
        pipelines = ask(self._store, "pipelines")
        shown = [
            {
                "pipeline": dict(zip(pipelines.columns, row, strict=True)),
                "runs": self._runs(row[0]),
            }
            for row in pipelines.rows[:_PIPELINES]
        ]
        census = self._store.pages.census()
        only = STEPS if has_dags(census.types or ()) else ""
        wanted = Find(
            kind=Kind.EXECUTION,
            states=("FAILED",),
            where=only,
            order_by="update_time",
            descending=True,
            limit=_FAILURES,
        )
        failed = self._store.find(wanted)
        recent: Table | None = None
        if not shown:
            recent = table_of(
                self._store, ask(self._store, "executions_since", since=0, limit=_RECENT)
            )
        data = {
            "counts": {f"{kind.value}s": number for kind, number in census.kinds.items()},
            "pipelines": shown,
            "more_pipelines": max(0, len(pipelines.rows) - _PIPELINES),
            "failures": self._failures(failed.nodes),
            "failed": failed.total,
            "types": self._types_by_kind(census),
        }
        return Page("overview.html", data, {"recent": recent, "only": only, "watch": "all"})

    def types(self) -> Page:
        """The types, what they declare, and how many nodes of each there are."""
        numbers = self._numbers(self._store.pages.census())
        types = [
            {"kind": type_.kind.value, "nodes": numbers.get((type_.kind.value, type_.name), 0)}
            | type_.model_dump(mode="json")
            for type_ in self._store.types()
        ]
        return Page("types.html", {"types": types})

    def _runs(self, pipeline: int) -> Table:
        answer = ask(self._store, "runs_of_pipeline", context=pipeline, skip=0, limit=_RUNS)
        return table_of(self._store, answer, headings={"context": "run"}, short=True)

    def _failures(self, failed: Sequence[Node]) -> Table:
        """Return executions that failed with their runs, as the question does that reads them all."""
        contexts = self._store.contexts_of(Kind.EXECUTION, [node.id or 0 for node in failed])
        rows = []
        for node in failed:
            runs = [one.id for one in contexts.get(node.id or 0, ()) if is_run(one)]
            times = (node.create_time_since_epoch, node.last_update_time_since_epoch)
            run = max(runs, key=lambda one: one or 0, default=None)
            rows.append(
                (node.id, node.type, called_of(node) or None, run, failure_of(node), *times)
            )
        columns = ("execution", "type", "name", "run_context", "error", "started", "ended")
        answer = Answer("rows", columns, tuple(rows))
        return table_of(self._store, answer, headings={"run_context": "run"}, short=True)

    def _numbers(self, census: Census) -> dict[tuple[str, str], int]:
        if census.types is not None:
            found = sorted(census.types.items(), key=lambda item: (-item[1], item[0][1]))
            return {(kind.value, name): number for (kind, name), number in found}
        answer = ask(self._store, "counts_by_type")
        return {(row[0], row[1]): row[2] for row in answer.rows}

    def _types_by_kind(self, census: Census) -> dict[str, list[dict[str, Any]]]:
        found: dict[str, list[dict[str, Any]]] = {kind.value: [] for kind in Kind}
        for (kind, name), nodes in self._numbers(census).items():
            found[kind].append({"name": name, "label": short_type(name), "nodes": nodes})
        for types in found.values():
            times = Counter(each["label"] for each in types)
            for each in types:
                if times[each["label"]] > 1:  # of several tools
                    each["label"] = each["name"]
        return found
