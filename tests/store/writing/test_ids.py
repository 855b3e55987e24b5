"""Ids: small, increasing, never given twice, also to ten writers at once."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from lineage_graph.errors import AlreadyExists, InvalidArgument
from lineage_graph.model import Artifact, Context, Kind, ParentContext, Subgraph
from lineage_graph.store import PutOptions, Store
from tests.store.build import TYPES, put_artifact, put_context, with_types

WRITERS, PUTS = 10, 8


def in_threads(work: Callable[[int], None]) -> None:
    """Run work in ten threads at once; raise what one of them raised."""
    errors: list[BaseException] = []

    def guarded(number: int) -> None:
        try:
            work(number)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=guarded, args=(n,)) for n in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not any(thread.is_alive() for thread in threads)
    if errors:
        raise errors[0]


@pytest.mark.parametrize("shared", [True, False], ids=["one store", "a store each"])
def test_ten_writers_lose_and_share_no_id(store: Store, shared: bool) -> None:
    given: list[int] = []

    def write(number: int) -> None:
        own = store if shared else Store.open(settings=store.settings)
        try:
            for turn in range(PUTS):
                nodes = tuple(
                    Artifact(type="Data", name=f"{number}/{turn}/{n}") for n in range(1 + turn % 3)
                )
                # Types too: ten writers race to make them.
                given.extend(own.put(TYPES + Subgraph(artifacts=nodes)).artifact_ids)
        finally:
            if not shared:
                own.close()

    in_threads(write)
    assert len(given) == len(set(given)) == store.counts().artifacts
    assert {n.id for n in store.get(Kind.ARTIFACT, given)} == set(given)
    assert min(given) >= 1
    # Runs that were overtaken may leave gaps, no large ones.
    assert max(given) < 4 * len(given) + 100
    assert len(store.types()) == 3


def test_ten_writers_race_for_one_name(store: Store) -> None:
    with_types(store)
    won: list[int] = []
    lost: list[int] = []

    def write(number: int) -> None:
        try:
            won.append(put_context(store, "the one"))
        except AlreadyExists:
            lost.append(number)

    in_threads(write)
    assert (len(won), len(lost), store.counts().contexts) == (1, WRITERS - 1, 1)


def test_ten_writers_reuse_one_context(store: Store) -> None:
    with_types(store)
    ids: list[int] = []
    new = Subgraph(contexts=(Context(type="Run", name="the one"),))
    in_threads(lambda _: ids.extend(store.put(new, PutOptions(reuse_contexts=True)).context_ids))
    assert (len(ids), len(set(ids)), store.counts().contexts) == (WRITERS, 1, 1)


def test_a_context_that_was_renamed_meanwhile_is_not_reused(store: Store) -> None:
    with_types(store)
    wanted = Subgraph(contexts=(Context(type="Run", name="a"),))
    (first,) = store.put(wanted, PutOptions(reuse_contexts=True)).context_ids
    assert store.put(wanted, PutOptions(reuse_contexts=True)).context_ids == (first,)
    with Store.open(settings=store.settings) as other:
        other.put(Subgraph(contexts=(Context(id=first, type="Run", name="b"),)))
    (second,) = store.put(wanted, PutOptions(reuse_contexts=True)).context_ids
    assert second != first
    assert [c.name for c in store.get(Kind.CONTEXT, [first, second])] == ["b", "a"]
    assert store.put(wanted, PutOptions(reuse_contexts=True)).context_ids == (second,)


def test_racing_parents_never_close_a_circle(store: Store) -> None:
    with_types(store)
    for number in range(WRITERS):
        put_context(store, f"c{number}")

    refused: list[str] = []

    def link(number: int) -> None:
        pair = ParentContext(child_id=1 + number, parent_id=1 + (number + 1) % WRITERS)
        try:
            store.put(Subgraph(parent_contexts=(pair,)))
        except InvalidArgument as error:
            refused.append(str(error))

    in_threads(link)
    assert len(refused) == 1
    assert "its own ancestor" in refused[0]
    assert store.counts().parent_contexts == WRITERS - 1


def test_ids_go_on_in_the_next_process(store: Store) -> None:
    with_types(store)
    assert put_artifact(store) == 1
    with Store.open(settings=store.settings) as other:
        assert put_artifact(other) == 2
    with Store.open(settings=store.settings) as other:
        assert put_artifact(other) == 3


def test_ids_from_elsewhere_are_skipped(store: Store) -> None:
    with_types(store)
    put_artifact(store)
    restored = Subgraph(artifacts=(Artifact(id=50, type="Data"), Artifact(id=20, type="Data")))
    assert store.put(restored, PutOptions(restore=True)).artifact_ids == (50, 20)
    assert put_artifact(store) == 51
