"""A graph in memory with its links at hand, and what questions say of its nodes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from lineage_graph.model import (
    Artifact,
    BaseType,
    Context,
    Event,
    Execution,
    Kind,
    Node,
    Ref,
    Subgraph,
)

Rows = list[tuple[Any, ...]]
FRAME = "system.DAGExecution"
MADE = ("OUTPUT", "DECLARED_OUTPUT", "PENDING_OUTPUT")


def early(time: int | None) -> tuple[bool, int]:
    """Sort by time, the unknown last."""
    return time is None, time or 0


def late(time: int | None) -> tuple[bool, int]:
    """Sort by time, the newest first and the unknown last."""
    return time is None, -(time or 0)


class PlainGraph:
    """Knows what hangs on what; ids are those of the store."""

    def __init__(self, graph: Subgraph) -> None:
        self.artifacts = {a.id or 0: a for a in graph.artifacts}
        self.executions = {e.id or 0: e for e in graph.executions}
        self.contexts = {c.id or 0: c for c in graph.contexts}
        self.events = list(graph.events)
        self.ran: dict[int, set[int]] = defaultdict(set)
        self.ran_in: dict[int, set[int]] = defaultdict(set)
        for link in graph.associations:
            self.ran[link.context_id].add(link.execution_id)
            self.ran_in[link.execution_id].add(link.context_id)
        self.members: dict[int, set[int]] = defaultdict(set)
        self.member_of: dict[int, set[int]] = defaultdict(set)
        for member in graph.attributions:
            self.members[member.context_id].add(member.artifact_id)
            self.member_of[member.artifact_id].add(member.context_id)
        self.parents: dict[int, set[int]] = defaultdict(set)
        self.children: dict[int, set[int]] = defaultdict(set)
        for part in graph.parent_contexts:
            self.parents[part.child_id].add(part.parent_id)
            self.children[part.parent_id].add(part.child_id)
        self.bases = {
            (one.kind, one.name): one.base_type
            for one in (*graph.artifact_types, *graph.execution_types, *graph.context_types)
        }
        self.read: dict[int, list[Event]] = defaultdict(list)
        self.written: dict[int, list[Event]] = defaultdict(list)
        self.readers: dict[int, list[Event]] = defaultdict(list)
        self.writers: dict[int, list[Event]] = defaultdict(list)
        for event in self.events:
            ways = (
                (self.read, self.readers) if event.type.is_input else (self.written, self.writers)
            )
            ways[0][event.execution_id].append(event)
            ways[1][event.artifact_id].append(event)

    def _node(self, ref: Ref) -> Artifact | Execution:
        if ref.kind is Kind.ARTIFACT:
            return self.artifacts[ref.id]
        return self.executions[ref.id]

    def _walked(self, artifact: int, *, down: bool) -> list[tuple[Artifact | Execution, int]]:
        walked = self._ordered(Ref(Kind.ARTIFACT, artifact), down=down)
        return [(self._node(ref), depth) for ref, depth in walked]

    def _ordered(self, start: Ref, *, down: bool) -> list[tuple[Ref, int]]:
        depth = self._reached(start, down=down)
        return [(ref, depth[ref]) for ref in sorted(depth, key=lambda ref: (depth[ref], ref))]

    def _reached(self, start: Ref, *, down: bool | None) -> dict[Ref, int]:
        """Return what is reached, one way or both, and in how many hops."""
        depth, level = {start: 0}, [start]
        while level:
            following = []
            for ref in level:
                for way in (True, False) if down is None else (down,):
                    for other in self._next(ref, way):
                        if other not in depth:
                            depth[other] = depth[ref] + 1
                            following.append(other)
            level = following
        return depth

    def _next(self, ref: Ref, down: bool) -> Iterator[Ref]:
        if ref.kind is Kind.ARTIFACT:
            for event in (self.readers if down else self.writers)[ref.id]:
                yield Ref(Kind.EXECUTION, event.execution_id)
        else:
            for event in (self.written if down else self.read)[ref.id]:
                yield Ref(Kind.ARTIFACT, event.artifact_id)

    def _of_type(self, type: str | None) -> list[Artifact]:
        return [a for a in self.artifacts.values() if type in (None, a.type)]

    def _contexts(self, ids: Iterable[int]) -> Rows:
        found = [self.contexts[one] for one in ids]
        rows = [(c.id, c.type, c.name, c.create_time_since_epoch) for c in found]
        return sorted(rows, key=lambda row: (early(row[3]), row[0] or 0))

    def _steps_at(self, events: Iterable[Event]) -> Rows:
        rows = []
        for event in events:
            e = self.executions[event.execution_id]
            time = event.milliseconds_since_epoch
            rows.append((e.id, e.type, e.name, e.state_word, event.type.value, time))
        return sorted(rows, key=lambda row: (early(row[5]), row[0] or 0, row[4]))

    def _made(self, execution: Execution) -> Iterator[Event]:
        return (e for e in self.written[execution.id or 0] if e.type.value in MADE)

    def _made_in(self, context: int) -> Iterator[tuple[Execution, Event, Artifact]]:
        for one in self.ran[context]:
            e = self.executions[one]
            if e.state_word != "CACHED":
                for event in self._made(e):
                    yield e, event, self.artifacts[event.artifact_id]

    def _runs(self) -> list[Context]:
        return [c for c in self.contexts.values() if "run" in (c.type or "").lower()]

    def _newest_run(self, execution: Execution) -> int | None:
        runs = [c for c in self._runs() if c.id in self.ran_in[execution.id or 0]]
        newest = max(runs, key=lambda c: (c.create_time_since_epoch or -1, c.id), default=None)
        return newest.id if newest else None

    def _original(self, cached: Execution) -> int | None:
        found = {
            other.execution_id
            for event in self.written[cached.id or 0]
            if event.type.value == "OUTPUT"
            for other in self.writers[event.artifact_id]
            if other.type.value == "OUTPUT"
        }
        makers = [self.executions[one] for one in found]
        real = [e for e in makers if e.state_word != "CACHED"]
        first = min(real, key=lambda e: (early(e.create_time_since_epoch), e.id), default=None)
        return first.id if first else None

    def _below(self, context: int) -> set[int]:
        found, waiting = {context}, [context]
        while waiting:
            new = self.children[waiting.pop()] - found
            found |= new
            waiting += new
        return found

    def _is(self, execution: Execution, base: BaseType, word: str) -> bool:
        known = self.bases.get((Kind.EXECUTION, execution.type or ""))
        return known is base or word in (execution.type or "").lower()

    def _is_model(self, artifact: Artifact) -> bool:
        type = (artifact.type or "").lower()
        known = self.bases.get((Kind.ARTIFACT, artifact.type or "")) is BaseType.MODEL
        return (known or type.endswith("model")) and "pushed" not in type and "deployed" not in type


def artifact_row(a: Artifact) -> tuple[Any, ...]:
    return a.id, a.type, a.name, a.uri, a.state_word, a.create_time_since_epoch


def called(node: Node) -> tuple[Any, Any]:
    return node.type, node.name


def either(node: Node) -> tuple[int | None, int | None]:
    return (node.id, None) if node.kind is Kind.ARTIFACT else (None, node.id)


def change_of(a: Artifact, since: int) -> str:
    return "made" if (a.create_time_since_epoch or -1) >= since else "changed"


def digest_of(a: Artifact) -> str | None:
    names = ("digest", "content_digest", "sha256", "checksum", "input_fingerprint")
    for name in names:
        for held in (a.properties, a.custom_properties):
            if name in held:
                return text_of(held[name])
    return None


def text_of(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def is_same(held: Any, value: str) -> bool:
    text = text_of(held)
    if text == value or (text.lower() in ("true", "false") and text.lower() == value.lower()):
        return True
    try:
        return float(text) == float(value)
    except ValueError:
        return False


def error_of(e: Execution) -> str | None:
    for held, name in (
        (e.custom_properties, "error_message"),
        (e.custom_properties, "error"),
        (e.properties, "error_message"),
        (e.properties, "error"),
    ):
        if name in held:
            return str(held[name])[:2000]
    return None


def run_row(run: Context, steps: list[Execution]) -> tuple[Any, ...]:
    """Return a row of ``runs_of_pipeline``."""
    states = [state_of(e) for e in steps if e.type != FRAME] if steps else []
    if steps and all(e.type == FRAME for e in steps):
        states = ["RUNNING"]
    goes_on = "RUNNING" in states or "NEW" in states
    state = next(
        (
            word
            for word, holds in (
                ("FAILED", "FAILED" in states),
                ("RUNNING", goes_on),
                ("CANCELED", "CANCELED" in states),
                ("UNKNOWN", not steps),
            )
            if holds
        ),
        "COMPLETE",
    )
    begun = [e.create_time_since_epoch for e in steps if e.create_time_since_epoch is not None]
    ended = [
        e.last_update_time_since_epoch for e in steps if e.last_update_time_since_epoch is not None
    ]
    lengths = [
        e.last_update_time_since_epoch - e.create_time_since_epoch
        for e in steps
        if e.create_time_since_epoch is not None and e.last_update_time_since_epoch is not None
    ]
    first, last = min(begun, default=None), max(ended, default=None)
    known = first is not None and last is not None and max(lengths, default=0) > 0 and not goes_on
    return (
        run.id,
        run.name,
        state,
        len(steps),
        sum(word in ("FAILED", "MISSED") for word in states),
        states.count("CACHED"),
        first,
        None if goes_on else last,
        (last or 0) - (first or 0) if known else None,
        None,
    )


def state_of(e: Execution) -> str:
    if e.state_word == "FAILED" and (e.type or "").lower().endswith("resolver"):
        return "MISSED"
    return e.state_word or ""
