"""Picture: a subgraph drawn. The same value goes to the canvas, the SVG and the list twin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from lineage_graph.drawing.groups import (
    Group,
    group_of,
    heading_of_group,
    state_of_group,
    text_of_group,
)
from lineage_graph.drawing.layout.layered import CARD_HEIGHT, CARD_WIDTH, Point
from lineage_graph.drawing.layout.placing import placed
from lineage_graph.drawing.sketch import SAME, Item, Sketch, key_of, sketch_of
from lineage_graph.drawing.transforms.compose import PLAIN, Look, composed
from lineage_graph.model import Degree, Node, Ref, Subgraph
from lineage_graph.model.labels import end_of, heading_of, short_type, state_of, text_of
from lineage_graph.model.tools import tool_of

Reason = Literal["", "hops", "nodes"]
Change = Literal["same", "changed", "added", "missing"]
Offer = Literal["", "run", "pipeline"]


@dataclass(frozen=True, slots=True)
class Card:
    """A node of the picture, or a group of nodes: a box round (x, y).

    ``kind`` is artifact, execution, or for a group context or stack; ``of`` is the kind of the
    group's members. ``time`` is when it came to be and ``end`` when an execution ended, in ms since
    the epoch. ``hidden_*`` counts neighbours that are not drawn. ``type`` is what people call the type.
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
    type: str = ""


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


@dataclass(frozen=True, slots=True)
class Fold:
    """A context that could be folded: its name, its type, and the numbers of its cards."""

    heading: str
    type: str
    members: tuple[int, ...]


@dataclass(frozen=True)
class Picture:
    """Cards and wires; ``reason`` says what cut the picture short: hops, nodes or nothing.

    ``total`` is how many cards there would be without the limit of nodes, where that is known.
    ``nodes`` is how many nodes its cards stand for. ``groups`` says what a group stands for, by its card's number; ``contexts`` what could be folded.
    ``folded`` is whether there were so many cards that contexts were folded by themselves; ``offer``
    says by what it could be folded where there are many still. ``rolled`` is whether there were too
    many to draw, so that more are grouped than was asked for.
    ``tools`` are those that reported its nodes; where there are several, each card names its own.
    ``lit`` are the cards that hold what was looked for. ``dropped`` says what was asked for and could not be shown, a sentence each.
    """

    cards: tuple[Card, ...] = ()
    wires: tuple[Wire, ...] = ()
    width: float = 0.0
    height: float = CARD_HEIGHT
    card_width: float = CARD_WIDTH
    card_height: float = CARD_HEIGHT
    groups: Mapping[int, Group] = field(default_factory=dict)
    contexts: Mapping[str, Fold] = field(default_factory=dict)
    total: int | None = None
    reason: Reason = ""
    hidden_cached: int = 0
    folded: bool = False
    offer: Offer = ""
    rolled: bool = False
    lit: tuple[int, ...] | None = None
    dropped: tuple[str, ...] = field(default=())
    nodes: int = 0
    tools: tuple[str, ...] = ()
    truncated: bool = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "truncated", bool(self.reason))

    @property
    def events(self) -> int:
        """How many events its wires stand for."""
        return sum(wire.count for wire in self.wires if wire.type != SAME)


def draw(
    graph: Subgraph,
    starts: Iterable[Ref] = (),
    degrees: Mapping[Ref, Degree] | None = None,
    reason: Reason = "",
    changes: Mapping[Ref, Change] | None = None,
    look: Look = PLAIN,
    lit: Collection[Ref] | None = None,
) -> Picture:
    """Draw the artifacts and executions of a subgraph; its contexts can be folded.

    ``degrees`` says how many neighbours each node has, drawn or not. ``changes`` marks nodes in a
    comparison; those it does not name are the same. ``lit`` are the nodes that were looked for.
    """
    base = sketch_of(graph)
    first = {str(ref) for ref in starts}
    found = composed(base, look, first)
    places = placed(found.whole, found.shown)
    hidden = _hidden(base, degrees or {})
    marks = None if changes is None else {str(ref): change for ref, change in changes.items()}
    tools = {tool_of(node) for item in found.shown.items for node in item.nodes} - {""}
    told = tool_of if len(tools) > 1 else _nobody
    cards, groups = _cards(found.shown, places.positions, hidden, first, marks, told)
    return Picture(
        cards=cards,
        wires=_wires(found.shown, places.routes),
        width=places.width,
        height=places.height,
        groups=groups,
        contexts=_contexts(found.shown),
        reason=reason,
        hidden_cached=found.hidden_cached,
        folded=found.folded,
        rolled=found.rolled,
        lit=None if lit is None else _lit(found.shown, {str(ref) for ref in lit}),
        dropped=found.dropped,
        nodes=sum(len(item.nodes) for item in found.shown.items),
        tools=tuple(sorted(tools)) if len(tools) > 1 else (),
    )


