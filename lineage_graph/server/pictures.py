"""Pictures of a store's lineage: what a scope reaches from some nodes, drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fastapi import Request
from fastapi.responses import Response

from lineage_graph.drawing.columns import encoded
from lineage_graph.drawing.picture import Picture, Reason, draw
from lineage_graph.model import Kind, Ref, Subgraph
from lineage_graph.server.scope import Scope, parse_opened
from lineage_graph.store import Find, Store, Walk

_COUNTED = 100_000  # nodes up to which those that are not drawn are counted


def picture_of(store: Store, starts: Sequence[Ref], scope: Scope) -> Picture:
    """Draw what a scope reaches from some nodes.

    Raises:
        NotFound: a start does not exist.
        InvalidArgument: a start is a context.
    """
    if not starts:
        return Picture(dropped=scope.dropped)
    walk = store.walk(
        starts, scope.direction, scope.depth, node_limit=max(scope.limit, len(starts))
    )
    graph, reason, dropped = _opened(store, walk, scope)
    refs = [node.ref for node in (*graph.artifacts, *graph.executions)]
    picture = draw(graph, starts if len(starts) == 1 else (), store.degrees(refs), reason)
    picture = replace(picture, dropped=(*scope.dropped, *dropped))
    if walk.reason != "nodes":
        return picture
    total = store.count_walk(starts, scope.direction, scope.depth, node_limit=_COUNTED)
    return replace(picture, total=total if total < _COUNTED else None)


def _opened(store: Store, walk: Walk, scope: Scope) -> tuple[Subgraph, Reason, list[str]]:
    """Add what was opened by hand, in the order in which it was opened; say what could not be."""
    reason = walk.reason
    refs = dict.fromkeys(walk.depth)
    grown = False
    dropped = []
    for item in scope.opened:
        ref, way = parse_opened(item)
        if ref not in refs:  # it is gone, or the address was made for more depth
            dropped.append(f"{ref} was opened once, and is not in this picture.")
            continue
        room = scope.limit - len(refs)
        if room < 1:
            reason = "nodes"
            break
        step = store.walk(ref, way, 1, node_limit=room + 1)
        refs.update(dict.fromkeys(step.depth))
        grown = True
        if step.reason == "nodes":
            reason = "nodes"
    return (store.links(refs) if grown else walk.graph), reason, dropped


def executions_in(store: Store, context: int, most: int) -> tuple[list[Ref], int]:
    """Return the executions of a context, the newest ``most``, and how many there are."""
    refs: list[Ref] = []
    after = None
    total = 0
    while len(refs) < most:
        wanted = Find(
            kind=Kind.EXECUTION,
            context=context,
            descending=True,
            limit=min(1000, most - len(refs)),
            after=after,
        )
        page = store.find(wanted)
        total = page.total or 0
        refs += [node.ref for node in page.nodes]
        after = page.next
        if after is None:
            break
    return refs, total


def picture_response(request: Request, picture: Picture) -> Response:
    """Return a picture as the canvas reads it, or that it is still the one the browser has."""
    found = encoded(picture)
    headers = {"etag": f'"{found.hash}"'}
    if headers["etag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(found.text, media_type="application/json", headers=headers)
