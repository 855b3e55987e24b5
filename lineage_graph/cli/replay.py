"""``replay``: records that a recorder kept in a file while its store was down, into the store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lineage_graph import recorder
from lineage_graph.cli.command import Session, stopping


def replay(
    session: Session,
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]",
            help="The spool file; without it, LINEAGE_GRAPH_SPOOL, else spool.jsonl in the data folder.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Load the records of a spool file, each exactly once."""
    path = recorder.spool_of(session.settings, file)

    def sentence() -> str:
        return f"Stopped; run it again for the records of {path} that are not loaded yet."

    with stopping(sentence), session.store() as store:
        replayed = recorder.replay(store, path)
    if session.out.as_json:
        session.out.json({"file": path, "replayed": replayed})
    else:
        session.out.line(f"{replayed:,} records of {path} loaded.")