def members_of(
    graph: Subgraph, key: str, starts: Iterable[Ref] = (), look: Look = PLAIN
) -> tuple[Node, ...] | None:
    """Return the nodes that a card of a picture stands for, down to the last; None where there is no such card."""
    found = composed(sketch_of(graph), look, {str(ref) for ref in starts}).shown
    number = found.number.get(key)
    return None if number is None else found.items[number].nodes


def _wires(sketch: Sketch, routes: Sequence[Sequence[Point]]) -> tuple[Wire, ...]:
    number = sketch.number
    return tuple(
        Wire(
            number[line.source],
            number[line.target],
            line.type,
            line.path,
            line.count,
            line.time,
            tuple((round(x, 1), round(y, 1)) for x, y in route),
        )
        for line, route in zip(sketch.lines, routes, strict=True)
    )


_Sides = tuple[int, int]  # upstream, downstream


def _neighbours(sketch: Sketch) -> dict[str, _Sides]:
    """Return how many neighbours each item has in the sketch, each way."""
    pairs = {(line.source, line.target) for line in sketch.lines}
    before = Counter(target for _, target in pairs)
    after = Counter(source for source, _ in pairs)
    return {item.key: (before[item.key], after[item.key]) for item in sketch.items}


def _hidden(base: Sketch, degrees: Mapping[Ref, Degree]) -> dict[str, _Sides]:
    """Return how many neighbours of each node are not in the graph, where there are any.

    What is the same thing is a neighbour on both sides.
    """
    back = tuple(
        replace(line, source=line.target, target=line.source)
        for line in base.lines
        if line.type == SAME
    )
    shown = _neighbours(replace(base, lines=(*base.lines, *back)) if back else base)
    found = {}
    for ref, degree in degrees.items():
        key = f"{ref.kind.value}/{ref.id}"
        before, after = shown.get(key, (0, 0))
        sides = max(0, degree.upstream - before), max(0, degree.downstream - after)
        if any(sides):
            found[key] = sides
    return found


def _cards(
    sketch: Sketch,
    positions: Mapping[str, Point],
    hidden: Mapping[str, _Sides],
    starts: Collection[str],
    changes: Mapping[str, Change] | None,
    told: Callable[[Node], str],
) -> tuple[tuple[Card, ...], dict[int, Group]]:
    shown = _neighbours(sketch)
    cards: list[Card] = []
    groups: dict[int, Group] = {}
    for number, item in enumerate(sketch.items):
        keys = [key_of(node) for node in item.nodes]
        if item.members:
            groups[number] = group_of(item)
            words = _words_of_group(item, groups[number])
        else:
            words = _words(item, told)
        sides = [hidden[key] for key in keys if key in hidden]
        up, down = sum(side[0] for side in sides), sum(side[1] for side in sides)
        before, after = shown[item.key]
        x, y = positions[item.key]
        cards.append(
            Card(
                item.key,
                item.kind,
                item.of,
                *words,
                round(x, 1),
                round(y, 1),
                start=any(key in starts for key in keys),
                upstream=before + up,
                downstream=after + down,
                hidden_upstream=up,
                hidden_downstream=down,
                time=item.time,
                end=end_of(item.nodes[0]) if not item.members else None,
                change=None if changes is None else changes.get(item.key, "same"),
                type=groups[number].type if item.members else short_type(item.type),
            )
        )
    return tuple(cards), groups


def _words(item: Item, told: Callable[[Node], str]) -> tuple[str, str, str, str]:
    """Return a card's heading, text, title and state; ``told`` returns the tool that reported a node."""
    (node,), step = item.nodes, item.part
    return heading_of(node, step), text_of(node, told(node), step), node.title, state_of(node)


def _nobody(node: Node) -> str:
    """Return no tool name: in most pictures one tool reported all nodes."""
    return ""


def _words_of_group(item: Item, group: Group) -> tuple[str, str, str, str]:
    heading = heading_of_group(item, group)
    title = heading if item.context is None else item.context.title
    return heading, text_of_group(item, group), title, state_of_group(group)


def _lit(sketch: Sketch, wanted: Collection[str]) -> tuple[int, ...]:
    return tuple(
        number
        for number, item in enumerate(sketch.items)
        if any(key_of(node) in wanted for node in item.nodes)
    )


def _contexts(sketch: Sketch) -> dict[str, Fold]:
    """Return the contexts that hold more than one card, wholly, and are not folded."""
    numbers = {
        key_of(node): number for number, item in enumerate(sketch.items) for node in item.nodes
    }
    found = {}
    for one in sketch.enclosures:
        held = Counter(numbers[key] for key in one.members if key in numbers)
        whole = [number for number in held if held[number] == len(sketch.items[number].nodes)]
        if len(whole) > 1:
            title, type_name = one.context.title, one.context.type or ""
            found[one.key] = Fold(title, type_name, tuple(sorted(whole)))
    return found
