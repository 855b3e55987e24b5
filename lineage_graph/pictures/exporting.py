"""Exports: a whole store, or the lineage of a node, in every format that anything writes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import IO

from lineage_graph.drawing import files
from lineage_graph.drawing.picture import draw
from lineage_graph.drawing.transforms.compose import Look
from lineage_graph.exchange.writing import About, Write, Writer, collected, writers
from lineage_graph.model import Attribution, Context, Kind, Ref, Subgraph
from lineage_graph.pictures.lineage import executions_in, with_contexts, with_parents
from lineage_graph.store import Direction, Store

_EACH = Look(stacks=False, most=10**9)  # a card for each node: a file of data is not rolled up
_NAMES = {"mmd": "mermaid"}  # of drawn formats that are called otherwise than their files end


def _drawn(found: files.Format) -> Writer:
    def write(batches: Iterable[Subgraph], stream: IO[bytes], about: About) -> Counter[str]:
        """Draw it, every node as a card of its own. Properties, types and contexts are lost."""
        starts = () if about.start is None else (about.start,)
        picture = draw(collected(batches), starts, look=_EACH)
        stream.write(found.write(picture, about.title).encode("utf-8", "replace"))
        return Counter()

    do: Write = write
    name = _NAMES.get(found.suffix, found.suffix)
    return Writer(name, (found.suffix,), found.label, found.media_type, do)


DRAWN = {writer.name: writer for writer in map(_drawn, files.FORMATS.values())}
"""The formats of pictures by name."""


def formats() -> dict[str, Writer]:
    """Return every format by its name: those of tools, also of other packages, and those of pictures."""
    return {**writers(), **DRAWN}


def whole(store: Store, graph: Subgraph) -> Iterator[Subgraph]:
    """Yield a part of a store so that it stands for itself: its types, then itself with its artifacts' contexts and columns."""
    complete = _with_columns(store, _with_attributions(store, graph))
    yield _types_of(store, complete)
    yield complete


def lineage_of(
    store: Store, ref: Ref, direction: Direction, depth: int | None, limit: int
) -> tuple[Subgraph, bool]:
    """Return what is reached from a node or from the executions of a context, and whether that is all.

    ``depth`` is how many events away at most; None: all there is, of a context one.

    Raises:
        NotFound: there is no such node.
    """
    node = store.node(ref)
    if ref.kind is not Kind.CONTEXT:
        walk = store.walk(ref, direction, depth, node_limit=limit)
        return with_contexts(store, walk.graph), walk.reason != "nodes"
    starts, more = executions_in(store, ref.id, limit, newest=True)
    if not starts:
        return Subgraph.trusted(contexts=(node,)), True
    walk = store.walk(starts, direction, 1 if depth is None else depth, node_limit=limit)
    return with_contexts(store, walk.graph), not more and walk.reason != "nodes"


def origins_of(store: Store, ref: Ref, depth: int | None, limit: int) -> tuple[Subgraph, bool]:
    """Return what a node was made from, and the steps that read it with what those wrote.

    Raises:
        NotFound: there is no such node.
    """
    above, all_above = lineage_of(store, ref, Direction.UPSTREAM, depth, limit)
    if ref.kind is Kind.CONTEXT:
        return above, all_above
    below, all_below = lineage_of(store, ref, Direction.DOWNSTREAM, 2, limit)
    return above + below, all_above and all_below


def _with_attributions(store: Store, graph: Subgraph) -> Subgraph:
    """Return a graph with the contexts that its artifacts belong to, and what those are part of."""
    if graph.attributions:
        return graph
    known = {context.id for context in graph.contexts}
    new: dict[int, Context] = {}
    links = []
    ids = [artifact.id or 0 for artifact in graph.artifacts]
    for artifact, found in store.contexts_of(Kind.ARTIFACT, ids).items():
        for context in found:
            links.append(Attribution.built(artifact_id=artifact, context_id=context.id or 0))
            if context.id not in known:
                new[context.id or 0] = context
    parents = dict.fromkeys((*graph.parent_contexts, *with_parents(store, new)))
    added = [context for context in new.values() if context.id not in known]
    return graph.model_copy(
        update={
            "contexts": (*graph.contexts, *added),
            "attributions": tuple(links),
            "parent_contexts": tuple(parents),
        }
    )


def _with_columns(store: Store, graph: Subgraph) -> Subgraph:
    """Return a graph with what the columns of its artifacts were made from."""
    ids = {artifact.id for artifact in graph.artifacts}
    found = store.columns([one or 0 for one in ids], Direction.UPSTREAM)
    columns = tuple(link for link in found if link.source_id in ids)
    return graph.model_copy(update={"columns": columns}) if columns else graph


def _types_of(store: Store, graph: Subgraph) -> Subgraph:
    """Return the types of a graph's nodes, without which no other store could read them."""
    used = {(node.kind, node.type_id) for node in graph.nodes}
    artifact_types, execution_types, context_types = (
        tuple(one for one in store.types(kind, system=True) if (kind, one.id) in used)
        for kind in Kind
    )
    return Subgraph.trusted(
        artifact_types=artifact_types,
        execution_types=execution_types,
        context_types=context_types,
    )
