"""Ancestry: what each node of a graph was made from, in slots that a role and a position name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lineage_graph.model import (
    Artifact,
    Event,
    EventType,
    Execution,
    ExecutionState,
    Kind,
    Ref,
    Subgraph,
)
from lineage_graph.model.labels import called_of, short_type
from lineage_graph.questions.differences.facts import OF_JOBS
from lineage_graph.questions.nesting import ANYWHERE, NestingPlace
from lineage_graph.questions.roles import is_run


@dataclass(frozen=True)
class Slot:
    """One thing a node was made from.

    ``role`` is the key under which an execution read or wrote an artifact, the artifact's type where
    the event has no key. ``position`` are the indices of the event's path.
    """

    role: str
    position: tuple[int, ...]
    ref: Ref


class Ancestry:
    """What lies directly above each node: of an execution its inputs, of an artifact its makers.

    A maker is an execution that really made the artifact. One that took it out of a cache and one
    that only looked it up (a resolver, which writes INTERNAL_OUTPUT) are left out where another is
    known; where none is, the earliest of them stands for it. ``places`` tells where executions stand
    in their runs.
    """

    def __init__(self, graph: Subgraph, places: Mapping[Ref, NestingPlace] | None = None) -> None:
        self._places = places or {}
        nodes: tuple[Artifact | Execution, ...] = (*graph.artifacts, *graph.executions)
        self.nodes: Mapping[Ref, Artifact | Execution] = {node.ref: node for node in nodes}
        self._addresses = {artifact.uri for artifact in graph.artifacts if artifact.uri}
        self._contexts = {context.id: context for context in graph.contexts}
        self._contexts_of: dict[Ref, list[int]] = defaultdict(list)
        for link in graph.associations:
            self._contexts_of[Ref(Kind.EXECUTION, link.execution_id)].append(link.context_id)
        read: dict[Ref, list[Event]] = defaultdict(list)
        wrote: dict[Ref, list[Event]] = defaultdict(list)
        made: dict[Ref, list[Event]] = defaultdict(list)
        for event in graph.events:
            artifact, execution = _ends(event)
            if artifact not in self.nodes or execution not in self.nodes:
                continue
            if event.type.is_input:
                read[execution].append(event)
            else:
                made[artifact].append(event)
                if event.type is not EventType.INTERNAL_OUTPUT:
                    wrote[execution].append(event)
        self._above = {ref: self._slots(events) for ref, events in read.items()}
        self._above |= {ref: self._makers(events) for ref, events in made.items()}
        self._outputs = {ref: self._slots(events) for ref, events in wrote.items()}

    def above(self, ref: Ref) -> tuple[Slot, ...]:
        """What a node was made from, by role, then by position."""
        return self._above.get(ref, ())

    def outputs(self, execution: Ref) -> tuple[Slot, ...]:
        """What an execution wrote, by role, then by position; not what it only looked up."""
        return self._outputs.get(execution, ())

    def origin(self, execution: Ref) -> Ref:
        """The execution that made what a cached one only handed on; itself where that is not known.

        A cached execution keeps less than the one whose results it took: of parameters often only
        those that were set beforehand.
        """
        node = self.nodes[execution]
        if isinstance(node, Execution) and node.last_known_state is ExecutionState.CACHED:
            makers = {
                maker.ref for slot in self.outputs(execution) for maker in self.above(slot.ref)
            }
            if len(makers) == 1 and self.nodes[found := makers.pop()].type == node.type:
                return found
        return execution

    def upstream(self, refs: Iterable[Ref]) -> set[Ref]:
        """The nodes and everything they were made from."""
        reached: set[Ref] = set()
        waiting = list(refs)
        while waiting:
            ref = waiting.pop()
            if ref not in reached:
                reached.add(ref)
                waiting += (slot.ref for slot in self.above(ref))
        return reached

    def is_address(self, value: object) -> bool:
        """True for the uri of one of the artifacts."""
        return isinstance(value, str) and value in self._addresses

    def step(self, execution: Ref) -> str:
        """The name of the step an execution was: its context's, its OpenLineage job's, its Kubeflow task's, else its type's."""
        names = sorted(
            context.step_name
            for i in self._contexts_of.get(execution, ())
            if (context := self._contexts.get(i)) is not None and context.is_step
        )
        node = self.nodes[execution]
        job = node.custom_properties.get("job") if node.type in OF_JOBS else None
        if not names and isinstance(job, str):
            return job
        if not names and isinstance(node.custom_properties.get("task_name"), str):
            return called_of(node) or short_type(node.type or "execution")
        return short_type(names[0] if names else node.type or "execution")

    def place(self, execution: Ref) -> NestingPlace:
        """Where an execution stands in its run, as far as that is told."""
        return self._places.get(execution, ANYWHERE)

    def run(self, ref: Ref) -> str:
        """The name of the run in which a node was made; nothing where none is known."""
        if ref.kind is Kind.ARTIFACT:
            makers = self.above(ref)
            return self.run(makers[0].ref) if makers else ""
        found = (self._contexts.get(i) for i in sorted(self._contexts_of.get(ref, ())))
        return next((c.title for c in found if c is not None and is_run(c)), "")

    def _slots(self, events: Iterable[Event]) -> tuple[Slot, ...]:
        """Slots of what an execution read or wrote, each artifact once under a role."""
        slots: dict[tuple[str, Ref], Slot] = {}
        for event in sorted(events, key=_in_order):
            artifact, _ = _ends(event)
            keys = [step for step in event.path if isinstance(step, str)]
            role = ".".join(keys) or short_type(self.nodes[artifact].type or "artifact")
            position = tuple(step for step in event.path if isinstance(step, int))
            slots.setdefault((role, artifact), Slot(role, position, artifact))
        return tuple(sorted(slots.values(), key=lambda slot: (slot.role, slot.position)))

    def _makers(self, events: Iterable[Event]) -> tuple[Slot, ...]:
        """Slots of the executions that really made an artifact, the earliest first."""
        ranked: dict[int, dict[Ref, None]] = defaultdict(dict)
        for event in sorted(events, key=_in_order):
            _, execution = _ends(event)
            ranked[self._rank(event, execution)][execution] = None
        best = min(ranked)
        makers = list(ranked[best]) if best < _SECOND_HAND else list(ranked[best])[:1]
        return tuple(Slot("", (), maker) for maker in makers)

    def _rank(self, event: Event, execution: Ref) -> int:
        """How sure it is that an execution made what it wrote; 0 is surest."""
        node = self.nodes[execution]
        if event.type is EventType.INTERNAL_OUTPUT:
            return _SECOND_HAND + 1
        if isinstance(node, Execution) and node.last_known_state is ExecutionState.CACHED:
            return _SECOND_HAND
        return 1 if event.type is EventType.PENDING_OUTPUT else 0


_SECOND_HAND = 2  # from this rank on an execution only handed on what another had made


def _ends(event: Event) -> tuple[Ref, Ref]:
    return Ref(Kind.ARTIFACT, event.artifact_id), Ref(Kind.EXECUTION, event.execution_id)


def _in_order(event: Event) -> tuple[int, int, int]:
    return event.milliseconds_since_epoch or 0, event.artifact_id, event.execution_id
