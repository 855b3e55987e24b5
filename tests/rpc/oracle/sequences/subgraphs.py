"""Sequences about PutLineageSubgraph: nodes and the events between them by their places in the lists."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ml_metadata.proto import metadata_store_pb2 as nouns
from ml_metadata.proto import metadata_store_service_pb2 as requests

from .composed import MISSING
from .edges import event
from .world import ARTIFACT, CONTEXT, EXECUTION, KINDS, UNKNOWN_ID, World

Edge = requests.PutLineageSubgraphRequest.EventEdge
Options = requests.PutLineageSubgraphRequest.Options


class Parts:
    """One PutLineageSubgraph in the making: it breaks no rule until it is made to."""

    def __init__(self, world: World) -> None:
        self.executions = [world.node(EXECUTION) for _ in range(world.random.randint(1, 2))]
        self.artifacts = [world.node(ARTIFACT) for _ in range(world.random.randint(1, 3))]
        self.contexts = [world.node(CONTEXT) for _ in range(world.random.randint(0, 2))]
        self.edges = [
            Edge(execution_index=execution, artifact_index=artifact, event=event(world))
            for execution in range(len(self.executions))
            for artifact in world.some(range(len(self.artifacts)), 2)
        ]
        self.options: dict[str, bool] = {}

    def put(self, world: World, tag: str) -> None:
        """Put it, remember the ids, read what it wrote."""
        response = world.call(
            tag,
            "PutLineageSubgraph",
            executions=self.executions,
            artifacts=self.artifacts,
            contexts=self.contexts,
            event_edges=self.edges,
            **({"options": Options(**self.options)} if self.options else {}),
        )
        if response is None:
            return
        for kind in KINDS:
            ids = list(getattr(response, f"{kind.field}_ids"))
            world.remember(kind, ids)
            world.read(kind, ids)
        ids = {"execution_ids": list(response.execution_ids)}
        world.call("events of the subgraph", "GetEventsByExecutionIDs", **ids)


def subgraphs(world: World) -> None:
    """Put subgraphs in every way and with one fault."""
    world.usual_types()
    world.fill(3)
    for _ in range(12):
        parts = Parts(world)
        twist = world.draw("twists", TWISTS)
        twist(world, parts)
        parts.put(world, f"subgraph: {twist.__name__}")
    world.read_all()


def subgraph_with_a_missing_artifact(world: World) -> None:
    """Put a subgraph with an event of an artifact that is not there."""
    world.usual_types()
    edges = [Edge(execution_index=0, event=event(world, UNKNOWN_ID))]
    executions = [world.node(EXECUTION)]
    world.call(MISSING, "PutLineageSubgraph", executions=executions, event_edges=edges)


def plain(world: World, parts: Parts) -> None:
    pass


def nothing(world: World, parts: Parts) -> None:
    parts.executions, parts.artifacts, parts.contexts, parts.edges = [], [], [], []


def only_contexts(world: World, parts: Parts) -> None:
    parts.executions, parts.artifacts, parts.edges = [], [], []
    parts.contexts.append(world.node(CONTEXT))


def stored_nodes(world: World, parts: Parts) -> None:
    parts.executions[0] = world.read_one(EXECUTION)
    parts.executions[0].last_known_state = 3
    parts.artifacts[0] = world.read_one(ARTIFACT)
    parts.artifacts[0].uri = world.fresh("/moved")
    parts.edges = [Edge(execution_index=0, artifact_index=0, event=event(world))]


def stored_ends_by_id(world: World, parts: Parts) -> None:
    ids = (world.random.choice(world.nodes[ARTIFACT]), world.random.choice(world.nodes[EXECUTION]))
    parts.edges.append(Edge(execution_index=0, event=event(world, artifact=ids[0])))
    parts.edges.append(Edge(artifact_index=0, event=event(world, execution=ids[1])))


def both_ends_by_id(world: World, parts: Parts) -> None:
    ids = (world.random.choice(world.nodes[ARTIFACT]), world.random.choice(world.nodes[EXECUTION]))
    parts.edges = [Edge(event=event(world, *ids))]


def artifact_index_too_high(world: World, parts: Parts) -> None:
    parts.edges[0].artifact_index = len(parts.artifacts)


def execution_index_too_high(world: World, parts: Parts) -> None:
    parts.edges[0].execution_index = len(parts.executions)


def negative_index(world: World, parts: Parts) -> None:
    parts.edges[0].artifact_index = -1


def edge_without_artifact(world: World, parts: Parts) -> None:
    parts.edges[0].ClearField("artifact_index")


def edge_without_execution(world: World, parts: Parts) -> None:
    parts.edges[0].ClearField("execution_index")


def edge_without_event(world: World, parts: Parts) -> None:
    parts.edges[0].ClearField("event")


def event_without_type(world: World, parts: Parts) -> None:
    parts.edges[0].event.ClearField("type")


def index_and_id_of_a_new_node(world: World, parts: Parts) -> None:
    parts.edges[0].event.artifact_id = world.nodes[ARTIFACT][0]


def index_and_another_id(world: World, parts: Parts) -> None:
    stored_nodes(world, parts)
    parts.edges[0].event.artifact_id = parts.artifacts[0].id + 1


def index_and_the_same_id(world: World, parts: Parts) -> None:
    stored_nodes(world, parts)
    parts.edges[0].event.artifact_id = parts.artifacts[0].id
    parts.edges[0].event.execution_id = parts.executions[0].id


def same_edge_twice(world: World, parts: Parts) -> None:
    parts.edges.append(parts.edges[0])


def execution_without_type(world: World, parts: Parts) -> None:
    parts.executions[0].ClearField("type_id")
    parts.executions[0].properties.clear()


def stored_artifact_without_type(world: World, parts: Parts) -> None:
    parts.artifacts[0] = world.read_one(ARTIFACT)
    parts.artifacts[0].ClearField("type_id")
    parts.artifacts[0].properties.clear()


def artifact_of_unknown_type(world: World, parts: Parts) -> None:
    parts.artifacts[0].type_id = UNKNOWN_ID


def artifact_of_unknown_id(world: World, parts: Parts) -> None:
    parts.artifacts[0].id = UNKNOWN_ID


def wrong_property(world: World, parts: Parts) -> None:
    parts.executions[-1].properties["a_bool"].int_value = 1


def unknown_property(world: World, parts: Parts) -> None:
    parts.artifacts[-1].properties["undeclared"].int_value = 1


def artifact_name_taken(world: World, parts: Parts) -> None:
    stored = world.read(ARTIFACT, world.nodes[ARTIFACT])
    for node in stored:
        if node.HasField("name"):
            parts.artifacts[0].name, parts.artifacts[0].type_id = node.name, node.type_id


def context_without_name(world: World, parts: Parts) -> None:
    parts.contexts = [world.node(CONTEXT)]
    parts.contexts[0].ClearField("name")


def context_name_taken(world: World, parts: Parts) -> None:
    stored = world.read_one(CONTEXT)
    parts.contexts.append(nouns.Context(type_id=stored.type_id, name=stored.name))


def context_reused(world: World, parts: Parts) -> None:
    context_name_taken(world, parts)
    parts.contexts[-1].custom_properties["note"].string_value = "not written"
    parts.options["reuse_context_if_already_exist"] = True


def stored_context(world: World, parts: Parts) -> None:
    parts.contexts.append(world.read_one(CONTEXT))
    parts.contexts[-1].custom_properties["note"].string_value = world.fresh("written")


def external_id_taken(world: World, parts: Parts) -> None:
    parts.artifacts[0] = world.node(ARTIFACT)
    parts.artifacts[0].external_id = world.fresh("taken")
    world.put("node to work with", ARTIFACT, [parts.artifacts[0]])
    parts.artifacts[0].ClearField("name")


def external_id_reused(world: World, parts: Parts) -> None:
    external_id_taken(world, parts)
    parts.artifacts[0].uri = world.fresh("/reused")
    parts.options["reuse_artifact_if_already_exist_by_external_id"] = True


def new_external_id_twice_reused(world: World, parts: Parts) -> None:
    parts.artifacts = [world.node(ARTIFACT), world.node(ARTIFACT)]
    for artifact in parts.artifacts:
        artifact.external_id = "twice"
    parts.edges = []
    parts.options["reuse_artifact_if_already_exist_by_external_id"] = True


TWISTS: tuple[Callable[[World, Parts], Any], ...] = (
    plain,
    plain,
    nothing,
    only_contexts,
    stored_nodes,
    stored_ends_by_id,
    both_ends_by_id,
    artifact_index_too_high,
    execution_index_too_high,
    negative_index,
    edge_without_artifact,
    edge_without_execution,
    edge_without_event,
    event_without_type,
    index_and_id_of_a_new_node,
    index_and_another_id,
    index_and_the_same_id,
    same_edge_twice,
    execution_without_type,
    stored_artifact_without_type,
    artifact_of_unknown_type,
    artifact_of_unknown_id,
    wrong_property,
    unknown_property,
    artifact_name_taken,
    context_without_name,
    context_name_taken,
    context_reused,
    stored_context,
    external_id_taken,
    external_id_reused,
    new_external_id_twice_reused,
)
