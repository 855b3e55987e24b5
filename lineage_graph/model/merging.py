"""Merging: two accounts of one node made into one, in whichever order they come."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import TypeVar

from lineage_graph.model.nodes import Artifact, Execution, Node
from lineage_graph.model.values import ArtifactState, ExecutionState

NodeT = TypeVar("NodeT", bound=Node)
_PROGRESS: Mapping[Enum, int] = {
    ArtifactState.UNKNOWN: 0,
    ExecutionState.UNKNOWN: 0,
    ArtifactState.PENDING: 1,
    ExecutionState.NEW: 1,
    ExecutionState.RUNNING: 2,
}
_SETTLED = 3


def merged(stored: NodeT, fresh: NodeT) -> NodeT:
    """Return one node that says what both say; where they contradict each other, the later one is right.

    Later is what was updated later, and of two equal times the fresh one. Two accounts give the same
    in either order; of three, a value that only the middle one changed is lost where it comes last,
    for no property keeps its own time. A state that is settled
    (complete, failed, live, …) is never taken back by one that is not. The node came to be when the
    earlier account says. It is the stored node: its id, type, name and origin stay.
    """
    earlier, later = stored, fresh
    if _updated(fresh) < _updated(stored):
        earlier, later = fresh, stored
    changes: dict[str, object] = {
        "properties": {**earlier.properties, **later.properties},
        "custom_properties": {**earlier.custom_properties, **later.custom_properties},
        "external_id": later.external_id or earlier.external_id,
        "create_time_since_epoch": _least(
            stored.create_time_since_epoch, fresh.create_time_since_epoch
        ),
        "last_update_time_since_epoch": max(_updated(stored), _updated(fresh)) or None,
    }
    if isinstance(earlier, Artifact) and isinstance(later, Artifact):
        changes["uri"] = later.uri or earlier.uri
        changes["state"] = _state(earlier.state, later.state)
    elif isinstance(earlier, Execution) and isinstance(later, Execution):
        states = (earlier.last_known_state, later.last_known_state)
        changes["last_known_state"] = _state(*states)
    return stored.model_copy(update=changes)


def _updated(node: Node) -> int:
    return node.last_update_time_since_epoch or node.create_time_since_epoch or 0


def _least(one: int | None, other: int | None) -> int | None:
    known = [moment for moment in (one, other) if moment]
    return min(known, default=None)


def _state(earlier: Enum, later: Enum) -> Enum:
    before, after = (_PROGRESS.get(state, _SETTLED) for state in (earlier, later))
    return later if after >= before else earlier
