"""Rolling up: a picture of too many cards is drawn with fewer, never refused and never cut."""

from __future__ import annotations

from collections.abc import Collection

from lineage_graph.drawing.sketch import Item, Sketch
from lineage_graph.drawing.transforms.folding import folded, grouped
from lineage_graph.drawing.transforms.stacks import stack_item, stacked


def rolled_up(sketch: Sketch, most: int, keep: Collection[str] = ()) -> Sketch:
    """Return a sketch of few enough items: stack the same kinds, then fold contexts, then types.

    ``keep`` names items that stay on their own. A sketch that is small enough is returned as it is.
    """
    for smaller in (_by_likeness, _by_contexts, _by_type):
        if len(sketch.items) <= most:
            break
        sketch = smaller(sketch, most, keep)
    return sketch


def _by_likeness(sketch: Sketch, most: int, keep: Collection[str]) -> Sketch:
    return stacked(sketch, out=keep)


def _by_contexts(sketch: Sketch, most: int, keep: Collection[str]) -> Sketch:
    """Fold contexts, those within others first; then stack those of the same kind."""
    foldable = [one for one in sketch.enclosures if one.members.isdisjoint(keep)]
    inner: list[str] = []
    taken: set[str] = set()
    for one in reversed(foldable):
        if one.members.isdisjoint(taken):
            inner.append(one.key)
            taken |= one.members
    smaller = stacked(folded(sketch, inner), out=keep)
    if len(smaller.items) <= most:
        return smaller
    return stacked(folded(sketch, {one.key for one in foldable}), out=keep)


def _by_type(sketch: Sketch, most: int, keep: Collection[str]) -> Sketch:
    found: dict[tuple[str, str], list[Item]] = {}
    for item in sketch.items:
        if item.key not in keep:
            found.setdefault((item.of, item.type), []).append(item)
    groups: dict[str, Item] = {}
    for members in found.values():
        if len(members) > 1:
            key = f"stack/{members[0].key.removeprefix('stack/')}"
            groups |= dict.fromkeys((one.key for one in members), stack_item(key, members))
    return grouped(sketch, groups)
