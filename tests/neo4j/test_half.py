"""With CI set, a skipped Neo4j half is a failure."""

from __future__ import annotations

import os

import pytest

from lineage_graph.settings import Settings


@pytest.mark.parametrize("engine_name", ["neo4j"], indirect=True)
def test_the_neo4j_half_runs(engine_name: str, request: pytest.FixtureRequest) -> None:
    try:
        settings = request.getfixturevalue(f"{engine_name}_settings")
    except pytest.skip.Exception as skipped:
        if os.environ.get("CI"):
            pytest.fail(f"The Neo4j half of the tests cannot run: {skipped}.")
        raise
    assert isinstance(settings, Settings)
    assert settings.uri is not None
