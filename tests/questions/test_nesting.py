"""Nesting: the turns of a loop, however they began, are each compared with themselves."""

from __future__ import annotations

from collections.abc import Sequence

from lineage_graph.model import (
    Artifact,
    ArtifactType,
    Association,
    Context,
    ContextType,
    Event,
    EventType,
    Execution,
    ExecutionState,
    ExecutionType,
    Kind,
    Subgraph,
    Value,
)
from lineage_graph.questions import compare, why
from lineage_graph.questions.nesting import frames
from lineage_graph.store import PutOptions, Store

DAG, STEP = "system.DAGExecution", "system.ContainerExecution"
TURNS = [(0, 0), (0, 1), (1, 0), (1, 1)]


class Run:
    """A run of Kubeflow Pipelines as it is recorded: one execution after the other."""

    def __init__(self, store: Store, name: str) -> None:
        self._store = store
        types = (
            (ArtifactType(name="Model"),),
            tuple(ExecutionType(name=name) for name in (DAG, STEP)),
        )
        subgraph = Subgraph(
            artifact_types=types[0],
            execution_types=types[1],
            context_types=(ContextType(name="system.PipelineRun"),),
            contexts=(Context(id=-1, type="system.PipelineRun", name=name),),
        )
        (self.id,) = store.put(subgraph).context_ids

    def dag(self, task: str, parent: int | None = None, turn: int | None = None) -> int:
        return self.step(task, DAG, parent_dag_id=parent, iteration_index=turn)

    def step(
        self,
        task: str,
        type: str = STEP,
        read: Sequence[int] = (),
        cached: int | None = None,
        **told: Value | None,
    ) -> int:
        """Record an execution; a cached one hands on an artifact, each other step makes one."""
        held = {name: value for name, value in told.items() if value is not None}
        state = ExecutionState.COMPLETE if cached is None else ExecutionState.CACHED
        made = cached if cached is not None else -1
        events = [_event(one, EventType.INPUT, "models") for one in read]
        events += [_event(made, EventType.OUTPUT, "model")] if type == STEP else []
        subgraph = Subgraph(
            artifacts=(Artifact(id=-1, type="Model"),) if type == STEP and made == -1 else (),
            executions=(
                Execution(
                    id=-1,
                    type=type,
                    last_known_state=state,
                    custom_properties={"task_name": task, **held},
                ),
            ),
            events=tuple(events),
            associations=(Association(execution_id=-1, context_id=self.id),),
        )
        result = self._store.put(subgraph, PutOptions(existing_links="ignore"))
        return (result.artifact_ids or (made,))[0] if type == STEP else result.execution_ids[0]


def _event(artifact: int, type: EventType, key: str) -> Event:
    return Event(artifact_id=artifact, execution_id=-1, type=type, path=(key,))


def loops(store: Store, name: str, rates: Sequence[float], began: Sequence[int]) -> tuple[int, ...]:
    """A loop in a loop, whose four turns begin in the order given; what they make is read at once.

    Returned are the run and what each turn made.
    """
    run = Run(store, name)
    root = run.dag("")
    outer = [run.dag("for-loop-1", run.dag("for-loop-1", root), turn) for turn in (0, 1)]
    models: dict[int, int] = {}
    for number in began:
        around = run.dag("for-loop-2", run.dag("for-loop-2", outer[TURNS[number][0]]))
        around = run.dag("for-loop-2", around, TURNS[number][1])
        models[number] = run.step("train", inputs={"rate": rates[number]}, parent_dag_id=around)
    run.step("pick", read=[models[number] for number in began], parent_dag_id=root)
    return run.id, *(models[number] for number in range(4))


def said(store: Store, one: int, other: int) -> list[str]:
    found = why(store, f"context/{one}", f"context/{other}")
    return [reason.sentence for reason in found.reasons]


