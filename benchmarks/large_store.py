"""A store as large as a company's: pipelines, runs and steps that read what earlier ones wrote.

    python -m benchmarks.large_store FOLDER [--runs 10000]

With 10,000 runs it holds 80,000 executions, 200,000 artifacts and a million links: one pipeline with
half of the runs, whose models are each trained from the model before; fifty pipelines with the
rest; and one run of 2,000 steps. The same numbers make the same store.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from benchmarks.common import arguments, seconds
from lineage_graph.model import (
    Artifact,
    ArtifactState,
    ArtifactType,
    Association,
    Attribution,
    Context,
    ContextType,
    Event,
    EventType,
    Execution,
    ExecutionState,
    ExecutionType,
    Kind,
    ParentContext,
    PropertyKind,
    Subgraph,
)
from lineage_graph.settings import Settings
from lineage_graph.store import Store

# Each step: its type, what it reads of the run (numbers of steps), the types it writes.
STEPS: tuple[tuple[str, tuple[int, ...], tuple[str, ...]], ...] = (
    ("ExampleGen", (), ("Examples", "Examples", "Examples")),
    ("StatisticsGen", (0,), ("ExampleStatistics", "ExampleStatistics")),
    ("SchemaGen", (1,), ("Schema", "Schema")),
    ("Transform", (0, 2), ("TransformGraph", "TransformedExamples", "Schema")),
    ("Trainer", (3, 2), ("Model", "ModelRun", "Metrics")),
    ("Evaluator", (4, 0), ("ModelEvaluation", "ModelBlessing", "Metrics")),
    ("BulkInferrer", (4, 0), ("InferenceResult", "Metrics")),
    ("Pusher", (4, 5), ("PushedModel", "Metrics")),
)
WRITES = sum(len(writes) for _, _, writes in STEPS)
BATCH = 50  # runs
START = 1_700_000_000_000
APART = 600_000  # ms between the starts of two runs


def types() -> Subgraph:
    """The types of the world."""
    artifacts = dict.fromkeys(name for _, _, writes in STEPS for name in writes)
    declared = {"split": PropertyKind.STRING, "accuracy": PropertyKind.DOUBLE}
    return Subgraph(
        artifact_types=tuple(
            ArtifactType(id=10 + n, name=name, properties=declared)
            for n, name in enumerate(artifacts)
        ),
        execution_types=tuple(
            ExecutionType(id=40 + n, name=name, properties={"epochs": PropertyKind.INT})
            for n, (name, _, _) in enumerate(STEPS)
        ),
        context_types=tuple(
            ContextType(id=60 + n, name=name)
            for n, name in enumerate(("pipeline", "pipeline_run", "node"))
        ),
    )


class World:
    """Makes the subgraphs of the store, one batch after the other."""

    def __init__(self, runs: int = 10_000) -> None:
        self._runs = runs
        self._chance = random.Random(5)
        self._artifact = self._execution = self._context = 0
        self._pipelines: list[int] = []
        self._nodes: list[tuple[int, ...]] = []  # the contexts of each pipeline's steps
        self._models: dict[int, int] = {}  # the last model of each pipeline

    def batches(self) -> Iterator[Subgraph]:
        """Yield types, pipelines and runs, no link before its nodes."""
        yield types()
        pipelines = self._add_pipelines()
        yield pipelines
        large = self._runs // 40  # runs that one large run takes the place of
        of_pipelines = [0] * (self._runs // 2) + [
            2 + n % 50 for n in range(self._runs // 2 - large)
        ]
        self._chance.shuffle(of_pipelines)
        for start in range(0, len(of_pipelines), BATCH):
            yield self._add_runs(range(start, start + BATCH), of_pipelines[start : start + BATCH])
        yield self._add_runs(range(len(of_pipelines), len(of_pipelines) + 1), [1], rounds=large)

    def _add_pipelines(self) -> Subgraph:
        contexts: list[Context] = []
        for number in range(52):
            name = f"pipeline {number}"
            self._pipelines.append(self._next_context())
            contexts.append(self._made_context("pipeline", self._pipelines[-1], name, START))
            nodes = []
            for step, _, _ in STEPS:
                nodes.append(self._next_context())
                contexts.append(self._made_context("node", nodes[-1], f"{name}.{step}", START))
            self._nodes.append(tuple(nodes))
        return Subgraph(contexts=tuple(contexts))

    def _add_runs(self, numbers: range, pipelines: list[int], rounds: int = 1) -> Subgraph:
        part = _Part()
        for number, pipeline in zip(numbers, pipelines, strict=False):
            moment = START + number * APART
            run = self._next_context()
            part.contexts.append(self._made_context("pipeline_run", run, f"run {number}", moment))
            part.parents.append(ParentContext(child_id=run, parent_id=self._pipelines[pipeline]))
            is_last = number >= self._runs - self._runs // 40 - 3
            for _ in range(rounds):
                moment = self._add_steps(part, pipeline, run, moment, is_last and rounds == 1)
        return part.subgraph()

    def _add_steps(self, part: _Part, pipeline: int, run: int, moment: int, is_last: bool) -> int:
        written: list[list[int]] = []
        for number, (name, reads, writes) in enumerate(STEPS):
            self._execution += 1
            state, took = self._outcome(is_last and number == len(STEPS) - 1)
            part.executions.append(
                Execution(
                    id=self._execution,
                    type_id=40 + number,
                    type=name,
                    name=f"{run}/{name}/{self._execution}",
                    last_known_state=state,
                    properties={"epochs": self._chance.randint(1, 20)},
                    create_time_since_epoch=moment,
                    last_update_time_since_epoch=moment + took,
                )
            )
            for context in (run, self._pipelines[pipeline], self._nodes[pipeline][number]):
                part.associations.append(
                    Association(execution_id=self._execution, context_id=context)
                )
            sources = [artifact for step in reads for artifact in written[step][:1]]
            if name == "Trainer" and pipeline in self._models:
                sources.append(self._models[pipeline])
            part.add_events(sources, self._execution, EventType.INPUT, moment)
            moment += took
            made = [self._add_artifact(part, kind, pipeline, run, moment) for kind in writes]
            part.add_events(made, self._execution, EventType.OUTPUT, moment)
            written.append(made)
            if name == "Trainer":
                self._models[pipeline] = made[0]
        return moment

    def _add_artifact(self, part: _Part, kind: str, pipeline: int, run: int, moment: int) -> int:
        self._artifact += 1
        part.artifacts.append(
            Artifact(
                id=self._artifact,
                type_id=_TYPE_IDS[kind],
                type=kind,
                name=f"{kind.lower()}-{self._artifact}",
                uri=f"gs://bucket/pipeline-{pipeline}/{run}/{kind}/{self._artifact}",
                state=ArtifactState.LIVE,
                properties={"split": "train", "accuracy": round(self._chance.random(), 4)},
                create_time_since_epoch=moment,
                last_update_time_since_epoch=moment,
            )
        )
        part.attributions += [
            Attribution(artifact_id=self._artifact, context_id=context)
            for context in (run, self._pipelines[pipeline])
        ]
        return self._artifact

    def _outcome(self, is_running: bool) -> tuple[ExecutionState, int]:
        took = self._chance.randint(1_000, 60_000)
        if is_running:
            return ExecutionState.RUNNING, took
        drawn = self._chance.random()
        if drawn < 0.02:
            return ExecutionState.FAILED, took
        return (ExecutionState.CACHED, 100) if drawn < 0.08 else (ExecutionState.COMPLETE, took)

    def _next_context(self) -> int:
        self._context += 1
        return self._context

    def _made_context(self, kind: str, number: int, name: str, moment: int) -> Context:
        return Context(
            id=number,
            type_id=60 + ("pipeline", "pipeline_run", "node").index(kind),
            type=kind,
            name=name,
            create_time_since_epoch=moment,
            last_update_time_since_epoch=moment,
        )


class _Part:
    """What one batch gathers."""

    def __init__(self) -> None:
        self.contexts: list[Context] = []
        self.executions: list[Execution] = []
        self.artifacts: list[Artifact] = []
        self.events: list[Event] = []
        self.associations: list[Association] = []
        self.attributions: list[Attribution] = []
        self.parents: list[ParentContext] = []

    def add_events(
        self, artifacts: list[int], execution: int, kind: EventType, moment: int
    ) -> None:
        """Add an event for each of these artifacts."""
        self.events += [
            Event(
                artifact_id=artifact,
                execution_id=execution,
                type=kind,
                path=(f"{kind.value.lower()}{n}", 0),
                milliseconds_since_epoch=moment,
            )
            for n, artifact in enumerate(artifacts)
        ]

    def subgraph(self) -> Subgraph:
        """Return it all."""
        return Subgraph(
            contexts=tuple(self.contexts),
            executions=tuple(self.executions),
            artifacts=tuple(self.artifacts),
            events=tuple(self.events),
            associations=tuple(self.associations),
            attributions=tuple(self.attributions),
            parent_contexts=tuple(self.parents),
        )


_TYPE_IDS = {found.name: found.id for found in types().artifact_types}


def fill(store: Store, runs: int = 10_000) -> None:
    """Load the world into a store; one that holds it stays as it is."""
    if not store.get(Kind.EXECUTION, [1]):
        store.load(World(runs).batches(), f"benchmark:{runs}")


def main() -> None:
    """Make the store in a folder of the embedded engine."""
    parser = arguments(str(__doc__).splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=10_000)
    given = parser.parse_args()
    with Store.open(settings=Settings(folder=given.folder, uri=None)) as store:
        print(f"filled in {seconds(lambda: fill(store, given.runs)):.0f} s")


if __name__ == "__main__":
    main()
