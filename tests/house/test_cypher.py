"""Every statement below cypher/ is one that both engines understand."""

from __future__ import annotations

from typing import Any

import pytest

from lineage_graph.catalog import Query, load_catalog
from lineage_graph.catalog.compose import EXAMPLES, fill
from lineage_graph.engines import translated
from lineage_graph.store import Store

QUERIES = list(load_catalog().values())


def values(query: Query) -> dict[str, Any]:
    """A value of the right kind for every parameter."""
    kinds: dict[str, Any] = {
        "int": 1,
        "float": 1.0,
        "str": "x",
        "bool": True,
        "datetime": 0,
        "ids": [1],
        "rows": [],
    }
    return {p.name: p.choices[0] if p.choices else kinds[p.type] for p in query.params}


def test_every_statement_is_understood(tfx: Store) -> None:
    refused = []
    engine = tfx.engine
    for query in QUERIES:
        if query.engine not in (None, engine.name):
            continue
        text = fill(f"EXPLAIN {query.body}", **EXAMPLES)
        try:
            with translated(), engine.driver.session(database=engine.database) as session:
                session.run(text, values(query)).consume()
        except Exception as error:
            refused.append(f"{query.path.name}: {error}")
    assert not refused


@pytest.mark.parametrize("folder", ["read", "questions"])
def test_reading_statements_only_read(tfx: Store, folder: Any) -> None:
    """The database says so itself, on the engine whose plans say it."""
    if tfx.engine.name == "embedded":
        pytest.skip("its plans do not say")
    for query in tfx.catalog.folder(folder):
        if query.body.startswith("SHOW ") or query.engine == "embedded":
            continue
        text = fill(f"EXPLAIN {query.body}", **EXAMPLES)
        with tfx.engine.driver.session(database=tfx.engine.database) as session:
            assert session.run(text, values(query)).consume().query_type == "r", query.path


def test_the_schema_is_all_there(tfx: Store) -> None:
    assert tfx.upkeep.missing() == ()
