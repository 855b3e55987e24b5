"""What requests say of the ends of links, checked at the door."""

from __future__ import annotations

from typing import Any

from lineage_graph.errors import InvalidArgument


def checked_id(given: int) -> int:
    """Return an id that a stored node can have: in a Subgraph, negative ones mean something else.

    Raises:
        InvalidArgument: it is negative.
    """
    if given < 0:
        raise InvalidArgument(f"Cannot find the given id {given}.", hint="Ids begin at 1.")
    return given


def known_id(given: Any, field: str) -> int:
    """Return the id in a field of a message.

    Raises:
        InvalidArgument: it is not set, or negative.
    """
    if not given.HasField(field):
        raise InvalidArgument(f"{given.DESCRIPTOR.name} has no {field}.", hint="Set it.")
    return checked_id(getattr(given, field))


def ends_of(given: Any, source: str, target: str) -> tuple[int, int]:
    """Return both ends of a link.

    Raises:
        InvalidArgument: one is not set, or negative.
    """
    return known_id(given, source), known_id(given, target)


def ready(given: Any) -> Any:
    """Return the context of a request that puts more than contexts.

    Raises:
        InvalidArgument: it lacks its type or its name.
    """
    for field in ("type_id", "name"):
        if not given.HasField(field):
            raise InvalidArgument(f"A context has no {field}.", hint="Set it.")
    return given
