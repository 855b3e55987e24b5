"""Many items as one card: contexts folded, and the common part of all that groups items."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from lineage_graph.drawing.sketch import Enclosure, Item, Sketch, SketchEdge
from lineage_graph.drawing.transforms.contraction import merged


def grouped(sketch: Sketch, groups: Mapping[str, Item]) -> Sketch:
    """Put a group in the place of its members; ``groups`` names the group of each member's key.

    A group stands where its first member stood. Lines within a group are left out; lines that then
    stand side by side, of one type, are one with their count.
    """
    items: dict[str, Item] = {}
    for item in sketch.items:
        one = groups.get(item.key, item)
        items.setdefault(one.key, one)
    lines: dict[tuple[str, str, str], SketchEdge] = {}
    whole: list[SketchEdge] = []
    for line in sketch.lines:
        if line.source not in groups and line.target not in groups:
            whole.append(line)
            continue
        source = groups[line.source].key if line.source in groups else line.source
        target = groups[line.target].key if line.target in groups else line.target
        if source == target:
            continue
        moved, ends = replace(line, source=source, target=target), (source, target, line.type)
        lines[ends] = merged(lines[ends], moved) if ends in lines else moved
    return replace(sketch, items=tuple(items.values()), lines=(*whole, *lines.values()))


def folded(sketch: Sketch, keys: Collection[str]) -> Sketch:
    """Fold contexts: each becomes one card that holds what is its own.

    Of contexts that hold the same, the outermost takes it. Where data leaves a context and comes
    back, the picture then has a circle, and is drawn with it.
    """
    groups: dict[str, Item] = {}
    number = sketch.number
    for enclosure in sketch.enclosures:
        if enclosure.key not in keys:
            continue
        free = sorted(
            number[key] for key in enclosure.members if key in number and key not in groups
        )
        members = [sketch.items[position] for position in free]
        if members:
            groups |= dict.fromkeys((one.key for one in members), context_item(enclosure, members))
    return grouped(sketch, groups)


def context_item(enclosure: Enclosure, members: Collection[Item]) -> Item:
    """Return a folded context."""
    return Item(
        enclosure.key,
        "context",
        "context",
        enclosure.context.type or "",
        tuple(node for one in members for node in one.nodes),
        members=tuple(one.key for one in members),
        context=enclosure.context,
    )
