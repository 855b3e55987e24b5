"""``replay``: records that a recorder kept in a file while its store was down, into the store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lineage_graph import recorder
from lineage_graph.cli.command import Session, stopping
from lineage_graph.errors import InvalidArgument


def replay(
    session: Session,
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]",
            help="The spool file; without it, LINEAGE_GRAPH_SPOOL.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Load the records of a spool file, each exactly once."""
    path = file or session.settings.spool
    if path is None:
        raise InvalidArgument(
            "It is not known which file to replay.", hint="Name it, or set LINEAGE_GRAPH_SPOOL."
        )

    def sentence() -> str:
        return f"Stopped; run it again for the records of {path} that are not loaded yet."

    with stopping(sentence), session.store() as store:
        replayed = recorder.replay(store, path)
    if session.out.as_json:
        session.out.json({"file": path, "replayed": replayed})
    else:
        session.out.line(f"{replayed:,} records of {path} loaded.")
