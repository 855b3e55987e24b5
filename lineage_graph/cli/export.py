"""``export``: the graph, or the lineage of a node, into a file of any format that is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from lineage_graph.cli.command import Session, stopping
from lineage_graph.cli.complete import complete_ref
from lineage_graph.cli.destination import STDOUT, Force, check_free, destination
from lineage_graph.errors import InvalidArgument
from lineage_graph.exchange.writing import WRITERS, About, Writer, writer_named
from lineage_graph.model import Kind, Ref, Subgraph
from lineage_graph.pictures.exporting import DRAWN, formats, lineage_of, origins_of, whole
from lineage_graph.store import Direction, Store

_MAX_LINEAGE_NODES = 1_000_000  # nodes of a lineage


def export_file(
    session: Session,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="Where to write, - for standard output.", dir_okay=False
        ),
    ],
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="FORMAT",
            help=f"{', '.join((*WRITERS, *DRAWN))}, or that of a plug-in; without it, what the file's name ends in, else jsonl.",
            autocompletion=lambda: list(formats()),
        ),
    ] = None,
    of: Annotated[
        str | None,
        typer.Option(
            "--of",
            metavar="REF",
            help="Only the lineage of artifact/17 or execution/4, or what context/2 (a run) did.",
            autocompletion=complete_ref(*Kind),
        ),
    ] = None,
    direction: Annotated[
        Direction | None, typer.Option("--direction", "-d", help="With --of: which way to go.")
    ] = None,
    depth: Annotated[
        int | None,
        typer.Option(
            "--depth", min=0, help="With --of: how many events away at most; else all there is."
        ),
    ] = None,
    force: Force = False,
) -> None:
    """Write the whole store, or the lineage of a node, to a file: JSON lines (the backup) or another tool's format.

    All that was stored before it began is in it. Others may write meanwhile: of that, new nodes are left out, changes
    of older ones may be in it. A store that is damaged is not written.

    For example: lineage-graph export model.cdx.json --of artifact/42 --direction upstream
    """
    writer = _writer(file, to)
    if of is None and (direction is not None or depth is not None):
        raise InvalidArgument(
            "--direction and --depth need --of.", hint="Say of which node: --of artifact/17."
        )
    start = None if of is None else Ref.parse(of)
    check_free(file, force)
    with stopping(lambda: _stopped(file)), session.store() as store:
        store.upkeep.check_sound()
        batches, total, complete = _chosen(store, writer, start, direction, depth)
        about = About(
            store.id, "The whole store" if start is None else f"Lineage of {start}", start
        )
        counted = _Counted(batches)
        with (
            destination(file) as stream,
            session.out.progress("Writing", total) as advance,
        ):
            lost = writer.write(counted.told(advance), stream, about)
    if not complete:
        session.out.note(
            f"This is not all there is: a lineage has at most {_MAX_LINEAGE_NODES:,} nodes."
        )
    _tell(session, None if file == STDOUT else file, writer, counted.nodes, lost)


def _stopped(file: Path) -> str:
    if file == STDOUT:
        return "Stopped; what was written is not the whole."
    return f"Stopped; {file} was not written."


def _writer(file: Path, to: str | None) -> Writer:
    if to is not None:
        return writer_named(to, formats().values())
    meant = next((one for one in formats().values() if one.is_meant(file.name)), None)
    if meant is not None:
        return meant
    near = [
        one.name for one in formats().values() if file.suffix and one.suffix.endswith(file.suffix)
    ]
    if near:
        raise InvalidArgument(
            f"Files that end in {file.suffix} can be several things.",
            hint=f"Say which with --to: {', '.join(near)}.",
        )
    if file.suffix.removeprefix(".") in formats():
        raise InvalidArgument(
            f"Files of the format {file.suffix[1:]} do not end in {file.suffix}.",
            hint=f"Say so with --to {file.suffix[1:]}, or end the name in "
            f".{formats()[file.suffix[1:]].suffix}.",
        )
    if file.suffix:
        ends = [f".{suffix}" for one in formats().values() for suffix in one.suffixes]
        raise InvalidArgument(
            f"Nothing writes to {file.name!r}.",
            hint=f"Names may end in {', '.join(dict.fromkeys(ends))}; or say which with --to.",
        )
    return formats()["jsonl"]


def _chosen(
    store: Store, writer: Writer, start: Ref | None, direction: Direction | None, depth: int | None
) -> tuple[Iterable[Subgraph], int, bool]:
    """Return what is to be written, about how many nodes that are, and whether it is all there is."""
    if start is None:
        return store.dump(), sum(store.pages.census().kinds.values()), True
    if writer.origins and direction is None:
        graph, complete = origins_of(store, start, depth, _MAX_LINEAGE_NODES)
    else:
        graph, complete = lineage_of(
            store, start, direction or Direction.BOTH, depth, _MAX_LINEAGE_NODES
        )
    batches = list(whole(store, graph))
    return batches, sum(map(len, batches)), complete


class _Counted:
    """Batches, and how many nodes they held."""

    def __init__(self, batches: Iterable[Subgraph]) -> None:
        self._batches = batches
        self.nodes = 0

    def told(self, advance: Callable[[int], None]) -> Iterator[Subgraph]:
        for batch in self._batches:
            yield batch
            self.nodes += len(batch)
            advance(len(batch))


def _tell(
    session: Session, file: Path | None, writer: Writer, total: int, lost: Counter[str]
) -> None:
    if file is not None:
        size = file.stat().st_size
        if session.out.as_json:
            session.out.json(
                {
                    "file": str(file),
                    "format": writer.name,
                    "nodes": total,
                    "bytes": size,
                    "skipped": dict(lost),
                }
            )
            return
        session.out.line(f"{total:,} nodes and their links written to {file} ({size:,} bytes).")
    for reason, count in lost.items():
        session.out.note(f"  left out: {count:,} {reason}")
