"""The page of one artifact or execution: what it is, what made it, what used it, what to ask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from fastapi import Query

from lineage_graph.drawing.history import histories
from lineage_graph.drawing.sketch import STEP
from lineage_graph.model import (
    Artifact,
    Context,
    Degree,
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
from lineage_graph.questions.nesting import frames
from lineage_graph.server.pages import Page
from lineage_graph.server.tables import error_words
from lineage_graph.server.views.commits import commit_of
from lineage_graph.server.views.data import Data
from lineage_graph.server.views.histories import keeps, marked, written
from lineage_graph.store import Direction, Find, Store, behind

_SHOWN = 100  # neighbours of each sort
# Properties by which tools tell what a node is one of.
_OF = ("dataset", "path", "job", "stage", "task_name")
_Side = dict[str, Any]  # a neighbour and its events
_LOOKED_AT = 50  # earlier nodes, to find one of the same


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
    ) -> Page:
        """An artifact: what made it, what used it, its properties, contexts and data."""
        return self._page(Ref(Kind.ARTIFACT, id), "node.html", file)

    def execution(self, id: int) -> Page:
        """An execution: its inputs and outputs, parameters, state and contexts."""
        return self._page(Ref(Kind.EXECUTION, id), "node.html")

    def artifact_panel(self, id: int) -> Page:
        """An artifact, short, for the side of a picture."""
        return self._page(Ref(Kind.ARTIFACT, id), "panel.html")

    def execution_panel(self, id: int) -> Page:
        """An execution, short, for the side of a picture."""
        return self._page(Ref(Kind.EXECUTION, id), "panel.html")

    def _page(self, ref: Ref, template: str, file: str | None = None) -> Page:
        node = self._store.node(ref)
        graph = self._store.neighbours(ref, limit=2 * _SHOWN)
        upstream, downstream = _sides(ref, graph)
        degree = self._store.degrees([ref]).get(ref, Degree(0, 0))
        alike = self._store.same_things(ref) if ref.kind is Kind.ARTIFACT else ()
        beside = sum(1 for thing in alike if thing.hops == 1)  # a neighbour on both sides
        above = degree.upstream - beside
        is_whole = ref.kind is Kind.ARTIFACT and len(upstream) == above <= _SHOWN
        makers, handed_on = _told_apart(upstream) if is_whole else (upstream[:_SHOWN], [])
        step = _step(graph.contexts) if ref.kind is Kind.EXECUTION else None
        data = {
            "node": node,
            "same": alike,
            "upstream": upstream[:_SHOWN],
            "upstream_total": above,
            "downstream": downstream[:_SHOWN],
            "downstream_total": degree.downstream - beside,
            "contexts": _by_type(graph.contexts),
        }
        extra: dict[str, Any] = {
            "questions": self._questions.for_kind(ref.kind),
            "step": (step.name or "").rpartition(".")[2] if step is not None else "",
            "makers": makers,
            "handed_on": handed_on,
            "earlier": self._earlier(node, step) if template == "node.html" else None,
            "failure": failure_of(node),
            "commit": commit_of(node, graph.contexts),
        }
        if isinstance(node, Artifact) and template == "node.html":
            data["data"] = self._data.shown(node, file)
            data["columns"] = self._columns(node)
            extra["histories"] = histories(marked([(node, "")] if keeps(node) else []))
        elif template == "node.html":
            extra["histories"] = histories(written(graph, [ref]))
        if template == "node.html":
            extra["watch"] = str(ref)
            held = [node] if isinstance(node, Execution) else []
            extra["around"] = frames(self._store, held).get(node.ref, ())
        return Page(template, data, extra)

    def _columns(self, artifact: Artifact) -> list[dict[str, Any]]:
        """Return what each column of an artifact was made from, one hop away."""
        links = self._store.columns([artifact.id or 0], Direction.UPSTREAM)
        found = self._store.get(Kind.ARTIFACT, {link.source_id for link in links})
        nodes = {node.id: node for node in found}
        columns: dict[str, list[dict[str, Any]]] = {}
        for link in links:
            sources = columns.setdefault(link.target_column, [])
            sources.append({"node": nodes[link.source_id], "link": link})
        return [{"name": name, "sources": sources} for name, sources in columns.items()]

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


def _sides(ref: Ref, graph: Subgraph) -> tuple[list[_Side], list[_Side]]:
    """Return what flowed into a node and what flowed out of it, each neighbour with its events."""
    others: Mapping[int | None, Artifact | Execution]
    if ref.kind is Kind.ARTIFACT:
        others = {node.id: node for node in graph.executions}
    else:
        others = {node.id: node for node in graph.artifacts}
    sides: tuple[dict[int, list[Event]], dict[int, list[Event]]] = ({}, {})
    for event in graph.events:
        mine, theirs = event.artifact_id, event.execution_id
        flows_in = not event.type.is_input
        if ref.kind is Kind.EXECUTION:
            mine, theirs, flows_in = theirs, mine, not flows_in
        if mine == ref.id:
            sides[0 if flows_in else 1].setdefault(theirs, []).append(event)
    upstream, downstream = (
        [{"node": others[i], "events": events} for i, events in side.items()] for side in sides
    )
    return upstream, downstream


def _told_apart(makers: list[_Side]) -> tuple[list[_Side], list[_Side]]:
    """Tell what made an artifact from what handed it on, out of a cache or looked up, where both are known."""
    sides: tuple[list[_Side], list[_Side]] = ([], [])
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
    return next((context for context in contexts if context.type == STEP), None)


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
