"""Put: one Subgraph, one transaction, all or nothing."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from lineage_graph.errors import LineageError, StoreError
from lineage_graph.model import Kind, Subgraph, Type
from lineage_graph.store.session import Sessions, Transaction
from lineage_graph.store.values import PutOptions, PutResult
from lineage_graph.store.writing.context_id_cache import KnownNames
from lineage_graph.store.writing.ids import IdSource, TakenIds
from lineage_graph.store.writing.links import LinkWriter
from lineage_graph.store.writing.nodes import NodeWriter, Written
from lineage_graph.store.writing.types import TypeCache, TypeView, put_type
from lineage_graph.store.writing.write_batch import Writes

_ORDER = (Kind.CONTEXT, Kind.ARTIFACT, Kind.EXECUTION)


@dataclass(frozen=True)
class Shared:
    """What the puts of a store share: its ids, and what they remember of it."""

    ids: IdSource
    types: TypeCache = field(default_factory=TypeCache)
    names: KnownNames = field(default_factory=KnownNames)


def put(sessions: Sessions, shared: Shared, subgraph: Subgraph, options: PutOptions) -> PutResult:
    """Write a subgraph in one transaction, run again whole where other writers are in the way."""
    if not subgraph:
        return PutResult(subgraph)
    attempt = _Attempt(shared, subgraph, options)
    try:
        result = sessions.write(attempt.run)
    except LineageError as error:
        if not isinstance(error, StoreError):  # else it may have been written all the same
            attempt.ids.give_back()
        raise
    shared.types.keep(attempt.view)
    shared.names.keep(attempt.reused)
    return result


class _Attempt:
    """What one put holds while its transaction runs, perhaps several times."""

    def __init__(self, shared: Shared, subgraph: Subgraph, options: PutOptions) -> None:
        self._shared = shared
        self.ids = TakenIds(shared.ids)
        self._subgraph = subgraph
        self._options = options
        self.view: TypeView = shared.types.view()
        self.reused: dict[str, int] = {}
        self._runs = 0

    def run(self, transaction: Transaction) -> PutResult:
        self.ids.give_back()
        self.view = self._shared.types.view()
        self._runs += 1
        now = int(time.time() * 1000)
        local, type_ids = self._write_types(transaction)
        writes = Writes(transaction)
        nodes = NodeWriter(
            transaction,
            writes,
            self.view,
            local,
            self._options,
            self.ids,
            self._shared.names,
            now,
            careful=self._runs > 1,
        )
        written: dict[Kind, Written] = {}
        for kind in _ORDER:
            written[kind] = nodes.write(kind, self._subgraph.nodes_of(kind))
        self.reused = nodes.reused
        links = LinkWriter(transaction, writes, self._subgraph, written, self._options, now).write()
        return PutResult(
            self._subgraph,
            artifact_ids=tuple(written[Kind.ARTIFACT].ids),
            execution_ids=tuple(written[Kind.EXECUTION].ids),
            context_ids=tuple(written[Kind.CONTEXT].ids),
            type_ids=tuple(type_ids),
            created=sum(len(w.new) for w in written.values()),
            updated=sum(w.updated for w in written.values()),
            links=links,
            touched=tuple(sorted(written[Kind.ARTIFACT].new | written[Kind.ARTIFACT].renewed)),
        )

    def _write_types(
        self, transaction: Transaction
    ) -> tuple[dict[tuple[Kind, int], Type], list[int]]:
        local: dict[tuple[Kind, int], Type] = {}
        stored_ids: list[int] = []
        for wanted in self._subgraph.types:
            stored, _ = put_type(transaction, self.view, wanted, self._options, self.ids)
            stored_ids.append(stored.id or 0)
            if wanted.id is not None and wanted.id < 0:
                local[wanted.kind, wanted.id] = stored
        return local, stored_ids
