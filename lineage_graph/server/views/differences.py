"""Side by side, and why: two or more things compared, and where the ancestries of two first part."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal

from fastapi import Query, Request
from fastapi.responses import Response

from lineage_graph.charts.line_chart import Chart, Datum, chart
from lineage_graph.charts.metric_history import Kept, histories
from lineage_graph.drawing.picture import Card, Picture, draw
from lineage_graph.errors import InvalidArgument
from lineage_graph.model import Kind, Node, Ref
from lineage_graph.model.labels import head_of, short_type
from lineage_graph.model.metrics import LEAST, MOST
from lineage_graph.model.plain import told_apart
from lineage_graph.questions import FactRow, SideBySide, Why, compare, why
from lineage_graph.server.pages import Page
from lineage_graph.server.render import path_of
from lineage_graph.server.tables import Cell, cell_of, node_cell
from lineage_graph.server.views.files import Suffix, Taken
from lineage_graph.server.views.histories import keeps, letter
from lineage_graph.store import Find, Store

_CHARTS = 12
_ROWS = 300  # facts that a page shows at first
_NODES = 50  # nodes of a cell
_HISTORY = 200  # values of a chart
One = Annotated[str, Query(description="artifact/17, execution/4 or context/2 (a run)")]
COMPARED: dict[str, Any] = {
    "name": "node",
    "in": "query",
    "description": "what to compare, several times: artifact/17",
    "schema": {"type": "array", "items": {"type": "string"}},
}
"""The parameter that names what is compared, as OpenAPI describes it."""


class Differences:
    """Pages about two or more things of a kind."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def why(self, one: One = "", other: One = "") -> Page:
        """Why two artifacts, executions or runs of one type differ."""
        given = {"one": one.strip(), "other": other.strip()}
        if not all(given.values()):
            return Page("why.html", {"why": None}, {"given": given, "picture": None})
        found = why(self._store, given["one"], given["other"])
        picture = picture_of_both(found)
        query = f"one={found.one.ref}&other={found.other.ref}"
        extra = {
            "given": given,
            "found": found,
            "metrics": {
                name: told_apart(pair, lambda value: f"{value:.6g}")
                for name, pair in found.metrics.items()
            },
            "picture": picture,
            "picture_svg": f"/why.svg?{query}",
            "command": f"lineage-graph why {found.one.ref} {found.other.ref}",
        }
        return Page("why.html", {"why": found.document()}, extra)

    def why_file(self, suffix: Suffix, one: One, other: One) -> Response:
        """The ancestries of two things in one picture, as a file."""
        found = why(self._store, one, other)
        refs = (found.one.ref, found.other.ref)
        taken = Taken(
            f"{refs[0]} and {refs[1]}: {found.sentence}",
            "-".join(["why", *(f"{ref.kind.value}-{ref.id}" for ref in refs)]),
            lambda: picture_of_both(found),
            found.graph,
        )
        return taken.file(suffix, self._store)

    def compare(
        self,
        request: Request,
        show: Annotated[
            Literal["differences", "all"], Query(description="only what differs, or everything")
        ] = "differences",
        charts: Annotated[
            Literal["some", "all"], Query(description="the first 12 charts, or all there are")
        ] = "some",
        rows: Annotated[
            Literal["some", "all"], Query(description="the first 300 facts, or all there are")
        ] = "some",
    ) -> Page:
        """Artifacts, executions or runs side by side: ``node=artifact/17&node=artifact/42``."""
        named = [name for name in request.query_params.getlist("node") if name.strip()]
        found = compare(self._store, named)
        everything = show == "all" or len(found.nodes) < 2
        names = _names(self._store, found)
        groups: dict[str, list[dict[str, Any]]] = {}
        wanted = [row for row in found.rows if everything or not row.same]
        shown = wanted if rows == "all" else wanted[:_ROWS]
        for row in shown:
            cells = _apart(row, [_cells(value, row.name, names) for value in row.values])
            groups.setdefault(row.part, []).append({"row": row, "cells": cells})
        both = _why_of_two(self._store, found.nodes)
        drawn = _charts(self._store, found)
        extra = {
            "found": found,
            "show": show,
            "everything": everything,
            "groups": groups,
            "rows": len(shown),
            "rows_total": len(wanted),
            "same": sum(row.same for row in found.rows),
            "charts": drawn if charts == "all" else drawn[:_CHARTS],
            "charts_total": len(drawn),
            "histories": histories(_kept(found)),
            "all_charts": charts == "all",
            "letters": letter,
            "both": both,
            "picture": picture_of_both(both) if both is not None else None,
            "command": " ".join(
                ["lineage-graph compare", *(shlex.quote(str(node.ref)) for node in found.nodes)]
            ),
        }
        return Page("compare.html", found.document(everything=everything), extra)


