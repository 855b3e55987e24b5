"""The command ``lineage-graph``: its commands, and how the process begins and ends."""

from __future__ import annotations

import gc
import importlib.metadata
import signal
import sys
from typing import Annotated, Any

import typer

from lineage_graph.cli.ask import ask_app
from lineage_graph.cli.command import Debug, Folder, Json, Uri, command, remember
from lineage_graph.cli.compare import compare
from lineage_graph.cli.cypher import cypher
from lineage_graph.cli.doctor import doctor
from lineage_graph.cli.draw import draw
from lineage_graph.cli.engine import engine_app
from lineage_graph.cli.exits import INTERRUPTED, TERMINATED
from lineage_graph.cli.export import export_file
from lineage_graph.cli.find import find
from lineage_graph.cli.link import link
from lineage_graph.cli.load import import_source
from lineage_graph.cli.open import open_file
from lineage_graph.cli.replay import replay
from lineage_graph.cli.rpc import rpc
from lineage_graph.cli.schema import schema
from lineage_graph.cli.serve import serve
from lineage_graph.cli.sources import sources
from lineage_graph.cli.types import types
from lineage_graph.cli.walk import walk
from lineage_graph.cli.why import why

app = typer.Typer(
    name="lineage-graph",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"lineage-graph {importlib.metadata.version('lineage-graph')}\n")
        raise typer.Exit


@app.callback()
def _begin(
    ctx: typer.Context,
    uri: Uri = None,
    folder: Folder = None,
    as_json: Json = False,
    debug: Debug = False,
    version: Annotated[
        bool,
        typer.Option("--version", help="Show the version.", callback=_show_version, is_eager=True),
    ] = False,
) -> None:
    """The lineage of machine-learning pipelines in a graph.

    Begin with: lineage-graph open mlmd.db
    """
    remember(ctx, uri, folder, as_json, debug)


app.command("open")(command(open_file))
app.command("serve")(command(serve))
app.command("rpc")(command(rpc))
app.command("import")(command(import_source))
app.command("export")(command(export_file))
app.command("sources")(command(sources))
app.command("link")(command(link))
app.add_typer(ask_app, name="ask")
app.command("cypher")(command(cypher))
app.command("find")(command(find))
app.command("walk")(command(walk))
app.command("draw")(command(draw))
app.command("why")(command(why))
app.command("compare")(command(compare))
app.command("types")(command(types))
app.command("schema")(command(schema))
app.command("doctor")(command(doctor))
app.add_typer(engine_app, name="engine")
app.command("replay")(command(replay))


def _terminate(*_: Any) -> None:
    sys.exit(TERMINATED)  # unwinds, so that stores are closed and servers say goodbye


def _collect_seldom() -> None:
    """Look for cycles of objects seldom.

    A large picture, a lineage or a batch of an import is some hundred thousand objects that live for a
    second and hold no cycles; to look through them again and again took as long as to make them.
    """
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


def main() -> None:
    """Run the command of this process's command line."""
    signal.signal(signal.SIGTERM, _terminate)
    _collect_seldom()
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
