"""``import`` and ``export``: an outside store into the graph, the graph into a file."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Annotated

import typer

from lineage_graph.cli.command import Session
from lineage_graph.cli.output import Output
from lineage_graph.cli.reading import check, read
from lineage_graph.errors import AlreadyExists, BadFile, NotFound, Unreachable
from lineage_graph.exchange.base import Source
from lineage_graph.exchange.jsonl import write_jsonl
from lineage_graph.exchange.registry import open_source
from lineage_graph.model import Subgraph
from lineage_graph.store import LoadResult, Store

_SHOWN = 20  # problems that are told one by one


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
    """Read what is new, and say what came of it; where ``quiet``, only if there was anything."""
    with (
        open_source(where, format) as source,
        session.out.progress(f"Reading {where}", source.total) as advance,
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
    for problem in source.problems[:_SHOWN]:
        session.out.note(f"  {problem}")


def load_json(where: str, result: LoadResult, source: Source) -> dict[str, object]:
    """What a load brought, for programs."""
    return {
        "file": where,
        "format": source.format,
        "nodes": result.nodes,
        "links": result.links,
        "created": result.created,
        "updated": result.updated,
        "new_links": result.new_links,
        "skipped": dict(source.skipped),
        "problems": [problem._asdict() for problem in source.problems],
    }


def load_sentence(where: str, result: LoadResult) -> str:
    """What a load brought, for people."""
    name = where if "://" in where else Path(where).name or where
    whole = f"{name}: {result.nodes:,} nodes and {result.links:,} links read"
    if not (result.created or result.updated or result.new_links):
        return f"{whole}; nothing was new."
    return (
        f"{whole}; {result.created:,} nodes new, {result.updated:,} changed, "
        f"{result.new_links:,} links new."
    )


def export_file(
    session: Session,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Where to write, - for standard output.")
    ],
    force: Annotated[
        bool, typer.Option("--force", "-f", help="Replace the file where it exists.")
    ] = False,
) -> None:
    """Write the whole store to a file of JSON lines: a backup that import reads."""
    to_stdout = str(file) == "-"
    if file.exists() and not force and not to_stdout:
        raise AlreadyExists(f"The file {file} exists.", hint="Use --force to replace it.")
    with session.store() as store, _destination(file, to_stdout) as stream:
        counts = store.counts()
        total = counts.artifacts + counts.executions + counts.contexts
        with session.out.progress("Writing", total) as advance:
            write_jsonl(_counted(store, advance), stream, store.id)
    if not to_stdout:
        _tell(session.out, file, total)


def _tell(out: Output, file: Path, total: int) -> None:
    size = file.stat().st_size
    if out.as_json:
        out.json({"file": str(file), "nodes": total, "bytes": size})
    else:
        out.line(f"{total:,} nodes and their links written to {file} ({size:,} bytes).")


def _counted(store: Store, advance: object) -> Iterator[Subgraph]:
    for batch in store.dump():
        yield batch
        if callable(advance):
            advance(len(batch))


@contextmanager
def _destination(file: Path, to_stdout: bool) -> Iterator[IO[str]]:
    """The stream to write to; a file appears under its name only when it is whole."""
    if to_stdout:
        yield sys.stdout
        return
    handle, temporary = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.absolute().parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).replace(file)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
