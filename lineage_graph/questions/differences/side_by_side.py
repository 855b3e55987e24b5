"""Several artifacts, executions or runs side by side: what each is, fact by fact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lineage_graph.errors import InvalidArgument
from lineage_graph.model import Artifact, Context, Execution, Kind, Node, Ref, Subgraph
from lineage_graph.model.labels import end_of, length_of
from lineage_graph.model.plain import by_time, duration, moment
from lineage_graph.questions.bookkeeping import is_bookkeeping
from lineage_graph.questions.differences.ancestry import Ancestry
from lineage_graph.questions.differences.facts import Cause, facts, is_metric, same_value
from lineage_graph.questions.nesting import places
from lineage_graph.questions.roles import is_dag
from lineage_graph.store import Direction, Store

MAX_THINGS = 20
PARTS = (
    "state",
    "time",
    "metric",
    "parameter",
    "data",
    "input",
    "property",
    "code",
    "environment",
    "output",
    "field",
)
"""What rows are about, in their order."""
_PART_OF = {
    Cause.PARAMETER: "parameter",
    Cause.CODE: "code",
    Cause.DATA: "data",
    Cause.ENVIRONMENT: "environment",
    Cause.RESULT: "property",
}
_ERROR = "error_message"
Key = tuple[str, str, str]


@dataclass(frozen=True)
class FactRow:
    """One fact of all: its part, the step it is about (nothing: of the thing itself) and its name.

    ``values`` holds one for each of what is compared: a value, a tuple of refs for inputs and
    outputs, or None where there is none.
    """

    part: str
    step: str
    name: str
    values: tuple[Any, ...]
    same: bool


@dataclass(frozen=True)
class Measured:
    """A number that one of the compared was measured by: of which node, and under which name."""

    column: int
    node: Artifact | Execution
    name: str
    value: float


@dataclass(frozen=True)
class SideBySide:
    """Things of one kind side by side.

    ``origins`` says for each what made it and in which run, as far as that is known. ``dropped`` says
    what was asked for and could not be compared, a sentence each. ``complete`` is False where a run
    has more steps than could be read.
    """

    nodes: tuple[Node, ...]
    origins: tuple[tuple[Ref | None, str], ...]
    rows: tuple[FactRow, ...]
    measured: tuple[Measured, ...]
    dropped: tuple[str, ...]
    complete: bool

    def document(self, *, everything: bool = True) -> dict[str, Any]:
        """The comparison for programs: JSON once it is made plain."""
        return {
            "nodes": self.nodes,
            "made_by": [maker for maker, _ in self.origins],
            "runs": [run for _, run in self.origins],
            "rows": [row for row in self.rows if everything or not row.same],
            "same": sum(row.same for row in self.rows),
            "dropped": self.dropped,
            "complete": self.complete,
        }


def compare(store: Store, refs: Iterable[Ref | str]) -> SideBySide:
    """Return things side by side: artifacts, executions or contexts (runs), of any types.

    Compared are at most 20, of the kind of the first; what else is named is left out, and said in
    ``dropped``, and so is what does not exist.
    """
    wanted, dropped = _named(refs)
    nodes, gone = _read(store, wanted)
    dropped += gone
    kind = nodes[0].kind if nodes else Kind.ARTIFACT
    graph, complete = _around(store, kind, nodes)
    ancestry = Ancestry(graph, places(store, graph.executions))
    if kind is Kind.ARTIFACT:
        found = [dict(_of_artifact(ancestry, node.ref)) for node in nodes]
    elif kind is Kind.EXECUTION:
        found = [{**_times([node]), **dict(_of_step(ancestry, node.ref, ""))} for node in nodes]
    else:
        steps = _steps_of(graph)
        found = [dict(_of_run(ancestry, node, steps.get(node.id or 0, []))) for node in nodes]
    return SideBySide(
        tuple(nodes),
        tuple(_origin(ancestry, node) for node in nodes),
        tuple(_rows(found)),
        tuple(_measured(ancestry, nodes, graph)),
        tuple(dropped),
        complete,
    )


def _named(refs: Iterable[Ref | str]) -> tuple[list[Ref], list[str]]:
    """The refs that can be compared, each once, and what is wrong with the others."""
    found: dict[Ref, None] = {}
    dropped: list[str] = []
    for given in refs:
        try:
            ref = Ref.parse(given) if isinstance(given, str) else given
        except InvalidArgument as error:
            dropped.append(error.message[:200])
            continue
        kind = next(iter(found), ref).kind
        if ref.kind is not kind:
            dropped.append(
                f"{ref} is left out: only {kind.value}s can stand beside each other here."
            )
        else:
            found[ref] = None
    rest = len(found) - MAX_THINGS
    if rest > 0:
        are = "is" if rest == 1 else "are"
        dropped.append(f"{rest} {are} left out: at most {MAX_THINGS} can stand side by side.")
    return list(found)[:MAX_THINGS], dropped


def _read(store: Store, refs: list[Ref]) -> tuple[list[Node], list[str]]:
    if not refs:
        return [], []
    known = {node.ref: node for node in store.get(refs[0].kind, [ref.id for ref in refs])}
    gone = [f"{ref} does not exist." for ref in refs if ref not in known]
    return [known[ref] for ref in refs if ref in known], gone


def _around(store: Store, kind: Kind, nodes: Sequence[Node]) -> tuple[Subgraph, bool]:
    """What is to be told of: makers and what they read; steps and what they read and wrote."""
    refs: dict[Ref, None] = dict.fromkeys(node.ref for node in nodes)
    complete = True
    if kind is Kind.CONTEXT:
        refs = {}
        for node in nodes:
            answer = store.run(store.catalog["run_as_graph"], context=node.id)
            graph = answer.graph or Subgraph()
            refs.update(dict.fromkeys(n.ref for n in (*graph.executions, *graph.artifacts)))
            complete = complete and not answer.truncated
    if not refs:
        return Subgraph(), complete
    way, hops = {
        Kind.ARTIFACT: (Direction.UPSTREAM, 2),
        Kind.EXECUTION: (Direction.BOTH, 1),
        Kind.CONTEXT: (Direction.UPSTREAM, 0),
    }[kind]
    return store.walk(list(refs), way, hops, contexts=True).graph, complete


def _times(executions: Iterable[Node]) -> dict[Key, Any]:
    """When executions began and ended, and how long that took, as people read it; nothing while one goes on.

    How long is left out where it is told of none of them: then both are moments of something else.
    """
    held = list(executions)
    begun = [node.create_time_since_epoch for node in held]
    ended = [end_of(node) for node in held]
    first = min((one for one in begun if one is not None), default=None)
    last = None if None in ended else max((one for one in ended if one is not None), default=None)
    found: dict[Key, Any] = {}
    if first is not None:
        found["time", "", "began"] = moment(first)
    if last is not None:
        found["time", "", "ended"] = moment(last)
    if first is not None and last is not None and any(map(length_of, held)):
        found["time", "", "took"] = duration(last - first)
    return found


def _of_artifact(ancestry: Ancestry, ref: Ref) -> Iterator[tuple[Key, Any]]:
    node = ancestry.nodes[ref]
    assert isinstance(node, Artifact)
    yield ("field", "", "type"), node.type
    for name in ("name", "external_id", "uri"):
        if getattr(node, name):
            yield ("field", "", name), getattr(node, name)
    if node.state is not None:
        yield ("state", "", "state"), node.state.value
    yield from facts_by_part(node, "")
    for maker in ancestry.above(ref):
        step = ancestry.step(maker.ref)
        yield ("field", "", "made by step"), step
        yield from _of_step(ancestry, maker.ref, step, outputs=False)


def _of_step(
    ancestry: Ancestry, ref: Ref, step: str, *, outputs: bool = True
) -> Iterator[tuple[Key, Any]]:
    node = ancestry.nodes[ref]
    assert isinstance(node, Execution)
    if not step:
        yield ("field", "", "type"), node.type
    if node.last_known_state is not None:
        yield ("state", step, "state"), node.last_known_state.value
    if _ERROR in node.custom_properties:
        yield ("state", step, _ERROR), node.custom_properties[_ERROR]
    yield from facts_by_part(node, step)
    sides = [("input", ancestry.above(ref))]
    if outputs:
        sides.append(("output", ancestry.outputs(ref)))
    for part, slots in sides:
        held: dict[str, list[Ref]] = {}
        for slot in slots:
            held.setdefault(slot.role, []).append(slot.ref)
        for role, refs in held.items():
            yield (part, step, role), tuple(refs)
        if part == "output":
            for slot in slots:
                for key, value in facts_by_part(ancestry.nodes[slot.ref], step):
                    if key[0] == "metric":
                        yield ("metric", step, f"{slot.role}.{key[2]}"), value


def _of_run(ancestry: Ancestry, run: Node, steps: Sequence[Ref]) -> Iterator[tuple[Key, Any]]:
    yield ("field", "", "type"), run.type
    yield from _times(ancestry.nodes[ref] for ref in steps).items()
    for name, value in sorted({**run.custom_properties, **run.properties}.items()):
        if not is_bookkeeping(name, value):
            yield ("property", "", name), value
    for ref, name in _names(ancestry, steps).items():
        yield from _of_step(ancestry, ref, name)


def _names(ancestry: Ancestry, steps: Sequence[Ref]) -> dict[Ref, str]:
    """Name the steps of a run in the order of their begin, the turns of a loop together and in theirs.

    Those that are alike but for their place are numbered in the order of places, then in time.
    """
    names: dict[Ref, str] = {}
    times: Counter[str] = Counter()
    for ref in sorted(steps, key=lambda ref: ancestry.place(ref).path):
        name = ancestry.place(ref).named(ancestry.step(ref))
        times[name] += 1
        names[ref] = name if times[name] == 1 else f"{name} #{times[name]}"
    first: dict[str, int] = {}
    for number, ref in enumerate(steps):
        first.setdefault(ancestry.step(ref), number)
    order = {ref: (first[ancestry.step(ref)], ancestry.place(ref).turns) for ref in steps}
    return {ref: names[ref] for ref in sorted(steps, key=order.__getitem__)}


def _steps_of(graph: Subgraph) -> dict[int, list[Ref]]:
    """The steps of each context, in time."""
    steps = [e for e in graph.executions if not is_dag(e)]
    began = {e.id: by_time(e) for e in steps}
    links = [link for link in graph.associations if link.execution_id in began]
    found: dict[int, list[Ref]] = {}
    for link in sorted(links, key=lambda link: began[link.execution_id]):
        found.setdefault(link.context_id, []).append(Ref(Kind.EXECUTION, link.execution_id))
    return found


def facts_by_part(node: Artifact | Execution, step: str = "") -> Iterator[tuple[Key, Any]]:
    """Yield what is recorded of a node that can be compared, under its part; not its state."""
    for (cause, name), value in facts(node).items():
        if name == "state":
            continue
        part = "metric" if is_metric(cause, name, value) else _PART_OF[cause]
        yield (part, step, name), value


def _rows(found: Sequence[dict[Key, Any]]) -> Iterator[FactRow]:
    """Rows in the order of their parts, then of the steps, then by name."""
    keys = dict.fromkeys(key for facts_of in found for key in facts_of)
    steps = {step: number for number, (_, step, _) in reversed(list(enumerate(keys)))}
    for key in sorted(keys, key=lambda key: (PARTS.index(key[0]), steps[key[1]], key[2])):
        values = tuple(facts_of.get(key) for facts_of in found)
        everywhere = all(key in facts_of for facts_of in found)
        same = everywhere and all(same_value(values[0], value) for value in values)
        yield FactRow(*key, values, same)


def _origin(ancestry: Ancestry, node: Node) -> tuple[Ref | None, str]:
    if isinstance(node, Context):
        return None, ""
    makers = ancestry.above(node.ref) if node.kind is Kind.ARTIFACT else ()
    return (makers[0].ref if makers else None), ancestry.run(node.ref)


def _measured(ancestry: Ancestry, nodes: Sequence[Node], graph: Subgraph) -> Iterator[Measured]:
    """The numbers of what is compared, of what made it, and of what it or a run's steps wrote."""
    steps = _steps_of(graph)
    for column, node in enumerate(nodes):
        if isinstance(node, Context):
            executions = steps.get(node.id or 0, [])
            written = (slot.ref for e in executions for slot in ancestry.outputs(e))
            refs = [*executions, *written]
        else:
            refs = [node.ref]
            if node.kind is Kind.ARTIFACT:
                refs += [maker.ref for maker in ancestry.above(node.ref)]
            else:
                refs += [slot.ref for slot in ancestry.outputs(node.ref)]
        for ref in dict.fromkeys(refs):
            held = ancestry.nodes[ref]
            for (part, _, name), value in facts_by_part(held, ""):
                if part == "metric":
                    yield Measured(column, held, name, value)
