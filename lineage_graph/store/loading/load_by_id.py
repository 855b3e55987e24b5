"""Whole sources in: load what a source holds; ``dumping`` is the way out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from lineage_graph.errors import AlreadyExists, InvalidArgument
from lineage_graph.model import ENDS, Kind, Node, Subgraph, Type
from lineage_graph.model.secrets import without_secrets
from lineage_graph.model.values import Frozen
from lineage_graph.store.loading.origins import Origins
from lineage_graph.store.loading.partial import links_in, partly
from lineage_graph.store.loading.prefetch import ahead
from lineage_graph.store.loading.renaming import renamed
from lineage_graph.store.session import Sessions
from lineage_graph.store.values import LoadResult, PutOptions, PutResult

_TOGETHER = (
    10_000  # nodes and links that are put at once, so that a small source goes in whole or not
)
_OPTIONS = PutOptions(restore=True, existing_links="ignore", reuse_contexts=True)
_PAGE = 20_000  # nodes that one statement looks at

Item = TypeVar("Item", bound=Frozen)


def load(
    sessions: Sessions,
    put: Callable[[Subgraph, PutOptions], PutResult],
    store: Origins,
    batches: Iterable[Subgraph],
    source: str,
    own: bool = False,
    on_progress: Callable[[int], None] | None = None,
) -> LoadResult:
    """Load a source's batches, in which ids are the source's.

    Types come first, a link not before its nodes. Into a store that holds nothing but what of this
    source a load before left, one that was stopped perhaps, and into the one that the source is a copy
    of (``own``), they keep their ids; else they get new ones. Each node but of
    such a copy remembers its origin, ``<source>:<kind>:<id>``, so loading the source again changes what has
    changed there and adds what is new, and nothing else. A context whose type and name are taken
    is the one that has them; an artifact or execution gets the source added to its name, and its
    origin where that is taken too. A source of up to ten thousand nodes and links goes in whole, or
    nothing of it; of a larger one, what went in before something failed stays, and the error says how much.
    Secrets are masked (``model.secrets``), but not those of a backup: it is what was stored.

    Raises:
        InvalidArgument: a link names a node that the source does not hold.
        AlreadyExists: an external id is that of another node.
    """
    loader = _Loader(sessions, put, store, source, own)
    is_backup = source.startswith("store:")
    with partly(on_progress) as tally:
        for batch in ahead(_together(batches)):
            tally.add(batch, loader.load(batch if is_backup else without_secrets(batch)))
    return tally.result


def _together(batches: Iterable[Subgraph]) -> Iterator[Subgraph]:
    """Yield the same in fewer batches."""
    held: list[Subgraph] = []
    size = 0
    for batch in batches:
        held.append(batch)
        size += len(batch) + links_in(batch)
        if size >= _TOGETHER:
            yield _joined(held)
            held, size = [], 0
    if held:
        yield _joined(held)


def _joined(batches: list[Subgraph]) -> Subgraph:
    if len(batches) == 1:
        return batches[0]
    return Subgraph.trusted(
        **{
            name: tuple(item for batch in batches for item in getattr(batch, name))
            for name in Subgraph.model_fields
        }
    )


class _Loader:
    def __init__(
        self,
        sessions: Sessions,
        put: Callable[[Subgraph, PutOptions], PutResult],
        store: Origins,
        source: str,
        own: bool,
    ) -> None:
        self._sessions = sessions
        self._put = put
        self._store = store
        self._source = source
        self._types: dict[tuple[Kind, int], Type] = {}
        self._stored: dict[tuple[Kind, int], int] = {}  # of nodes that had an origin of their own
        self._options = _OPTIONS.model_copy(update={"own": own})
        self._keep_ids = own or not any(self._holds_others(kind) for kind in Kind)

    def load(self, batch: Subgraph) -> PutResult:
        self._types |= {(t.kind, t.id): t for t in batch.types if t.id is not None}
        ids = {kind: self._local_ids(kind, batch) for kind in Kind}
        changes: dict[str, Any] = {
            f"{kind.value}s": tuple(self._node(n, ids[kind]) for n in batch.nodes_of(kind))
            for kind in Kind
        }
        for kind in Kind:  # where a type has none of ours, it brings its id
            changes[f"{kind.value}_types"] = getattr(batch, f"{kind.value}_types")
        stored = {kind: self._translate(kind, batch, ids[kind]) for kind in Kind}
        for name, ends in ENDS.items():
            changes[name] = tuple(
                _moved(
                    link, **{end: stored[kind](getattr(link, end)) for end, kind in ends.items()}
                )
                for link in getattr(batch, name)
            )
        whole = Subgraph.trusted(**changes)
        try:
            result = self._put(whole, self._options)
        except AlreadyExists:
            # A context is the one that has its name.
            kinds = (Kind.ARTIFACT, Kind.EXECUTION)
            try:
                result = self._put(renamed(whole, self._source, self._store, kinds), self._options)
            except AlreadyExists:
                if not self._keep_ids or self._options.own:
                    raise
                self._keep_ids = False  # somebody else has taken one of the ids meanwhile
                return self.load(batch)
        if not self._options.own:
            self._remember(batch, result)
        return result

    def _holds_others(self, kind: Kind) -> bool:
        """Say whether the store holds a node that is none of this source's under its own id."""
        values: dict[str, Any] = {"origin": self._origin(kind, 0)[:-1], "limit": _PAGE, "after": 0}
        while True:
            (row,) = self._sessions.read(lambda t: t.run("nodes_of_others", values, kind=kind))
            if row["others"] or row["last"] is None:
                return bool(row["others"])
            values["after"] = row["last"]

    def _remember(self, batch: Subgraph, result: PutResult) -> None:
        """Keep in mind where nodes went that cannot be found by an origin made from their ids."""
        for kind in Kind:
            for node, stored in zip(batch.nodes_of(kind), result.ids_of(kind), strict=True):
                if node.id is not None and (node.origin is not None or kind is Kind.CONTEXT):
                    self._stored[kind, node.id] = stored

    def _origin(self, kind: Kind, source_id: int) -> str:
        return f"{self._source}:{kind.value}:{source_id}"

    def _local_ids(self, kind: Kind, batch: Subgraph) -> dict[int, int]:
        ids = (node.id for node in batch.nodes_of(kind) if node.id is not None)
        return {i: i if self._keep_ids else -i for i in ids}

    def _node(self, node: Node, ids: dict[int, int]) -> Node:
        changes: dict[str, Any] = {}
        if node.id is not None:
            changes["id"] = ids[node.id]
            if not self._options.own:
                changes["origin"] = node.origin or self._origin(node.kind, node.id)
        type_ = self._types.get((node.kind, node.type_id or 0))
        if type_ is not None:
            changes |= {"type": type_.name, "type_version": type_.version, "type_id": None}
        return _moved(node, **changes)

    def _translate(self, kind: Kind, batch: Subgraph, ids: dict[int, int]) -> Callable[[int], int]:
        """Return what turns a source id into one that put knows."""
        if self._keep_ids:
            return lambda source_id: source_id
        known = dict(ids)
        elsewhere = {i for i in _named(kind, batch) if i not in ids}
        known |= {i: self._stored[kind, i] for i in elsewhere if (kind, i) in self._stored}
        origins = {self._origin(kind, i): i for i in elsewhere - known.keys()}
        stored = self._store.by_origin(kind, origins)
        known |= {origins[origin]: found for origin, found in stored.items()}

        def translate(source_id: int) -> int:
            if source_id not in known:
                raise InvalidArgument(
                    f"A link of {self._source} names the {kind.value} {source_id}, "
                    "which the source does not hold.",
                    hint="The source is damaged; copy or export it again.",
                )
            return known[source_id]

        return translate


def _named(kind: Kind, batch: Subgraph) -> Iterator[int]:
    for name, ends in ENDS.items():
        own = [end for end, end_kind in ends.items() if end_kind is kind]
        for link in getattr(batch, name) if own else ():
            yield from (getattr(link, end) for end in own)


def _moved(item: Item, **changes: Any) -> Item:
    return item.model_copy(update=changes)
