"""The things a document tells of, what links them, and how both become nodes and links."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from prov.identifier import Identifier, QualifiedName

from lineage_graph.exchange.prov.spelling import readable, spelt
from lineage_graph.exchange.prov.told import ProvStatements, names
from lineage_graph.exchange.prov.vocabulary import origin_of, type_for
from lineage_graph.exchange.subgraph_builder import SubgraphBuilder
from lineage_graph.model import ArtifactState, EventType, ExecutionState, Kind, Subgraph, Type

ORIGIN = "prov:"
_BATCH = 2000  # nodes and links
_LONGEST_ORIGIN = 1000  # characters; indexes take no long ones
Path = tuple[str | int, ...]


class Things:
    """Things by their kind and URI, and the links between them, until they are given as subgraphs."""

    def __init__(self) -> None:
        self._things: dict[tuple[Kind, str], ProvStatements] = {}
        self._types: dict[tuple[Kind, str, str], Type] = {}
        self._links: dict[tuple[Any, ...], int | None] = {}
        self._inferred: list[tuple[ProvStatements, ProvStatements, EventType]] = []
        self._above: dict[str, set[str]] = {}

    def define(self, type_: Type) -> None:
        """Take in a type of ours."""
        self._types[type_.kind, type_.name, type_.version] = type_

    def thing(self, kind: Kind, name: Identifier) -> ProvStatements:
        """Return the thing that a name means."""
        uri = spelt(name.uri)
        thing = self._things.get((kind, uri))
        if thing is None:
            local, namespace = name.uri, ""
            if isinstance(name, QualifiedName):
                local, namespace = name.localpart or name.uri, name.namespace.uri
            thing = self._things[kind, uri] = ProvStatements(kind, uri, readable(local), namespace)
        return thing

    def any(self, name: Identifier) -> ProvStatements:
        """Return the thing of any kind that a name means; an artifact, where none was told of."""
        known = (self._things.get((kind, spelt(name.uri))) for kind in Kind)
        return next(filter(None, known), None) or self.thing(Kind.ARTIFACT, name)

    def nothing(self) -> ProvStatements:
        """Return what keeps statements that name no thing at all."""
        about = "statements about nothing"
        key = (Kind.CONTEXT, about)
        return self._things.setdefault(
            key, ProvStatements(*key, about, "", stand_in="prov.Document")
        )

    def event(
        self,
        execution: ProvStatements | None,
        artifact: ProvStatements | None,
        type_: EventType,
        path: Path = (),
        at: int | None = None,
        inferred_at: int | None = None,
    ) -> None:
        """Say that an execution read or wrote an artifact, where there are both."""
        if execution is not None and artifact is not None:
            key = ("event", execution.key, artifact.key, type_, path, inferred_at)
            held = self._links.get(key)
            self._links[key] = at if held is None else min(held, at or held)

    def infer(self, execution: ProvStatements, artifact: ProvStatements, type_: EventType) -> None:
        """Say so where nothing else says it."""
        self._inferred.append((execution, artifact, type_))

    def belong(self, thing: ProvStatements, context: ProvStatements | None) -> None:
        """Say that an artifact or an execution belongs to a context."""
        if context is not None and thing.kind is not Kind.CONTEXT:
            link = "attribute" if thing.kind is Kind.ARTIFACT else "associate"
            self._links[link, thing.key, context.key] = None

    def nest(self, child: ProvStatements, parent: ProvStatements) -> None:
        """Say that a context is part of another, unless that would go round in a circle."""
        if not self._reaches(parent.uri, child.uri):
            self._above.setdefault(child.uri, set()).add(parent.uri)
            self._links["nest", child.key, parent.key] = None

    def through(
        self, source: ProvStatements, target: ProvStatements, type_: str, *uris: str
    ) -> None:
        """Link two artifacts through an execution, or two executions through an artifact.

        Links of the same ``uris`` (else: of the same two) go through the same one.
        """
        between = Kind.EXECUTION if source.kind is Kind.ARTIFACT else Kind.ARTIFACT
        parts = (type_, *(uris or (target.uri, source.uri)))
        digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
        key = (between, f"{type_}:{digest}")
        middle = self._things.setdefault(key, ProvStatements(*key, "", "", stand_in=type_))
        if between is Kind.EXECUTION:
            self.event(middle, source, EventType.INPUT)
            self.event(middle, target, EventType.OUTPUT)
        else:
            self.event(source, middle, EventType.OUTPUT)
            self.event(target, middle, EventType.INPUT)

    def batches(self) -> Iterator[Subgraph]:
        """Yield everything: nodes first, then the links between them."""
        known = {link[1:4] for link in self._links if link[0] == "event"}
        for execution, artifact, type_ in self._inferred:
            if (execution.key, artifact.key, type_) not in known:
                self.event(execution, artifact, type_)
        gathering = SubgraphBuilder()
        for type_told in self._types.values():
            gathering.define(type_told)
        called = names(self._things.values())
        for key, thing in self._things.items():
            self._gather(gathering, thing, called[key])
            if len(gathering) >= _BATCH:
                yield gathering.take()
        for (link, one, other, *rest), at in self._links.items():
            ends = (self._local(gathering, one), self._local(gathering, other))
            if link == "event":
                gathering.event(*ends, rest[0], rest[1], at, rest[2])
            else:
                getattr(gathering, link)(*ends)
            if len(gathering) >= _BATCH:
                yield gathering.take()
        yield gathering.take()

    def _gather(self, gathering: SubgraphBuilder, thing: ProvStatements, called: str) -> None:
        if thing.node is not None:
            key = (thing.kind, thing.node.type or "", thing.node.type_version or "")
            gathering.define(self._types.get(key) or type_for(thing.node))
            gathering.node(thing.node)
            return
        common: dict[str, Any] = {
            "properties": thing.properties,
            "created": min(thing.times, default=None),
            "updated": max(thing.times, default=None),
        }
        name, origin = called or None, self._origin(thing)
        if thing.kind is Kind.ARTIFACT:
            state = ArtifactState.DELETED if thing.gone else None
            gathering.artifact(
                origin, thing.type, name=name, uri=thing.location, state=state, **common
            )
        elif thing.kind is Kind.EXECUTION:
            state_ = ExecutionState.COMPLETE if thing.ended else None
            gathering.execution(origin, thing.type, name=name, state=state_, **common)
        else:
            gathering.context(origin, thing.type, called, **common)

    def _local(self, gathering: SubgraphBuilder, key: tuple[Kind, str]) -> int:
        return gathering.stored(key[0], self._origin(self._things[key]))

    def _origin(self, thing: ProvStatements) -> str:
        if thing.node is not None:
            return thing.node.origin or ""
        if (ours := origin_of(thing.uri)) is not None:
            return ours
        if len(thing.uri) <= _LONGEST_ORIGIN:
            return f"{ORIGIN}{thing.uri}"
        return f"{ORIGIN}sha256:{hashlib.sha256(thing.uri.encode()).hexdigest()}"

    def _reaches(self, start: str, wanted: str) -> bool:
        seen, pending = {start}, [start]
        while pending:
            one = pending.pop()
            if one == wanted:
                return True
            for parent in self._above.get(one, ()):
                if parent not in seen:
                    seen.add(parent)
                    pending.append(parent)
        return False
