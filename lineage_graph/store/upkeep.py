"""Upkeep: whether a store is whole, and what is done where it is not."""

from __future__ import annotations

from lineage_graph.engines import Engine
from lineage_graph.store import schema_check
from lineage_graph.store.session import Sessions


class Upkeep:
    """Whether a store is whole, and what is made where it is not: ``store.upkeep``."""

    def __init__(self, engine: Engine, sessions: Sessions) -> None:
        self._engine = engine
        self._sessions = sessions

    def check_sound(self) -> None:
        """Raise DamagedStore where files of the store are known to be damaged."""
        if self._engine.damage is not None:
            raise self._engine.damage

    def missing(self) -> tuple[str, ...]:
        """Return the names of the constraints and indexes the database lacks."""
        return tuple(item.name for item in schema_check.missing(self._sessions))

    def repair(self) -> tuple[str, ...]:
        """Create the constraints and indexes the database lacks, and return their names."""
        lacking = schema_check.missing(self._sessions)
        for item in lacking:
            self._sessions.create(item)
        return tuple(item.name for item in lacking)
