"""Facets as fields of an event: the standard ones are checked wherever they stand, all others are objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import ValidatorFunctionWrapHandler, WrapValidator

from lineage_graph.exchange.openlineage.facets import AnyFacets

LONGEST_FACET_NAME = 200  # characters
_HOMES: Mapping[int | str, tuple[str, ...]] = {
    "inputs": ("inputFacets",),
    "outputs": ("outputFacets",),
}


def _fault(name: str, facet: Any) -> str:
    """Return why something is no facet; empty where it is one, or none at all."""
    if len(name) > LONGEST_FACET_NAME or not name:
        return f"a facet's name has 1 to {LONGEST_FACET_NAME} characters"
    return "" if facet is None or isinstance(facet, dict) else f"the facet {name!r} is no object"


def _objects(facets: Any) -> Any:
    for name, facet in facets.items():
        if reason := _fault(name, facet):
            raise ValueError(reason)
    return facets


def no_facets(event: dict[str, Any]) -> Iterator[tuple[tuple[int | str, ...], str]]:
    """Yield the places in an event of what is no facet and stands where facets do, and why it is none."""
    holders: list[tuple[tuple[int | str, ...], Any]] = [
        ((name,), event.get(name)) for name in ("run", "job", "dataset")
    ]
    for side in ("inputs", "outputs"):
        items = event.get(side)
        holders += (
            ((side, n), one) for n, one in enumerate(items if isinstance(items, list) else ())
        )
    for place, holder in holders:
        for home in ("facets", *_HOMES.get(place[0], ())):
            facets = holder.get(home) if isinstance(holder, dict) else None
            for name, facet in list(facets.items()) if isinstance(facets, dict) else ():
                if reason := _fault(name, facet):
                    yield (*place, home, name), reason


def told_facet(facets: Mapping[str, Any], name: str) -> Any:
    """Return a facet that is told and was not deleted, else None."""
    facet = facets.get(name)
    return None if facet is None or facet.get("_deleted") is True else facet


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


Facets = Annotated[AnyFacets, WrapValidator(_but_deleted)]
