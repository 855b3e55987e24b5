"""Sequences about the calls that write several things at once: PutExecution, PutLineageSubgraph."""

from __future__ import annotations

from typing import Any

from ml_metadata.proto import metadata_store_pb2 as nouns
from ml_metadata.proto import metadata_store_service_pb2 as requests

from .edges import event
from .world import ARTIFACT, CONTEXT, EXECUTION, UNKNOWN_ID, World

Pair = requests.PutExecutionRequest.ArtifactAndEvent
Options = requests.PutExecutionRequest.Options
MISSING = "event of a missing artifact"


class Step:
    """One PutExecution in the making: it breaks no rule until it is made to."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.execution = world.node(EXECUTION)
        self.pairs = [pair(world) for _ in range(world.random.randint(0, 2))]
        self.contexts = [world.node(CONTEXT) for _ in range(world.random.randint(0, 2))]
        self.options: dict[str, bool] = {}

    def put(self, tag: str) -> Any:
        """Put it, remember the ids, read what it wrote."""
        world = self.world
        fields = {} if self.execution is None else {"execution": self.execution}
        response = world.call(
            tag,
            "PutExecution",
            artifact_event_pairs=self.pairs,
            contexts=self.contexts,
            **fields,
            **({"options": Options(**self.options)} if self.options else {}),
        )
        if response is None:
            return None
        world.remember(EXECUTION, [response.execution_id])
        world.remember(ARTIFACT, response.artifact_ids)
        world.remember(CONTEXT, response.context_ids)
        world.read(EXECUTION, [response.execution_id])
        world.read(ARTIFACT, [number for number in response.artifact_ids if number > 0])
        world.read(CONTEXT, list(response.context_ids))
        ids = {"execution_ids": [response.execution_id]}
        world.call("events of the step", "GetEventsByExecutionIDs", **ids)
        return response


def pair(world: World) -> Any:
    """Make a new artifact with its event, whose ends are left to the store."""
    return Pair(artifact=world.node(ARTIFACT), event=event(world))


def steps(world: World) -> None:
    """Put executions with all that belongs to them, in every way and with one fault."""
    world.usual_types()
    world.fill(2)
    Step(world).put("a step to work with")
    for _ in range(14):
        step = Step(world)
        twist = world.draw("twists", TWISTS)
        twist(world, step)
        step.put(f"step: {twist.__name__}")
        if twist not in ONCE and world.chance(0.4):
            step.put(f"step again: {twist.__name__}")
    world.read_all()


def step_with_a_missing_artifact(world: World) -> None:
    """Put an execution with an event of an artifact that is not there."""
    world.usual_types()
    pairs = [Pair(event=event(world, UNKNOWN_ID))]
    execution = world.node(EXECUTION)
    world.call(MISSING, "PutExecution", execution=execution, artifact_event_pairs=pairs)


def plain(world: World, step: Step) -> None:
    pass


def stored_execution(world: World, step: Step) -> None:
    step.execution = world.read_one(EXECUTION)
    step.execution.last_known_state = 3
    step.execution.custom_properties["note"].string_value = world.fresh("done")


def unchanged_execution(world: World, step: Step) -> None:
    step.execution = world.read_one(EXECUTION)


def unchanged_execution_forced(world: World, step: Step) -> None:
    step.execution = world.read_one(EXECUTION)
    step.options["force_update_time"] = True


def stored_artifact(world: World, step: Step) -> None:
    artifact = world.read_one(ARTIFACT)
    artifact.uri = world.fresh("/moved")
    step.pairs.append(Pair(artifact=artifact, event=event(world)))


def stored_artifact_by_event(world: World, step: Step) -> None:
    step.pairs.append(Pair(event=event(world, world.random.choice(world.nodes[ARTIFACT]))))


def event_names_both_ends(world: World, step: Step) -> None:
    step.execution = world.read_one(EXECUTION)
    step.execution.name = world.fresh("both")
    artifact = world.read_one(ARTIFACT)
    new = event(world, artifact.id, step.execution.id)
    step.pairs = [Pair(artifact=artifact, event=new)]


def event_names_another_artifact(world: World, step: Step) -> None:
    artifact = world.read_one(ARTIFACT)
    step.pairs.append(Pair(artifact=artifact, event=event(world, artifact.id + 1)))


def event_names_an_artifact_for_a_new_one(world: World, step: Step) -> None:
    new = event(world, world.nodes[ARTIFACT][0])
    step.pairs.append(Pair(artifact=world.node(ARTIFACT), event=new))


def event_names_another_execution(world: World, step: Step) -> None:
    step.execution = world.read_one(EXECUTION)
    new = event(world, execution=step.execution.id + 1)
    step.pairs = [Pair(artifact=world.node(ARTIFACT), event=new)]


def event_without_type(world: World, step: Step) -> None:
    new = event(world)
    new.ClearField("type")
    step.pairs.append(Pair(artifact=world.node(ARTIFACT), event=new))


def event_without_artifact(world: World, step: Step) -> None:
    step.pairs.append(Pair(event=event(world)))


def artifact_without_event(world: World, step: Step) -> None:
    step.pairs.append(Pair(artifact=world.node(ARTIFACT)))


def empty_pair(world: World, step: Step) -> None:
    # The original would link the contexts to an artifact -1, and fail to read them ever after.
    step.pairs.append(Pair())
    step.contexts = []


def same_event_twice(world: World, step: Step) -> None:
    artifact = world.random.choice(world.nodes[ARTIFACT])
    step.pairs = [Pair(event=nouns.Event(artifact_id=artifact, type=3))] * 2


def artifact_unknown(world: World, step: Step) -> None:
    artifact = world.node(ARTIFACT)
    artifact.id = UNKNOWN_ID
    step.pairs.append(Pair(artifact=artifact, event=event(world)))


def no_execution(world: World, step: Step) -> None:
    step.execution = None


def execution_unknown(world: World, step: Step) -> None:
    step.execution.id = UNKNOWN_ID


def execution_without_type(world: World, step: Step) -> None:
    step.execution.ClearField("type_id")


def execution_with_wrong_property(world: World, step: Step) -> None:
    step.execution.properties["an_int"].string_value = "1"


def artifact_with_unknown_property(world: World, step: Step) -> None:
    step.pairs.append(pair(world))
    step.pairs[-1].artifact.properties["undeclared"].int_value = 1


def context_with_unknown_property(world: World, step: Step) -> None:
    step.contexts.append(world.node(CONTEXT))
    step.contexts[-1].properties["undeclared"].int_value = 1


def context_without_name(world: World, step: Step) -> None:
    step.contexts.append(world.node(CONTEXT))
    step.contexts[-1].ClearField("name")


def context_without_type(world: World, step: Step) -> None:
    step.contexts.append(world.node(CONTEXT))
    step.contexts[-1].ClearField("type_id")
    step.contexts[-1].properties.clear()


def stored_context(world: World, step: Step) -> None:
    context = world.read_one(CONTEXT)
    context.custom_properties["note"].int_value = 5
    step.contexts.append(context)


def context_name_taken(world: World, step: Step) -> None:
    stored = world.read_one(CONTEXT)
    step.contexts.append(nouns.Context(type_id=stored.type_id, name=stored.name))


def context_reused(world: World, step: Step) -> None:
    context_name_taken(world, step)
    step.contexts[-1].custom_properties["note"].string_value = "not written"
    step.options["reuse_context_if_already_exist"] = True


def context_given_twice_reused(world: World, step: Step) -> None:
    new = world.node(CONTEXT)
    step.contexts = [new, new]
    step.options["reuse_context_if_already_exist"] = True


def contexts_force_reused(world: World, step: Step) -> None:
    chosen = world.random.sample(world.nodes[CONTEXT], 2)
    step.contexts = [nouns.Context(id=number) for number in chosen]
    step.options["force_reuse_context"] = True


def unknown_context_force_reused(world: World, step: Step) -> None:
    step.contexts = [nouns.Context(id=UNKNOWN_ID)]
    step.options["force_reuse_context"] = True


def external_id_taken(world: World, step: Step) -> None:
    taken = _with_external_id(world)
    artifact = world.node(ARTIFACT)
    artifact.type_id, artifact.external_id = taken.type_id, taken.external_id
    step.pairs.append(Pair(artifact=artifact, event=event(world)))


def external_id_reused(world: World, step: Step) -> None:
    external_id_taken(world, step)
    step.options["reuse_artifact_if_already_exist_by_external_id"] = True


def new_external_id_twice_reused(world: World, step: Step) -> None:
    first = world.node(ARTIFACT)
    first.external_id = world.fresh("twice")
    second = nouns.Artifact()
    second.CopyFrom(first)
    second.uri = world.fresh("/second")
    step.pairs = [
        Pair(artifact=first, event=nouns.Event(type=3)),
        Pair(artifact=second, event=nouns.Event(type=4)),
    ]
    step.options["reuse_artifact_if_already_exist_by_external_id"] = True


def _with_external_id(world: World) -> Any:
    """Read an artifact that has an external id, put one first where none has."""
    for stored in reversed(world.read(ARTIFACT, world.nodes[ARTIFACT])):
        if stored.HasField("external_id"):
            return stored
    node = world.node(ARTIFACT)
    node.external_id = world.fresh("external")
    (number,) = world.put("node to work with", ARTIFACT, [node]) or [0]
    return world.read(ARTIFACT, [number])[0]


TWISTS = (
    plain,
    plain,
    stored_execution,
    unchanged_execution,
    unchanged_execution_forced,
    stored_artifact,
    stored_artifact_by_event,
    event_names_both_ends,
    event_names_another_artifact,
    event_names_an_artifact_for_a_new_one,
    event_names_another_execution,
    event_without_type,
    event_without_artifact,
    artifact_without_event,
    empty_pair,
    same_event_twice,
    artifact_unknown,
    no_execution,
    execution_unknown,
    execution_without_type,
    execution_with_wrong_property,
    artifact_with_unknown_property,
    context_with_unknown_property,
    context_without_name,
    context_without_type,
    stored_context,
    context_name_taken,
    context_reused,
    context_given_twice_reused,
    contexts_force_reused,
    unknown_context_force_reused,
    external_id_taken,
    external_id_reused,
    new_external_id_twice_reused,
)

# Without an execution there is no step; and what the second does is left out, see differences.py.
ONCE = (no_execution, new_external_id_twice_reused)
