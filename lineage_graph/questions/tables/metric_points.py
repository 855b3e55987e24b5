"""Metrics over time as a table, of a run or a step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from lineage_graph.errors import InvalidArgument
from lineage_graph.model import Context, Kind, Node, Ref
from lineage_graph.model.metrics import LOGGED, history_of
from lineage_graph.questions.tables.node_table import moment_of
from lineage_graph.questions.tables.opened import opened
from lineage_graph.questions.tables.table import Table
from lineage_graph.store import Find, Store

_KEPT_BY = "Metrics"
_MAX_ARTIFACTS = 500  # artifacts of metrics of a run that are read
_COLUMNS = ("metric", "step", "value", "time", "of")


class Stored(Protocol):
    """A run or a step: of the recorder, or read back."""

    @property
    def ref(self) -> Ref | None:
        """Its node in the store."""
        ...


@dataclass(frozen=True)
class MetricPoint:
    """One value of a metric: at which step of its axis, and when (UTC). ``of`` is the run or the pipeline's step."""

    metric: str
    step: float
    value: float
    time: datetime | None
    of: str


def history(of: Stored | Ref, *metrics: str, store: Store | None = None) -> Table[MetricPoint]:
    """Return the values of metrics over time: ``lg.history(run, "loss").to_pandas()``.

    ``of`` is a run or a step, as the recorder or ``lg.runs`` gives it, or its ref. Without names all
    metrics that were logged more than once are told. Where not all values are kept, ``note`` says so.

    Raises:
        NotFound: there is no such node.
        InvalidArgument: it is not stored, or an artifact.
    """
    ref = of if isinstance(of, Ref) else of.ref
    if ref is None or ref.kind is Kind.ARTIFACT:
        raise InvalidArgument(
            f"{of!r} is no stored run or step.", hint="Give a run, a step, or a ref of one."
        )
    with opened(store) as own:
        keepers = list(_keepers(own, ref))
    points = [
        point
        for node, label in keepers
        for point in _points(node, label)
        if _is_wanted(point, metrics)
    ]
    points.sort(key=lambda point: (point.metric, point.of))
    logged = sum(_left_out(node, metrics) for node, _ in keepers)
    note = f"Thinned: {logged:,} more were logged." if logged else ""
    return Table("values", points, len(points), _cells, _COLUMNS, note)


def _keepers(store: Store, ref: Ref) -> Iterator[tuple[Node, str]]:
    """Yield the nodes that keep metrics over time, with the name of the run or step they are of."""
    node = store.node(ref)
    if history_of(node):
        yield node, node.name or str(ref)
    if isinstance(node, Context):
        wanted = Find(kind=Kind.ARTIFACT, type=_KEPT_BY, context=ref.id, limit=_MAX_ARTIFACTS)
        kept = store.find(wanted).nodes
    else:
        kept = tuple(a for a in store.neighbours(ref).artifacts if a.type == _KEPT_BY)
    for artifact in kept:
        if history_of(artifact):
            yield artifact, _maker(store, artifact)


def _maker(store: Store, artifact: Node) -> str:
    around = store.neighbours(artifact.ref)
    names = [execution.type or str(execution.ref) for execution in around.executions]
    return names[0] if names else str(artifact.ref)


def _points(node: Node, label: str) -> Iterator[MetricPoint]:
    for name, points in history_of(node).items():
        for step, value, at in points:
            yield MetricPoint(name, step, float(value), moment_of(int(at) or None), label)


def _is_wanted(point: MetricPoint, metrics: tuple[str, ...]) -> bool:
    return not metrics or point.metric in metrics


def _left_out(node: Node, metrics: tuple[str, ...]) -> int:
    """Return how many values of these metrics were logged and are not kept."""
    counts = (
        (node.custom_properties.get(name + LOGGED), len(points))
        for name, points in history_of(node).items()
        if not metrics or name in metrics
    )
    return sum(logged - kept for logged, kept in counts if isinstance(logged, int))


def _cells(point: MetricPoint) -> Mapping[str, Any]:
    return {name: getattr(point, name) for name in _COLUMNS}
