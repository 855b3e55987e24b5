"""Catalog: the statements below ``cypher/``, their headers read and checked, values bound."""

from lineage_graph.catalog.files import Catalog, load_catalog, load_query
from lineage_graph.catalog.query import (
    Param,
    Query,
    ReturnColumn,
    Returns,
    bind_values,
    input_model,
    is_paged,
)

__all__ = [
    "Catalog",
    "Param",
    "Query",
    "ReturnColumn",
    "Returns",
    "bind_values",
    "input_model",
    "is_paged",
    "load_catalog",
    "load_query",
]
