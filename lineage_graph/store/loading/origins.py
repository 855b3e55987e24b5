"""What a store knows of outside sources: which were read, and their records by origin."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

from lineage_graph.model import Kind
from lineage_graph.model.secrets import masked_text
from lineage_graph.store.loading import sources
from lineage_graph.store.reading import get
from lineage_graph.store.rows import name_key
from lineage_graph.store.session import Sessions, Transaction
from lineage_graph.store.values import KnownSource

Named: TypeAlias = tuple[int | tuple[str, str], str]
"""A type (its id in the store, or its name and version) and the name of a node of it."""
_DIGITS = 18  # of an id at most


class Origins:
    """Outside sources and their records by origin; ``store_id`` returns the store's own identity."""

    def __init__(self, sessions: Sessions, store_id: Callable[[], str]) -> None:
        self._sessions = sessions
        self._store_id = store_id

    def by_origin(self, kind: Kind, origins: Iterable[str]) -> dict[str, int]:
        """Return the ids of the nodes that are copies of these outside records."""
        return self._sessions.read(lambda t: get.by_key(t, kind, "origin", origins))

    def own_by_origin(self, kind: Kind, origins: Iterable[str]) -> dict[str, int]:
        """Return the ids of the nodes of this store that were written elsewhere under these origins."""
        prefix = f"store:{self._store_id()}:{kind.value}:"
        ids = {
            int(number): origin
            for origin in origins
            if origin.startswith(prefix)
            and (number := origin.removeprefix(prefix)).isdecimal()
            and len(number) <= _DIGITS
        }
        if not ids:
            return {}
        nodes = self._sessions.read(lambda t: get.nodes_by_id(t, kind, ids))
        return {ids[node.id or 0]: node.id or 0 for node in nodes}

    def taken_names(self, kind: Kind, names: Iterable[Named]) -> set[Named]:
        """Return which of these names a node of the store has."""
        wanted = set(names)

        def work(transaction: Transaction) -> set[Named]:
            types = {of: _type_id(transaction, kind, of) for of in {of for of, _ in wanted}}
            keys = {
                (of, name): name_key(type_id, name)
                for of, name in wanted
                if (type_id := types[of]) is not None
            }
            there = get.by_key(transaction, kind, "name_key", keys.values())
            return {named for named, key in keys.items() if key in there}

        return self._sessions.read(work)

    def sources(self) -> tuple[KnownSource, ...]:
        """Return the outside sources that were read into the store, by their keys."""
        return self._sessions.read(sources.known_sources)

    def note_source(self, source: KnownSource) -> None:
        """Keep how far an outside source was read; of its address not the password."""
        noted = source.model_copy(update={"address": masked_text(source.address)})
        self._sessions.write(lambda t: sources.note_source(t, noted))


def _type_id(transaction: Transaction, kind: Kind, of: int | tuple[str, str]) -> int | None:
    """Return the id of a type that is told by it, or by its name and version; None where it is not stored."""
    if isinstance(of, int):
        return of
    found = get.type_by_name(transaction, kind, *of)
    return None if found is None else found.id
