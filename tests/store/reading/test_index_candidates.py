"""Filters that an index of property keys serves find what they find without it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from lineage_graph.catalog.property_index_keys import SLOTS
from lineage_graph.filters import compile_filter
from lineage_graph.model import Artifact, ArtifactType, Kind, PropertyKind, Subgraph
from lineage_graph.store import Find, Page, PutOptions, Store
from lineage_graph.store.reading import strategies
from tests.store.build import put_artifact, put_execution, with_types

NUMBERS: list[Any] = [
    0,
    -0.0,
    1,
    1.0,
    -1,
    2**53 + 1,
    2.0**53,
    2**63 - 1,
    float("inf"),
    float("nan"),
]
TEXTS = ["", "a", "A", "ü", "{", "a" * 100, "a" * 101]
OTHERS: list[Any] = [True, {"a": 1}]
NAMES = [f"p{number}" for number in range(9)]
FIELDS = ["int_value", "double_value", "string_value"]


@contextmanager
def without_index(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setattr(strategies, "candidates", lambda *_: None)
        patch.setattr(strategies, "first_of_few", lambda *_: None)
        yield


def told(page: Page) -> tuple[list[int | None], int | None, str | None]:
    return [node.id for node in page.nodes], page.total, page.next


def some_properties(chance: random.Random) -> dict[str, Any]:
    names = chance.sample(NAMES, chance.choice([1, 2, 3, len(NAMES)]))
    return {name: chance.choice(chance.choice([NUMBERS, TEXTS, OTHERS])) for name in names}


def some_condition(chance: random.Random, depth: int = 0) -> str:
    shape = chance.choice(["=", "=", "IN", "<", ">=", "!=", "BETWEEN", "AND", "OR", "NOT"])
    if shape in ("AND", "OR") and depth < 2:
        parts = (some_condition(chance, depth + 1) for _ in range(2))
        return f"({f' {shape} '.join(parts)})"
    if shape == "NOT" and depth < 2:
        return f"NOT {some_condition(chance, depth + 1)}"
    field = chance.choice(FIELDS)
    name = f"custom_properties.{chance.choice(NAMES)}.{field}"
    known = TEXTS if field == "string_value" else [n for n in NUMBERS if abs(n) < 2**60]
    one, other = (f"'{v}'" if isinstance(v, str) else repr(v) for v in chance.choices(known, k=2))
    if shape == "IN":
        return f"{name} IN ({one}, {other})"
    if shape == "BETWEEN":
        return f"{name} BETWEEN {one} AND {other}"
    return f"{name} {shape if shape in ('=', '<', '>=', '!=') else '='} {one}"


def test_random_filters_find_the_same(
    store: Store, engine_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Neo4j, which plans every new statement for a tenth of a second, few of them."""
    with_types(store)
    chance = random.Random(5)
    ids = [put_artifact(store, custom_properties=some_properties(chance)) for _ in range(40)]
    for one in chance.sample(ids, 15):  # some are replaced, some get other properties
        mask = chance.choice([None, ("custom_properties.p1", "custom_properties.p2")])
        node = Artifact(id=one, custom_properties=some_properties(chance))
        store.put(Subgraph(artifacts=(node,)), PutOptions(mask=mask))
    served = 0
    for _ in range(8 if engine_name == "neo4j" else 60):
        where = some_condition(chance)
        if chance.random() < 0.3:
            where = f"id > {chance.choice(ids)} AND ({where})"
        wanted = Find(
            kind=Kind.ARTIFACT,
            where=where,
            limit=chance.choice([1, 3, 100]),
            order_by=chance.choice(["id", "id", "update_time"]),
            descending=chance.random() < 0.5,
            counted=chance.random() < 0.3,
        )
        while True:
            page = store.find(wanted)
            with without_index(monkeypatch):
                expected = store.find(wanted)
            assert told(page) == told(expected), where
            if page.next is None:
                break
            wanted = wanted.model_copy(update={"after": page.next})
        served += bool(compile_filter(Kind.ARTIFACT, where).seeks)
    assert served > 2


def test_many_candidates_are_found_too(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    declared = ArtifactType(name="Many", properties={"i": PropertyKind.INT})
    made = tuple(
        Artifact(type="Many", properties={"i": number // 200 if number < 600 else 7})
        for number in range(1200)
    )
    store.put(Subgraph(artifact_types=(declared,), artifacts=made))
    for where, total in (("= 1", 200), ("= 7", 600), ("> 7", 0), ("BETWEEN 1 AND 2", 400)):
        wanted = Find(kind=Kind.ARTIFACT, where=f"properties.i.int_value {where}", limit=30)
        page = store.find(wanted)
        with without_index(monkeypatch):
            assert page == store.find(wanted)
        assert page.total == total
        assert store.find(wanted.model_copy(update={"counted": False})).nodes == page.nodes


def test_a_filter_of_a_context_or_a_type_is_narrowed_as_well(store: Store) -> None:
    with_types(store)
    one = put_artifact(store, properties={"i": 5})
    put_artifact(store, properties={"i": 6})
    run = put_execution(store, properties={"i": 5})
    wanted = Find(kind=Kind.ARTIFACT, where="properties.i.int_value = 5", type="Data")
    assert [node.id for node in store.find(wanted).nodes] == [one]
    assert store.find(wanted.model_copy(update={"context": 1})).nodes == ()
    wanted = Find(kind=Kind.EXECUTION, where="i = 5 OR i = 7")
    assert [node.id for node in store.find(wanted).nodes] == [run]


def test_a_store_of_an_older_release_gets_its_keys(store: Store) -> None:
    with_types(store)
    one = put_artifact(
        store,
        properties={"i": 5, "s": "x", "t": {"a": 1}, "d": 0.5},
        custom_properties={f"n{number}": number for number in range(9)},
    )
    run = put_execution(store, properties={"i": 5})
    engine = store.engine
    removed = ", ".join(f"n.{slot}" for slot in SLOTS)
    older = [f"MATCH (n:{kind.label}) REMOVE {removed}" for kind in Kind]
    older.append("MATCH (s:Store) SET s.schema_version = 1")
    before = _rows(store)
    for statement in older:
        engine.driver.execute_query(statement, database_=engine.database)
    assert _rows(store) != before
    store.prepare()
    assert _rows(store) == before
    wanted = Find(kind=Kind.ARTIFACT, where="properties.s.string_value = 'x'")
    assert [node.id for node in store.find(wanted).nodes] == [one]
    wanted = Find(kind=Kind.EXECUTION, where="properties.i.int_value > 4")
    assert [node.id for node in store.find(wanted).nodes] == [run]


def _rows(store: Store) -> list[dict[str, Any]]:
    found = store.engine.driver.execute_query(
        "MATCH (n) WHERE n:Artifact OR n:Execution OR n:Store RETURN properties(n) AS row ORDER BY row.id",
        database_=store.engine.database,
    )
    return [record["row"] for record in found.records]
