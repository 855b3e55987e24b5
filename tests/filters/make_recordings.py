"""Ask the original what it answers: ``python tests/filters/make_recordings.py`` where ml-metadata 1.17.1 is.

Writes tests/data/mlmd_filters.json: for each kind, each filter with the ids that were found, or with
the code of the error (3: invalid argument, 13: internal).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from ml_metadata.metadata_store.pywrap.metadata_store_extension import metadata_store as engine
from ml_metadata.proto import metadata_store_pb2 as model
from ml_metadata.proto import metadata_store_service_pb2 as calls

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
import texts  # noqa: E402
import world  # noqa: E402

CLASSES = {
    "artifact": (model.Artifact, model.ArtifactType, "Artifacts"),
    "execution": (model.Execution, model.ExecutionType, "Executions"),
    "context": (model.Context, model.ContextType, "Contexts"),
}


class Original:
    """An empty store of the original, in memory."""

    def __init__(self) -> None:
        config = model.ConnectionConfig()
        config.sqlite.SetInParent()
        options = model.MigrationOptions()
        self._store = engine.CreateMetadataStore(
            config.SerializeToString(), options.SerializeToString()
        )

    def call(self, name: str, **fields: Any) -> Any:
        """Make a call; return its response, or the code of its error."""
        request = getattr(calls, f"{name}Request")(**fields)
        answer, _, code = getattr(engine, name)(self._store, request.SerializeToString())
        if code:
            return code
        return getattr(calls, f"{name}Response").FromString(answer)


def set_value(target: Any, value: Any) -> None:
    """Set a property."""
    if isinstance(value, dict):
        target.struct_value.update(value)
    else:
        kind = {bool: "bool", int: "int", float: "double", str: "string"}[type(value)]
        setattr(target, f"{kind}_value", value)


def load(store: Original) -> None:
    """Put the world into the store."""
    type_ids = {}
    for kind, types in world.TYPES.items():
        for name, properties in types.items():
            node_type = CLASSES[kind][1](name=name)
            for key, value in properties.items():
                node_type.properties[key] = model.PropertyType.Value(value)
            fields = {f"{kind}_type": node_type}
            type_ids[name] = store.call(f"Put{kind.capitalize()}Type", **fields).type_id
    for kind, nodes in world.NODES.items():
        made = [node_of(kind, given, type_ids) for given in nodes]
        store.call(f"Put{CLASSES[kind][2]}", **{f"{kind}s": made})
    events = [
        model.Event(artifact_id=a, execution_id=e, type=t, milliseconds_since_epoch=when)
        for a, e, t, when in world.EVENTS
    ]
    store.call("PutEvents", events=events)
    store.call(
        "PutAttributionsAndAssociations",
        attributions=[
            model.Attribution(artifact_id=a, context_id=c) for a, c in world.ATTRIBUTIONS
        ],
        associations=[
            model.Association(execution_id=e, context_id=c) for e, c in world.ASSOCIATIONS
        ],
    )
    parents = [model.ParentContext(child_id=c, parent_id=p) for c, p in world.PARENTS]
    store.call("PutParentContexts", parent_contexts=parents)


def node_of(kind: str, given: dict[str, Any], type_ids: dict[str, int]) -> Any:
    """Return a node of the world as a message."""
    plain = {k: v for k, v in given.items() if k != "type" and not k.endswith("properties")}
    node = CLASSES[kind][0](type_id=type_ids[given["type"]], **plain)
    for field in ("properties", "custom_properties"):
        for key, value in given.get(field, {}).items():
            set_value(getattr(node, field)[key], value)
    return node


def answer(store: Original, kind: str, text: str) -> list[int] | int:
    """Return the ids a filter finds, or the code of its error."""
    options = model.ListOperationOptions(filter_query=text, max_result_size=100)
    response = store.call(f"Get{CLASSES[kind][2]}", options=options)
    if isinstance(response, int):
        return response
    return sorted(node.id for node in getattr(response, f"{kind}s"))


def main() -> None:
    """Record what every filter finds."""
    store = Original()
    load(store)
    found = {
        kind: {text: answer(store, kind, text) for text in filters}
        for kind, filters in texts.texts().items()
    }
    lines = [
        f" {json.dumps(kind)}: {{\n"
        + ",\n".join(f"  {json.dumps(text)}: {json.dumps(ids)}" for text, ids in answers.items())
        + "\n }"
        for kind, answers in found.items()
    ]
    path = HERE.parent / "data" / "mlmd_filters.json"
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
