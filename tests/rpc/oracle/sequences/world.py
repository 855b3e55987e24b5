"""What every sequence of calls starts from: a store that answers, and a memory of what is in it.

A sequence is a function of a ``World``. It makes its calls one by one and sees their answers, so a later
call can name an id, a page token or a time that was really given. A *tag* says what a call is after;
a call that breaks a rule breaks exactly one, for which of two is named is nobody's promise.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from google.protobuf import any_pb2, struct_pb2
from ml_metadata.proto import metadata_store_pb2 as nouns
from ml_metadata.proto import metadata_store_service_pb2 as requests

Call = Callable[[str, Any], Any]
UNKNOWN_ID = 987_654


@dataclass(frozen=True)
class Kind:
    """One of the three kinds of nodes: how its messages, calls and fields are called."""

    noun: str
    other: str
    state_field: str | None
    states: tuple[int, ...]
    base_types: tuple[int, ...]

    @property
    def field(self) -> str:
        """``artifact``: the stem of its fields in requests and responses."""
        return self.noun.lower()

    def new(self, **fields: Any) -> Any:
        """Make a node."""
        return getattr(nouns, self.noun)(**fields)

    def new_type(self, **fields: Any) -> Any:
        """Make a type."""
        return getattr(nouns, f"{self.noun}Type")(**fields)


ARTIFACT = Kind("Artifact", "Execution", "state", (1, 2, 3, 4, 5, 6), (1, 2, 3, 4))
EXECUTION = Kind("Execution", "Artifact", "last_known_state", (1, 2, 3, 4, 5, 6), (1, 2, 3, 4, 5))
CONTEXT = Kind("Context", "Artifact", None, (), ())
KINDS = (ARTIFACT, EXECUTION, CONTEXT)

PROPERTIES = {
    "an_int": nouns.INT,
    "a_double": nouns.DOUBLE,
    "a_string": nouns.STRING,
    "a_struct": nouns.STRUCT,
    "a_proto": nouns.PROTO,
    "a_bool": nouns.BOOLEAN,
    "näme with blanks": nouns.INT,
}
INTS = (0, 1, -1, 42, 2**63 - 1, -(2**63), 2**53 + 1)
# The original keeps six decimals of a double and loses the others.
DOUBLES = (0.0, 1.0, -1.5, 0.3, 1e300, -0.25, 123456789.125)
STRINGS = ("", "x", "näïve 漢字 🙂", 'it\'s "quoted" \\ `so`', "100%_\n\ttab", "y" * 300, "null")
STRUCTS: tuple[dict[str, Any], ...] = (
    {},
    {"a": 1.5, "b": [1, None, True, {"c": "d"}], "e": {}},
    {"näme": "漢", "": "", "deep": {"deeper": {"deepest": [[], [[]]]}}},
)
ANYS = (("type.example/x.Y", b"\x00\x01\xff"), ("type.example/empty", b""))
NOTES = ("note", "owner's", "größe", "with.dot", "a b")


class World:
    """A store under ``call``, a seeded generator of chances, and what the store is known to hold."""

    def __init__(self, call: Callable[[str, str, Any], Any], seed: int) -> None:
        self._call = call
        self.random = random.Random(seed)
        self.types: dict[Kind, list[Any]] = {kind: [] for kind in KINDS}
        self.nodes: dict[Kind, list[int]] = {kind: [] for kind in KINDS}
        self._fresh = 0
        self._decks: dict[str, list[Any]] = {}

    def call(self, tag: str, name: str, **fields: Any) -> Any:
        """Make one call; return its response, or None where it was refused."""
        return self._call(tag, name, getattr(requests, f"{name}Request")(**fields))

    def fresh(self, stem: str) -> str:
        """Return a text nobody has used in this store."""
        self._fresh += 1
        return f"{stem}-{self._fresh}"

    def chance(self, likelihood: float) -> bool:
        """Return true this often."""
        return self.random.random() < likelihood

    def draw(self, deck: str, cards: Iterable[Any]) -> Any:
        """Draw from a shuffled deck: every card comes up once before any comes again."""
        if not self._decks.get(deck):
            self._decks[deck] = list(cards)
            self.random.shuffle(self._decks[deck])
        return self._decks[deck].pop()

    def some(self, items: Iterable[Any], most: int) -> list[Any]:
        """Choose between one and ``most`` of the items, in their own order."""
        items = list(items)
        if not items:
            return []
        chosen = self.random.sample(
            range(len(items)), self.random.randint(1, min(most, len(items)))
        )
        return [items[index] for index in sorted(chosen)]

    def value(self, kind: int) -> Any:
        """Make a value of a declared kind."""
        choose = self.random.choice
        if kind == nouns.INT:
            return nouns.Value(int_value=choose(INTS))
        if kind == nouns.DOUBLE:
            return nouns.Value(double_value=choose(DOUBLES))
        if kind == nouns.STRING:
            return nouns.Value(string_value=choose(STRINGS))
        if kind == nouns.BOOLEAN:
            return nouns.Value(bool_value=choose((True, False)))
        if kind == nouns.PROTO:
            url, content = choose(ANYS)
            return nouns.Value(proto_value=any_pb2.Any(type_url=url, value=content))
        struct = struct_pb2.Struct()
        struct.update(choose(STRUCTS))
        return nouns.Value(struct_value=struct)

    # -- types ---------------------------------------------------------------------------------

    def put_type(self, tag: str, kind: Kind, new: Any, **options: Any) -> int | None:
        """Put one type and remember it."""
        fields = {f"{kind.field}_type": new, **options}
        response = self.call(tag, f"Put{kind.noun}Type", **fields)
        if response is None:
            return None
        self.remember_type(kind, response.type_id)
        return int(response.type_id)

    def remember_type(self, kind: Kind, type_id: int) -> None:
        """Read a type back and keep it in place of what was known of it."""
        response = self.call("read back", f"Get{kind.noun}TypesByID", type_ids=[type_id])
        stored = getattr(response, f"{kind.field}_types")[0]
        self.types[kind] = [known for known in self.types[kind] if known.id != type_id] + [stored]

    def usual_types(self) -> None:
        """Give every kind two types that have a property of every kind, one more besides."""
        for kind in KINDS:
            usual = kind.new_type(name="Usual", properties=PROPERTIES)
            self.put_type("types to work with", kind, usual)
            other = kind.new_type(
                name="Other",
                properties=PROPERTIES,
                description="with all there is",
                external_id=f"other {kind.field}",
                base_type=(kind.base_types or (None,))[0],
            )
            self.put_type("types to work with", kind, other)

    # -- nodes ---------------------------------------------------------------------------------

    def node(self, kind: Kind, *, full: float = 0.5) -> Any:
        """Make a new node that breaks no rule, each field with the likelihood ``full``."""
        declared = self.random.choice(self.types[kind])
        node = kind.new(type_id=declared.id)
        if kind is CONTEXT or self.chance(full):
            node.name = self.fresh("näme" if self.chance(0.3) else "name")
        if self.chance(full * 0.6):
            node.external_id = self.fresh("external")
        if kind is ARTIFACT and self.chance(full):
            node.uri = self.random.choice(("", "/data/1", "s3://bucket/ü b", self.fresh("/data")))
        if kind.state_field and self.chance(full):
            setattr(node, kind.state_field, self.random.choice(kind.states))
        for name, declared_kind in declared.properties.items():
            if self.chance(full * 0.6):
                node.properties[name].CopyFrom(self.value(declared_kind))
        for name in NOTES:
            if self.chance(full * 0.4):
                value = self.value(self.random.choice(list(PROPERTIES.values())))
                node.custom_properties[name].CopyFrom(value)
        return node

    def put(self, tag: str, kind: Kind, nodes: list[Any], **options: Any) -> list[int] | None:
        """Put nodes of one kind and remember the ids of those that are new."""
        fields = {f"{kind.field}s": nodes, **options}
        response = self.call(tag, f"Put{kind.noun}s", **fields)
        if response is None:
            return None
        ids = list(getattr(response, f"{kind.field}_ids"))
        self.remember(kind, ids)
        return ids

    def remember(self, kind: Kind, ids: Iterable[int]) -> None:
        """Keep ids the store gave."""
        self.nodes[kind] += sorted({*ids} - {*self.nodes[kind], -1})

    def fill(self, count: int, kinds: tuple[Kind, ...] = KINDS) -> None:
        """Put a number of nodes of each kind."""
        for kind in kinds:
            self.put("nodes to work with", kind, [self.node(kind) for _ in range(count)])

    def read(self, kind: Kind, ids: list[int], tag: str = "read back") -> list[Any]:
        """Read nodes by id."""
        response = self.call(tag, f"Get{kind.noun}sByID", **{f"{kind.field}_ids": ids})
        return list(getattr(response, f"{kind.field}s"))

    def read_one(self, kind: Kind) -> Any:
        """Read one of the known nodes."""
        return self.read(kind, [self.random.choice(self.nodes[kind])])[0]

    def read_all(self) -> None:
        """Read everything back, nodes, links and all."""
        for kind in KINDS:
            self.call("read all back", f"Get{kind.noun}s", options=None)
        self.call("read all back", "GetEventsByArtifactIDs", artifact_ids=self.nodes[ARTIFACT])
        for context in self.nodes[CONTEXT][:6]:
            for name in ("GetArtifactsByContext", "GetExecutionsByContext"):
                self.call("read all back", name, context_id=context)
