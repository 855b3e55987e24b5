"""The lineage as it was at a moment: what came later is left out, what ran then is running."""

from __future__ import annotations

from dataclasses import replace

from lineage_graph.drawing.sketch import Item, Sketch
from lineage_graph.model import Execution, ExecutionState, Node
from lineage_graph.model.labels import end_of


def as_of(sketch: Sketch, moment: int) -> Sketch:
    """Return a sketch as it was at a moment, in ms since the epoch; what has no time is kept."""
    items = {item.key: then for item in sketch.items if (then := _then(item, moment)) is not None}
    lines = tuple(
        line
        for line in sketch.lines
        if line.source in items
        and line.target in items
        and (line.time is None or line.time <= moment)
    )
    return replace(sketch, items=tuple(items.values()), lines=lines)


def _then(item: Item, moment: int) -> Item | None:
    nodes = tuple(
        _node_then(node, moment)
        for node in item.nodes
        if (node.create_time_since_epoch or 0) <= moment
    )
    if not nodes:
        return None
    if nodes == item.nodes:
        return item
    members = item.members
    if item.kind == "stack" and item.of != "context":
        members = tuple(f"{node.kind.value}/{node.id}" for node in nodes)
    return replace(item, nodes=nodes, members=members)


def _node_then(node: Node, moment: int) -> Node:
    end = end_of(node)
    if not isinstance(node, Execution) or end is None or end <= moment:
        return node
    return node.model_copy(update={"last_known_state": ExecutionState.RUNNING})
