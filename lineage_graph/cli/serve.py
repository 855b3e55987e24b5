"""``serve``: the pages and the JSON API over the store, until Ctrl-C."""

from __future__ import annotations

import os
import sys
import webbrowser
from typing import Annotated

import typer

from lineage_graph.cli.command import Session
from lineage_graph.cli.output import Output
from lineage_graph.settings import Settings
from lineage_graph.store import Store

Host = Annotated[
    str | None,
    typer.Option("--host", help="Address to listen on; any but loopback needs an access token."),
]
Port = Annotated[
    int | None,
    typer.Option("--port", min=0, max=65535, help="Port to listen on; 0 takes any free one."),
]
NoBrowser = Annotated[bool, typer.Option("--no-browser", help="Do not open a browser.")]


def serve(
    session: Session,
    host: Host = None,
    port: Port = None,
    no_browser: NoBrowser = False,
) -> None:
    """Serve the pages of the store until Ctrl-C."""
    settings = session.settings_with(host=host, port=port)
    with Store.open(settings=settings) as store:
        run(session.out, store, settings, path="/", browser=not no_browser)
