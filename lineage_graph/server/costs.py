"""What costs the database more than a page view: that runs for who asks for it here, not for other sites.

A route says so where it is added (``price``). The guard asks here (``costs_more``) before a route is
called: whoever a link of another site sent gets a page with a button instead, and a browser that only
fetches ahead gets nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import unquote, urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Match

from lineage_graph.drawing.transforms.compose import DRAWN
from lineage_graph.pictures.scope import read_scope

Costs = Callable[[Request], bool]

_NEAR = 10  # events away up to which a lineage is a page view


def always(_: Request) -> bool:
    """Whatever is asked for costs more."""
    return True


def given(*names: str) -> Costs:
    """What has a value for one of these parameters costs more; any parameter where none is named."""

    def costs(request: Request) -> bool:
        found = request.query_params.multi_items()
        return any(value.strip() and name in (names or (name,)) for name, value in found)

    return costs


def large_scope(request: Request) -> bool:
    """What goes far, shows many nodes, opens some more or searches among them costs more."""
    scope = read_scope(request.query_params.multi_items())
    is_large = scope.depth > _NEAR or scope.limit > DRAWN
    return is_large or bool(scope.opened or scope.find.strip())


def price(app: Starlette, path: str, costs: Costs | None) -> None:
    """Say when a route costs the database more than a page view; None: it never does."""
    if costs is not None:
        app.state.costs = {**getattr(app.state, "costs", {}), path: costs}


def costs_more(request: Request) -> bool:
    """Say whether what a request asks for costs the database more than a page view."""
    known: Mapping[str, Costs] = getattr(request.app.state, "costs", {})
    for route in request.app.routes:
        if route.matches(request.scope)[0] is Match.FULL:
            costs = known.get(getattr(route, "path", ""))
            return costs is not None and costs(request)
    return False


def costs_more_at(request: Request, address: str) -> bool:
    """Say whether another address of the same app costs more than a page view."""
    parts = urlsplit(address)
    changed = {
        "method": "GET",
        "path": unquote(parts.path),
        "query_string": parts.query.encode(),
        "headers": [],
    }
    return costs_more(Request({**request.scope, **changed}))
