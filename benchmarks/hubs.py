"""What the pages around nodes with very many of something cost: readers, inputs, members, columns, properties.

    python -m benchmarks.hubs FOLDER [--rounds 3] [--only columns]

FOLDER holds the store that ``fill`` makes; where it does not, it is filled first. Every page is asked for
over HTTP, in turns. Printed are the processor time of the engine alone and of the server, which runs
here (ms, the least), the first byte (ms, the least), the size and the number of statements.
"""

from __future__ import annotations

import argparse
import http.client
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil

from benchmarks.common import arguments
from benchmarks.pages import counting, served
from lineage_graph.engines import engine_status
from lineage_graph.model import Kind
from lineage_graph.questions import load_questions
from lineage_graph.settings import Settings
from lineage_graph.store import Store
from tests.server.hubs import fill

MANY, COLUMNS, CONTEXTS, PROPERTIES, LETTERS = 30_000, 5_000, 5_000, 5_000, 1_000_000
LIMIT_MS = 1000


def _named(store: Store, kind: Kind, type_name: str, name: str) -> int:
    node = store.by_name(kind, type_name, name)
    assert node is not None
    return node.id or 0


def pages_of(store: Store) -> Iterator[tuple[str, str]]:
    """Yield the pages to ask for, by what they are called."""

    def artifact(name: str, type_name: str = "Dataset") -> int:
        return _named(store, Kind.ARTIFACT, type_name, name)

    def execution(name: str, type_name: str) -> int:
        return _named(store, Kind.EXECUTION, type_name, name)

    hub, leaf, part = artifact("hub"), artifact("m7", "Model"), artifact("part7")
    narrow, wide, shared = artifact("narrow end"), artifact("wide end"), artifact("everybody's")
    long, long2 = artifact("long 0", "Model"), artifact("long 1", "Model")
    reader, join = execution("t7", "Train"), execution("join", "Join")
    widen, long_step = execution("widen", "Join"), execution("long", "Train")
    run, long_run = (_named(store, Kind.CONTEXT, "Run", name) for name in ("all of them", "long"))
    team = _named(store, Kind.CONTEXT, "Team", "team 7")
    nodes = {
        "hub": f"/artifacts/{hub}",
        "its reader": f"/executions/{reader}",
        "a leaf near it": f"/artifacts/{leaf}",
        "30,000 inputs": f"/executions/{join}",
        "one of them": f"/artifacts/{part}",
        "5,000 columns read": f"/artifacts/{narrow}",
        "5,000 columns written": f"/artifacts/{wide}",
        "made the columns": f"/executions/{widen}",
        "in 5,000 contexts": f"/artifacts/{shared}",
        "5,000 properties": f"/artifacts/{long}",
        "step, 5,000 properties": f"/executions/{long_step}",
    }
    for name, path in nodes.items():
        yield name, path
        yield f"{name}: data", f"{path}.json"
        yield f"{name}: panel", f"{path}/panel"
        yield f"{name}: before it", f"{path}/neighbours.json?direction=upstream"
        yield f"{name}: after it", f"{path}/neighbours.json?direction=downstream"
        yield f"{name}: lineage", f"{path}/lineage"
        yield f"{name}: picture", f"{path}/lineage/picture.json"
        yield f"{name}: deep page", f"{path}/lineage?depth=3"
        yield f"{name}: deep", f"{path}/lineage/picture.json?depth=3"
        yield f"{name}: deep, 500", f"{path}/lineage/picture.json?depth=3&limit=500"
        yield f"{name}: upstream", f"{path}/lineage/picture.json?depth=100&direction=upstream"
    for name, path in (
        ("30,000 members", f"/contexts/{run}"),
        ("one of 5,000 contexts", f"/contexts/{team}"),
        ("context, 5,000 properties", f"/contexts/{long_run}"),
    ):
        yield name, path
        yield f"{name}: data", f"{path}.json"
        yield f"{name}: picture", f"{path}/lineage/picture.json"
    for path in (
        "/",
        "/artifacts",
        "/executions",
        "/contexts",
        f"/executions?context={run}",
        "/search?text=everybody",
        "/search?text=many+words",
        "/search?text=nothing+has+this",
        f"/compare?node=artifact/{long}&node=artifact/{long2}",
        f"/compare?node=artifact/{narrow}&node=artifact/{wide}",
        f"/compare?node=execution/{reader}&node=execution/{reader + 1}",
        f"/compare?node=artifact/{leaf}&node=artifact/{leaf + 1}",
        f"/why?one=artifact/{leaf}&other=artifact/{leaf + 1}",
        f"/why?one=artifact/{long}&other=artifact/{long2}",
        f"/why?one=execution/{join}&other=execution/{widen}",
        f"/why?one=artifact/{narrow}&other=artifact/{wide}",
    ):
        yield path, path
    ids = {Kind.ARTIFACT: (hub, wide, shared), Kind.EXECUTION: (join,), Kind.CONTEXT: (run,)}
    questions = load_questions(store.catalog)
    for kind, found in ids.items():
        for question, parameter in questions.for_kind(kind):
            for one in found:
                path = f"/ask/{question.name.replace('_', '-')}?{parameter}={one}"
                yield path, path


