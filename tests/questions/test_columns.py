"""Where columns come from, through several hops: of a real dbt project, and against a walk by hand."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from lineage_graph.errors import NotFound
from lineage_graph.exchange import open_source
from lineage_graph.exchange.subgraph_builder import SubgraphBuilder
from lineage_graph.model import Kind, Ref, Subgraph
from lineage_graph.questions import ask
from lineage_graph.server.app import create_app
from lineage_graph.store import Direction, Find, Store
from tests.conftest import DATA


def tables(*links: tuple[str, str, str]) -> Subgraph:
    """Artifacts a, b, c …, and links between their columns, as ``a.x``."""
    gathering = SubgraphBuilder()
    ids = {
        name: gathering.artifact(f"t:{name}", "Table", name=name)
        for name in sorted({end[0] for link in links for end in link[:2]})
    }
    for source, target, kind in links:
        gathering.column(ids[source[0]], source[2:], ids[target[0]], target[2:], kind)
    return gathering.take()


def test_columns_through_several_hops(store: Store) -> None:
    """a.x → b.y → d.z directly and by a filter over c; b's rows depend on a.w."""
    batch = tables(
        ("a.x", "b.y", "DIRECT IDENTITY"),
        ("a.w", "b.*", "INDIRECT"),
        ("a.x", "c.q", "INDIRECT FILTER"),
        ("b.y", "d.z", "DIRECT"),
        ("c.q", "d.z", "DIRECT"),
        ("d.z", "d.z2", ""),
    )
    store.load_keyed([batch], "t")
    assert store.counts().columns == 6
    assert store.load_keyed([batch], "t").new_links == 0
    names = {node.name: node.id for node in store.find(Find(kind=Kind.ARTIFACT)).nodes}
    a, b, c, d = (names[name] for name in "abcd")
    assert ask(store, "columns_of_artifact", artifact=d, column="z").rows == (
        ("z", b, "y", "DIRECT", 1),
        ("z", c, "q", "DIRECT", 1),
        ("z", a, "w", "INDIRECT", 2),
        ("z", a, "x", "DIRECT", 2),
    )
    assert len(ask(store, "columns_of_artifact", artifact=d).rows) == 4 + 5
    assert len(ask(store, "columns_of_artifact", artifact=d, hops=1).rows) == 2 + 1
    assert ask(store, "impact_of_column", artifact=a, column="w").rows == (
        (b, "*", "INDIRECT", 1),
        (d, "z", "INDIRECT", 2),
        (d, "z2", "INDIRECT", 3),
    )
    assert ask(store, "impact_of_column", artifact=a, column="none").rows == ()
    with pytest.raises(NotFound):
        ask(store, "columns_of_artifact", artifact=99)


def test_columns_of_a_dbt_project(store: Store) -> None:
    with open_source(DATA / "dbt_ol_events.ndjson") as source:
        store.load_keyed(source.batches(), source.source)
    by_cypher = store.cypher(
        "MATCH (s:Artifact)-[c:COLUMN]->(t:Artifact) "
        "RETURN DISTINCT s.custom_dataset AS source, c.from_column AS one, t.custom_dataset AS target, c.to_column AS other"
    )
    found = {tuple(row) for row in by_cypher.rows}
    assert found == told()
    whole = [batch for batch in store.dump() if batch.columns]
    assert sum(len(batch.columns) for batch in whole) == store.counts().columns
    summary = newest(store)["jaffle.main.class_summary"]
    rows = ask(store, "columns_of_artifact", artifact=summary, column="_1").rows
    datasets = {row[1]: dataset_of(store, row[1]) for row in rows}
    assert [(datasets[row[1]], *row[2:]) for row in rows] == [
        ("jaffle.main.test_features", "ratio", "", 1),
        ("jaffle.main.stg_wine", "alcohol", "", 2),
        ("jaffle.main.stg_wine", "malic_acid", "", 2),
        ("jaffle.main.raw_wine", "alcohol", "", 3),
        ("jaffle.main.raw_wine", "malic_acid", "", 3),
    ]
    upstream = store.walk(Ref(Kind.ARTIFACT, summary), Direction.UPSTREAM).depth
    read = {one for one, name in datasets.items() if name != "jaffle.main.raw_wine"}
    assert {Ref(Kind.ARTIFACT, one) for one in read} <= upstream.keys()  # the same versions
    with TestClient(create_app(store), base_url="http://localhost") as client:
        page = client.get(f"/artifacts/{summary}").text
        assert '<h2>Columns <span class="soft">3</span></h2>' in page
        assert f"/ask/columns-of-artifact?artifact={summary}" in page
    raw = next(one for one, name in datasets.items() if name == "jaffle.main.raw_wine")
    impact = ask(store, "impact_of_column", artifact=raw, column="alcohol").rows
    assert (summary, "_1", "", 3) in impact


def dataset_of(store: Store, artifact: int) -> Any:
    return store.node(Ref(Kind.ARTIFACT, artifact)).custom_properties["dataset"]


def newest(store: Store) -> dict[Any, int]:
    """The version of each dataset that was written last by a run that did not fail."""
    nodes = store.find(Find(kind=Kind.ARTIFACT, states=("LIVE",), limit=1000)).nodes
    return {node.custom_properties["dataset"]: node.id or 0 for node in nodes}


def told() -> set[tuple[str, str, str, str]]:
    """What the events say, read without the code under test."""
    found = set()
    for line in (DATA / "dbt_ol_events.ndjson").read_text().splitlines():
        event = json.loads(line)
        for output in event["outputs"]:
            facet = output["facets"].get("columnLineage", {"fields": {}})
            for column, made in facet["fields"].items():
                for field in made["inputFields"]:
                    found.add((field["name"], field["field"], output["name"], column))
    return found
