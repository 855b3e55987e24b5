"""How metrics went: lines by step, what is said of them, and the rows beside them."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineage_graph.charts.metric_history import Kept, histories
from lineage_graph.model import Artifact

STEPS = [[float(step), 1 / (step + 1), 1000.0 + step] for step in range(300)]


def kept(history: Any, mark: str = "", label: str = "") -> Kept:
    return Kept(Artifact(id=1, custom_properties={"history": history}), mark, label)


def test_a_metric_is_a_line_by_step_with_its_best_and_its_last() -> None:
    up = [[step, 1 - value, at] for step, value, at in STEPS]
    accuracy, loss = histories([kept({"val_loss": STEPS[::-1], "accuracy": up})])
    assert (loss.name, loss.by, loss.first, loss.last) == ("val_loss", "step", 0, 299)
    assert (loss.least, loss.most, loss.values) == (1 / 300, 1, 300)
    (line,) = loss.lines
    assert line.words == "best 0.003333 at step 299, last 0.003333"
    assert accuracy.lines[0].words == "best 0.9967 at step 299, last 0.9967"
    assert len(loss.rows) == 11
    assert (loss.rows[0], loss.rows[-1]) == ((0, (1,)), (299, (1 / 300,)))
    assert "300 values from step 0 to 299" in loss.description


def test_what_is_best_is_said_only_where_the_name_tells() -> None:
    (found,) = histories([kept({"temperature": [[0, 3, 0], [1, 1, 1], [2, 2, 2]]})])
    assert found.lines[0].words == "from 1 to 3, last 2"


def test_two_runs_share_the_axes_and_differ_in_more_than_colour() -> None:
    one, other = {"loss": [[0, 4.0, 0], [10, 2.0, 1]]}, {"loss": [[0, 3.0, 0], [5, 1.0, 1]]}
    (found,) = histories([kept(one, "A", "first"), kept(other, "B", "second")])
    assert (found.first, found.last, found.least, found.most) == (0, 10, 1, 4)
    assert [line.kept.mark for line in found.lines] == ["A", "B"]
    assert len({line.dash for line in found.lines}) == 2
    assert found.rows == ((0, (4, 3)), (5, (None, 1)), (10, (2, None)))
    assert found.whole
    (ax, _), (bx, _) = (line.place for line in found.lines)
    assert bx < ax


@pytest.mark.parametrize(
    ("points", "by", "last"),
    [
        ([[0, 1, 5000], [0, 2, 7500]], "second", 2.5),
        ([[0, 1, 5000], [0, 2, 5000]], "value", 2),
        ([[0, 1], [7, 2]], "step", 7),
    ],
)
def test_what_was_logged_without_steps_goes_by_time_or_number(
    points: list[list[float]], by: str, last: float
) -> None:
    (found,) = histories([kept({"x": points})])
    assert (found.by, found.last) == (by, last)


@pytest.mark.parametrize(
    "history",
    [
        None,
        3,
        "loss",
        {},
        {"x": 3},
        {"x": [[1, 2]]},
        {"x": [[1], ["a", 2], [1, math.inf], True]},
    ],
)
def test_what_is_no_history_is_left_alone(history: Any) -> None:
    told = {} if history is None else {"history": history}
    assert histories([Kept(Artifact(id=1, properties=told))]) == ()


def test_many_lines_are_cut_and_counted() -> None:
    (found,) = histories([kept({"x": STEPS[:3]}, str(number)) for number in range(15)])
    assert (len(found.lines), found.more) == (12, 3)
    heights = sorted(line.place[1] for line in found.lines)
    assert min(b - a for a, b in pairwise(heights)) > 8
    assert heights[0] > 0


@given(
    st.lists(
        st.tuples(
            st.integers(0, 10**6), st.floats(allow_nan=False, allow_infinity=False), st.integers()
        ),
        min_size=2,
        max_size=900,
    )
)
def test_every_line_stays_in_its_drawing(points: list[tuple[float, float, float]]) -> None:
    (found,) = histories([kept({"x": [list(point) for point in points]})])
    (line,) = found.lines
    places = [tuple(map(float, each.split())) for each in line.line.removeprefix("M").split("L")]
    assert len(places) <= 201
    assert all(0 <= x <= found.width and 0 <= y <= found.height for x, y in places)
