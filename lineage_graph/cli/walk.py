"""``walk``: the lineage of a node as a tree in the terminal; what is shared is shown once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated

import typer

from lineage_graph.cli.command import Session
from lineage_graph.cli.complete import complete_ref
from lineage_graph.cli.output import safe
from lineage_graph.model import Kind, Node, Ref, Subgraph
from lineage_graph.model.labels import state_of
from lineage_graph.questions.names import DatasetNames, other_names
from lineage_graph.store import Direction, StopAt, Store, Walk

_COUNT_LIMIT = 100_000
_HEADINGS = {
    Direction.UPSTREAM: "made from (upstream)",
    Direction.DOWNSTREAM: "led to (downstream)",
}


def walk(
    session: Session,
    ref: Annotated[
        str,
        typer.Argument(
            metavar="REF",
            help="The node: artifact/17 or execution/4.",
            autocompletion=complete_ref(Kind.ARTIFACT, Kind.EXECUTION),
        ),
    ],
    direction: Annotated[
        Direction, typer.Option("--direction", "-d", help="Which way to walk.")
    ] = Direction.BOTH,
    depth: Annotated[
        int, typer.Option("--depth", min=0, help="How many events away at most.")
    ] = 10,
    limit: Annotated[
        int,
        typer.Option("--limit", min=1, max=_COUNT_LIMIT, help="How many nodes each way at most."),
    ] = 200,
    stop_at: Annotated[
        list[str] | None,
        typer.Option("--stop-at", metavar="TYPE", help="Do not go beyond nodes of this type."),
    ] = None,
) -> None:
    """Show what a node was made from and what it led to, as a tree.

    A node that is reached twice is shown once; later places refer back to it.
    """
    start = Ref.parse(ref)
    ways = list(_HEADINGS) if direction is Direction.BOTH else [direction]
    stop = StopAt(types=tuple(stop_at or ()))
    with session.store() as store:
        walks = {way: store.walk(start, way, depth, stop_at=stop, node_limit=limit) for way in ways}
        totals = {way: _total(store, start, way, stop, found) for way, found in walks.items()}
        names = other_names(store, store.node(start))
    if session.out.as_json:
        session.out.json(
            {"start": start, **{way.value: _document(walks[way], totals[way]) for way in ways}}
        )
        return
    session.out.line(_title(walks[ways[0]].graph, start))
    for way in ways:
        found = walks[way]
        session.out.line(f"{_HEADINGS[way]}:")
        for line in tree(found.graph, start, way):
            session.out.line(line)
        if found.truncated:
            session.out.note(_cut(way, found, totals[way]))
    for note in _named(names):
        session.out.note(note)


def _named(names: DatasetNames) -> Iterator[str]:
    for words, contexts in (("Also known as", names.known), ("May be the same as", names.alike)):
        if contexts:
            named = ", ".join(f"context/{one.id} {safe(one.title)}" for one in contexts)
            yield f"{words} {named}."


def _total(store: Store, start: Ref, way: Direction, stop: StopAt, found: Walk) -> int | None:
    """How many nodes there are without limits; None where that is more than can be counted."""
    if not found.truncated:
        return len(found.graph) - 1
    count = store.pages.count_walk(start, way, None, stop_at=stop, node_limit=_COUNT_LIMIT)
    return None if count == _COUNT_LIMIT else count - 1


def _cut(way: Direction, found: Walk, total: int | None) -> str:
    shown = f"{len(found.graph) - 1:,}"
    of = f"more than {_COUNT_LIMIT:,}" if total is None else f"{total:,}"
    more = "--depth" if found.reason == "hops" else "--limit"
    return f"{shown} of {of} nodes {way.value} shown; a larger {more} shows more."


def _document(found: Walk, total: int | None) -> dict[str, object]:
    return {
        "shown": len(found.graph) - 1,
        "total": total,
        "truncated": found.truncated,
        "reason": found.reason,
        "depth": {str(ref): hops for ref, hops in found.depth.items()},
        "graph": found.graph,
    }


def tree(graph: Subgraph, start: Ref, way: Direction) -> Iterator[str]:
    """Yield the lines of the tree below ``start``, depth first, without recursion."""
    following, same = _following(graph, way), _same(graph)
    title = _titles(graph)
    seen = {start}
    by_sameness: set[Ref] = set()

    def below_of(ref: Ref) -> list[Ref]:
        alike = [other for other in same.get(ref, []) if other not in seen]
        by_sameness.update(alike)
        return [*alike, *following.get(ref, [])]

    waiting = [("", ref, last) for ref, last in _with_last(below_of(start))]
    if not waiting:
        yield "└─ nothing"
    while waiting:
        indent, ref, last = waiting.pop()
        branch = "└─ " if last else "├─ "
        if ref in seen:
            yield f"{indent}{branch}{ref} (shown above)"
            continue
        seen.add(ref)
        sign = "= " if ref in by_sameness else ""
        yield f"{indent}{branch}{sign}{title(ref)}"
        below = indent + ("   " if last else "│  ")
        waiting += [(below, child, is_last) for child, is_last in _with_last(below_of(ref))]


def _with_last(refs: list[Ref]) -> list[tuple[Ref, bool]]:
    """The refs in the order a stack gives them back, each with whether it is its parent's last."""
    return [(ref, number == 0) for number, ref in enumerate(reversed(refs))]


def _following(graph: Subgraph, way: Direction) -> dict[Ref, list[Ref]]:
    following: dict[Ref, dict[Ref, None]] = {}
    for event in graph.events:
        artifact = Ref(Kind.ARTIFACT, event.artifact_id)
        execution = Ref(Kind.EXECUTION, event.execution_id)
        source, target = (artifact, execution) if event.type.is_input else (execution, artifact)
        if way is Direction.UPSTREAM:
            source, target = target, source
        following.setdefault(source, {})[target] = None
    return {ref: sorted(refs) for ref, refs in following.items()}


def _same(graph: Subgraph) -> dict[Ref, list[Ref]]:
    same: dict[Ref, list[Ref]] = {}
    for link in graph.same_as:
        ends = Ref(Kind.ARTIFACT, link.artifact_id), Ref(Kind.ARTIFACT, link.other_id)
        for one, other in (ends, ends[::-1]):
            same.setdefault(one, []).append(other)
    return {ref: sorted(set(others)) for ref, others in same.items()}


def _titles(graph: Subgraph) -> Callable[[Ref], str]:
    nodes = {node.ref: node for node in graph.nodes}
    return lambda ref: _describe(nodes[ref]) if ref in nodes else str(ref)


def _title(graph: Subgraph, ref: Ref) -> str:
    return _titles(graph)(ref)


def _describe(node: Node) -> str:
    type_name = (node.type or "").rpartition(".")[2]
    words = [str(node.ref), type_name, node.name or "", state_of(node).lower()]
    return " ".join(safe(word).replace("\n", " ") for word in words if word)
