"""What a filter becomes in Cypher, as one statement that people can read, copy and run."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from lineage_graph.catalog import Catalog
from lineage_graph.catalog.compose import fill
from lineage_graph.catalog.literals import with_literals
from lineage_graph.catalog.node_query import NodeQuery
from lineage_graph.filters import NodeSet, compile_filter
from lineage_graph.model import Kind
from lineage_graph.store.reading.node_sets import statement_of

_LISTED_NODES = 100  # nodes that the statement lists


@dataclass(frozen=True)
class Explanation:
    """A filter's Cypher: ``cypher`` with its ``values`` bound, and with them ``written`` into it.

    The store finds the sets of nodes (``upstream_of`` …) by statements of their own, and binds their
    ids; here they are subqueries, so that the statement says it all.
    """

    cypher: str
    values: dict[str, Any]
    written: str


def explain_filter(catalog: Catalog, kind: Kind, where: str) -> Explanation:
    """Return what a filter becomes.

    Raises:
        InvalidArgument: the filter cannot be understood; the message says where.
    """
    compiled = compile_filter(kind, where, strict=False)
    values = dict(compiled.values)
    condition, before, kept = compiled.condition, "", ""
    for one in compiled.sets:
        condition = condition.replace(one.condition, f"n.id IN {one.name}")
        before += _subquery(catalog, kind, one, values, kept)
        kept += f"{one.name}, "
    statement = NodeQuery(kind, (), compiled.joins, condition).summary()
    title, _, rest = statement.partition("\n")
    cypher = f"{title}\n{before}{rest}\nLIMIT {_LISTED_NODES}"
    return Explanation(cypher, values, with_literals(cypher, values))


def _subquery(catalog: Catalog, kind: Kind, one: NodeSet, values: dict[str, Any], kept: str) -> str:
    """Return the subquery that finds a set, and leaves its ids under the set's name."""
    name, own, holes = statement_of(kind, one)
    body = fill(catalog[name].body, **holes)
    for key, value in own.items():
        body = re.sub(rf"\${key}\b", f"${one.name}_{key}", body)
        values[f"{one.name}_{key}"] = value
    inside = "".join(f"  {line}\n" for line in body.strip().splitlines())
    return f"CALL {{ // {_plain(str(one))}\n{inside}}}\nWITH {kept}ids AS {one.name}\n"


def _plain(text: str) -> str:
    """A comment ends with its line."""
    return re.sub(r"[^\w '/.,:\-]", "_", text)[:80]
