"""Questions that follow the flow of data: where something came from, what it led to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from lineage_graph.model import Artifact, Execution, ExecutionState, Kind, Node, Ref, Subgraph
from lineage_graph.questions.declare import (
    HOPS,
    LIMIT,
    MOST_NODES,
    Found,
    choice_param,
    node_param,
    type_param,
    walk,
)
from lineage_graph.questions.differences.facts import kept, measured_by
from lineage_graph.questions.roles import Roles, is_run
from lineage_graph.questions.topological_order import FlowOrder, topological
from lineage_graph.store import Direction, Store, Walk

UP, DOWN = Direction.UPSTREAM, Direction.DOWNSTREAM
_WAYS = ("both", "upstream", "downstream")
_ARTIFACTS = "rows artifact int, type str, name str, uri str, state str, hops int"


@walk(
    node_param("artifact", "id of the artifact"),
    choice_param("direction", _WAYS, "what it came from, what it led to, or both"),
    HOPS,
    LIMIT,
    returns="graph",
    tags="lineage, graphs, artifacts",
)
def lineage_of_artifact(
    store: Store, artifact: int, direction: str, hops: int | None, limit: int
) -> Found:
    """What did this artifact come from, and what did it lead to?

    Everything upstream and downstream along events, nearest first where there is more than fits.
    """
    return _lineage(store, Ref(Kind.ARTIFACT, artifact), direction, hops, limit)


@walk(
    node_param("execution", "id of the execution"),
    choice_param("direction", _WAYS, "what it built on, what it led to, or both"),
    HOPS,
    LIMIT,
    returns="graph",
    tags="lineage, graphs, executions",
)
def lineage_of_execution(
    store: Store, execution: int, direction: str, hops: int | None, limit: int
) -> Found:
    """What did this execution build on, and what did it lead to?

    Everything upstream and downstream along events, nearest first where there is more than fits.
    """
    return _lineage(store, Ref(Kind.EXECUTION, execution), direction, hops, limit)


def _lineage(store: Store, start: Ref, direction: str, hops: int | None, limit: int) -> Found:
    """Walk one way, or both ways without turning round; the limit holds for the whole."""
    ways = (UP, DOWN) if direction == "both" else (Direction(direction),)
    walks = [store.walk(start, way, hops, node_limit=limit) for way in ways]
    cut = any(walked.reason == "nodes" for walked in walks)
    if len(walks) == 1:
        return Found(graph=walks[0].graph, truncated=cut)
    depth = dict(walks[1].depth)
    for ref, distance in walks[0].depth.items():
        depth[ref] = min(distance, depth.get(ref, distance))
    nearest = sorted(depth, key=lambda ref: (depth[ref], ref))
    return Found(graph=store.links(nearest[:limit]), truncated=cut or len(nearest) > limit)


@walk(
    node_param("artifact", "id of the artifact, a model for example"),
    type_param("source data"),
    returns=_ARTIFACTS,
    tags="lineage, artifacts, models",
)
def sources_of_artifact(store: Store, artifact: int, type: str | None) -> Found:
    """Which source data is behind this artifact?

    Where the way upstream ends: artifacts that nothing made, or that were made only by executions
    that read nothing, such as an import. Nearest first.
    """
    walked = _walk(store, artifact, UP)
    flow = FlowOrder(walked.graph)

    def is_source(node: Artifact) -> bool:
        return not any(flow.before(maker) for maker in flow.before(node.ref))

    return _artifacts(walked, lambda node: is_source(node) and type in (None, node.type))


@walk(
    node_param("artifact", "id of the artifact, a dataset for example"),
    type_param("artifacts and executions"),
    returns="rows artifact int, execution int, type str, name str, state str, hops int",
    tags="impact, lineage, artifacts",
)
def impact_of_artifact(store: Store, artifact: int, type: str | None) -> Found:
    """What did this artifact touch?

    Every execution and artifact downstream of it, nearest first; hops counts events.
    """
    walked = _walk(store, artifact, DOWN)
    reached = _nearest(walked, [*walked.graph.artifacts, *walked.graph.executions])
    return Found(
        (
            (*_either(node), node.type, node.name, node.state_word, walked.depth[node.ref])
            for node in reached
            if node.ref not in walked.start and type in (None, node.type)
        ),
        truncated=walked.truncated,
    )


@walk(
    node_param("artifact", "id of the artifact, a dataset for example"),
    returns=_ARTIFACTS,
    tags="impact, models",
)
def models_from_artifact(store: Store, artifact: int) -> Found:
    """Which models were made with this artifact?

    All models downstream of it, nearest first. A model is an artifact whose type derives from
    mlmd.Model or whose type's name ends with "model".
    """
    walked, roles = _walk(store, artifact, DOWN), Roles(store)
    return _artifacts(walked, roles.is_model, start=False)


@walk(
    node_param("artifact", "id of the artifact, a dataset or a model for example"),
    returns=_ARTIFACTS,
    tags="impact, deployment",
)
def deployed_from_artifact(store: Store, artifact: int) -> Found:
    """What that is deployed was made with this artifact?

    Downstream artifacts that are deployed, nearest first: made by an execution whose type derives
    from mlmd.Deploy or contains "pusher" or "deploy"; or of a type that contains "pushed" or
    "deployed"; or with a property pushed or deployed that is true.
    """
    walked = _walk(store, artifact, DOWN)
    deployed = Roles(store).deployed(walked.graph)
    return _artifacts(walked, lambda node: node.id in deployed, start=False)


@walk(
    node_param("artifact", "id of the artifact, a dataset for example"),
    returns="rows position int, execution int, type str, run_context int, output_artifacts ids, started datetime",
    tags="impact, models",
)
def retrain_if_withdrawn(store: Store, artifact: int) -> Found:
    """What must be trained again if this dataset is withdrawn?

    Trainings downstream of the artifact with what they wrote, in an order in which they can be
    repeated: none before another whose results it builds on. A training is an execution whose type
    derives from mlmd.Train or contains "train"; what came out of the cache is left out.
    """
    walked = _walk(store, artifact, DOWN, contexts=True)
    graph, roles = walked.graph, Roles(store)
    again = {
        e.ref: e
        for e in graph.executions
        if roles.is_training(e) and e.last_known_state is not ExecutionState.CACHED
    }
    runs = _runs(graph)
    flow = FlowOrder(graph)
    ordered = [again[ref] for ref in topological(graph) if ref in again]
    return Found(
        (
            (
                position,
                e.id,
                e.type,
                runs.get(e.id or 0),
                sorted(ref.id for ref in flow.after(e.ref)),
                e.create_time_since_epoch,
            )
            for position, e in enumerate(ordered, start=1)
        ),
        truncated=walked.truncated,
    )


@walk(
    node_param("one_artifact", "id of one artifact"),
    node_param("other_artifact", "id of the other artifact"),
    returns="rows artifact int, execution int, type str, name str, hops_from_one int, hops_from_other int, nearest bool",
    tags="lineage, compare",
)
def common_ancestors(store: Store, one_artifact: int, other_artifact: int) -> Found:
    """What do these two artifacts have in common upstream?

    Artifacts and executions upstream of both, or one of the two where it is upstream of the other.
    Nearest are those that no other common ancestor builds on.
    """
    one, other = _walk(store, one_artifact, UP), _walk(store, other_artifact, UP)
    common = [n for n in (*one.graph.artifacts, *one.graph.executions) if n.ref in other.depth]
    farther = FlowOrder(one.graph).upstream(node.ref for node in common)
    rows = [
        (
            *_either(node),
            node.type,
            node.name,
            one.depth[node.ref],
            other.depth[node.ref],
            node.ref not in farther,
        )
        for node in sorted(common, key=lambda n: (one.depth[n.ref] + other.depth[n.ref], n.ref))
    ]
    return Found(rows, truncated=one.truncated or other.truncated)


@walk(
    node_param("artifact", "id of the artifact, a model for example"),
    HOPS,
    returns="rows execution int, type str, parameter str, value any, hops int",
    tags="lineage, parameters, models",
)
def parameters_behind_artifact(store: Store, artifact: int, hops: int | None) -> Found:
    """With which parameters was this artifact made?

    The properties of all executions upstream of it, nearest first. Executions whose results came
    out of the cache are left out, and so are metrics and what tools note to keep their books.
    """
    walked = _walk(store, artifact, UP, hops=hops)
    rows = [
        (e.id, e.type, name, plain(value), walked.depth[e.ref])
        for e in _nearest(walked, walked.graph.executions)
        if isinstance(e, Execution) and e.last_known_state is not ExecutionState.CACHED
        for name, value in parameters(e).items()
    ]
    return Found(rows, truncated=walked.reason == "nodes")


def parameters(execution: Execution) -> dict[str, Any]:
    """An execution's properties, declared and custom, by name; without metrics and bookkeeping."""
    held, measured = dict(kept(execution)), measured_by(execution)
    return {name: held[name] for name in sorted(held) if name not in measured}


