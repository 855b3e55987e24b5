"""A hundred pipelines, run twice, with changes that are known: they are named first, and all of them.

Each pipeline is a graph of steps with parameters, code, data from outside, and what every tool notes
for itself (times, run ids, hosts), which differs on each run. One to four changes are made to the
second run; what is downstream of them has another content, as it would.
"""

from __future__ import annotations

import copy
import hashlib
import random
from dataclasses import dataclass, field
from typing import Any

import pytest

from lineage_graph.model import (
    Artifact,
    Association,
    Context,
    Event,
    EventType,
    Execution,
    ExecutionState,
    Kind,
    Ref,
    Subgraph,
)
from lineage_graph.questions.differences.why import Why
from tests.questions.differences.lineages import why

PIPELINES = 100
NAMES = ("lr", "epochs", "depth", "seed", "optimizer", "dropout", "window", "alpha")


@dataclass
class Step:
    """A step: what it reads by key, its one output, and what is recorded of it."""

    name: str
    reads: dict[str, str]
    type: str
    params: dict[str, Any]
    code: str = "c0"
    python: str = "3.11.1"


@dataclass
class Pipeline:
    """Steps by what they write, in order, and the content of what comes from outside."""

    steps: dict[str, Step]
    sources: dict[str, str]
    last: str
    changes: list[tuple[str, ...]] = field(default_factory=list)


def made(dice: random.Random) -> Pipeline:
    """Return a pipeline of three to eight steps."""
    sources = {f"raw{n}": f"d{dice.random()}" for n in range(dice.randint(1, 3))}
    steps: dict[str, Step] = {}
    things = list(sources)
    for n in range(dice.randint(3, 8)):
        reads = dice.sample(things, min(len(things), dice.randint(1, 2)))
        if things[-1] not in reads:
            reads[0] = things[-1]  # no step is a dead end
        params = {name: dice.randint(1, 99) for name in dice.sample(NAMES, dice.randint(1, 3))}
        keys = dict(zip(("main", "side"), reads, strict=False))
        steps[f"out{n}"] = Step(f"Step{n}", keys, f"T{n}", params)
        things.append(f"out{n}")
    return Pipeline(steps, sources, things[-1])


def needed(pipeline: Pipeline) -> tuple[list[str], list[str]]:
    """Return the steps and the sources that the last result was made from."""
    found: dict[str, None] = {}
    waiting = [pipeline.last]
    while waiting:
        thing = waiting.pop()
        if thing not in found:
            found[thing] = None
            if thing in pipeline.steps:
                waiting += pipeline.steps[thing].reads.values()
    return [t for t in found if t in pipeline.steps], [t for t in found if t in pipeline.sources]


def parameter(pipeline: Pipeline, dice: random.Random) -> tuple[str, ...]:
    """Change a parameter."""
    step = pipeline.steps[dice.choice(needed(pipeline)[0])]
    name = dice.choice(sorted(step.params))
    step.params[name] += dice.choice((1, 0.5, 1e-9))
    return "parameter", step.name, name


def new_parameter(pipeline: Pipeline, dice: random.Random) -> tuple[str, ...]:
    """Give a step a parameter that it had not."""
    step = pipeline.steps[dice.choice(needed(pipeline)[0])]
    step.params["extra"] = "on"
    return "parameter", step.name, "extra"


def code(pipeline: Pipeline, dice: random.Random) -> tuple[str, ...]:
    """Change the code of a step."""
    step = pipeline.steps[dice.choice(needed(pipeline)[0])]
    step.code = f"c{dice.randint(1, 10**6)}"
    return "code", step.name


def data(pipeline: Pipeline, dice: random.Random) -> tuple[str, ...]:
    """Change what comes from outside."""
    source = dice.choice([s for s in needed(pipeline)[1] if s != "more"] or [""])
    if not source:
        return code(pipeline, dice)
    pipeline.sources[source] = f"d{dice.random()}"
    return "data", source.capitalize()


def renamed(pipeline: Pipeline, dice: random.Random) -> tuple[str, ...]:
    """Give a step another name."""
    step = pipeline.steps[dice.choice(needed(pipeline)[0])]
    step.name += "New"
    return "step", step.name


