"""Field masks: which fields of a stored node an update changes, as ML Metadata reads them."""

from __future__ import annotations

from collections.abc import Iterable

from lineage_graph.model import Node, Properties

_MAPS = ("properties", "custom_properties")
_FIELDS = ("uri", "external_id", "state", "last_known_state", "name")


def masked(stored: Node, given: Node, paths: Iterable[str]) -> Node:
    """Return the stored node with the fields that the paths name taken from the given one.

    ``properties.accuracy`` is one property, ``properties`` all of them; what the given node lacks is
    cleared. Paths that name nothing are passed over.
    """
    paths = list(paths)
    changes: dict[str, object] = {
        name: getattr(given, name) for name in _FIELDS if name in paths and hasattr(given, name)
    }
    for name in _MAPS:
        changes[name] = _masked_map(name, getattr(stored, name), getattr(given, name), paths)
    return stored.model_copy(update=changes)


def _masked_map(name: str, stored: Properties, given: Properties, paths: list[str]) -> Properties:
    if name in paths:
        return given
    merged = dict(stored)
    prefix = f"{name}."
    for path in paths:
        if path.startswith(prefix):
            key = path[len(prefix) :]
            merged.pop(key, None)
            if key in given:
                merged[key] = given[key]
    return merged
