"""ML Metadata's tables, and the versions of their schema."""

from __future__ import annotations

from lineage_graph.errors import BadFile, UnknownVersion
from lineage_graph.exchange.sql import Database

OLDEST, NEWEST = 4, 10
_ENVIRONMENT = "MLMDEnv"
TABLES = (
    "Type",
    "TypeProperty",
    "ParentType",
    "Artifact",
    "ArtifactProperty",
    "Execution",
    "ExecutionProperty",
    "Context",
    "ContextProperty",
    "ParentContext",
    "Event",
    "EventPath",
    "Association",
    "Attribution",
)
_SINCE_6 = ("ParentType", "ParentContext")


def check_schema(database: Database) -> int:
    """Make a database's tables known, and return the version of their schema.

    Raises:
        BadFile: it is not ML Metadata's.
        UnknownVersion: it is, but of a version that is not read.
    """
    database.know((*TABLES, _ENVIRONMENT))
    version = None
    if _ENVIRONMENT in database:
        version = database.value(f"SELECT max(schema_version) FROM {_ENVIRONMENT}")
    if version is None:
        raise BadFile(
            f"{database.place} is not of ML Metadata: its table {_ENVIRONMENT} is missing or empty.",
            hint="ML Metadata's file is often called mlmd.db or metadata.sqlite, its database metadb; "
            "of a database of MLflow say --from mlflow.",
        )
    if type(version) is not int:
        raise BadFile(f"{database.place} is damaged: its schema version is no number.")
    if not OLDEST <= version <= NEWEST:
        raise UnknownVersion(
            f"{database.place} has ML Metadata's schema version {version}.",
            hint=f"Versions {OLDEST} to {NEWEST} are read; ML Metadata can migrate older files.",
        )
    for table in TABLES:
        if table not in database and (version >= 6 or table not in _SINCE_6):
            raise BadFile(f"{database.place} lacks the table {table} of ML Metadata's schema.")
    return version