def removed(pipeline: Pipeline, dice: random.Random) -> tuple[str, ...]:
    """Take a step out: who read its result reads what it read."""
    thing = dice.choice([t for t in needed(pipeline)[0] if t != pipeline.last] or [""])
    if not thing:
        return code(pipeline, dice)
    step = pipeline.steps.pop(thing)
    for other in pipeline.steps.values():
        for key, read in other.reads.items():
            if read == thing:
                other.reads[key] = step.reads["main"]
    return "step", step.name


def added(pipeline: Pipeline, dice: random.Random) -> tuple[str, ...]:
    """Put a step between another and what it reads."""
    reader = pipeline.steps[dice.choice(needed(pipeline)[0])]
    pipeline.steps["between"] = Step("Between", {"main": reader.reads["main"]}, "Tb", {})
    reader.reads["main"] = "between"
    return "step", "Between"


def environment(pipeline: Pipeline, dice: random.Random) -> tuple[str, ...]:
    """Run a step on another Python."""
    step = pipeline.steps[dice.choice(needed(pipeline)[0])]
    step.python = "3.12.0"
    return "environment", step.name


def one_input(pipeline: Pipeline, dice: random.Random) -> tuple[str, ...]:
    """Let a step read something more."""
    step = pipeline.steps[dice.choice(needed(pipeline)[0])]
    pipeline.sources["more"] = "m"
    step.reads["more"] = "more"
    return "input", step.name, "more"


ALONE = (parameter, new_parameter, code, data, renamed, removed, added, environment, one_input)
TOGETHER = (parameter, code, data, environment, one_input)
"""Changes of which several at once are each to be found; at most one is of the steps themselves."""


def content(pipeline: Pipeline, thing: str) -> str:
    """Return what a thing holds: all that it was made from."""
    if thing in pipeline.sources:
        return pipeline.sources[thing]
    step = pipeline.steps[thing]
    read = [content(pipeline, read) for read in step.reads.values()]
    held = repr((step.name, step.code, step.python, step.params, read))
    return hashlib.sha256(held.encode()).hexdigest()


def graph(pipelines: list[Pipeline], dice: random.Random) -> tuple[Subgraph, list[Ref], list[Ref]]:
    """Return the runs as one graph, the last result of each, and each run."""
    artifacts: list[Artifact] = []
    executions: list[Execution] = []
    events: list[Event] = []
    links: list[Association] = []
    ends: list[Ref] = []
    for number, pipeline in enumerate(pipelines, 1):
        ids: dict[str, int] = {}

        def put(thing: str, type: str, number: int, ids: dict[str, int], held: Pipeline) -> int:
            if thing not in ids:
                ids[thing] = len(artifacts) + 1
                about = {
                    "digest": content(held, thing),
                    "created_at": f"2026-01-0{number}T00:00:00Z",
                }
                uri = f"s3://run-{number}/{thing}"
                known = Artifact(id=ids[thing], type=type, uri=uri, custom_properties=about)
                artifacts.append(known)
            return ids[thing]

        for thing in [*needed(pipeline)[0]]:
            step = pipeline.steps[thing]
            known = {
                **step.params,
                "git_commit": step.code,
                "python_version": step.python,
                "run_id": f"run {number}",
                "hostname": f"host-{dice.random()}",
                "pid": dice.randint(2, 30000),
                "told": {"run_id": dice.randint(1, 10**15)},
                "ended_at": f"2026-01-0{number}T00:{dice.randint(10, 59)}:00Z",
            }
            execution = Execution(
                id=len(executions) + 1,
                type=f"lab.{step.name}",
                last_known_state=ExecutionState.COMPLETE,
                custom_properties=known,
            )
            executions.append(execution)
            links.append(Association(execution_id=execution.id or 0, context_id=number))
            for key, read in step.reads.items():
                type_ = pipeline.steps[read].type if read in pipeline.steps else read.capitalize()
                local = put(read, type_, number, ids, pipeline)
                events.append(_event(local, execution, EventType.INPUT, key))
            local = put(thing, step.type, number, ids, pipeline)
            events.append(_event(local, execution, EventType.OUTPUT, "out"))
        ends.append(Ref(Kind.ARTIFACT, ids[pipeline.last]))
    runs = tuple(Context(id=n, type="run", name=f"run {n}") for n in (1, 2))
    whole = Subgraph(
        artifacts=tuple(artifacts),
        executions=tuple(executions),
        events=tuple(events),
        contexts=runs,
        associations=tuple(links),
    )
    return whole, ends, [run.ref for run in runs]


