"""Sequences about reading: by key, in lists with orders, limits, tokens and filters."""

from __future__ import annotations

from typing import Any

from google.protobuf import field_mask_pb2
from ml_metadata.proto import metadata_store_pb2 as nouns

from .edges import association, attribution
from .world import ARTIFACT, CONTEXT, EXECUTION, KINDS, UNKNOWN_ID, Kind, World

List = nouns.ListOperationOptions
Order = List.OrderByField
CREATED, UPDATED, BY_ID = Order.CREATE_TIME, Order.LAST_UPDATE_TIME, Order.ID


def by_key(world: World) -> None:
    """Read nodes by id, name, type, URI and external id, found and not found."""
    world.usual_types()
    world.put_type("type nobody uses", ARTIFACT, ARTIFACT.new_type(name="Unused"))
    for kind in KINDS:
        new = kind.new_type(name="Usual", version="v2", base_type=(kind.base_types or (None,))[0])
        world.put_type("second version", kind, new)
    world.fill(6)
    for _ in range(40):
        kind = world.draw("kinds", KINDS)
        stored = world.read(kind, world.nodes[kind])
        reads = [*_by_name(kind, stored), *_by_id(kind, world), *_by_external_id(kind, stored)]
        number = world.draw(f"reads {kind.noun}", range(len(reads)))
        tag, name, fields = reads[number]
        world.call(tag, name, **fields)
    for uris in ([], ["/data/1"], ["", "s3://bucket/ü b", "/data/1"], ["no such"]):
        world.call("artifacts by uri", "GetArtifactsByURI", uris=uris)


Read = tuple[str, str, dict[str, Any]]


def _by_name(kind: Kind, stored: list[Any]) -> list[Read]:
    one, many = f"Get{kind.noun}ByTypeAndName", f"Get{kind.noun}sByType"
    field = f"{kind.field}_name"
    named = [node for node in stored if node.HasField("name")][:2]
    reads: list[Read] = [
        ("by type and name", one, {"type_name": node.type, field: node.name}) for node in named
    ]
    reads += [
        ("by type and unknown name", one, {"type_name": "Usual", field: "no such"}),
        ("by unknown type and name", one, {"type_name": "no such", field: "no such"}),
        ("by type and no name", one, {"type_name": "Usual"}),
        ("by type", many, {"type_name": "Usual"}),
        ("by type and version", many, {"type_name": "Usual", "type_version": "v2"}),
        ("by type and empty version", many, {"type_name": "Other", "type_version": ""}),
        ("by unknown type", many, {"type_name": "no such"}),
        ("by type and unknown version", many, {"type_name": "Usual", "type_version": "v3"}),
        ("by no type", many, {}),
        ("by type, some", many, {"type_name": "Usual", "options": List(max_result_size=2)}),
    ]
    return reads


def _by_id(kind: Kind, world: World) -> list[Read]:
    name, field, ids = f"Get{kind.noun}sByID", f"{kind.field}_ids", world.nodes[kind]
    reads: list[Read] = [
        ("by ids in no order", name, {field: [ids[-1], ids[0], ids[2], ids[0]]}),
        ("by unknown ids", name, {field: [UNKNOWN_ID, ids[1], 0, -1]}),
        ("by no ids", name, {}),
    ]
    if kind is ARTIFACT:
        fields = {field: ids, "populate_artifact_types": True}
        reads.append(("by ids, with types", name, fields))
        reads.append(("by no ids, with types", name, {"populate_artifact_types": True}))
    return reads


def _by_external_id(kind: Kind, stored: list[Any]) -> list[Read]:
    name = f"Get{kind.noun}sByExternalIds"
    known = [node.external_id for node in reversed(stored) if node.HasField("external_id")]
    return [
        ("by external ids", name, {"external_ids": known}),
        ("by external ids, some unknown", name, {"external_ids": [*known, "no such"]}),
        ("by unknown external ids", name, {"external_ids": ["no such"]}),
        ("by external ids, one empty", name, {"external_ids": [*known, ""]}),
        ("by no external ids", name, {}),
    ]


def lists(world: World) -> None:
    """List nodes in every order, page by page."""
    world.usual_types()
    for _ in range(9):
        # One by one: by LAST_UPDATE_TIME the original never ends a list of nodes updated at once.
        world.fill(1)
    for kind in KINDS:
        for number in world.random.sample(world.nodes[kind], 4):
            node = world.read(kind, [number])[0]
            node.custom_properties["note"].string_value = world.fresh("changed")
            world.put("changed one after the other", kind, [node])
    _link(world)
    for _ in range(9):
        name, fields = world.draw("lists", _lists(world))
        field = world.draw("orders", (BY_ID, CREATED, UPDATED))
        order = Order(field=field, is_asc=world.chance(0.5))
        options = List(max_result_size=world.random.choice((2, 4)), order_by_field=order)
        pages(world, name, options, fields)


def pages(world: World, name: str, options: Any, fields: dict[str, Any]) -> None:
    """Follow a list to its end."""
    tag = "first page"
    while True:
        response = world.call(tag, name, options=options, **fields)
        if response is None or not response.next_page_token:
            return
        options.next_page_token = response.next_page_token
        tag = "further page"


