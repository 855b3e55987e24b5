"""Find: every condition, every order, pages that stay right while others write."""

from __future__ import annotations

import random
from typing import Any

import pytest

from lineage_graph.errors import InvalidArgument, OutOfMemory
from lineage_graph.model import (
    Artifact,
    ArtifactState,
    ArtifactType,
    Association,
    Attribution,
    Execution,
    ExecutionState,
    Kind,
    Node,
    ParentContext,
    Ref,
    Subgraph,
)
from lineage_graph.store import Find, Page, PutOptions, Store, behind
from lineage_graph.store.reading import strategies
from lineage_graph.store.session import Transaction
from tests.store.build import TYPES, put_artifact, put_context, put_execution, with_types


@pytest.fixture
def typed(store: Store) -> Store:
    return with_types(store)


def ids(page: Page) -> list[int]:
    return [node.id or 0 for node in page.nodes]


def data(id: int, d: float) -> Artifact:
    return Artifact(id=id, type="Data", properties={"d": d})


def found(store: Store, kind: Kind = Kind.ARTIFACT, **conditions: Any) -> list[int]:
    page = store.find(Find(kind=kind, **conditions))
    assert page.total == len(page.nodes)
    return ids(page)


def every_page(store: Store, wanted: Find) -> list[int]:
    """Return the ids of all pages, one after the other."""
    page = store.find(wanted.model_copy(update={"counted": False}))
    gathered = ids(page)
    while page.next is not None:
        page = store.find(wanted.model_copy(update={"counted": False, "after": page.next}))
        gathered += ids(page)
    return gathered


def test_by_type_and_state(typed: Store) -> None:
    typed.put(Subgraph(artifact_types=(ArtifactType(name="Other"),)))
    put_artifact(typed, state=ArtifactState.LIVE)
    put_artifact(typed, state=ArtifactState.DELETED, type="Other")
    put_artifact(typed)
    assert found(typed) == [1, 2, 3]
    assert found(typed, type="Data") == [1, 3]
    assert found(typed, type="data") == []
    assert found(typed, states=("LIVE", "DELETED")) == [1, 2]
    assert found(typed, type="Other", states=("LIVE",)) == []
    put_artifact(typed, state=ArtifactState.UNKNOWN)
    assert found(typed, states=("UNKNOWN",)) == [3, 4]
    assert found(typed, states=("UNKNOWN", "DELETED")) == [2, 3, 4]
    put_execution(typed, last_known_state=ExecutionState.FAILED)
    assert found(typed, Kind.EXECUTION, states=("FAILED",)) == [1]
    with pytest.raises(InvalidArgument, match="Contexts have no state"):
        found(typed, Kind.CONTEXT, states=("LIVE",))


def test_by_context(typed: Store) -> None:
    put_context(typed, "parent"), put_context(typed, "child")
    put_artifact(typed), put_artifact(typed), put_execution(typed)
    typed.put(
        Subgraph(
            attributions=(Attribution(artifact_id=2, context_id=1),),
            associations=(Association(execution_id=1, context_id=1),),
            parent_contexts=(ParentContext(child_id=2, parent_id=1),),
        )
    )
    assert [found(typed, kind, context=1) for kind in Kind] == [[2], [1], [2]]
    assert found(typed, context=99) == []


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("where", ["", "properties.i.int_value < 2"])
def test_pages_within_a_context(typed: Store, descending: bool, where: str) -> None:
    """Its members came together, one by one between others, and long after all others."""
    one, other = put_context(typed, "one"), put_context(typed, "other")
    made = typed.put(
        Subgraph(
            executions=tuple(
                Execution(id=-1 - n, type="Step", properties={"i": n % 3}) for n in range(120)
            )
        )
    ).execution_ids
    members = {one: [*made[:30], *made[30:80:7], made[119]], other: [*made[25:35], *made[31:80:7]]}
    typed.put(
        Subgraph(
            associations=tuple(
                Association(execution_id=execution, context_id=context)
                for context, ids in members.items()
                for execution in sorted(set(ids))
            )
        )
    )
    for context, belonging in members.items():
        wanted = Find(
            kind=Kind.EXECUTION, context=context, where=where, limit=4, descending=descending
        )
        expected = [i for i in sorted(set(belonging)) if not where or (i - made[0]) % 3 < 2]
        assert every_page(typed, wanted) == expected[:: -1 if descending else 1]
        assert typed.rows.members(Kind.EXECUTION, context) == sorted(set(belonging))
    assert typed.rows.members(Kind.EXECUTION, 99) == typed.rows.members(Kind.ARTIFACT, one) == []


