"""Other names of a dataset of OpenLineage: those it was told to have, and those that are spelled alike."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from lineage_graph.exchange.openlineage.naming import origin_of, spellings
from lineage_graph.exchange.store_lookup import DatasetName
from lineage_graph.model import Kind, Node
from lineage_graph.model.merging import ALIASES
from lineage_graph.store import Store

MAX_NAMES = 20
_DATASET = origin_of("dataset", "")  # as all origins of datasets and their versions begin


class DatasetNames(NamedTuple):
    """Contexts of what a dataset is also known as, and of what may be the same, by its spelling."""

    known: tuple[Node, ...] = ()
    alike: tuple[Node, ...] = ()


def other_names(store: Store, node: Node) -> DatasetNames:
    """Return the other names of a dataset, or of the dataset of a version: at most ``MAX_NAMES`` of each."""
    dataset = _dataset_of(node)
    if dataset is None:
        return DatasetNames()
    origins = {origin_of("dataset", *one) for one in (dataset, *spellings(dataset))}
    found = {_dataset_of(one): one for one in _contexts(store, origins)}
    own = found.pop(dataset, None)
    known: dict[DatasetName | None, Node] = {}
    frontier = [own] if own is not None else []
    while frontier and len(known) < MAX_NAMES:
        told = {one for context in frontier for one in _aliases(context)} - {dataset, *known}
        frontier = _contexts(store, {origin_of("dataset", *one) for one in told})
        known |= {_dataset_of(one): one for one in frontier}
    alike = [one for name, one in found.items() if name not in known]
    return DatasetNames(_first(known.values()), _first(alike))


def _dataset_of(node: Node) -> DatasetName | None:
    told = node.custom_properties
    namespace, name = told.get("namespace"), told.get("dataset")
    if not (node.origin or "").startswith(_DATASET) or not isinstance(namespace, str):
        return None
    return DatasetName(namespace, name) if isinstance(name, str) else None


def _aliases(context: Node) -> Iterable[DatasetName]:
    told = context.custom_properties.get(ALIASES)
    for one in told.values() if isinstance(told, dict) else ():
        if isinstance(one, dict):
            yield DatasetName(str(one.get("namespace")), str(one.get("dataset")))


def _contexts(store: Store, origins: set[str]) -> list[Node]:
    if not origins:
        return []
    ids = sorted(store.lookup.by_origin(Kind.CONTEXT, origins).values())
    return list(store.get(Kind.CONTEXT, ids)) if ids else []


def _first(nodes: Iterable[Node]) -> tuple[Node, ...]:
    return tuple(sorted(nodes, key=lambda node: node.id or 0)[:MAX_NAMES])
