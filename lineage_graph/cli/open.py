"""``open``: a file of ML Metadata to its pictures in one command."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import re
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any

import typer

from lineage_graph.cli.command import Session
from lineage_graph.cli.load import load_json, load_sentence, loading
from lineage_graph.cli.output import CommandOutput
from lineage_graph.cli.serve import Host, NoBrowser, Port, run
from lineage_graph.exchange.base import Source
from lineage_graph.exchange.registry import open_source
from lineage_graph.importing import read
from lineage_graph.settings import Settings
from lineage_graph.store import LoadResult, Store

_STAMP = "opened.json"


def open_file(
    session: Session,
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="An ML Metadata SQLite file, or an export of ours."),
    ],
    format: Annotated[
        str | None,
        typer.Option("--format", help="mlmd or jsonl; without it, the file is looked at."),
    ] = None,
    host: Host = None,
    port: Port = None,
    no_browser: NoBrowser = False,
) -> None:
    """Read a file into a store of its own and show it in the browser, until Ctrl-C.

    Every file has its own store, so that two files are never mixed; --folder or --uri name
    another. Opening a file again reads only what is new in it.
    """
    started: dict[str, Any] = {}
    with ExitStack() as stack:
        with open_source(file, format) as source:  # a wrong file is refused before anything starts
            settings = _settings(session, file, host, port)
            session.out.note(f"Opening {file} …")
            store = stack.enter_context(Store.open(settings=settings))
            stamp = settings.folder / _STAMP if _has_own_folder(session) else None
            result = _load(session.out, store, source, file, stamp)
        if result is not None:
            session.out.note(load_sentence(str(file), result))
            started["imported"] = load_json(str(file), result, source)
        run(session.out, store, settings, browser=not no_browser, started=started, newest=True)


def _has_own_folder(session: Session) -> bool:
    return session.given.uri is None and session.given.folder is None


def _settings(session: Session, file: Path, host: str | None, port: int | None) -> Settings:
    settings = session.settings_with(host=host, port=port)
    if not _has_own_folder(session):
        return settings
    given = settings.model_dump(exclude_unset=True)
    return Settings(**given | {"uri": None, "folder": folder_of(file, settings.folder)})


def folder_of(file: Path, base: Path) -> Path:
    """The folder of a file's own store: the same whenever the file is opened from wherever."""
    path = file.resolve()
    digest = hashlib.sha256(str(path).encode("utf-8", "surrogateescape")).hexdigest()[:12]
    readable = re.sub(r"[^A-Za-z0-9_-]+", "_", path.stem)[:40]
    return base / "opened" / f"{readable}-{digest}"


def _load(
    out: CommandOutput, store: Store, source: Source, file: Path, stamp: Path | None
) -> LoadResult | None:
    """Load what the store does not have; None where the file is as it was when last loaded."""
    now = _stamp(file, store.id)
    if stamp is not None and stamp.exists() and stamp.read_text(encoding="utf-8") == now:
        out.note(f"{file.name}: unchanged since it was last opened.")
        return None
    with loading(out, file.name, source.total) as advance:
        result = read(store, source, str(file), advance)
    if stamp is not None:
        stamp.write_text(now, encoding="utf-8")
    return result


def _stamp(file: Path, store_id: str) -> str:
    """A value that changes when the file or its write-ahead log changes."""
    parts = [file, file.with_name(f"{file.name}-wal")]
    sizes = [
        [status.st_size, status.st_mtime_ns]
        for part in parts
        if part.exists()
        for status in [part.stat()]
    ]
    version = importlib.metadata.version("lineage-graph")
    return json.dumps(
        {"file": str(file.resolve()), "files": sizes, "store": store_id, "version": version}
    )
