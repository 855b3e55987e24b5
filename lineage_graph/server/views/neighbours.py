"""What is one event away from a node, as data: for the dialog that chooses among many."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import Query
from fastapi.responses import JSONResponse

from lineage_graph.model import Kind, Ref
from lineage_graph.store import Direction, NeighbourQuery, Store


def neighbours_of(store: Store, kind: Kind) -> Callable[..., JSONResponse]:
    """Return the view of the neighbours of an artifact, or of an execution."""

    def view(
        id: int,
        direction: Annotated[
            Literal["upstream", "downstream"], Query(description="which way to look")
        ] = "downstream",
        text: Annotated[
            str, Query(max_length=1000, description="in the name, address or type, or the id")
        ] = "",
        type: Annotated[str, Query(max_length=1000, description="of this type alone")] = "",
        state: Annotated[str, Query(max_length=100, description="in this state alone")] = "",
        limit: Annotated[int, Query(ge=1, le=1000, description="at most so many")] = 50,
        after: Annotated[
            int | None, Query(ge=1, le=2**63 - 1, description="the next of the page before")
        ] = None,
    ) -> JSONResponse:
        """A page of neighbours, the newest first; how many match of how many, by type and state."""
        found = store.pages.beside(
            NeighbourQuery(Ref(kind, id), Direction(direction), text, type, state, limit, after)
        )
        data: dict[str, Any] = {
            "total": found.total,
            "matching": found.matching,
            "facets": {"type": found.types, "state": found.states},
            "nodes": [
                {
                    "ref": str(node.ref),
                    "type": node.type,
                    "name": node.name,
                    "state": node.state,
                    "time": node.time,
                }
                for node in found.nodes
            ],
            "next": found.next,
        }
        return JSONResponse(data)

    return view
