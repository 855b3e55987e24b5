"""Links: events, attributions, associations, parent contexts; and between artifacts: SameAs, ColumnLineage."""

from __future__ import annotations

from collections.abc import Mapping

from lineage_graph.model.values import EventType, Frozen, Kind, PathStep


class Event(Frozen):
    """An execution read or wrote an artifact; ``path`` says under which argument.

    ``milliseconds_since_epoch`` is when; None means now. ``inferred_at`` is set where the tool does
    not report which version was read and a rule inferred it: the time of the read, in µs since the
    epoch. None means that the tool reported the event itself.
    """

    artifact_id: int
    execution_id: int
    type: EventType
    path: tuple[PathStep, ...] = ()
    milliseconds_since_epoch: int | None = None
    inferred_at: int | None = None


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


class SameAs(Frozen):
    """Two artifacts are the same thing, recorded by different tools; the link has no direction.

    ``by`` is the evidence: ``sha256``, ``md5``, ``digest`` or ``uri`` where the rule made the link
    (``model.same_as``), or a word of the client that put it.
    """

    artifact_id: int
    other_id: int
    by: str


class ColumnLineage(Frozen):
    """A column of one artifact was made from a column of another, in the direction data flows.

    ``kind`` is how, in the words of the tool: ``DIRECT`` for the value itself, ``INDIRECT`` where it
    only had an influence (a filter, a join); empty where the tool does not report it.
    """

    source_id: int
    source_column: str
    target_id: int
    target_column: str
    kind: str = ""


Link = Event | Attribution | Association | ParentContext | SameAs | ColumnLineage

ENDS: Mapping[str, Mapping[str, Kind]] = {
    "events": {"artifact_id": Kind.ARTIFACT, "execution_id": Kind.EXECUTION},
    "attributions": {"artifact_id": Kind.ARTIFACT, "context_id": Kind.CONTEXT},
    "associations": {"execution_id": Kind.EXECUTION, "context_id": Kind.CONTEXT},
    "parent_contexts": {"child_id": Kind.CONTEXT, "parent_id": Kind.CONTEXT},
    "same_as": {"artifact_id": Kind.ARTIFACT, "other_id": Kind.ARTIFACT},
    "columns": {"source_id": Kind.ARTIFACT, "target_id": Kind.ARTIFACT},
}
"""The links of a Subgraph, by its fields: which attributes name their ends, and of which kind those are."""