def test_by_text(typed: Store) -> None:
    put_artifact(typed, name="Alpha")
    put_artifact(typed, uri="s3://bucket/ALPHA/1")
    put_artifact(typed, name="beta", uri="x'`\"\\%_")
    assert found(typed, text="alpha") == [1, 2]
    assert found(typed, text="dATa") == [1, 2, 3]
    assert found(typed, text="'`\"\\%_") == [3]
    assert found(typed, text=".*") == []


def test_by_a_filter_and_other_conditions_together(typed: Store) -> None:
    for number in range(6):
        put_artifact(typed, properties={"i": number, "s": "even" if number % 2 == 0 else "odd"})
    where = "properties.i.int_value > 1 AND properties.s.string_value = 'even'"
    assert found(typed, where=where) == [3, 5]
    assert found(typed, where=f"id = 1 OR {where}", type="Data") == [1, 3, 5]
    assert found(typed, where=where, text="nothing") == []
    with pytest.raises(InvalidArgument, match=r"^Invalid `filter_query`: "):
        found(typed, where="id = ")


def test_by_a_types_id(typed: Store) -> None:
    typed.put(Subgraph(artifact_types=(ArtifactType(name="Data", version="2"),)))
    put_artifact(typed)
    put_artifact(typed, type_version="2")
    first, second = (node.type_id for node in typed.find(Find(kind=Kind.ARTIFACT)).nodes)
    assert found(typed, type_id=first) == [1]
    assert found(typed, type_id=second) == [2]
    assert found(typed, type_id=first, type="Data", where="id > 1") == []


def test_nobody_counts_unless_asked_to(typed: Store) -> None:
    put_artifact(typed), put_artifact(typed)
    page = typed.find(Find(kind=Kind.ARTIFACT, counted=False, limit=1))
    assert page.total is None
    assert ids(page) == [1]
    assert page.next is not None


def test_a_node_with_several_neighbours_is_found_once(typed: Store) -> None:
    put_artifact(typed), put_artifact(typed), put_artifact(typed)
    contexts = [put_context(typed, name) for name in ("a", "b", "c")]
    pairs = [(artifact, context) for artifact in (1, 2) for context in contexts]
    typed.put(
        Subgraph(attributions=tuple(Attribution(artifact_id=a, context_id=c) for a, c in pairs))
    )
    where = "contexts_x.name != 'a'"
    assert found(typed, where=where) == [1, 2]
    assert found(typed, where=f"{where} AND contexts_y.id = contexts_x.id") == [1, 2]
    assert found(typed, where=where, context=contexts[0]) == [1, 2]
    first = typed.find(Find(kind=Kind.ARTIFACT, where=where, limit=1, descending=True))
    assert ids(first) == [2]
    assert first.total == 2
    second = typed.find(
        Find(kind=Kind.ARTIFACT, where=where, limit=1, descending=True, after=first.next)
    )
    assert ids(second) == [1]
    assert second.next is None


def test_which_of_some_nodes_match(typed: Store) -> None:
    for number in range(1, 5):
        put_artifact(typed, properties={"i": number})

    def matched(ids: list[int], where: str) -> set[int]:
        return typed.pages.matching(Kind.ARTIFACT, ids, where)

    assert matched([1, 3, 4, 99], "properties.i.int_value >= 3") == {3, 4}
    assert matched([], "true") == set()
    assert matched(list(range(1, 12_000)), "id != 2") == {1, 3, 4}
    assert matched([1, 2], "") == {1, 2}


