"""Subgraph: the value that all layers exchange, and the unit of a transaction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import model_validator

from lineage_graph.model.links import (
    ENDS,
    Association,
    Attribution,
    ColumnLineage,
    Event,
    ParentContext,
    SameAs,
)
from lineage_graph.model.nodes import Artifact, Context, Execution, Node, Ref
from lineage_graph.model.types import ArtifactType, ContextType, ExecutionType, Type
from lineage_graph.model.values import Frozen, Kind

_SINGULAR = {"same_as": "same as"}


@dataclass(frozen=True)
class Degree:
    """How many nodes are one hop away, each way. A hop is an event or a SAME_AS link."""

    upstream: int
    downstream: int


class Subgraph(Frozen):
    """Types, nodes and links that belong together; frozen, no I/O.

    Negative ids are local to the Subgraph: every negative id a link or a ``type_id`` names must be
    the id of a node or type of the same Subgraph. Positive ids are the store's.
    """

    artifact_types: tuple[ArtifactType, ...] = ()
    execution_types: tuple[ExecutionType, ...] = ()
    context_types: tuple[ContextType, ...] = ()
    artifacts: tuple[Artifact, ...] = ()
    executions: tuple[Execution, ...] = ()
    contexts: tuple[Context, ...] = ()
    events: tuple[Event, ...] = ()
    attributions: tuple[Attribution, ...] = ()
    associations: tuple[Association, ...] = ()
    parent_contexts: tuple[ParentContext, ...] = ()
    same_as: tuple[SameAs, ...] = ()
    columns: tuple[ColumnLineage, ...] = ()

    @model_validator(mode="after")
    def _check_ids(self) -> Subgraph:
        known = {kind: _unique_ids(kind.value, self.nodes_of(kind)) for kind in Kind}
        local_types = _unique_ids("type", self.types)
        for node in self.nodes:
            _check_local(node.type_id, local_types, f"{node.kind.value} type_id")
        for name, ends in ENDS.items():
            what = _SINGULAR.get(name, name.replace("_", " ").removesuffix("s"))
            for link in getattr(self, name):
                for end, kind in ends.items():
                    _check_local(getattr(link, end), known[kind], f"{what} {end}")
        return self

    @classmethod
    def trusted(cls, **fields: Any) -> Subgraph:
        """Return a subgraph of tuples that are known to be valid, without checking them again."""
        return cls.model_construct(None, **fields)

    @property
    def types(self) -> tuple[Type, ...]:
        """All types: artifact types, execution types, context types."""
        return (*self.artifact_types, *self.execution_types, *self.context_types)

    @property
    def nodes(self) -> Iterator[Node]:
        """All nodes: artifacts, executions, contexts."""
        yield from self.artifacts
        yield from self.executions
        yield from self.contexts

    def nodes_of(self, kind: Kind) -> tuple[Node, ...]:
        """The nodes of one kind."""
        by_kind: dict[Kind, tuple[Node, ...]] = {
            Kind.ARTIFACT: self.artifacts,
            Kind.EXECUTION: self.executions,
            Kind.CONTEXT: self.contexts,
        }
        return by_kind[kind]

    def __len__(self) -> int:
        """How many nodes."""
        return len(self.artifacts) + len(self.executions) + len(self.contexts)

    def __bool__(self) -> bool:
        """True unless it has no type, no node and no link."""
        return any(getattr(self, name) for name in type(self).model_fields)

    def __add__(self, other: Subgraph) -> Subgraph:
        """Return the union; a node, type or link in both (same id, or equal) is in it once."""
        merged = {}
        for name in type(self).model_fields:
            seen: dict[object, None] = {}
            for item in (*getattr(self, name), *getattr(other, name)):
                seen.setdefault(_identity(item), item)
            merged[name] = tuple(seen.values())
        return Subgraph.model_validate(merged)


class Revision(Subgraph):
    """A subgraph that also lists what a put must delete from the store, by the store's ids.

    A put deletes these before it writes: links, and artifacts that then have no event left.
    """

    taken_back: tuple[Event | ColumnLineage | Ref, ...] = ()


def _identity(item: object) -> object:
    if isinstance(item, (Node, Type)):
        return item.id if item.id is not None else id(item)
    return item


def _unique_ids(what: str, items: tuple[Node, ...] | tuple[Type, ...]) -> set[int]:
    ids: set[int] = set()
    for item in items:
        if item.id is None:
            continue
        if item.id in ids:
            raise ValueError(f"two of the {what}s have the id {item.id}")
        ids.add(item.id)
    return ids


def _check_local(given: int | None, known: set[int], where: str) -> None:
    if given is not None and given < 0 and given not in known:
        raise ValueError(f"{where} {given} is a local id that names nothing in this subgraph")
