"""Lineage in a CSV file, a line for each file that a step read or wrote: a template for plug-ins.

``run,step,direction,path,sha256``; ``direction`` is ``input`` or ``output``.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from lineage_graph.errors import BadFile
from lineage_graph.exchange import About, Source, SubgraphBuilder, Writer, collected
from lineage_graph.model import EventType, Subgraph

COLUMNS = ["run", "step", "direction", "path", "sha256"]


class CsvSource(Source):
    """A CSV file of lineage. Its nodes are known by their origins, so reading it again changes nothing."""

    format = "csv"
    keyed = True

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.source = f"csv:{path.resolve()}"
        self._path = path
        self._file = path.open(encoding="utf-8", newline="")
        self._rows = csv.DictReader(self._file)
        if self._rows.fieldnames != COLUMNS:
            self._file.close()
            raise BadFile(f"{path} does not begin with the line {','.join(COLUMNS)}.")

    @staticmethod
    def recognises(where: str | Path, head: bytes) -> bool:
        """Say whether a file is one of ours, by how it begins."""
        return head.startswith(",".join(COLUMNS).encode())

    def batches(self) -> Iterator[Subgraph]:
        """Yield one subgraph a thousand lines."""
        builder = SubgraphBuilder()
        for number, row in enumerate(self._rows, start=2):
            if row["direction"] not in ("input", "output") or not row["path"]:
                self.problem(f"{self._path}:{number}", "a line has a direction and a path")
                continue
            self._add(builder, row)
            if number % 1000 == 0:
                yield builder.take()
        yield builder.take()

    def _add(self, builder: SubgraphBuilder, row: dict[str, str]) -> None:
        run = builder.context(f"csv:run:{row['run']}", "csv.Run", row["run"])
        step = builder.execution(
            f"csv:step:{row['run']}/{row['step']}", "csv.Step", name=f"{row['run']}/{row['step']}"
        )
        version = f"{row['path']}@{row['sha256']}"
        file = builder.artifact(
            f"csv:file:{version}",
            "csv.File",
            name=version,
            uri=row["path"],
            properties={"sha256": row["sha256"]},
        )
        is_input = row["direction"] == "input"
        builder.event(step, file, EventType.INPUT if is_input else EventType.OUTPUT)
        builder.associate(step, run)

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def write(batches: Iterable[Subgraph], stream: IO[bytes], about: About) -> Counter[str]:
    """Write which files each step read and wrote. Properties, and contexts that are no runs, are lost."""
    graph = collected(batches)
    names = {node.ref: node.name or str(node.ref) for node in graph.nodes}
    artifacts = {artifact.id: artifact for artifact in graph.artifacts}
    runs = {c.id: names[c.ref] for c in graph.contexts if c.is_run}
    run_of = {
        link.execution_id: runs[link.context_id]
        for link in graph.associations
        if link.context_id in runs
    }
    steps = {execution.id: names[execution.ref] for execution in graph.executions}
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    for event in graph.events:
        artifact = artifacts[event.artifact_id]
        rows.writerow(
            [
                run_of.get(event.execution_id, ""),
                steps[event.execution_id].rpartition("/")[2],
                "input" if event.type.is_input else "output",
                artifact.uri or names[artifact.ref],
                artifact.custom_properties.get("sha256", ""),
            ]
        )
    text.detach()
    return Counter({"contexts that are no runs": len(graph.contexts) - len(runs)})


WRITER = Writer("csv", ("lineage.csv",), "CSV of lineage", "text/csv", write)