def test_by_time(typed: Store) -> None:
    times = [1000, 2000, 3000]
    nodes = tuple(
        Artifact(id=n, type="Data", create_time_since_epoch=t, last_update_time_since_epoch=t * 10)
        for n, t in enumerate(times, start=1)
    )
    typed.put(Subgraph(artifacts=nodes), PutOptions(restore=True))
    assert found(typed, created_after=2000) == [2, 3]
    assert found(typed, created_before=2000) == [1]
    assert found(typed, updated_after=20_000, updated_before=30_000) == [2]


def test_an_empty_store_has_an_empty_page(store: Store) -> None:
    assert store.find(Find(kind=Kind.ARTIFACT)) == Page((), 0, None)


@pytest.mark.parametrize("order_by", ["id", "create_time", "update_time", "name"])
@pytest.mark.parametrize("descending", [False, True])
def test_pages_in_every_order(typed: Store, order_by: Any, descending: bool) -> None:
    names = [None, "b", "a", None, "c", "", "ä", "B"]
    nodes = tuple(
        Artifact(
            id=n,
            type="Data",
            name=name,
            create_time_since_epoch=1000 + n % 3,
            last_update_time_since_epoch=1000 + n % 2,
        )
        for n, name in enumerate(names, start=1)
    )
    typed.put(Subgraph(artifacts=nodes), PutOptions(restore=True))
    key = {
        "id": lambda a: a.id,
        "create_time": lambda a: (a.create_time_since_epoch, a.id),
        "update_time": lambda a: (a.last_update_time_since_epoch, a.id),
        "name": lambda a: ((a.name or "").encode(), a.id),
    }[order_by]
    expected = [a.id for a in sorted(nodes, key=key, reverse=descending)]  # type: ignore[arg-type]
    seen: list[int] = []
    after = None
    while True:
        page = typed.find(
            Find(kind=Kind.ARTIFACT, order_by=order_by, descending=descending, limit=3, after=after)
        )
        assert page.total == len(nodes)
        seen += ids(page)
        after = page.next
        if after is None:
            break
        assert len(page.nodes) == 3
    assert seen == expected


def test_pages_stay_right_while_others_write(typed: Store) -> None:
    """What was there all the time is seen once; what comes meanwhile is at most seen once."""
    for number in range(10):
        put_artifact(typed, name=f"n{number:02}")
    seen: list[int] = []
    after = None
    for turn in range(20):
        page = typed.find(Find(kind=Kind.ARTIFACT, order_by="name", limit=2, after=after))
        seen += ids(page)
        after = page.next
        if after is None:
            break
        with Store.open(settings=typed.settings) as other:
            put_artifact(other, name=f"a{turn:02}")  # before all pages
            put_artifact(other, name=f"n{turn:02}+")  # in between
    assert len(seen) == len(set(seen))
    assert set(range(1, 11)) <= set(seen)


def test_tokens_are_checked(typed: Store) -> None:
    for _ in range(3):
        put_artifact(typed)
    token = typed.find(Find(kind=Kind.ARTIFACT, limit=1)).next
    assert token is not None
    for wrong in (
        {"after": token, "order_by": "name"},
        {"after": token, "descending": True},
        {"after": "!"},
        {"after": "bm9wZQ"},
        {"after": token[:-3]},
        {"after": ""},
    ):
        with pytest.raises(InvalidArgument, match="page token"):
            typed.find(Find(kind=Kind.ARTIFACT, **wrong))


def test_how_many_there_are_and_what_is_behind_a_node(typed: Store) -> None:
    typed.put(Subgraph(artifacts=tuple(data(id=-1 - n, d=float(n % 2)) for n in range(6))))
    wanted = Find(
        kind=Kind.ARTIFACT, where="properties.d.double_value = 1", descending=True, limit=2
    )
    found = typed.find(wanted)
    assert typed.pages.total(wanted) == found.total == 3
    rest = typed.find(wanted.model_copy(update={"after": behind(found.nodes[0], wanted)}))
    assert [node.id for node in rest.nodes] == [4, 2]


def test_executions_and_contexts_come_as_themselves(store: Store) -> None:
    store.put(TYPES + Subgraph(executions=(Execution(id=-1, type="Step"),)))
    put_context(store, "c")
    (execution,) = store.find(Find(kind=Kind.EXECUTION)).nodes
    (context,) = store.find(Find(kind=Kind.CONTEXT)).nodes
    nodes: list[Node] = [execution, context]
    assert nodes == [store.node(Ref(Kind.EXECUTION, 1)), store.node(Ref(Kind.CONTEXT, 1))]


