"""Column lineage of OpenLineage's events: which column was made from which column of what was read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from lineage_graph.exchange.openlineage.checks import told_facet
from lineage_graph.exchange.openlineage.facets import DatasetFacets
from lineage_graph.exchange.store_lookup import DatasetName

WHOLE = "*"
"""Stands for every column: what decided which rows there are (a filter, a join)."""


class ColumnKey(NamedTuple):
    """A column that was written; ``target`` is the origin of the artifact it is in.

    ``kind`` is ``DIRECT``, ``INDIRECT`` or both words of a transformation (``DIRECT IDENTITY``), empty
    where it is not told.
    """

    source_column: str
    target: str
    target_column: str
    kind: str


def columns_of(facets: DatasetFacets, target: str) -> Iterator[tuple[DatasetName, ColumnKey]]:
    """Yield the datasets that a dataset's columns were made from, with what was made of them."""
    facet = told_facet(facets, "columnLineage")
    if facet is None:
        return
    for name, sources in (facet.get("fields") or {}).items():
        told = _words(sources.get("transformationType"))
        for field in sources["inputFields"]:
            yield from _column(field, target, name, told)
    for field in facet.get("dataset") or ():
        yield from _column(field, target, WHOLE, "INDIRECT")


def _column(
    field: Mapping[str, Any], target: str, name: str, told: str
) -> Iterator[tuple[DatasetName, ColumnKey]]:
    dataset = DatasetName(field["namespace"], field["name"])
    steps = field.get("transformations")
    kinds = {
        " ".join(filter(None, (_words(step.get("type")), _words(step.get("subtype")))))
        for step in (steps if isinstance(steps, list) else ())
        if isinstance(step, dict)
    }
    for kind in sorted(kinds - {""}) or [told]:
        yield dataset, ColumnKey(field["field"], target, name, kind)


def _words(value: Any) -> str:
    return value if isinstance(value, str) else ""
