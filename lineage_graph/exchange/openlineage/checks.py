"""Facets as fields of an event: the standard ones are checked, all others are objects."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import ValidatorFunctionWrapHandler, WrapValidator

from lineage_graph.exchange.openlineage.facets import (
    DatasetFacets,
    InputFacets,
    JobFacets,
    OutputFacets,
    RunFacets,
)

LONGEST_FACET_NAME = 200  # characters


def _objects(facets: Any) -> Any:
    for name, facet in facets.items():
        if len(name) > LONGEST_FACET_NAME or not name:
            raise ValueError(f"a facet's name has 1 to {LONGEST_FACET_NAME} characters")
        if not isinstance(facet, dict):
            raise ValueError(f"the facet {name!r} is no object")
    return facets


def _but_deleted(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    """Check all facets but null ones, which are left out, and deleted ones, which need no fields."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        return handler(value)
    if all(type(v) is dict and "_deleted" not in v for v in value.values()):
        return _objects(handler(value))
    deleted = {k: v for k, v in value.items() if isinstance(v, dict) and v.get("_deleted") is True}
    rest = {k: v for k, v in value.items() if v is not None and k not in deleted}
    return _objects({**handler(rest), **deleted})


OfRun = Annotated[RunFacets, WrapValidator(_but_deleted)]
OfJob = Annotated[JobFacets, WrapValidator(_but_deleted)]
OfDataset = Annotated[DatasetFacets, WrapValidator(_but_deleted)]
OfInput = Annotated[InputFacets, WrapValidator(_but_deleted)]
OfOutput = Annotated[OutputFacets, WrapValidator(_but_deleted)]
