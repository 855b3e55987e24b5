"""The runs of a pipeline as a table, and the best of them by a metric."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from difflib import get_close_matches
from typing import Any

from lineage_graph.errors import InvalidArgument, NotFound
from lineage_graph.model import Context, Kind, Ref
from lineage_graph.model.plain import duration
from lineage_graph.questions.tables.measured import (
    MAX_OUTPUTS,
    FactKey,
    RunValues,
    called,
    values_of_runs,
)
from lineage_graph.questions.tables.node_table import checked_limit, moment_of, span_of
from lineage_graph.questions.tables.opened import opened
from lineage_graph.questions.tables.table import Table
from lineage_graph.store import Store

_FIRST = ("name", "state", "started", "duration")
_PAGE = 1000  # runs read at a time
_MAX_NAMES = 5  # names that an error tells


@dataclass(frozen=True, repr=False)
class StoredRun:
    """A run as the store has it: its state, when it began and how long it took, its values.

    ``ref`` is its context. ``started`` is UTC; ``lost_since`` is when it was heard of last, where its
    process seems to have died. ``parameters`` are those of its steps and its own, by name.
    """

    ref: Ref
    pipeline: str
    name: str
    state: str
    started: datetime | None
    duration: timedelta | None
    lost_since: datetime | None
    parameters: Mapping[str, Any]
    _metrics: Mapping[FactKey, float] = field(repr=False)

    def metrics(self, *names: str) -> dict[str, float]:
        """Return the last values of the metrics of the run and its steps, all or those of these names.

        A name that several steps have is told with its step: ``Evaluator.accuracy``.
        """
        called_here = called(self._metrics)
        return {
            said: self._metrics[key]
            for key, said in called_here.items()
            if not names or said in names or set(key.names) & set(names)
        }

    def __repr__(self) -> str:
        took = (
            ""
            if self.duration is None
            else f", {duration(self.duration / timedelta(milliseconds=1))}"
        )
        values = list(self.metrics().items())
        told = "".join(f", {name}={value:.6g}" for name, value in values[:_MAX_NAMES])
        more = f", {len(values) - _MAX_NAMES} more metrics" if len(values) > _MAX_NAMES else ""
        return f"<Run {self.pipeline}/{self.name} {self.state}{took}{told}{more}>"


@dataclass(frozen=True)
class _Listed:
    """A run as the question of its pipeline lists it."""

    pipeline: str
    row: Mapping[str, Any]


def runs(pipeline: str | Ref, *, limit: int = 100, store: Store | None = None) -> Table[StoredRun]:
    """Return the runs of a pipeline as a table, the newest first: ``lg.runs("penguin")``.

    A column for each parameter and metric of the steps: of a step that ran again, the last values; a
    name that several steps have is told with its step (``Evaluator.accuracy``). ``pipeline`` is a name,
    or the ref of its context. ``store`` is that of the settings unless given.

    Raises:
        NotFound: there is no such pipeline.
        InvalidArgument: the limit is out of range.
    """
    checked_limit(limit)
    with opened(store) as own:
        pipelines = _pipelines(own, pipeline)
        total = sum(_count(own, one) for one in pipelines)
        listed = [found for one in pipelines for found in _listed(own, one, limit)]
        listed.sort(key=lambda one: (one.row["started"] or 0, one.row["context"]), reverse=True)
        listed = listed[:limit]
        values = dict(values_of_runs(own, [one.row["context"] for one in listed]))
    keys = [key for one in values.values() for key in (*one.parameters, *one.metrics)]
    names = called(keys, _FIRST)
    rows = [_stored(one, values[one.row["context"]]) for one in listed]
    by_ref = {row.ref: values[row.ref.id] for row in rows}

    def cells(run: StoredRun) -> Mapping[str, Any]:
        held = by_ref[run.ref]
        fields = {name: getattr(run, name) for name in _FIRST}
        if run.lost_since is not None:
            fields["lost_since"] = run.lost_since
        fields |= {names[key]: value for key, value in held.parameters.items()}
        return fields | {names[key]: value for key, value in held.metrics.items()}

    note = ""
    if any(one.is_cut for one in values.values()):
        note = f"Metrics of more than {MAX_OUTPUTS} outputs of a step are not read."
    return Table("runs", rows, max(total, len(rows)), cells, _FIRST, note)


def best(
    pipeline: str | Ref,
    metric: str,
    *,
    higher_is_better: bool = True,
    store: Store | None = None,
) -> StoredRun:
    """Return the run of a pipeline with the best last value of a metric: ``lg.best("penguin", "accuracy")``.

    All runs are looked at, in whichever state; those without the metric, or with NaN, are passed over.
    Of equals it is the newest.

    Raises:
        NotFound: there is no such pipeline, or no run of it has a number under this name.
        InvalidArgument: several steps measured something of this name.
    """
    held: dict[FactKey, tuple[float, _Listed, RunValues]] = {}
    others: dict[str, None] = {}
    sign = 1 if higher_is_better else -1
    with opened(store) as own:
        for listed, values in _all(own, _pipelines(own, pipeline)):
            for key, value in values.metrics.items():
                if metric not in key.names:
                    others[key.names[0]] = None
                elif not math.isnan(value):
                    known = held.get(key)
                    if known is None or _turn(listed, sign * value) > _turn(known[1], known[0]):
                        held[key] = sign * value, listed, values
    exact = [key for key in held if key.names[-1] == metric]
    keys = exact[:1] or list(held)
    if len(keys) > 1:
        names = ", ".join(key.names[-1] for key in keys[:_MAX_NAMES])
        raise InvalidArgument(
            f"Several steps of {_said(pipeline)} measured {metric!r}.", hint=f"Say which: {names}."
        )
    if not keys:
        near = get_close_matches(metric, others, 1, 0.6)
        hint = (
            f"Did you mean {near[0]!r}?"
            if near
            else f"Metrics are: {', '.join(list(others)[:_MAX_NAMES]) or 'none'}."
        )
        raise NotFound(f"No run of {_said(pipeline)} has a number called {metric!r}.", hint=hint)
    _, listed, values = held[keys[0]]
    return _stored(listed, values)


def _turn(listed: _Listed, value: float) -> tuple[float, int, int]:
    return value, listed.row["started"] or 0, listed.row["context"]


def _stored(listed: _Listed, values: RunValues) -> StoredRun:
    row = listed.row
    names = called(values.parameters)
    return StoredRun(
        Ref(Kind.CONTEXT, row["context"]),
        listed.pipeline,
        (row["name"] or f"run {row['context']}").removeprefix(f"{listed.pipeline}."),
        row["state"],
        moment_of(row["started"]),
        span_of(row["duration"]),
        moment_of(row["lost_since"]),
        {names[key]: value for key, value in values.parameters.items()},
        values.metrics,
    )


def _all(store: Store, pipelines: list[Context]) -> Iterator[tuple[_Listed, RunValues]]:
    """Yield every run of some pipelines with its values."""
    for pipeline in pipelines:
        listed = {one.row["context"]: one for one in _listed(store, pipeline, None)}
        for run, values in values_of_runs(store, list(listed)):
            yield listed[run], values


def _listed(store: Store, pipeline: Context, limit: int | None) -> Iterator[_Listed]:
    """Yield the newest runs of a pipeline, all of them without a limit."""
    query = store.catalog["runs_of_pipeline"]
    skip = 0
    while limit is None or skip < limit:
        size = min(_PAGE, _PAGE if limit is None else limit - skip)
        answer = store.run(query, context=pipeline.id, skip=skip, limit=size)
        for row in answer.rows:
            yield _Listed(pipeline.title, dict(zip(answer.columns, row, strict=True)))
        if not answer.truncated:
            return
        skip += len(answer.rows)


def _count(store: Store, pipeline: Context) -> int:
    return int(store.run(store.catalog["count_runs"], context=pipeline.id).rows[0][0])


def _pipelines(store: Store, told: str | Ref) -> list[Context]:
    """Return the contexts that are meant: of a name all that have runs, else all of that name.

    Raises:
        NotFound: there is none.
    """
    if isinstance(told, Ref):
        node = store.node(told)
        if not isinstance(node, Context):
            raise InvalidArgument(f"{told} is no pipeline.", hint="Give its name, or its context.")
        return [node]
    types = {(one.name, one.version or "") for one in store.types(Kind.CONTEXT)}
    named = [store.by_name(Kind.CONTEXT, name, told, version) for name, version in sorted(types)]
    found = [one for one in named if isinstance(one, Context) and not one.is_step]
    with_runs = [one for one in found if _count(store, one)]
    if found:
        return with_runs or found[:1]
    known = [row[2] for row in store.run(store.catalog["pipelines"]).rows if row[2]]
    near = get_close_matches(told, known, 1, 0.6)
    hint = f"Did you mean {near[0]!r}?" if near else "The question pipelines lists them."
    raise NotFound(f"There is no pipeline called {told[:100]!r}.", hint=hint)


def _said(pipeline: str | Ref) -> str:
    return repr(pipeline) if isinstance(pipeline, str) else str(pipeline)
