"""Store: what everything above talks to. It opens transactions and delegates."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from lineage_graph.catalog import Catalog, Query, load_catalog
from lineage_graph.catalog.names import index_key
from lineage_graph.engines import Engine, open_engine, translated
from lineage_graph.errors import InvalidArgument
from lineage_graph.model import (
    Artifact,
    ColumnLineage,
    Context,
    Event,
    Kind,
    Node,
    Ref,
    Subgraph,
    Type,
)
from lineage_graph.settings import Settings
from lineage_graph.store import answers, console, schema
from lineage_graph.store.cypher_names import StoreNames, read_names
from lineage_graph.store.cypher_result import CypherResult
from lineage_graph.store.loading import load_by_id, load_by_origin
from lineage_graph.store.loading.lookup import Lookup
from lineage_graph.store.loading.same_as import Identity
from lineage_graph.store.reading import (
    columns,
    dump,
    find,
    get,
    lineage_subgraph,
    search,
    walk,
)
from lineage_graph.store.reading.node_pages import NodePages
from lineage_graph.store.reading.raw_rows import Rows
from lineage_graph.store.reading.search import Hit, Search
from lineage_graph.store.session import Sessions, Transaction
from lineage_graph.store.upkeep import Upkeep
from lineage_graph.store.values import (
    LINEAGE_PARTS,
    Answer,
    Counts,
    Direction,
    Ending,
    Find,
    KnownSource,
    Lineage,
    LoadResult,
    Page,
    PutOptions,
    PutResult,
    StopAt,
    Walk,
)
from lineage_graph.store.writing import put
from lineage_graph.store.writing.ids import IdSource

log = logging.getLogger(__name__)
_DEFAULT, _SEARCH = PutOptions(), Search()


class Store:
    """A lineage store: put subgraphs, get and find nodes, walk along events.

    Safe to share between threads. Close it, or use it as a context manager.

    ``identity`` says which artifacts are the same thing. ``pages`` answers what pages of a browser
    ask, ``lookup`` what readers of other tools ask, ``rows`` what gRPC asks. ``upkeep`` checks the store.
    """

    def __init__(
        self, engine: Engine, settings: Settings | None = None, catalog: Catalog | None = None
    ) -> None:
        self.engine = engine
        self.settings = settings or Settings()
        self.catalog = catalog or load_catalog()
        self._sessions = Sessions(engine, self.settings, self.catalog)
        self._ids = IdSource(self._sessions)
        self._shared = put.Shared(self._ids)
        self._id: str | None = None
        self.identity = Identity(self._sessions, self.put)
        self.pages = NodePages(self._sessions, engine.dialect.link_counts)
        self.lookup = Lookup(self._sessions, lambda: self.id)
        self.rows = Rows(self._sessions)
        self.upkeep = Upkeep(engine, self._sessions)

    @classmethod
    @translated("opening the store")
    def open(cls, uri: str | None = None, settings: Settings | None = None) -> Store:
        """Open and prepare the store at a URI; without one, the embedded engine's.

        Raises:
            StoreError: the engine cannot be reached, started or used.
        """
        settings = settings or Settings()
        store = cls(open_engine(settings, uri), settings)
        try:
            store.prepare()
        except BaseException:
            store.close()
            raise
        return store

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Return unused ids and leave the engine."""
        try:
            self._ids.close()
        finally:
            self.engine.close()

    @property
    def id(self) -> str:
        """The store's identity, a UUID made when it was prepared."""
        if self._id is None:
            self.prepare()
        return self._id or ""

    def prepare(self) -> None:
        """Make constraints, indexes and ML Metadata's own types; twice changes nothing."""
        self._id = schema.prepare(self._sessions)

    # In

    def put(self, subgraph: Subgraph, options: PutOptions = _DEFAULT) -> PutResult:
        """Write a subgraph: one transaction, all or nothing, retried whole on conflict.

        Nodes without a positive id are created, others replaced, as ML Metadata does. Types are
        found by kind, name and version, or created.

        Raises:
            InvalidArgument: against a rule of the model; the message names the rule.
            NotFound: a type that does not exist.
            AlreadyExists: a name, external id, type or link is taken.
            Conflict: other writers were in the way until the time limit.
            StoreError: the engine failed.
        """
        result = put.put(self._sessions, self._shared, subgraph, options)
        log.info(
            "put: %s created, %s updated, %s links", result.created, result.updated, result.links
        )
        return result

    def load(
        self,
        batches: Iterable[Subgraph],
        source: str,
        on_progress: Callable[[int], None] | None = None,
    ) -> LoadResult:
        """Load an outside source batch by batch; loading it again changes nothing.

        ``on_progress`` is told how many nodes and links each batch brought.
        """
        own = source == f"store:{self.id}"
        put = self.identity.put_linked()
        return load_by_id.load(self._sessions, put, self.lookup, batches, source, own, on_progress)

    def load_keyed(
        self,
        batches: Iterable[Subgraph],
        source: str,
        on_progress: Callable[[int], None] | None = None,
        in_turn: bool = False,
    ) -> LoadResult:
        """Load an outside source whose nodes are known by their origins; again changes nothing.

        What is stored already is merged with what the source says of it. ``in_turn``: a batch is read
        when the one before is stored, as it must be where the source asks the store (``Source.known``).
        """
        put = self.identity.put_linked()
        return load_by_origin.load_keyed(put, self.lookup, batches, source, on_progress, in_turn)

    def dump(self, batch: int = 1000) -> Iterator[Subgraph]:
        """Yield the whole store in batches: types, nodes by id, links; ``dumping.dump`` says of which moment.

        Raises:
            DamagedStore: something cannot be what was written.
        """
        return dump.dump(self._sessions, batch)

    def sources(self) -> tuple[KnownSource, ...]:
        """Return the outside sources that were read into the store, by their keys."""
        return self.lookup.sources()

    # Out

    def get(self, kind: Kind, ids: Iterable[int]) -> tuple[Node, ...]:
        """Return the nodes that exist, in the order of their ids, each once."""
        return tuple(self._sessions.read(lambda t: get.nodes_by_id(t, kind, ids)))

    def node(self, ref: Ref) -> Node:
        """Return one node.

        Raises:
            NotFound: there is none.
        """
        return self._sessions.read(lambda t: get.node(t, ref))

    def by_name(self, kind: Kind, type: str, name: str, version: str = "") -> Node | None:
        """Return the node of this type and name, or None."""

        def work(transaction: Transaction) -> Node | None:
            node_type = get.type_by_name(transaction, kind, type, version)
            return get.by_name(transaction, kind, node_type, name)

        return self._sessions.read(work)

    def by_uri(self, *uris: str) -> tuple[Artifact, ...]:
        """Return the artifacts with one of these URIs, in the order of their ids."""
        return tuple(self._sessions.read(lambda t: get.by_uri(t, uris)))

    def by_external_id(self, kind: Kind, external_ids: Iterable[str]) -> tuple[Node, ...]:
        """Return the nodes with these external ids, in the order of their ids."""

        def work(transaction: Transaction) -> list[Node]:
            keys = [index_key(external_id) for external_id in external_ids]
            found = get.by_key(transaction, kind, "external_key", keys)
            return get.nodes_by_id(transaction, kind, found.values())

        return tuple(self._sessions.read(work))

    def types(self, kind: Kind | None = None, *, system: bool = False) -> tuple[Type, ...]:
        """Return the types of one kind or of all, without ML Metadata's own unless asked."""

        def work(transaction: Transaction) -> list[Type]:
            if kind is not None:
                return get.all_types(transaction, kind, system=system)
            by_kind = get.types_by_kind(transaction, system=system)
            return [found for types in by_kind.values() for found in types]

        return tuple(self._sessions.read(work))

    def type(self, kind: Kind, name: str, version: str = "") -> Type | None:
        """Return the type of this name and version, ML Metadata's own among them, or None."""
        return self._sessions.read(lambda t: get.type_by_name(t, kind, name, version))

    def find(self, wanted: Find) -> Page:
        """Return one page of the nodes that meet every condition, and how many there are in all."""
        return self._sessions.read(lambda t: find.find(t, wanted))

    def search(self, text: str, wanted: Search = _SEARCH) -> tuple[Hit, ...]:
        """Return the newest nodes that hold a text, letters in either case."""
        return self._sessions.read(lambda t: search.search(t, text, wanted))

    def counts(self) -> Counts:
        """Return how much of everything there is."""
        return self._sessions.read(lambda t: get.count(t, self.engine.dialect.link_counts))

    # Lineage

    def links(self, refs: Iterable[Ref]) -> Subgraph:
        """Return the nodes of these refs that exist, and all links among them."""
        return self._sessions.read(lambda t: get.links_among(t, refs))

    def neighbours(self, ref: Ref, limit: int = 1000) -> Subgraph:
        """Return a node, what is one link away (at most ``limit``), and the links; else NotFound."""
        return self._sessions.read(
            lambda t: get.links_among(t, [ref, *get.neighbours(t, ref, limit)])
        )

    def events(self, kind: Kind, ids: Iterable[int]) -> tuple[Event, ...]:
        """Return all events of these executions or artifacts."""
        wanted = sorted(set(ids))
        return tuple(self._sessions.read(lambda t: get.events_of(t, wanted, kind)))

    def contexts_of(self, kind: Kind, ids: Iterable[int]) -> dict[int, list[Context]]:
        """Return the contexts of each node that has any; of a context, what it is part of."""
        return self._sessions.read(lambda t: get.contexts_of(t, kind, ids))

    def walk(
        self,
        start: Ref | Iterable[Ref],
        direction: Direction | str = Direction.BOTH,
        hops: int | None = None,
        *,
        stop_at: StopAt | None = None,
        node_limit: int = 10_000,
        contexts: bool = False,
    ) -> Walk:
        """Return what can be reached along events, nearest first, up to the limits.

        ``contexts`` adds the contexts of what was reached.

        Raises:
            InvalidArgument: a limit out of range, no direction, or a start that is a context.
            NotFound: a start that does not exist.
        """
        starts, way = [start] if isinstance(start, Ref) else list(start), Direction.of(direction)
        return self._sessions.read(
            lambda t: walk.walk(t, starts, way, hops, stop_at, node_limit, contexts)
        )

    def lineage_subgraph(
        self,
        kind: Kind,
        where: str,
        direction: Direction | str = Direction.BOTH,
        hops: int = 20,
        *,
        endings: Mapping[Kind, Ending] = {},
        parts: Collection[str] = LINEAGE_PARTS,
    ) -> Lineage:
        """Return what is within some hops of the first 100 artifacts or executions a filter finds.

        ``parts`` names the fields of the lineage that are wanted; the others are empty.

        Raises:
            NotFound: nothing meets the filter.
            InvalidArgument: a filter cannot be understood.
        """
        way = Direction.of(direction)
        return self._sessions.read(
            lambda t: lineage_subgraph.lineage(t, kind, where, way, hops, endings, parts)
        )

    def columns(self, ids: Iterable[int], direction: Direction) -> tuple[ColumnLineage, ...]:
        """Return what the columns of these artifacts were made from (upstream), or what was made of them."""
        return self._sessions.read(lambda t: columns.columns(t, ids, direction))

    # Cypher

    def run(self, query: Query, /, **values: Any) -> Answer:
        """Run a statement of the catalog that reads; ``questions.ask`` is for people.

        Raises:
            InvalidArgument: a value is missing, unknown or of the wrong kind.
            TimedOut: the time limit was reached.
        """
        result = answers.ask(self._sessions, query, values, row_limit=self.settings.row_limit)
        log.info("%s: %s rows, %.0f ms", query.name, len(result.rows), result.milliseconds)
        return result

    def cypher(
        self,
        query: str,
        parameters: Mapping[str, Any] | None = None,
        /,
        *,
        row_limit: int | None = None,
        timeout: float | None = None,
        **values: Any,
    ) -> CypherResult:
        """Run a statement that only reads; limits are those of the settings unless lower.

        ``values`` are those of its parameters (``type="Model"`` for ``$type``); ``parameters`` takes
        those as well whose names are ``row_limit`` or ``timeout``. Ctrl-C ends the statement.

        Raises:
            RefusedCypher: it writes, loads a file or calls a procedure that is not on the list.
            InvalidCypher: the database does not understand it, or a parameter has no value.
            TimedOut: the time limit was reached.
        """
        limit = min(row_limit or self.settings.row_limit, self.settings.row_limit)
        seconds = min(timeout or self.settings.query_timeout, self.settings.query_timeout)
        if limit < 1 or seconds <= 0:
            raise InvalidArgument("Limits must be positive.")
        given = {**(parameters or {}), **values}
        return console.run(
            self._sessions, self.engine, query, given, row_limit=limit, timeout=seconds
        )

    def names(self) -> StoreNames:
        """Return the labels, types and properties that statements may ask this store for."""
        return self._sessions.read(read_names)

    def explain(self, query: str, parameters: Mapping[str, Any] | None = None, /) -> str:
        """Return how the database would run a statement, in its own words, without running it.

        Raises:
            RefusedCypher, InvalidCypher: as ``cypher`` does.
        """
        seconds = self.settings.query_timeout
        return console.explain(
            self._sessions, self.engine, query, parameters or {}, timeout=seconds
        )
