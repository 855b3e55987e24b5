"""``serve``: the pages and the JSON API over the store, until Ctrl-C."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from lineage_graph.cli.command import Session
from lineage_graph.cli.output import Output
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


def serve(
    session: Session,
    host: Host = None,
    port: Port = None,
    no_browser: NoBrowser = False,
) -> None:
    """Show the store in the browser, until Ctrl-C."""
    settings = session.settings_with(host=host, port=port)
    with Store.open(settings=settings) as store:
        run(session.out, store, settings, browser=not no_browser)


def run(
    out: Output,
    store: Store,
    settings: Settings,
    *,
    browser: bool,
    started: Mapping[str, Any] | None = None,
    newest: bool = False,
) -> None:
    """Serve a store until the process is told to stop; say where, and open a browser where one is."""
    raise NotImplementedError
