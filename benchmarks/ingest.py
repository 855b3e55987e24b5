"""How fast data comes in, against the driver's own UNWIND of the same rows into the same schema.

    python -m benchmarks.ingest [--engine embedded|neo4j] [--nodes 100000]

Batches of 2,000 nodes with their events, single small puts, and a whole ML Metadata file; for the file
also how much memory the process gains, against a file of a fifth of the size.
"""

from __future__ import annotations

import itertools
import multiprocessing
import sqlite3
import tempfile
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import neo4j
import psutil

from benchmarks.common import arguments, compare, seconds
from lineage_graph.exchange import open_source
from lineage_graph.model import (
    Artifact,
    ArtifactType,
    Event,
    EventType,
    Execution,
    ExecutionType,
    PropertyKind,
    Subgraph,
)
from lineage_graph.settings import Settings
from lineage_graph.store import Store
from tests.conftest import empty
from tests.each_engine import engines

BATCH = 2000
SCHEMA = Path(__file__).parents[1] / "tests" / "data" / "tfx_mlmd.sqlite"
_numbers = itertools.count(1)


def batch(size: int) -> Subgraph:
    """Two thirds artifacts, one third executions, three events for each execution."""
    executions = max(1, size // 3)
    run = next(_numbers)
    return Subgraph(
        artifacts=tuple(
            Artifact(
                id=-i,
                type="Data",
                name=f"data {run} {i}",
                uri=f"file:///data/{run}/{i}",
                properties={"rows": i, "split": "train"},
                custom_properties={"quality": i / 7},
            )
            for i in range(1, 2 * executions + 1)
        ),
        executions=tuple(
            Execution(id=-i, type="Step", properties={"epochs": i})
            for i in range(1, executions + 1)
        ),
        events=tuple(
            Event(artifact_id=-(offset + 2 * i - 1), execution_id=-i, type=type_)
            for i in range(1, executions + 1)
            for offset, type_ in ((0, EventType.INPUT), (1, EventType.OUTPUT))
        ),
    )


TYPES = Subgraph(
    artifact_types=(
        ArtifactType(
            name="Data", properties={"rows": PropertyKind.INT, "split": PropertyKind.STRING}
        ),
    ),
    execution_types=(ExecutionType(name="Step", properties={"epochs": PropertyKind.INT}),),
)


class Raw:
    """The floor: the rows that a put writes, written by the driver alone, no rule checked."""

    def __init__(self, store: Store) -> None:
        self._driver = store.engine.driver
        self._database = store.engine.database
        self._next = 1_000_000_000

    def put(self, graph: Subgraph) -> None:
        """Write a batch in one transaction."""
        base, self._next = self._next, self._next + len(graph)
        artifacts = [
            self._row(a, base) | {"uri": a.uri, "state": "UNKNOWN"} for a in graph.artifacts
        ]
        executions = [
            self._row(e, base) | {"last_known_state": "UNKNOWN"} for e in graph.executions
        ]
        with self._driver.session(database=self._database) as session:
            session.execute_write(self._work, artifacts, executions, graph, base)

    def _row(self, node: Any, base: int) -> dict[str, Any]:
        number = base - node.id
        return {
            "id": number,
            "type": node.type,
            "type_id": 10,
            "name": f"raw {number}",
            "name_key": f"10:raw {number}",
            "create_time_since_epoch": 1,
            "last_update_time_since_epoch": 1,
            **node.properties,
            **{f"custom_{name}": value for name, value in node.custom_properties.items()},
        }

    @staticmethod
    def _work(
        transaction: neo4j.ManagedTransaction,
        artifacts: list[dict[str, Any]],
        executions: list[dict[str, Any]],
        graph: Subgraph,
        base: int,
    ) -> None:
        transaction.run(
            "UNWIND $rows AS row CREATE (n:Artifact:Data) SET n = row", rows=artifacts
        ).consume()
        transaction.run(
            "UNWIND $rows AS row CREATE (n:Execution:Step) SET n = row", rows=executions
        ).consume()
        for is_input, text in (
            (
                True,
                "UNWIND $rows AS row MATCH (s:Artifact {id: row[0]}) MATCH (t:Execution {id: row[1]}) "
                "CREATE (s)-[e:INPUT]->(t) SET e.milliseconds_since_epoch = 1",
            ),
            (
                False,
                "UNWIND $rows AS row MATCH (t:Artifact {id: row[0]}) MATCH (s:Execution {id: row[1]}) "
                "CREATE (s)-[e:OUTPUT]->(t) SET e.milliseconds_since_epoch = 1",
            ),
        ):
            rows = [
                [base - event.artifact_id, base - event.execution_id]
                for event in graph.events
                if event.type.is_input is is_input
            ]
            if rows:
                transaction.run(text, rows=rows).consume()


def rows_of(graph: Subgraph) -> int:
    """How many nodes and links."""
    return len(graph) + len(graph.events)


def mlmd_file(path: Path, nodes: int) -> None:
    """Make an ML Metadata file: three fifths artifacts, two fifths executions, in chains of steps."""
    with closing(sqlite3.connect(SCHEMA)) as source, closing(sqlite3.connect(path)) as target:
        for (statement,) in source.execute(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%'"
        ):
            target.execute(statement)
        target.execute("INSERT INTO MLMDEnv VALUES (10)")
        target.executemany(
            "INSERT INTO Type (id, name, type_kind) VALUES (?, ?, ?)",
            [(10, "Data", 1), (11, "Step", 0), (12, "pipeline_run", 2)],
        )
        target.executemany(
            "INSERT INTO TypeProperty VALUES (?, ?, ?)",
            [(10, "split", 3), (10, "rows", 1), (11, "epochs", 1)],
        )
        artifacts, executions = nodes * 3 // 5, nodes * 2 // 5
        target.executemany(
            "INSERT INTO Artifact (id, type_id, uri, state, name, create_time_since_epoch) VALUES (?, 10, ?, 2, ?, ?)",
            ((i, f"file:///data/{i}", f"data {i}", i) for i in range(1, artifacts + 1)),
        )
        target.executemany(
            "INSERT INTO ArtifactProperty (artifact_id, name, is_custom_property, int_value, string_value)"
            " VALUES (?, ?, ?, ?, ?)",
            (
                row
                for i in range(1, artifacts + 1)
                for row in (
                    (i, "rows", 0, i, None),
                    (i, "split", 0, None, "train"),
                    (i, "owner", 1, None, "ann"),
                )
            ),
        )
        target.executemany(
            "INSERT INTO Execution (id, type_id, last_known_state, create_time_since_epoch) VALUES (?, 11, 3, ?)",
            ((i, i) for i in range(1, executions + 1)),
        )
        target.executemany(
            "INSERT INTO Event (artifact_id, execution_id, type, milliseconds_since_epoch) VALUES (?, ?, ?, ?)",
            (
                row
                for i in range(1, executions + 1)
                for row in ((i, i, 3, i), (min(i + 1, artifacts), i, 4, i))
            ),
        )
        target.commit()


def load(store: Store, path: Path) -> None:
    """Load a file."""
    with open_source(path) as source:
        store.load(source.batches(), source.source)


def compare_puts(store: Store, rounds: int) -> None:
    """Compare batches and small puts with the floor."""
    store.put(TYPES)
    raw = Raw(store)
    store.put(batch(BATCH))
    raw.put(batch(BATCH))
    for what, size, times, unit in (
        ("batches of 2,000 nodes", BATCH, 10, "rows"),
        ("small puts (3 nodes, 2 events)", 3, 200, "puts"),
    ):
        made = [batch(size) for _ in range(rounds * times)]
        ours, floor = iter(made), iter([batch(size) for _ in made])
        items = sum(map(rows_of, made[:times])) if unit == "rows" else times
        compare(
            what,
            lambda i=ours, n=times: [store.put(next(i)) for _ in range(n)],
            lambda i=floor, n=times: [raw.put(next(i)) for _ in range(n)],
            rounds,
            items,
            unit,
        )


def measure_file(settings: Settings, nodes: int) -> None:
    """Measure how long a file takes to load, and how much memory that costs, in a fresh process."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mlmd.db"
        mlmd_file(path, nodes)
        empty(settings)
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            took, gained = pool.apply(loaded, (settings, path))
    print(
        f"ML Metadata file, {nodes:>7,} nodes      {nodes / took:>9,.0f} nodes/s in {took:.1f} s, "
        f"{gained:.0f} MB of memory at most"
    )


def loaded(settings: Settings, path: Path) -> tuple[float, float]:
    """Load a file; return the seconds it took and the MB it needed beyond an open store."""
    with Store.open(settings=settings) as store:
        process, peak, done = psutil.Process(), [0], threading.Event()
        before = process.memory_info().rss

        def watch() -> None:
            while not done.wait(0.02):
                peak[0] = max(peak[0], process.memory_info().rss - before)

        watcher = threading.Thread(target=watch)
        watcher.start()
        took = seconds(lambda: load(store, path))
        done.set()
        watcher.join()
    return took, peak[0] / 1e6


def main() -> None:
    """Print all figures for each engine."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--nodes", type=int, default=100_000, help="nodes of the ML Metadata file")
    given = parser.parse_args()
    for name, settings in engines(given.engine):
        print(f"-- {name}")
        with Store.open(settings=settings) as store:
            compare_puts(store, given.rounds)
        for nodes in (given.nodes // 5, given.nodes):
            measure_file(settings, nodes)


if __name__ == "__main__":
    main()
