"""How metrics went: the histories that artifacts keep, of one node, of a run, or of what is compared."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from lineage_graph.charts.metric_history import Kept, origin_of
from lineage_graph.model import Artifact, Kind, Node, Ref, Subgraph
from lineage_graph.model.labels import head_of
from lineage_graph.model.metrics import HISTORY
from lineage_graph.model.plain import by_time
from lineage_graph.server.render import path_of
from lineage_graph.store import Store


def keeps(node: Node) -> bool:
    """Say whether a node keeps how metrics went."""
    return HISTORY in node.custom_properties or HISTORY in node.properties


def while_made(store: Store, makers: Collection[Node]) -> list[Node]:
    """Return what keeps how metrics went while the recorder's step that made an artifact ran."""
    origins = [origin_of(maker.origin) for maker in makers if maker.origin and len(makers) == 1]
    ids = store.lookup.by_origin(Kind.ARTIFACT, origins) if origins else {}
    return list(store.get(Kind.ARTIFACT, ids.values())) if ids else []


def written(
    graph: Subgraph, executions: Collection[Ref], run: Node | None = None
) -> tuple[Kept, ...]:
    """Return what of a graph these executions wrote and keeps how metrics went, named by who wrote it.

    A run that keeps such itself comes first.
    """
    makers = {
        event.artifact_id: event.execution_id for event in graph.events if not event.type.is_input
    }
    by_id = {node.id: node for node in graph.executions if node.ref in executions}
    found: list[tuple[Artifact, Node]] = []
    for artifact in graph.artifacts:
        maker = by_id.get(makers.get(artifact.id or 0))
        if maker is not None and keeps(artifact):
            found.append((artifact, maker))
    found.sort(key=lambda pair: (by_time(pair[1])[:2], pair[0].id or 0))
    own = [(run, "the run")] if run is not None and keeps(run) else []
    return marked([*own, *((artifact, head_of(maker)) for artifact, maker in found)])


def marked(named: Iterable[tuple[Node, str]]) -> tuple[Kept, ...]:
    """Return what keeps histories with its marks; one alone needs none."""
    held = list(named)
    return tuple(
        Kept(node, letter(number) if len(held) > 1 else "", label, path_of(node))
        for number, (node, label) in enumerate(held)
    )


def letter(number: int) -> str:
    """What a column or a line is called: A, B, C …, and after Z by its number."""
    return chr(ord("A") + number) if number < 26 else str(number + 1)
