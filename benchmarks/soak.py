"""Readers and writers in several processes for minutes: nothing lost, no error, memory flat.

    python -m benchmarks.soak --seconds 300 --readers 16 --writers 16 --engine embedded

Prints for each minute how many puts and reads were answered a second, the longest single answer, and
the resident memory of our processes and of the engine; afterwards what is wrong with the store, if
anything is. Memory is that of the second minute against the last: the first one warms up. The
engine's grows with the store until its heap and page cache are as large as they may be.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import psutil

from lineage_graph.engines import engine_status
from lineage_graph.model import Artifact, Kind, Ref, Subgraph
from lineage_graph.questions import ask
from lineage_graph.settings import Settings
from lineage_graph.store import Find, PutOptions, Search, Store
from tests.each_engine import engines
from tests.store.build import TYPES
from tests.store.writer import unit

PROCESSES = 4
_APART = 10_000_000  # between the numbers of two writers' units
_BEFORE = 200  # units that are there before, to be read
_RAISE_EVERY = 4  # puts, of which one raises the writer's counter instead of adding a unit
_RAISE = PutOptions(add_fields=True, omit_fields=True)
_MB = 2**20


@dataclass
class Tally:
    """What the threads of a process did since it was last asked."""

    puts: int = 0
    reads: int = 0
    longest: float = 0.0
    slowest: str = ""
    errors: list[str] = field(default_factory=list)


class Report(NamedTuple):
    """What a process did in a second; at its end, what each of its writers was promised."""

    tally: Tally
    promised: dict[int, tuple[int, int]] | None = None  # by writer: units, value of its counter


class Sample(NamedTuple):
    """A second of all processes: ``ours`` and ``engine`` are resident bytes."""

    at: float
    tally: Tally
    ours: int
    engine: int


class Crew:
    """The readers and writers of one process, who share a store."""

    def __init__(self, store: Store, seconds: float) -> None:
        self._store = store
        self._end = time.monotonic() + seconds
        self._lock = threading.Lock()
        self._tally = Tally()
        self.promised: dict[int, tuple[int, int]] = {}

    def taken(self) -> Tally:
        """Return what was done since the last call."""
        with self._lock:
            tally, self._tally = self._tally, Tally()
            return tally

    def write(self, writer: int) -> None:
        """Add units and raise a counter of its own, one after the other, until the time is over."""
        units = raised = 0
        (counter,) = self._store.put(_counter(writer)).artifact_ids
        self.promised[writer] = (0, 0)
        for turn in self._turns():
            if turn % _RAISE_EVERY == 0:
                value = _raised(counter, raised + 1)
                raised += self._timed("puts", "raise", lambda v=value: self._store.put(v, _RAISE))
            else:
                one = unit((writer + 1) * _APART + units)
                done = self._timed("puts", "put", lambda one=one: self._store.put(one))
                units += done
                if not done:
                    return  # it is not known whether it was written, so no name may follow it
            self.promised[writer] = (units, raised)

    def read(self, reader: int) -> None:
        """Read what a page, a search or a walk reads until the time is over."""
        chance, store = random.Random(reader), self._store

        def some(kind: Kind) -> Ref:
            return Ref(kind, chance.randint(1, _BEFORE))

        looks: tuple[Callable[[], Any], ...] = (
            lambda: store.find(Find(kind=Kind.ARTIFACT, limit=50, descending=True, counted=False)),
            lambda: store.get(Kind.EXECUTION, range(1, 50)),
            lambda: store.neighbours(some(Kind.EXECUTION)),
            lambda: store.walk(some(Kind.ARTIFACT), node_limit=200),
            lambda: store.search(f"unit {chance.randint(1, 1000)}", Search()),
            store.pages.census,
            lambda: ask(store, "pipelines"),
        )
        for _ in self._turns():
            number = chance.randrange(len(looks))
            self._timed("reads", f"read {number}", looks[number])

    def _turns(self) -> Iterator[int]:
        turn = 0
        while time.monotonic() < self._end:
            turn += 1
            yield turn

    def _timed(self, what: str, name: str, work: Callable[[], Any]) -> bool:
        begin, error = time.monotonic(), ""
        try:
            work()
        except Exception as failed:
            error = f"{name}: {type(failed).__name__}: {failed}"
        lasted = time.monotonic() - begin
        with self._lock:
            setattr(self._tally, what, getattr(self._tally, what) + (not error))
            if error:
                self._tally.errors.append(error)
            if lasted > self._tally.longest:
                self._tally.longest, self._tally.slowest = lasted, name
        return not error


def _counter(writer: int) -> Subgraph:
    return TYPES + Subgraph(artifacts=(Artifact(id=-1, type="Data", name=f"counter {writer}"),))


def _raised(counter: int, value: int) -> Subgraph:
    changed = Artifact(id=counter, type="Data", custom_properties={"n": value})
    return Subgraph(artifacts=(changed,))


def work(
    settings: Settings, seconds: float, readers: list[int], writers: list[int], reports: Any
) -> None:
    """Run the threads of one process; report each second, and what was promised at the end."""
    with Store.open(settings=settings) as store:
        crew = Crew(store, seconds)
        threads = [
            *(threading.Thread(target=crew.read, args=(number,)) for number in readers),
            *(threading.Thread(target=crew.write, args=(number,)) for number in writers),
        ]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            time.sleep(1)
            reports.put(Report(crew.taken()))
        reports.put(Report(crew.taken(), crew.promised))


def soak(
    settings: Settings, seconds: float, readers: int, writers: int
) -> tuple[list[Sample], dict[int, tuple[int, int]]]:
    """Let the processes go; return a sample for each second and what the writers were promised."""
    context = multiprocessing.get_context("spawn")
    reports: Any = context.Queue()
    crews = [
        context.Process(
            target=work,
            args=(
                settings,
                seconds,
                list(range(number, readers, PROCESSES)),
                list(range(number, writers, PROCESSES)),
                reports,
            ),
        )
        for number in range(PROCESSES)
    ]
    for crew in crews:
        crew.start()
    engine = _engine_process(settings)
    ours = [psutil.Process(crew.pid) for crew in crews]
    promised: dict[int, tuple[int, int]] = {}
    samples: list[Sample] = []
    begin, ended = time.monotonic(), 0
    while ended < PROCESSES:
        time.sleep(1)
        tally = Tally()
        while not reports.empty():
            report: Report = reports.get()
            _add(tally, report.tally)
            if report.promised is not None:
                promised |= report.promised
                ended += 1
        if not ended:
            memory = sum(process.memory_info().rss for process in ours)
            sample = (time.monotonic() - begin, tally, memory, engine.memory_info().rss)
            samples.append(Sample(*sample))
        elif tally.errors:
            samples[-1].tally.errors.extend(tally.errors)
        if not ended and not any(crew.is_alive() for crew in crews):
            raise RuntimeError("the processes ended without a word")
    for crew in crews:
        crew.join()
    return samples, promised


def _add(tally: Tally, more: Tally) -> None:
    tally.puts += more.puts
    tally.reads += more.reads
    tally.errors += more.errors
    if more.longest > tally.longest:
        tally.longest, tally.slowest = more.longest, more.slowest


def _engine_process(settings: Settings) -> psutil.Process:
    if settings.uri is None:
        return psutil.Process(engine_status(settings).pid)
    port = urlsplit(settings.uri).port
    listening = (one for one in psutil.net_connections("tcp") if one.status == psutil.CONN_LISTEN)
    return psutil.Process(next(one.pid for one in listening if one.laddr.port == port))


def wrong(store: Store, promised: dict[int, tuple[int, int]]) -> list[str]:
    """Return what the store lacks of what was promised, or has twice or half."""
    found: Counter[str] = Counter()
    counters: dict[str, object] = {}
    for batch in store.dump():
        for node in batch.nodes:
            found[f"{node.kind.value} {node.name}"] += 1
            if (node.name or "").startswith("counter"):
                counters[node.name or ""] = node.custom_properties.get("n", 0)
    units = [
        f"unit {(writer + 1) * _APART + number}"
        for writer, (count, _) in promised.items()
        for number in range(count)
    ]
    lost = [
        f"{kind.value} {name} is there {found[f'{kind.value} {name}']} times"
        for name in units
        for kind in Kind
        if found[f"{kind.value} {name}"] != 1
    ]
    lost += [
        f"counter {writer} is {counters[f'counter {writer}']}, not {raised}"
        for writer, (_, raised) in promised.items()
        if counters[f"counter {writer}"] != raised
    ]
    counts = store.counts()
    links = (counts.events, counts.attributions, counts.associations)
    if set(links) != {counts.executions}:
        lost.append(f"half units: {counts}")
    return lost


def _tell(samples: list[Sample]) -> None:
    print("  minute   puts/s  reads/s  longest s  errors  ours MB  engine MB")
    minutes = [samples[start : start + 60] for start in range(0, len(samples), 60)]
    for number, minute in enumerate(minutes, 1):
        lasted = len(minute)
        slowest = max((sample.tally for sample in minute), key=lambda tally: tally.longest)
        print(
            f"  {number:>6}"
            f" {sum(s.tally.puts for s in minute) / lasted:>8,.0f}"
            f" {sum(s.tally.reads for s in minute) / lasted:>8,.0f}"
            f" {slowest.longest:>6.2f} ({slowest.slowest})"
            f" {sum(len(s.tally.errors) for s in minute):>4}"
            f" {statistics.median(s.ours for s in minute) / _MB:>8,.0f}"
            f" {statistics.median(s.engine for s in minute) / _MB:>10,.0f}"
        )
    whole = [minute for minute in minutes if len(minute) > 30]
    if len(whole) > 2:
        for what in ("ours", "engine"):
            second, last = (
                statistics.median(getattr(s, what) for s in minute)
                for minute in (whole[1], whole[-1])
            )
            print(f"  {what}: the last minute has {last / second:.2f} of the second's memory")


def main() -> None:
    """Soak each engine, and end with 1 where anything was lost or failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--readers", type=int, default=16)
    parser.add_argument("--writers", type=int, default=16)
    parser.add_argument("--engine", choices=["embedded", "neo4j"], help="only this engine")
    given = parser.parse_args()
    failed = False
    for name, settings in engines(given.engine):
        with Store.open(settings=settings) as store:
            for number in range(_BEFORE):
                store.put(unit(number))
            samples, promised = soak(settings, given.seconds, given.readers, given.writers)
            lost = wrong(store, promised)
        errors = [error for sample in samples for error in sample.tally.errors]
        promises = sum(count + raised for count, raised in promised.values())
        print(f"-- {name}: {promises:,} acknowledged puts, {len(lost)} lost, {len(errors)} errors")
        _tell(samples)
        print(*errors[:20], *lost[:20], sep="\n")
        failed = failed or bool(errors or lost)
    raise SystemExit(failed)


if __name__ == "__main__":
    main()
