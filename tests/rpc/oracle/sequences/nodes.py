"""Sequences about artifacts, executions and contexts: made, changed, masked and refused."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

from google.protobuf import field_mask_pb2
from ml_metadata.proto import metadata_store_pb2 as nouns
from ml_metadata.proto import metadata_store_service_pb2 as requests

from .world import ARTIFACT, CONTEXT, EXECUTION, KINDS, PROPERTIES, UNKNOWN_ID, Kind, World

Edit = Callable[[World, Kind, Any], None]


def made(world: World) -> None:
    """Create nodes, rightly and with one fault, and read everything back."""
    world.usual_types()
    world.fill(2)
    for _ in range(30):
        kind = world.draw("kinds", KINDS)
        nodes = [world.node(kind, full=0.7) for _ in range(world.random.randint(1, 3))]
        fault = world.draw("faults", [None, None, None, *CREATE_FAULTS])
        tag = "new nodes"
        if fault is not None:
            tag = f"new node: {fault.__name__}"
            fault(world, kind, world.random.choice(nodes))
        ids = world.put(tag, kind, nodes)
        if ids is not None and world.chance(0.5):
            world.read(kind, ids)
    world.read_all()


def changed(world: World) -> None:
    """Update nodes: wholly, not at all, in one place, with one fault."""
    world.usual_types()
    world.fill(3)
    for _ in range(20):
        kind = world.draw("kinds", KINDS)
        node = world.read_one(kind)
        edit = world.draw(f"edits {kind.noun}", EDITS)
        edit(world, kind, node)
        nodes = [node]
        if world.chance(0.2):
            nodes.append(world.node(kind))
        if world.chance(0.1):
            nodes.append(node)
        world.put(f"update: {edit.__name__}", kind, nodes)
        world.read(kind, [node.id])
    world.read_all()


def masked(world: World) -> None:
    """Update nodes through masks."""
    world.usual_types()
    world.fill(3)
    for _ in range(20):
        kind = world.draw("kinds", KINDS)
        stored = world.read_one(kind)
        node = world.node(kind, full=0.8)
        node.id = stored.id
        node.type_id = stored.type_id
        paths = [world.draw(f"paths {kind.noun}", PATHS) for _ in range(world.random.randint(0, 3))]
        if kind is CONTEXT and "name" not in paths and world.chance(0.5):
            node.ClearField("name")
        nodes = [node]
        if world.chance(0.2):
            nodes.append(world.node(kind))
        world.put("masked update", kind, nodes, update_mask=field_mask_pb2.FieldMask(paths=paths))
        world.read(kind, [node.id])


def states(world: World) -> None:
    """Give nodes the state UNKNOWN, another and none, and each of them after each: none is not UNKNOWN."""
    world.usual_types()
    for kind in (ARTIFACT, EXECUTION):
        field = kind.state_field or ""
        masks = (None, (field,), ("external_id",))
        for before, after, paths in product((None, 0, 2), (None, 0, 3), masks):
            declared = world.types[kind][0]
            nodes = [kind.new(type_id=declared.id) for _ in range(2)]
            if not paths:  # as who reads before writing: without it the time of update changes
                nodes[1].type = declared.name
            for node, state in zip(nodes, (before, after), strict=True):
                if kind is ARTIFACT:
                    node.uri = "/data"
                if state is not None:
                    setattr(node, field, state)
            ids = world.put(f"state {before}", kind, nodes[:1]) or []
            nodes[1].id = ids[0]
            mask = {"update_mask": field_mask_pb2.FieldMask(paths=paths)} if paths else {}
            world.put(f"state {before} becomes {after}, mask {paths}", kind, nodes[1:], **mask)
            world.read(kind, ids)
        for text in ("{} IS NULL", "{} = UNKNOWN", "{} != UNKNOWN", "NOT {} = UNKNOWN"):
            options = nouns.ListOperationOptions(filter_query=text.format(field))
            world.call("states", f"Get{kind.noun}s", options=options)


def unless_newer(world: World) -> None:
    """Update artifacts only where nobody else has since they were read."""
    world.usual_types()
    world.fill(4, (ARTIFACT,))
    options = requests.PutArtifactsRequest.Options(abort_if_latest_updated_time_changed=True)
    for _ in range(10):
        first = world.read_one(ARTIFACT)
        second = nouns.Artifact()
        second.CopyFrom(first)
        first.uri = world.fresh("first")
        second.uri = world.fresh("second")
        world.put("update what was just read", ARTIFACT, [first], options=options)
        if world.chance(0.5):
            world.put("update what has changed", ARTIFACT, [second], options=options)
        else:
            world.put("update unasked what has changed", ARTIFACT, [second])
        world.read(ARTIFACT, [first.id])
    world.put("new node with the option", ARTIFACT, [world.node(ARTIFACT)], options=options)
    stale = world.read_one(ARTIFACT)
    stale.ClearField("last_update_time_since_epoch")
    stale.uri = "without a time"
    world.put("update without a time", ARTIFACT, [stale], options=options)
    world.read_all()


def other_type(world: World, kind: Kind, type_id: int) -> int:
    """Return the id of another type of this kind."""
    return int(next(known.id for known in world.types[kind] if known.id != type_id))


# -- one fault in a new node -------------------------------------------------------------------


def without_type(world: World, kind: Kind, node: Any) -> None:
    node.ClearField("type_id")


def of_unknown_type(world: World, kind: Kind, node: Any) -> None:
    node.type_id = UNKNOWN_ID


def of_another_kinds_type(world: World, kind: Kind, node: Any) -> None:
    other = KINDS[(KINDS.index(kind) + 1) % len(KINDS)]
    node.type_id = world.types[other][0].id
    node.properties.clear()


def with_unknown_property(world: World, kind: Kind, node: Any) -> None:
    node.properties["undeclared"].int_value = 1


def with_wrong_property(world: World, kind: Kind, node: Any) -> None:
    name = world.draw("wrong", PROPERTIES)
    others = sorted({*PROPERTIES.values()} - {PROPERTIES[name]})
    node.properties[name].CopyFrom(world.value(world.random.choice(others)))


def with_int_for_double(world: World, kind: Kind, node: Any) -> None:
    node.properties["a_double"].CopyFrom(nouns.Value(int_value=1))


def with_empty_property(world: World, kind: Kind, node: Any) -> None:
    node.properties["an_int"].CopyFrom(nouns.Value())


def with_taken_name(world: World, kind: Kind, node: Any) -> None:
    stored = next(known for known in world.read(kind, world.nodes[kind]) if known.HasField("name"))
    node.type_id, node.name = stored.type_id, stored.name


def with_name_of_another_type(world: World, kind: Kind, node: Any) -> None:
    stored = next(known for known in world.read(kind, world.nodes[kind]) if known.HasField("name"))
    node.name = stored.name
    node.type_id = other_type(world, kind, stored.type_id)


def with_empty_name(world: World, kind: Kind, node: Any) -> None:
    node.name = ""


def without_name(world: World, kind: Kind, node: Any) -> None:
    node.ClearField("name")


def with_taken_external_id(world: World, kind: Kind, node: Any) -> None:
    for stored in world.read(kind, world.nodes[kind]):
        if stored.HasField("external_id"):
            node.external_id = stored.external_id


def with_empty_external_id(world: World, kind: Kind, node: Any) -> None:
    node.external_id = ""


def with_times_and_type_name(world: World, kind: Kind, node: Any) -> None:
    node.create_time_since_epoch = 5
    node.last_update_time_since_epoch = 6
    node.type = "Not this one"


def with_unknown_state(world: World, kind: Kind, node: Any) -> None:
    if kind.state_field:
        setattr(node, kind.state_field, 0)


def with_all_it_can_have(world: World, kind: Kind, node: Any) -> None:
    full = world.node(kind, full=1.0)
    for name, declared in PROPERTIES.items():
        full.properties[name].CopyFrom(world.value(declared))
    node.CopyFrom(full)


CREATE_FAULTS: tuple[Edit, ...] = (
    without_type,
    of_unknown_type,
    of_another_kinds_type,
    with_unknown_property,
    with_wrong_property,
    with_int_for_double,
    with_empty_property,
    with_taken_name,
    with_name_of_another_type,
    with_empty_name,
    without_name,
    with_taken_external_id,
    with_empty_external_id,
    with_times_and_type_name,
    with_unknown_state,
    with_all_it_can_have,
)

# -- one change of a stored node ---------------------------------------------------------------


def as_it_is(world: World, kind: Kind, node: Any) -> None:
    pass


def only_its_id(world: World, kind: Kind, node: Any) -> None:
    only = kind.new(id=node.id)
    if kind is CONTEXT:
        only.name = node.name
    node.CopyFrom(only)


def anew(world: World, kind: Kind, node: Any) -> None:
    new = world.node(kind, full=0.8)
    new.id, new.type_id = node.id, node.type_id
    node.CopyFrom(new)


def without_its_type(world: World, kind: Kind, node: Any) -> None:
    node.ClearField("type_id")
    node.custom_properties["note"].string_value = world.fresh("typeless")


def of_another_type(world: World, kind: Kind, node: Any) -> None:
    node.type_id = other_type(world, kind, node.type_id)


def of_unknown_id(world: World, kind: Kind, node: Any) -> None:
    node.id = UNKNOWN_ID


def of_id_zero(world: World, kind: Kind, node: Any) -> None:
    node.id = 0


def of_negative_id(world: World, kind: Kind, node: Any) -> None:
    node.id = -1


def renamed(world: World, kind: Kind, node: Any) -> None:
    node.name = world.fresh("renamed")


def renamed_to_nothing(world: World, kind: Kind, node: Any) -> None:
    node.name = ""


def renamed_to_a_taken_name(world: World, kind: Kind, node: Any) -> None:
    for stored in world.read(kind, world.nodes[kind]):
        if stored.type_id == node.type_id and stored.id != node.id and stored.HasField("name"):
            node.name = stored.name


def of_another_state(world: World, kind: Kind, node: Any) -> None:
    if kind.state_field:
        setattr(node, kind.state_field, world.random.choice(kind.states))


def without_state(world: World, kind: Kind, node: Any) -> None:
    if kind.state_field:
        node.ClearField(kind.state_field)


def with_property_set(world: World, kind: Kind, node: Any) -> None:
    name = world.random.choice(sorted(PROPERTIES))
    node.properties[name].CopyFrom(world.value(PROPERTIES[name]))


def with_properties_gone(world: World, kind: Kind, node: Any) -> None:
    node.properties.clear()


def with_custom_property_of_another_kind(world: World, kind: Kind, node: Any) -> None:
    value = world.value(world.random.choice(sorted({*PROPERTIES.values()})))
    node.custom_properties["note"].CopyFrom(value)


def with_custom_properties_gone(world: World, kind: Kind, node: Any) -> None:
    node.custom_properties.clear()


def with_external_id(world: World, kind: Kind, node: Any) -> None:
    node.external_id = world.fresh("later")


def without_external_id(world: World, kind: Kind, node: Any) -> None:
    node.ClearField("external_id")


def with_external_id_of_another(world: World, kind: Kind, node: Any) -> None:
    for stored in world.read(kind, world.nodes[kind]):
        if stored.HasField("external_id") and stored.id != node.id:
            node.external_id = stored.external_id


EDITS: tuple[Edit, ...] = (
    as_it_is,
    only_its_id,
    anew,
    anew,
    without_its_type,
    of_another_type,
    of_unknown_id,
    of_id_zero,
    of_negative_id,
    renamed,
    renamed_to_nothing,
    without_name,
    renamed_to_a_taken_name,
    of_another_state,
    without_state,
    with_property_set,
    with_properties_gone,
    with_unknown_property,
    with_wrong_property,
    with_custom_property_of_another_kind,
    with_custom_properties_gone,
    with_external_id,
    without_external_id,
    with_external_id_of_another,
)

PATHS = (
    "uri",
    "state",
    "last_known_state",
    "external_id",
    "name",
    "properties",
    "custom_properties",
    "properties.an_int",
    "properties.a_struct",
    "properties.undeclared",
    "custom_properties.note",
    "custom_properties.größe",
    "custom_properties.never",
    "type_id",
    "id",
    "type",
    "create_time_since_epoch",
    "no such field",
    "",
)
