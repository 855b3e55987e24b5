"""Which constraints and indexes of ``cypher/schema`` the database lacks.

They are compared by label (or type of relationship) and property, not by name: the embedded engine names indexes itself.
"""

from __future__ import annotations

import re

from lineage_graph.catalog import Catalog, Query
from lineage_graph.errors import InvalidQueryFile
from lineage_graph.store.session import Sessions, Transaction

_CONSTRAINT = re.compile(
    r"CREATE CONSTRAINT \w+ .*[(\[]\w+:(\w+)[)\]][-()]*\s+REQUIRE \w+\.(\w+) IS UNIQUE"
)
_INDEX = re.compile(r"CREATE (?:\w+ )?INDEX \w+ .*\(\w+:(\w+)\)\s+ON \(\w+\.(\w+)\)")
_Target = tuple[str, str]


def missing(sessions: Sessions, catalog: Catalog) -> tuple[str, ...]:
    """Return the names of the statements of ``cypher/schema`` that have not been run."""
    constraints, indexes = sessions.read(
        lambda transaction: (_targets(transaction, "constraints"), _targets(transaction, "indexes"))
    )
    return tuple(
        query.name
        for query in catalog.folder("schema")
        if not _is_there(query, constraints, indexes)
    )


def _targets(transaction: Transaction, name: str) -> set[_Target]:
    return {
        (record["labels"][0], record["properties"][0])
        for record in transaction.run(name)
        if record["labels"] and record["properties"]
    }


def _is_there(query: Query, constraints: set[_Target], indexes: set[_Target]) -> bool:
    for pattern, present in ((_CONSTRAINT, constraints), (_INDEX, indexes)):
        if found := pattern.search(query.body):
            return found.groups() in present
    raise InvalidQueryFile(
        f"{query.path}:1: neither creates a constraint nor an index on one property"
    )
