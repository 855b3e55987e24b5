"""Nesting: in which DAGs, and in which turns of loops, a step stands within its run.

Kubeflow Pipelines tells it: the custom property ``parent_dag_id`` of an execution is the id of the
DAG around it, and ``iteration_index`` of a DAG which turn of a loop it is, from 0. Where a tool tells
``iteration_index`` of the step itself, that counts as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lineage_graph.model import Execution, Kind, Ref
from lineage_graph.questions.roles import is_dag
from lineage_graph.store import Store

_MAX_DAG_DEPTH = 20  # DAGs in each other
_Key = int | str  # a DAG by its id, or by its origin where it was read from another store


@dataclass(frozen=True)
class NestingPlace:
    """Where a step stands in its run: from the outermost, the DAGs around it by task and turn, and the turns alone."""

    path: tuple[tuple[str, int], ...] = ()
    turns: tuple[int, ...] = ()

    def named(self, step: str) -> str:
        """Return the name of a step with its turns: ``train[2]``, and ``train[2][0]`` in loops in each other."""
        return step + "".join(f"[{turn}]" for turn in self.turns)


ANYWHERE = NestingPlace()


def places(store: Store, executions: Iterable[Execution]) -> dict[Ref, NestingPlace]:
    """Return where executions stand in their runs, as far as that is told."""
    held = tuple(executions)
    around = frames(store, held)
    return {e.ref: _place(e, around[e.ref]) for e in held}


def frames(store: Store, executions: Iterable[Execution]) -> dict[Ref, tuple[Execution, ...]]:
    """Return the DAGs around each execution, from the outermost, but that of its run."""
    held = tuple(executions)
    known: dict[_Key | None, Execution] = {}
    level = held
    for _ in range(_MAX_DAG_DEPTH):
        wanted = {key for e in level if (key := _outer(e)) is not None} - known.keys()
        level = _read(store, wanted) if wanted else ()
        if not level:
            break
        known.update({key: e for e in level for key in (e.id, e.origin) if key is not None})
    return {e.ref: _around(e, known) for e in held}


def _read(store: Store, keys: Iterable[_Key]) -> tuple[Execution, ...]:
    origins = [key for key in keys if isinstance(key, str)]
    ids = {key for key in keys if isinstance(key, int)}
    if origins:
        ids |= set(store.lookup.by_origin(Kind.EXECUTION, origins).values())
    found = store.get(Kind.EXECUTION, sorted(ids))
    return tuple(e for e in found if isinstance(e, Execution) and is_dag(e))


def _outer(execution: Execution) -> _Key | None:
    """What the DAG around an execution is known by; the id that is told of it is one of its source."""
    told = execution.custom_properties.get("parent_dag_id")
    if not isinstance(told, int):
        return None
    return f"{execution.origin.rpartition(':')[0]}:{told}" if execution.origin else told


def _around(execution: Execution, known: Mapping[_Key | None, Execution]) -> tuple[Execution, ...]:
    found: list[Execution] = []
    inner = execution
    while (outer := known.get(_outer(inner))) is not None and len(found) < _MAX_DAG_DEPTH:
        found.append(outer)
        inner = outer
    return tuple(found[:-1][::-1])


def _place(execution: Execution, around: tuple[Execution, ...]) -> NestingPlace:
    turns = [_turn(e) for e in (*around, execution)]
    tasks = [str(frame.custom_properties.get("task_name") or "") for frame in around]
    return NestingPlace(
        tuple(zip((*tasks, ""), (-1 if turn is None else turn for turn in turns), strict=True)),
        tuple(turn for turn in turns if turn is not None),
    )


def _turn(execution: Execution) -> int | None:
    told = execution.custom_properties.get("iteration_index")
    return told if isinstance(told, int) and told >= 0 else None