def test_turns_of_loops_are_each_compared_with_themselves(store: Store) -> None:
    first, *_ = loops(store, "first", [0.1, 0.2, 0.3, 0.4], [0, 1, 2, 3])
    same, *_ = loops(store, "same", [0.1, 0.2, 0.3, 0.4], [3, 1, 0, 2])
    other, *_ = loops(store, "other", [0.1, 0.2, 0.9, 0.4], [2, 3, 1, 0])
    assert said(store, first, same) == []
    assert said(store, first, other) == ["train[1][0].inputs.rate 0.3 → 0.9."]
    assert said(store, other, same) == ["train[1][0].inputs.rate 0.9 → 0.3."]
    rows = compare(store, [f"context/{run}" for run in (first, same, other)]).rows
    rates = {row.step: row.values for row in rows if row.name == "inputs.rate"}
    assert rates == {
        "train[0][0]": (0.1, 0.1, 0.1),
        "train[0][1]": (0.2, 0.2, 0.2),
        "train[1][0]": (0.3, 0.3, 0.9),
        "train[1][1]": (0.4, 0.4, 0.4),
    }
    assert list(rates) == sorted(rates)


def test_what_is_read_of_another_turn_is_no_counterpart(store: Store) -> None:
    _, *models = loops(store, "first", [0.1, 0.2, 0.3, 0.4], [0, 1, 2, 3])
    _, *others = loops(store, "other", [0.1, 0.2, 0.9, 0.4], [2, 3, 1, 0])
    picked = [f"artifact/{max(made) + 1}" for made in (models, others)]
    found = why(store, *picked)
    assert [reason.sentence for reason in found.reasons] == ["train[1][0].inputs.rate 0.3 → 0.9."]


def turns(
    store: Store, name: str, *told: tuple[int, float | None, int | None]
) -> tuple[int, list[int]]:
    """A loop, of which the turns are given with their rate, or with what they took from the cache."""
    run = Run(store, name)
    loop = run.dag("for-loop-1", run.dag(""))
    made = []
    for turn, rate, cached in told:
        around = run.dag("for-loop-1", loop, turn)
        inputs: Value | None = None if rate is None else {"rate": rate}
        made.append(run.step("train", inputs=inputs, cached=cached, parent_dag_id=around))
    return run.id, made


def test_a_turn_is_never_compared_with_another(store: Store) -> None:
    first, _ = turns(store, "first", (0, 0.1, None), (1, 0.2, None))
    other, _ = turns(store, "other", (2, 0.3, None), (1, 0.2, None))
    assert sorted(said(store, first, other)) == [
        "train[0] #4 ran only in the first one.",
        "train[2] #10 ran only in the other one.",
    ]


def test_a_turn_from_the_cache_stands_where_it_is_in_its_own_run(store: Store) -> None:
    first, (slow, fast) = turns(store, "first", (0, 0.1, None), (1, 0.2, None))
    other, _ = turns(store, "other", (1, None, slow), (0, None, fast))
    assert said(store, first, other) == [
        "train.inputs.rate 0.1 → 0.2.",
        "train.inputs.rate 0.2 → 0.1.",
    ]
    again, _ = turns(store, "again", (1, None, fast), (0, None, slow))
    assert said(store, first, again) == []


def test_where_no_turns_are_told_the_order_decides(store: Store) -> None:
    first, _ = turns(store, "first", (0, 0.1, None), (1, 0.2, None))
    plain = Run(store, "plain")
    for rate in (0.1, 0.3):
        plain.step("train", inputs={"rate": rate})
    assert said(store, first, plain.id) == ["train.inputs.rate 0.2 → 0.3."]


def test_the_dags_around_a_step_read_from_another_store_are_those_of_that_store(
    store: Store,
) -> None:
    """The ids that a source tells are its own."""
    Run(store, "here").dag("another")
    told: list[tuple[int, str, dict[str, Value]]] = [
        (7, DAG, {}),
        (1, DAG, {"task_name": "each", "parent_dag_id": 7}),
        (9, STEP, {"task_name": "train", "parent_dag_id": 1}),
        (10, STEP, {"task_name": "lost", "parent_dag_id": 77}),
        (11, DAG, {"task_name": "circle", "parent_dag_id": 11}),
    ]
    executions = tuple(
        Execution(id=-id, type=type, origin=f"mlmd:abc:execution:{id}", custom_properties=held)
        for id, type, held in told
    )
    store.put(Subgraph(executions=executions))
    stored = [one for one in store.get(Kind.EXECUTION, range(20)) if isinstance(one, Execution)]
    around = frames(store, stored)
    tasks = {
        one.custom_properties.get("task_name"): [outer.origin for outer in around[one.ref]]
        for one in stored
    }
    assert tasks["train"] == ["mlmd:abc:execution:1"]
    assert tasks["lost"] == []
