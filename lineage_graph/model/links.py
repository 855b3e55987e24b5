"""Links: events, attributions, associations and parent contexts."""

from __future__ import annotations

from lineage_graph.model.values import EventType, Frozen, PathStep


class Event(Frozen):
    """An execution read or wrote an artifact; ``path`` says under which argument.

    ``milliseconds_since_epoch`` is when; None means now.
    """

    artifact_id: int
    execution_id: int
    type: EventType
    path: tuple[PathStep, ...] = ()
    milliseconds_since_epoch: int | None = None


class Attribution(Frozen):
    """An artifact belongs to a context."""

    artifact_id: int
    context_id: int


class Association(Frozen):
    """An execution belongs to a context."""

    execution_id: int
    context_id: int


class ParentContext(Frozen):
    """A context is part of another."""

    child_id: int
    parent_id: int


Link = Event | Attribution | Association | ParentContext
