"""The steps of a run over time: a Gantt chart in a table, with the critical path."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from lineage_graph.charts.gantt import Bar, Gantt, gantt
from lineage_graph.model import Execution, Kind, Ref
from lineage_graph.model.labels import head_of
from lineage_graph.model.plain import duration
from lineage_graph.questions import ask
from lineage_graph.questions.nesting import NestingPlace, places
from lineage_graph.server.render import path_of
from lineage_graph.store import Store

SHOWN = 100  # steps at once
_CRITICAL = 400  # executions of a run up to which the critical path is found along with its page


@dataclass(frozen=True)
class StepRow:
    """An execution of a run; times in ms; ``wait`` is that before it on the critical path.

    ``step`` says what it is called, with its turns of loops (``train[2]``). ``is_whole`` is whether it
    is the run itself, or a part of it, in which others are nested: no step of it.
    """

    execution: int
    step: str
    type: str
    state: str
    started: int | None
    ended: int | None
    duration: int | None
    is_critical: bool = False
    wait: int | None = None
    is_whole: bool = False


@dataclass(frozen=True)
class Steps:
    """What is shown of the steps of a run: page ``page`` in the order of their starts, or for 0 the longest."""

    shown: tuple[StepRow, ...]
    total: int
    page: int
    pages: int
    has_critical: bool

    @property
    def is_long(self) -> bool:
        """True where the critical path is too long to be found along with the page."""
        return self.total > _CRITICAL

    @property
    def chart(self) -> Gantt | None:
        """The steps drawn over time."""
        bars = [
            Bar(
                start=step.started,
                end=step.ended,
                path=path_of(Ref(Kind.EXECUTION, step.execution)),
                title=_title(step),
                state=step.state,
                is_critical=step.is_critical,
            )
            for step in self.shown
        ]
        return gantt(bars, int(time.time() * 1000))


def steps_of(store: Store, context: int, total: int, page: int | None) -> Steps:
    """Return the steps of a run that a page shows: all, or the longest unless a page is named."""
    pages = max(1, -(-total // SHOWN))
    number = (1 if pages == 1 else 0) if page is None else min(page, pages)
    answer = ask(
        store,
        "executions_of_run",
        context=context,
        longest=number == 0,
        skip=max(0, number - 1) * SHOWN,
        limit=SHOWN,
    )
    waits = _critical(store, context) if total <= _CRITICAL else {}
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    rows.sort(key=lambda row: (row["started"] is None, row["started"] or 0, row["execution"]))
    around = _places(store, rows)
    shown = _closed(
        [
            _step(row, waits, around.get(row["execution"]), is_whole=row["whole"] and total > 1)
            for row in rows
        ]
    )
    return Steps(shown, total, number, pages, bool(waits))


def _closed(steps: Sequence[StepRow]) -> tuple[StepRow, ...]:
    """Let what others are nested in end with the last of them, if none goes on: Kubeflow never ends a run's DAG."""
    ends = [step.ended for step in steps if not step.is_whole]
    if not ends or None in ends:
        return tuple(steps)
    last = max(end for end in ends if end is not None)
    return tuple(
        replace(step, ended=last, duration=last - step.started or None)
        if step.is_whole
        and step.ended is None
        and step.started is not None
        and step.started <= last
        else step
        for step in steps
    )


def _places(store: Store, rows: Sequence[dict[str, Any]]) -> dict[int, NestingPlace]:
    """Return where the executions of Kubeflow Pipelines stand in their run, by id: in which turns of loops."""
    ids = [row["execution"] for row in rows if (row["type"] or "").startswith("system.")]
    found = store.get(Kind.EXECUTION, ids) if ids else ()
    executions = [one for one in found if isinstance(one, Execution)]
    return {ref.id: place for ref, place in places(store, executions).items()}


def _critical(store: Store, context: int) -> dict[int, int | None]:
    """Return the executions of the critical path, each with the wait before it; none where no times are known."""
    answer = ask(store, "critical_path", context=context)
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    if not any(row["duration"] for row in rows):
        return {}
    return {row["execution"]: row["wait"] for row in rows}


def _step(
    row: dict[str, Any], waits: dict[int, int | None], place: NestingPlace | None, *, is_whole: bool
) -> StepRow:
    return StepRow(
        execution=row["execution"],
        step=place.named(_called(row)) if place else _called(row),
        type=row["type"] or "",
        state=row["state"] or "UNKNOWN",
        started=row["started"],
        ended=row["ended"],
        duration=row["duration"],
        is_critical=row["execution"] in waits,
        wait=waits.get(row["execution"]),
        is_whole=is_whole,
    )


def _called(row: dict[str, Any]) -> str:
    """Return the words by which people know a step: those of its pipeline, else the execution's own."""
    type_name = row["type"] or ""
    if row["step"] and row["step"] != type_name.rpartition(".")[2]:
        return str(row["step"])
    shown = {"display_name": row["display_name"]} if row["display_name"] else {}
    return head_of(Execution(type=type_name, name=row["name"], custom_properties=shown))


def _title(step: StepRow) -> str:
    words = [f"{step.step} #{step.execution}", step.state.lower().replace("_", " ")]
    if step.duration is not None:
        words.append(duration(step.duration))
    if step.is_critical:
        words.append("on the critical path")
    return ", ".join(words)
