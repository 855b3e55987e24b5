"""Reader of ML Metadata's stores: SQLite, MySQL, PostgreSQL of schema versions 4 to 10, a running service."""

from __future__ import annotations

from pathlib import Path

from lineage_graph.exchange.base import Source
from lineage_graph.exchange.mlmd.service import ServiceSource
from lineage_graph.exchange.mlmd.source import MlmdSource


def open_mlmd(where: Path | str) -> Source:
    """Open an ML Metadata store: a SQLite file, the address of a database, or of a running service."""
    if isinstance(where, str) and where.lower().startswith(("grpc://", "grpcs://")):
        return ServiceSource(where)
    return MlmdSource(where)


__all__ = ["MlmdSource", "ServiceSource", "open_mlmd"]