def plain(value: Any) -> Any:
    """A property's value as JSON."""
    return value.model_dump(mode="json") if hasattr(value, "model_dump") else value


def _walk(
    store: Store, artifact: int, way: Direction, *, hops: int | None = None, contexts: bool = False
) -> Walk:
    start = Ref(Kind.ARTIFACT, artifact)
    return store.walk(start, way, hops, node_limit=MOST_NODES, contexts=contexts)


def _nearest(walked: Walk, nodes: Iterable[Node]) -> list[Node]:
    return sorted(nodes, key=lambda node: (walked.depth[node.ref], node.ref))


def _artifacts(walked: Walk, wanted: Callable[[Artifact], bool], *, start: bool = True) -> Found:
    """Rows of the wanted artifacts of a walk, nearest first, with or without its start."""
    return Found(
        (
            (node.id, node.type, node.name, node.uri, node.state_word, walked.depth[node.ref])
            for node in _nearest(walked, walked.graph.artifacts)
            if isinstance(node, Artifact)
            and wanted(node)
            and (start or node.ref not in walked.start)
        ),
        truncated=walked.truncated,
    )


def _either(node: Node) -> tuple[int | None, int | None]:
    return (node.id, None) if node.kind is Kind.ARTIFACT else (None, node.id)


def _runs(graph: Subgraph) -> Mapping[int, int]:
    """The newest run each execution of a graph belongs to."""
    began = {c.id or 0: c.create_time_since_epoch or 0 for c in graph.contexts if is_run(c)}
    links = [link for link in graph.associations if link.context_id in began]
    links.sort(key=lambda link: (began[link.context_id], link.context_id))
    return {link.execution_id: link.context_id for link in links}
