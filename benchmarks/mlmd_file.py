"""How much memory an ML Metadata file takes to be read, however large it is, and how long against SQLite alone.

    python -m benchmarks.mlmd_file [--nodes 1000000]

Half of the nodes are artifacts, half executions; each artifact has two properties, each execution an input
and an output. Nothing is stored: what a store takes beside is in ``ingest.py``. The file of a tenth of the
size comes first; each is read in a process of its own.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path

from lineage_graph.exchange import open_source
from lineage_graph.exchange.mlmd.schema import indexes, tables

_COUNT = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {half}) "
_FILL = (
    "INSERT INTO MLMDEnv VALUES (10)",
    "INSERT INTO Type (id, name, type_kind) VALUES (1, 'Made', 1), (2, 'Step', 0)",
    "INSERT INTO TypeProperty VALUES (1, 'size', 1), (1, 'label', 3)",
    "INSERT INTO Artifact (id, type_id, uri, state, name, create_time_since_epoch,"
    " last_update_time_since_epoch) {count}SELECT i, 1, 's3://b/' || i, 2, 'a' || i, i, i FROM n",
    "INSERT INTO Execution (id, type_id, last_known_state, name, create_time_since_epoch,"
    " last_update_time_since_epoch) {count}SELECT i, 2, 3, 'e' || i, i, i FROM n",
    "INSERT INTO ArtifactProperty (artifact_id, name, is_custom_property, int_value) {count}"
    "SELECT i, 'size', 0, i FROM n",
    "INSERT INTO ArtifactProperty (artifact_id, name, is_custom_property, string_value) {count}"
    "SELECT i, 'label', 0, 'label ' || i % 100 FROM n",
    "INSERT INTO Event (artifact_id, execution_id, type, milliseconds_since_epoch) {count}"
    "SELECT i, i, 4, i FROM n",
    "INSERT INTO Event (artifact_id, execution_id, type, milliseconds_since_epoch) {count}"
    "SELECT i, i % {half} + 1, 3, i FROM n",
)


def make(path: Path, nodes: int) -> None:
    """Make a file of so many nodes."""
    half = nodes // 2
    count = _COUNT.format(half=half)
    with closing(sqlite3.connect(path)) as database, database:
        for statement in (*tables(), *_FILL, *indexes()):
            database.execute(statement.format(count=count, half=half))


def read(path: Path) -> tuple[float, float, int]:
    """Read a file; return the seconds it took, the MB of this process at most, and the nodes."""
    begin = time.perf_counter()
    with open_source(path) as source:
        nodes = sum(len(batch) for batch in source.batches())
    took = time.perf_counter() - begin
    return took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, nodes


def scan(path: Path) -> tuple[float, float, int]:
    """Fetch every row of the same tables by SQLite alone; return the same."""
    begin, rows = time.perf_counter(), 0
    with closing(sqlite3.connect(path)) as database:
        for table in ("Artifact", "Execution", "ArtifactProperty", "Event"):
            rows += sum(1 for _ in database.execute(f"SELECT * FROM {table}"))
    took = time.perf_counter() - begin
    return took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, rows


def main() -> None:
    """Make both files, read them and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, default=1_000_000)
    given = parser.parse_args()
    context = multiprocessing.get_context("spawn")
    for nodes in (given.nodes // 10, given.nodes):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "mlmd.sqlite"
            make(path, nodes)
            (least, _, _), (took, peak, found) = (
                _alone(context, work, path) for work in (scan, read)
            )
        print(
            f"{found:>9,} nodes in {took:6.1f} s, {found / took:,.0f}/s, {took / least:.1f}x the rows alone; "
            f"at most {peak:.0f} MB"
        )


def _alone(
    context: multiprocessing.context.SpawnContext, work: object, path: Path
) -> tuple[float, float, int]:
    with context.Pool(1) as pool:
        result: tuple[float, float, int] = pool.apply(work, (path,))  # type: ignore[arg-type]
    return result


if __name__ == "__main__":
    main()
