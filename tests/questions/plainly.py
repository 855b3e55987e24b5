"""The questions again, over a graph in memory: plain Python, without the store and without Cypher.

Each method is a question and returns its rows in their order. What is not known sorts last.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from lineage_graph.model import (
    Artifact,
    BaseType,
    Node,
)
from tests.questions.plain_graph import (
    FRAME,
    PlainGraph,
    Rows,
    artifact_row,
    called,
    change_of,
    digest_of,
    early,
    either,
    error_of,
    is_same,
    late,
    run_row,
    text_of,
)


class Plainly(PlainGraph):
    """Answers the questions about one graph, whose ids are those of the store."""

    # Lists of artifacts

    def artifacts_changed_since(self, since: int, type: str | None = None) -> Rows:
        found = [
            (
                a.id,
                a.type,
                a.name,
                a.uri,
                a.state_word,
                change_of(a, since),
                a.last_update_time_since_epoch,
            )
            for a in self._of_type(type)
            if (a.last_update_time_since_epoch or -1) >= since
        ]
        return sorted(found, key=lambda row: (late(row[6]), -row[0]))

    def artifacts_of_context(self, context: int, type: str | None = None) -> Rows:
        found = [artifact_row(a) for a in self._of_type(type) if a.id in self.members[context]]
        return sorted(found, key=lambda row: (late(row[5]), -row[0]))

    def artifacts_of_pipeline(self, context: int, type: str | None = None) -> Rows:
        below = self._below(context)
        found = []
        for a in self._of_type(type):
            groups = self.member_of[a.id or 0] & below
            if groups:
                created = a.create_time_since_epoch
                found.append((a.id, a.type, a.name, a.uri, len(groups), max(groups), created))
        return sorted(found, key=lambda row: (late(row[6]), -row[0]))

    def artifacts_without_producer(self, type: str | None = None) -> Rows:
        found = [artifact_row(a) for a in self._of_type(type) if not self.writers[a.id or 0]]
        return sorted(found, key=lambda row: (early(row[5]), row[0]))

    def unused_artifacts(self, type: str | None = None, context: int | None = None) -> Rows:
        found = [
            artifact_row(a)
            for a in self._of_type(type)
            if not self.readers[a.id or 0] and (context is None or a.id in self.members[context])
        ]
        return sorted(found, key=lambda row: (early(row[5]), row[0]))

    def latest_artifacts(self, type: str, context: int | None = None) -> Rows:
        found = [
            (a.id, a.name, a.uri, a.state_word, a.create_time_since_epoch)
            for a in self._of_type(type)
            if context is None or a.id in self.members[context]
        ]
        gone = ("ABANDONED", "DELETED")
        return sorted(found, key=lambda row: (row[3] in gone, late(row[4]), -row[0]))

    def duplicate_artifacts(self, by: str = "uri") -> Rows:
        groups: dict[tuple[Any, Any], list[Artifact]] = defaultdict(list)
        for a in self.artifacts.values():
            mark = a.uri or None if by == "uri" else digest_of(a)
            if mark is not None:
                groups[a.type, mark].append(a)
        found = []
        for (type, same), held in groups.items():
            if len(held) > 1:
                held.sort(key=lambda a: (early(a.create_time_since_epoch), a.id))
                ids = [a.id for a in held]
                found.append((type, same, len(ids), ids, ids[0]))
        return sorted(found, key=lambda row: (-row[2], row[4]))

    # Around one node

    def contexts_of_artifact(self, artifact: int) -> Rows:
        return self._contexts(self.member_of[artifact])

    def contexts_of_execution(self, execution: int) -> Rows:
        return self._contexts(self.ran_in[execution])

    def parents_of_context(self, context: int) -> Rows:
        return self._contexts(self.parents[context])

    def children_of_context(self, context: int) -> Rows:
        found = self._contexts(self.children[context])
        return sorted(found, key=lambda row: (late(row[3]), -row[0]))

    def makers_of_artifact(self, artifact: int) -> Rows:
        return self._steps_at(self.writers[artifact])

    def users_of_artifact(self, artifact: int) -> Rows:
        return self._steps_at(self.readers[artifact])

    def inputs_and_outputs(self, execution: int) -> Rows:
        found = []
        for direction, events in (("input", self.read), ("output", self.written)):
            for event in events[execution]:
                a = self.artifacts[event.artifact_id]
                argument = json.dumps(list(event.path), ensure_ascii=False) if event.path else None
                time = event.milliseconds_since_epoch
                word = event.type.value
                found.append((direction, a.id, a.type, a.name, a.uri, argument, word, time))
        return sorted(found, key=lambda row: (row[0], row[5] is None, row[5] or "", row[1], row[6]))

    def runs_of_artifact(self, artifact: int, direction: str = "any") -> Rows:
        found = []
        for run in self._runs():
            reads = {e.execution_id for e in self.readers[artifact]} & self.ran[run.id or 0]
            writes = {e.execution_id for e in self.writers[artifact]} & self.ran[run.id or 0]
            asked = {"any": reads | writes, "input": reads, "output": writes}[direction]
            if asked:
                row = (run.id, run.name, len(reads), len(writes), run.create_time_since_epoch)
                found.append(row)
        return sorted(found, key=lambda row: (late(row[4]), -(row[0] or 0)))

    def evaluations_of_model(self, artifact: int) -> Rows:
        found = set()
        for used in self.readers[artifact]:
            e = self.executions[used.execution_id]
            if self._is(e, BaseType.EVALUATE, "evaluat"):
                role = next((key for key in used.path if isinstance(key, str)), None)
                for event in self._made(e):
                    a = self.artifacts[event.artifact_id]
                    time = event.milliseconds_since_epoch
                    found.add((a.id, a.type, a.uri, e.id, role, e.state_word, time))
        return sorted(
            found, key=lambda row: ("baseline" in (row[4] or "").lower(), early(row[6]), row[0])
        )

    # Runs and pipelines

    def made_in_run(self, context: int, type: str | None = None) -> Rows:
        found = {
            (a.id, a.type, a.name, a.uri, e.id, event.milliseconds_since_epoch)
            for e, event, a in self._made_in(context)
            if type in (None, a.type)
        }
        return sorted(found, key=lambda row: (early(row[5]), row[0]))

    def models_trained_in_run(self, context: int) -> Rows:
        found = {
            (a.id, a.type, a.name, a.uri, a.state_word, e.id, event.milliseconds_since_epoch)
            for e, event, a in self._made_in(context)
            if self._is_model(a) and self._is(e, BaseType.TRAIN, "train")
        }
        return sorted(found, key=lambda row: (row[4] == "ABANDONED", early(row[6]), row[0]))

    def pipelines(self) -> Rows:
        found = []
        for c in self.contexts.values():
            below = [self.contexts[child] for child in self.children[c.id or 0]]
            if below and not self.parents[c.id or 0]:
                last = max(below, key=lambda r: (r.create_time_since_epoch or -1, r.id))
                row = (c.id, c.type, c.name, len(below), last.id, last.create_time_since_epoch)
                found.append(row)
        return sorted(found, key=lambda row: (late(row[5]), row[0]))

    def runs_of_pipeline(self, context: int) -> Rows:
        rows = []
        for child in self.children[context]:
            run = self.contexts[child]
            steps = [self.executions[one] for one in self.ran[child]]
            rows.append((late(run.create_time_since_epoch), -(run.id or 0), run_row(run, steps)))
        return [row for *_, row in sorted(rows)]

    def completed_run_before(self, context: int) -> Rows:
        this = self.contexts[context]
        mine = (this.create_time_since_epoch or 0, context)
        found = []
        for parent in self.parents[context]:
            for child in self.children[parent]:
                run = self.contexts[child]
                steps = [self.executions[one] for one in self.ran[child]]
                when = (run.create_time_since_epoch or 0, child)
                if when < mine and run_row(run, steps)[2] == "COMPLETE":
                    found.append((when, (child, run.name, run.create_time_since_epoch)))
        return [max(found)[1]] if found else []

    def counts_by_state(self, context: int | None = None) -> Rows:
        counts: dict[str, int] = defaultdict(int)
        for e in self.executions.values():
            if e.type != FRAME and (context is None or e.id in self.ran[context]):
                counts[e.state_word or "UNKNOWN"] += 1
        return sorted(counts.items(), key=lambda row: (-row[1], row[0]))

    def counts_by_type(self) -> Rows:
        found: dict[tuple[str, str], list[int | None]] = defaultdict(list)
        nodes: list[Node] = [*self.artifacts.values(), *self.executions.values()]
        for node in [*nodes, *self.contexts.values()]:
            found[node.kind.value, node.type or ""].append(node.create_time_since_epoch)
        rows = [
            (*key, len(times), max((t for t in times if t is not None), default=None))
            for key, times in found.items()
        ]
        return sorted(rows, key=lambda row: (row[0], -row[2], row[1]))

    # Lists of executions

    def executions_since(self, since: int, type: str | None = None) -> Rows:
        found = [
            (e.id, e.type, e.name, e.state_word, e.create_time_since_epoch)
            for e in self.executions.values()
            if (e.create_time_since_epoch or -1) >= since and type in (None, e.type)
        ]
        return sorted(found, key=lambda row: (late(row[4]), -row[0]))

    def executions_with_property(self, property: str, value: str | None = None) -> Rows:
        found = set()
        for e in self.executions.values():
            for held in (e.properties, e.custom_properties):
                if property in held and (value is None or is_same(held[property], value)):
                    text = text_of(held[property])
                    is_metric = f'"{property}"' in str(e.custom_properties.get("metric_names"))
                    time = e.create_time_since_epoch
                    found.add((e.id, e.type, e.state_word, text, time, is_metric))
        return sorted(found, key=lambda row: (late(row[4]), -row[0], row[3]))

    def running_executions(self) -> Rows:
        found = [
            (e.id, e.type, e.name, e.state_word, e.create_time_since_epoch, None)
            for e in self.executions.values()
            if e.state_word in ("NEW", "RUNNING") and e.type != FRAME
        ]
        return sorted(found, key=lambda row: (early(row[4]), row[0]))

    def failed_executions(self, context: int | None = None, since: int = 0) -> Rows:
        found = [
            (
                e.id,
                e.type,
                e.name,
                self._newest_run(e),
                error_of(e),
                e.create_time_since_epoch,
                e.last_update_time_since_epoch,
            )
            for e in self.executions.values()
            if e.state_word == "FAILED"
            and e.type != FRAME
            and (e.last_update_time_since_epoch or 0) >= since
            and (context is None or e.id in self.ran[context])
        ]
        return sorted(found, key=lambda row: (late(row[6]), -row[0]))

    def slowest_executions(self, context: int | None = None, type: str | None = None) -> Rows:
        found = []
        for e in self.executions.values():
            begin, end = e.create_time_since_epoch, e.last_update_time_since_epoch
            over = e.state_word in ("COMPLETE", "FAILED", "CANCELED") and type in (None, e.type)
            length = 0 if begin is None or end is None else end - begin
            if length > 0 and over and (context is None or e.id in self.ran[context]):
                found.append((e.id, e.type, e.name, e.state_word, begin, length))
        return sorted(found, key=lambda row: (-row[5], row[0]))

    def cached_executions(self, context: int | None = None) -> Rows:
        found = []
        for e in self.executions.values():
            if e.state_word == "CACHED" and (context is None or e.id in self.ran[context]):
                started = e.create_time_since_epoch
                found.append((e.id, e.type, e.name, self._original(e), started))
        return sorted(found, key=lambda row: (late(row[4]), -row[0]))

    def at_commit(self, commit: str) -> Rows:
        def at(node: Node) -> bool:
            held = node.custom_properties.get("git_commit")
            return isinstance(held, str) and held.startswith(commit)

        contexts = {c.id or 0 for c in self.contexts.values() if at(c)}
        ran = {e for c in contexts for e in self.ran[c]}
        ran |= {e.id or 0 for e in self.executions.values() if at(e)}
        held = {a for c in contexts for a in self.members[c]}
        rows: Rows = [(c, None, None, *called(self.contexts[c])) for c in sorted(contexts)]
        rows += [(None, e, None, *called(self.executions[e])) for e in sorted(ran)]
        return rows + [(None, None, a, *called(self.artifacts[a])) for a in sorted(held)]

    # The flow of data

    def impact_of_artifact(self, artifact: int, type: str | None = None) -> Rows:
        return [
            (*either(node), node.type, node.name, node.state_word, hops)  # type: ignore[attr-defined]
            for node, hops in self._walked(artifact, down=True)
            if hops and type in (None, node.type)
        ]

    def models_from_artifact(self, artifact: int) -> Rows:
        walked = self._walked(artifact, down=True)
        return [
            (*artifact_row(node)[:5], hops)
            for node, hops in walked
            if hops and isinstance(node, Artifact) and self._is_model(node)
        ]

    def sources_of_artifact(self, artifact: int, type: str | None = None) -> Rows:
        return [
            (*artifact_row(node)[:5], hops)
            for node, hops in self._walked(artifact, down=False)
            if isinstance(node, Artifact)
            and type in (None, node.type)
            and not any(self.read[event.execution_id] for event in self.writers[node.id or 0])
        ]


def questions(plain: Plainly) -> dict[str, Callable[..., Rows]]:
    """Return the questions that are answered here, by name."""
    return {
        name: getattr(plain, name)
        for name in dir(plain)
        if not name.startswith("_") and callable(getattr(plain, name))
    }
