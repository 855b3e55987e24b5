"""The page of a context: a pipeline with its runs, or a run with its steps drawn."""

from __future__ import annotations

import time
from typing import Annotated, Any, NamedTuple

from fastapi import Query, Request

from lineage_graph.charts.metric_history import Kept, histories
from lineage_graph.model import Context, Kind, Node, Ref
from lineage_graph.model.run_state import run_state_of
from lineage_graph.pictures.lineage import Reached, reached_in
from lineage_graph.pictures.scope import Scope
from lineage_graph.questions import Questions, ask
from lineage_graph.questions.names import other_names
from lineage_graph.questions.roles import STEPS
from lineage_graph.server.pages import Page
from lineage_graph.server.tables import table_of
from lineage_graph.server.views.commits import commit_of
from lineage_graph.server.views.grid import grid_of
from lineage_graph.server.views.histories import written
from lineage_graph.server.views.lineage import addresses, scope_of, waits
from lineage_graph.server.views.runs import SHOWN, summary_of
from lineage_graph.server.views.steps import steps_of
from lineage_graph.store import Answer, Find, Store

_MAX_DRAWN_AT_ONCE = 40  # executions up to which a page waits for their picture
_MAX_COUNTED_EXECUTIONS = (
    400  # executions up to which what they made is counted, and a tenth of the artifacts
)


class _Artifacts(NamedTuple):
    """How many artifacts a context has, where they are listed, and which they are."""

    number: int
    path: str
    are: str


class ContextAnswer:
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
        properties_page: Annotated[
            int, Query(ge=1, le=10**9, description="which page of its properties")
        ] = 1,
    ) -> Page:
        """A context: its runs, its steps as a graph and as a table, and what it holds."""
        ref = Ref(Kind.CONTEXT, id)
        node = self._store.node(ref)
        children = self._store.run(self._store.catalog["count_runs"], context=id).rows[0][0]
        number = min(page, max(1, -(-children // SHOWN)))
        runs = Answer("rows", (), ())
        if children:
            skip = (number - 1) * SHOWN
            runs = ask(self._store, "runs_of_pipeline", context=id, skip=skip, limit=SHOWN)
        drawn = self._drawn(node, [row[0] for row in runs.rows], run)
        scope = scope_of(request, ("run", "steps", "page", "properties_page"))
        executions = self._total(Kind.EXECUTION, drawn)
        held = self._artifacts(drawn, executions)
        picture = canvas = None
        kept: tuple[Kept, ...] = ()
        if waits(request) or executions <= _MAX_DRAWN_AT_ONCE:
            found = reached_in(self._store, drawn.ref, scope)
            picture = found.picture(scope)
            canvas = found.picture(scope, all_times=True) if scope.at else picture
            own = [a for a in found.graph.associations if a.context_id == drawn.id]
            kept = written(found.graph, {Ref(Kind.EXECUTION, a.execution_id) for a in own}, drawn)
        in_time = steps_of(self._store, drawn.id or 0, executions, steps)
        parents = self._parents(node)
        states = self._states(drawn)
        data: dict[str, Any] = {
            "node": node,
            "names": other_names(self._store, node),
            "parents": parents,
            "runs": runs.rows
            and table_of(self._store, runs, headings={"context": "run"}, short=True),
            "drawn": drawn,
            "executions": executions,
            "artifacts": held.number,
            "artifacts_path": held.path,
            "artifacts_are": held.are,
            "children": children,
            "summary": summary_of(runs, children, number),
            "grid": grid_of(self._store, runs),
            "steps": in_time,
            "states": states,
            "told": run_state_of(drawn, int(time.time() * 1000))
            if isinstance(drawn, Context)
            else None,
            "scope": scope,
            "picture": picture,
        }
        extra = {
            "questions": self._questions.for_kind(Kind.CONTEXT),
            "properties_page": properties_page,
            "gantt": in_time.chart,
            "only": STEPS if sum(states.values()) < executions else "",  # what the states are of
            "watch": " ".join(dict.fromkeys((str(ref), str(drawn.ref)))),
            "earlier": self._earlier(drawn),
            "canvas": canvas,
            "histories": histories(kept),
            "commit": commit_of(node, [node] if isinstance(node, Context) else []),
            **addresses(drawn.ref, scope),
        }
        return Page("context.html", data, extra)

    def _drawn(self, node: Node, runs: list[int], run: int | None) -> Node:
        """Return the context whose steps are drawn: of a pipeline the run that is asked for, or the newest."""
        if not runs:
            return node
        return self._store.node(Ref(Kind.CONTEXT, runs[0] if run is None else run))

    def reached(self, id: int, scope: Scope) -> Reached:
        """What a scope reaches from the executions of a context."""
        return reached_in(self._store, Ref(Kind.CONTEXT, id), scope)

    def _states(self, node: Node) -> dict[str, int]:
        answer = ask(self._store, "counts_by_state", context=node.id)
        return {row[0]: row[1] for row in answer.rows}

    def _total(self, kind: Kind, node: Node) -> int:
        return self._store.pages.total(Find(kind=kind, context=node.id))

    def _artifacts(self, node: Node, executions: int) -> _Artifacts:
        """Count what belongs to a context or was made in it; of a large one what belongs to it."""
        number = self._total(Kind.ARTIFACT, node)
        if executions > _MAX_COUNTED_EXECUTIONS or number > 10 * _MAX_COUNTED_EXECUTIONS:
            return _Artifacts(number, f"/artifacts?context={node.id}", "that belong to it")
        where = f"within({node.id})"
        number = self._store.pages.total(Find(kind=Kind.ARTIFACT, where=where))
        path = f"/artifacts?where={where}"
        return _Artifacts(number, path, "that belong to it, or that its executions made")

    def _parents(self, node: Node) -> list[Context]:
        rows = ask(self._store, "parents_of_context", context=node.id).rows
        found = self._store.get(Kind.CONTEXT, [row[0] for row in rows])
        return [context for context in found if isinstance(context, Context)]

    def _earlier(self, drawn: Node) -> int | None:
        """Return the last run that completed before the one that is drawn, to compare with."""
        if not isinstance(drawn, Context) or not drawn.is_run:
            return None
        found = ask(self._store, "completed_run_before", context=drawn.id)
        return found.rows[0][0] if found.rows else None
