"""Scope: which part of the lineage a picture shows, as its address says it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from urllib.parse import urlencode

from pydantic import Field, field_validator

from lineage_graph.drawing.picture import Picture, draw
from lineage_graph.errors import InvalidArgument
from lineage_graph.model import Kind, Ref, Subgraph
from lineage_graph.model.values import Frozen
from lineage_graph.store import Direction, Find, Store, Walk

DEEPEST = 1000
MOST = 10_000
_COUNTED = 100_000  # nodes up to which those that are not drawn are counted


class Scope(Frozen):
    """How far a picture goes from where it starts, and what was opened by hand.

    ``opened`` names nodes with a direction: ``artifact/17-upstream`` shows what made artifact 17.
    """

    direction: Direction = Direction.BOTH
    depth: int = Field(default=1, ge=0, le=DEEPEST)
    limit: int = Field(default=500, ge=1, le=MOST)
    opened: tuple[str, ...] = ()

    @field_validator("opened")
    @classmethod
    def _check_opened(cls, opened: tuple[str, ...]) -> tuple[str, ...]:
        for item in opened:
            _parse(item)
        return tuple(dict.fromkeys(opened))

    @property
    def query(self) -> str:
        """The scope as the query of an address, defaults left out."""
        given = self.model_dump(mode="json", exclude_defaults=True)
        return urlencode(given, doseq=True, safe="/")


def _parse(item: str) -> tuple[Ref, Direction]:
    ref, _, way = item.rpartition("-")
    try:
        direction = Direction(way)
        if direction is Direction.BOTH:
            raise ValueError
        return Ref.parse(ref), direction
    except (ValueError, InvalidArgument):
        raise ValueError(
            f"{item!r} does not say what to open; write artifact/17-upstream"
        ) from None


def picture_of(store: Store, starts: Sequence[Ref], scope: Scope) -> Picture:
    """Draw what a scope reaches from some nodes.

    Raises:
        NotFound: a start does not exist.
        InvalidArgument: a start is a context.
    """
    if not starts:
        return draw(Subgraph())
    walk = store.walk(
        starts, scope.direction, scope.depth, node_limit=max(scope.limit, len(starts))
    )
    graph, reason = _opened(store, walk, scope)
    refs = [node.ref for node in (*graph.artifacts, *graph.executions)]
    picture = draw(graph, starts if len(starts) == 1 else (), store.degrees(refs), reason)
    if walk.reason != "nodes":
        return picture
    total = store.count_walk(starts, scope.direction, scope.depth, node_limit=_COUNTED)
    return picture.model_copy(update={"total": total if total < _COUNTED else None})


def _opened(
    store: Store, walk: Walk, scope: Scope
) -> tuple[Subgraph, Literal["", "hops", "nodes"]]:
    """Add what was opened by hand, in the order in which it was opened."""
    reason = walk.reason
    refs = dict.fromkeys(walk.depth)
    grown = False
    for ref, way in map(_parse, scope.opened):
        room = scope.limit - len(refs)
        if ref not in refs:
            continue  # it is not in the picture: the address was made for more depth
        if room < 1:
            reason = "nodes"
            break
        step = store.walk(ref, way, 1, node_limit=room + 1)
        refs.update(dict.fromkeys(step.depth))
        grown = True
        if step.reason == "nodes":
            reason = "nodes"
    return (store.links(refs) if grown else walk.graph), reason


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
