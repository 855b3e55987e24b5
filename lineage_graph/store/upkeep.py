"""Upkeep: whether a store is whole, and what is done where it is not."""

from __future__ import annotations

from lineage_graph.catalog import Catalog
from lineage_graph.engines import Engine
from lineage_graph.store import schema_check
from lineage_graph.store.session import Sessions


class Upkeep:
    """Whether a store is whole, and what is made where it is not: ``store.upkeep``."""

    def __init__(self, engine: Engine, catalog: Catalog, sessions: Sessions) -> None:
        self._engine = engine
        self._catalog = catalog
        self._sessions = sessions

    def check_sound(self) -> None:
        """Raise DamagedStore where files of the store are known to be damaged."""
        if self._engine.damage is not None:
            raise self._engine.damage

    def missing(self) -> tuple[str, ...]:
        """Return the names of the constraints and indexes the database lacks."""
        return schema_check.missing(self._sessions, self._catalog)

    def repair(self) -> tuple[str, ...]:
        """Make the constraints and indexes the database lacks, and return their names."""
        lacking = self.missing()
        for name in lacking:
            self._sessions.schema(name)
        return lacking
