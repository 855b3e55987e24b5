"""Literals: what is written into a statement is what a bound value would be, whatever is in it."""

from __future__ import annotations

import math
from typing import Any

import pytest

from lineage_graph.catalog.literals import literal, with_literals
from lineage_graph.errors import InvalidArgument
from lineage_graph.store import Store

VALUES: list[Any] = [
    None,
    True,
    -(2**63) + 1,
    1e300,
    -0.5,
    5e-324,
    "",
    'it\'s "quoted" `so`',
    "back\\slash \\' \\\\ \\u0027 \\\\u0027 \\uu0041",
    "line\nbreak\r\ttab \x00 \x1b \x7f \u2028",
    "größe 数据 😀 \u202eabc",
    "$name // no comment /* */",
    [1, "a'", [2.5, None]],
]


def test_literals_stand_for_their_values(store: Store) -> None:
    for value in VALUES:
        text = f"RETURN {literal(value)} AS value"
        assert store.cypher(text).rows == ((value,),), text


def test_parameters_in_quotes_stay() -> None:
    text = "RETURN $a, '$a', `$a`, $ab // $a"
    assert with_literals(text, {"a": 1, "ab": "$a"}) == "RETURN 1, '$a', `$a`, '$a' // $a"
    with pytest.raises(InvalidArgument, match=r"no value for \$ab"):
        with_literals(text, {"a": 1})
    with pytest.raises(InvalidArgument):
        literal({"a": 1})
    assert literal(math.inf) == "(1.0 / 0.0)"
