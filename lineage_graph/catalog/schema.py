"""The schema of the graph: one table of the constraints and indexes that a database needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lineage_graph.catalog.compose import COLUMN, SAME
from lineage_graph.catalog.property_index_keys import MORE, NUMBERS, TEXTS
from lineage_graph.model import EventType, Kind

_EVERY = tuple(Kind)
_WITH_EVENTS = (Kind.ARTIFACT, Kind.EXECUTION)


@dataclass(frozen=True)
class SchemaItem:
    """A constraint (``unique``) or an index on one property.

    ``target`` is a label of nodes, or with ``of_links`` a type of relationships. ``purpose`` says in a
    sentence what it is for.
    """

    name: str
    target: str
    key: str
    purpose: str
    unique: bool = False
    of_links: bool = False

    @property
    def cypher(self) -> str:
        """The statement that creates it where it is not there."""
        pattern = f"()-[e:{self.target}]-()" if self.of_links else f"(e:{self.target})"
        if self.unique:
            return (
                f"CREATE CONSTRAINT {self.name} IF NOT EXISTS "
                f"FOR {pattern} REQUIRE e.{self.key} IS UNIQUE"
            )
        return f"CREATE INDEX {self.name} IF NOT EXISTS FOR {pattern} ON (e.{self.key})"


_UNIQUE = (
    ("id", "id", _EVERY, "Ids of {kind}s are unique."),
    ("name_key", "name_key", _EVERY, "A name is unique among the {kind}s of a type."),
    ("external_key", "external_key", _EVERY, "An external id belongs to one {kind}."),
    ("origin", "origin", _EVERY, "An outside record is one {kind}."),
)
"""Name, property, kinds of nodes, purpose."""

_INDEXES = (
    ("create_time", "create_time_since_epoch", _EVERY, "Finds {kind}s by their create time."),
    (
        "last_update_time",
        "last_update_time_since_epoch",
        _EVERY,
        "Finds {kind}s by their time of update.",
    ),
    ("uri", "uri_key", (Kind.ARTIFACT,), "Finds {kind}s by their URI."),
    ("digest", "digest_key", (Kind.ARTIFACT,), "Finds {kind}s by a digest of no known function."),
    ("md5", "md5_key", (Kind.ARTIFACT,), "Finds {kind}s by their MD5 digest."),
    ("sha256", "sha256_key", (Kind.ARTIFACT,), "Finds {kind}s by their SHA-256 digest."),
    ("cache_key", "custom_cache_key", (Kind.EXECUTION,), "Finds steps that ran alike."),
    ("run_failure", "custom_run_failure", (Kind.CONTEXT,), "Finds runs that say they failed."),
    *((name, name, _WITH_EVENTS, "Finds {kind}s by a number of a property.") for name in NUMBERS),
    *((name, name, _WITH_EVENTS, "Finds {kind}s by a short text of a property.") for name in TEXTS),
    (MORE, MORE, _WITH_EVENTS, "Finds {kind}s that have more properties than keys."),
)
_RECORDS = (
    ("sequence_name", "Sequence", "name", "There is one sequence of ids of each name."),
    ("source_key", "Source", "key", "An outside source is noted once."),
    ("store_key", "Store", "key", "There is one record of the store itself."),
)
_LINKS = (*(event.value for event in EventType), "ATTRIBUTED_TO", "ASSOCIATED_WITH", "CHILD_OF")


def _items() -> Iterator[SchemaItem]:
    for name, key, kinds, purpose in _UNIQUE:
        for kind in kinds:
            said = purpose.format(kind=kind.value)
            yield SchemaItem(f"{kind.value}_{name}", kind.label, key, said, unique=True)
    for kind in Kind:
        of, label = f"{kind.value} types", f"{kind.label}Type"
        yield SchemaItem(f"{kind.value}_type_id", label, "id", f"Ids of {of} are unique.", True)
        said = f"A name and version is unique among {of}."
        yield SchemaItem(f"{kind.value}_type_name_key", label, "name_key", said, True)
    for name, label, key, purpose in _RECORDS:
        yield SchemaItem(name, label, key, purpose, unique=True)
    for link in (*_LINKS, SAME, COLUMN):
        said = "A link between two nodes is there once; its key is set where writers can race."
        yield SchemaItem(f"{link.lower()}_key", link, "key", said, unique=True, of_links=True)
    for name, key, kinds, purpose in _INDEXES:
        for kind in kinds:
            said = purpose.format(kind=kind.value)
            yield SchemaItem(f"{kind.value}_{name}", kind.label, key, said)


SCHEMA: tuple[SchemaItem, ...] = tuple(_items())
"""All of it, constraints first."""
