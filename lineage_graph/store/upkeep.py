"""Upkeep: whether a store is whole, and what is done where it is not."""

from __future__ import annotations

from lineage_graph.catalog import Catalog
from lineage_graph.engines import Engine
from lineage_graph.store import schema_check
from lineage_graph.store.session import Sessions


class Upkeep:
    """The part of a store that is looked after."""

    engine: Engine
    catalog: Catalog
    _sessions: Sessions

    def check_sound(self) -> None:
        """Raise DamagedStore where files of the store are known to be damaged."""
        if self.engine.damage is not None:
            raise self.engine.damage

    def missing(self) -> tuple[str, ...]:
        """Return the names of the constraints and indexes the database lacks."""
        return schema_check.missing(self._sessions, self.catalog)

    def repair(self) -> tuple[str, ...]:
        """Make the constraints and indexes the database lacks, and return their names."""
        lacking = self.missing()
        for name in lacking:
            self._sessions.schema(name)
        return lacking
