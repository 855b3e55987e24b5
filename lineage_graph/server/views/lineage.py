"""Lineage of a node: a picture that grows where one opens it, its list twin, and its SVG."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import Request
from fastapi.responses import Response

from lineage_graph.drawing.picture import Picture
from lineage_graph.drawing.svg import svg
from lineage_graph.model import Kind, Ref
from lineage_graph.server.pages import Page
from lineage_graph.server.pictures import picture_of, picture_response
from lineage_graph.server.scope import Scope, read_scope
from lineage_graph.store import Store


class Lineage:
    """Lineage of the artifacts, or of the executions."""

    def __init__(self, store: Store, kind: Kind) -> None:
        self._store = store
        self._kind = kind

    def view(self, id: int, request: Request) -> Page:
        """The lineage of a node."""
        ref, scope = Ref(self._kind, id), scope_of(request)
        node = self._store.node(ref)
        path = f"/{ref.kind.value}s/{ref.id}/lineage"
        extra = {
            "svg_url": f"{path}.svg?{scope.query}",
            "picture_url": f"{path}/picture.json?{scope.query}",
            "watch": str(ref),
            "depths": sorted({1, 2, 3, 5, 10, 100, scope.depth}),
        }
        picture = picture_of(self._store, [ref], scope)
        return Page("lineage.html", {"node": node, "scope": scope, "picture": picture}, extra)

    def picture(self, id: int, scope: Scope) -> Picture:
        """The picture of a node's lineage alone."""
        return picture_of(self._store, [Ref(self._kind, id)], scope)


def scope_of(request: Request, own: tuple[str, ...] = ()) -> Scope:
    """Return the scope a request's address names; ``own`` are parameters that are not the picture's."""
    return read_scope(request.query_params.multi_items(), own)


Draw = Callable[[int, Scope], Picture]


def as_svg(draw: Draw, kind: Kind) -> Callable[..., Response]:
    """Return the view of a picture as an SVG file."""

    def view(id: int, request: Request) -> Response:
        """The picture as SVG."""
        picture = draw(id, scope_of(request))
        headers = {
            "content-disposition": f'inline; filename="{kind.value}-{id}.svg"',
            "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
        }
        text = svg(picture, f"Lineage of {kind.value}/{id}")
        return Response(text, media_type="image/svg+xml", headers=headers)

    return view


def as_columns(draw: Draw) -> Callable[..., Response]:
    """Return the view of a picture as the canvas reads it."""

    def view(id: int, request: Request) -> Response:
        """The picture as columns: cards, wires, and what was left out."""
        return picture_response(request, draw(id, scope_of(request)))

    return view
