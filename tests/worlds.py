"""Worlds: lineages of known shape and any size, as Subgraphs, for tests and benchmarks and to look at.

    python -m tests.worlds FOLDER runs 10000       # then: LINEAGE_GRAPH_FOLDER=FOLDER lineage-graph serve

The shapes: ``runs`` (pipelines with runs that share data and start from earlier models), ``chain``, ``fan``,
``ladder`` (of diamonds), ``parts`` (many small lineages) and ``names`` (long, right-to-left, HTML).
Ids are 1, 2, 3, … of each kind; the same call makes the same world.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Sequence
from pathlib import Path

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
    Node,
    ParentContext,
    Subgraph,
)
from lineage_graph.settings import Settings
from lineage_graph.store import PutOptions, Store

_BATCH = 5000
_RESTORE = PutOptions(restore=True)
_START = 1_767_225_600_000  # 2026-01-01
_HOUR = 3_600_000
_LINES = 8  # lines of runs, each of which starts from the model of its last
_SWEEP = 6  # trainers of every tenth run


class World:
    """A world while it is built: every call adds one node or event and returns the node's id."""

    def __init__(self) -> None:
        self.artifacts: list[Artifact] = []
        self.executions: list[Execution] = []
        self.contexts: list[Context] = []
        self.events: list[Event] = []
        self.attributions: list[Attribution] = []
        self.associations: list[Association] = []
        self.parents: list[ParentContext] = []
        self.now = _START

    def __len__(self) -> int:
        return len(self.artifacts) + len(self.executions)

    def artifact(self, type: str, name: str | None = None, **properties: float | str) -> int:
        """Add an artifact."""
        number = len(self.artifacts) + 1
        self.artifacts.append(
            Artifact(
                id=number,
                type=type,
                name=name,
                uri=f"file:///store/{type.lower()}/{number}",
                state=ArtifactState.LIVE,
                custom_properties=properties,
                create_time_since_epoch=self.now,
                last_update_time_since_epoch=self.now,
            )
        )
        return number

    def step(
        self,
        type: str,
        inputs: tuple[int, ...] = (),
        outputs: tuple[str, ...] = (),
        context: int | None = None,
        state: ExecutionState = ExecutionState.COMPLETE,
        minutes: float = 10,
        names: tuple[str, ...] = (),
    ) -> tuple[int, ...]:
        """Add an execution that reads some artifacts and makes others; return those it makes."""
        number = len(self.executions) + 1
        begin, end = self.now, self.now + int(minutes * 60_000)
        self.executions.append(
            Execution(
                id=number,
                type=type,
                last_known_state=state,
                create_time_since_epoch=begin,
                last_update_time_since_epoch=end,
            )
        )
        for artifact in dict.fromkeys(inputs):
            self._event(artifact, number, EventType.INPUT, begin)
        self.now = end
        made = tuple(
            self.artifact(name, names[position] if names else None)
            for position, name in enumerate(outputs)
        )
        for artifact in made:
            self._event(artifact, number, EventType.OUTPUT, end)
        if context is not None:
            self.associations.append(Association(execution_id=number, context_id=context))
            self.attributions += [Attribution(artifact_id=a, context_id=context) for a in made]
        return made

    def context(self, type: str, name: str, parent: int | None = None) -> int:
        """Add a context."""
        number = len(self.contexts) + 1
        self.contexts.append(
            Context(id=number, type=type, name=name, create_time_since_epoch=self.now)
        )
        if parent is not None:
            self.parents.append(ParentContext(child_id=number, parent_id=parent))
        return number

    def subgraph(self) -> Subgraph:
        """Return the world as one value."""
        return Subgraph.trusted(
            artifact_types=tuple(ArtifactType(name=n) for n in _types(self.artifacts)),
            execution_types=tuple(ExecutionType(name=n) for n in _types(self.executions)),
            context_types=tuple(ContextType(name=n) for n in _types(self.contexts)),
            artifacts=tuple(self.artifacts),
            executions=tuple(self.executions),
            contexts=tuple(self.contexts),
            events=tuple(self.events),
            attributions=tuple(self.attributions),
            associations=tuple(self.associations),
            parent_contexts=tuple(self.parents),
        )

    def _event(self, artifact: int, execution: int, type: EventType, when: int) -> None:
        self.events.append(
            Event(
                artifact_id=artifact,
                execution_id=execution,
                type=type,
                milliseconds_since_epoch=when,
            )
        )


def _types(nodes: Sequence[Node]) -> list[str]:
    return sorted({node.type for node in nodes if node.type})


