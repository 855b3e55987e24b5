"""Trees: every node once, what is shared refers back, deep chains and ladders are no trouble."""

from __future__ import annotations

from lineage_graph.cli.walk import tree
from lineage_graph.model import Artifact, Event, EventType, Execution, Ref, Subgraph
from lineage_graph.store import Direction


def made(*steps: tuple[list[int], int, list[int]]) -> Subgraph:
    """A graph of executions, each given as its inputs, its id and its outputs."""
    artifacts = {number for read, _, wrote in steps for number in (*read, *wrote)}
    return Subgraph(
        artifacts=tuple(Artifact(id=n, type="Data") for n in sorted(artifacts)),
        executions=tuple(Execution(id=number, type="a.b.Step") for _, number, _ in steps),
        events=tuple(
            Event(artifact_id=artifact, execution_id=number, type=type_)
            for read, number, wrote in steps
            for type_, ids in ((EventType.INPUT, read), (EventType.OUTPUT, wrote))
            for artifact in ids
        ),
    )


def lines(graph: Subgraph, start: str, way: Direction) -> list[str]:
    return list(tree(graph, Ref.parse(start), way))


def test_branches() -> None:
    graph = made(([1, 2], 1, [3]), ([3], 2, [4, 5]))
    assert lines(graph, "artifact/3", Direction.UPSTREAM) == [
        "└─ execution/1 Step",
        "   ├─ artifact/1 Data",
        "   └─ artifact/2 Data",
    ]
    assert lines(graph, "artifact/1", Direction.DOWNSTREAM) == [
        "└─ execution/1 Step",
        "   └─ artifact/3 Data",
        "      └─ execution/2 Step",
        "         ├─ artifact/4 Data",
        "         └─ artifact/5 Data",
    ]


def test_what_is_shared_is_shown_once() -> None:
    graph = made(([1], 1, [2]), ([1], 2, [3]), ([2, 3], 3, [4]))
    shown = lines(graph, "artifact/4", Direction.UPSTREAM)
    assert shown == [
        "└─ execution/3 Step",
        "   ├─ artifact/2 Data",
        "   │  └─ execution/1 Step",
        "   │     └─ artifact/1 Data",
        "   └─ artifact/3 Data",
        "      └─ execution/2 Step",
        "         └─ artifact/1 (shown above)",
    ]


def test_nothing_there_says_so() -> None:
    assert lines(made(([1], 1, [])), "execution/1", Direction.DOWNSTREAM) == ["└─ nothing"]


def test_a_ladder_of_diamonds_has_as_many_lines_as_links() -> None:
    steps = []
    for rung in range(40):
        top, left, right, bottom = (rung * 3 + offset for offset in (1, 2, 3, 4))
        steps += [([top], rung * 4 + 1, [left]), ([top], rung * 4 + 2, [right])]
        steps += [([left], rung * 4 + 3, [bottom]), ([right], rung * 4 + 4, [bottom])]
    graph = made(*steps)
    assert len(lines(graph, "artifact/1", Direction.DOWNSTREAM)) == len(graph.events)


def test_a_deep_chain_needs_no_recursion() -> None:
    graph = made(*(([number], number, [number + 1]) for number in range(1, 3000)))
    shown = lines(graph, "artifact/1", Direction.DOWNSTREAM)
    assert len(shown) == 2 * 2999


def test_a_cycle_ends() -> None:
    graph = made(([1], 1, [2]), ([2], 2, [1]))
    shown = lines(graph, "artifact/1", Direction.DOWNSTREAM)
    assert shown[-1].endswith("artifact/1 (shown above)")


def test_names_cannot_steer_the_terminal() -> None:
    graph = made(([1], 1, [2]))
    named = graph.model_copy(update={"artifacts": (Artifact(id=2, name="\x1b[31m\nred"),)})
    (_, shown) = lines(named, "artifact/1", Direction.DOWNSTREAM)
    assert shown == "   └─ artifact/2 \\x1b[31m red"
