"""Gathering: what a reader finds, record by record, becomes subgraphs that stand for themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from lineage_graph.model import (
    Artifact,
    ArtifactState,
    ArtifactType,
    Association,
    Attribution,
    BaseType,
    Context,
    ContextType,
    Event,
    EventType,
    Execution,
    ExecutionState,
    ExecutionType,
    Kind,
    Node,
    ParentContext,
    Subgraph,
    Type,
    Value,
)
from lineage_graph.model.merging import merged

NodeT = TypeVar("NodeT", bound=Node)


class Gathering:
    """Collects nodes by their origins, and links between them, until they are taken as a subgraph.

    A node that is named twice is merged (``model.merging``). Each method that takes a node returns
    its local id, which is good until the next ``take``. Properties are custom ones, so that types
    never collide with another tool's; None values are left out. Times are ms since the epoch.
    """

    def __init__(self) -> None:
        self._types: dict[tuple[Kind, str], Type] = {}
        self._begin()

    def _begin(self) -> None:
        self._ids: dict[tuple[Kind, str], int] = {}
        self._nodes: dict[tuple[Kind, int], Node] = {}
        self._links: dict[Any, None] = {}
        self._used: set[tuple[Kind, str]] = set()

    def __len__(self) -> int:
        """How many nodes and links wait to be taken."""
        return len(self._nodes) + len(self._links)

    def artifact(
        self,
        origin: str,
        type: str,
        *,
        base: BaseType | None = None,
        name: str | None = None,
        uri: str = "",
        state: ArtifactState = ArtifactState.LIVE,
        external_id: str | None = None,
        properties: Mapping[str, Value | None] = {},
        created: int | None = None,
        updated: int | None = None,
    ) -> int:
        """Take in an artifact; return its local id."""
        self._type(ArtifactType(name=type, base_type=base))
        fields = _common(origin, type, name, external_id, properties, created, updated)
        return self._node(Artifact(**fields, uri=uri, state=state))

    def execution(
        self,
        origin: str,
        type: str,
        *,
        base: BaseType | None = None,
        name: str | None = None,
        state: ExecutionState = ExecutionState.UNKNOWN,
        external_id: str | None = None,
        properties: Mapping[str, Value | None] = {},
        created: int | None = None,
        updated: int | None = None,
    ) -> int:
        """Take in an execution; return its local id."""
        self._type(ExecutionType(name=type, base_type=base))
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
        """Take in a context; return its local id. Contexts of one type and name are one."""
        self._type(ContextType(name=type))
        fields = _common(origin, type, name, external_id, properties, created, updated)
        return self._node(Context(**fields))

    def stored(self, kind: Kind, origin: str) -> int:
        """Return the local id of a node that an earlier batch or reading brought."""
        if (kind, origin) in self._ids:
            return self._ids[kind, origin]
        made: dict[Kind, type[Node]] = {
            Kind.ARTIFACT: Artifact,
            Kind.EXECUTION: Execution,
            Kind.CONTEXT: Context,
        }
        return self._node(made[kind](origin=origin))

    def event(
        self,
        execution: int,
        artifact: int,
        type: EventType,
        path: tuple[str | int, ...] = (),
        at: int | None = None,
    ) -> None:
        """Say that an execution read or wrote an artifact."""
        link = Event(
            artifact_id=artifact,
            execution_id=execution,
            type=type,
            path=path,
            milliseconds_since_epoch=at,
        )
        self._links.setdefault(link)

    def attribute(self, artifact: int, context: int) -> None:
        """Say that an artifact belongs to a context."""
        self._links.setdefault(Attribution(artifact_id=artifact, context_id=context))

    def associate(self, execution: int, context: int) -> None:
        """Say that an execution belongs to a context."""
        self._links.setdefault(Association(execution_id=execution, context_id=context))

    def nest(self, child: int, parent: int) -> None:
        """Say that a context is part of another."""
        self._links.setdefault(ParentContext(child_id=child, parent_id=parent))

    def take(self) -> Subgraph:
        """Return everything gathered since the last time as one subgraph, and begin anew."""
        types = [self._types[key] for key in sorted(self._used, key=str)]
        fields: dict[str, Any] = {f"{kind.value}_types": [] for kind in Kind}
        fields |= {f"{kind.value}s": [] for kind in Kind}
        fields |= {"events": [], "attributions": [], "associations": [], "parent_contexts": []}
        for type_ in types:
            fields[f"{type_.kind.value}_types"].append(type_)
        for (kind, _), node in self._nodes.items():
            fields[f"{kind.value}s"].append(node)
        homes: dict[Any, str] = {
            Event: "events",
            Attribution: "attributions",
            Association: "associations",
            ParentContext: "parent_contexts",
        }
        for link in self._links:
            fields[homes[type(link)]].append(link)
        self._begin()
        return Subgraph.trusted(**{name: tuple(items) for name, items in fields.items()})

    def _type(self, wanted: Type) -> None:
        key = (wanted.kind, wanted.name)
        self._used.add(key)
        if key not in self._types or wanted.base_type is not None:
            self._types[key] = wanted

    def _node(self, node: Node) -> int:
        key = (node.kind, node.origin or "")
        local = self._ids.get(key)
        if local is None:
            local = self._ids[key] = -len(self._ids) - 1
            self._nodes[node.kind, local] = node.model_copy(update={"id": local})
        elif node.type is not None:
            held = self._nodes[node.kind, local]
            if held.type is None:  # it stood for a stored node until now
                self._nodes[node.kind, local] = node.model_copy(update={"id": local})
            else:
                self._nodes[node.kind, local] = merged(held, node)
        return local


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
