"""``serve``: the pages and the JSON API over the store, until Ctrl-C."""

from __future__ import annotations

import os
import sys
import urllib.request
import webbrowser
from collections.abc import Mapping
from contextlib import ExitStack
from typing import Annotated, Any

import typer

from lineage_graph.cli.command import Session
from lineage_graph.cli.output import CommandOutput
from lineage_graph.cli.rpc import spare_what_is_loaded
from lineage_graph.errors import Unreachable
from lineage_graph.questions import ask
from lineage_graph.rpc.serve import serving
from lineage_graph.server.security import check_address
from lineage_graph.server.serve import run_server
from lineage_graph.settings import Settings
from lineage_graph.store import Store

Host = Annotated[
    str | None,
    typer.Option(
        "--host",
        help="Address to listen on; any but loopback needs LINEAGE_GRAPH_ACCESS_TOKEN.",
        show_default=False,
    ),
]
Port = Annotated[
    int | None,
    typer.Option(
        "--port",
        min=0,
        max=65535,
        help="Port to listen on; 0 takes any free one.",
        show_default=False,
    ),
]
NoBrowser = Annotated[bool, typer.Option("--no-browser", help="Do not open a browser.")]


Check = Annotated[
    bool, typer.Option("--check", help="Only say whether the server answers, for health checks.")
]


Rpc = Annotated[
    bool, typer.Option("--rpc", help="Answer ML Metadata's clients (gRPC) from the same process.")
]


def serve(
    session: Session,
    host: Host = None,
    port: Port = None,
    no_browser: NoBrowser = False,
    check: Check = False,
    rpc: Rpc = False,
) -> None:
    """Show the store in the browser, until Ctrl-C."""
    settings = session.settings_with(host=host, port=port)
    if check:
        _check(session.out, settings)
        return
    check_address(settings)
    with ExitStack() as stack:
        store = stack.enter_context(Store.open(settings=settings))
        started = {"rpc": stack.enter_context(serving(store, settings))} if rpc else None
        run(session.out, store, settings, browser=not no_browser, started=started)


def run(
    out: CommandOutput,
    store: Store,
    settings: Settings,
    *,
    browser: bool,
    started: Mapping[str, Any] | None = None,
    newest: bool = False,
) -> None:
    """Serve a store until the process is told to stop; say where, and open a browser where one is.

    ``newest`` leads to the newest run instead of the overview; ``started`` is told along in JSON.
    """
    path = _newest_run(store) if newest else "/"

    def ready(address: str) -> None:
        spare_what_is_loaded()
        if out.as_json:
            out.json({"address": f"{address}{path}", **(started or {})})
        else:
            out.line(f"Ready at {address}{path}")
            if started and "rpc" in started:
                out.line(f"ML Metadata's clients find it at {started['rpc']}")
            out.note("Ctrl-C stops it.")
        if browser and _has_screen():
            webbrowser.open(f"{address}{path}")

    run_server(store, settings, ready)


def _newest_run(store: Store) -> str:
    """The path of the page of the newest run, of the overview where there is no pipeline."""
    pipelines = ask(store, "pipelines")
    rows = [dict(zip(pipelines.columns, row, strict=True)) for row in pipelines.rows]
    return f"/contexts/{rows[0]['last_run_context']}" if rows else "/"


def _has_screen() -> bool:
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _check(out: CommandOutput, settings: Settings) -> None:
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host
    address = f"http://{f'[{host}]' if ':' in host else host}:{settings.port}/health"
    try:
        with urllib.request.urlopen(address, timeout=5):
            out.line("It answers.")
    except OSError as error:
        raise Unreachable(f"Nothing answers at {address} ({error}).") from error
