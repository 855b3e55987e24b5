"""``why``: where the ancestries of two nodes first part, as sentences."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from lineage_graph.cli.command import Session
from lineage_graph.cli.complete import complete_ref
from lineage_graph.cli.output import CommandOutput, cell
from lineage_graph.model import Kind
from lineage_graph.model.plain import told_apart
from lineage_graph.questions import Why
from lineage_graph.questions import why as ask_why

_Node = Annotated[
    str,
    typer.Argument(
        metavar="REF",
        help="artifact/17, execution/4 or context/2 (a run).",
        autocompletion=complete_ref(Kind.ARTIFACT, Kind.EXECUTION, Kind.CONTEXT),
    ),
]


def why(session: Session, one: _Node, other: _Node) -> None:
    """Say why two artifacts, executions or runs of one type differ: where they first part.

    For example: lineage-graph why artifact/17 artifact/42
    """
    with session.store() as store:
        found = ask_why(store, one, other)
    if session.out.as_json:
        session.out.json(found.document())
    else:
        _show(session.out, found)


def _show(out: CommandOutput, found: Why) -> None:
    out.line(found.sentence)
    if found.note:
        out.line(found.note)
    for number, reason in enumerate(found.reasons, 1):
        out.line()
        out.line(f"{number:>2}. {reason.sentence}")
        if len(reason.way) > 1:
            out.line(f"    {' → '.join(f'{stop.name} {_ids(stop)}' for stop in reason.way)}")
    if found.metrics:
        out.line()
        for name, (one, other) in found.metrics.items():
            values = told_apart((one, other), cell)
            out.line(f"{name}: {' → '.join(values)} ({other - one:+.6g})")
    if not found.complete:
        out.note("There was more upstream than could be read: this is said of the nearest part.")


def _ids(stop: Any) -> str:
    return "/".join(f"#{ref.id}" for ref in dict.fromkeys((stop.one, stop.other)) if ref)
