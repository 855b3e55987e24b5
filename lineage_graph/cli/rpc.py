"""``rpc``: ML Metadata's gRPC service over the store, until Ctrl-C."""

from __future__ import annotations

import gc
import threading
from typing import Annotated

import typer

from lineage_graph.cli.command import Session
from lineage_graph.rpc.guard import check_address
from lineage_graph.rpc.serve import serving
from lineage_graph.store import Store

Host = Annotated[
    str | None,
    typer.Option(
        "--host",
        help="Address to listen on; any but loopback needs a token or certificates.",
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


def rpc(session: Session, host: Host = None, port: Port = None) -> None:
    """Answer ML Metadata's clients (gRPC), until Ctrl-C."""
    settings = session.settings_with(rpc_host=host, rpc_port=port)
    check_address(settings)
    with Store.open(settings=settings) as store, serving(store, settings) as address:
        spare_what_is_loaded()
        if session.out.as_json:
            session.out.json({"address": address})
        else:
            session.out.line(f"Ready at {address}")
            session.out.note("ML Metadata's clients find it there. Ctrl-C stops it.")
        threading.Event().wait()


def spare_what_is_loaded() -> None:
    """Keep Python's garbage collector from looking, each time, at what a server has loaded for good."""
    gc.collect()
    gc.freeze()