def ask(address: str, path: str) -> tuple[float, int, int]:
    """Ask for a page; return when its first byte came (ms), its size and its status."""
    connection = http.client.HTTPConnection(address, timeout=300)
    begin = time.perf_counter()
    connection.request("GET", path)
    response = connection.getresponse()
    response.read(1)
    first = 1000 * (time.perf_counter() - begin)
    size = 1 + len(response.read())
    connection.close()
    return first, size, response.status


def measure(
    address: str, name: str, path: str, rounds: int, sent: list[str], engine: Callable[[], float]
) -> None:
    """Ask for a page some times, and print what it took; a slow one only once."""
    spent: list[tuple[float, float, float]] = []
    size = status = 0
    for _ in range(rounds):
        sent.clear()
        ours, theirs = time.process_time(), engine()
        first, size, status = ask(address, path)
        spent.append((engine() - theirs, 1000 * (time.process_time() - ours), first))
        if first > 5 * LIMIT_MS:
            break
    theirs, ours, first = (min(one) for one in zip(*spent, strict=True))
    mark = "" if status == 200 else f"  {status}"
    mark += "  OVER" if theirs > LIMIT_MS else ""
    print(
        f"{name:<58} {theirs:>7.0f} {ours:>7.0f} {first:>7.0f} {size / 1000:>8.1f} kB {len(sent):>4}{mark}",
        flush=True,
    )


def parser() -> argparse.ArgumentParser:
    """Return what the command takes."""
    found = arguments(str(__doc__).splitlines()[0])
    found.add_argument("folder", type=Path)
    found.add_argument("--only", default="", help="only pages whose name holds this")
    return found


def main() -> None:
    """Ask for the pages and print what they took."""
    given = parser().parse_args()
    settings = Settings(folder=given.folder, uri=None)
    with Store.open(settings=settings) as store, counting() as sent:
        if not store.pages.census().kinds[Kind.ARTIFACT]:
            fill(store, MANY, COLUMNS, CONTEXTS, PROPERTIES, LETTERS)

        def engine() -> float:  # a new process where the engine had to be started anew
            theirs = psutil.Process(engine_status(settings).pid or 0).cpu_times()
            return 1000 * (theirs.user + theirs.system)

        print(f"{'':<58} {'engine':>7} {'server':>7} {'first':>7} {'size':>11} {'statements':>4}")
        with served(store) as address:
            for name, path in pages_of(store):
                if given.only in name:
                    measure(address, name, path, given.rounds, sent, engine)


if __name__ == "__main__":
    main()
