"""Merging: two versions of one node become one, independent of the order in which they arrive."""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import Enum
from typing import Any, TypeVar

from lineage_graph.model.nodes import Artifact, Execution, Node
from lineage_graph.model.values import ArtifactState, ExecutionState

NodeT = TypeVar("NodeT", bound=Node)
ALIASES = "also_known_as"
"""A custom property (STRUCT) of nodes that have several names, each under a key of its own: the names of
both versions are kept."""
TOLD = "told"
"""A custom property (STRUCT) of nodes whose tool dates each value: the time of each other custom
property by name, and of the state under ``STATE``, as ints that grow with time."""
STATE = "last_known_state"
STATEMENTS = "statements"
"""A custom property (STRUCT) of nodes whose tool makes statements that are kept word for word, each
under a key of its own: the statements of both versions are kept, each as it was stated first."""
_PROGRESS: Mapping[Enum | None, int] = {
    None: -1,
    ArtifactState.UNKNOWN: 0,
    ExecutionState.UNKNOWN: 0,
    ArtifactState.PENDING: 1,
    ExecutionState.NEW: 1,
    ExecutionState.RUNNING: 2,
}
_SETTLED = 3
_TROUBLE: Mapping[Enum | None, int] = {
    ArtifactState.DELETED: 1,
    ArtifactState.ABANDONED: 2,
    ExecutionState.CANCELED: 1,
    ExecutionState.FAILED: 2,
}


def merged(stored: NodeT, fresh: NodeT) -> NodeT:
    """Return the union of two versions of a node; where they contradict each other, the later one wins.

    The later one has the later update time; of equal times, it is ``fresh``. Two versions give the
    same result in either order. Of three, a value that only the middle one changed is lost where it
    arrives last, unless the versions date each property (``TOLD``): then any number give the same
    result in any order, and of equal times the value that sorts last wins. A final state (complete,
    failed, live, …) is never replaced by one that is not final. The create time is the earlier one;
    a version without an update time leaves the stored one. Id, type, name and origin are those of
    the stored node.
    """
    earlier, later = stored, fresh
    if _updated(fresh) < _updated(stored):
        earlier, later = fresh, stored
    changes: dict[str, Any] = {
        "properties": {**earlier.properties, **later.properties},
        "custom_properties": {**earlier.custom_properties, **later.custom_properties},
        "external_id": later.external_id or earlier.external_id,
        "create_time_since_epoch": _least(
            stored.create_time_since_epoch, fresh.create_time_since_epoch
        ),
        "last_update_time_since_epoch": max(_updated(stored), _updated(fresh)) or None,
    }
    if fresh.last_update_time_since_epoch is None:
        updated = stored.last_update_time_since_epoch
        if updated == stored.create_time_since_epoch:  # never, as far as is known
            updated = changes["create_time_since_epoch"] if updated is not None else None
        changes["last_update_time_since_epoch"] = updated
    if isinstance(earlier, Artifact) and isinstance(later, Artifact):
        changes["uri"] = later.uri or earlier.uri
        changes["state"] = _state(earlier.state, later.state)
    elif isinstance(earlier, Execution) and isinstance(later, Execution):
        states = (earlier.last_known_state, later.last_known_state)
        changes["last_known_state"] = _state(*states)
    if isinstance(_told(stored), dict) and isinstance(_told(fresh), dict):
        changes |= _dated(stored, fresh)
    for name in (STATEMENTS, ALIASES):
        said, saying = (node.custom_properties.get(name) for node in (stored, fresh))
        if isinstance(said, dict) and isinstance(saying, dict):
            together = {name: {**saying, **said}}
            changes["custom_properties"] = {**changes["custom_properties"], **together}
    return stored.model_copy(update=changes)


def _updated(node: Node) -> int:
    return node.last_update_time_since_epoch or node.create_time_since_epoch or 0


def _least(one: int | None, other: int | None) -> int | None:
    known = [moment for moment in (one, other) if moment]
    return min(known, default=None)


def _state(earlier: Enum | None, later: Enum | None) -> Enum | None:
    before, after = (_PROGRESS.get(state, _SETTLED) for state in (earlier, later))
    return later if after >= before else earlier


def _told(node: Node) -> Any:
    return node.custom_properties.get(TOLD)


def _dated(one: Node, other: Node) -> dict[str, Any]:
    """Merge two versions that date each property: the latest value of each wins."""
    said, told = dict(one.custom_properties), dict(_told(one))
    moments = _told(other)
    for name, value in other.custom_properties.items():
        moment = moments.get(name, 0)
        if name == TOLD:
            continue
        if name not in said or moment > told.get(name, 0):
            said[name] = value
        elif moment == told.get(name, 0) and said[name] != value:
            said[name] = max(said[name], value, key=sorted_last)
        told[name] = max(moment, told.get(name, 0))
    changes: dict[str, Any] = {}
    field = "state" if isinstance(one, Artifact) else STATE
    if hasattr(one, field):
        state, told_at = max(
            ((getattr(node, field), _told(node).get(STATE, 0)) for node in (one, other)),
            key=state_rank,
        )
        changes[field] = state
        if told_at:
            told[STATE] = told_at
    return changes | {"custom_properties": {**said, TOLD: told}}


def state_rank(told: tuple[Enum | None, int]) -> tuple[int, int, int, str]:
    """Return a sort key for a state and its time; the greatest wins.

    Of states of the same time, a failure wins.
    """
    state, moment = told
    word = "" if state is None else str(state.value)
    return _PROGRESS.get(state, _SETTLED), moment, _TROUBLE.get(state, 0), word


def sorted_last(value: Any) -> str:
    """Return a sort key for values of the same time; the greatest wins."""
    return json.dumps(value, sort_keys=True, default=str)
