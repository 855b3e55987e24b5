"""Sketch: what a picture will show, before anything has a place. What changes a picture changes this."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from lineage_graph.model import Event, Kind, Node, Subgraph


@dataclass(frozen=True, slots=True)
class Item:
    """What one card will stand for: a node.

    ``key`` tells items apart (``artifact/17``); ``kind`` is what is drawn.
    """

    key: str
    kind: str
    type: str
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """What one wire will stand for: events from one item to another, in the direction data flows.

    ``type`` is their type. ``time`` is when the first happened, in ms since the epoch.
    """

    source: str
    target: str
    type: str
    path: str = ""
    count: int = 1
    time: int | None = None


@dataclass(frozen=True)
class Sketch:
    """Items in the order of time, and lines between them."""

    items: tuple[Item, ...] = ()
    lines: tuple[Line, ...] = ()

    @cached_property
    def number(self) -> dict[str, int]:
        """The position of each item, by its key."""
        return {item.key: position for position, item in enumerate(self.items)}


def sketch_of(graph: Subgraph) -> Sketch:
    """Return the artifacts and executions of a subgraph, and the events between them.

    Contexts have no place in the flow of data.
    """
    nodes: Iterable[Node] = sorted((*graph.artifacts, *graph.executions), key=_in_time)
    items = tuple(Item(key_of(node), node.kind.value, node.type or "", (node,)) for node in nodes)
    known = {item.key for item in items}
    lines = (_line(event) for event in graph.events)
    return Sketch(items, tuple(x for x in lines if x.source in known and x.target in known))


def key_of(node: Node) -> str:
    """Return a node's key: its ref as text."""
    return f"{node.kind.value}/{node.id}"


def _in_time(node: Node) -> tuple[int, bool, int]:
    return (node.create_time_since_epoch or 0, node.kind is Kind.EXECUTION, node.id or 0)


def _line(event: Event) -> Line:
    ends = f"artifact/{event.artifact_id}", f"execution/{event.execution_id}"
    source, target = ends if event.type.is_input else ends[::-1]
    path = ".".join(map(str, event.path))
    return Line(source, target, event.type.value, path, time=event.milliseconds_since_epoch)
