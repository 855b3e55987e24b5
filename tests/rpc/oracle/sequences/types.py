"""Sequences about types: versions, base types, what may be added, omitted and changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ml_metadata.proto import metadata_store_pb2 as nouns

from .world import CONTEXT, EXECUTION, KINDS, PROPERTIES, UNKNOWN_ID, Kind, World

SYSTEM_NAMES = ("mlmd.Dataset", "mlmd.Train", "mlmd.Deploy")


def evolving(world: World) -> None:
    """Put types, put them again with one thing changed, read them."""
    for kind in KINDS:
        world.put_type("new type", kind, new_type(world, kind))
        world.put_type("new type", kind, new_type(world, kind))
    for _ in range(24):
        kind = world.draw("kinds", KINDS)
        change = world.draw("changes", CHANGES)
        new, options = change(world, kind)
        world.put_type(change.__name__, kind, new, **options)
        if world.chance(0.5):
            read_types(world, kind)
    for kind in KINDS:
        world.call("all types", f"Get{kind.noun}Types")


def in_batches(world: World) -> None:
    """Put several types at once, all or nothing."""
    for _ in range(9):
        fault = world.random.choice(KINDS) if world.chance(0.5) else None
        fields: dict[str, list[Any]] = {}
        tag = "types in a batch"
        for kind in KINDS:
            several = [new_type(world, kind) for _ in range(world.random.randint(0, 2))]
            if several and world.chance(0.4):
                several.append(several[0])
            if kind is fault:
                tag = "batch with a type without a name"
                several.append(kind.new_type())
            fields[f"{kind.field}_types"] = several
        response = world.call(tag, "PutTypes", **fields)
        if response is not None:
            for kind in KINDS:
                for type_id in sorted({*getattr(response, f"{kind.field}_type_ids")}):
                    world.remember_type(kind, type_id)
        for kind in KINDS:
            world.call("all types", f"Get{kind.noun}Types")


def new_type(world: World, kind: Kind) -> Any:
    """Make a type that breaks no rule."""
    new = kind.new_type(name=world.fresh("Type"))
    if world.chance(0.4):
        new.version = world.random.choice(("", "v1", "ü 2"))
    if world.chance(0.4):
        new.description = world.random.choice(("", "what it is for"))
    if world.chance(0.6):
        new.external_id = world.fresh("type")
    if kind.base_types and world.chance(0.5):
        new.base_type = world.random.choice(kind.base_types)
    for name in world.some(PROPERTIES, 4):
        new.properties[name] = PROPERTIES[name]
    if kind is EXECUTION and world.chance(0.3):
        new.input_type.dict.properties["in"].simple.name = "Some"
        new.output_type.none.SetInParent()
    return new


def stored(world: World, kind: Kind) -> Any:
    """Return a type as it is stored, its id left out."""
    copy = kind.new_type()
    copy.CopyFrom(world.random.choice(world.types[kind]))
    copy.ClearField("id")
    return copy


def another(world: World, kind: Kind) -> tuple[Any, dict[str, Any]]:
    return new_type(world, kind), {}


def put_again(world: World, kind: Kind) -> tuple[Any, dict[str, Any]]:
    return stored(world, kind), {}


def another_version(world: World, kind: Kind) -> tuple[Any, dict[str, Any]]:
    new = stored(world, kind)
    new.ClearField("external_id")
    new.version = world.fresh("v")
    return new, {}


def name_of_another_kind(world: World, kind: Kind) -> tuple[Any, dict[str, Any]]:
    other = KINDS[(KINDS.index(kind) + 1) % len(KINDS)]
    return kind.new_type(name=stored(world, other).name), {}


def with_an_id(world: World, kind: Kind) -> tuple[Any, dict[str, Any]]:
    new = new_type(world, kind)
    new.id = UNKNOWN_ID
    return new, {}


def field_added(world: World, kind: Kind) -> tuple[Any, dict[str, Any]]:
    new = stored(world, kind)
    new.properties[world.fresh("added")] = nouns.STRING
    return new, {"can_add_fields": world.chance(0.5)}


def field_omitted(world: World, kind: Kind) -> tuple[Any, dict[str, Any]]:
    new = stored(world, kind)
    if new.properties:
        del new.properties[sorted(new.properties)[0]]
    return new, {"can_omit_fields": world.chance(0.5)}


def field_added_and_omitted(world: World, kind: Kind) -> tuple[Any, dict[str, Any]]:
    new = stored(world, kind)
    new.properties.clear()
    new.properties[world.fresh("added")] = nouns.DOUBLE
    return new, {"can_add_fields": True, "can_omit_fields": True}


def field_of_another_kind(world: World, kind: Kind) -> tuple[Any, dict[str, Any]]:
    new = stored(world, kind)
    for name in sorted(new.properties)[:1]:
        new.properties[name] = nouns.STRING if new.properties[name] != nouns.STRING else nouns.INT
    return new, {"can_add_fields": True, "can_omit_fields": True}


def field_of_unknown_kind(world: World, kind: Kind) -> tuple[Any, dict[str, Any]]:
    new = new_type(world, kind)
    new.properties["unknown"] = nouns.UNKNOWN
    return new, {}


def nameless(world: World, kind: Kind) -> tuple[Any, dict[str, Any]]:
    new = new_type(world, kind)
    new.name = ""
    if world.chance(0.5):
        new.ClearField("name")
    return new, {}


def not_all_fields_match(world: World, kind: Kind) -> tuple[Any, dict[str, Any]]:
    return stored(world, kind), {"all_fields_match": False}


def external_id_taken(world: World, kind: Kind) -> tuple[Any, dict[str, Any]]:
    new = new_type(world, kind)
    taken = [known.external_id for known in world.types[kind] if known.external_id]
    if taken:
        new.external_id = world.random.choice(taken)
    return new, {}


def external_id_given_later(world: World, kind: Kind) -> tuple[Any, dict[str, Any]]:
    new = stored(world, kind)
    new.external_id = world.fresh("later")
    return new, {}


def external_id_of_another_type(world: World, kind: Kind) -> tuple[Any, dict[str, Any]]:
    new = stored(world, kind)
    taken = [
        known.external_id
        for known in world.types[kind]
        if known.external_id and known.name != new.name
    ]
    if taken:
        new.external_id = world.random.choice(taken)
    return new, {}


def external_id_left_out(world: World, kind: Kind) -> tuple[Any, dict[str, Any]]:
    new = stored(world, kind)
    new.ClearField("external_id")
    return new, {}


def description_changed(world: World, kind: Kind) -> tuple[Any, dict[str, Any]]:
    new = stored(world, kind)
    new.description = world.fresh("about")
    return new, {}


def base_type_left_out(world: World, kind: Kind) -> tuple[Any, dict[str, Any]]:
    new = stored(world, kind)
    new.ClearField("base_type")
    return new, {}


def base_type_changed(world: World, kind: Kind) -> tuple[Any, dict[str, Any]]:
    new = stored(world, kind)
    if kind is not CONTEXT:
        new.base_type = world.random.choice(kind.base_types)
    return new, {}


def base_type_unset(world: World, kind: Kind) -> tuple[Any, dict[str, Any]]:
    new = stored(world, kind)
    new.base_type = 0
    return new, {}


CHANGES: tuple[Callable[[World, Kind], tuple[Any, dict[str, Any]]], ...] = (
    another,
    put_again,
    another_version,
    name_of_another_kind,
    with_an_id,
    field_added,
    field_omitted,
    field_added_and_omitted,
    field_of_another_kind,
    field_of_unknown_kind,
    nameless,
    not_all_fields_match,
    external_id_taken,
    external_id_given_later,
    external_id_of_another_type,
    external_id_left_out,
    description_changed,
    base_type_left_out,
    base_type_changed,
    base_type_unset,
)


def read_types(world: World, kind: Kind) -> None:
    """Read types in one of the ways there are."""
    known = world.random.choice(world.types[kind])
    external = [other.external_id for other in world.types[kind] if other.external_id]
    by_name, by_id = f"Get{kind.noun}Type", f"Get{kind.noun}TypesByID"
    by_external = f"Get{kind.noun}TypesByExternalIds"
    version = {"type_version": known.version} if known.HasField("version") else {}
    reads: list[tuple[str, str, dict[str, Any]]] = [
        ("type by name", by_name, {"type_name": known.name, **version}),
        ("type by name, empty version", by_name, {"type_name": known.name, "type_version": ""}),
        ("type by name, other version", by_name, {"type_name": known.name, "type_version": "no"}),
        ("no such type", by_name, {"type_name": "No such type"}),
        ("no name asked", by_name, {}),
        ("system type", by_name, {"type_name": world.random.choice(SYSTEM_NAMES)}),
        ("types by id", by_id, {"type_ids": [known.id, world.types[kind][0].id, known.id]}),
        ("types by unknown id", by_id, {"type_ids": [known.id, UNKNOWN_ID]}),
        ("no types by id", by_id, {}),
        ("system types by id", by_id, {"type_ids": list(range(1, 10))}),
        ("types of all kinds by id", by_id, {"type_ids": list(range(10, 20))}),
        ("types by external id", by_external, {"external_ids": external}),
        ("types by unknown external id", by_external, {"external_ids": ["no such"]}),
        ("types by some unknown", by_external, {"external_ids": [*external, "no such"]}),
        ("types by empty external id", by_external, {"external_ids": [*external, ""]}),
    ]
    number = world.draw("reads", range(len(reads)))
    tag, name, fields = reads[number]
    world.call(tag, name, **fields)
