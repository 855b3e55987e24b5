"""Import: an outside source into the store, from where it was left off the last time."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from lineage_graph.errors import BadFile
from lineage_graph.exchange.base import Problem, Source
from lineage_graph.exchange.registry import open_source
from lineage_graph.model.plain import counted
from lineage_graph.store import KnownSource, LoadResult, Store

_MAX_PROBLEMS_IN_ERROR = 5  # problems an error names


@dataclass(frozen=True)
class ImportResult:
    """What an import brought, and what it left out.

    ``skipped`` counts records by the reason for which they were left out; ``problems`` are those that
    could not be read, each with its place.
    """

    format: str
    loaded: LoadResult
    skipped: Mapping[str, int]
    problems: tuple[Problem, ...]


def import_from(
    source: str | Path,
    store: Store | None = None,
    *,
    format: str | None = None,
    strict: bool = False,
    again: bool = False,
    on_progress: Callable[[int, int | None], None] | None = None,
) -> ImportResult:
    """Import a file, a folder or an address into a store; importing it again changes nothing.

    Without a store, the one that the settings name. ``format`` names the reader; without it, the
    source is looked at. ``strict`` stores nothing where any record cannot be read. ``again`` reads
    all of it, not only what is new since the last time. ``on_progress`` is called with the number of
    nodes and links that are stored, and with about how many there are (None where that is not known).

    Raises:
        NotFound: there is nothing at that place.
        BadFile: no record can be read, or with ``strict`` not every record.
        StoreError: the store failed; what was stored before stays.
    """
    if store is None:
        with Store.open() as opened:
            return import_from(
                source, opened, format=format, strict=strict, again=again, on_progress=on_progress
            )
    if strict:
        check(source, format)
    done = 0

    def advance(amount: int) -> None:
        nonlocal done
        done += amount
        if on_progress is not None:
            on_progress(done, found.total)

    with open_source(source, format) as found:
        loaded = read(store, found, str(source), advance, again=again)
        return ImportResult(found.format, loaded, dict(found.skipped), tuple(found.problems))


def read(
    store: Store,
    source: Source,
    address: str,
    advance: Callable[[int], None] | None = None,
    *,
    again: bool = False,
) -> LoadResult:
    """Load what a source holds, only what is new since the last time unless ``again``.

    Raises:
        BadFile: not one of its records could be read.
        LineageError: what the source or the store has to say; what was loaded before stays.
    """
    before = next((known for known in store.sources() if known.key == source.source), None)
    if before is not None and not again:
        source.after = before.cursor
    if (
        source.asks and store.lookup.holds_runs()
    ):  # else each batch is read while the one before is stored
        source.known = store.lookup
    if source.keyed:
        in_turn = source.known is not None
        result = store.load_keyed(source.batches(), source.source, advance, in_turn)
    else:
        result = store.load(source.batches(), source.source, advance)
    whole = before is None or not source.after
    if whole and source.problems and not (result.nodes or result.links):
        raise BadFile(
            f"{address}: nothing of it can be read:\n{_listed(source)}",
            hint="If it is something else, name its reader with --from.",
        )
    skipped = Counter(source.skipped)
    if before is not None and not whole:  # what was left out before still is
        skipped.update(before.skipped)
    store.lookup.note_source(
        KnownSource(
            key=source.source,
            format=source.format,
            address=address,
            cursor=source.cursor,
            nodes=result.nodes + (0 if whole or before is None else before.nodes),
            links=result.links + (0 if whole or before is None else before.links),
            skipped=dict(skipped),
            read_at=int(time.time() * 1000),
        )
    )
    return result


def check(where: str | Path, format: str | None) -> None:
    """Read a source through without storing anything.

    Raises:
        BadFile: something of it could not be read; the message names the first few.
    """
    with open_source(where, format) as source:
        for _ in source.batches():
            pass
        if not source.problems:
            return
        raise BadFile(
            f"{where}: {counted(len(source.problems), 'record')} cannot be read, "
            f"so nothing was stored:\n{_listed(source)}",
            hint="Without --strict the rest goes in.",
        )


def _listed(source: Source) -> str:
    """Return the first few problems of a source, one a line, and how many more there are."""
    lines = [f"  {problem}" for problem in source.problems[:_MAX_PROBLEMS_IN_ERROR]]
    if len(source.problems) > _MAX_PROBLEMS_IN_ERROR:
        lines.append(f"  and {len(source.problems) - _MAX_PROBLEMS_IN_ERROR:,} more")
    return "\n".join(lines)
