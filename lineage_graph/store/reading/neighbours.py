"""What is one event away from a node: searched, counted by type and state, page by page."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from lineage_graph.catalog.compose import FLOW
from lineage_graph.errors import InvalidArgument
from lineage_graph.model import Kind, Ref
from lineage_graph.store.reading import get
from lineage_graph.store.session import Transaction
from lineage_graph.store.values import Direction

_NEWEST = 2**63 - 1


@dataclass(frozen=True)
class NeighbourQuery:
    """Which neighbours of a node are wanted: on one side, with a text, of a type, in a state.

    ``after`` is the ``next`` of the page before.
    """

    ref: Ref
    direction: Direction
    text: str = ""
    type: str = ""
    state: str = ""
    limit: int = 50
    after: int | None = None


@dataclass(frozen=True)
class Neighbour:
    """A node one hop away; ``time`` is when it came to be, in ms since the epoch."""

    ref: Ref
    type: str
    name: str | None
    state: str
    time: int | None


@dataclass(frozen=True)
class NeighbourPage:
    """One page of a node's neighbours, the newest first.

    ``total`` is how many there are, ``matching`` how many match. ``types`` and ``states`` count
    those that match but for their type, or their state. ``next`` is where the next page begins.
    """

    total: int
    matching: int
    types: dict[str, int]
    states: dict[str, int]
    nodes: tuple[Neighbour, ...]
    next: int | None


def beside(transaction: Transaction, near: NeighbourQuery) -> NeighbourPage:
    """Return one page of what is one event away from a node.

    Raises:
        NotFound: there is no such node.
        InvalidArgument: the node is a context, or no single direction is given.
    """
    if near.ref.kind is Kind.CONTEXT or near.direction is Direction.BOTH:
        raise InvalidArgument(
            "Neighbours are those of an artifact or an execution, upstream or downstream."
        )
    get.node(transaction, near.ref)
    wanted = {"id": near.ref.id, "text": near.text.strip().lower()}
    holes = {"kind": near.ref.kind, "links": FLOW}
    groups = [
        (record["type"], record["state"], record["total"], record["matching"])
        for record in transaction.run(f"facets_{near.direction.value}", wanted, **holes)
    ]
    types, states = Counter[str](), Counter[str]()
    for kind, state, _, count in groups:
        if count and near.state in ("", state):
            types[kind] += count
        if count and near.type in ("", kind):
            states[state] += count
    page = transaction.run(
        f"beside_{near.direction.value}",
        {
            **wanted,
            "type": near.type,
            "state": near.state,
            "before": _NEWEST if near.after is None else near.after,
            "limit": near.limit + 1,
        },
        **holes,
    )
    nodes = tuple(
        Neighbour(
            Ref(Kind.ARTIFACT if row["is_artifact"] else Kind.EXECUTION, row["id"]),
            row["type"],
            row["name"],
            row["state"],
            row["time"],
        )
        for row in page[: near.limit]
    )
    return NeighbourPage(
        total=sum(total for _, _, total, _ in groups),
        matching=sum(states[name] for name in states if near.state in ("", name)),
        types=dict(types.most_common()),
        states=dict(states.most_common()),
        nodes=nodes,
        next=page[near.limit - 1]["place"] if len(page) > near.limit else None,
    )