@pytest.mark.parametrize("nodes_a_hit", [(0, 0), (1, 2), (1, 20), (3, 3), (50, 500)])
def test_a_page_is_the_same_from_the_next_ids_as_from_all(
    typed: Store, monkeypatch: pytest.MonkeyPatch, nodes_a_hit: tuple[int, int]
) -> None:
    """What fills a page among the next ids, and what has to be looked for everywhere."""
    monkeypatch.setattr("lineage_graph.store.reading.strategies._NODES_A_HIT", nodes_a_hit)
    chance = random.Random(nodes_a_hit[1])
    typed.put(Subgraph(artifact_types=(ArtifactType(name="Other"),)))
    gaps = [i for i in range(1, 90) if chance.random() < 0.7]  # ids that nothing has, too
    scores = {i: chance.choice([0.0, 0.5, 1.0]) for i in gaps}
    others = {i for i in gaps if chance.random() < 0.3}
    made = [Artifact(id=i, type="Other") if i in others else data(id=i, d=scores[i]) for i in gaps]
    typed.put(Subgraph(artifacts=tuple(made)), PutOptions(restore=True))
    wanted: list[tuple[dict[str, Any], list[int]]] = [
        ({}, gaps),
        ({"type": "Other"}, sorted(others)),
        (
            {"where": "properties.d.double_value > 0.4"},
            [i for i in gaps if i not in others and scores[i] > 0.4],
        ),
        (
            {"where": "properties.d.double_value = 1", "type": "Data"},
            [i for i in gaps if i not in others and scores[i] == 1],
        ),
        ({"where": "properties.d.double_value = 7"}, []),
        ({"where": f"id = {gaps[20]}"}, [gaps[20]]),
    ]
    for conditions, expected in wanted:
        for descending in (False, True):
            seen, after = list[int](), None
            while True:
                page = typed.find(
                    Find(
                        kind=Kind.ARTIFACT,
                        limit=4,
                        descending=descending,
                        after=after,
                        **conditions,
                    )
                )
                assert page.total == len(expected)
                seen += ids(page)
                after = page.next
                if after is None:
                    break
                assert len(page.nodes) == 4
            assert seen == (expected[::-1] if descending else expected), (conditions, descending)


def test_the_largest_ids_there_can_be(typed: Store) -> None:
    largest = 2**63 - 2  # the sequence of ids must have a next one
    made = (data(id=largest, d=1.0), data(id=largest - 1, d=1.0))
    typed.put(Subgraph(artifacts=made), PutOptions(restore=True))
    for descending, expected in ((False, [largest - 1, largest]), (True, [largest, largest - 1])):
        where, after = "properties.d.double_value = 1", None
        for wanted in expected:
            page = typed.find(
                Find(kind=Kind.ARTIFACT, where=where, limit=1, after=after, descending=descending)
            )
            assert ids(page) == [wanted]
            after = page.next
        assert after is None


@pytest.mark.parametrize("order", ["id", "create_time", "name"])
@pytest.mark.parametrize("descending", [False, True])
def test_nodes_too_large_for_one_list_come_one_by_one(
    typed: Store, monkeypatch: pytest.MonkeyPatch, order: Any, descending: bool
) -> None:
    for number in range(5):
        put_artifact(typed, name=f"a{number % 3} {number}", custom_properties={"x": number})
    wanted = Find(kind=Kind.ARTIFACT, order_by=order, descending=descending, limit=3)
    whole = typed.find(wanted)
    run, refused = strategies.run_filtered, []

    def refuses(transaction: Transaction, text: str, values: dict[str, Any]) -> Any:
        if "AS nodes" in text and not text.endswith("RETURN [properties(n)] AS nodes"):
            refused.append(text)
            raise OutOfMemory("heap budget exceeded")
        return run(transaction, text, values)

    monkeypatch.setattr(strategies, "run_filtered", refuses)
    assert typed.find(wanted) == whole
    assert refused
