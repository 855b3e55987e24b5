"""When two facts are the same."""

from __future__ import annotations

import math
from typing import Any

import pytest

from lineage_graph.questions.differences.facts import same_value


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (True, 1, False),
        (0, False, False),
        (True, True, True),
        (1, 1.0, True),
        (math.nan, math.nan, True),
        (math.nan, 1.0, False),
        ("1", 1, False),
    ],
)
def test_a_yes_is_no_number_and_what_is_no_number_is_like_itself(
    one: Any, other: Any, same: bool
) -> None:
    assert same_value(one, other) is same
