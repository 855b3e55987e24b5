"""Pictures alone, to be framed by other pages: the view and a way back, nothing else."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import Request
from fastapi.responses import Response

from lineage_graph.model import Kind, Ref
from lineage_graph.server.render import Renderer
from lineage_graph.server.views.lineage import Reach, addresses, scope_of


def embedded_view(renderer: Renderer, reach: Reach, kind: Kind) -> Callable[..., Response]:
    """Return the view of a picture alone."""

    def view(id: int, request: Request) -> Response:
        """The picture alone, for a frame in another page."""
        ref, scope = Ref(kind, id), scope_of(request)
        found = reach(id, scope)
        picture = found.picture(scope)
        page = f"/{kind.value}s/{id}" + ("" if kind is Kind.CONTEXT else "/lineage")
        values = {
            "title": f"{'The steps' if kind is Kind.CONTEXT else 'Lineage'} of {ref}",
            "picture": picture,
            "scope": scope,
            "canvas": found.picture(scope, all_times=True) if scope.at else picture,
            "page": f"{page}?{request.url.query}".rstrip("?"),
            **addresses(ref, scope),
        }
        return renderer.html(request, "embed.html", values)

    return view
