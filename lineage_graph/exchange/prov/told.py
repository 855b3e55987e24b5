"""What a document tells of one thing: an entity, an activity or an agent, from all its statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from prov.constants import PROV, PROV_LOCATION, PROV_TYPE
from prov.identifier import Identifier, QualifiedName
from prov.model import Literal, ProvRecord

from lineage_graph.model import Kind, Node, Value
from lineage_graph.model.merging import STATEMENTS, TOLD
from lineage_graph.model.values import INT64_HIGH, INT64_LOW

_UNSAID = {
    Kind.ARTIFACT: "prov.Entity",
    Kind.EXECUTION: "prov.Activity",
    Kind.CONTEXT: "prov.Agent",
}
_LONGEST_NAME = 200  # characters of a property's or a type's name


@dataclass
class ProvStatements:
    """A thing and what is known of it; ``node`` is set where it is one of ours."""

    kind: Kind
    uri: str
    name: str
    namespace: str
    node: Node | None = None
    stand_in: str = ""
    statements: dict[str, Any] = field(default_factory=dict)
    attributes: dict[QualifiedName, list[Any]] = field(default_factory=lambda: defaultdict(list))
    times: list[int] = field(default_factory=list)
    ended: bool = False
    gone: bool = False

    @property
    def key(self) -> tuple[Kind, str]:
        """What tells it from all other things."""
        return self.kind, self.uri

    def learn(self, record: ProvRecord) -> None:
        """Take in the attributes of a record that tells of the thing."""
        for attribute, value in record.extra_attributes:
            held = self.attributes[attribute]
            if not any(type(one) is type(value) and one == value for one in held):
                held.append(value)

    @property
    def type(self) -> str:
        """What it is: a type that PROV does not define before one that it does."""
        if self.stand_in:
            return self.stand_in
        names = sorted(filter(None, map(_type_name, self.attributes.get(PROV_TYPE, ()))))
        own = [name for name in names if not name.startswith("prov.")]
        return next(iter(own or names), _UNSAID[self.kind])

    @property
    def location(self) -> str:
        """Where it lies, as the document says."""
        return str(next((plain(v) for v in self.attributes.get(PROV_LOCATION, ())), ""))

    @property
    def properties(self) -> dict[str, Value | None]:
        """Its attributes as people read them, and its statements word for word."""
        found: dict[str, Value | None] = {}
        for attribute, values in self.attributes.items():
            name = str(attribute)
            if len(name) > _LONGEST_NAME or name in (STATEMENTS, TOLD):
                continue  # its statement has it
            plain_values = [plain(value) for value in values]
            found[name] = plain_values[0] if len(values) == 1 else {"values": plain_values}
        if self.statements:
            found[STATEMENTS] = self.statements
        return found


def names(things: Iterable[ProvStatements]) -> dict[tuple[Kind, str], str]:
    """Return what to call each thing: short where that says which one is meant, unique in its kind.

    Agents always keep their namespace, because contexts of one type and name are one.
    """
    short: dict[tuple[Kind, str], set[str]] = defaultdict(set)
    listed = list(things)
    for thing in listed:
        short[thing.kind, thing.name].add(thing.uri)
    return {
        (thing.kind, thing.uri): (
            thing.name
            if not thing.namespace
            or (len(short[thing.kind, thing.name]) == 1 and thing.kind is not Kind.CONTEXT)
            else f"{thing.name} ({thing.namespace})"
        )
        for thing in listed
    }


def plain(value: Any) -> Value:
    """Return an attribute's value as a property: what has a type of its own, as its text."""
    if isinstance(value, bool | float | str):
        return value
    if isinstance(value, int):
        return value if INT64_LOW <= value <= INT64_HIGH else str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Literal):
        return value.value
    if isinstance(value, Identifier) and not isinstance(value, QualifiedName):
        return value.uri
    return str(value)


def _type_name(value: Any) -> str:
    if isinstance(value, QualifiedName):
        local = value.localpart
        name = f"prov.{local}" if value.namespace == PROV else local
    else:
        name = str(plain(value))
    return name if len(name) <= _LONGEST_NAME else ""
