"""How fast other tools' lineage comes in, against the parse alone.

    python -m benchmarks.exchange [--engine embedded|neo4j] [--events 20000]

OpenLineage: a file of events (two for each run, with facets, two inputs and an output), the memory it takes
against a file of a fifth of the size, and events over HTTP from several clients at once.
"""

from __future__ import annotations

import json
import multiprocessing
import random
import tempfile
import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import psutil
from pydantic_core import from_json

from benchmarks.common import arguments, seconds
from lineage_graph.exchange import open_source
from lineage_graph.importing import read
from lineage_graph.server.serve import run_server
from lineage_graph.settings import Settings
from lineage_graph.store import Store
from tests.conftest import empty
from tests.each_engine import engines

PATH = "/api/v1/lineage"
_BATCH = 100  # events
_FACET = {
    "_producer": "https://example.org/producer",
    "_schemaURL": "https://openlineage.io/spec/facets/any.json",
}


def events(count: int) -> Iterator[dict[str, Any]]:
    """Yield events of runs of fifty steps over two hundred tables: a start and an end each."""
    dice = random.Random(1)
    for number in range(count // 2):
        run = str(uuid.UUID(int=dice.getrandbits(128)))
        inputs, outputs = [_table(dice), _table(dice)], [_table(dice)]
        for kind, at in (("START", 2 * number), ("COMPLETE", 2 * number + 1)):
            yield {
                "eventType": kind,
                "eventTime": f"2026-11-{1 + at // 86400:02d}T{at // 3600 % 24:02d}:{at // 60 % 60:02d}:{at % 60:02d}Z",
                "producer": _FACET["_producer"],
                "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
                "run": {"runId": run, "facets": {"parent": _FACET | _parent(number // 50)}},
                "job": {
                    "namespace": "lab",
                    "name": f"nightly.step_{number % 50}",
                    "facets": {"sql": _FACET | {"query": "select a, b from t join u using (id)"}},
                },
                "inputs": inputs,
                "outputs": outputs,
            }


def _table(dice: random.Random) -> dict[str, Any]:
    fields = [{"name": f"c{column}", "type": "INTEGER"} for column in range(5)]
    schema = _FACET | {"fields": fields}
    name = f"table_{dice.randrange(200)}"
    return {"namespace": "s3://lake", "name": name, "facets": {"schema": schema}}


def _parent(number: int) -> dict[str, Any]:
    return {"run": {"runId": f"night-{number}"}, "job": {"namespace": "lab", "name": "nightly"}}


def load(settings: Settings, path: Path) -> tuple[float, float]:
    """Load a file; return the seconds it took and the MB it needed beyond an open store."""
    with Store.open(settings=settings) as store:
        process, peak, done = psutil.Process(), [0], threading.Event()
        before = process.memory_info().rss

        def watch() -> None:
            while not done.wait(0.02):
                peak[0] = max(peak[0], process.memory_info().rss - before)

        def work() -> None:
            with open_source(path) as source:
                read(store, source, str(path))

        watcher = threading.Thread(target=watch)
        watcher.start()
        took = seconds(work)
        done.set()
        watcher.join()
    return took, peak[0] / 1e6


def measure_file(settings: Settings, count: int) -> None:
    """Measure a file in a fresh process, and the parse of its lines alone, and the reader without a store."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "events.ndjson"
        with path.open("w") as file:
            file.writelines(json.dumps(event) + "\n" for event in events(count))

        def parse() -> None:
            with path.open("rb") as lines:
                for line in lines:
                    from_json(line)

        def read_through() -> None:
            with open_source(path) as source:
                for _ in source.batches():
                    pass

        parsed, taken = seconds(parse), seconds(read_through)
        empty(settings)
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            took, gained = pool.apply(load, (settings, path))
    print(
        f"OpenLineage file, {count:>7,} events   {count / took:>7,.0f} events/s, {gained:.0f} MB at most; "
        f"read without a store {count / taken:,.0f}/s; {took / parsed:.0f}x the parse alone"
    )


def measure_http(settings: Settings, count: int) -> None:
    """Measure events over HTTP: one a request from few and from many clients, and in batches."""
    empty(settings)
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    server = context.Process(target=_serve, args=(settings, sender), daemon=True)
    server.start()
    address = receiver.recv()
    process = psutil.Process(server.pid)
    made = list(events(count))
    third = count // 3
    single = [json.dumps(event).encode() for event in made[: 2 * third]]
    rest = made[2 * third :]
    batches = [json.dumps(rest[i : i + _BATCH]).encode() for i in range(0, len(rest), _BATCH)]
    for clients, path, bodies, size in (
        (16, PATH, single[:third], third),
        (64, PATH, single[third:], third),
        (4, f"{PATH}/batch", batches, len(rest)),
    ):
        before = sum(process.cpu_times()[:2])
        took = seconds(partial(_send_all, address, clients, path, bodies))
        used = sum(process.cpu_times()[:2]) - before
        what = f"batches of {_BATCH}" if len(bodies) < size else "one a request"
        print(
            f"OpenLineage over HTTP, {clients:>2} clients, {what:<14} {size / took:>7,.0f} events/s, "
            f"{used / size * 1000:.2f} ms of the server's processor time an event"
        )
    server.terminate()
    server.join()


def _send_all(address: str, clients: int, path: str, bodies: list[bytes]) -> None:
    def send(part: list[bytes]) -> None:
        connection = HTTPConnection(address.removeprefix("http://"))
        for body in part:
            connection.request("POST", path, body, {"content-type": "application/json"})
            answer = connection.getresponse()
            answer.read()
            assert answer.status in (200, 201), answer.status
        connection.close()

    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(send, [bodies[i::clients] for i in range(clients)]))


def _serve(settings: Settings, sender: Any) -> None:
    own = settings.model_copy(update={"port": 0})
    with Store.open(settings=own) as store:
        run_server(store, own, sender.send)


def main() -> None:
    """Print all figures for each engine."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--events", type=int, default=20_000, help="events of the larger file")
    given = parser.parse_args()
    for name, settings in engines(given.engine):
        print(f"-- {name}")
        for count in (given.events // 5, given.events):
            measure_file(settings, count)
        measure_http(settings, given.events // 5)


if __name__ == "__main__":
    main()
