"""The questions that follow the flow of data, over a graph in memory: plain Python."""

from __future__ import annotations

import json
from typing import Any

from lineage_graph.model import Artifact, BaseType, Execution, Kind, Node, Ref
from tests.questions.plain_graph import FRAME, MADE, Rows, early, late
from tests.questions.plainly import Plainly

Nodes = set[str]
BAD = ("FAILED", "CANCELED")
BOOKS = ("error_message", "metric_names")


class PlainWalks(Plainly):
    """Answers the questions about the flow; of pictures, the nodes."""

    def lineage_of_artifact(self, artifact: int, direction: str, hops: int | None) -> Nodes:
        return self._lineage(Ref(Kind.ARTIFACT, artifact), direction, hops)

    def lineage_of_execution(self, execution: int, direction: str, hops: int | None) -> Nodes:
        return self._lineage(Ref(Kind.EXECUTION, execution), direction, hops)

    def run_as_graph(self, context: int) -> Nodes:
        found = {f"execution/{e}" for e in self.ran[context]}
        touched = (*self.events,)
        return found | {
            f"artifact/{e.artifact_id}" for e in touched if e.execution_id in self.ran[context]
        }

    def path_between_artifacts(
        self, from_artifact: int, to_artifact: int, direction: str
    ) -> tuple[int, ...]:
        """Return how many nodes the path has; nothing where there is none."""
        one, other = (Ref(Kind.ARTIFACT, i) for i in (from_artifact, to_artifact))
        if one == other:
            return ()
        for start, end in ((one, other), (other, one)):
            if (hops := self._reached(start, down=True).get(end)) is not None:
                return (hops + 1,)
        around = self._reached(one, down=None).get(other) if direction == "any" else None
        return () if around is None else (around + 1,)

    def common_ancestors(self, one_artifact: int, other_artifact: int) -> Rows:
        one, other = (
            self._reached(Ref(Kind.ARTIFACT, i), down=False) for i in (one_artifact, other_artifact)
        )
        common = one.keys() & other.keys()
        farther = {
            above
            for ref in common
            for step in self._next(ref, False)
            for above in self._reached(step, down=False)
        }
        rows = []
        for ref in sorted(common, key=lambda ref: (one[ref] + other[ref], ref)):
            node: Any = self._node(ref)
            ids = (ref.id, None) if ref.kind is Kind.ARTIFACT else (None, ref.id)
            rows.append((*ids, node.type, node.name, one[ref], other[ref], ref not in farther))
        return rows

    def parameters_behind_artifact(self, artifact: int, hops: int | None) -> Rows:
        rows = []
        for ref, depth in self._ordered(Ref(Kind.ARTIFACT, artifact), down=False):
            e = self._node(ref)
            if isinstance(e, Execution) and e.state_word != "CACHED" and depth <= (hops or 10**9):
                held = {**e.custom_properties, **e.properties}
                left_out = {*BOOKS, *json.loads(str(held.get("metric_names", "[]")))}
                rows += [
                    (e.id, e.type, n, held[n], depth) for n in sorted(held) if n not in left_out
                ]
        return rows

    def deployed_from_artifact(self, artifact: int) -> Rows:
        walked = self._ordered(Ref(Kind.ARTIFACT, artifact), down=True)
        reached = {ref.id for ref, _ in walked if ref.kind is Kind.EXECUTION}
        rows = []
        for ref, depth in walked:
            a = self._node(ref)
            if isinstance(a, Artifact) and depth and self._is_deployed(a, reached):
                rows.append((a.id, a.type, a.name, a.uri, a.state_word, depth))
        return rows

    def retrain_if_withdrawn(self, artifact: int) -> set[tuple[Any, ...]]:
        """Return the trainings in no order, without their positions."""
        found = set()
        for ref, _ in self._ordered(Ref(Kind.ARTIFACT, artifact), down=True):
            e = self._node(ref)
            training = isinstance(e, Execution) and self._is(e, BaseType.TRAIN, "train")
            if training and isinstance(e, Execution) and e.state_word != "CACHED":
                wrote = tuple(sorted({v.artifact_id for v in self.written[ref.id]}))
                run, started = self._newest_run(e), e.create_time_since_epoch
                found.add((e.id, e.type, run, wrote, started))
        return found

    def failed_after(self, execution: int) -> Rows:
        this = self.executions[execution]
        if this.state_word not in BAD:
            return []
        start = Ref(Kind.EXECUTION, execution)
        down = {r.id for r in self._reached(start, down=True) if r.kind is Kind.EXECUTION}
        began = this.create_time_since_epoch
        later = {
            other
            for run in self._runs()
            if execution in self.ran[run.id or 0]
            for other in self.ran[run.id or 0]
            if self._is_later(other, execution, began)
        }
        rows = []
        for one in (down | later) - {execution}:
            e = self.executions[one]
            if e.state_word in BAD:
                how = "downstream" if one in down else "later in the run"
                rows.append((e.id, e.type, e.name, e.state_word, how, e.create_time_since_epoch))
        return sorted(rows, key=lambda row: (early(row[5]), row[0]))

    def executions_of_run(self, context: int, longest: bool) -> Rows:
        rows = []
        for one in self.ran[context]:
            e = self.executions[one]
            begin, goes_on = e.create_time_since_epoch, e.state_word in ("NEW", "RUNNING")
            end = None if goes_on else e.last_update_time_since_epoch
            length = None if None in (begin, end) or begin == end else (end or 0) - (begin or 0)
            known = None if None in (begin, end) else (begin or 0) - (end or 0)
            turn = (not goes_on, early(known)) if longest else (True, early(begin))
            row = (one, self._step(e), e.type, e.name, e.state_word, begin, end, length)
            rows.append((turn, one, (*row, e.type == FRAME, None)))
        return [row for *_, row in sorted(rows)]

    def failed_runs(self) -> Rows:
        rows = []
        for run in self._runs():
            failed = [
                (e.last_update_time_since_epoch or 0, one)
                for one in self.ran[run.id or 0]
                if (e := self.executions[one]).state_word == "FAILED"
                and e.type != FRAME
                and not (e.type or "").lower().endswith("resolver")
            ]
            if failed:
                time, last = max(failed)
                parent = max(self.parents[run.id or 0], default=None)
                step = self._step(self.executions[last])
                error = _error(run) or _error(self.executions[last])
                rows.append((run.id, run.name, parent, len(failed), last, step, time, error))
        return sorted(rows, key=lambda row: (-row[6], -(row[0] or 0)))

    def deployments(self, context: int | None) -> Rows:
        rows = set()
        for event in self.events:
            e, a = self.executions[event.execution_id], self.artifacts[event.artifact_id]
            if event.type.value not in MADE or not self._deploys(e) or _was_not_deployed(a):
                continue
            if context is None or e.id in self.ran[context]:
                read = {v.artifact_id for v in self.read[e.id or 0]}
                models: list[int | None] = [m for m in read if self._is_model(self.artifacts[m])]
                rows |= {
                    (a.id, a.type, a.uri, e.id, e.state_word, m, event.milliseconds_since_epoch)
                    for m in models or [None]
                }
        return sorted(rows, key=lambda row: (late(row[6]), -(row[0] or 0), row[5] or 0))

    def properties_of_type(self, kind: str, type: str) -> Rows:
        held: Any = {
            "artifact": self.artifacts,
            "execution": self.executions,
            "context": self.contexts,
        }[kind]
        nodes = [node for node in held.values() if node.type == type]
        nodes.sort(key=lambda node: (early(node.create_time_since_epoch), node.id))
        found: dict[tuple[bool, str], list[Any]] = {}
        for node in nodes:
            for custom, values in ((False, node.properties), (True, node.custom_properties)):
                for name, value in values.items():
                    found.setdefault((custom, name), []).append(value)
        return [
            (name, custom, len(values), values[0])
            for (custom, name), values in sorted(found.items(), key=lambda one: one[0])
        ]

    def columns_of_artifact(self, artifact: int, column: str | None, hops: int | None) -> Rows:
        return []  # no columns are told of

    def impact_of_column(self, artifact: int, column: str, hops: int | None) -> Rows:
        return []

    def _lineage(self, start: Ref, direction: str, hops: int | None) -> Nodes:
        ways = {"upstream": [False], "downstream": [True], "both": [False, True]}[direction]
        return {
            str(ref)
            for way in ways
            for ref, depth in self._reached(start, down=way).items()
            if depth <= (hops or 10**9)
        }

    def _is_later(self, other: int, this: int, began: int | None) -> bool:
        begin = self.executions[other].create_time_since_epoch
        known = began is not None and begin is not None
        return known and (begin or 0, other) > (began or 0, this)

    def _step(self, e: Execution) -> str:
        names = [
            c.name or ""
            for c in (self.contexts[i] for i in self.ran_in[e.id or 0])
            if c.type == "node"
        ]
        return (min(names) if names else e.type or "").rpartition(".")[2]

    def _deploys(self, e: Execution) -> bool:
        return self._is(e, BaseType.DEPLOY, "pusher") or "deploy" in (e.type or "").lower()

    def _is_deployed(self, a: Artifact, reached: set[int]) -> bool:
        made = any(
            event.execution_id in reached and self._deploys(self.executions[event.execution_id])
            for event in self.writers[a.id or 0]
        )
        type = (a.type or "").lower()
        says = "pushed" in type or "deployed" in type or bool(a.custom_properties.get("pushed"))
        return (made or says) and not _was_not_deployed(a)


def _was_not_deployed(a: Artifact) -> bool:
    return a.state_word == "ABANDONED" or a.custom_properties.get("pushed", 1) in (0, False)


def _error(node: Node) -> str | None:
    """Return the error that the recorder tells of a run or a step."""
    told = [node.custom_properties.get(name) for name in ("error_type", "error_message")]
    return None if None in told else f"{told[0]}: {told[1]}"
