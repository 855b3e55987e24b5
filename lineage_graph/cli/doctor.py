"""``doctor``: what is connected, which versions, how much is stored, and what is missing."""

from __future__ import annotations

import importlib.metadata
import platform
import shutil
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from lineage_graph.catalog.schema import SCHEMA
from lineage_graph.cli.command import Session, debugging
from lineage_graph.cli.exits import EXIT_CODES, exit_code
from lineage_graph.errors import FailedPrecondition, LineageError
from lineage_graph.exchange.plugins import (
    failures,
    plugin_integrations,
    plugin_readers,
    plugin_writers,
)
from lineage_graph.store import Store
from lineage_graph.store.rows import damaged

_PACKAGES = ("arcadedb-embedded", "fastapi", "neo4j", "neo4j-rust-ext", "pydantic", "typer")
Facts = dict[str, Any]


def doctor(
    session: Session,
    repair: Annotated[
        bool, typer.Option("--repair", help="Make the constraints and indexes that are missing.")
    ] = False,
    deep: Annotated[
        bool,
        typer.Option(
            "--deep", help="Read and check all that is stored, too; best while nobody writes."
        ),
    ] = False,
) -> None:
    """Look at everything that must be right, and say what is not: files that are damaged, constraints that are missing."""
    facts = _machine(session)
    code = 0
    try:
        with session.store() as store:
            facts["repaired"] = list(store.upkeep.repair() if repair else ())
            facts |= _store(store)
            store.upkeep.check_sound()
            if deep:
                _check(session, store, facts)
    except LineageError as error:
        if debugging(session.given):
            raise
        facts["problem"] = str(error)
        code = exit_code(error)
    else:
        if facts["missing"]:
            facts["problem"] = "Constraints or indexes are missing; doctor --repair makes them."
            code = EXIT_CODES[FailedPrecondition]
    if session.out.as_json:
        session.out.json(facts | {"healthy": code == 0})
    else:
        session.out.facts(_lines(facts))
    if code:
        raise typer.Exit(code)


def _check(session: Session, store: Store, facts: Facts) -> None:
    """Have the engine look at its files, then read all nodes and links.

    Raises:
        DamagedStore: something is wrong.
    """
    facts["findings"] = list(store.engine.check())
    if facts["findings"]:
        first, more = facts["findings"][0], len(facts["findings"]) - 1
        raise damaged(f"{first}{f' (and {more:,} findings more)' if more else ''}")
    facts["read"] = 0
    with session.out.progress("Reading", sum(store.pages.census().kinds.values())) as advance:
        for batch in store.dump():
            facts["read"] += len(batch)
            advance(len(batch))


def _machine(session: Session) -> Facts:
    settings = session.settings
    facts: Facts = {
        "version": importlib.metadata.version("lineage-graph"),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "platform": platform.platform(),
        "packages": {name: importlib.metadata.version(name) for name in _PACKAGES},
        "plugins": sorted((*plugin_readers(), *plugin_writers(), *plugin_integrations())),
        "left_out": [str(failure) for failure in failures()],
    }
    if settings.uri is None:
        facts["folder"] = str(settings.folder)
        facts["folder_bytes"] = _size(settings.folder)
        facts["free_bytes"] = _free(settings.folder)
    return facts


def _store(store: Store) -> Facts:
    return {
        "engine": store.engine.name,
        "address": store.engine.address,
        "database": store.engine.database,
        "database_version": store.engine.version(),
        "store": store.id,
        "schema": len(SCHEMA),
        "missing": list(store.upkeep.missing()),
        "counts": asdict(store.counts()),
    }


def _size(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size
        except OSError:  # it went away in the meantime
            continue
    return total


def _free(folder: Path) -> int:
    there = next(path for path in (folder, *folder.parents) if path.exists())
    return shutil.disk_usage(there).free


def _lines(facts: Facts) -> Mapping[str, str]:
    """The facts as people read them, one a line."""
    lines = {
        "lineage-graph": f"{facts['version']}, {facts['python']}, {facts['platform']}",
        "packages": ", ".join(f"{name} {version}" for name, version in facts["packages"].items()),
    }
    if facts["plugins"]:
        lines["plug-ins"] = ", ".join(facts["plugins"])
    if facts["left_out"]:
        lines["left out"] = "\n".join(facts["left_out"])
    if "folder" in facts:
        used, free = _megabytes(facts["folder_bytes"]), _megabytes(facts["free_bytes"])
        lines["folder"] = f"{facts['folder']}, {used} used, {free} free on its disk"
    if "engine" in facts:
        there = facts["schema"] - len(facts["missing"])
        lines |= {
            "connected to": f"{facts['database_version']}, {facts['address']}, database {facts['database']}",
            "store": facts["store"],
            "schema": f"{there} of {facts['schema']} constraints and indexes present",
            "holds": ", ".join(
                f"{n:,} {name.replace('_', ' ')}" for name, n in facts["counts"].items()
            ),
        }
        if facts["missing"]:
            lines["missing"] = ", ".join(facts["missing"])
        if facts.get("repaired"):
            lines["repaired"] = ", ".join(facts["repaired"])
    if facts.get("findings"):
        lines["findings"] = "\n".join(facts["findings"])
    lines["verdict"] = facts.get("problem", "All is well.")
    return lines


def _megabytes(count: int) -> str:
    return f"{count / 1_000_000:,.0f} MB"
