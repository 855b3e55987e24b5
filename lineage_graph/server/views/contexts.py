"""The page of a context: a pipeline with its runs, or a run with its steps drawn."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query, Request

from lineage_graph.model import Kind, Node, Ref
from lineage_graph.questions import Questions, ask
from lineage_graph.server.pages import Page
from lineage_graph.server.pictures import Reached, reached_in
from lineage_graph.server.scope import Scope
from lineage_graph.server.tables import table_of
from lineage_graph.server.views.lineage import addresses, scope_of
from lineage_graph.server.views.runs import SHOWN, summary_of
from lineage_graph.server.views.steps import steps_of
from lineage_graph.store import Find, Store


class Contexts:
    """Pipelines, runs, experiments and every other context."""

    def __init__(self, store: Store, questions: Questions) -> None:
        self._store = store
        self._questions = questions

    def view(
        self,
        id: int,
        request: Request,
        run: Annotated[int | None, Query(description="which run of a pipeline to draw")] = None,
        steps: Annotated[
            int | None, Query(ge=0, description="which page of a long run's steps; 0: the longest")
        ] = None,
        page: Annotated[int, Query(ge=1, description="which page of a pipeline's runs")] = 1,
    ) -> Page:
        """A context: its runs, its steps as a graph and as a table, and what it holds."""
        ref = Ref(Kind.CONTEXT, id)
        node = self._store.node(ref)
        children = self._total(Kind.CONTEXT, node)
        number = min(page, max(1, -(-children // SHOWN)))
        runs = ask(
            self._store, "runs_of_pipeline", context=id, skip=(number - 1) * SHOWN, limit=SHOWN
        )
        drawn: Node = node
        if runs.rows:
            drawn = self._store.node(Ref(Kind.CONTEXT, run if run is not None else runs.rows[0][0]))
        scope = scope_of(request, ("run", "steps", "page"))
        found, executions = reached_in(self._store, drawn.ref, scope)
        picture = found.picture(scope)
        in_time = steps_of(self._store, drawn.id or 0, executions, steps)
        parents = [row[0] for row in ask(self._store, "parents_of_context", context=id).rows]
        data: dict[str, Any] = {
            "node": node,
            "parents": self._store.get(Kind.CONTEXT, parents),
            "runs": runs.rows and table_of(self._store, runs, headings={"context": "run"}),
            "drawn": drawn,
            "executions": executions,
            "artifacts": self._total(Kind.ARTIFACT, drawn),
            "children": children,
            "summary": summary_of(runs, children, number),
            "steps": in_time,
            "states": self._states(drawn),
            "scope": scope,
            "picture": picture,
        }
        extra = {
            "questions": self._questions.for_kind(Kind.CONTEXT),
            "gantt": in_time.chart,
            "watch": " ".join(dict.fromkeys((str(ref), str(drawn.ref)))),
            "earlier": self._earlier(drawn),
            "canvas": found.picture(scope, all_times=True) if scope.at else picture,
            **addresses(drawn.ref, scope),
        }
        return Page("context.html", data, extra)

    def reached(self, id: int, scope: Scope) -> Reached:
        """What a scope reaches from the executions of a context."""
        return reached_in(self._store, Ref(Kind.CONTEXT, id), scope)[0]

    def _states(self, node: Node) -> dict[str, int]:
        answer = ask(self._store, "counts_by_state", context=node.id)
        return {row[0]: row[1] for row in answer.rows}

    def _total(self, kind: Kind, node: Node) -> int:
        return self._store.find(Find(kind=kind, context=node.id, limit=1)).total or 0

    def _earlier(self, node: Node) -> int | None:
        """Return the run before this one in the same pipeline, to compare with."""
        parents = ask(self._store, "parents_of_context", context=node.id).rows
        for parent in parents:
            wanted = Find(
                kind=Kind.CONTEXT,
                context=parent[0],
                created_before=(node.create_time_since_epoch or 0) + 1,
                order_by="create_time",
                descending=True,
                limit=20,
                counted=False,
            )
            for run in self._store.find(wanted).nodes:
                if (run.id or 0) < (node.id or 0):
                    return run.id
        return None
