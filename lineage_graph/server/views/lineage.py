"""Lineage of a node: a picture that grows where one opens it, and its list twin."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import JSONResponse, Response

from lineage_graph.drawing.columns import encoded
from lineage_graph.drawing.picture import Picture
from lineage_graph.model import Kind, Node, Ref
from lineage_graph.model.labels import short_type, state_of
from lineage_graph.pictures.lineage import Reached, is_large, reached
from lineage_graph.pictures.scope import Scope, read_scope
from lineage_graph.server.pages import Page
from lineage_graph.server.timing import Timing
from lineage_graph.server.views.commits import CommitRow, commits_of
from lineage_graph.store import Store


class LineageAnswer:
    """Lineage of the artifacts, or of the executions."""

    def __init__(self, store: Store, kind: Kind) -> None:
        self._store = store
        self._kind = kind

    def view(self, id: int, request: Request) -> Page:
        """The lineage of a node."""
        ref, scope = Ref(self._kind, id), scope_of(request)
        node = self._store.node(ref)
        extra = {
            "watch": str(ref),
            **addresses(ref, scope),
            "depths": sorted({1, 2, 3, 5, 10, 100, scope.depth}),
        }
        picture = canvas = None
        commits: list[CommitRow] = []
        if waits(request) or not is_large(self._store, [ref], scope):
            found = self.reached(id, scope)
            picture = found.picture(scope)
            canvas = found.picture(scope, all_times=True) if scope.at else picture
            commits = commits_of(self._store, found.graph)
        data = {"node": node, "scope": scope, "picture": picture}
        return Page("lineage.html", data, {**extra, "canvas": canvas, "commits": commits})

    def reached(self, id: int, scope: Scope) -> Reached:
        """What a scope reaches from a node."""
        return reached(self._store, [Ref(self._kind, id)], scope)


def waits(request: Request) -> bool:
    """Say whether an answer is nothing without the whole picture: data, and pages of the list."""
    return request.url.path.endswith(".json") or "row" in request.query_params


def addresses(ref: Ref, scope: Scope) -> dict[str, object]:
    """Return the addresses of a picture in other forms; the canvas shows any moment, so it needs all."""
    path = f"/{ref.kind.value}s/{ref.id}/lineage"
    return {
        "svg_url": f"{path}.svg?{scope.query_with(row=0)}",
        "picture_url": f"{path}/picture.json?{scope.query_with(row=0, at='')}",
    }


def scope_of(request: Request, own: tuple[str, ...] = ()) -> Scope:
    """Return the scope a request's address names; ``own`` are parameters that are not the picture's."""
    return read_scope(request.query_params.multi_items(), own)


Reach = Callable[[int, Scope], Reached]


def as_columns(reach: Reach) -> Callable[..., Response]:
    """Return the view of a picture as the canvas reads it."""

    def view(id: int, request: Request) -> Response:
        """The picture as columns: cards, wires, and what was left out; of all times, whatever ``at`` says."""
        scope, timing = scope_of(request), Timing()
        found = reach(id, scope)
        timing.lap("read")
        picture = found.picture(scope, all_times=True)
        timing.lap("draw")
        return picture_response(request, picture, timing)

    return view


_PAGE = 50
Group = Annotated[str, Query(max_length=100, description="a card's key: stack/artifact/17")]
Words = Annotated[str, Query(max_length=1000, description="in the name, address, type or ref")]
After = Annotated[int, Query(ge=0, le=10**9, description="the next of the page before")]


def members(reach: Reach) -> Callable[..., JSONResponse]:
    """Return the view of what one card of a picture stands for."""

    def view(
        id: int, request: Request, group: Group, text: Words = "", after: After = 0
    ) -> JSONResponse:
        """What a stack or a folded context holds, searched, a page at a time."""
        scope = scope_of(request, ("group", "text", "after"))
        nodes = reach(id, scope).members(scope, group)
        words = text.strip().lower()
        found = [node for node in nodes if words in _said_of(node)] if words else nodes
        rest = after + _PAGE
        data = {
            "total": len(nodes),
            "matching": len(found),
            "nodes": [
                {
                    "ref": str(node.ref),
                    "type": short_type(node.type or ""),
                    "name": node.name,
                    "state": state_of(node) or None,
                }
                for node in found[after:rest]
            ],
            "next": rest if rest < len(found) else None,
        }
        return JSONResponse(data)

    return view


def _said_of(node: Node) -> str:
    return f"{node.ref} {node.name or ''} {node.type} {getattr(node, 'uri', '')}".lower()


def picture_response(request: Request, picture: Picture, timing: Timing) -> Response:
    """Return a picture as the canvas reads it, or that it is still the one the browser has."""
    found = encoded(picture)
    timing.lap("encode")
    headers = {"etag": f'"{found.hash}"', "server-timing": timing.header}
    if headers["etag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(found.text, media_type="application/json", headers=headers)
