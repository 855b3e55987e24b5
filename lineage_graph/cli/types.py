"""``types``: what kinds of things the store holds, how many of each, and what they declare."""

from __future__ import annotations

from typing import Annotated

import typer

from lineage_graph.cli.command import Session
from lineage_graph.model import Kind, Type
from lineage_graph.store import Find, Store


def types(
    session: Session,
    kind: Annotated[
        Kind | None, typer.Option("--kind", "-k", help="Only types of this kind.")
    ] = None,
    system: Annotated[
        bool, typer.Option("--system", help="Also ML Metadata's own base types.")
    ] = False,
) -> None:
    """List the types of artifacts, executions and contexts."""
    with session.store() as store:
        found = store.types(kind, system=system)
        counts = {(type_.kind, type_.name): _count(store, type_) for type_ in found}
    if session.out.as_json:
        session.out.json(
            [
                {
                    "kind": type_.kind.value,
                    "nodes": counts[type_.kind, type_.name],
                    **type_.model_dump(mode="json"),
                }
                for type_ in found
            ]
        )
        return
    session.out.table(
        ("kind", "type", "version", "nodes", "base", "properties"),
        [
            (
                type_.kind.value,
                type_.name,
                type_.version,
                f"{counts[type_.kind, type_.name]:,}",
                type_.base_type.value if type_.base_type else "",
                ", ".join(f"{name} {value.value}" for name, value in type_.properties.items()),
            )
            for type_ in found
        ],
    )


def _count(store: Store, type_: Type) -> int:
    """How many nodes are of the type's name: its versions are counted together."""
    return store.pages.total(Find(kind=type_.kind, type=type_.name))
