"""Lineage of a node: a picture that grows where one opens it, its list twin, and its SVG."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import Query
from fastapi.responses import Response
from pydantic import ValidationError

from lineage_graph.drawing.picture import Picture
from lineage_graph.drawing.svg import svg
from lineage_graph.errors import InvalidArgument
from lineage_graph.model import Kind, Ref
from lineage_graph.server.pages import Page
from lineage_graph.server.scope import DEEPEST, MOST, Scope, picture_of
from lineage_graph.store import Store

Way = Annotated[
    Literal["both", "upstream", "downstream"], Query(description="which way to go from the node")
]
Depth = Annotated[int, Query(ge=0, le=DEEPEST, description="how many events away at most")]
Limit = Annotated[int, Query(ge=1, le=MOST, description="how many nodes at most")]
Opened = Annotated[
    tuple[str, ...], Query(description="nodes opened beyond that: artifact/17-upstream")
]


def scope_of(direction: str, depth: int, limit: int, opened: tuple[str, ...]) -> Scope:
    """Return the scope an address names.

    Raises:
        InvalidArgument: it names something that cannot be opened.
    """
    try:
        return Scope(direction=direction, depth=depth, limit=limit, opened=opened)
    except ValidationError as error:
        raise InvalidArgument(
            f"{error.errors()[0]['msg']}.".removeprefix("Value error, ")
        ) from None


class Lineage:
    """Lineage of artifacts and executions."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def artifact(
        self,
        id: int,
        direction: Way = "both",
        depth: Depth = 1,
        limit: Limit = 500,
        opened: Opened = (),
    ) -> Page:
        """The lineage of an artifact."""
        return self._page(Ref(Kind.ARTIFACT, id), scope_of(direction, depth, limit, opened))

    def execution(
        self,
        id: int,
        direction: Way = "both",
        depth: Depth = 1,
        limit: Limit = 500,
        opened: Opened = (),
    ) -> Page:
        """The lineage of an execution."""
        return self._page(Ref(Kind.EXECUTION, id), scope_of(direction, depth, limit, opened))

    def _page(self, ref: Ref, scope: Scope) -> Page:
        node = self._store.node(ref)
        picture = picture_of(self._store, [ref], scope)
        extra = {
            "svg_url": f"/{ref.kind.value}s/{ref.id}/lineage.svg?{scope.query}",
            "depths": _depths(scope.depth),
        }
        return Page("lineage.html", {"node": node, "scope": scope, "picture": picture}, extra)

    def artifact_svg(
        self,
        id: int,
        direction: Way = "both",
        depth: Depth = 1,
        limit: Limit = 500,
        opened: Opened = (),
    ) -> Response:
        """The lineage of an artifact as SVG."""
        return self._svg(Ref(Kind.ARTIFACT, id), scope_of(direction, depth, limit, opened))

    def execution_svg(
        self,
        id: int,
        direction: Way = "both",
        depth: Depth = 1,
        limit: Limit = 500,
        opened: Opened = (),
    ) -> Response:
        """The lineage of an execution as SVG."""
        return self._svg(Ref(Kind.EXECUTION, id), scope_of(direction, depth, limit, opened))

    def _svg(self, ref: Ref, scope: Scope) -> Response:
        return svg_response(picture_of(self._store, [ref], scope), f"Lineage of {ref}", str(ref))


def svg_response(picture: Picture, title: str, name: str) -> Response:
    """Return a picture as an SVG file."""
    headers = {
        "content-disposition": f'inline; filename="{name.replace("/", "-")}.svg"',
        "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    }
    return Response(svg(picture, title), media_type="image/svg+xml", headers=headers)


def context_svg(draw: Callable[[int, Scope], Picture]) -> Callable[..., Response]:
    """Return the view of a context's SVG."""

    def view(id: int, depth: Depth = 1, limit: Limit = 500, opened: Opened = ()) -> Response:
        """The steps of a run as SVG."""
        scope = scope_of("both", depth, limit, opened)
        return svg_response(draw(id, scope), f"context/{id}", f"context/{id}")

    return view


def _depths(depth: int) -> list[Any]:
    return sorted({1, 2, 3, 5, 10, 100, depth})
