"""What one event may hold where others wait until it is stored: each thing it names takes about a millisecond."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lineage_graph.exchange.openlineage.aliases import aliases_of, old_names
from lineage_graph.exchange.openlineage.claims import claims_above
from lineage_graph.exchange.openlineage.events import DatasetEvent, Event, InvalidEvent, RunEvent

MAX_DATASETS = 2000  # inputs and outputs of an event
MAX_COLUMNS = 10_000  # columns that columns of its outputs were made from
MAX_FACETS = 500  # facets of a run, a job, or a dataset
MAX_INPUT_FACETS = 2000  # facets of all inputs: each is a property of the run

_FILE = "import a file of it with lineage-graph import, which has no such limit"


def check_bounds(value: Any) -> None:
    """Refuse what holds more than an event may; what is no event is left to who makes one of it.

    Raises:
        InvalidEvent: it does; the reason says of what, and how much.
    """
    if not isinstance(value, dict):
        return
    datasets = [*_objects(value.get("inputs")), *_objects(value.get("outputs"))]
    _check(_size(value.get("inputs")) + _size(value.get("outputs")), MAX_DATASETS, "datasets")
    holders = [*datasets, *_objects([value.get(name) for name in ("run", "job", "dataset")])]
    of_inputs = columns = 0
    for holder in holders:
        for name in ("facets", "inputFacets", "outputFacets"):
            _check(_size(holder.get(name)), MAX_FACETS, f"{name} of one thing")
        of_inputs += _size(holder.get("inputFacets"))
        columns += _columns(holder.get("facets"))
    _check(of_inputs, MAX_INPUT_FACETS, "inputFacets")
    _check(columns, MAX_COLUMNS, "inputFields of columnLineage")


def weight_of(event: Event) -> int:
    """Return about how many nodes and links an event tells of."""
    if isinstance(event, DatasetEvent):
        return 1
    outputs = event.outputs or ()
    named = len(event.inputs or ()) + len(outputs)
    return 1 + named + sum(_columns(output.facets) for output in outputs)


def names_in(event: Event) -> frozenset[tuple[str, ...]]:
    """Return what tells the runs, jobs and datasets that an event names from all others."""
    named: set[tuple[str, ...]] = {("dataset", *one) for pair in aliases_of(event) for one in pair}
    if isinstance(event, DatasetEvent):
        return frozenset({*named, ("dataset", event.dataset.namespace, event.dataset.name)})
    outputs = event.outputs or ()
    named |= {("dataset", one.namespace, one.name) for one in (*(event.inputs or ()), *outputs)}
    named.add(("job", event.job.namespace, event.job.name))
    for output in outputs:
        for sources in _sources(output.facets):
            named |= {
                ("dataset", str(one.get("namespace")), str(one.get("name")))
                for one in _objects(sources)
            }
    if isinstance(event, RunEvent):
        named.add(("run", event.run.run_id))
        named |= {("dataset", *old) for old in old_names(event)}
        for run, job in claims_above(event):
            named |= {("run", run), ("job", *job)}
    return frozenset(named)


def _columns(facets: Any) -> int:
    return sum(map(_size, _sources(facets)))


def _sources(facets: Any) -> Iterator[Any]:
    """Yield each list of what columns of an output were made from."""
    facet = facets.get("columnLineage") if isinstance(facets, dict) else None
    if not isinstance(facet, dict):
        return
    yield facet.get("dataset")
    fields = facet.get("fields")
    for one in _objects(list(fields.values()) if isinstance(fields, dict) else None):
        yield one.get("inputFields")


def _objects(values: Any) -> Iterator[dict[str, Any]]:
    return (one for one in (values if isinstance(values, list) else ()) if isinstance(one, dict))


def _size(value: Any) -> int:
    return len(value) if isinstance(value, (list, dict)) else 0


def _check(size: int, most: int, what: str) -> None:
    if size > most:
        raise InvalidEvent(f"an event has at most {most:,} {what}, this has {size:,}; {_FILE}")
