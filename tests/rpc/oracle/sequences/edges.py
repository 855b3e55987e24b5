"""Sequences about what links nodes: events, attributions, associations, parents."""

from __future__ import annotations

from typing import Any

from ml_metadata.proto import metadata_store_pb2 as nouns

from .world import ARTIFACT, CONTEXT, EXECUTION, UNKNOWN_ID, World

EVENT_TYPES = (1, 2, 3, 4, 5, 6, 7)


def event(world: World, artifact: int | None = None, execution: int | None = None) -> Any:
    """Make an event of any type between two ends; its time, where it has one, lies long ago."""
    new = nouns.Event(type=world.random.choice(EVENT_TYPES))
    if artifact is not None:
        new.artifact_id = artifact
    if execution is not None:
        new.execution_id = execution
    if world.chance(0.5):
        new.milliseconds_since_epoch = world.random.choice((1, 1234567890, 0, 999_999_999_999))
    for _ in range(world.random.choice((0, 0, 1, 2, 3))):
        step = new.path.steps.add()
        if world.chance(0.5):
            step.index = world.random.choice((0, 1, 7, -1))
        else:
            step.key = world.random.choice(("", "input", "näme"))
    if world.chance(0.1):
        new.path.SetInParent()
    return new


def events(world: World) -> None:
    """Put events, alone and together, again, and with one fault."""
    world.usual_types()
    world.fill(6, (ARTIFACT, EXECUTION))
    pairs = [(a, e) for a in world.nodes[ARTIFACT] for e in world.nodes[EXECUTION]]
    world.random.shuffle(pairs)
    put: list[Any] = []
    for _ in range(22):
        new = [event(world, *pairs.pop()) for _ in range(world.random.choice((1, 1, 2)))]
        fault = world.draw("faults", EVENT_FAULTS)
        _spoil(world, fault, new, put)
        if world.call(f"events: {fault}", "PutEvents", events=new) is not None:
            put += new
        if world.chance(0.4):
            read_events(world)
    world.read_all()


EVENT_FAULTS = (
    "none",
    "none",
    "none",
    "no artifact",
    "no execution",
    "no type",
    "type unknown",
    "unknown artifact",
    "unknown execution",
    "again",
    "again with another path",
    "another type",
    "both twice",
)


def _spoil(world: World, fault: str, new: list[Any], put: list[Any]) -> None:
    last = new[-1]
    if fault == "no artifact":
        last.ClearField("artifact_id")
    elif fault == "no execution":
        last.ClearField("execution_id")
    elif fault == "no type":
        last.ClearField("type")
    elif fault == "type unknown":
        last.type = 0
    elif fault == "unknown artifact":
        last.artifact_id = UNKNOWN_ID
    elif fault == "unknown execution":
        last.execution_id = UNKNOWN_ID
    elif fault == "both twice":
        new.append(last)
    elif fault.startswith("a") and put:
        last.CopyFrom(world.random.choice(put))
        if fault == "again with another path":
            last.path.steps.add().key = "another"
        elif fault == "another type":
            # Its own next type: of one pair, type by type is used up in this order.
            last.type = last.type % len(EVENT_TYPES) + 1


def read_events(world: World) -> None:
    """Read events by some of their ends."""
    for kind in (ARTIFACT, EXECUTION):
        ids = [*world.some(world.nodes[kind], 4)]
        unknown = world.draw(f"unknown {kind.noun}", (False, False, True))
        ids += [UNKNOWN_ID, ids[0]] if unknown else []
        name = f"GetEventsBy{kind.noun}IDs"
        world.call("events of some", name, **{f"{kind.field}_ids": ids})
    name = world.draw("none", ("GetEventsByArtifactIDs", "GetEventsByExecutionIDs"))
    world.call("events of none", name)


