"""Steps by runs: how each step of a pipeline ended in its latest runs, and how much each run holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lineage_graph.model import Kind, Ref
from lineage_graph.model.labels import MARKS, short_type
from lineage_graph.server.render import path_of
from lineage_graph.store import Answer, Store

COLUMNS = 16  # runs beside each other
_ROWS = 60  # steps, and types of artifacts
_SIGNS = {"bad": "×", "busy": "○"}  # so that nothing is said by colour alone


@dataclass(frozen=True)
class Square:
    """How a step ended in a run, and its newest execution there."""

    state: str
    mark: str
    sign: str
    path: str
    executions: int


@dataclass(frozen=True)
class GridRun:
    """A column: a run of the pipeline."""

    context: int
    name: str
    state: str


@dataclass(frozen=True)
class Grid:
    """Runs from the oldest to the newest; by step and by type what each of them has, None where nothing.

    ``artifacts`` is how many artifacts each has in all, of whatever type.

    ``more_steps`` and ``more_types`` were left out.
    """

    runs: tuple[GridRun, ...]
    steps: tuple[tuple[str, tuple[Square | None, ...]], ...]
    types: tuple[tuple[str, tuple[int | None, ...]], ...]
    artifacts: tuple[int, ...]
    more_steps: int
    more_types: int


def grid_of(store: Store, runs: Answer) -> Grid | None:
    """Return the latest runs of an answer of ``runs_of_pipeline`` as a grid; None where nothing ran."""
    columns = [dict(zip(runs.columns, row, strict=True)) for row in runs.rows[:COLUMNS]][::-1]
    ids = [column["context"] for column in columns]
    if not ids:
        return None
    found = _steps(_rows(store, "steps_of_runs", ids))  # in the order of their starts
    squares = {
        (step, context): _square(state, executions, execution)
        for context, step, state, executions, execution, *_ in found
    }
    numbers = {(kind, context): n for context, kind, n in _rows(store, "types_of_runs", ids)}
    steps = list(dict.fromkeys(row[1] for i in reversed(ids) for row in found if row[0] == i))
    types = sorted({kind for kind, _ in numbers}, key=lambda kind: short_type(kind).lower())
    if not steps:
        return None
    return Grid(
        runs=tuple(GridRun(each["context"], each["name"] or "", each["state"]) for each in columns),
        steps=tuple((step, tuple(squares.get((step, i)) for i in ids)) for step in steps[:_ROWS]),
        types=tuple((kind, tuple(numbers.get((kind, i)) for i in ids)) for kind in types[:_ROWS]),
        artifacts=tuple(sum(numbers.get((kind, i), 0) for kind in types) for i in ids),
        more_steps=max(0, len(steps) - _ROWS),
        more_types=max(0, len(types) - _ROWS),
    )


def _steps(rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Leave out the executions that are a run itself, where others are nested in it."""
    nested = {row[0] for row in rows if not row[-1]}
    return [row for row in rows if not row[-1] or row[0] not in nested]


def _rows(store: Store, statement: str, ids: Sequence[int]) -> tuple[tuple[Any, ...], ...]:
    return store.run(store.catalog[statement], ids=list(ids)).rows


def _square(state: str, executions: int, execution: int) -> Square:
    mark = MARKS.get(state, "")
    path = path_of(Ref(Kind.EXECUTION, execution))
    return Square(state, mark, _SIGNS.get(mark, ""), path, executions)
