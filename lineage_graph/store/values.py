"""What the store is asked with, and what it answers: small frozen values, no I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import Enum
from typing import Any, Literal, NamedTuple

from pydantic import Field

from lineage_graph.errors import InvalidArgument
from lineage_graph.model import Kind, Node, Ref, Subgraph, Type
from lineage_graph.model.values import Frozen


class PutOptions(Frozen):
    """How a put treats what is there already.

    ``add_fields``/``omit_fields``: a stored type may gain properties / be sent without some
    (ML Metadata's can_add_fields, can_omit_fields). ``restore``: the subgraph is a copy of another
    store, so ids of new nodes and all times come from it. ``own``: it is a copy of this very store, so
    a node whose id is stored is that one. ``existing_links``: a link that is there
    already is an error, or passed over. ``reuse_contexts``: a new context whose type and name are
    taken is that one. ``reuse_artifacts``: likewise an artifact, by its external id.
    ``keep_copies``: a node whose origin is stored is that one, and stays as it is.
    ``mask``: an update changes only these fields (``uri``, ``properties.accuracy``, …), all unless
    given; as in ML Metadata it moves the last update time even where nothing changes.
    ``unchanged``: an update fails where the stored node's last update time is not the given one.
    ``touch``: an update of an execution moves its last update time even where nothing changes.
    ``merge``: an update adds what it knows to what is stored, in whichever order they come
    (``model.merging``); the stored node keeps its type, whichever the update gives it. A reused
    context that comes with an origin is updated as well.
    """

    add_fields: bool = False
    omit_fields: bool = False
    restore: bool = False
    own: bool = False
    existing_links: Literal["refuse", "ignore"] = "refuse"
    reuse_contexts: bool = False
    reuse_artifacts: bool = False
    keep_copies: bool = False
    mask: tuple[str, ...] | None = None
    unchanged: bool = False
    touch: bool = False
    merge: bool = False


class Linked(NamedTuple):
    """How many links were made and taken back, and what may be several things, so that it was not linked."""

    made: int = 0
    removed: int = 0
    ambiguous: frozenset[str] = frozenset()

    def and_then(self, other: Linked) -> Linked:
        """Return both together."""
        return Linked(
            self.made + other.made,
            self.removed + other.removed,
            self.ambiguous | other.ambiguous,
        )


NOTHING_LINKED = Linked()


@dataclass(frozen=True)
class PutResult:
    """The stored ids, aligned with the subgraph's tuples, and how much was written: nodes (types are none), links.

    ``touched`` are the artifacts that are new or tell something else of what they are, ``linked`` what was linked to other sources.
    """

    subgraph: Subgraph = field(repr=False)
    artifact_ids: tuple[int, ...] = ()
    execution_ids: tuple[int, ...] = ()
    context_ids: tuple[int, ...] = ()
    type_ids: tuple[int, ...] = ()
    created: int = 0
    updated: int = 0
    links: int = 0
    touched: tuple[int, ...] = ()
    linked: Linked = NOTHING_LINKED

    def ids_of(self, kind: Kind) -> tuple[int, ...]:
        """The stored ids of the nodes of one kind, aligned with the subgraph's."""
        by_kind = {
            Kind.ARTIFACT: self.artifact_ids,
            Kind.EXECUTION: self.execution_ids,
            Kind.CONTEXT: self.context_ids,
        }
        return by_kind[kind]

    def id_of(self, kind: Kind, local_id: int) -> int:
        """The stored id of the node that has this (local) id in the subgraph."""
        for node, stored in zip(self.subgraph.nodes_of(kind), self.ids_of(kind), strict=True):
            if node.id == local_id:
                return stored
        raise InvalidArgument(f"The subgraph has no {kind.value} with the id {local_id}.")


class Find(Frozen):
    """What to find: nodes of one kind, narrowed by every condition that is given.

    Times are milliseconds since the epoch. ``where`` is a filter: ML Metadata's language
    (``properties.accuracy.double_value > 0.9``) and, unless ``strict``, its short forms
    (``accuracy > 0.9 AND upstream_of(42)``). ``after`` is the ``next`` of the page before.
    ``order_by`` is ``id``, ``create_time``, ``update_time``, ``name``, or a property: ``accuracy`` (the
    declared one, else the custom one), ``properties.accuracy``, ``custom_properties.accuracy``. Its
    numbers come in the order of their values, then texts, then the nodes that have neither (also
    NaN), last both ways; equal ones in the order of ids.
    Unless ``counted``, nothing counts how many there are in all. Of ``states``, UNKNOWN is also where
    none was told.
    """

    kind: Kind
    type: str | None = None
    type_id: int | None = None
    states: tuple[str, ...] = ()
    context: int | None = None
    text: str | None = None
    where: str = ""
    strict: bool = False
    created_after: int | None = None
    created_before: int | None = None
    updated_after: int | None = None
    updated_before: int | None = None
    order_by: str = "id"
    descending: bool = False
    limit: int = Field(default=50, ge=1, le=1000)
    after: str | None = None
    counted: bool = True


@dataclass(frozen=True)
class Page:
    """One page of what was found, how much there is in all, and where the next page begins.

    ``total`` is None where nobody asked for it.
    """

    nodes: tuple[Node, ...]
    total: int | None
    next: str | None


class Direction(str, Enum):
    """Which way to walk: against the flow of data, with it, or both."""

    UPSTREAM = "upstream"
    DOWNSTREAM = "downstream"
    BOTH = "both"

    @classmethod
    def of(cls, told: Direction | str) -> Direction:
        """Return the direction that is meant.

        Raises:
            InvalidArgument: it is none.
        """
        try:
            return cls(told)
        except ValueError:
            names = ", ".join(one.value for one in cls)
            raise InvalidArgument(f"{told!r} is no direction.", hint=f"Say {names}.") from None


class StopAt(Frozen):
    """Where a walk stops: nodes of these types, or these nodes, are shown but not gone beyond."""

    types: tuple[str, ...] = ()
    refs: tuple[Ref, ...] = ()


@dataclass(frozen=True)
class Ending:
    """Where a lineage ends: at nodes that meet a filter, which are left out unless ``included``."""

    where: str
    included: bool = False


Pair = tuple[int, int]
"""A link by the ids of its two ends."""


LineageEvent = tuple[int, int, str, int | None, str | None]
"""What an ``Event`` holds, for answers of many thousands: a noun takes ten times as long to make.

Ids of the execution and of the artifact, a value of ``EventType``, milliseconds since the epoch, and the
path as a text of JSON.
"""


@dataclass(frozen=True)
class Lineage:
    """What a lineage between filters holds: nodes by their ids, links, and the types of the store.

    Attributions and associations are pairs of a node's id and a context's.
    """

    artifacts: tuple[int, ...] = ()
    executions: tuple[int, ...] = ()
    contexts: tuple[int, ...] = ()
    events: tuple[LineageEvent, ...] = ()
    attributions: tuple[Pair, ...] = ()
    associations: tuple[Pair, ...] = ()
    artifact_types: tuple[Type, ...] = ()
    execution_types: tuple[Type, ...] = ()
    context_types: tuple[Type, ...] = ()


LINEAGE_PARTS = tuple(one.name for one in fields(Lineage))


@dataclass(frozen=True)
class Walk:
    """What a walk reached: the graph, each node's distance in hops, and whether it is all.

    ``reason`` says what cut the walk short: "" (nothing), "hops" or "nodes".
    """

    start: tuple[Ref, ...]
    graph: Subgraph
    depth: Mapping[Ref, int]
    truncated: bool = False
    reason: Literal["", "hops", "nodes"] = ""


@dataclass(frozen=True)
class Counts:
    """How much of everything the store holds; types are counted without the system's own."""

    artifacts: int
    executions: int
    contexts: int
    events: int
    attributions: int
    associations: int
    parent_contexts: int
    artifact_types: int
    execution_types: int
    context_types: int
    same_as: int = 0
    columns: int = 0


class Census(NamedTuple):
    """How many nodes there are of each kind, and of each type that has any; None for too many types."""

    kinds: dict[Kind, int]
    types: dict[tuple[Kind, str], int] | None


@dataclass(frozen=True)
class Answer:
    """The answer to a question.

    Cells of rows are JSON values, nodes or links. ``graph`` gathers every node and link of the
    answer where the question returns a graph. ``truncated`` is True where rows were left out.
    ``note`` is what one must know to read the answer, such as why it is empty.
    """

    kind: Literal["none", "value", "one", "rows", "graph"]
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    graph: Subgraph | None = None
    truncated: bool = False
    milliseconds: float = 0.0
    note: str = ""


class KnownSource(Frozen):
    """An outside source that was read into the store, and how far.

    ``key`` tells it from every other, ``format`` is the reader's name, ``address`` where it was found
    last. ``cursor`` is where the next reading begins, in the reader's own words. ``nodes`` and
    ``links`` count what was read in all, ``skipped`` by reason what could not be mapped,
    ``read_at`` is when it was read last, in ms since the epoch.
    """

    key: str
    format: str
    address: str
    cursor: str = ""
    nodes: int = 0
    links: int = 0
    skipped: dict[str, int] = Field(default_factory=dict)
    read_at: int = 0


@dataclass(frozen=True)
class LoadResult:
    """How much was read from a source, how much of it was new or changed, and what it is linked to."""

    nodes: int
    links: int
    created: int
    updated: int
    new_links: int
    linked: Linked = NOTHING_LINKED
