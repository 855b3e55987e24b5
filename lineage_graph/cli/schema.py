"""``schema``: what statements can ask this store for."""

from __future__ import annotations

from lineage_graph.cli.command import Session
from lineage_graph.cli.output import CommandOutput, cell
from lineage_graph.pictures.store_schema import StoreSchema, schema_of


def schema(session: Session) -> None:
    """Show the labels, relationships, types and properties of the store, and what goes into which steps."""
    with session.store() as store:
        found = schema_of(store)
    if session.out.as_json:
        session.out.json(found)
    else:
        show_schema(session.out, found)


def show_schema(out: CommandOutput, found: StoreSchema) -> None:
    """Write a schema as tables."""
    out.table(
        ("label", "nodes", "what it is"),
        [(one.name, found.counts.get(one.name), one.meaning) for one in found.labels],
    )
    out.line()
    out.table(
        ("from", "relationship", "to", "links", "what it says"),
        [
            (one.start, one.name, one.end, found.counts.get(one.name), one.meaning)
            for one in found.relationships
        ],
    )
    out.line()
    out.table(
        ("kind", "label of the type", "nodes", "properties"),
        [
            (
                one.kind.value,
                one.label,
                one.nodes,
                ", ".join(
                    f"{each.name} {each.kind.lower()}"
                    + ("" if each.example is None else f" ({cell(each.example)})")
                    for each in one.properties
                ),
            )
            for one in found.types
        ],
    )
    if found.flows:
        out.line()
        out.table(
            ("artifact", "event", "execution", "events"),
            [(one.artifact_type, one.event, one.execution_type, one.events) for one in found.flows],
        )
    out.note(found.note)
