"""Lists of artifacts, executions and contexts: filter, sort and page, all of it in the address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Query, Request
from pydantic import ValidationError

from lineage_graph.catalog import Param
from lineage_graph.errors import InvalidArgument
from lineage_graph.filters.absent import left_out
from lineage_graph.filters.diagnostics import WrongFilter
from lineage_graph.model import ArtifactState, ExecutionState, Kind, Node, Ref
from lineage_graph.pictures.filter_hints import (
    note_on_denied,
    note_on_nothing,
    note_on_order,
)
from lineage_graph.questions.bookkeeping import is_bookkeeping
from lineage_graph.server.pages import Page
from lineage_graph.server.problems import wants_data
from lineage_graph.server.views.filters import mistake, wrong_filter
from lineage_graph.store import Find, Store, is_property, sort_value
from lineage_graph.store import Page as Found

_STATES: dict[Kind, list[ArtifactState] | list[ExecutionState]] = {
    Kind.ARTIFACT: list(ArtifactState),
    Kind.EXECUTION: list(ExecutionState),
    Kind.CONTEXT: [],
}
_CUSTOM_EXAMPLE = (
    "custom_properties.`my key`.string_value LIKE 'a%'",
    "a custom property; % is any text",
)
_COMMON_EXAMPLES = (
    _CUSTOM_EXAMPLE,
    ("name IS NULL OR name IN ('a', 'b')", "no name, or one of these"),
)
EXAMPLES = {
    Kind.ARTIFACT: (
        (
            "accuracy > 0.9 AND upstream_of(42)",
            "a property, and all that artifact 42 was made from",
        ),
        ("within('my run') AND as_of('2026-03-01')", "made in a run, by that moment"),
        (
            "properties.accuracy.double_value > 0.9",
            "a declared property; also int_value, bool_value",
        ),
        *_COMMON_EXAMPLES,
        ("state = LIVE AND NOT uri LIKE '%/old/%'", "live, and stored elsewhere"),
        ("contexts_run.name = 'my run'", "a context it belongs to"),
        ("events_any.type = INPUT", "an execution read it"),
    ),
    Kind.EXECUTION: (
        ("epochs >= 5 AND downstream_of(17)", "a property, and all that artifact 17 led to"),
        ("within('my pipeline')", "it belongs to a run of this pipeline"),
        ("properties.epochs.int_value >= 5", "a declared property; also double_value, bool_value"),
        *_COMMON_EXAMPLES,
        ("last_known_state IN (FAILED, CANCELED)", "it did not end well"),
        ("contexts_run.name = 'my run'", "a context it belongs to"),
        ("events_any.artifact_id = 17", "it read or wrote this artifact"),
    ),
    Kind.CONTEXT: (
        ("within('my pipeline')", "what is part of it, at any distance"),
        ("type = 'pipeline_run' AND name LIKE '2026-%'", "a type and the beginning of a name"),
        _CUSTOM_EXAMPLE,
        ("name IN ('a', 'b')", "one of these names"),
        ("parent_contexts_up.name = 'my pipeline'", "what it is part of; also child_contexts_"),
        ("executions_any.last_known_state = FAILED", "an execution in it failed"),
    ),
}
"""Filters to begin from, for each kind, and what they find."""
_MOMENT = Param("time", "datetime", "a moment", nullable=True, required=False)
SCANNING = ("text", "where", "since", "before", "sort")
"""Parameters for which a list may look at every node of its kind."""
MAX_NUMBER_COLUMNS = 4
"""Properties of the nodes of one type that their list has columns for."""


class Lists:
    """The list of one kind of node."""

    def __init__(self, store: Store, kind: Kind) -> None:
        self._store = store
        self._kind = kind

    def view(
        self,
        request: Request,
        type: Annotated[str, Query(description="only nodes of this type")] = "",
        state: Annotated[str, Query(description="only nodes in this state")] = "",
        text: Annotated[
            str, Query(description="only nodes whose name, type or uri holds this")
        ] = "",
        where: Annotated[
            str,
            Query(
                description="a filter in ML Metadata's language and its short forms: accuracy > 0.9"
            ),
        ] = "",
        context: Annotated[int | None, Query(description="only nodes of this context")] = None,
        since: Annotated[str, Query(description="only nodes made at this moment or later")] = "",
        before: Annotated[str, Query(description="only nodes made before this moment")] = "",
        sort: Annotated[
            str,
            Query(
                description="what to sort by: id, create_time, update_time, name, or a property, such as accuracy"
            ),
        ] = "id",
        descending: Annotated[bool, Query(description="the greatest first")] = True,
        limit: Annotated[int, Query(ge=1, le=1000, description="how many a page")] = 50,
        after: Annotated[
            str, Query(description="the page behind this one: next of the page before")
        ] = "",
    ) -> Page:
        """One page of the nodes that meet every condition."""
        wanted = _checked(
            kind=self._kind,
            type=type or None,
            states=(state,) if state else (),
            text=text or None,
            where=where.strip(),
            context=context,
            created_after=_moment("since", since),
            created_before=_moment("before", before),
            order_by=sort.strip() or "id",
            descending=descending,
            limit=limit,
            after=after or None,
        )
        found, wrong = Found((), 0, None), wrong_filter(self._kind, where)
        if wrong is None:
            try:
                found = self._store.find(wanted)
            except WrongFilter as error:  # it names a node or a context that there is not
                wrong = error
        if wrong is not None and wants_data(request):
            raise wrong
        given: dict[str, Any] = {
            "type": type,
            "state": state,
            "text": text,
            "where": where,
            "context": context,
            "since": since,
            "before": before,
            "sort": wanted.order_by,
            "descending": descending,
            "limit": limit,
        }
        extra = {
            "kind": self._kind,
            "given": given,
            "is_first": not after,
            "types": sorted({known.name for known in self._store.types(self._kind)}),
            "states": [known.value for known in _STATES[self._kind]],
            "context_node": self._context(context),
            "examples": EXAMPLES[self._kind],
            "wrong": None if wrong is None else mistake(where, wrong),
            "note": self._note(where, found) if wrong is None else "",
            "order_note": note_on_order(self._store, wanted, found),
            "columns": _columns(found.nodes, wanted),
            "value_of": sort_value,
            "instead": _instead(request, where) if wrong is None else "",
        }
        data = {"nodes": found.nodes, "total": found.total, "next": found.next}
        return Page("list.html", data, extra, 200 if wrong is None else 422)

    def _note(self, where: str, found: Found) -> str:
        if not where.strip():
            return ""
        vain = "" if found.total else note_on_nothing(self._store, [self._kind], where)
        return vain or note_on_denied(f"{self._kind.value}s", where)

    def _context(self, context: int | None) -> Any:
        return None if context is None else self._store.node(Ref(Kind.CONTEXT, context))


def _columns(nodes: Sequence[Node], wanted: Find) -> list[str]:
    """Return the properties that the list has columns for: what it is sorted by, of one type its numbers."""
    counts: Counter[str] = Counter()
    for node in nodes if wanted.type else ():
        held = {**node.custom_properties, **node.properties}
        counts.update(
            name
            for name, value in held.items()
            if type(value) in (int, float) and not is_bookkeeping(name, value)
        )
    first = [wanted.order_by] if is_property(wanted.order_by) else []
    common = [name for name, _ in counts.most_common() if is_property(name)]
    return list(dict.fromkeys(first + common))[:MAX_NUMBER_COLUMNS]


def _instead(request: Request, where: str) -> str:
    """Return the address of the list with what the filter leaves out by what it denies."""
    found = left_out(where)
    if found is None or not found.instead:
        return ""
    return f"?{request.url.include_query_params(where=found.instead).remove_query_params('after').query}"


def _checked(**values: Any) -> Find:
    try:
        return Find(**values)
    except ValidationError as error:
        problem = error.errors()[0]
        raise InvalidArgument(f"{problem['loc'][-1]}: {problem['msg']}.") from None


def _moment(name: str, text: str) -> int | None:
    try:
        found: int | None = _MOMENT.check(text)
        return found
    except InvalidArgument as error:
        raise InvalidArgument(f"{name}: {error.message}") from None
