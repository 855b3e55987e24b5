"""W3C PROV documents of what the graph holds, in PROV-JSON and PROV-N.

| in the graph | PROV |
|---|---|
| artifact, execution, context | entity, activity, agent; see ``vocabulary`` |
| input, output | used, wasGeneratedBy; ``lg:event`` says the event's type, ``lg:path`` its path, ``lg:inferredAt`` (µs) that the version was inferred |
| attribution, association, parent context | wasAttributedTo, wasAssociatedWith, actedOnBehalfOf |
| the same as | alternateOf |
| type | an entity of the type ``lg:Type`` |
| what came from a PROV document | the statements it was told by, word for word |

Read again by ``ProvSource`` it gives the same, but for: ids (each node has its old one in its origin),
column lineage, by what things are the same (the rule links them again), and, of nodes that came from
PROV, what no document told: links between them, and what was added to them since. The whole
document is made in memory.
"""

from __future__ import annotations

import json
import warnings
from collections import Counter
from collections.abc import Iterable
from typing import IO, Any

from prov.identifier import QualifiedName
from prov.model import Literal, ProvDocument

from lineage_graph.exchange.prov.statements import Document
from lineage_graph.exchange.prov.things import ORIGIN
from lineage_graph.exchange.prov.vocabulary import (
    EVENT,
    INFERRED,
    PATH,
    STRUCT,
    TIME,
    Attributes,
    attributes_of,
    foreign_name,
    moment_of,
    name_of,
    type_of,
)
from lineage_graph.exchange.writing import About
from lineage_graph.model import (
    Event,
    Execution,
    ExecutionState,
    Kind,
    Node,
    Subgraph,
    Type,
)
from lineage_graph.model.merging import STATEMENTS

_ENDED = (ExecutionState.COMPLETE, ExecutionState.FAILED, ExecutionState.CANCELED)

_TypeKey = tuple[Kind, str, str]


def write_json(batches: Iterable[Subgraph], stream: IO[bytes], about: About) -> Counter[str]:
    """Write PROV-JSON; return what was left out."""
    return _write(batches, stream, about, "json")


def write_provn(batches: Iterable[Subgraph], stream: IO[bytes], about: About) -> Counter[str]:
    """Write PROV-N; return what was left out."""
    return _write(batches, stream, about, "provn")


def _write(
    batches: Iterable[Subgraph], stream: IO[bytes], about: About, format: str
) -> Counter[str]:
    made = _Made(about.store)
    with warnings.catch_warnings():
        # The library warns of names that PROV-N writes with %XX; to us both spellings are one name.
        warnings.simplefilter("ignore")
        for batch in batches:
            made.add(batch)
        made.finish()
        made.document.serialize(stream, format=format)
    return made.lost


class _Made:
    """A document in the making."""

    def __init__(self, store: str) -> None:
        self._store = store
        self._whole = Document()
        self._names: dict[tuple[Kind, int], QualifiedName] = {}
        self._types: dict[_TypeKey, Type] = {}
        self._ids: dict[tuple[Kind, int], Type] = {}
        self._own_types: set[_TypeKey] = set()
        self._foreign_types: set[_TypeKey] = set()
        self._foreign: set[tuple[Kind, int]] = set()
        self.lost: Counter[str] = Counter()

    @property
    def document(self) -> ProvDocument:
        return self._whole.document

    def add(self, batch: Subgraph) -> None:
        """Add what a batch holds; its links may name nodes of batches before."""
        for type_ in batch.types:
            key = (type_.kind, type_.name, type_.version)
            self._types[key] = type_
            if type_.id is not None:
                self._ids[type_.kind, type_.id] = type_
        for node in batch.nodes:
            self._node(node)
        for event in batch.events:
            self._event(event)
        artifact, execution, context = Kind
        for held in batch.attributions:
            self._belongs("attribution", (artifact, held.artifact_id), (context, held.context_id))
        for one in batch.associations:
            self._belongs("association", (execution, one.execution_id), (context, one.context_id))
        for part in batch.parent_contexts:
            self._belongs("delegation", (context, part.child_id), (context, part.parent_id))
        for same in batch.same_as:
            self._belongs("alternate", (artifact, same.artifact_id), (artifact, same.other_id))
        if batch.columns:
            self.lost["links between columns"] += len(batch.columns)

    def finish(self) -> None:
        """Add the types, but those that only things of PROV have."""
        for key, type_ in self._types.items():
            if key in self._own_types or key not in self._foreign_types:
                self.document.entity(*type_of(type_))

    def _node(self, node: Node) -> None:
        key = (node.kind, node.id or 0)
        type_ = self._ids.get((node.kind, node.type_id or 0))
        if node.type is None and type_ is not None:
            node = node.model_copy(update={"type": type_.name, "type_version": type_.version})
        foreign = (node.origin or "").startswith(ORIGIN)
        uri = (node.origin or "").removeprefix(ORIGIN)
        self._names[key] = foreign_name(uri) if foreign else name_of(self._store, *key)
        for kept in _statements(node):
            try:
                self._whole.put_back(kept)
            except ValueError:
                self.lost["statements that are not as they were read"] += 1
        used = (node.kind, node.type or "", node.type_version or "")
        if foreign:
            self._foreign.add(key)
            self._foreign_types.add(used)
            return
        self._own_types.add(used)
        name = self._names[key]
        attributes = attributes_of(node)
        if isinstance(node, Execution):
            ended = node.last_known_state in _ENDED
            start = moment_of(node.create_time_since_epoch)
            end = moment_of(node.last_update_time_since_epoch) if ended else None
            self.document.activity(name, start, end, attributes)
        elif node.kind is Kind.ARTIFACT:
            self.document.entity(name, attributes)
        else:
            self.document.agent(name, attributes)

    def _event(self, event: Event) -> None:
        ends = (Kind.ARTIFACT, event.artifact_id), (Kind.EXECUTION, event.execution_id)
        names = self._ends(*ends)
        if names is None:
            return
        entity, activity = names
        said: Attributes = [(EVENT, event.type.value)]
        if event.path:
            said.append((PATH, Literal(json.dumps(event.path, ensure_ascii=False), STRUCT)))
        at = event.milliseconds_since_epoch
        time = moment_of(at)
        if at is not None and (time is None or at < 0):  # times before 1970 are read as none
            said.append((TIME, at))
        if event.inferred_at is not None:
            said.append((INFERRED, event.inferred_at))
        if event.type.is_input:
            self.document.usage(activity, entity, time, other_attributes=said)
        else:
            self.document.generation(entity, activity, time, other_attributes=said)

    def _belongs(self, relation: str, *ends: tuple[Kind, int]) -> None:
        names = self._ends(*ends)
        if names is not None:
            getattr(self.document, relation)(*names)

    def _ends(self, *ends: tuple[Kind, int]) -> list[QualifiedName] | None:
        """Return the names of what a link links; None where PROV's own statements tell of it."""
        if all(end in self._foreign for end in ends):
            return None
        found = [self._names.get(end) for end in ends]
        known = [name for name in found if name is not None]
        if len(known) < len(found):
            self.lost["links to nodes that are not written"] += 1
            return None
        return known


def _statements(node: Node) -> Iterable[Any]:
    kept = node.custom_properties.get(STATEMENTS)
    return kept.values() if isinstance(kept, dict) else ()
