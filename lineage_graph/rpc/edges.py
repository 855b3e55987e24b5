"""Checks of the ids in requests, above all those of the ends of links."""

from __future__ import annotations

from google.protobuf.message import Message

from lineage_graph.errors import InvalidArgument
from lineage_graph.messages import contract


def checked_id(given: int) -> int:
    """Return an id that a stored node can have: in a Subgraph, a negative id means a new node.

    Raises:
        InvalidArgument: it is negative.
    """
    if given < 0:
        raise InvalidArgument(f"Cannot find the given id {given}.", hint="Ids begin at 1.")
    return given


def known_id(given: Message, field: str) -> int:
    """Return the id in a field of a message.

    Raises:
        InvalidArgument: it is not set, or negative.
    """
    if not given.HasField(field):
        raise InvalidArgument(f"{given.DESCRIPTOR.name} has no {field}.", hint="Set it.")
    return checked_id(getattr(given, field))


def ends_of(given: Message, source: str, target: str) -> tuple[int, int]:
    """Return both ends of a link.

    Raises:
        InvalidArgument: one is not set, or negative.
    """
    return known_id(given, source), known_id(given, target)


def checked_context(given: contract.Context) -> contract.Context:
    """Return a context of a request that puts more than contexts, if it has a type and a name.

    Raises:
        InvalidArgument: it has no type or no name.
    """
    for field in ("type_id", "name"):
        if not given.HasField(field):
            raise InvalidArgument(f"A context has no {field}.", hint="Set it.")
    return given
