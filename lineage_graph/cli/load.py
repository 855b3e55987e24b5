"""``import``: an outside store into the graph."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from lineage_graph.cli.command import Session, stopping
from lineage_graph.cli.link import ambiguities
from lineage_graph.cli.output import CommandOutput
from lineage_graph.errors import BadFile, NotFound, Unreachable
from lineage_graph.exchange.base import Source
from lineage_graph.exchange.registry import open_source
from lineage_graph.importing import check, read
from lineage_graph.model.plain import counted
from lineage_graph.store import LoadResult, Store

_MAX_PROBLEMS_SHOWN = 20  # problems that are listed one by one


def import_source(
    session: Session,
    source: Annotated[
        str,
        typer.Argument(metavar="SOURCE", help="A file, a folder or an address."),
    ],
    format: Annotated[
        str | None,
        typer.Option(
            "--from", "--format", help="Which reader to use; without it, the source is looked at."
        ),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Store nothing where anything cannot be read.")
    ] = False,
    again: Annotated[
        bool,
        typer.Option("--again", help="Read all of it, not only what is new since the last time."),
    ] = False,
    watch: Annotated[
        float | None,
        typer.Option(
            "--watch",
            min=0.1,
            metavar="SECONDS",
            help="Go on: look for what is new so often, until Ctrl-C.",
        ),
    ] = None,
) -> None:
    """Read a source into the store. Reading it again changes nothing; later, only what is new is read."""
    if strict:
        check(source, format)
    with session.store() as store:
        _import_once(session, store, source, format, again)
        while watch is not None:
            time.sleep(watch)
            try:
                _import_once(session, store, source, format, False, quiet=True)
            except (BadFile, NotFound, Unreachable) as error:  # half written, or away for a while
                session.out.note(error.message)


def _import_once(
    session: Session, store: Store, where: str, format: str | None, again: bool, quiet: bool = False
) -> None:
    """Read what is new and report it; with ``quiet``, only if something changed."""
    with (
        open_source(where, format) as source,
        loading(session.out, where, source.total) as advance,
    ):
        result = read(store, source, where, advance, again=again)
    if quiet and not (result.created or result.updated or result.new_links or source.problems):
        return
    if session.out.as_json:
        session.out.json(load_json(where, result, source))
        return
    session.out.line(load_sentence(where, result))
    for reason, count in source.skipped.items():
        session.out.note(f"  left out: {count:,} {reason}")
    for sentence in ambiguities(result.linked):
        session.out.note(sentence)
    for problem in source.problems[:_MAX_PROBLEMS_SHOWN]:
        session.out.note(f"  {problem}")


@contextmanager
def loading(out: CommandOutput, where: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """Show the progress of a load; when it is interrupted, report how much is stored."""
    stored = 0

    def sentence() -> str:
        if not stored:
            return f"Stopped before anything of {where} was stored."
        return (
            f"Stopped: {stored:,} nodes and links of {where} are stored; "
            "run the same command again for the rest."
        )

    with stopping(sentence), out.progress(f"Reading {where}", total) as advance:

        def on_progress(amount: int) -> None:
            nonlocal stored
            stored += amount
            advance(amount)

        yield on_progress


def load_json(where: str, result: LoadResult, source: Source) -> dict[str, object]:
    """The result of a load, for programs."""
    return {
        "file": where,
        "format": source.format,
        "nodes": result.nodes,
        "links": result.links,
        "created": result.created,
        "updated": result.updated,
        "new_links": result.new_links,
        "same_as": result.linked.made,
        "ambiguous": sorted(result.linked.ambiguous),
        "skipped": dict(source.skipped),
        "problems": [problem._asdict() for problem in source.problems],
    }


def load_sentence(where: str, result: LoadResult) -> str:
    """The result of a load, for people."""
    name = where if "://" in where else Path(where).name or where
    whole = f"{name}: {counted(result.nodes, 'node')} and {counted(result.links, 'link')} read"
    if not (result.created or result.updated or result.new_links):
        return f"{whole}; nothing was new."
    known = f" {result.linked.made:,} links to what other tools saw." if result.linked.made else ""
    return (
        f"{whole}; {counted(result.created, 'node')} new, {result.updated:,} changed, "
        f"{counted(result.new_links, 'link')} new.{known}"
    )
