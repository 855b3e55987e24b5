"""Table: counts, columns, texts and data frames of rows, without a store."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from lineage_graph.errors import FailedPrecondition
from lineage_graph.questions.tables import Table
from lineage_graph.questions.tables.measured import FactKey, called

ROWS: list[dict[str, Any]] = [
    {"name": "a", "same": 1, "score": 1, "mixed": "x", "deep": {"k": [1]}},
    {"name": "b\n<b>", "same": 1, "score": 2.5, "mixed": 3, "extra": "y" * 99},
]


def table(rows: list[dict[str, Any]] = ROWS, total: int = 340) -> Table[dict[str, Any]]:
    return Table("runs", rows, total, lambda row: row, ("name",))


def test_what_differs_comes_first_and_every_row_has_every_column() -> None:
    found = table()
    assert found.columns == ("name", "score", "mixed", "deep", "extra", "same")
    assert [list(row) for row in found.to_dicts()] == [list(found.columns)] * 2
    assert found.to_dicts()[0]["extra"] is None
    assert (len(found), found[0]["name"], [row["name"] for row in found[1:]]) == (
        2,
        "a",
        ["b\n<b>"],
    )


def test_its_text_says_what_is_not_shown() -> None:
    lines = repr(table()).splitlines()
    assert lines[-1] == "[2 of 340 runs]"
    assert lines[2].split()[:3] == ["b", "<b>", "2.5"]
    assert "&lt;b&gt;" in table()._repr_html_()
    assert "<b>" not in table()._repr_html_()
    wide = table([{f"column {n}": "w" * 20 for n in range(9)}] * 30, 30)
    last = repr(wide).splitlines()[-1]
    assert last.startswith("[30 runs; shown: the first 10; columns not shown: ")
    assert max(map(len, repr(wide).splitlines())) <= 100
    assert repr(table([], 0)) == "0 runs"
    assert repr(table(ROWS[:1], 1)).endswith("[1 run]")


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_data_frames(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip(library)
    frame = getattr(table(), f"to_{library}")()
    assert list(frame.columns) == list(table().columns)
    assert frame.shape == (2, 6)
    assert list(frame["score"]) == [1.0, 2.5]
    assert getattr(table([], 0), f"to_{library}")().shape[0] == 0


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_without_the_library_it_says_what_to_install(
    library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(FailedPrecondition) as told:
        getattr(table(), f"to_{library}")()
    assert told.value.hint == f"pip install {library}, or take to_dicts()."


def test_the_shortest_names_that_tell_values_apart() -> None:
    keys = [
        FactKey("Trainer", "", "loss"),
        FactKey("Evaluator", "", "loss"),
        FactKey("Evaluator", "model", "loss"),
        FactKey("Trainer", "", "accuracy"),
        FactKey("Trainer", "", "name"),
        FactKey("", "", "accuracy"),
    ]
    assert list(called(keys, ["name"]).values()) == [
        "Trainer.loss",
        "Evaluator.loss",
        "model.loss",
        "Trainer.accuracy",
        "Trainer.name",
        "accuracy",
    ]
