"""``import`` and ``export``: an outside store into the graph, the graph into a file."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Annotated

import typer

from lineage_graph.cli.command import Session
from lineage_graph.cli.output import Output
from lineage_graph.errors import AlreadyExists
from lineage_graph.exchange.jsonl import write_jsonl
from lineage_graph.exchange.registry import open_source
from lineage_graph.model import Subgraph
from lineage_graph.store import LoadResult, Store


def import_file(
    session: Session,
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="An ML Metadata SQLite file, or an export of ours."),
    ],
    format: Annotated[
        str | None,
        typer.Option("--format", help="mlmd or jsonl; without it, the file is looked at."),
    ] = None,
) -> None:
    """Read a file into the store. Reading it again changes nothing."""
    with (
        open_source(file, format) as source,
        session.store() as store,
        session.out.progress(f"Reading {file.name}", source.total) as advance,
    ):
        result = store.load(source.batches(), source.source, advance)
    if session.out.as_json:
        session.out.json(load_json(file, result))
    else:
        session.out.line(load_sentence(file, result))


def load_json(file: Path, result: LoadResult) -> dict[str, object]:
    """What a load brought, for programs."""
    return {
        "file": str(file),
        "nodes": result.nodes,
        "links": result.links,
        "created": result.created,
        "updated": result.updated,
        "new_links": result.new_links,
    }


def load_sentence(file: Path, result: LoadResult) -> str:
    """What a load brought, for people."""
    read = f"{file.name}: {result.nodes:,} nodes and {result.links:,} links read"
    if not (result.created or result.updated or result.new_links):
        return f"{read}; nothing was new."
    return (
        f"{read}; {result.created:,} nodes new, {result.updated:,} changed, "
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
