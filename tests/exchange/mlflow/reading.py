"""Reading MLflow in the tests: what a source tells, and how samples are changed."""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from lineage_graph.exchange import open_source
from lineage_graph.exchange.base import Source
from lineage_graph.model import Kind, Node


def _named(names: dict[tuple[Kind, int], str], kind: Kind, node: int) -> str:
    return names[kind, node]


class Read:
    """What a source tells, by origins without their beginning."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.nodes: dict[tuple[Kind, str], Node] = {}
        self.links: set[tuple[Any, ...]] = set()
        for batch in source.batches():
            names: dict[tuple[Kind, int], str] = {}
            for node in batch.nodes:
                name = (node.origin or "").removeprefix(f"{source.source}:")
                names[node.kind, node.id or 0] = name
                if node.type is not None:
                    self.nodes[node.kind, name] = node.model_copy(update={"id": None})
            a, e, c = (partial(_named, names, kind) for kind in Kind)
            for v in batch.events:
                at = v.milliseconds_since_epoch
                self.links.add((e(v.execution_id), v.type, a(v.artifact_id), v.path, at))
            self.links |= {("in", a(x.artifact_id), c(x.context_id)) for x in batch.attributions}
            self.links |= {("in", e(x.execution_id), c(x.context_id)) for x in batch.associations}
            self.links |= {("of", c(x.child_id), c(x.parent_id)) for x in batch.parent_contexts}

    def types(self) -> Counter[str | None]:
        return Counter(node.type for node in self.nodes.values())

    def one(self, kind: Kind, name: str) -> Node:
        return next(node for (of, key), node in self.nodes.items() if of is kind and name in key)


def read(where: Path | str) -> Read:
    with open_source(where, "mlflow") as source:
        return Read(source)


def altered(sample: Path, folder: Path, *statements: str) -> Path:
    """Return a copy of the real database after some statements of SQL."""
    file = folder / "mlflow.db"
    if not file.exists():
        shutil.copy(sample / "mlflow.db", file)
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("PRAGMA ignore_check_constraints = ON")
        for statement in statements:
            database.execute(statement)
    return file
