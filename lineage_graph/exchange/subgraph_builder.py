"""Gathering: what a reader finds, record by record, becomes subgraphs that stand for themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from lineage_graph.model import (
    ENDS,
    NODE_CLASSES,
    Artifact,
    ArtifactState,
    ArtifactType,
    Association,
    Attribution,
    BaseType,
    ColumnLineage,
    Context,
    ContextType,
    Event,
    EventType,
    Execution,
    ExecutionState,
    ExecutionType,
    Kind,
    Link,
    Node,
    ParentContext,
    Ref,
    Revision,
    SameAs,
    Subgraph,
    Type,
    Value,
)
from lineage_graph.model.merging import merged

NodeT = TypeVar("NodeT", bound=Node)


class SubgraphBuilder:
    """Collects nodes by their origins, and links between them, until they are taken as a subgraph.

    A node that is named twice is merged (``model.merging``). Each method that takes a node returns
    its local id, which is good until the next ``take``. Properties are custom ones, so that types
    never collide with another tool's; None values are left out. Times are ms since the epoch.
    """

    def __init__(self) -> None:
        self._types: dict[tuple[Kind, str, str], Type] = {}
        self._begin()

    def _begin(self) -> None:
        self._ids: dict[tuple[Kind, str], int] = {}
        self._nodes: dict[tuple[Kind, int], Node] = {}
        self._links: dict[tuple[Any, ...], int | None] = {}
        self._inferred: dict[tuple[Any, ...], int] = {}
        self._taken_back: list[Event | ColumnLineage | Ref] = []
        self._used: set[tuple[Kind, str, str]] = set()

    def __len__(self) -> int:
        """How many nodes and links wait to be taken, or to be taken back."""
        return len(self._nodes) + len(self._links) + len(self._taken_back)

    def artifact(
        self,
        origin: str,
        type: str,
        *,
        base: BaseType | None = None,
        name: str | None = None,
        uri: str = "",
        state: ArtifactState | None = ArtifactState.LIVE,
        external_id: str | None = None,
        properties: Mapping[str, Value | None] = {},
        created: int | None = None,
        updated: int | None = None,
    ) -> int:
        """Take in an artifact; return its local id."""
        self._type(ArtifactType, type, base)
        fields = _common(origin, type, name, external_id, properties, created, updated)
        return self._node(Artifact(**fields, uri=uri, state=state))

    def execution(
        self,
        origin: str,
        type: str,
        *,
        base: BaseType | None = None,
        name: str | None = None,
        state: ExecutionState | None = None,
        external_id: str | None = None,
        properties: Mapping[str, Value | None] = {},
        created: int | None = None,
        updated: int | None = None,
    ) -> int:
        """Take in an execution; return its local id."""
        self._type(ExecutionType, type, base)
        fields = _common(origin, type, name, external_id, properties, created, updated)
        return self._node(Execution(**fields, last_known_state=state))

    def context(
        self,
        origin: str,
        type: str,
        name: str,
        *,
        external_id: str | None = None,
        properties: Mapping[str, Value | None] = {},
        created: int | None = None,
        updated: int | None = None,
    ) -> int:
        """Take in a context; return its local id."""
        self._type(ContextType, type)
        fields = _common(origin, type, name, external_id, properties, created, updated)
        return self._node(Context(**fields))

    def node(self, node: Node) -> int:
        """Take in a node as it is, with its origin; return its local id. Its type is told by ``type``."""
        return self._node(node)

    def local(self, kind: Kind, origin: str) -> int:
        """Return the local id of a node that is taken in before all is taken, if not already."""
        return self._ids.setdefault((kind, origin), -len(self._ids) - 1)

    def define(self, type: Type) -> None:
        """Take in a type as it is, of which nodes may be that were taken in as they are."""
        key = (type.kind, type.name, type.version)
        self._used.add(key)
        self._types[key] = type

    def stored(self, kind: Kind, origin: str) -> int:
        """Return the local id of a node that an earlier batch or reading brought."""
        if (kind, origin) in self._ids:
            return self._ids[kind, origin]
        return self._node(NODE_CLASSES[kind](origin=origin))

    def event(
        self,
        execution: int,
        artifact: int,
        type: EventType,
        path: tuple[str | int, ...] = (),
        at: int | None = None,
        inferred_at: int | None = None,
    ) -> None:
        """Say that an execution read or wrote an artifact; of several times the earliest stands.

        Told is told: an event is inferred (``model.Event``) where nobody says otherwise.
        """
        key = ("events", artifact, execution, type, path)
        if inferred_at is None:
            self._inferred.pop(key, None)
        elif key not in self._links or key in self._inferred:
            self._inferred[key] = min(inferred_at, self._inferred.get(key, inferred_at))
        held = self._links.setdefault(key, at)
        if held is not None and at is not None and at < held:
            self._links[key] = at

    def take_back(self, *stored: Event | ColumnLineage | Ref) -> None:
        """Say what of the store does not hold any more, by the store's ids (``model.Revision``)."""
        self._taken_back += stored

    def attribute(self, artifact: int, context: int) -> None:
        """Say that an artifact belongs to a context."""
        self._links.setdefault(("attributions", artifact, context))

    def associate(self, execution: int, context: int) -> None:
        """Say that an execution belongs to a context."""
        self._links.setdefault(("associations", execution, context))

    def nest(self, child: int, parent: int) -> None:
        """Say that a context is part of another."""
        self._links.setdefault(("parent_contexts", child, parent))

    def column(
        self, source: int, source_column: str, target: int, target_column: str, kind: str = ""
    ) -> None:
        """Say that a column of one artifact was made from a column of another."""
        self._links.setdefault(("columns", source, source_column, target, target_column, kind))

    def same(self, artifact: int, other: int, by: str) -> None:
        """Say that two artifacts are the same thing, and what tells so."""
        self._links.setdefault(("same_as", artifact, other, by))

    def take(self) -> Subgraph:
        """Return everything gathered since the last time as one subgraph, and begin anew."""
        types = [self._types[key] for key in sorted(self._used, key=str)]
        fields: dict[str, Any] = {f"{kind.value}_types": [] for kind in Kind}
        fields |= {f"{kind.value}s": [] for kind in Kind}
        fields |= {name: [] for name in ENDS}
        for type_ in types:
            fields[f"{type_.kind.value}_types"].append(type_)
        for (kind, _), node in self._nodes.items():
            fields[f"{kind.value}s"].append(node)
        for key, at in self._links.items():
            home, *ends = key
            fields[home].append(_link(home, ends, at, self._inferred.get(key)))
        made: type[Subgraph] = Subgraph
        if self._taken_back:
            made, fields["taken_back"] = Revision, self._taken_back
        self._begin()
        return made.trusted(**{name: tuple(items) for name, items in fields.items()})

    def _type(self, made: type[Type], name: str, base: BaseType | None = None) -> None:
        key = (made.kind, name, "")
        self._used.add(key)
        held = self._types.get(key)
        if held is None or (base is not None and held.base_type is not base):
            self._types[key] = made(name=name, base_type=base)

    def _node(self, node: Node) -> int:
        key = (node.kind, node.origin or "")
        local = self.local(*key)
        held = self._nodes.get((node.kind, local))
        if held is None or (held.type is None and node.type is not None):  # or a stand-in until now
            self._nodes[node.kind, local] = node.model_copy(update={"id": local})
        elif node.type is not None:
            self._nodes[node.kind, local] = merged(held, node)
        return local


