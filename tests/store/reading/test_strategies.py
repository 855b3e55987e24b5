"""Each strategy of finding, by itself: where it answers, it answers what looking at every node does."""

from __future__ import annotations

from collections import Counter
from functools import partial
from itertools import product
from typing import Any

from lineage_graph.model import Kind
from lineage_graph.store import Find, Store
from lineage_graph.store.reading import find as finding
from lineage_graph.store.reading.strategies import STRATEGIES, Asked, Scan
from lineage_graph.store.session import Transaction
from tests.store.build import put_artifact, with_types

FILTERS = (
    "",
    "x > 4",
    "x = 3",
    "x = 99",
    "name LIKE 'a%'",
    "id > 5",
    "uri = 'u7'",
    "x > 1 AND contexts_c.name = 'no'",
)


def asked(transaction: Transaction, wanted: Find, after: tuple[Any, int] | None) -> Asked:
    """What ``find`` hands to the strategies."""
    made = finding._asked(transaction, wanted)
    if after is not None:
        made.order = made.order.after(after[0])
        made.values |= {"after": after[0], "after_id": after[1]}
    made.values["limit"] = wanted.limit + 1
    return made


def test_each_finds_what_a_scan_finds(store: Store) -> None:
    with_types(store)
    for number in range(24):
        put_artifact(
            store,
            name=f"{'ab'[number % 2]}{number}",
            uri=f"u{number}",
            custom_properties={"x": number % 7},
        )
    answered: Counter[str] = Counter()

    def work(transaction: Transaction, wanted: Find, after: tuple[Any, int] | None) -> None:
        expected = Scan().page(transaction, asked(transaction, wanted, after))
        assert expected is not None
        for strategy in STRATEGIES:
            rows = strategy.page(transaction, asked(transaction, wanted, after))
            if rows is not None:
                answered[type(strategy).__name__] += 1
                assert rows == expected, (type(strategy).__name__, wanted, after)

    for where, order, descending in product(FILTERS, ("id", "name", "x"), (False, True)):
        wanted = Find(
            kind=Kind.ARTIFACT,
            where=where,
            order_by=order,
            descending=descending,
            limit=3,
            counted=False,
        )
        for after in (None, ("a20", 9) if order == "name" else (3, 9)):
            store._sessions.read(partial(work, wanted=wanted, after=after))
    assert set(answered) == {type(strategy).__name__ for strategy in STRATEGIES}


def test_which_strategy_was_taken_is_logged(store: Store, caplog: Any) -> None:
    with_types(store)
    put_artifact(store, custom_properties={"x": 1})
    with caplog.at_level("DEBUG", logger="lineage_graph.store.reading.find"):
        store.find(Find(kind=Kind.ARTIFACT, where="x = 1", counted=False))
        store.find(Find(kind=Kind.ARTIFACT, order_by="name", counted=False))
    assert caplog.messages == ["find artifacts by PropertyKeys", "find artifacts by Scan"]
