"""Filters: ML Metadata's filter language and short forms, read, checked and turned into Cypher with bound values."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from lineage_graph.catalog.property_index_keys import Range
from lineage_graph.errors import InvalidArgument
from lineage_graph.filters.compiler import Compiler
from lineage_graph.filters.diagnostics import PREFIX
from lineage_graph.filters.parse import parse
from lineage_graph.filters.predicates import NodeSet
from lineage_graph.model import Kind

__all__ = ["PREFIX", "Filter", "NodeSet", "compile_filter"]

MOST_NEIGHBOURS = 20  # planning takes a second by then, and the rows of all are combined
MOST_SETS = 20
_MAX_IDS_IN_LIST = 250  # ids that a list is searched for one by one, which an index can serve


_INDEXED = re.compile(r"\bn\.(id|uri_key|external_key)\b")
_INDEXED_EQUAL = re.compile(_INDEXED.pattern + " (=|IN) ")


@dataclass(frozen=True)
class Filter:
    """A filter in Cypher, over nodes called ``n``.

    ``joins``: patterns to match from ``n``, one for every neighbour the filter names; a node that
    meets the condition with several neighbours is found several times. ``condition``: what must
    be true. ``values``: what its parameters stand for; their names begin with ``filter_``.
    ``sets``: node sets to find first; ``with_sets`` fills them in. ``seeks``: ranges of keys, the
    narrowest first; a node that meets the filter has a key in one range of each. ``properties``: the
    names of the properties in the filter, whether they exist or not.
    """

    joins: tuple[str, ...]
    condition: str
    values: Mapping[str, Any]
    sets: tuple[NodeSet, ...] = ()
    seeks: tuple[tuple[Range, ...], ...] = ()
    properties: tuple[str, ...] = ()

    @property
    def names_indexed(self) -> bool:
        """Whether it names ids, addresses or external ids, to which an index leads."""
        return _INDEXED.search(self.condition) is not None

    @property
    def compares_indexed(self) -> bool:
        """Whether one of those must be equal to something, so that an index leads to a few nodes."""
        return _INDEXED_EQUAL.search(self.condition) is not None

    def with_sets(self, found: Mapping[str, Sequence[int]]) -> Filter:
        """Return the filter with the ids that were found for each set, by the set's name.

        A list is searched from its start for every node, so many ids become the keys of a map.
        """
        condition, values = self.condition, dict(self.values)
        for one in self.sets:
            ids = found[one.name]
            if len(ids) <= _MAX_IDS_IN_LIST:
                values[one.name] = list(ids)
            else:
                condition = condition.replace(one.condition, one.keyed)
                values[one.name] = dict.fromkeys(map(str, ids), True)
        return replace(self, condition=condition, values=MappingProxyType(values), sets=())


@functools.lru_cache(maxsize=256)
def compile_filter(kind: Kind, text: str, *, strict: bool = True) -> Filter:
    """Return the Cypher of a filter over nodes of a kind.

    ``strict`` allows only ML Metadata's language; otherwise bare names of properties and the short
    forms (``upstream_of(42)``) are understood too.

    Raises:
        InvalidArgument: the text is no filter, or uses an unknown name; the message says where.
    """
    compiler = Compiler(kind, text, strict=strict)
    found = compiler.compile(parse(text))
    if len(found.joins) > MOST_NEIGHBOURS:
        raise InvalidArgument(f"{PREFIX}it names more than {MOST_NEIGHBOURS} neighbours.")
    if len(compiler.sets) > MOST_SETS:
        raise InvalidArgument(f"{PREFIX}it names more than {MOST_SETS} walks and contexts.")
    seeks = () if kind is Kind.CONTEXT else found.seeks
    values = MappingProxyType(dict(found.values))
    return Filter(found.joins, found.condition, values, compiler.sets, seeks, compiler.properties)
