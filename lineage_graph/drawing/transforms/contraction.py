"""Leaving items out and keeping what they joined: cached executions, artifacts, executions."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from lineage_graph.drawing.sketch import Item, Sketch, SketchEdge
from lineage_graph.model.labels import state_of

_MAX_EDGES_PER_ITEM = 10_000  # lines that may take the place of one item


@dataclass(frozen=True)
class Contracted:
    """A sketch without some items, which were left out, and which had to stay."""

    sketch: Sketch
    hidden: tuple[str, ...]
    kept: tuple[str, ...]


def contracted(
    sketch: Sketch, unwanted: Collection[str], most: int = _MAX_EDGES_PER_ITEM
) -> Contracted:
    """Leave out items; whatever led into one then leads to where it led.

    Lines that would stand side by side are one, with their count. ``through`` of a line names what
    it goes through. An item that joins so many that more than ``most`` lines would take its place
    stays.
    """
    after: dict[str, dict[str, SketchEdge]] = {item.key: {} for item in sketch.items}
    before: dict[str, set[str]] = {item.key: set() for item in sketch.items}
    plain: list[SketchEdge] = []  # lines that nothing happens to, as they are
    touched = set(unwanted)
    for line in sketch.lines:
        if line.source in touched or line.target in touched:
            _add(after, before, line)
        else:
            plain.append(line)
    hidden, kept = [], []
    for item in sketch.items:
        key = item.key
        if key not in touched:
            continue
        sources, targets = before[key] - {key}, after[key].keys() - {key}
        if len(sources) * len(targets) > most:
            kept.append(key)
            continue
        hidden.append(key)
        lines = [after[key][target] for target in after[key] if target != key]
        for source in sorted(sources):
            into = after[source].pop(key)
            for line in lines:
                if line.target != source:
                    _add(after, before, _joined(into, line))
        for line in lines:
            before[line.target].discard(key)
        after[key].clear()
    gone = set(hidden)
    items = tuple(item for item in sketch.items if item.key not in gone)
    new = (line for item in items for line in after[item.key].values())
    return Contracted(
        replace(sketch, items=items, lines=(*plain, *new)), tuple(hidden), tuple(kept)
    )


def _add(
    after: dict[str, dict[str, SketchEdge]], before: dict[str, set[str]], line: SketchEdge
) -> None:
    there = after[line.source].get(line.target)
    after[line.source][line.target] = line if there is None else merged(there, line)
    before[line.target].add(line.source)


def _joined(one: SketchEdge, other: SketchEdge) -> SketchEdge:
    return SketchEdge(
        one.source,
        other.target,
        other.type if one.type == other.type else "",
        time=other.time if one.time is None else max(one.time, other.time or one.time),
        through=(*one.through, one.target, *other.through),
    )


def merged(one: SketchEdge, other: SketchEdge) -> SketchEdge:
    """Return one line for two between the same items."""
    times = [time for time in (one.time, other.time) if time is not None]
    return replace(
        one,
        type=one.type if one.type == other.type else "",
        path=one.path if one.path == other.path else "",
        count=one.count + other.count,
        time=min(times, default=None),
    )


def without_cached(sketch: Sketch, keep: Collection[str] = ()) -> Contracted:
    """Leave out what was taken from the cache; its inputs lead straight to its outputs.

    Where another execution already leads from the input to the output, no line is added for it.
    """
    unwanted = {item.key for item in sketch.items if item.key not in keep and _from_cache(item)}
    found = contracted(sketch, unwanted)
    runs = {item.key for item in found.sketch.items if item.kind == "execution"}
    made: dict[str, set[str]] = {}
    for line in found.sketch.lines:
        if line.source in runs:
            made.setdefault(line.target, set()).add(line.source)
    used = {(line.source, line.target) for line in found.sketch.lines if line.target in runs}
    lines = tuple(
        replace(line, through=())
        for line in found.sketch.lines
        if not line.through
        or not any((line.source, maker) in used for maker in made.get(line.target, ()))
    )
    return replace(found, sketch=replace(found.sketch, lines=lines))


def _from_cache(item: Item) -> bool:
    return item.kind == "execution" and state_of(item.nodes[0]) == "CACHED"


def projected(sketch: Sketch, kind: str) -> Contracted:
    """Leave the artifacts or the executions alone: ``kind`` says which; contexts stay either way."""
    unwanted = {item.key for item in sketch.items if item.of not in (kind, "context")}
    return contracted(sketch, unwanted)
