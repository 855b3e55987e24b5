"""Filters: ML Metadata's filter language, read, checked and turned into Cypher with bound values."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from lineage_graph.errors import InvalidArgument
from lineage_graph.filters.compiler import Compiler
from lineage_graph.filters.parse import parse
from lineage_graph.filters.wrong import PREFIX
from lineage_graph.model import Kind

__all__ = ["PREFIX", "Filter", "compile_filter"]

MOST_NEIGHBOURS = 20  # planning takes a second by then, and the rows of all are combined


@dataclass(frozen=True)
class Filter:
    """A filter in Cypher, over nodes called ``n``.

    ``joins``: patterns to match from ``n``, one for every neighbour the filter names; a node that
    meets the condition with several neighbours is found several times. ``condition``: what must
    be true. ``values``: what its parameters stand for; their names begin with ``filter_``.
    """

    joins: tuple[str, ...]
    condition: str
    values: Mapping[str, Any]


@functools.lru_cache(maxsize=256)
def compile_filter(kind: Kind, text: str) -> Filter:
    """Return the Cypher of a filter over nodes of a kind.

    Raises:
        InvalidArgument: the text is no filter, or names what there is not; the message says where.
    """
    joins, condition, values = Compiler(kind, text).compile(parse(text))
    if len(joins) > MOST_NEIGHBOURS:
        raise InvalidArgument(f"{PREFIX}it names more than {MOST_NEIGHBOURS} neighbours.")
    return Filter(joins, condition, MappingProxyType(dict(values)))
