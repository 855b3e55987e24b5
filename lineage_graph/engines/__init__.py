"""Engines: a Neo4j server by its address, or the embedded engine. Both speak Bolt and Cypher."""

from __future__ import annotations

from lineage_graph.engines.base import Dialect, Engine, translate, translated
from lineage_graph.engines.dialect import is_vague, may_retry
from lineage_graph.engines.embedded import (
    Embedded,
    EngineStatus,
    engine_status,
    start_engine,
    stop_engine,
)
from lineage_graph.engines.server import Server, check_uri
from lineage_graph.engines.tools import ToolAccess, tool_access
from lineage_graph.settings import Settings

__all__ = [
    "Dialect",
    "Engine",
    "EngineStatus",
    "ToolAccess",
    "engine_status",
    "is_vague",
    "may_retry",
    "open_engine",
    "start_engine",
    "stop_engine",
    "tool_access",
    "translate",
    "translated",
]


def open_engine(settings: Settings | None = None, uri: str | None = None) -> Engine:
    """Open the engine at a URI; without one, the embedded engine of the settings' folder.

    Raises:
        InvalidArgument: the URI is not that of a Neo4j server.
        Unreachable, Unauthorized, DatabaseMissing, TooOld: the server cannot be used.
        InUse, EngineFailed: the embedded engine cannot be used.
    """
    settings = settings or Settings()
    uri = uri or settings.uri
    return Embedded(settings) if uri is None else Server(check_uri(uri), settings)
