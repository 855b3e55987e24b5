"""Small lineages written as lines: ``Train#2 epochs=5: data=1 schema=3 -> model=7``."""

from __future__ import annotations

import re
from typing import Any

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
from lineage_graph.questions import Why
from lineage_graph.questions.differences.why import explained

STEP = re.compile(r"(?P<type>\w+)#(?P<id>\d+)(?P<facts>[^:]*):(?P<read>.*)->(?P<wrote>.*)")


def lineage(text: str, **artifacts: dict[str, Any]) -> Subgraph:
    """Read steps, one a line; ``a7={…}`` gives artifact 7 properties, ``type`` and ``uri`` its own.

    ``run=r1`` puts a step into that run, ``state=CACHED`` says how it ended; ``data.1=4`` reads
    artifact 4 at index 1; ``=`` in front of a key makes the event INTERNAL.
    """
    executions, events, links, runs = [], [], [], {}
    kinds: dict[int, str] = {}
    for line in text.strip().splitlines():
        found = STEP.match(line.strip())
        assert found, line
        number = int(found["id"])
        facts = dict(_pairs(found["facts"]))
        state = ExecutionState(facts.pop("state", "COMPLETE"))
        if run := facts.pop("run", None):
            runs.setdefault(run, len(runs) + 1)
            links.append(Association(execution_id=number, context_id=runs[run]))
        executions.append(
            Execution(
                id=number,
                type=f"a.b.{found['type']}",
                last_known_state=state,
                custom_properties={name: _value(value) for name, value in facts.items()},
            )
        )
        for side, plain, internal in (
            ("read", EventType.INPUT, EventType.INTERNAL_INPUT),
            ("wrote", EventType.OUTPUT, EventType.INTERNAL_OUTPUT),
        ):
            for key, artifact in _pairs(found[side]):
                name, _, index = key.lstrip("~").partition(".")
                kinds.setdefault(int(artifact), name.capitalize())
                events.append(
                    Event(
                        artifact_id=int(artifact),
                        execution_id=number,
                        type=internal if key.startswith("~") else plain,
                        path=(name, int(index or 0)),
                        milliseconds_since_epoch=len(events),
                    )
                )
    return Subgraph(
        artifacts=tuple(
            _artifact(number, kind, artifacts.get(f"a{number}", {}))
            for number, kind in sorted(kinds.items())
        ),
        executions=tuple(executions),
        events=tuple(events),
        contexts=tuple(
            Context(id=number, type="pipeline_run", name=name) for name, number in runs.items()
        ),
        associations=tuple(links),
    )


def _artifact(number: int, kind: str, facts: dict[str, Any]) -> Artifact:
    known = {name: facts[name] for name in ("type", "uri") if name in facts}
    rest = {name: value for name, value in facts.items() if name not in known}
    return Artifact(id=number, custom_properties=rest, **{"type": kind, **known})


def _pairs(text: str) -> list[tuple[str, str]]:
    return [(name, value) for name, _, value in (word.partition("=") for word in text.split())]


def _value(text: str) -> Any:
    for read in (int, float):
        try:
            return read(text)
        except ValueError:
            continue
    return text


def why(graph: Subgraph, one: str, other: str) -> Why:
    """Why two nodes of a lineage, or two of its runs, differ."""
    refs = Ref.parse(one), Ref.parse(other)
    nodes = {node.ref: node for node in graph.nodes}
    starts = [_steps(graph, ref) if ref.kind is Kind.CONTEXT else [ref] for ref in refs]
    return explained(nodes[refs[0]], nodes[refs[1]], graph, *starts)


def _steps(graph: Subgraph, run: Ref) -> list[Ref]:
    return [execution(a.execution_id) for a in graph.associations if a.context_id == run.id]


def said(graph: Subgraph, one: str, other: str) -> list[str]:
    """The sentences of the reasons, in their order."""
    return [reason.sentence for reason in why(graph, one, other).reasons]


def artifact(number: int) -> Ref:
    """The ref of an artifact."""
    return Ref(Kind.ARTIFACT, number)


def execution(number: int) -> Ref:
    """The ref of an execution."""
    return Ref(Kind.EXECUTION, number)
