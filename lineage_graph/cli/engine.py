"""``engine``: keep the embedded engine running, stop it, or see whether it runs."""

from __future__ import annotations

from dataclasses import asdict

import typer

from lineage_graph.cli.command import (
    Debug,
    Folder,
    Json,
    Session,
    Uri,
    command,
    remember,
)
from lineage_graph.engines import EngineStatus, engine_status, start_engine, stop_engine
from lineage_graph.errors import InvalidArgument
from lineage_graph.model.plain import moment

engine_app = typer.Typer(no_args_is_help=True)


@engine_app.callback()
def engine(
    ctx: typer.Context,
    uri: Uri = None,
    folder: Folder = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Start, stop or look at the embedded engine."""
    remember(ctx, uri, folder, as_json, debug)


@engine_app.command()
@command
def start(session: Session) -> None:
    """Start the engine and keep it running until it is stopped."""
    _check_embedded(session)
    _tell(session, start_engine(session.settings))


@engine_app.command()
@command
def stop(session: Session) -> None:
    """Stop the engine, also where other processes use it."""
    _check_embedded(session)
    stopped = stop_engine(session.settings)
    if session.out.as_json:
        session.out.json({"folder": session.settings.folder, "stopped": stopped})
    else:
        session.out.line("Stopped." if stopped else "It was not running.")


@engine_app.command()
@command
def status(session: Session) -> None:
    """Say whether the engine runs, since when, and for how many processes."""
    _check_embedded(session)
    _tell(session, engine_status(session.settings))


def _check_embedded(session: Session) -> None:
    if session.settings.uri is not None:
        raise InvalidArgument(
            f"The store is on a server, {session.settings.uri}; there is no engine of ours to manage.",
            hint="Leave out --uri, unset NEO4J_URI and LINEAGE_GRAPH_URI, or give --folder.",
        )


def _tell(session: Session, found: EngineStatus) -> None:
    if session.out.as_json:
        session.out.json(asdict(found))
        return
    if not found.running:
        session.out.line(f"Not running. Its folder is {found.folder}.")
        return
    since = moment(int(found.since * 1000)) + " UTC" if found.since else ""
    kept = "kept until it is stopped" if found.kept else "stops after its last user left"
    session.out.facts(
        {
            "running": f"{found.version}, {kept}",
            "address": found.address,
            "process": found.pid,
            "since": since,
            "users": found.users,
            "folder": found.folder,
        }
    )
