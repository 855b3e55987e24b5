"""Stacks: five or more items of the same kind as one card."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from lineage_graph.drawing.sketch import Item, Sketch
from lineage_graph.drawing.transforms.flow import ranks
from lineage_graph.drawing.transforms.folding import grouped

FEW = 5  # so many make a stack


def stacked(
    sketch: Sketch,
    *,
    auto: bool = True,
    fold: Collection[str] = (),
    unfold: Collection[str] = (),
    out: Collection[str] = (),
) -> Sketch:
    """Put items of the same kind on one stack, unless it is unfolded.

    Alike are items of the same kind, type and step, in the same column, whose neighbours are of the
    same types. Data flows from column to column, so stacks never make a circle. Without ``auto``
    only the stacks that ``fold`` names are made. ``out`` names items that stand on their own.
    A stack's key is that of its smallest member, whether that is out or not, so it stays the same.
    """
    groups: dict[str, Item] = {}
    for alike in _alike(sketch):
        if len(alike) < FEW:
            continue
        key = f"stack/{min(alike, key=_by_id).key}"
        if (key in fold) if not auto else (key not in unfold):
            members = [item for item in alike if item.key not in out]
            if len(members) > 1:
                groups |= dict.fromkeys((one.key for one in members), stack_item(key, members))
    return grouped(sketch, groups)


def stack_item(key: str, members: Sequence[Item]) -> Item:
    """Return a stack of items."""
    first = members[0]
    return Item(
        key,
        "stack",
        first.of,
        first.type,
        tuple(node for one in members for node in one.nodes),
        step=first.step,
        members=tuple(
            key for one in members for key in (one.members if one.kind == "stack" else (one.key,))
        ),
    )


def _alike(sketch: Sketch) -> list[list[Item]]:
    column = ranks(sketch)
    types = {item.key: item.type for item in sketch.items}
    around: dict[str, set[tuple[bool, str]]] = {key: set() for key in types}
    for line in sketch.lines:
        around[line.source].add((True, types[line.target]))
        around[line.target].add((False, types[line.source]))
    found: dict[tuple[object, ...], list[Item]] = {}
    for item in sketch.items:
        key = item.key
        if item.kind != "stack":
            looks = (item.of, item.type, item.step, column[key], frozenset(around[key]))
            found.setdefault(looks, []).append(item)
    return list(found.values())


def _by_id(item: Item) -> tuple[str, int]:
    kind, _, number = item.key.rpartition("/")
    return kind, int(number)
