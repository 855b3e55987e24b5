"""Composing: from a sketch of all there is to the sketch of what a person chose to see."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from lineage_graph.drawing.sketch import Sketch
from lineage_graph.drawing.transforms.as_of import as_of
from lineage_graph.drawing.transforms.contraction import projected, without_cached
from lineage_graph.drawing.transforms.folding import folded
from lineage_graph.drawing.transforms.reduction import reduced
from lineage_graph.drawing.transforms.rollup import rolled_up
from lineage_graph.drawing.transforms.stacks import stacked

DRAWN = 10_000  # cards beyond which a picture is rolled up
MANY = 500  # cards beyond which a picture is hard to take in
Show = Literal["both", "artifacts", "executions"]


@dataclass(frozen=True)
class Look:
    """What a person chose to see of a lineage.

    ``cached`` is whether cached executions are shown, ``reduce`` whether wires that a longer way
    makes needless are not. ``fold`` names contexts and stacks that are one card, ``unfold`` stacks
    that are not, ``out`` nodes that stand next to their stack. ``spare`` names contexts that are one
    card where there were too many cards otherwise, unless they hold what is kept. ``at`` is a moment,
    in ms.
    """

    show: Show = "both"
    cached: bool = True
    reduce: bool = False
    stacks: bool = True
    fold: frozenset[str] = frozenset()
    spare: frozenset[str] = frozenset()
    unfold: frozenset[str] = frozenset()
    out: frozenset[str] = frozenset()
    at: int | None = None
    most: int = DRAWN


PLAIN = Look(stacks=False)
"""Every node as a card of its own, as long as there are not too many."""


@dataclass(frozen=True)
class Composed:
    """``whole`` is what is placed, ``shown`` the part of it that is drawn, and what was done to it.

    ``folded`` is whether the spare contexts were folded, for there were too many cards.
    """

    whole: Sketch
    shown: Sketch
    hidden_cached: int = 0
    folded: bool = False
    rolled: bool = False
    dropped: tuple[str, ...] = ()


def composed(sketch: Sketch, look: Look, keep: Collection[str] = ()) -> Composed:
    """Return what is drawn of a sketch; ``keep`` names items that no stack takes, and no context by itself.

    Projection and time come last and move nothing: every view of a lineage stands on one layout.
    """
    hidden = 0
    dropped: list[str] = []
    out = look.out | set(keep)

    def grouped(sketch: Sketch, keys: frozenset[str]) -> Sketch:
        found = folded(sketch, keys) if keys else sketch
        each = _stacked(found, look, out | keys)  # a stack of runs would say too little of them
        return each if len(each.items) <= MANY or not keys else _stacked(found, look, out)

    if not look.cached:
        found = without_cached(sketch, out)
        sketch, hidden = found.sketch, len(found.hidden)
        dropped += [f"{key} is shown: it joins too many to be left out." for key in found.kept]
    whole, sketch = sketch, grouped(sketch, look.fold)
    crowded = False
    if look.spare and len(sketch.items) > MANY:
        spare = look.fold | _without(whole, look.spare, keep)
        smaller = grouped(whole, spare)
        crowded = 2 * len(smaller.items) <= len(sketch.items)
        if crowded:
            opened = not look.unfold.isdisjoint(spare)
            sketch = grouped(whole, spare - look.unfold) if opened else smaller
    smaller = rolled_up(sketch, look.most, keep)
    rolled, sketch = smaller is not sketch, smaller
    if look.reduce:
        sketch = reduced(sketch)
    shown = sketch
    if look.show != "both":
        part = projected(sketch, look.show.removesuffix("s"))
        shown = part.sketch
        dropped += [f"{key} is shown: it joins too many to be left out." for key in part.kept]
    if look.at is not None:
        shown = as_of(shown, look.at)
    return Composed(sketch, shown, hidden, crowded, rolled, tuple(dropped[:3]))


def _stacked(sketch: Sketch, look: Look, out: Collection[str]) -> Sketch:
    return stacked(sketch, auto=look.stacks, fold=look.fold, unfold=look.unfold, out=out)


def _without(sketch: Sketch, contexts: frozenset[str], keep: Collection[str]) -> frozenset[str]:
    """Return those of some contexts that hold nothing of what is kept."""
    held = {one.key for one in sketch.enclosures if not one.members.isdisjoint(keep)}
    return contexts - held
