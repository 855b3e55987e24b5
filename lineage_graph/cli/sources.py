"""``sources``: what the store was filled from, and how far each was read."""

from __future__ import annotations

from lineage_graph.cli.command import Session
from lineage_graph.model.plain import moment


def sources(session: Session) -> None:
    """List the outside sources that were read into the store, and how far."""
    with session.store() as store:
        found = store.sources()
    if session.out.as_json:
        session.out.json([source.model_dump(mode="json") for source in found])
        return
    session.out.table(
        ("format", "address", "read at", "nodes", "links", "left out", "cursor"),
        [
            (
                source.format,
                source.address,
                moment(source.read_at),
                f"{source.nodes:,}",
                f"{source.links:,}",
                f"{sum(source.skipped.values()):,}",
                source.cursor,
            )
            for source in found
        ],
    )
