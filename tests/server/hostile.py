"""A hostile client beside eight that read and write, against a server in a process of its own.

    python -m tests.server.hostile --seconds 60 [--engine neo4j]

Prints how long the honest ones' requests took, alone and beside the hostile one, what failed, how much memory
the server took, and what the hostile one was answered.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import psutil

from lineage_graph.settings import Settings
from lineage_graph.store import Store
from tests.each_engine import engines
from tests.rpc_load.client import Client
from tests.server.attacks import ATTACKS, HONEST_PATIENCE, HOSTILE_PATIENCE, event, hostile, request
from tests.store.places import environment
from tests.store.writer import unit

FILES = 512  # files that the server may hold open, as many systems allow by default
_ENDS_WITHIN = 10.0  # seconds, for the server that is told to stop
_PAUSE = 0.02  # seconds an honest client waits between two requests


class Answer(NamedTuple):
    """A request of an honest client; ``fault`` is empty where it was answered as it should be."""

    at: float
    what: str
    lasted: float
    fault: str


@dataclass
class Honest:
    """Four clients that read pages and four that write, each one request after the other."""

    address: str
    rpc: str
    store: Store
    end: float = 0.0
    answers: list[Answer] = field(default_factory=list)
    written: Counter[str] = field(default_factory=Counter)
    _number: Iterator[int] = field(default_factory=lambda: iter(range(1, 10**9)))

    def run(self, seconds: float) -> list[Answer]:
        """Let all go for some seconds; return their requests."""
        self.end, self.answers = time.monotonic() + seconds, []
        pages = ("/", "/artifacts/3", "/artifacts/3/lineage", "/search?q=unit")
        works: list[Callable[[int], None]] = [
            *(self._page(path) for path in pages),
            self._event,
            self._event,
            self._put,
            self._call,
        ]
        threads = [
            threading.Thread(target=self._loop, args=(work, worker))
            for worker, work in enumerate(works)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return self.answers

    def _loop(self, work: Callable[[int], None], worker: int) -> None:
        name = getattr(work, "path", work.__name__)
        while time.monotonic() < self.end:
            begin, fault = time.monotonic(), ""
            try:
                work(worker)
            except Exception as error:
                fault = f"{name}: {type(error).__name__}: {str(error)[:300]}"
            self.answers.append(Answer(begin, name, time.monotonic() - begin, fault))
            time.sleep(_PAUSE)

    def _page(self, path: str) -> Callable[[int], None]:
        def page(_: int) -> None:
            self._expect(200, *request(self.address, path))

        page.path = path  # type: ignore[attr-defined]
        return page

    def _event(self, worker: int) -> None:
        told = json.dumps(event(next(self._number), worker)).encode()
        headers = {"Content-Type": "application/json"}
        self._expect(201, *request(self.address, "/api/v1/lineage", told, headers))
        self.written["event"] += 1

    def _put(self, worker: int) -> None:
        self.store.put(unit(next(self._number)))
        self.written["unit"] += 1

    def _call(self, worker: int) -> None:
        client = Client(self.rpc, HONEST_PATIENCE)
        try:
            type_id = client.call("GetArtifactType", type_name="Data").artifact_type.id
            client.call("PutArtifacts", artifacts=[{"type_id": type_id, "uri": "rpc"}])
        finally:
            client.close()
        self.written["call"] += 1

    @staticmethod
    def _expect(wanted: int, status: int, said: bytes) -> None:
        if status != wanted:
            raise AssertionError(f"{status} {said[:200]!r}")


@contextmanager
def server(settings: Settings, log: Path) -> Iterator[tuple[str, str, psutil.Process]]:
    """Run ``lineage-graph serve --rpc``, allowed few open files; give both addresses and the process."""
    command = [sys.executable, "-m", "lineage_graph", "serve", "--json", "--rpc"]
    command += ["--port=0", "--no-browser"]
    few = (sys.executable, "-c", _WITH_FEW_FILES, str(FILES))
    with (
        log.open("w") as errors,
        subprocess.Popen(
            [*few, *command],
            env={**environment(settings), "LINEAGE_GRAPH_RPC_PORT": "0"},
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as running,
    ):
        assert running.stdout is not None
        try:
            said = running.stdout.readline()
            assert said, log.read_text()[-2000:]
            started = json.loads(said)
            yield started["address"].rstrip("/"), started["rpc"], psutil.Process(running.pid)
        finally:
            running.terminate()
            try:
                running.wait(_ENDS_WITHIN)
            except subprocess.TimeoutExpired:
                running.kill()
                running.wait()


_WITH_FEW_FILES = (
    "import os, resource, sys\n"
    "_, hard = resource.getrlimit(resource.RLIMIT_NOFILE)\n"
    "resource.setrlimit(resource.RLIMIT_NOFILE, (int(sys.argv[1]), hard))\n"
    "os.execv(sys.argv[2], sys.argv[2:])\n"
)


@dataclass
class Outcome:
    """What came of it; times in seconds, memory in bytes."""

    quiet: list[Answer]
    beside: list[Answer]
    said: Counter[str]
    memory_before: int
    memory_most: int
    logged: int
    lost: list[str]

    @property
    def faults(self) -> list[str]:
        """What honest clients were told instead of an answer."""
        return [answer.fault for answer in (*self.quiet, *self.beside) if answer.fault]


def longest(answers: list[Answer]) -> Answer:
    """Return the request that took longest."""
    return max(answers, key=lambda answer: answer.lasted)


def besiege(
    settings: Settings,
    folder: Path,
    seconds: float,
    quiet: float = 5.0,
    attacks: list[str] | None = None,
    half_open: bool = True,
) -> Outcome:
    """Let the honest clients work alone, then beside the hostile one; look at what they had written."""
    context = multiprocessing.get_context("spawn")
    log = folder / "server.log"
    with (
        Store.open(settings=settings) as store,
        server(settings, log) as (address, rpc, process),
    ):
        for number in range(-1, -51, -1):
            store.put(unit(number))
        honest = Honest(address, rpc, store)
        honest.run(2)  # what is done first is slow
        alone = honest.run(quiet)
        before = most = process.memory_info().rss
        said: Any = context.Queue()
        given = [*ATTACKS] if attacks is None else attacks
        enemy = context.Process(target=hostile, args=(address, seconds, given, half_open, said))
        ended = threading.Event()

        def watch() -> None:
            nonlocal most
            while not ended.wait(0.1):
                most = max(most, process.memory_info().rss)

        watcher = threading.Thread(target=watch)
        watcher.start()
        enemy.start()
        try:
            beside = honest.run(seconds)
            answers: Counter[str] = said.get(timeout=seconds + 4 * HOSTILE_PATIENCE)
        finally:
            enemy.kill()
            enemy.join()
            ended.set()
            watcher.join()
        lost = _lost(store, honest.written)
    return Outcome(alone, beside, answers, before, most, log.stat().st_size, lost)


def _lost(store: Store, written: Counter[str]) -> list[str]:
    """Return what was acknowledged and is not there."""
    counted = {
        "unit": "MATCH (n:Context) WHERE n.name STARTS WITH 'unit ' RETURN count(n) AS n",
        "call": "MATCH (n:Artifact) WHERE n.uri = 'rpc' RETURN count(n) AS n",
        "event": "MATCH (n:Artifact) WHERE n.name STARTS WITH 'out ' RETURN count(n) AS n",
    }
    found = {what: int(store.cypher(text).rows[0][0]) for what, text in counted.items()}
    return [
        f"{what}: {written[what]} were acknowledged, {found[what]} are there"
        for what in counted
        if found[what] < written[what]
    ]


def report(outcome: Outcome) -> str:
    """Return what came of it, for people."""
    lines = []
    for name, answers in (("alone", outcome.quiet), ("beside", outcome.beside)):
        for what in sorted({answer.what for answer in answers}):
            times = sorted(a.lasted for a in answers if a.what == what)
            lines.append(
                f"{name:<7} {what:<22} {len(times):>6} requests, median {statistics.median(times):.3f} s, "
                f"99% {times[int(len(times) * 0.99)]:.3f} s, longest {times[-1]:.2f} s"
            )
    lines.append(f"{len(outcome.faults)} errors: {Counter(outcome.faults).most_common(8)}")
    lines.append(f"lost: {outcome.lost or 'nothing'}")
    lines.append(
        f"server: {outcome.memory_before / 2**20:.0f} MB before, at most "
        f"{outcome.memory_most / 2**20:.0f} MB; {outcome.logged:,} bytes logged"
    )
    lines.append(f"the hostile one was answered: {dict(outcome.said.most_common())}")
    return "\n".join(lines)


def main() -> None:
    """Besiege each engine for the time given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--engine", choices=["embedded", "neo4j"], help="only this engine")
    parser.add_argument("--attack", choices=[*ATTACKS, "half open"], help="only this attack")
    given = parser.parse_args()
    attacks = None if given.attack is None else [name for name in ATTACKS if name == given.attack]
    half_open = given.attack in (None, "half open")
    for name, settings in engines(given.engine):
        settings = settings.model_copy(update={"query_timeout": 10.0})
        with tempfile.TemporaryDirectory() as folder:
            outcome = besiege(
                settings, Path(folder), given.seconds, attacks=attacks, half_open=half_open
            )
        print(f"-- {name}\n{report(outcome)}", flush=True)


if __name__ == "__main__":
    main()
