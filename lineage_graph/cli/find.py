"""``find``: nodes that meet a filter, page by page."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

import typer

from lineage_graph.cli.command import Session
from lineage_graph.model import Kind, Node
from lineage_graph.model.labels import state_of
from lineage_graph.model.plain import moment
from lineage_graph.pictures.filter_hints import (
    note_on_denied,
    note_on_nothing,
    note_on_order,
)
from lineage_graph.store import Find, Page, is_property, sort_value


class Many(str, Enum):
    """What can be found, as people say it."""

    ARTIFACTS = "artifacts"
    EXECUTIONS = "executions"
    CONTEXTS = "contexts"

    @property
    def kind(self) -> Kind:
        """The kind of one of them."""
        return Kind(self.value.removesuffix("s"))


def find(
    session: Session,
    what: Annotated[Many, typer.Argument(help="What to find.", show_default=False)],
    where: Annotated[
        str,
        typer.Option(
            "--where",
            "-w",
            metavar="FILTER",
            help="Only what meets this filter: ML Metadata's language, and short forms.",
        ),
    ] = "",
    type_name: Annotated[
        str | None, typer.Option("--type", "-t", metavar="TYPE", help="Only nodes of this type.")
    ] = None,
    sort: Annotated[
        str,
        typer.Option(
            "--sort",
            metavar="NAME",
            help="Sort by id, create_time, update_time, name, or a property or metric: accuracy.",
        ),
    ] = "id",
    descending: Annotated[bool, typer.Option("--desc", help="The greatest first.")] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many at most.")] = 50,
    after: Annotated[
        str | None,
        typer.Option(
            "--after", metavar="TOKEN", help="What comes behind the page that gave this token."
        ),
    ] = None,
) -> None:
    """Find artifacts, executions or contexts, the oldest first.

    For example: lineage-graph find artifacts --where "accuracy > 0.9 AND
    within('my run') AND upstream_of(42)" --sort accuracy --desc
    """
    wanted = Find(
        kind=what.kind,
        type=type_name,
        where=where,
        order_by=sort,
        descending=descending,
        limit=limit,
        after=after,
    )
    with session.store() as store:
        found = store.find(wanted)
        vain = where.strip() and not found.total
        note = note_on_nothing(store, [what.kind], where) if vain else ""
        note = note or note_on_denied(what.value, where) or note_on_order(store, wanted, found)
    if note:
        session.out.note(note)
    if session.out.as_json:
        session.out.json({"nodes": found.nodes, "total": found.total, "next": found.next})
        return
    columns = ["node", "type", "name", "state", "uri", "created (UTC)"]
    rows = [_row(node) for node in found.nodes]
    if is_property(sort):
        columns.insert(1, sort)
        rows = [
            (row[0], sort_value(node, sort), *row[1:])
            for row, node in zip(rows, found.nodes, strict=True)
        ]
    session.out.table(columns, rows)
    session.out.note(_summary(what, found))


def _row(node: Node) -> tuple[object, ...]:
    uri = getattr(node, "uri", "")
    return (
        node.ref,
        node.type,
        node.name,
        state_of(node),
        uri,
        moment(node.create_time_since_epoch),
    )


def _summary(what: Many, found: Page) -> str:
    if not found.total:
        return "Nothing found."
    told = f"{len(found.nodes):,} of {found.total:,} {what.value}."
    return f"{told} The next ones: --after {found.next}" if found.next else told
