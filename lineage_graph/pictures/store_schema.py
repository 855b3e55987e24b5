"""The schema of a store: labels, relationships and types with counts, properties and examples, and what goes where.

Counts come from what the engines keep count of. Properties, examples and flows come from a sample, the
newest nodes of each type, so that the cost depends on the number of types and not of nodes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lineage_graph.catalog.compose import label_of
from lineage_graph.catalog.graph_schema import LABELS, RELATIONSHIPS, NodeLabel, RelationshipType
from lineage_graph.catalog.names import property_key
from lineage_graph.drawing.picture import Picture, draw
from lineage_graph.model import (
    Artifact,
    Event,
    EventType,
    Execution,
    Kind,
    Node,
    Subgraph,
    Type,
    kind_of,
)
from lineage_graph.store import Find, Store

SAMPLED_NODES = 20
"""Newest nodes of a type whose properties, and whose inputs and outputs, are looked at."""
MAX_TYPES = 200
"""Types that are sampled; of the others only names and declared properties are told."""
MAX_EVENTS = 2000
"""Events of a type's sampled executions that are looked at."""
_LONGEST_EXAMPLE = 60


@dataclass(frozen=True)
class PropertyUse:
    """A property as the graph calls it: its kind, whether the type declares it, how many sampled nodes have it."""

    name: str
    kind: str
    declared: bool
    nodes: int = 0
    example: Any = None


@dataclass(frozen=True)
class TypeUse:
    """A type: its label, how many nodes it has, how many were sampled, and its properties."""

    kind: Kind
    name: str
    version: str
    label: str
    nodes: int
    sampled: int
    properties: tuple[PropertyUse, ...]


@dataclass(frozen=True)
class Flow:
    """Artifacts of a type that executions of a type read or wrote, and how many of the sampled did."""

    artifact_type: str
    event: str
    execution_type: str
    events: int


@dataclass(frozen=True)
class StoreSchema:
    """The schema of a store; ``counts`` is by label of a kind, and by type of relationship."""

    labels: tuple[NodeLabel, ...]
    relationships: tuple[RelationshipType, ...]
    counts: Mapping[str, int]
    types: tuple[TypeUse, ...]
    flows: tuple[Flow, ...]
    note: str

    def picture(self) -> Picture | None:
        """Draw which types of artifacts go into which types of executions; None where nothing is known."""
        events = {(one.artifact_type, one.event, one.execution_type) for one in self.flows}
        artifacts = _numbered(name for name, _, _ in events)
        executions = _numbered(name for _, _, name in events)
        if not events:
            return None
        return draw(
            Subgraph.trusted(
                artifacts=tuple(
                    Artifact(id=number, type=name, name=name) for name, number in artifacts.items()
                ),
                executions=tuple(
                    Execution(id=number, type=name, name=name)
                    for name, number in executions.items()
                ),
                events=tuple(
                    Event(
                        artifact_id=artifacts[artifact],
                        execution_id=executions[execution],
                        type=EventType(event),
                    )
                    for artifact, event, execution in sorted(events)
                ),
            )
        )


def _numbered(names: Iterable[str]) -> dict[str, int]:
    return {name: number for number, name in enumerate(sorted(set(names)), 1)}


def schema_of(store: Store) -> StoreSchema:
    """Return the schema of a store."""
    census = store.pages.census()
    counts = {kind.label: number for kind, number in census.kinds.items()}
    counts |= store.pages.link_counts()
    found = store.types()
    uses: list[TypeUse] = []
    flows: Counter[tuple[str, str, str]] = Counter()
    for type_ in found:
        nodes: tuple[Node, ...] = ()
        number = (census.types or {}).get((type_.kind, type_.name), 0)
        if len(uses) < MAX_TYPES and (number or census.types is None):
            nodes = _newest(store, type_)
            if type_.kind is Kind.EXECUTION:
                flows.update(_flows(store, type_, nodes))
        uses.append(
            TypeUse(
                type_.kind,
                type_.name,
                type_.version,
                label_of(type_.name),
                number,
                len(nodes),
                _properties(type_, nodes),
            )
        )
    note = (
        f"Properties, examples and what goes into which steps are of the newest {SAMPLED_NODES} nodes of "
        f"each type{'' if len(found) <= MAX_TYPES else f', of the first {MAX_TYPES} types'}; "
        "counts are of all."
    )
    told = tuple(Flow(*key, number) for key, number in sorted(flows.items()))
    return StoreSchema(LABELS, RELATIONSHIPS, counts, tuple(uses), told, note)


def _newest(store: Store, type_: Type) -> tuple[Node, ...]:
    wanted = Find(
        kind=type_.kind, type_id=type_.id, descending=True, limit=SAMPLED_NODES, counted=False
    )
    return store.find(wanted).nodes


def _properties(type_: Type, nodes: Iterable[Node]) -> tuple[PropertyUse, ...]:
    declared = {property_key(name): kind.value for name, kind in type_.properties.items()}
    kinds = dict(declared)
    examples: dict[str, Any] = {}
    having: Counter[str] = Counter()
    for node in nodes:
        for custom, values in ((False, node.properties), (True, node.custom_properties)):
            for name, value in values.items():
                key = property_key(name, custom)
                kinds.setdefault(key, kind_of(value).value)
                having[key] += 1
                examples.setdefault(key, _example(value))
    return tuple(
        PropertyUse(name, kind, name in declared, having[name], examples.get(name))
        for name, kind in kinds.items()
    )


def _example(value: Any) -> Any:
    if isinstance(value, (bool, int, float)):
        return value
    text = " ".join(str(value).split())
    return text if len(text) <= _LONGEST_EXAMPLE else f"{text[:_LONGEST_EXAMPLE]}…"


def _flows(store: Store, type_: Type, nodes: Iterable[Node]) -> Counter[tuple[str, str, str]]:
    events = store.events(Kind.EXECUTION, [node.id or 0 for node in nodes])[:MAX_EVENTS]
    artifacts = store.get(Kind.ARTIFACT, {event.artifact_id for event in events})
    types = {node.id: node.type or "" for node in artifacts}
    counted: defaultdict[tuple[str, str, str], int] = defaultdict(int)
    for event in events:
        counted[types.get(event.artifact_id, ""), event.type.value, type_.name] += 1
    return Counter(counted)
