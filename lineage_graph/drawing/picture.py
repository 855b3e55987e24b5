"""Picture: a subgraph drawn. The same value goes to the canvas, the SVG and the list twin."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from lineage_graph.drawing.layout import (
    CARD_HEIGHT,
    CARD_WIDTH,
    Placement,
    Point,
    place,
)
from lineage_graph.model import (
    Artifact,
    Degree,
    Event,
    EventType,
    Execution,
    Kind,
    Node,
    Ref,
    Subgraph,
)
from lineage_graph.model.plain import duration
from lineage_graph.model.values import Frozen

_KEPT = 64  # placements


class Card(Frozen):
    """A node of the picture: a box round (x, y). ``hidden_*`` counts neighbours that are not drawn."""

    ref: str
    kind: Literal["artifact", "execution"]
    heading: str
    text: str
    title: str
    state: str
    x: float
    y: float
    start: bool = False
    upstream: int = 0
    downstream: int = 0
    hidden_upstream: int = 0
    hidden_downstream: int = 0


class Wire(Frozen):
    """An event of the picture, between the cards with these numbers, in the direction data flows."""

    source: int
    target: int
    type: EventType
    path: str = ""
    points: tuple[Point, ...]


class Picture(Frozen):
    """Cards and wires; ``reason`` says what cut the picture short: hops, nodes or nothing.

    ``total`` is how many cards there would be without the limit of nodes, where that is known.
    """

    cards: tuple[Card, ...]
    wires: tuple[Wire, ...]
    width: float
    height: float
    card_width: float = CARD_WIDTH
    card_height: float = CARD_HEIGHT
    total: int | None = None
    truncated: bool = False
    reason: Literal["", "hops", "nodes"] = ""


def draw(
    graph: Subgraph,
    starts: Iterable[Ref] = (),
    degrees: Mapping[Ref, Degree] | None = None,
    reason: Literal["", "hops", "nodes"] = "",
) -> Picture:
    """Draw the artifacts and executions of a subgraph; contexts have no place in the flow of data."""
    nodes = sorted((*graph.artifacts, *graph.executions), key=_in_time)
    number = {node.ref: position for position, node in enumerate(nodes)}
    events = [
        event for event in graph.events if _ends(event)[0] in number and _ends(event)[1] in number
    ]
    ends = [(number[source], number[target]) for source, target in map(_ends, events)]
    placement = _placed(len(nodes), ends)
    cards = _cards(nodes, set(starts), degrees or {}, ends, placement.positions)
    wires = tuple(
        Wire(
            source=source,
            target=target,
            type=event.type,
            path=".".join(map(str, event.path)),
            points=tuple((round(x, 1), round(y, 1)) for x, y in route),
        )
        for event, (source, target), route in zip(events, ends, placement.routes, strict=True)
    )
    return Picture(
        cards=cards,
        wires=wires,
        width=placement.width,
        height=placement.height,
        truncated=bool(reason),
        reason=reason,
    )


def _in_time(node: Node) -> tuple[int, bool, int]:
    return (node.create_time_since_epoch or 0, node.kind is Kind.EXECUTION, node.id or 0)


def _ends(event: Event) -> tuple[Ref, Ref]:
    artifact = Ref(Kind.ARTIFACT, event.artifact_id)
    execution = Ref(Kind.EXECUTION, event.execution_id)
    return (artifact, execution) if event.type.is_input else (execution, artifact)


def _cards(
    nodes: Sequence[Node],
    starts: set[Ref],
    degrees: Mapping[Ref, Degree],
    ends: Sequence[tuple[int, int]],
    positions: Sequence[Point],
) -> tuple[Card, ...]:
    before: list[set[int]] = [set() for _ in nodes]
    after: list[set[int]] = [set() for _ in nodes]
    for source, target in ends:
        after[source].add(target)
        before[target].add(source)
    cards = []
    for place_number, (node, (x, y)) in enumerate(zip(nodes, positions, strict=True)):
        shown_up, shown_down = len(before[place_number]), len(after[place_number])
        degree = degrees.get(node.ref, Degree(shown_up, shown_down))
        cards.append(
            Card(
                ref=str(node.ref),
                kind="artifact" if node.kind is Kind.ARTIFACT else "execution",
                heading=short_type(node.type or node.kind.label),
                text=_text(node),
                title=node.title,
                state=state_of(node),
                x=round(x, 1),
                y=round(y, 1),
                start=node.ref in starts,
                upstream=degree.upstream,
                downstream=degree.downstream,
                hidden_upstream=max(0, degree.upstream - shown_up),
                hidden_downstream=max(0, degree.downstream - shown_down),
            )
        )
    return tuple(cards)


def short_type(name: str) -> str:
    """Return what people call a type: the last part of a dotted name (``tfx…Trainer``)."""
    last = name.rstrip(".").rpartition(".")[2]
    return last if last.isidentifier() else name


def state_of(node: Node) -> str:
    """Return the state of an artifact or execution, nothing where it is unknown."""
    state: str = ""
    if isinstance(node, Execution):
        state = node.last_known_state.value
    elif isinstance(node, Artifact):
        state = node.state.value
    return "" if state == "UNKNOWN" else state


def length_of(node: Node) -> int | None:
    """Return how long an execution took in ms, None where it is not known or still going on."""
    if not isinstance(node, Execution) or node.last_known_state.value in (
        "NEW",
        "RUNNING",
        "UNKNOWN",
    ):
        return None
    begin, end = node.create_time_since_epoch, node.last_update_time_since_epoch
    return None if begin is None or end is None else end - begin


def _text(node: Node) -> str:
    words = [f"#{node.id}"]
    length = length_of(node)
    if length is not None:
        words.append("from the cache" if state_of(node) == "CACHED" else duration(length))
    elif node.name and isinstance(node, Artifact):
        words.append(tail(node.name, 24))
    elif isinstance(node, Artifact) and node.uri:
        words.append(tail(node.uri, 24))
    return "  ".join(words)


def tail(text: str, most: int = 56) -> str:
    """Return a long name or address by its end, which is what tells it from others."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else f"…{flat[1 - most :]}"


_placements: OrderedDict[str, Placement] = OrderedDict()
_lock = threading.Lock()


def _placed(count: int, ends: Sequence[tuple[int, int]]) -> Placement:
    """Return the placement of a graph, from the cache where this very graph was placed before."""
    key = hashlib.sha256(repr((count, ends)).encode()).hexdigest()
    with _lock:
        if key in _placements:
            _placements.move_to_end(key)
            return _placements[key]
    placement = place(count, ends)
    with _lock:
        _placements[key] = placement
        if len(_placements) > _KEPT:
            _placements.popitem(last=False)
    return placement
