"""The tables and indexes of ML Metadata's schema version 10 in SQLite, as its clients expect them."""

from __future__ import annotations

from collections.abc import Iterator

VERSION = 10
KINDS = ("Artifact", "Execution", "Context")

_ID = "id INTEGER PRIMARY KEY AUTOINCREMENT"
_NODE = (
    "external_id VARCHAR(255) UNIQUE, create_time_since_epoch INT NOT NULL DEFAULT 0, "
    "last_update_time_since_epoch INT NOT NULL DEFAULT 0, UNIQUE(type_id, name)"
)
_PROPERTY = (
    "name VARCHAR(255) NOT NULL, is_custom_property TINYINT(1) NOT NULL, int_value INT, double_value DOUBLE, "
    "string_value TEXT, byte_value BLOB, proto_value BLOB, bool_value BOOLEAN"
)
_TABLES = {
    "Type": f"{_ID}, name VARCHAR(255) NOT NULL, version VARCHAR(255), type_kind TINYINT(1) NOT NULL, "
    "description TEXT, input_type TEXT, output_type TEXT, external_id VARCHAR(255) UNIQUE",
    "ParentType": "type_id INT NOT NULL, parent_type_id INT NOT NULL, PRIMARY KEY (type_id, parent_type_id)",
    "TypeProperty": "type_id INT NOT NULL, name VARCHAR(255) NOT NULL, data_type INT NULL, "
    "PRIMARY KEY (type_id, name)",
    "Artifact": f"{_ID}, type_id INT NOT NULL, uri TEXT, state INT, name VARCHAR(255), {_NODE}",
    "Execution": f"{_ID}, type_id INT NOT NULL, last_known_state INT, name VARCHAR(255), {_NODE}",
    "Context": f"{_ID}, type_id INT NOT NULL, name VARCHAR(255) NOT NULL, {_NODE}",
    **{
        f"{kind}Property": f"{kind.lower()}_id INT NOT NULL, {_PROPERTY}, "
        f"PRIMARY KEY ({kind.lower()}_id, name, is_custom_property)"
        for kind in KINDS
    },
    "ParentContext": "context_id INT NOT NULL, parent_context_id INT NOT NULL, "
    "PRIMARY KEY (context_id, parent_context_id)",
    "Event": f"{_ID}, artifact_id INT NOT NULL, execution_id INT NOT NULL, type INT NOT NULL, "
    "milliseconds_since_epoch INT, UNIQUE(artifact_id, execution_id, type)",
    "EventPath": "event_id INT NOT NULL, is_index_step TINYINT(1) NOT NULL, step_index INT, step_key TEXT",
    "Association": f"{_ID}, context_id INT NOT NULL, execution_id INT NOT NULL, "
    "UNIQUE(context_id, execution_id)",
    "Attribution": f"{_ID}, context_id INT NOT NULL, artifact_id INT NOT NULL, "
    "UNIQUE(context_id, artifact_id)",
    "MLMDEnv": "schema_version INTEGER PRIMARY KEY",
}


def tables() -> Iterator[str]:
    """Yield the statements that make the tables."""
    for name, columns in _TABLES.items():
        yield f"CREATE TABLE {name} ({columns})"


def indexes() -> Iterator[str]:
    """Yield the statements that make the indexes; they are made faster over what is there already."""
    yield "CREATE INDEX idx_type_name ON Type(name)"
    yield "CREATE INDEX idx_artifact_uri ON Artifact(uri)"
    yield "CREATE INDEX idx_event_execution_id ON Event(execution_id)"
    yield "CREATE INDEX idx_eventpath_event_id ON EventPath(event_id)"
    yield "CREATE INDEX idx_parentcontext_parent_context_id ON ParentContext(parent_context_id)"
    for table in ("Type", *KINDS):
        yield f"CREATE INDEX idx_{table.lower()}_external_id ON {table}(external_id)"
    for kind in KINDS:
        for column in ("create_time_since_epoch", "last_update_time_since_epoch"):
            yield f"CREATE INDEX idx_{kind.lower()}_{column} ON {kind}({column})"
        for value in ("int", "double", "string"):
            yield (
                f"CREATE INDEX idx_{kind.lower()}_property_{value} ON {kind}Property"
                f"(name, is_custom_property, {value}_value) WHERE {value}_value IS NOT NULL"
            )
