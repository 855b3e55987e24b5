"""``compare``: artifacts, executions or runs side by side, fact by fact."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from lineage_graph.cli.command import Session
from lineage_graph.cli.complete import complete_ref
from lineage_graph.cli.output import CommandOutput, cell
from lineage_graph.errors import InvalidArgument, NotFound
from lineage_graph.model import Kind, Ref
from lineage_graph.model.plain import told_apart
from lineage_graph.questions import SideBySide
from lineage_graph.questions import compare as put_side_by_side


def compare(
    session: Session,
    refs: Annotated[
        list[str],
        typer.Argument(
            metavar="REF...",
            help="Two or more of a kind: artifact/17 artifact/42, or runs as context/2 context/9.",
            autocompletion=complete_ref(*Kind),
        ),
    ],
    everything: Annotated[bool, typer.Option("--all", help="Also what is the same.")] = False,
) -> None:
    """Show two or more artifacts, executions or runs side by side: what differs.

    For example: lineage-graph compare artifact/17 artifact/42
    """
    nodes = [Ref.parse(ref) for ref in refs]
    if len(set(nodes)) < 2:
        raise InvalidArgument(
            f"There is nothing to compare {nodes[0]} with.",
            hint=f"Name two or more of a kind: lineage-graph compare {nodes[0]} {nodes[0].kind.value}/…",
        )
    with session.store() as store:
        found = put_side_by_side(store, nodes)
    if len(found.nodes) < 2:
        raise NotFound(" ".join(found.dropped), hint="Name two or more of a kind that exist.")
    if session.out.as_json:
        session.out.json(found.document(everything=everything))
    else:
        _show(session.out, found, everything=everything)
    for sentence in found.dropped:
        session.out.note(sentence)


def _show(out: CommandOutput, found: SideBySide, *, everything: bool) -> None:
    rows = [row for row in found.rows if everything or not row.same]
    out.table(
        ("part", "step", "name", *(str(node.ref) for node in found.nodes)),
        [(row.part, row.step, row.name, *told_apart(row.values, _said)) for row in rows],
    )
    same = len(found.rows) - len(rows)
    if same:
        out.note(f"{same:,} more {'fact is' if same == 1 else 'facts are'} the same (--all).")
    if not found.complete:
        out.note("A run has more steps than could be read: this is said of a part of them.")


def _said(value: Any) -> str:
    return " ".join(map(str, value)) if isinstance(value, tuple) else cell(value)
