"""``draw``: the lineage of a node as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from urllib.parse import parse_qsl, urlsplit

import typer

from lineage_graph.cli.command import Session
from lineage_graph.cli.complete import complete_ref
from lineage_graph.cli.destination import Force, check_free, destination
from lineage_graph.drawing.files import format_of
from lineage_graph.errors import InvalidArgument
from lineage_graph.model import Kind, Ref
from lineage_graph.pictures.lineage import drawn
from lineage_graph.pictures.scope import MAX_DEPTH, MAX_NODES, Scope, read_scope
from lineage_graph.store import Direction


def draw(
    session: Session,
    what: Annotated[
        str,
        typer.Argument(
            metavar="REF",
            help="artifact/17, execution/4, context/2 (a run), or the address of a page that draws one.",
            autocompletion=complete_ref(*Kind),
        ),
    ],
    to: Annotated[
        Path,
        typer.Option(
            "--to",
            metavar="FILE",
            help="Where to; its end says the format: .svg, .html, .dot, .mmd, .graphml, .nodes.csv, .edges.csv.",
            dir_okay=False,
        ),
    ],
    direction: Annotated[
        Direction | None, typer.Option("--direction", "-d", help="Which way to go.")
    ] = None,
    depth: Annotated[
        int | None,
        typer.Option("--depth", min=0, max=MAX_DEPTH, help="How many events away at most: 1."),
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, max=MAX_NODES, help="How many nodes at most.")
    ] = None,
    force: Force = False,
) -> None:
    """Draw the lineage of a node into a file: whole, as the page shows it.

    For example: lineage-graph draw artifact/42 --direction upstream --depth 100 --to lineage.html
    """
    ref, scope = _read(what)
    given = {"direction": direction, "depth": depth, "limit": limit}
    scope = scope.model_copy(update={k: v for k, v in given.items() if v is not None})
    found = format_of(to.name)
    check_free(to, force)
    with session.store() as store:
        picture = drawn(store, ref, scope)
    with destination(to) as stream:
        stream.write(found.write(picture, f"Lineage of {ref}").encode())
    for sentence in picture.dropped:
        session.out.note(sentence)
    if picture.reason:
        more = "--depth" if picture.reason == "hops" else "--limit"
        session.out.note(f"This is not all there is; a larger {more} draws more.")
    if session.out.as_json:
        session.out.json(
            {
                "file": str(to),
                "nodes": picture.nodes,
                "events": picture.events,
                "truncated": picture.truncated,
                "reason": picture.reason,
            }
        )
    else:
        session.out.line(f"{to}: {picture.nodes:,} nodes and {picture.events:,} events")


def _read(what: str) -> tuple[Ref, Scope]:
    """Read a ref, or the address of a page with what it shows."""
    if "/" not in what.strip("/") or ("://" not in what and not what.startswith("/")):
        return Ref.parse(what), Scope(by="none")
    parts = urlsplit(what)
    names = parts.path.strip("/").split("/")
    if len(names) < 2 or not names[0].endswith("s"):
        raise InvalidArgument(
            f"{what!r} draws no lineage.", hint="Take the address of a page with a lineage."
        )
    return Ref.parse(f"{names[0][:-1]}/{names[1]}"), read_scope(parse_qsl(parts.query))
