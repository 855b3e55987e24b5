"""What a card that stands for many says of them: how many, their states, the spread of a metric."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from typing import TypeGuard

from lineage_graph.drawing.sketch import Item
from lineage_graph.model import Execution, Node
from lineage_graph.model.labels import called_of, head_of, short_type, state_of, tail

SHOWN = 50  # members a group names
_MAX_NAME_CHARACTERS = 22  # characters of a name that fit into a card
_READ = (
    "accuracy",
    "auc",
    "f1",
    "f1_score",
    "precision",
    "recall",
    "score",
    "loss",
    "rmse",
    "mse",
    "mae",
    "r2",
    "perplexity",
    "bleu",
)
_BAD = ("FAILED", "RUNNING", "NEW", "CANCELED", "ABANDONED", "PENDING")


@dataclass(frozen=True, slots=True)
class Metric:
    """The spread of a number that most members have."""

    name: str
    least: float
    middle: float
    most: float


@dataclass(frozen=True, slots=True)
class Group:
    """What is known of a group's members. ``times`` are the first and the last, in ms.

    ``nodes`` is how many nodes those are, down to the last. ``type`` is that of the folded context, or of what is stacked.
    ``count`` is how many there are, ``members`` names the first of them. ``states`` are those of
    its executions where it has any, else of its artifacts.
    """

    count: int
    states: dict[str, int]
    types: dict[str, int]
    metric: Metric | None
    members: tuple[str, ...]
    times: tuple[int, int] | None
    folds: str
    type: str
    nodes: int


def group_of(item: Item) -> Group:
    """Return what is to be said of a group."""
    moments = [node.create_time_since_epoch for node in item.nodes]
    known = [moment for moment in moments if moment is not None]
    executions = [node for node in item.nodes if isinstance(node, Execution)]
    states = Counter(state_of(node) for node in executions or item.nodes)
    del states[""]
    types = Counter(short_type(node.type or node.kind.label) for node in item.nodes)
    return Group(
        count=len(item.nodes) if item.kind == "context" else len(item.members),
        states=dict(states.most_common()),
        types=dict(types.most_common()),
        metric=None if item.of == "context" else metric_of(item.nodes),
        members=item.members[:SHOWN],
        times=(min(known), max(known)) if known else None,
        folds="context" if item.kind == "context" else "stack",
        type=short_type(item.type or item.of.capitalize()),
        nodes=len(item.nodes),
    )


def metric_of(nodes: Iterable[Node]) -> Metric | None:
    """Return the spread of a number that more than half of the nodes have.

    One that people read comes first (accuracy, auc, loss), else the first by name that differs.
    """
    held: dict[str, list[float]] = {}
    count = 0
    for node in nodes:
        count += 1
        for name, value in {**node.custom_properties, **node.properties}.items():
            if _is_number(value):
                held.setdefault(name, []).append(value)
    common = {name: values for name, values in held.items() if 2 * len(values) > count}
    names = [name for wanted in _READ for name in sorted(common) if name.lower() == wanted]
    names += [name for name in sorted(common) if min(common[name]) < max(common[name])]
    if not names:
        return None
    values = common[names[0]]
    return Metric(names[0], min(values), median(values), max(values))


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def heading_of_group(item: Item, group: Group) -> str:
    """Return a group's first line: what people call a context, or how many of what.

    Those of a stack are called what all are called, or their step, else by their type.
    """
    if item.context is not None:
        return tail(called_of(item.context) or item.context.title, _MAX_NAME_CHARACTERS)
    called = {head_of(node, item.part) for node in item.nodes}
    many = f"{group.count:,} × "
    return many + (
        tail(called.pop(), _MAX_NAME_CHARACTERS - len(many)) if len(called) == 1 else group.type
    )


def text_of_group(item: Item, group: Group) -> str:
    """Return a group's second line: a context's type, a metric's spread, or the states."""
    if item.context is not None:
        return f"{group.type}, {group.count:,} {'node' if group.count == 1 else 'nodes'}"
    if group.metric is not None:
        spread = group.metric
        return f"{spread.name} {spread.least:.4g} – {spread.most:.4g}"
    return ", ".join(
        f"{count:,} {state.lower().replace('_', ' ')}" for state, count in group.states.items()
    )


def state_of_group(group: Group) -> str:
    """Return the state that is most to be noticed, or the one that all have."""
    for state in _BAD:
        if state in group.states:
            return state
    return next(iter(group.states), "")