def groups(world: World) -> None:
    """Put attributions and associations, again, and with one fault; read both ways."""
    world.usual_types()
    world.fill(4)
    for _ in range(14):
        fields = {
            "attributions": [attribution(world) for _ in range(world.random.randint(0, 2))],
            "associations": [association(world) for _ in range(world.random.randint(0, 2))],
        }
        fault = world.draw("faults", GROUP_FAULTS)
        field, end = fault.split(" ")[-2:] if fault != "none" else ("", "")
        if fault != "none":
            make = attribution if field == "attributions" else association
            wrong = make(world)
            if fault.startswith("no "):
                wrong.ClearField(end)
            else:
                setattr(wrong, end, UNKNOWN_ID)
            fields[field].append(wrong)
        world.call(f"groups: {fault}", "PutAttributionsAndAssociations", **fields)
        read_groups(world)
    world.call("nothing to put", "PutAttributionsAndAssociations")


GROUP_FAULTS = (
    "none",
    "none",
    "none",
    *(
        f"{what} {field} {end}"
        for what in ("no", "unknown")
        for field, ends in {
            "attributions": ("artifact_id", "context_id"),
            "associations": ("execution_id", "context_id"),
        }.items()
        for end in ends
    ),
)


def attribution(world: World) -> Any:
    """Make an attribution of a known artifact to a known context."""
    choose = world.random.choice
    return nouns.Attribution(
        artifact_id=choose(world.nodes[ARTIFACT]), context_id=choose(world.nodes[CONTEXT])
    )


def association(world: World) -> Any:
    """Make an association of a known execution with a known context."""
    choose = world.random.choice
    return nouns.Association(
        execution_id=choose(world.nodes[EXECUTION]), context_id=choose(world.nodes[CONTEXT])
    )


def read_groups(world: World) -> None:
    """Read what contexts hold, and what holds contexts."""
    unknown = world.draw("unknown", (False, False, False, True))
    for kind in (ARTIFACT, EXECUTION):
        context = UNKNOWN_ID if unknown else world.random.choice(world.nodes[CONTEXT])
        world.call("nodes of a context", f"Get{kind.noun}sByContext", context_id=context)
        node = UNKNOWN_ID if unknown else world.random.choice(world.nodes[kind])
        world.call("contexts of a node", f"GetContextsBy{kind.noun}", **{f"{kind.field}_id": node})


def parents(world: World) -> None:
    """Put parents of contexts, again, in circles, and with one fault."""
    world.usual_types()
    world.fill(6, (CONTEXT,))
    contexts = world.nodes[CONTEXT]
    put: list[tuple[int, int]] = []
    for _ in range(22):
        fault = world.draw("faults", PARENT_FAULTS)
        # Parents have lower ids, so that only what is meant to is a circle.
        child, parent = sorted(world.random.sample(contexts, 2), reverse=True)
        if fault == "none" and (child, parent) in put:
            fault = "again"
        link = nouns.ParentContext(child_id=child, parent_id=parent)
        _misplace(world, fault, link, put)
        tag = f"parents: {fault}"
        if world.call(tag, "PutParentContexts", parent_contexts=[link]) is not None:
            put.append((child, parent))
        world.call("parents", "GetParentContextsByContext", context_id=child)
        world.call("children", "GetChildrenContextsByContext", context_id=parent)
    world.call("parents of an unknown context", "GetParentContextsByContext", context_id=UNKNOWN_ID)
    world.call("no context asked", "GetChildrenContextsByContext")


PARENT_FAULTS = (
    *("none",) * 6,
    "no child",
    "no parent",
    "unknown child",
    "unknown parent",
    "its own parent",
    "again",
    "circle",
)


def _misplace(world: World, fault: str, link: Any, put: list[tuple[int, int]]) -> None:
    if fault == "no child":
        link.ClearField("child_id")
    elif fault == "no parent":
        link.ClearField("parent_id")
    elif fault == "unknown child":
        link.child_id = UNKNOWN_ID
    elif fault == "unknown parent":
        link.parent_id = UNKNOWN_ID
    elif fault == "its own parent":
        link.parent_id = link.child_id
    elif put and fault in ("again", "circle"):
        child, parent = world.random.choice(put)
        link.child_id, link.parent_id = (child, parent) if fault == "again" else (parent, child)
