"""Reading ahead: the same items in the same order, errors in their turn, no thread left behind."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineage_graph.store.loading.prefetch import ahead


@given(st.lists(st.integers(), max_size=20))
def test_items_come_in_their_order(items: list[int]) -> None:
    assert list(ahead(iter(items))) == items


def test_the_next_item_is_read_while_one_is_used() -> None:
    read = []

    def items() -> Iterator[int]:
        for number in range(3):
            read.append(number)
            yield number

    found = ahead(items())
    assert next(found) == 0
    for _ in range(100):
        if read != [0]:
            break
        time.sleep(0.01)
    assert read[:2] == [0, 1]
    assert list(found) == [1, 2]


def test_an_error_is_raised_behind_what_came_before_it() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise ValueError("damaged")

    found = ahead(items())
    assert next(found) == 1
    with pytest.raises(ValueError, match="damaged"):
        next(found)


def test_who_stops_early_leaves_no_thread() -> None:
    def items() -> Iterator[int]:
        number = 0
        while True:
            yield number
            number += 1

    before = threading.active_count()
    found = ahead(items())
    assert next(found) == 0
    found.close()  # type: ignore[attr-defined]
    assert threading.active_count() == before
