"""Processes and engines that are killed at random moments: nothing acknowledged is lost, nothing doubled.

    python -m tests.store.kills --seeds 100 [--engine neo4j] [--work import] [--how engine]

Each seed begins with an empty store, lets a process work (puts, an import, a replay, a recording), kills
it or the engine at a moment of its own with SIGKILL, or tells it to stop, and looks: what was acknowledged is there, each put
is whole or not there at all. Then the same is run again and must leave what an undisturbed run leaves.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

from lineage_graph.exchange.writing import WRITERS, About
from lineage_graph.model import ENDS, Execution, Kind, Node
from lineage_graph.settings import Settings
from lineage_graph.store import Find, Store
from tests.conftest import empty
from tests.store.build import TYPES
from tests.store.places import Place, as_json, environment, placed
from tests.worlds import fill, runs

ROOT = Path(__file__).parents[2]
FORMATS = ("jsonl", "mlmd", "openlineage")
STEPS, PUTS = 40, 250
_NODES = 3000  # of what is imported
_ENDS_WITHIN = 120  # seconds, for a process whose engine was killed
_TIMES = ("create_time_since_epoch", "last_update_time_since_epoch")
KILLS = ("process", "engine")
STOPS = {"SIGTERM": 143, "SIGINT": 130}
"""What a process may be told instead of being killed, and its exit code."""
_ENDS_AFTER_STOP = float(os.environ.get("LINEAGE_GRAPH_STOP_SECONDS", "10"))


class Work:
    """What a process does when it, or its engine, is killed."""

    name: str
    ways: tuple[str, ...] = KILLS

    def __init__(self, place: Place, folder: Path) -> None:
        self._place = place
        self._folder = folder
        self._took: float | None = None
        self.ends: list[float] = []
        """Seconds that each process went on after it was told to stop."""

    def prepare(self, seed: int) -> None:
        """Make what the process needs, in an empty store."""

    def command(self) -> list[str]:
        """Return the command line of the process."""
        raise NotImplementedError

    def finish(self, store: Store, said: list[str], victim: str) -> str:
        """Check the store, run the same again, check again; return how far the first run came."""
        raise NotImplementedError

    def run(self, seed: int, victim: str) -> str:
        """Kill once, at a moment that the seed chooses; return how far the process had come."""
        empty(self._place.settings)
        self.prepare(seed)
        if self._took is None:
            begin = time.monotonic()
            said = self._ended(self.start())
            self._took = time.monotonic() - begin
            with Store.open(settings=self._place.settings) as store:
                self.finish(store, said, "nobody")
            return self.run(seed, victim)
        moment = random.Random(seed).uniform(0.2, 1.05) * self._took
        process = self.start()
        with suppress(subprocess.TimeoutExpired):
            process.wait(moment)
        if victim == "engine":
            self._place.kill()
        else:
            process.send_signal(signal.SIGKILL if victim == "process" else signal.Signals[victim])
        begin = time.monotonic()
        said = self._ended(process, victim)
        if victim in STOPS:
            lasted = time.monotonic() - begin
            assert lasted < _ENDS_AFTER_STOP, f"it went on for {lasted:.1f} s"
            self.ends.append(lasted)
        self._place.revive()
        with Store.open(settings=self._place.settings) as store:
            return f"{moment / self._took:4.0%} {self.finish(store, said, victim)}"

    def start(self) -> subprocess.Popen[str]:
        """Start the process."""
        return subprocess.Popen(
            self.command(),
            env=environment(self._place.settings),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )

    def again(self) -> None:
        """Run the same once more, to its end."""
        process = self.start()
        self._ended(process)
        assert process.returncode == 0, process.returncode

    def _ended(self, process: subprocess.Popen[str], victim: str = "nobody") -> list[str]:
        said, told = process.communicate(timeout=_ENDS_WITHIN)
        assert "Traceback" not in told, told
        codes = {"nobody": {0}, "engine": {0, 11}, "process": {0, -signal.SIGKILL}}
        assert process.returncode in codes.get(victim, {0, STOPS.get(victim)}), (
            process.returncode,
            told,
        )
        if process.returncode in STOPS.values():
            # One sentence; none where it was stopped before it had begun, or after it had said all.
            assert told.count("\n") <= 1, told
            assert not told or told.startswith("Stopped"), told
        return said.split()


class Puts(Work):
    """Small puts one after the other, each acknowledged by its number."""

    name = "puts"

    def prepare(self, seed: int) -> None:
        """Put the types."""
        with Store.open(settings=self._place.settings) as store:
            store.put(TYPES)

    def command(self) -> list[str]:
        """Return the command line of the process."""
        settings = as_json(self._place.settings)
        return [sys.executable, "-m", "tests.store.writer", settings, "0", str(PUTS)]

    def finish(self, store: Store, said: list[str], victim: str) -> str:
        """Check that each acknowledged unit is there, and no other but the one in flight."""
        told = [int(word) for word in said if word.isdigit()]
        found = contents(store)
        units = {name for kind, name in names(store) if kind is Kind.EXECUTION}
        assert {f"unit {number}" for number in told} <= units
        assert len(units) <= len(told) + 1, (len(units), len(told))
        assert found.total() == 6 * len(units), "a unit is half there"
        assert max(found.values(), default=1) == 1
        return f"{len(told)} of {PUTS} units"


class Import(Work):
    """An import of a file, of each format in turn."""

    name = "import"
    ways = (*KILLS, *STOPS)

    def __init__(
        self,
        place: Place,
        folder: Path,
        formats: tuple[str, ...] = FORMATS,
        nodes: int = _NODES,
    ) -> None:
        super().__init__(place, folder)
        self._formats = formats
        self._files = {name: folder / f"world.{WRITERS[name].suffix}" for name in formats}
        self._times: dict[str, float | None] = dict.fromkeys(formats)
        self._whole: dict[str, Counter[str]] = {}
        self._format = formats[0]
        empty(place.settings)
        with Store.open(settings=place.settings) as store:
            fill(store, runs(nodes))
            for name, file in self._files.items():
                with file.open("wb") as stream:
                    WRITERS[name].write(store.dump(), stream, About("a world"))

    def prepare(self, seed: int) -> None:
        """Choose the format."""
        self._times[self._format] = self._took
        self._format = self._formats[seed % len(self._formats)]
        self._took = self._times[self._format]

    def command(self) -> list[str]:
        """Return the command line of the process."""
        return [sys.executable, "-m", "lineage_graph", "import", str(self._files[self._format])]

    def finish(self, store: Store, said: list[str], victim: str) -> str:
        """Check that what is there is part of the whole; import again, and it is the whole."""
        found = contents(store)
        whole = self._whole.setdefault(self._format, found if victim == "nobody" else Counter())
        if self._format != "openlineage":  # there, what is known of a run changes with its events
            assert not found - whole, list((found - whole).items())[:3]
        self.again()
        after = contents(store)
        assert after == whole, (
            list((after - whole).items())[:3],
            list((whole - after).items())[:3],
        )
        return f"{self._format}: {found.total()} of {whole.total()} nodes and links"


class Replay(Work):
    """A replay of what a recorder kept in a file."""

    name = "replay"
    ways = (*KILLS, *STOPS)

    def __init__(self, place: Place, folder: Path) -> None:
        super().__init__(place, folder)
        self._spool = folder / "spool.jsonl"
        self._kept = folder / "kept.jsonl"
        self._whole: Counter[str] = Counter()
        nowhere = Settings(uri="bolt://127.0.0.1:1", connect_timeout=0.2)
        subprocess.run(_trainer(nowhere, self._kept), check=True, capture_output=True, cwd=ROOT)

    def prepare(self, seed: int) -> None:
        """Lay the file there."""
        for left in self._folder.glob("spool.jsonl.re*"):
            left.unlink()
        shutil.copy(self._kept, self._spool)

    def command(self) -> list[str]:
        """Return the command line of the process."""
        return [sys.executable, "-m", "lineage_graph", "replay", str(self._spool)]

    def finish(self, store: Store, said: list[str], victim: str) -> str:
        """Check that no step is there twice; replay again, and each is there once."""
        found = contents(store)
        self.again()
        after = contents(store)
        if victim == "nobody":
            self._whole = found
        assert after == self._whole, (after - self._whole, self._whole - after)
        assert self._spool.read_bytes() == b""
        assert not list(self._folder.glob("spool.jsonl.re*ing")), "the file is not taken up"
        assert not list(self._folder.glob("spool.jsonl.refused")), "a record was refused"
        return f"{found.total()} of {after.total()} nodes and links"


class Recording(Work):
    """A run that is recorded, to a file where the store is down."""

    name = "record"

    def __init__(self, place: Place, folder: Path) -> None:
        super().__init__(place, folder)
        self._spool = folder / "down.jsonl"

    def prepare(self, seed: int) -> None:
        """Take away what is left of the run before."""
        for left in self._folder.glob("down.jsonl*"):
            if left.suffix != ".lock":
                left.unlink()

    def command(self) -> list[str]:
        """Return the command line of the process."""
        return _trainer(self._place.settings, self._spool)

    def finish(self, store: Store, said: list[str], victim: str) -> str:
        """Replay what went to the file; each step that ended is there once, with what it made."""
        kept = self._spool.exists()
        if kept:
            replay = [sys.executable, "-m", "lineage_graph", "replay", str(self._spool)]
            self._ended(
                subprocess.Popen(
                    replay,
                    env=environment(self._place.settings),
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                    cwd=ROOT,
                )
            )
            assert self._spool.read_bytes() == b""
            assert not list(self._folder.glob("down.jsonl.refused")), "a record was refused"
        told = [int(word) for word in said if word.isdigit()]
        assert victim == "process" or len(told) == STEPS, said
        steps = store.find(Find(kind=Kind.EXECUTION, limit=1000)).nodes
        states = {
            int(str(step.custom_properties["number"])): step.state_word
            for step in steps
            if isinstance(step, Execution)
        }
        assert len(states) == len(steps), "a step is there twice"
        assert {states[number] for number in told} <= {"COMPLETE"}
        assert len(steps) <= len(told) + 1
        counts = store.counts()
        made, read = len(told), max(len(told) - 1, 0)
        assert made + read <= counts.events <= made + read + 2, counts
        assert made <= counts.artifacts <= made + 1
        return f"{len(told)} of {STEPS} steps{', some in the file' if kept else ''}"


def _trainer(settings: Settings, spool: Path) -> list[str]:
    module = "tests.store.trainer"
    return [sys.executable, "-m", module, as_json(settings), str(spool), str(STEPS)]


def names(store: Store) -> set[tuple[Kind, str | None]]:
    """Return the kinds and names of all nodes."""
    return {(node.kind, node.name) for batch in store.dump() for node in batch.nodes}


def contents(store: Store) -> Counter[str]:
    """Return all nodes and links of a store as texts, without its ids and without times."""
    types: dict[tuple[Kind, int | None], str] = {}
    told: dict[tuple[Kind, int], str] = {}
    found: Counter[str] = Counter()
    for batch in store.dump():
        types |= {(one.kind, one.id): one.name for one in batch.types}
        for node in batch.nodes:
            key = node.origin or node.name or getattr(node, "uri", "")
            told[node.kind, node.id or 0] = f"{node.kind.value} {key}"
            found[f"{key} {types.get((node.kind, node.type_id))} {_facts(node)}"] += 1
        for name, ends in ENDS.items():
            for link in getattr(batch, name):
                between = [told[kind, getattr(link, end)] for end, kind in ends.items()]
                facts = link.model_dump_json(exclude={*ends, "milliseconds_since_epoch"})
                found[f"{name} {between} {facts}"] += 1
    return found


def _facts(node: Node) -> str:
    return node.model_dump_json(exclude={"id", "type_id", *_TIMES})


WORKS: dict[str, type[Work]] = {one.name: one for one in (Puts, Import, Replay, Recording)}


def main() -> None:
    """Kill and look, once for each seed, work, victim and engine; end with 1 where anything was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--engine", choices=["embedded", "neo4j"], help="only this engine")
    parser.add_argument("--work", choices=[*WORKS], help="only this work")
    parser.add_argument("--how", choices=[*KILLS, *STOPS], help="only kill or stop this")
    given = parser.parse_args()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
    tried, wrong = 0, 0
    for engine in ("embedded", "neo4j") if given.engine is None else (given.engine,):
        with (
            tempfile.TemporaryDirectory() as folder,
            placed(engine, Path(folder) / "engine") as place,
        ):
            for name in WORKS if given.work is None else (given.work,):
                work = WORKS[name](place, Path(folder))
                for victim in work.ways if given.how is None else (given.how,):
                    for seed in range(given.first, given.first + given.seeds):
                        tried += 1
                        try:
                            came = work.run(seed, victim)
                        except Exception as error:
                            wrong += 1
                            came = f"WRONG: {type(error).__name__}: {str(error)[:2000]}"
                            place.revive()
                        print(f"{engine} {name}, {victim}, seed {seed}: {came}", flush=True)
                    if work.ends:
                        print(f"-- ended at most {max(work.ends):.1f} s after {victim}", flush=True)
                        work.ends.clear()
    print(f"{tried} kills, {wrong} wrong")
    raise SystemExit(bool(wrong))


if __name__ == "__main__":
    main()
