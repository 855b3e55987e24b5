"""The page of one artifact or execution: what it is, what made it, what used it, what to ask."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Query

from lineage_graph.charts.metric_history import histories
from lineage_graph.model import (
    Artifact,
    Context,
    Event,
    EventType,
    Execution,
    ExecutionState,
    Kind,
    Node,
    Ref,
    Subgraph,
)
from lineage_graph.questions import Questions
from lineage_graph.questions.names import other_names
from lineage_graph.questions.nesting import frames
from lineage_graph.server.pages import Page
from lineage_graph.server.tables import error_words
from lineage_graph.server.views.commits import commit_of
from lineage_graph.server.views.data import Data
from lineage_graph.server.views.histories import keeps, marked, while_made, written
from lineage_graph.store import Find, Side, Store, behind

# Properties by which tools tell what a node is one of.
_OF = ("dataset", "path", "job", "stage", "task_name")
_Beside = dict[str, Any]  # a neighbour and its events
_LOOKED_AT = 50  # earlier nodes, to find one of the same
_Page = Annotated[int, Query(ge=1, le=10**9, description="which page of them")]


@dataclass(frozen=True)
class _Pages:
    """Which page of what is shown, and which text the names of columns hold."""

    upstream: int = 1
    downstream: int = 1
    contexts: int = 1
    properties: int = 1
    columns: int = 1
    text: str = ""


_FIRST = _Pages()


class Nodes:
    """Artifacts and executions."""

    def __init__(self, store: Store, questions: Questions, data: Data) -> None:
        self._store = store
        self._data = data
        self._questions = questions

    def artifact(
        self,
        id: int,
        file: Annotated[str | None, Query(description="which of its files to show")] = None,
        upstream_page: _Page = 1,
        downstream_page: _Page = 1,
        contexts_page: _Page = 1,
        properties_page: _Page = 1,
        columns_page: _Page = 1,
        columns_text: Annotated[
            str, Query(max_length=1000, description="only columns whose name holds this")
        ] = "",
    ) -> Page:
        """An artifact: what made it, what used it, its properties, contexts, columns and data."""
        pages = _Pages(
            upstream_page,
            downstream_page,
            contexts_page,
            properties_page,
            columns_page,
            columns_text,
        )
        return self._page(Ref(Kind.ARTIFACT, id), "node.html", pages, file)

    def execution(
        self,
        id: int,
        upstream_page: _Page = 1,
        downstream_page: _Page = 1,
        contexts_page: _Page = 1,
        properties_page: _Page = 1,
    ) -> Page:
        """An execution: its inputs and outputs, parameters, state and contexts."""
        pages = _Pages(upstream_page, downstream_page, contexts_page, properties_page)
        return self._page(Ref(Kind.EXECUTION, id), "node.html", pages)

    def artifact_panel(self, id: int) -> Page:
        """An artifact, short, for the side of a picture."""
        return self._page(Ref(Kind.ARTIFACT, id), "panel.html")

    def execution_panel(self, id: int) -> Page:
        """An execution, short, for the side of a picture."""
        return self._page(Ref(Kind.EXECUTION, id), "panel.html")

    def _page(
        self, ref: Ref, template: str, pages: _Pages = _FIRST, file: str | None = None
    ) -> Page:
        node = self._store.node(ref)
        around = self._store.pages.around(
            ref, upstream=pages.upstream, downstream=pages.downstream, contexts=pages.contexts
        )
        upstream, downstream = _told(around.upstream), _told(around.downstream)
        is_whole = around.upstream.next is None and pages.upstream == 1
        is_told_apart = ref.kind is Kind.ARTIFACT and is_whole
        makers, handed_on = _told_apart(upstream) if is_told_apart else (upstream, [])
        step = _step(around.contexts) if ref.kind is Kind.EXECUTION else None
        data = {
            "node": node,
            "same": self._store.identity.same_things(ref) if ref.kind is Kind.ARTIFACT else (),
            "names": other_names(self._store, node),
            "upstream": upstream,
            "upstream_total": around.upstream.total,
            "upstream_next": around.upstream.next,
            "downstream": downstream,
            "downstream_total": around.downstream.total,
            "downstream_next": around.downstream.next,
            "contexts": _by_type(around.contexts),
            "contexts_total": around.contexts_total,
            "contexts_next": around.contexts_next,
        }
        extra: dict[str, Any] = {
            "pages": pages,
            "questions": self._questions.for_kind(ref.kind),
            "step": (step.name or "").rpartition(".")[2] if step is not None else "",
            "makers": makers,
            "handed_on": handed_on,
            "earlier": self._earlier(node, step) if template == "node.html" else None,
            "failure": failure_of(node),
            "commit": commit_of(node, around.contexts),
        }
        if isinstance(node, Artifact) and template == "node.html":
            data["data"] = self._data.shown(node, file)
            data |= self._columns(node, pages)
            own = [node] if keeps(node) else while_made(self._store, [m["node"] for m in makers])
            extra["histories"] = histories(marked((each, "") for each in own))
        elif template == "node.html":
            extra["histories"] = histories(written(_graph(node, around.downstream), [ref]))
        if template == "node.html":
            extra["watch"] = str(ref)
            held = [node] if isinstance(node, Execution) else []
            extra["around"] = frames(self._store, held).get(node.ref, ())
        return Page(template, data, extra)

    def _columns(self, artifact: Artifact, pages: _Pages) -> dict[str, Any]:
        """Return a page of what each column of an artifact was made from, one hop away."""
        found = self._store.pages.columns(artifact.id or 0, pages.columns, pages.text)
        ids = {link.source_id for column in found.columns for link in column.sources}
        nodes = {node.id: node for node in self._store.get(Kind.ARTIFACT, ids)}
        named = {  # not whole: the same few stand beside each of the columns
            one: {"ref": str(node.ref), "type": node.type, "name": node.name, "title": node.title}
            for one, node in nodes.items()
        }
        columns = [
            {
                "name": column.name,
                "total": column.total,
                "sources": [
                    {"node": named[link.source_id], "link": link} for link in column.sources
                ],
            }
            for column in found.columns
        ]
        return {"columns": columns, "columns_total": found.total, "columns_next": found.next}

    def _earlier(self, node: Node, step: Context | None) -> Node | None:
        """Return the node to compare this one with: the last before it that is of its type, and step.

        Where the tool tells which dataset, file, job or stage a node is of, it is one of the same.
        """
        own = node.custom_properties
        told = {name: own[name] for name in _OF if name in own}
        limit = _LOOKED_AT if told or step else 1
        wanted = Find(kind=node.kind, type=node.type, descending=True, limit=limit, counted=False)
        found = self._store.find(wanted.model_copy(update={"after": behind(node, wanted)})).nodes
        if step is not None:
            of_each = self._store.contexts_of(node.kind, [one.id or 0 for one in found])
            found = tuple(
                one
                for one in found
                if any(context.id == step.id for context in of_each.get(one.id or 0, ()))
            )
        alike = (one for one in found if told.items() <= one.custom_properties.items())
        return next(alike, None)


def _told(side: Side) -> list[_Beside]:
    return [{"node": node, "events": list(events)} for node, events in side.nodes]


def _graph(node: Node, side: Side) -> Subgraph:
    """Return an execution with what it wrote, as far as a page shows it."""
    return Subgraph.trusted(
        executions=(node,),
        artifacts=tuple(other for other, _ in side.nodes),
        events=tuple(event for _, events in side.nodes for event in events),
    )


def _told_apart(makers: list[_Beside]) -> tuple[list[_Beside], list[_Beside]]:
    """Tell what made an artifact from what handed it on, out of a cache or looked up, where both are known."""
    sides: tuple[list[_Beside], list[_Beside]] = ([], [])
    for item in makers:
        sides[_is_handed_on(item["node"], item["events"])].append(item)
    return sides if sides[0] else (makers, [])


def _is_handed_on(execution: Execution, events: list[Event]) -> bool:
    return execution.last_known_state is ExecutionState.CACHED or all(
        event.type is EventType.INTERNAL_OUTPUT for event in events
    )


def _by_type(contexts: Iterable[Context]) -> list[Context]:
    """Return contexts type by type, the types in the order of their first."""
    types: dict[str | None, list[Context]] = {}
    for context in contexts:
        types.setdefault(context.type, []).append(context)
    return [context for found in types.values() for context in found]


def _step(contexts: Iterable[Context]) -> Context | None:
    """Return what stands for the step of a pipeline that an execution ran, None where it is not known."""
    return next((context for context in contexts if context.is_step), None)


def failure_of(node: Node) -> str:
    """Return what is known about why an execution failed, nothing where it did not."""
    if node.state_word != "FAILED":
        return ""
    known = {**node.properties, **node.custom_properties}
    if "error_message" in known:
        return ": ".join(str(known[n]) for n in ("error_type", "error_message") if n in known)
    for name in ("error", "__execution_result__"):  # the latter is TFX's
        if name in known:
            return error_words(str(known[name]))
    return "Nothing is recorded about why."