def runs(nodes: int, seed: int = 7) -> Subgraph:
    """Return a pipeline that ran until there are ``nodes`` nodes: shared data, sweeps, failures."""
    chance, world = random.Random(seed), World()
    pipeline = world.context("pipeline", "taxi")
    (schema,) = world.step("SchemaImporter", outputs=("Schema",))
    days: list[int] = []
    last: list[int | None] = [None] * _LINES
    count = 0
    while len(world) < nodes:
        world.now = _START + count * _HOUR
        run = world.context("pipeline_run", f"taxi-{count:05d}", pipeline)
        days += world.step("CsvExampleGen", outputs=("Examples",), context=run)
        window = tuple(days[-4:])
        (statistics,) = world.step("StatisticsGen", window, ("ExampleStatistics",), run)
        anomalies, *_ = world.step("ExampleValidator", (statistics, schema), ("Anomalies",), run)
        graph, examples = world.step(
            "Transform", (*window, schema, anomalies), ("TransformGraph", "Examples"), run
        )
        failed = chance.random() < 0.08
        earlier = last[count % _LINES]
        start = () if earlier is None else (earlier,)
        for _ in range(_SWEEP if count % 10 == 9 else 1):
            made = world.step(
                "Trainer",
                (examples, graph, schema, *start),
                () if failed else ("Model", "ModelRun"),
                run,
                ExecutionState.FAILED if failed else ExecutionState.COMPLETE,
                chance.uniform(5, 40),
            )
            if made:
                _evaluate(world, chance, made[0], examples, run)
                last[count % _LINES] = made[0]
        count += 1
    return world.subgraph()


def _evaluate(world: World, chance: random.Random, model: int, examples: int, run: int) -> None:
    accuracy = round(chance.uniform(0.7, 0.97), 3)
    evaluation, blessing = world.step(
        "Evaluator", (model, examples), ("ModelEvaluation", "ModelBlessing"), run
    )
    number = evaluation - 1
    world.artifacts[number] = world.artifacts[number].model_copy(
        update={"custom_properties": {"accuracy": accuracy}}
    )
    if accuracy > 0.85:
        world.step("Pusher", (model, blessing), ("PushedModel",), run)


def chain(nodes: int) -> Subgraph:
    """Return artifacts and executions in one line."""
    world = World()
    made = (world.artifact("Data"),)
    while len(world) < nodes:
        made = world.step("Step", made, ("Data",))
    return world.subgraph()


def fan(nodes: int) -> Subgraph:
    """Return one artifact that ``nodes`` / 2 executions read, each of which makes another."""
    world = World()
    source = world.artifact("Data")
    while len(world) < nodes:
        world.step(f"Score{len(world) % 7}", (source,), ("Score",))
    return world.subgraph()


def ladder(nodes: int) -> Subgraph:
    """Return diamonds one after another: 2^(nodes / 7) paths."""
    world = World()
    top = world.artifact("Data")
    while len(world) < nodes:
        sides = (*world.step("Left", (top,), ("Half",)), *world.step("Right", (top,), ("Half",)))
        (top,) = world.step("Join", sides, ("Data",))
    return world.subgraph()


def parts(nodes: int) -> Subgraph:
    """Return small lineages that have nothing to do with each other, all in one context."""
    world = World()
    context = world.context("experiment", "many things")
    while len(world) < nodes:
        made = world.step("Read", (), ("Data",), context)
        for length in range(len(world) % 4):
            made = world.step("Clean" if length % 2 else "Join", made, ("Data",), context)
    return world.subgraph()


def names(nodes: int = 0) -> Subgraph:
    """Return names that are long, written from right to left, HTML, or strange."""
    world = World()
    strange = (
        "a" * 300,
        "نموذج اللغة العربية للتنبؤ بالأسعار",
        "<img src=x onerror=alert(1)><b>bold</b>",
        "</script><script>alert(1)</script>",
        "模型 🚕 модель",
        "mixed مرحبا left and right ‮reversed",
        "line\nbreak\ttab",
    )
    source = world.artifact("Data", "one source")
    for name in strange:
        world.step("Step", (source,), ("very_long_type_name_" * 4,), names=(name,))
        world.artifact("<b>Type</b>", name)
        world.step("Use", (len(world.artifacts), source), ("Data",))
    return world.subgraph()


SHAPES: dict[str, Callable[[int], Subgraph]] = {
    shape.__name__: shape for shape in (runs, chain, fan, ladder, parts, names)
}


def fill(store: Store, world: Subgraph) -> None:
    """Put a world into an empty store, ids and times as they are."""
    fields = ("artifacts", "executions", "contexts", "events")
    types = ("artifact_types", "execution_types", "context_types")
    store.put(Subgraph.trusted(**{name: getattr(world, name) for name in types}))
    for name in (*fields, "attributions", "associations", "parent_contexts"):
        items = getattr(world, name)
        for start in range(0, len(items), _BATCH):
            store.put(Subgraph.trusted(**{name: items[start : start + _BATCH]}), _RESTORE)


def main() -> None:
    """Make a store that holds a world."""
    parser = argparse.ArgumentParser(description="Make a store that holds a lineage of some shape.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("shape", choices=SHAPES)
    parser.add_argument("nodes", type=int, nargs="?", default=1000)
    given = parser.parse_args()
    with Store.open(settings=Settings(folder=given.folder, uri=None, engine_linger=0.2)) as store:
        fill(store, SHAPES[given.shape](given.nodes))
        counts = store.counts()
        print(f"{counts.artifacts:,} artifacts, {counts.executions:,} executions: {given.folder}")


if __name__ == "__main__":
    main()
