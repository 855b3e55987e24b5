"""Writing links inside a put: of executions and contexts, and between artifacts."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from lineage_graph.catalog.compose import COLUMN, SAME
from lineage_graph.catalog.names import index_key
from lineage_graph.errors import AlreadyExists, InvalidArgument
from lineage_graph.model import ColumnLineage, Event, EventType, Kind, Ref, Revision, Subgraph
from lineage_graph.store.reading.get import existing_ids
from lineage_graph.store.rows import Row, event_row
from lineage_graph.store.session import Record, Transaction
from lineage_graph.store.values import PutOptions
from lineage_graph.store.writing.nodes import Written, resolve
from lineage_graph.store.writing.write_batch import Writes


@dataclass(frozen=True)
class _Shape:
    """A type of relationship and the kinds of node it joins, in the direction data flows."""

    link: str
    source: Kind
    target: Kind


ATTRIBUTED = _Shape("ATTRIBUTED_TO", Kind.ARTIFACT, Kind.CONTEXT)
ASSOCIATED = _Shape("ASSOCIATED_WITH", Kind.EXECUTION, Kind.CONTEXT)
CHILD = _Shape("CHILD_OF", Kind.CONTEXT, Kind.CONTEXT)
SAME_AS = _Shape(SAME, Kind.ARTIFACT, Kind.ARTIFACT)
COLUMNS = _Shape(COLUMN, Kind.ARTIFACT, Kind.ARTIFACT)


def _shape_of(event: EventType) -> _Shape:
    ends = (Kind.ARTIFACT, Kind.EXECUTION)
    return _Shape(event.value, *(ends if event.is_input else ends[::-1]))


Pairs = dict[tuple[int, int], Row]
_Keyed = tuple[
    int, int, tuple[str, ...], Row
]  # both ends, what else tells it apart, its properties


class LinkWriter:
    """Writes the links of a subgraph whose nodes are written."""

    def __init__(
        self,
        transaction: Transaction,
        writes: Writes,
        subgraph: Subgraph,
        written: dict[Kind, Written],
        options: PutOptions,
        now: int,
    ) -> None:
        self._transaction = transaction
        self._writes = writes
        self._subgraph = subgraph
        self._new = {kind: written[kind].new for kind in Kind}
        self._ids = {kind: resolve(subgraph.nodes_of(kind), written[kind].ids) for kind in Kind}
        self._options = options
        self._now = None if options.restore else now

    def write(self) -> int:
        """Write all links; return how many are new.

        Raises:
            InvalidArgument: a link names a node that does not exist, a context would be its own
                ancestor.
            AlreadyExists: an event or a parent context that is there already.
        """
        links = self._subgraph
        if isinstance(links, Revision):
            self._take_back(links)
        groups: dict[_Shape, Pairs] = defaultdict(dict)
        for event in links.events:
            artifact = self._stored(Kind.ARTIFACT, event.artifact_id)
            execution = self._stored(Kind.EXECUTION, event.execution_id)
            row = event_row(event, self._now)
            pair = (artifact, execution) if event.type.is_input else (execution, artifact)
            shape = _shape_of(event.type)
            self._add(groups[shape], pair, row, shape)
        for attribution in links.attributions:
            artifact = self._stored(Kind.ARTIFACT, attribution.artifact_id)
            context = self._stored(Kind.CONTEXT, attribution.context_id)
            groups[ATTRIBUTED][artifact, context] = {}
        for association in links.associations:
            execution = self._stored(Kind.EXECUTION, association.execution_id)
            context = self._stored(Kind.CONTEXT, association.context_id)
            groups[ASSOCIATED][execution, context] = {}
        for parent in links.parent_contexts:
            parents = (
                self._stored(Kind.CONTEXT, parent.child_id),
                self._stored(Kind.CONTEXT, parent.parent_id),
            )
            self._add(groups[CHILD], parents, {}, CHILD)
        written = sum(self._write_group(shape, pairs) for shape, pairs in groups.items())
        written += self._write_keyed(SAME_AS, self._same_as()) // 2  # stored both ways
        written += self._write_keyed(COLUMNS, self._columns())
        self._writes.run()
        if CHILD in groups:
            self._check_parents(groups[CHILD])
        if isinstance(links, Revision):
            forgotten = sorted(ref.id for ref in links.taken_back if isinstance(ref, Ref))
            self._transaction.batches("forget_artifacts", "ids", forgotten)
        return written

    def _take_back(self, revision: Revision) -> None:
        """Take back links at once: what is written next may be the same ones, saying something else."""
        rows: dict[_Shape, list[list[Any]]] = defaultdict(list)
        for link in revision.taken_back:
            if isinstance(link, Event):
                shape, pair = _shape_of(link.type), [link.artifact_id, link.execution_id]
                rows[shape].append(pair if link.type.is_input else pair[::-1])
            elif isinstance(link, ColumnLineage):
                words = (link.source_column, link.target_column, link.kind)
                ends = (link.source_id, link.target_id)
                rows[COLUMNS].append([*ends, keyed(*ends, *words)])
        for shape, taken in rows.items():
            if shape is COLUMNS:
                self._transaction.batches("delete_links", "rows", taken, link=COLUMN)
                continue
            source, target, of_type = shape.source, shape.target, shape.link
            self._transaction.batches(
                "take_back_events", "rows", taken, source=source, target=target, link=of_type
            )

    def _stored(self, kind: Kind, given: int) -> int:
        return self._ids[kind].get(given, given)

    def _add(self, pairs: Pairs, pair: tuple[int, int], row: Row, shape: _Shape) -> None:
        if pair in pairs and self._options.existing_links == "refuse":
            raise _exists(shape, pair)
        pairs.setdefault(pair, row)

    def _write_group(self, shape: _Shape, pairs: Pairs) -> int:
        if shape is CHILD:
            self._transaction.run("lock_parents")
        fresh = {
            pair: row
            for pair, row in pairs.items()
            if pair[0] in self._new[shape.source] or pair[1] in self._new[shape.target]
        }
        old = {pair: row for pair, row in pairs.items() if pair not in fresh}
        existing = self._existing(shape, old) if old else set()
        once = shape not in (ATTRIBUTED, ASSOCIATED)  # as in ML Metadata: those may be repeated
        if existing and once and self._options.existing_links == "refuse":
            raise _exists(shape, min(existing))
        missing = {pair: row for pair, row in old.items() if pair not in existing}
        self._add_write("create_links", shape, fresh)
        keyed = {pair: {**row, "key": f"{pair[0]}:{pair[1]}"} for pair, row in missing.items()}
        self._add_write("merge_links", shape, keyed)
        return len(fresh) + len(missing)

    def _same_as(self) -> Iterator[_Keyed]:
        """Both ways, so that walks cross them whichever way they go."""
        for link in self._subgraph.same_as:
            ends = [self._stored(Kind.ARTIFACT, end) for end in (link.artifact_id, link.other_id)]
            if ends[0] == ends[1]:
                raise InvalidArgument(f"Artifact {ends[0]} is itself; it needs no link to say so.")
            for source, target in (ends, ends[::-1]):
                yield source, target, (link.by,), {"by": link.by}

    def _columns(self) -> Iterator[_Keyed]:
        for link in self._subgraph.columns:
            row = {
                "from_column": link.source_column,
                "to_column": link.target_column,
                "kind": link.kind,
            }
            source = self._stored(Kind.ARTIFACT, link.source_id)
            target = self._stored(Kind.ARTIFACT, link.target_id)
            yield source, target, (link.source_column, link.target_column, link.kind), row

    def _write_keyed(self, shape: _Shape, links: Iterable[_Keyed]) -> int:
        """Write links of which a pair may have several; those that are there already are passed over."""
        rows: dict[str, list[Any]] = {}
        for source, target, words, row in links:
            key = keyed(source, target, *words)
            rows.setdefault(key, [source, target, row | {"key": key}])
        pairs: Pairs = {(row[0], row[1]): {} for row in rows.values()}
        new = self._new[Kind.ARTIFACT]
        old = sorted({target for source, target in pairs if not new & {source, target}})
        holes: dict[str, Any] = {"target": shape.target, "links": shape.link}
        held = set(self._transaction.gathered("link_keys", "ids", old, **holes))
        missing = [row for key, row in sorted(rows.items()) if key not in held]
        self._add_rows("create_links", shape, missing, pairs)
        return len(missing)

    def _add_write(self, query: str, shape: _Shape, pairs: Pairs) -> None:
        # In one order, so that writers of the same links seldom wait for each other in a circle.
        rows = [[source, target, pairs[source, target]] for source, target in sorted(pairs)]
        self._add_rows(query, shape, rows, pairs)

    def _add_rows(self, query: str, shape: _Shape, rows: list[Any], pairs: Pairs) -> None:
        self._writes.add(
            query,
            rows,
            lambda: self._refuse_missing(shape, pairs),
            source=shape.source,
            target=shape.target,
            link=shape.link,
        )

    def _refuse_missing(self, shape: _Shape, pairs: Pairs) -> None:
        for position, kind in ((0, shape.source), (1, shape.target)):
            wanted = {pair[position] for pair in pairs}
            missing = wanted - existing_ids(self._transaction, kind, sorted(wanted))
            if missing:
                raise InvalidArgument(
                    f"A link of type {shape.link} names {kind.value} {min(missing)}, "
                    "which does not exist.",
                    hint="Put the node first, or in the same subgraph.",
                )

    def _existing(self, shape: _Shape, pairs: Pairs) -> set[tuple[int, int]]:
        records = self._among(shape, pairs)
        return {(record["source"], record["target"]) for record in records} & pairs.keys()

    def _among(self, shape: _Shape, pairs: Pairs) -> list[Record]:
        values = {
            "sources": sorted({source for source, _ in pairs}),
            "targets": sorted({target for _, target in pairs}),
        }
        return self._transaction.run(
            "links_among", values, source=shape.source, target=shape.target, links=shape.link
        )

    def _check_parents(self, pairs: Pairs) -> None:
        """Refuse a circle: walk up from the new parents and see whether a child comes by."""
        above: dict[int, set[int]] = {}
        frontier = {parent for _, parent in pairs}
        while frontier:
            above.update({context: set() for context in frontier})
            links = self._transaction.gathered(
                "links_from",
                "ids",
                sorted(frontier),
                source=Kind.CONTEXT,
                target=Kind.CONTEXT,
                links="CHILD_OF",
            )
            for source, target, *_ in links:
                above[source].add(target)
            frontier = {target for _, target, *_ in links} - above.keys()
        for child, parent in pairs:
            if child == parent or _reaches(above, parent, child):
                raise InvalidArgument(
                    f"Context {child} cannot be part of context {parent}: it would be its own ancestor."
                )


def keyed(source: int, target: int, *words: str) -> str:
    """Return what tells a link from others between the same artifacts."""
    return index_key(json.dumps([source, target, *words], ensure_ascii=False))


def _reaches(above: dict[int, set[int]], start: int, wanted: int) -> bool:
    seen, pending = {start}, [start]
    while pending:
        for parent in above.get(pending.pop(), ()):
            if parent == wanted:
                return True
            if parent not in seen:
                seen.add(parent)
                pending.append(parent)
    return False


def _exists(shape: _Shape, pair: tuple[int, int]) -> AlreadyExists:
    source, target = pair
    return AlreadyExists(
        f"{shape.source.value.capitalize()} {source} and {shape.target.value} {target} "
        f"are linked by {shape.link} already.",
        hint="Links cannot be changed; leave it out.",
    )
