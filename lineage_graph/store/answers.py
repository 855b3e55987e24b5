"""Ask: a saved question's Cypher, or a stranger's, to an Answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

import neo4j.graph
import neo4j.spatial
import neo4j.time

from lineage_graph.catalog import Query
from lineage_graph.catalog.compose import COLUMN, SAME
from lineage_graph.model import (
    Association,
    Attribution,
    EventType,
    Kind,
    Link,
    Node,
    ParentContext,
    Ref,
    SameAs,
)
from lineage_graph.store.reading import get
from lineage_graph.store.rows import column_of, event_from_row, node_from_row
from lineage_graph.store.session import Fetched, Sessions, Transaction
from lineage_graph.store.values import Answer

_KINDS = {kind.label: kind for kind in Kind}
_EVENTS = {event.value for event in EventType}


def ask(sessions: Sessions, query: Query, values: Mapping[str, Any], *, row_limit: int) -> Answer:
    """Ask a question of the catalog: values checked, rolled back, time and rows limited.

    Where the answer has pages, one row more than the page holds is asked for: it tells whether
    there are more.

    Raises:
        InvalidArgument: a value is missing, unknown or of the wrong kind.
        TimedOut: the time limit was reached.
    """
    bound = query.bind(dict(values))
    kind = query.returns.kind
    if query.is_paged:
        row_limit = min(row_limit, bound["limit"])
        bound["limit"] = row_limit + 1

    def work(transaction: Transaction) -> Answer:
        return answer(transaction, transaction.fetch(query.text, bound, row_limit), kind)

    return timed(lambda: sessions.guarded(work))


def timed(work: Callable[[], Answer]) -> Answer:
    """Run work and note how long it took."""
    started = time.perf_counter()
    found = work()
    took = (time.perf_counter() - started) * 1000
    return Answer(
        found.kind, found.columns, found.rows, found.graph, found.truncated, round(took, 1)
    )


def answer(
    transaction: Transaction,
    found: Fetched,
    kind: Literal["none", "value", "one", "rows", "graph"],
) -> Answer:
    """Turn what was fetched into an Answer."""
    cells = _Cells(transaction, found.records)
    rows = tuple(tuple(cells.plain(value) for value in record) for record in found.records)
    graph = None
    if kind == "graph" or cells.found:
        graph = get.links_among(transaction, cells.found)
    return Answer(kind, found.columns, rows, graph, found.more)


class _Cells:
    """Turns the driver's values into ours: nodes, links, JSON values."""

    def __init__(self, transaction: Transaction, records: Iterable[Iterable[Any]]) -> None:
        self.found: dict[Ref, None] = {}
        self._nodes: dict[str, Node | None] = {}
        bare: set[str] = set()
        for record in records:
            for value in record:
                for item in _graph_items(value):
                    if isinstance(item, neo4j.graph.Node):
                        self._know(item.element_id, item.labels, dict(item))
                    else:
                        bare |= {end.element_id for end in item.nodes if end is not None}
        unknown = sorted(bare - self._nodes.keys())
        for found in transaction.batches("nodes_by_element", "elements", unknown):
            self._know(found["element"], found["labels"], found["node"])

    def _know(self, element: str, labels: Iterable[str], row: dict[str, Any]) -> None:
        kind = next((_KINDS[label] for label in labels if label in _KINDS), None)
        node = node_from_row(kind, row) if kind is not None and "id" in row else None
        self._nodes[element] = node
        if node is not None:
            self.found[node.ref] = None

    def plain(self, value: Any) -> Any:
        """Return a value as JSON, nodes as Node, relationships as Link, where they are ours."""
        if isinstance(value, neo4j.graph.Node):
            return self._nodes[value.element_id] or {
                "labels": sorted(value.labels),
                "properties": {key: self.plain(item) for key, item in value.items()},
            }
        if isinstance(value, neo4j.graph.Relationship):
            return self._link(value) or {
                "type": value.type,
                "properties": {key: self.plain(item) for key, item in value.items()},
            }
        if isinstance(value, neo4j.graph.Path):
            return [self.plain(item) for item in _graph_items(value)]
        if isinstance(value, (list, tuple)):
            return [self.plain(item) for item in value]
        if isinstance(value, dict):
            return {str(key): self.plain(item) for key, item in value.items()}
        if value is None or isinstance(value, (bool, int, float, str)):
            return value
        if isinstance(value, (bytes, bytearray)):
            return value.hex()
        return str(value)  # times, durations, points

    def _link(self, relationship: neo4j.graph.Relationship) -> Link | None:
        start, end = (
            self._nodes.get(node.element_id) if node is not None else None
            for node in relationship.nodes
        )
        if start is None or end is None or start.id is None or end.id is None:
            return None
        if relationship.type in _EVENTS:
            is_input = start.kind is Kind.ARTIFACT
            artifact, execution = (start.id, end.id) if is_input else (end.id, start.id)
            return event_from_row(artifact, execution, relationship.type, dict(relationship))
        if relationship.type == "ATTRIBUTED_TO":
            return Attribution(artifact_id=start.id, context_id=end.id)
        if relationship.type == "ASSOCIATED_WITH":
            return Association(execution_id=start.id, context_id=end.id)
        if relationship.type == "CHILD_OF":
            return ParentContext(child_id=start.id, parent_id=end.id)
        if relationship.type == SAME:
            return SameAs(artifact_id=start.id, other_id=end.id, by=relationship.get("by", ""))
        if relationship.type == COLUMN:
            return column_of(start.id, end.id, dict(relationship))
        return None


def _graph_items(value: Any) -> Iterable[Any]:
    if isinstance(value, (neo4j.graph.Node, neo4j.graph.Relationship)):
        yield value
    elif isinstance(value, neo4j.graph.Path):
        yield value.nodes[0]
        for relationship, node in zip(value.relationships, value.nodes[1:], strict=True):
            yield relationship
            yield node
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _graph_items(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _graph_items(item)
