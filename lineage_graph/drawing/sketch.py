"""Sketch: what a picture will show, before anything has a place. What changes a picture changes this."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from lineage_graph.model import Context, Event, Kind, Node, Subgraph
from lineage_graph.model.plain import by_time

SAME = "SAME_AS"
"""The type of lines between artifacts that are the same thing, seen by several tools."""


@dataclass(frozen=True, slots=True)
class Item:
    """What one card will stand for: a node, or a group of nodes.

    ``key`` tells items apart (``artifact/17``, ``context/5``, ``stack/artifact/17``). ``kind`` is
    artifact, execution, context or stack, ``of`` the kind of a stack's members, else the same.
    ``step`` names the step of a pipeline that ran or made it, where that is known. ``members`` are
    the keys of what a group holds, ``nodes`` its nodes, down to the last.
    """

    key: str
    kind: str
    of: str
    type: str
    nodes: tuple[Node, ...]
    step: str = ""
    members: tuple[str, ...] = ()
    context: Context | None = None

    @property
    def part(self) -> str:
        """What the pipeline calls the step that an execution ran, without the pipeline's own name."""
        return self.step.rpartition(".")[2] if self.of == "execution" else ""

    @property
    def time(self) -> int | None:
        """When it came to be, of a group the first of it, in ms since the epoch."""
        times = [node.create_time_since_epoch for node in self.nodes]
        return min((time for time in times if time is not None), default=None)


@dataclass(frozen=True, slots=True)
class SketchEdge:
    """What one wire will stand for: events from one item to another, in the direction data flows.

    ``type`` is their type, empty for several. ``time`` is when the first happened, in ms since the
    epoch. ``through`` names what lies between the ends and is left out.
    """

    source: str
    target: str
    type: str
    path: str = ""
    count: int = 1
    time: int | None = None
    through: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A context, and the keys of the items that are its own.

    Those are its executions, also those of the contexts that are part of it, and the artifacts that
    only they made.
    """

    context: Context
    members: frozenset[str]

    @property
    def key(self) -> str:
        """The context's key."""
        return f"context/{self.context.id}"


@dataclass(frozen=True)
class Sketch:
    """Items in the order of time, lines between them, and the contexts that could be folded.

    Enclosures come biggest first, so that what is part of another comes behind it.
    """

    items: tuple[Item, ...] = ()
    lines: tuple[SketchEdge, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()

    @cached_property
    def number(self) -> dict[str, int]:
        """The position of each item, by its key."""
        return {item.key: position for position, item in enumerate(self.items)}


def sketch_of(graph: Subgraph) -> Sketch:
    """Return the artifacts and executions of a subgraph, and the events between them.

    Contexts have no place in the flow of data; they say what belongs together. Those of steps
    name the step that an execution ran, as TFX and the recorder keep it.
    """
    nodes: Iterable[Node] = sorted((*graph.artifacts, *graph.executions), key=_in_time)
    keys = {key_of(node) for node in nodes}
    lines = tuple(
        line for line in map(_line, graph.events) if line.source in keys and line.target in keys
    )
    steps = _steps(graph, lines)
    items = tuple(_item(node, steps) for node in nodes)
    same = tuple(
        line for line in _same(graph, lines) if line.source in keys and line.target in keys
    )
    return Sketch(items, (*lines, *same), enclosures(graph, lines))


def _same(graph: Subgraph, lines: Iterable[SketchEdge]) -> Iterator[SketchEdge]:
    """Lines between what is the same: from where it was made to where it was used, else in the order of time."""
    made, used = {line.target for line in lines}, {line.source for line in lines}
    time = {key_of(node): _in_time(node) for node in graph.artifacts}
    told: dict[tuple[str, ...], list[str]] = {}
    for link in graph.same_as:
        ends = {f"artifact/{link.artifact_id}", f"artifact/{link.other_id}"}
        told.setdefault(tuple(sorted(ends)), []).append(link.by)
    for pair, by in told.items():
        if all(key in time for key in pair):
            one, other = sorted(pair, key=lambda key: (key not in made, key in used, time[key]))
            yield SketchEdge(one, other, SAME, ", ".join(sorted(by)))


def _item(node: Node, steps: Mapping[str, str]) -> Item:
    kind = node.kind.value
    key = f"{kind}/{node.id}"
    return Item(key, kind, kind, node.type or "", (node,), steps.get(key, ""))


def _steps(graph: Subgraph, lines: Iterable[SketchEdge]) -> dict[str, str]:
    """Return the step each execution ran; of artifacts the step that made them, and as what."""
    names = {node.id: node.step_name for node in graph.contexts if node.is_step}
    steps = {
        f"execution/{link.execution_id}": names[link.context_id]
        for link in graph.associations
        if link.context_id in names
    }
    for line in lines:
        if line.target.startswith("artifact/"):
            steps[line.target] = f"{steps.get(line.source, '')} {line.path.partition('.')[0]}"
    return steps


def enclosures(graph: Subgraph, lines: Iterable[SketchEdge]) -> tuple[Enclosure, ...]:
    """Return the contexts of a graph with what is their own in it, the biggest first."""
    executions: dict[int, set[str]] = {context.id or 0: set() for context in graph.contexts}
    for link in graph.associations:
        if link.context_id in executions:
            executions[link.context_id].add(f"execution/{link.execution_id}")
    parents: dict[int, list[int]] = {}
    for part in graph.parent_contexts:
        parents.setdefault(part.child_id, []).append(part.parent_id)
    for context in list(executions):
        for ancestor in _above(context, parents):
            if ancestor in executions:
                executions[ancestor] |= executions[context]
    makers: dict[str, list[str]] = {}
    for line in lines:
        if line.target.startswith("artifact/"):
            makers.setdefault(line.target, []).append(line.source)
    holders: dict[str, set[int]] = {}
    for context, keys in executions.items():
        for key in keys:
            holders.setdefault(key, set()).add(context)
    members = executions
    for artifact, made_by in makers.items():
        for context in set.intersection(*(holders.get(maker, set()) for maker in made_by)):
            members[context].add(artifact)
    found = [
        Enclosure(context, frozenset(members[context.id or 0]))
        for context in graph.contexts
        if members[context.id or 0] and not context.is_step
    ]
    return tuple(sorted(found, key=lambda one: (-len(one.members), one.context.id or 0)))


def _above(context: int, parents: Mapping[int, list[int]]) -> set[int]:
    found: set[int] = set()
    waiting = [context]
    while waiting:
        for parent in parents.get(waiting.pop(), ()):
            if parent not in found:
                found.add(parent)
                waiting.append(parent)
    return found - {context}


def key_of(node: Node) -> str:
    """Return a node's key: its ref as text."""
    return f"{node.kind.value}/{node.id}"


def _in_time(node: Node) -> tuple[bool, int, bool, int]:
    unknown, time, node_id = by_time(node)
    return (unknown, time, node.kind is Kind.EXECUTION, node_id)


def _line(event: Event) -> SketchEdge:
    ends = f"artifact/{event.artifact_id}", f"execution/{event.execution_id}"
    source, target = ends if event.type.is_input else ends[::-1]
    path = ".".join(map(str, event.path))
    return SketchEdge(source, target, event.type.value, path, time=event.milliseconds_since_epoch)
