"""``link``: links artifacts of several tools that are the same, so that walks cross them."""

from __future__ import annotations

from typing import Annotated

import typer

from lineage_graph.cli.command import Session
from lineage_graph.model.plain import counted
from lineage_graph.store import Linked

_MAX_AMBIGUOUS_SHOWN = 10  # ambiguous digests and addresses


def link(
    session: Session,
    undo: Annotated[
        bool,
        typer.Option(
            "--undo", help="Take back every link of the rule, and make no more on import."
        ),
    ] = False,
) -> None:
    """Link artifacts that are the same thing, seen by several tools: by their digest or address.

    Import does so with what it reads; this does it with everything stored. Neither links what may be
    several things. Links that were put by hand stay as they are.
    """
    with session.store() as store:
        if undo:
            removed = store.identity.unlink()
            if session.out.as_json:
                session.out.json({"removed": removed})
            else:
                session.out.line(
                    f"{counted(removed, 'link')} taken back; import links nothing until this is run again."
                )
            return
        with session.out.progress("Comparing", store.counts().artifacts) as advance:
            done = store.identity.link(on_progress=advance)
        total = store.counts().same_as
    if session.out.as_json:
        session.out.json(
            {
                "made": done.made,
                "removed": done.removed,
                "total": total,
                "ambiguous": sorted(done.ambiguous),
            }
        )
        return
    session.out.line(
        f"{counted(done.made, 'link')} made, {done.removed:,} taken back; {total:,} in all."
    )
    for sentence in ambiguities(done):
        session.out.note(sentence)


def ambiguities(done: Linked) -> list[str]:
    """Return the lines that report ambiguous digests or addresses: a sentence, and the first few."""
    if not done.ambiguous:
        return []
    many = (
        f"{len(done.ambiguous):,} digests or addresses"
        if len(done.ambiguous) > 1
        else "A digest or address"
    )
    shown = [f"  {what}" for what in sorted(done.ambiguous)[:_MAX_AMBIGUOUS_SHOWN]]
    return [f"{many} may mean several things, and what has them was not linked:", *shown]
