"""How soon the pages of a large store answer, how large they are, and what they ask of the database.

    python -m benchmarks.pages FOLDER [--rounds 5] [--only overview]

FOLDER holds the store of ``benchmarks/large_store.py``; where it does not, it is filled first. Every page
is asked for over HTTP, in turns. First bytes are in ms; processor time is that of the server, which
runs here, and of the engine together: it hardly grows on a machine that others use.
"""

from __future__ import annotations

import argparse
import http.client
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import uvicorn

from benchmarks.common import arguments
from benchmarks.large_store import fill
from lineage_graph.engines import engine_status
from lineage_graph.model import Kind
from lineage_graph.server.app import create_app
from lineage_graph.settings import Settings
from lineage_graph.store import Find, Store
from lineage_graph.store.session import Transaction

LIMIT_MS, LIMIT_KB = 200, 100


@dataclass
class Asked:
    """What the rounds of one page gave."""

    first: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    size: int = 0
    statements: int = 0


def pages_of(store: Store) -> dict[str, str]:
    """Return the pages to ask for: each sort, of nodes in the middle of the store and at its ends."""

    def last(kind: Kind, **wanted: Any) -> int:
        page = store.find(Find(kind=kind, descending=True, limit=1, counted=False, **wanted))
        return page.nodes[0].id or 0

    long_run = last(Kind.CONTEXT, type="pipeline_run")
    artifact, execution = last(Kind.ARTIFACT) * 3 // 4, last(Kind.EXECUTION) * 3 // 4
    model = last(Kind.ARTIFACT, type="Model")
    return {
        "overview": "/",
        "artifacts": "/artifacts",
        "models": "/artifacts?type=Model",
        "executions": "/executions",
        "failed executions": "/executions?state=FAILED",
        "contexts": "/contexts",
        "types": "/types",
        "questions": "/ask",
        "pipeline of 5,000 runs": "/contexts/1",
        "its runs 51 to 100": "/contexts/1?page=2",
        "pipeline of 95 runs": "/contexts/235",
        "run of 8 steps": f"/contexts/{long_run - 1}",
        "run of 2,000 steps": f"/contexts/{long_run}",
        "artifact": f"/artifacts/{artifact}",
        "execution": f"/executions/{execution}",
        "model": f"/artifacts/{model}",
        "lineage, one step": f"/artifacts/{artifact}/lineage",
        "lineage of a model": f"/artifacts/{model}/lineage?direction=upstream&depth=100",
    }


@contextmanager
def served(store: Store) -> Iterator[str]:
    """Serve a store from a thread; yields the address."""
    config = uvicorn.Config(create_app(store), port=0, log_level="warning", access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield f"127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def counting() -> Iterator[list[str]]:
    """Note every statement that is sent; yields the list of their texts."""
    sent: list[str] = []
    original = Transaction._run

    def noting(self: Transaction, text: str, values: Any) -> Any:
        sent.append(text)
        return original(self, text, values)

    setattr(Transaction, "_run", noting)  # noqa: B010 - a method
    try:
        yield sent
    finally:
        setattr(Transaction, "_run", original)  # noqa: B010


def ask(address: str, path: str) -> tuple[float, int]:
    """Ask for a page; return when its first byte came (ms), and its size."""
    connection = http.client.HTTPConnection(address)
    connection.connect()
    begin = time.perf_counter()
    connection.request("GET", path)
    response = connection.getresponse()
    response.read(1)
    first = 1000 * (time.perf_counter() - begin)
    size = 1 + len(response.read())
    connection.close()
    if response.status != 200:
        raise SystemExit(f"{path}: {response.status}")
    return first, size


def measure(
    address: str,
    pages: dict[str, str],
    rounds: int,
    sent: list[str],
    processor: Callable[[], float],
) -> dict[str, Asked]:
    """Ask for every page in turns; the first round warms up and does not count."""
    found = {name: Asked() for name in pages}
    for turn in range(rounds + 1):
        for name, path in pages.items():
            sent.clear()
            before = processor()
            first, size = ask(address, path)
            spent = processor() - before
            if turn:
                found[name].first.append(first)
                found[name].processor.append(spent)
            found[name].size, found[name].statements = size, len(sent)
    return found


def told(found: dict[str, Asked]) -> Sequence[str]:
    """Return the figures as lines."""
    lines = [
        f"{'':<24} {'first byte':>16} {'processor':>10} {'size':>9} {'statements':>11}",
        f"{'':<24} {'median':>8}{'least':>8} {'least':>10}",
    ]
    for name, one in found.items():
        over = min(one.first) > LIMIT_MS or one.size > LIMIT_KB * 1000
        lines.append(
            f"{name:<24} {statistics.median(one.first):>8.0f}{min(one.first):>8.0f}"
            f" {min(one.processor):>10.0f} {one.size / 1000:>6.1f} kB {one.statements:>11}"
            f"{'  over the limit' if over else ''}"
        )
    return lines


def parser() -> argparse.ArgumentParser:
    """Return what the command takes."""
    found = arguments(str(__doc__).splitlines()[0])
    found.set_defaults(rounds=5)
    found.add_argument("folder", type=Path)
    found.add_argument("--only", default="", help="only pages whose name holds this")
    return found


def main() -> None:
    """Ask for the pages and print what they took."""
    given = parser().parse_args()
    settings = Settings(folder=given.folder, uri=None)
    with Store.open(settings=settings) as store, counting() as sent:
        fill(store)
        engine = psutil.Process(engine_status(settings).pid or 0)
        pages = {name: path for name, path in pages_of(store).items() if given.only in name}

        def processor() -> float:
            theirs = engine.cpu_times()
            return 1000 * (time.process_time() + theirs.user + theirs.system)

        with served(store) as address:
            print(*told(measure(address, pages, given.rounds, sent, processor)), sep="\n")


if __name__ == "__main__":
    main()