def _event(artifact: int, execution: Execution, kind: EventType, key: str) -> Event:
    path = (key, 0) if key else ()
    return Event(artifact_id=artifact, execution_id=execution.id or 0, type=kind, path=path)


def bare(whole: Subgraph) -> Subgraph:
    """Return a graph as tools tell it that know no keys and one type of artifacts."""
    kinds = {a.id: a.uri.rpartition("/")[2] for a in whole.artifacts}
    return whole.model_copy(
        update={
            "artifacts": tuple(
                a.model_copy(
                    update={
                        "type": "Dataset",
                        "custom_properties": {**a.custom_properties, "dataset": kinds[a.id]},
                    }
                )
                for a in whole.artifacts
            ),
            "events": tuple(e.model_copy(update={"path": ()}) for e in whole.events),
        }
    )


def names(sentence: str, change: tuple[str, ...]) -> bool:
    """Say whether a sentence tells of a change: of its step, its parameter, its data."""
    begin = {
        "code": "Other code: ",
        "environment": "Another environment: ",
        "data": "The data changed: ",
    }.get(change[0], "")
    return sentence.startswith(begin) and all(word in sentence for word in change[1:])


def pairs() -> list[tuple[list[Pipeline], list[tuple[str, ...]], random.Random]]:
    """Return the pipelines, each as it was and as it was changed, with the changes."""
    found = []
    for number in range(PIPELINES):
        dice = random.Random(number)
        before = made(dice)
        after = copy.deepcopy(before)
        changes = [ALONE[number % len(ALONE)](after, dice)]
        for change in dice.sample(TOGETHER, dice.choice((0, 0, 1, 2, 3))):
            done = change(after, dice)
            if done not in changes:
                changes.append(done)
        kept = [change for change in changes if _matters(before, after, change)]
        if kept:
            found.append(([before, after], kept, dice))
    return found


def _matters(before: Pipeline, after: Pipeline, change: tuple[str, ...]) -> bool:
    """Say whether a change is still behind the result, after the other changes."""
    known = {
        name.lower()
        for pipeline in (before, after)
        for thing in (*needed(pipeline)[0], *needed(pipeline)[1])
        for name in (thing, pipeline.steps[thing].name if thing in pipeline.steps else thing)
    }
    return change[1].lower() in known


def unexpected(found: Why) -> list[str]:
    """Return the sentences that tell of what a tool notes for itself."""
    books = ("run_id", "hostname", "pid", "told", "ended_at", "created_at")
    return [r.sentence for r in found.reasons if any(word in r.sentence for word in books)]


@pytest.mark.parametrize("of", ["results", "runs"])
@pytest.mark.parametrize("told", ["whole", "bare"])
def test_known_changes_are_named_first_and_all_of_them(of: str, told: str) -> None:
    first, total, missed = 0, 0, []
    for pipelines, changes, dice in pairs():
        whole, ends, runs = graph(pipelines, dice)
        if told == "bare":
            whole = bare(whole)
            changes = [_bare(change) for change in changes]
        found = why(whole, *map(str, ends if of == "results" else runs))
        sentences = [reason.sentence for reason in found.reasons]
        assert not unexpected(found)
        total += 1
        first += any(names(sentences[0], change) for change in changes) if sentences else 0
        missed += [
            (change, sentences)
            for change in changes
            if not any(names(told, change) for told in sentences)
        ]
    assert total >= 95
    assert not missed
    assert first >= 0.95 * total


def _bare(change: tuple[str, ...]) -> tuple[str, ...]:
    """Return what is told of a change where all data is of one type."""
    if change[0] == "data":
        return "data", "Dataset"
    return (*change[:2], "Dataset") if change[0] == "input" else change
