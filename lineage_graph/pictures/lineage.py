"""Pictures of a store's lineage: what a scope reaches from some nodes, drawn as it says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from lineage_graph.drawing.picture import Offer, Picture, Reason, draw, members_of
from lineage_graph.drawing.transforms.compose import DRAWN, MANY, Look
from lineage_graph.errors import InvalidArgument, NotFound
from lineage_graph.model import (
    Association,
    Context,
    Degree,
    Kind,
    Node,
    ParentContext,
    Ref,
    Subgraph,
)
from lineage_graph.pictures.filter_hints import note_on_nothing
from lineage_graph.pictures.scope import Scope, parse_opened
from lineage_graph.questions.roles import is_run
from lineage_graph.store import Direction, Find, Store

_MAX_LISTED_NODES = 500  # nodes up to which a page holds its picture's list
_DEFAULT_STEPS = 200  # executions of a context that are drawn unless somebody chose a limit
_MAX_COUNTED_NODES = 20_000  # nodes up to which those that are not drawn are counted


@dataclass(frozen=True)
class Reached:
    """What a scope reaches, read from the store: all that is needed to draw it."""

    graph: Subgraph
    starts: tuple[Ref, ...] = ()
    degrees: Mapping[Ref, Degree] = field(default_factory=dict)
    reason: Reason = ""
    total: int | None = None
    lit: frozenset[Ref] | None = None
    dropped: tuple[str, ...] = ()

    def picture(self, scope: Scope, *, all_times: bool = False) -> Picture:
        """Draw it; ``all_times`` also draws what came after the moment that the scope names."""
        picture = draw(
            self.graph,
            self.starts,
            self.degrees,
            self.reason,
            look=look_of(scope, self.graph, all_times=all_times),
            lit=self.lit,
        )
        dropped = (*scope.dropped, *self.dropped, *_lost(scope, self.graph), *picture.dropped)
        offer = _offer(scope, self.graph, picture)
        return replace(picture, total=self.total, dropped=dropped, offer=offer)

    def members(self, scope: Scope, key: str) -> tuple[Node, ...]:
        """Return the nodes that a card of the picture stands for.

        Raises:
            NotFound: there is no such card.
        """
        look = look_of(scope, self.graph, all_times=True)
        nodes = members_of(self.graph, key, self.starts, look)
        if nodes is None:
            raise NotFound(f"There is no {key!r} in this picture.")
        return nodes


def reached(store: Store, starts: Sequence[Ref], scope: Scope) -> Reached:
    """Read what a scope reaches from some nodes.

    Raises:
        NotFound: a start does not exist.
        InvalidArgument: a start is a context.
    """
    if not starts:
        return Reached(Subgraph())
    most = max(scope.limit, len(starts))
    walk = store.walk(starts, scope.direction, scope.depth, node_limit=most)
    refs, reason, dropped = _opened(store, dict(walk.depth), walk.reason, scope)
    picked = [Ref.parse(item) for item in scope.picked]
    refs |= dict.fromkeys(picked, 0)
    graph = walk.graph if len(refs) == len(walk.depth) else store.links(refs)
    there = {node.ref for node in (*graph.artifacts, *graph.executions)}
    dropped += [f"{ref} was picked once, and is gone." for ref in picked if ref not in there]
    degrees: Mapping[Ref, Degree] = {}
    if reason or scope.direction is not Direction.BOTH or picked:
        degrees = store.pages.degrees(there)
    total = None
    if walk.reason == "nodes":
        counted = max(_MAX_COUNTED_NODES, most + 1)
        count = store.pages.count_walk(starts, scope.direction, scope.depth, node_limit=counted)
        total = count if count < counted else None
        if total is None:
            dropped.append(f"There are more than {counted - 1:,} nodes up to this depth.")
    lit, wrong = _lit(store, there, scope.find)
    return Reached(
        with_contexts(store, graph),
        tuple(starts) if len(starts) == 1 else (),
        degrees,
        reason,
        total,
        lit,
        (*dropped, *wrong),
    )


def is_large(store: Store, starts: Sequence[Ref], scope: Scope) -> bool:
    """Say whether a picture is so large that its page should not wait for it."""
    if scope.limit <= _MAX_LISTED_NODES or not starts:
        return False
    most = max(_MAX_LISTED_NODES, len(starts)) + 1
    return store.pages.count_walk(starts, scope.direction, scope.depth, node_limit=most) == most


def _opened(
    store: Store, refs: dict[Ref, int], reason: Reason, scope: Scope
) -> tuple[dict[Ref, int], Reason, list[str]]:
    """Add what was opened by hand, in the order in which it was opened; say what could not be."""
    dropped = []
    for item in scope.opened:
        ref, way = parse_opened(item)
        if ref not in refs:  # it is gone, or the address was made for more depth
            dropped.append(f"{ref} was opened once, and is not in this picture.")
            continue
        room = scope.limit - len(refs)
        if room < 1:
            reason = "nodes"
            break
        step = store.walk(ref, way, 1, node_limit=room + 1)
        refs |= {other: 0 for other in step.depth if other not in refs}
        if step.reason == "nodes":
            reason = "nodes"
    return refs, reason, dropped


def _lit(store: Store, refs: Iterable[Ref], text: str) -> tuple[frozenset[Ref] | None, list[str]]:
    """Return what meets a filter, which may be one for artifacts, for executions or for both."""
    if not text.strip():
        return None, []
    found: set[Ref] = set()
    wrong: list[str] = []
    for kind in (Kind.ARTIFACT, Kind.EXECUTION):
        ids = [ref.id for ref in refs if ref.kind is kind]
        try:
            found |= {Ref(kind, one) for one in store.pages.matching(kind, ids, text)}
        except InvalidArgument as error:
            wrong.append(f"The filter was left out: {error.message}")
    if len(wrong) == 2:
        return None, wrong[:1]
    note = "" if found else note_on_nothing(store, (Kind.ARTIFACT, Kind.EXECUTION), text)
    return frozenset(found), [note] if note else []


def with_contexts(store: Store, graph: Subgraph) -> Subgraph:
    """Return a graph with the contexts of its executions, and what those are part of."""
    ids = [execution.id or 0 for execution in graph.executions]
    contexts: dict[int, Context] = {}
    associations: list[Association] = []
    for execution, found in store.contexts_of(Kind.EXECUTION, ids).items():
        for context in found:
            contexts[context.id or 0] = context
            associations.append(
                Association.built(execution_id=execution, context_id=context.id or 0)
            )
    parents = with_parents(store, contexts)
    return Subgraph.trusted(
        artifacts=graph.artifacts,
        executions=graph.executions,
        events=graph.events,
        same_as=graph.same_as,
        contexts=tuple(contexts.values()),
        associations=tuple(associations),
        parent_contexts=tuple(parents),
    )


def with_parents(store: Store, contexts: dict[int, Context]) -> list[ParentContext]:
    """Add what contexts are part of, up to the top, to them; return how they are linked."""
    parents: list[ParentContext] = []
    new = list(contexts)
    while new:
        above = store.contexts_of(Kind.CONTEXT, new)
        new = []
        for child, found in above.items():
            for context in found:
                parents.append(ParentContext.built(child_id=child, parent_id=context.id or 0))
                if context.id not in contexts:
                    contexts[context.id or 0] = context
                    new.append(context.id or 0)
    return parents


def as_it_was(graph: Subgraph, moment: int | None) -> Subgraph:
    """Return what of a graph was there at a moment, in ms since the epoch; all where it is None."""
    if moment is None:
        return graph
    artifacts, executions, contexts = (
        tuple(node for node in nodes if (node.create_time_since_epoch or 0) <= moment)
        for nodes in (graph.artifacts, graph.executions, graph.contexts)
    )
    made, ran, held = ({node.id for node in nodes} for nodes in (artifacts, executions, contexts))
    return Subgraph.trusted(
        artifacts=artifacts,
        executions=executions,
        contexts=contexts,
        events=tuple(
            event
            for event in graph.events
            if event.artifact_id in made
            and event.execution_id in ran
            and (event.milliseconds_since_epoch or 0) <= moment
        ),
        same_as=tuple(
            link for link in graph.same_as if link.artifact_id in made and link.other_id in made
        ),
        associations=tuple(
            link
            for link in graph.associations
            if link.execution_id in ran and link.context_id in held
        ),
        parent_contexts=tuple(
            part
            for part in graph.parent_contexts
            if part.child_id in held and part.parent_id in held
        ),
    )


def look_of(scope: Scope, graph: Subgraph, *, all_times: bool = False) -> Look:
    """Return how a scope would have a graph drawn."""
    first = _folded_at_first(scope.begins, graph)
    spare = scope.begins == "auto"
    return Look(
        show=scope.show,
        cached=scope.cached == "show",
        reduce=scope.reduce == "yes",
        stacks=scope.stacks == "auto",
        fold=frozenset({*scope.fold, *(() if spare else first)} - {*scope.unfold}),
        spare=frozenset(first if spare else ()),
        unfold=frozenset(scope.unfold),
        out=frozenset((*scope.out, *scope.picked)),
        at=None if all_times else scope.moment,
    )


def _folded_at_first(by: str, graph: Subgraph) -> set[str]:
    """Return the keys of the contexts that begin folded: the runs, or also what they are part of."""
    if by == "none":
        return set()
    found = _runs(graph) | (_pipelines(graph) if by == "pipeline" else set())
    return {f"context/{one}" for one in found}


def _runs(graph: Subgraph) -> set[int | None]:
    return {context.id for context in graph.contexts if is_run(context)}


def _pipelines(graph: Subgraph) -> set[int | None]:
    """Return what runs are part of, and the contexts whose type says that they are pipelines."""
    runs = _runs(graph)
    above = {part.parent_id for part in graph.parent_contexts if part.child_id in runs}
    return (above | {c.id for c in graph.contexts if "pipeline" in (c.type or "").lower()}) - runs


def _offer(scope: Scope, graph: Subgraph, picture: Picture) -> Offer:
    """Return by what a picture of many cards could be folded."""
    if len(picture.cards) <= MANY or scope.by == "pipeline":
        return ""
    if picture.folded or scope.by == "run":
        return "pipeline" if len(_pipelines(graph)) > 1 else ""
    return "run" if len(_runs(graph)) > 1 else ""


def _lost(scope: Scope, graph: Subgraph) -> list[str]:
    """Say which contexts and nodes that the address names are not in the picture."""
    known = {str(node.ref) for node in graph.nodes}
    folded = [key for key in scope.fold if key.startswith("context/")]
    return [
        f"{key} was {what}, and is not in this picture."
        for what, keys in (("folded", folded), ("pulled out of its stack", scope.out))
        for key in keys
        if key not in known
    ]


def reached_in(store: Store, context: Ref, scope: Scope) -> Reached:
    """Read what a scope reaches from the executions of a context.

    Raises:
        NotFound: there is no such context.
    """
    store.node(context)
    refs, more = executions_in(store, context.id, _steps(scope.limit), newest=True)
    found = reached(store, refs, scope)
    reason: Reason = "nodes" if more else ("" if found.reason == "hops" else found.reason)
    return replace(found, reason=reason)


def _steps(limit: int) -> int:
    """Return how many steps are drawn at most: of a limit that somebody chose at least half."""
    return min(limit, _DEFAULT_STEPS if limit == DRAWN else max(_DEFAULT_STEPS, limit // 2))


def executions_in(
    store: Store, context: int, limit: int, *, newest: bool
) -> tuple[list[Ref], bool]:
    """Return the executions of a context, the newest or the first ``limit``, and whether there are more."""
    found: list[Ref] = []
    after = None
    while True:
        wanted = Find(
            kind=Kind.EXECUTION,
            context=context,
            descending=newest,
            limit=min(1000, limit - len(found)),
            after=after,
            counted=False,
        )
        page = store.find(wanted)
        found += [node.ref for node in page.nodes]
        after = page.next
        if after is None or len(found) >= limit:
            return found, after is not None


def reached_from(store: Store, ref: Ref, scope: Scope) -> Reached:
    """Read what a scope reaches from a node, or from the executions of a context.

    Raises:
        NotFound: there is no such node.
    """
    return (
        reached_in(store, ref, scope) if ref.kind is Kind.CONTEXT else reached(store, [ref], scope)
    )


def drawn(store: Store, ref: Ref, scope: Scope) -> Picture:
    """Draw what ``reached_from`` reads."""
    return reached_from(store, ref, scope).picture(scope)