def _link(home: str, ends: list[Any], at: int | None, inferred_at: int | None) -> Link:
    if home == "events":
        artifact, execution, type_, path = ends
        return Event.built(
            artifact_id=artifact,
            execution_id=execution,
            type=type_,
            path=path,
            milliseconds_since_epoch=at,
            inferred_at=inferred_at,
        )
    if home == "columns":
        return ColumnLineage.built(**dict(zip(ColumnLineage.model_fields, ends, strict=True)))
    if home == "same_as":
        return SameAs.built(**dict(zip(SameAs.model_fields, ends, strict=True)))
    one, other = ends
    if home == "attributions":
        return Attribution.built(artifact_id=one, context_id=other)
    if home == "associations":
        return Association.built(execution_id=one, context_id=other)
    return ParentContext.built(child_id=one, parent_id=other)


def _common(
    origin: str,
    type_name: str,
    name: str | None,
    external_id: str | None,
    properties: Mapping[str, Value | None],
    created: int | None,
    updated: int | None,
) -> dict[str, Any]:
    return {
        "origin": origin,
        "type": type_name,
        "name": name,
        "external_id": external_id,
        "custom_properties": {k: v for k, v in properties.items() if v is not None},
        "create_time_since_epoch": created,
        "last_update_time_since_epoch": updated or created,
    }