def picture_of_both(found: Why) -> Picture:
    """Draw two aligned ancestries as one; counterparts say both their ids."""
    picture = draw(found.graph, [found.other.ref], changes=found.marks)
    pairs = {str(other): (one, other) for other, one in found.counterparts.items()}
    cards = tuple(
        _named_both(card, *pairs[card.key]) if card.key in pairs else card for card in picture.cards
    )
    return replace(picture, cards=cards)


def _named_both(card: Card, one: Ref, other: Ref) -> Card:
    return replace(
        card, text=f"#{one.id} → #{other.id}", title=f"{card.title}, where the first has {one}"
    )


def _why_of_two(store: Store, nodes: Sequence[Node]) -> Why | None:
    if len(nodes) != 2:
        return None
    try:
        return why(store, nodes[0].ref, nodes[1].ref)
    except InvalidArgument:  # of two types
        return None


def _kept(found: SideBySide) -> list[Kept]:
    """Return what was measured and keeps how it went, under the letters of the columns."""
    nodes = dict.fromkeys((m.column, m.node.ref) for m in found.measured if keeps(m.node))
    held = {m.node.ref: m.node for m in found.measured}
    return [
        Kept(held[ref], letter(column), head_of(found.nodes[column]), path_of(ref))
        for column, ref in nodes
    ]


def _names(store: Store, found: SideBySide) -> Mapping[Ref, Node]:
    """Read the nodes that the rows name, all of a kind at once."""
    wanted: dict[Kind, set[int]] = {}
    for ref in _refs(found):
        wanted.setdefault(ref.kind, set()).add(ref.id)
    return {node.ref: node for kind, ids in wanted.items() for node in store.get(kind, ids)}


def _refs(found: SideBySide) -> Iterable[Ref]:
    for row in found.rows:
        for value in row.values:
            if isinstance(value, tuple):
                yield from value[:_NODES]
    yield from (maker for maker, _ in found.origins if maker is not None)


def _cells(value: Any, name: str, names: Mapping[Ref, Node]) -> tuple[Cell, ...]:
    if isinstance(value, tuple):
        more = len(value) - _NODES
        rest = (Cell(f"and {more:,} more"),) if more > 0 else ()
        return (*(node_cell(ref, names) for ref in value[:_NODES]), *rest)
    return (cell_of(value, name),)


def _apart(row: FactRow, cells: list[tuple[Cell, ...]]) -> list[tuple[Cell, ...]]:
    """Return the cells of a row; where two values that differ would read alike, said so that they do not."""
    if row.same or any(len(pieces) != 1 or pieces[0].path for pieces in cells):
        return cells
    words = told_apart(row.values, lambda value: cell_of(value, row.name).text)
    return [(replace(pieces[0], text=text),) for pieces, text in zip(cells, words, strict=True)]


def _charts(store: Store, found: SideBySide) -> list[dict[str, Any]]:
    """Each number that was measured, over all nodes of the same type, with those compared marked."""
    wanted: dict[tuple[Kind, str, str], dict[Ref, str]] = {}
    for measured in found.measured:
        if keeps(measured.node) and measured.name.endswith((LEAST, MOST)):
            continue  # its history is drawn
        key = (measured.node.kind, measured.node.type or "", measured.name)
        marks = wanted.setdefault(key, {})
        marks[measured.node.ref] = marks.get(measured.node.ref, "") + letter(measured.column)
    charts: list[dict[str, Any]] = []
    newest: dict[tuple[Kind, str], tuple[Node, ...]] = {}
    for (kind, type_name, name), marks in wanted.items():
        if (kind, type_name) not in newest:
            newest[kind, type_name] = _newest(store, kind, type_name)
        compared = [m.node for m in found.measured if m.node.ref in marks]
        nodes = {node.ref: node for node in (*newest[kind, type_name], *compared)}
        drawn = _chart(nodes.values(), name, marks)
        if drawn is not None and len(drawn.dots) > 1:
            charts.append({"title": f"{short_type(type_name)}: {name}", "chart": drawn})
    return charts


def _newest(store: Store, kind: Kind, type_name: str) -> tuple[Node, ...]:
    wanted = Find(kind=kind, type=type_name, descending=True, limit=_HISTORY, counted=False)
    return store.find(
        wanted
    ).nodes  # by their ids: to order them by time would read all of the type


def _chart(nodes: Iterable[Node], name: str, marks: Mapping[Ref, str]) -> Chart | None:
    points = []
    for node in nodes:
        value = node.properties.get(name, node.custom_properties.get(name))
        time = node.create_time_since_epoch
        if isinstance(value, (int, float)) and not isinstance(value, bool) and time is not None:
            points.append(
                Datum(
                    float(time),
                    float(value),
                    f"{head_of(node)} #{node.id}",
                    path_of(node),
                    marks.get(node.ref, ""),
                )
            )
    return chart(points)
