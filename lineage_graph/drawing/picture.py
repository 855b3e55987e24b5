"""Picture: a subgraph drawn. The same value goes to the canvas, the SVG and the list twin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from lineage_graph.drawing.layout import CARD_HEIGHT, CARD_WIDTH, Point
from lineage_graph.drawing.placing import placed
from lineage_graph.drawing.sketch import Item, Sketch, sketch_of
from lineage_graph.drawing.words import end_of, short_type, state_of, text_of
from lineage_graph.model import Degree, Ref, Subgraph

Reason = Literal["", "hops", "nodes"]
Change = Literal["same", "changed", "added", "missing"]


@dataclass(frozen=True, slots=True)
class Card:
    """A node of the picture, or a group of nodes: a box round (x, y).

    ``kind`` is artifact, execution, or for a group context or stack; ``of`` is the kind of the
    group's members. ``time`` is when it came to be and ``end`` when an execution ended, in ms since
    the epoch. ``hidden_*`` counts neighbours that are not drawn.
    """

    key: str
    kind: str
    of: str
    heading: str
    text: str
    title: str
    state: str
    x: float
    y: float
    time: int | None = None
    end: int | None = None
    start: bool = False
    upstream: int = 0
    downstream: int = 0
    hidden_upstream: int = 0
    hidden_downstream: int = 0
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Wire:
    """Events between the cards with these numbers, in the direction data flows.

    ``type`` is the type of the events, ``count`` how many there are, ``time`` when the first was.
    """

    source: int
    target: int
    type: str
    path: str = ""
    count: int = 1
    time: int | None = None
    points: tuple[Point, ...] = ()


@dataclass(frozen=True)
class Picture:
    """Cards and wires; ``reason`` says what cut the picture short: hops, nodes or nothing.

    ``total`` is how many cards there would be without the limit of nodes, where that is known.
    ``dropped`` says what was asked for and could not be shown, a sentence each.
    """

    cards: tuple[Card, ...] = ()
    wires: tuple[Wire, ...] = ()
    width: float = 0.0
    height: float = CARD_HEIGHT
    card_width: float = CARD_WIDTH
    card_height: float = CARD_HEIGHT
    total: int | None = None
    reason: Reason = ""
    hidden_cached: int = 0
    rolled: bool = False
    lit: tuple[int, ...] | None = None
    dropped: tuple[str, ...] = field(default=())
    truncated: bool = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "truncated", bool(self.reason))


def draw(
    graph: Subgraph,
    starts: Iterable[Ref] = (),
    degrees: Mapping[Ref, Degree] | None = None,
    reason: Reason = "",
    changes: Mapping[Ref, Change] | None = None,
) -> Picture:
    """Draw the artifacts and executions of a subgraph; contexts have no place in the flow of data.

    ``degrees`` says how many neighbours each node has, drawn or not. ``changes`` marks nodes in a
    comparison; those it does not name are the same.
    """
    sketch = sketch_of(graph)
    placement = placed(sketch)
    number = sketch.number
    wires = tuple(
        Wire(
            number[line.source],
            number[line.target],
            line.type,
            line.path,
            line.count,
            line.time,
            tuple((round(x, 1), round(y, 1)) for x, y in route),
        )
        for line, route in zip(sketch.lines, placement.routes, strict=True)
    )
    marks = None if changes is None else {str(ref): change for ref, change in changes.items()}
    known = {str(ref): degree for ref, degree in (degrees or {}).items()}
    cards = _cards(sketch, set(map(str, starts)), known, placement.positions, marks)
    return Picture(cards, wires, placement.width, placement.height, reason=reason)


def _cards(
    sketch: Sketch,
    starts: set[str],
    degrees: Mapping[str, Degree],
    positions: Sequence[Point],
    changes: Mapping[str, Change] | None,
) -> tuple[Card, ...]:
    before: dict[str, set[str]] = {item.key: set() for item in sketch.items}
    after: dict[str, set[str]] = {item.key: set() for item in sketch.items}
    for line in sketch.lines:
        after[line.source].add(line.target)
        before[line.target].add(line.source)
    cards = []
    for item, position in zip(sketch.items, positions, strict=True):
        shown = Degree(len(before[item.key]), len(after[item.key]))
        change = None if changes is None else changes.get(item.key, "same")
        card = _card(
            item, position, item.key in starts, shown, degrees.get(item.key, shown), change
        )
        cards.append(card)
    return tuple(cards)


def _card(
    item: Item, position: Point, start: bool, shown: Degree, degree: Degree, change: Change | None
) -> Card:
    node = item.nodes[0]
    return Card(
        key=item.key,
        kind=item.kind,
        of=node.kind.value,
        heading=short_type(item.type or node.kind.label),
        text=text_of(node),
        title=node.title,
        state=state_of(node),
        x=round(position[0], 1),
        y=round(position[1], 1),
        time=node.create_time_since_epoch,
        end=end_of(node),
        start=start,
        upstream=degree.upstream,
        downstream=degree.downstream,
        hidden_upstream=max(0, degree.upstream - shown.upstream),
        hidden_downstream=max(0, degree.downstream - shown.downstream),
        change=change,
    )