def _lists(world: World) -> list[tuple[str, dict[str, Any]]]:
    context = world.nodes[CONTEXT][0]
    return [
        *((f"Get{kind.noun}s", {}) for kind in KINDS),
        *((f"Get{kind.noun}sByType", {"type_name": "Usual"}) for kind in KINDS),
        ("GetArtifactsByContext", {"context_id": context}),
        ("GetExecutionsByContext", {"context_id": context}),
    ]


def _link(world: World) -> None:
    context = world.nodes[CONTEXT][0]
    world.call(
        "one context with many",
        "PutAttributionsAndAssociations",
        attributions=[
            nouns.Attribution(artifact_id=number, context_id=context)
            for number in world.nodes[ARTIFACT][:7]
        ],
        associations=[
            nouns.Association(execution_id=number, context_id=context)
            for number in world.nodes[EXECUTION][:7]
        ],
    )
    world.call(
        "others with some",
        "PutAttributionsAndAssociations",
        attributions=[attribution(world) for _ in range(4)],
        associations=[association(world) for _ in range(4)],
    )


def options_of_lists(world: World) -> None:
    """List with options at their limits, wrong ones, and tokens that do not fit."""
    world.usual_types()
    world.fill(5)
    _link(world)
    for _ in range(14):
        name, fields = world.draw("lists", _lists(world))
        tag, options = world.draw("options", _options())
        world.call(f"list: {tag}", name, options=options, **fields)
    for field, is_asc in ((CREATED, True), (BY_ID, False)):
        order = Order(field=BY_ID, is_asc=True)
        options = List(max_result_size=2, order_by_field=order)
        response = world.call("first page", "GetArtifacts", options=options)
        options.next_page_token = response.next_page_token
        options.order_by_field.field, options.order_by_field.is_asc = field, is_asc
        world.call("list: token of another order", "GetArtifacts", options=options)


def _options() -> list[tuple[str, Any]]:
    return [
        ("no options set", List()),
        ("limit 0", List(max_result_size=0)),
        ("limit below 0", List(max_result_size=-1)),
        ("limit 1", List(max_result_size=1)),
        ("limit 100", List(max_result_size=100)),
        ("limit above 100", List(max_result_size=1000)),
        ("no order", List(order_by_field=Order())),
        ("order unspecified", List(order_by_field=Order(field=0))),
        ("descending, no field", List(order_by_field=Order(is_asc=False))),
        ("field, no direction", List(order_by_field=Order(field=CREATED))),
        ("empty token", List(next_page_token="")),
        ("bad token", List(next_page_token="no token!")),
        ("token of something else", List(next_page_token="AAAA")),
        ("empty filter", List(filter_query="")),
        ("filter", List(filter_query="name LIKE 'name%'")),
        ("filter with a limit", List(filter_query="id > 1", max_result_size=2)),
        ("wrong filter", List(filter_query="no_such_field = 1")),
        ("half a filter", List(filter_query="id = ")),
    ]


def filters(world: World) -> None:
    """List with filters on fields, properties and neighbours, page by page."""
    world.usual_types()
    world.fill(8)
    _link(world)
    for text in FILTERS["Artifact"] + FILTERS["any"]:
        _filtered(world, ARTIFACT, text)
    for text in FILTERS["Execution"] + FILTERS["any"]:
        _filtered(world, EXECUTION, text)
    for text in FILTERS["Context"] + FILTERS["any"]:
        _filtered(world, CONTEXT, text)


def _filtered(world: World, kind: Kind, text: str) -> None:
    options = List(filter_query=text, max_result_size=5)
    pages(world, f"Get{kind.noun}s", options, {})


FILTERS = {
    "any": (
        "id <= 3 OR id = 7",
        "type = 'Usual' AND name IS NOT NULL",
        "properties.an_int.int_value > 0",
        "custom_properties.note.string_value LIKE '%quoted%'",
        "properties.a_bool.bool_value = true OR custom_properties.note.int_value < 0",
        "external_id IS NULL",
        "NOT (create_time_since_epoch < 1)",
        "id = 'one'",
    ),
    "Artifact": ("contexts_a.id = 1", "uri = '/data/1'", "state IN (LIVE, PENDING)"),
    "Execution": ("contexts_c.type = 'Usual'", "last_known_state != COMPLETE"),
    "Context": ("artifacts_a.id = 2", "executions_0.type = 'Other'"),
}


def many(world: World) -> None:
    """List, and walk from, more nodes than a page or a walk can hold."""
    world.usual_types()
    world.put("many nodes", ARTIFACT, [nouns.Artifact(type_id=10) for _ in range(130)])
    for size in (99, 100):
        pages(world, "GetArtifacts", List(max_result_size=size), {})
    world.call("list: limit above 100, and more", "GetArtifacts", options=List(max_result_size=101))
    world.call("list: limit above 100, and more", "GetArtifacts", options=List(max_result_size=500))
    starts = nouns.LineageSubgraphQueryOptions.StartingNodes(filter_query="id > 0")
    asked = nouns.LineageSubgraphQueryOptions(starting_artifacts=starts)
    mask = field_mask_pb2.FieldMask(paths=["artifacts"])
    fields = {"lineage_subgraph_query_options": asked, "read_mask": mask}
    world.call("walk: more than 100 starts", "GetLineageSubgraph", **fields)
