"""``engine``: keep the embedded engine running, stop it, see whether it runs, or connect tools to it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

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
from lineage_graph.engines import (
    EngineStatus,
    engine_status,
    start_engine,
    stop_engine,
    tool_access,
)
from lineage_graph.errors import InvalidArgument
from lineage_graph.model.plain import moment

_LINES = """
Python        neo4j.GraphDatabase.driver({login}).execute_query("MATCH (m:Model) RETURN m", database_="{database}")
notebook      neo4j.GraphDatabase.driver({login}).execute_query("MATCH (m:Model) RETURN m.id, m.name",
                  database_="{database}", result_transformer_=neo4j.Result.to_df)
cypher-shell  cypher-shell -a {address} -u {user} -p {password} -d {database}

The engine runs until: lineage-graph engine stop"""
_ROLES = """
A user that only reads:
  CREATE USER lineage_reader SET PASSWORD '…' CHANGE NOT REQUIRED;
  GRANT ROLE reader TO lineage_reader;"""
_NO_ROLES = """
This edition has no roles: whoever logs in may write. Ask by lineage-graph cypher or the console page, whose
statements only read; or have tools open sessions for reading (default_access_mode="READ"), which the
server holds them to. They can still read the server's files by LOAD CSV: turn that off on the server
(dbms.security.allow_csv_import_from_file_urls=false)."""
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


@engine_app.command()
@command
def connect(
    session: Session,
    rotate: Annotated[
        bool, typer.Option("--rotate", help="Make another password; the one before is void.")
    ] = False,
) -> None:
    """Show how other tools connect: address, a user that only reads, its password, lines to paste.

    The engine is started and kept running. A tool finds it at the same address each time where
    LINEAGE_GRAPH_ENGINE_PORT is set. On a Neo4j server it says who may read there.
    """
    settings = session.settings
    if settings.uri is not None:
        if rotate:
            _check_embedded(session)
        _tell_server(session)
        return
    access = tool_access(settings, rotate=rotate)
    if session.out.as_json:
        session.out.json(asdict(access))
        return
    session.out.facts(asdict(access))
    login = f"{access.address!r}, auth=({access.user!r}, {access.password!r})"
    session.out.line(_LINES.format(login=login, **asdict(access)))
    if settings.engine_port and not access.address.endswith(f":{settings.engine_port}"):
        session.out.note(
            f"It was started without the port {settings.engine_port}; with it from the next start: "
            "lineage-graph engine stop"
        )


def _tell_server(session: Session) -> None:
    """Say how a server is reached, and which of its users may only read."""
    settings = session.settings
    with session.store() as store:
        version = store.engine.version()
    has_roles = version.endswith("enterprise")
    facts = {
        "address": settings.uri,
        "user": settings.username,
        "database": settings.database,
        "server": version,
        "has_roles": has_roles,
    }
    if session.out.as_json:
        session.out.json(facts)
        return
    session.out.facts(facts)
    session.out.line(_ROLES.format(database=settings.database) if has_roles else _NO_ROLES)


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
