"""Keys of properties: a range of keys holds the key of every value that compares so."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lineage_graph.catalog.property_index_keys import (
    LONGEST_TEXT,
    MORE,
    NUMBERS,
    TEXTS,
    narrowest,
    range_of,
    seek_keys,
)

SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
INTS = st.integers(-(2**63), 2**63 - 1) | st.integers(-3, 3) | st.just(2**53 + 1)
FLOATS = st.floats() | st.sampled_from([0.0, -0.0, 1e-310, -1e300, float("inf"), 2.0**53])
NUMBER = INTS | FLOATS
IDS = st.integers(1, 2**63 - 1)


def key_of(value: Any, node_id: int) -> str:
    (key,) = (v for k, v in seek_keys({"x": value}, node_id).items() if k != MORE)
    return key


@given(NUMBER, NUMBER, IDS, st.sampled_from(list(SIGNS)))
def test_numbers_are_within_the_range_of_what_they_meet(
    value: float, limit: float, node_id: int, sign: str
) -> None:
    found = range_of("x", sign, limit)
    assert found is not None
    if SIGNS[sign](value, limit):
        assert found.low <= key_of(value, node_id) <= found.high


@given(st.floats(allow_nan=False), st.floats(allow_nan=False), IDS)
def test_a_range_leaves_out_what_does_not_meet_it(one: float, other: float, node_id: int) -> None:
    found = range_of("x", "<", one)
    assert found is not None
    if other > one:
        assert not found.low <= key_of(other, node_id) <= found.high


@given(st.text(max_size=LONGEST_TEXT), st.text(max_size=LONGEST_TEXT), IDS)
def test_a_text_is_found_and_others_are_not(one: str, other: str, node_id: int) -> None:
    found = range_of("x", "=", one)
    assert found is not None
    assert found.low <= key_of(one, node_id) <= found.high
    assert (found.low <= key_of(other, node_id) <= found.high) == (one == other)


def test_what_has_no_key() -> None:
    assert seek_keys({"a": True, "b": "x" * (LONGEST_TEXT + 1), "c": None}, 1) == {}
    assert range_of("b", "=", "x" * (LONGEST_TEXT + 1)) is None
    assert range_of("b", "<", "x") is None


def test_a_node_with_more_properties_than_slots_says_so() -> None:
    numbers = {f"n{i}": i for i in range(len(NUMBERS) + 1)}
    texts = {f"t{i}": "x" for i in range(len(TEXTS) + 1)}
    number, text = range_of("n0", "=", 0), range_of("t0", "=", "x")
    assert number is not None
    assert text is not None
    for properties, by_number, by_text in (
        (numbers, True, True),
        (texts, False, True),
        (numbers | texts, True, True),
    ):
        more = seek_keys(properties, 7)[MORE]
        assert (number.more[0] <= more <= number.more[1]) == by_number
        assert (text.more[0] <= more <= text.more[1]) == by_text
    assert MORE not in seek_keys(dict(list(numbers.items())[1:]) | {"t": "x"}, 7)


def test_keys_do_not_depend_on_the_order_of_the_properties() -> None:
    properties = {f"n{i}": i for i in range(9)} | {f"t{i}": "x" for i in range(9)}
    assert seek_keys(properties, 1) == seek_keys(dict(reversed(properties.items())), 1)


def test_limits_from_both_sides_become_one_range() -> None:
    low, high, other = range_of("x", ">", 1), range_of("x", "<", 2), range_of("y", "=", 5)
    assert low is not None
    assert high is not None
    assert other is not None
    (first, second) = narrowest([(low,), (high,), (other,)])
    assert first == (other,)
    assert second == (low.within(high),)
    assert second[0].low <= key_of(1.5, 1) <= second[0].high
    assert not second[0].low <= key_of(3, 1) <= second[0].high
