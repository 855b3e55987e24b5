"""Charts: dots in time, inside of their box, whatever the numbers are."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from lineage_graph.charts.line_chart import HEIGHT, WIDTH, Datum, chart


def test_a_line_in_the_order_of_time() -> None:
    found = chart([Datum(20, 0.9, "b", "/b", "B"), Datum(10, 0.5, "a"), Datum(30, 0.7, "c")])
    assert found is not None
    assert [dot.datum.label for dot in found.dots] == ["a", "b", "c"]
    assert [dot.y for dot in found.dots] == [100.0, 22.0, 61.0]
    assert found.line.startswith("M8 100L")
    assert (found.least, found.most) == (0.5, 0.9)
    assert found.description == "3 values from 0.5 to 0.9, the first 0.5, the last 0.7. B: 0.9."


def test_one_value_and_none() -> None:
    found = chart([Datum(5, 3)])
    assert found is not None
    assert (found.dots[0].x, found.dots[0].y) == (158.0, 61.0)
    assert chart([]) is None
    assert chart([Datum(1, math.nan), Datum(2, math.inf)]) is None


@given(st.lists(st.builds(Datum, st.floats(allow_nan=True), st.floats(allow_nan=True)), max_size=9))
def test_every_dot_is_inside(points: list[Datum]) -> None:
    found = chart(points)
    for dot in found.dots if found else ():
        assert 0 <= dot.x <= WIDTH
        assert 0 <= dot.y <= HEIGHT
