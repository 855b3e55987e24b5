"""What the steps of runs measured and were given: parameters and metrics, under the shortest names that tell them apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, cast

from lineage_graph.model import Artifact, Context, Execution, Kind
from lineage_graph.model.metrics import metric_names
from lineage_graph.questions.bookkeeping import is_bookkeeping
from lineage_graph.questions.differences.side_by_side import facts_by_part
from lineage_graph.store import Store

MAX_OUTPUTS = 200
"""Outputs of an execution whose metrics are read."""
_BATCH = 50  # runs read at a time
_NOTES = ("note", "tagged")


class FactKey(NamedTuple):
    """Where a value was recorded: the step (empty: the run itself), the output (empty: the step itself), its name."""

    step: str
    output: str
    name: str

    @property
    def names(self) -> tuple[str, ...]:
        """What it can be called, the shortest first."""
        whole = (self.step, self.output, self.name)
        return tuple(
            ".".join(part for part in whole[begin:] if part)
            for begin in (2, 1, 0)
            if begin == 2 or whole[begin]
        )


@dataclass
class RunValues:
    """The parameters and metrics of one run; ``is_cut`` where outputs were too many to be read."""

    parameters: dict[FactKey, Any] = field(default_factory=dict)
    metrics: dict[FactKey, float] = field(default_factory=dict)
    is_cut: bool = False


def values_of_runs(store: Store, runs: Sequence[int]) -> Iterator[tuple[int, RunValues]]:
    """Yield the values of each run by its id; of a step that ran again, those of the last time."""
    for start in range(0, len(runs), _BATCH):
        yield from _values(store, runs[start : start + _BATCH]).items()


def _values(store: Store, runs: Sequence[int]) -> dict[int, RunValues]:
    found = {run: RunValues() for run in runs}
    for node in store.get(Kind.CONTEXT, runs):
        _take_run(found[node.id or 0], cast(Context, node))
    listed = store.run(store.catalog["executions_of_runs"], ids=list(runs), outputs=MAX_OUTPUTS)
    if listed.truncated and len(runs) > 1:
        halves = runs[: len(runs) // 2], runs[len(runs) // 2 :]
        return {**_values(store, halves[0]), **_values(store, halves[1])}
    nodes = {e.id: e for e in store.get(Kind.EXECUTION, {row[1] for row in listed.rows})}
    made = {pair[0] for row in listed.rows for pair in row[3][:MAX_OUTPUTS]}
    artifacts = {a.id: a for a in store.get(Kind.ARTIFACT, made)}
    for context, execution, step, outputs in listed.rows:
        values = found[context]
        values.is_cut |= listed.truncated or len(outputs) > MAX_OUTPUTS
        if execution in nodes:
            _take(values, cast(Execution, nodes[execution]), step or "", "")
        for artifact, role in sorted(outputs[:MAX_OUTPUTS], key=lambda pair: int(pair[0])):
            if artifact in artifacts:
                _take(values, cast(Artifact, artifacts[artifact]), step or "", role or "")
    return found


def _take(values: RunValues, node: Artifact | Execution, step: str, output: str) -> None:
    is_step = isinstance(node, Execution)
    place = "" if is_step else output or node.type or "output"
    for (part, _, name), value in facts_by_part(node):
        if part == "metric":
            values.metrics[FactKey(step, place, name)] = value
        elif part == "parameter" and is_step:
            values.parameters[FactKey(step, place, name)] = value


def _take_run(values: RunValues, run: Context) -> None:
    """Take what is noted of the run itself: what its metric names say, and other properties as parameters."""
    held = {**run.custom_properties, **run.properties}
    measured = metric_names(run)
    for name, value in held.items():
        if name in measured:
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                values.metrics[FactKey("", "", name)] = value
        elif not (is_bookkeeping(name, value) or name in _NOTES or name.startswith("tag ")):
            values.parameters[FactKey("", "", name)] = value


def called(keys: Iterable[FactKey], taken: Iterable[str] = ()) -> Mapping[FactKey, str]:
    """Return what to call each key: the shortest of its names that no other key has, and that is not taken."""
    keys = list(dict.fromkeys(keys))
    counts: dict[str, int] = dict.fromkeys(taken, 1)
    for key in keys:
        for name in set(key.names):
            counts[name] = counts.get(name, 0) + 1
    return {
        key: next((name for name in key.names if counts[name] == 1), key.names[-1]) for key in keys
    }
