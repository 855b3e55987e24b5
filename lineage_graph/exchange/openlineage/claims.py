"""Which jobs use which run ids, and under which ids their runs are kept."""

from __future__ import annotations

import sqlite3
from typing import Any

from lineage_graph.exchange.openlineage.checks import told_facet
from lineage_graph.exchange.openlineage.events import RunEvent
from lineage_graph.exchange.store_lookup import JobName

Claim = tuple[str, JobName]
"""A run id, and a job that uses it."""

TABLES = """
CREATE TABLE claims (run TEXT, namespace TEXT, name TEXT, key TEXT, PRIMARY KEY (run, namespace, name)) WITHOUT ROWID;
"""


def claim_of(named: Any) -> Claim:
    """Return the run that a facet names, as parent or root."""
    return named["run"]["runId"], JobName(named["job"]["namespace"], named["job"]["name"])


def claims_above(event: RunEvent) -> list[Claim]:
    """Return the runs that an event names as parent and root of its own, with their jobs."""
    parent = told_facet(event.run.facets, "parent")
    if parent is None:
        return []
    return [claim_of(named) for named in (parent, parent.get("root")) if named]


class Claims:
    """The table of who uses which run id, in the database of a history."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def claim(self, run: str, job: JobName, key: str) -> None:
        """Take in that a job uses a run id, and under which its run is kept."""
        row = (run, *job, key)
        self._database.execute("INSERT OR IGNORE INTO claims VALUES (?, ?, ?, ?)", row)

    def claimed(self, run: str, job: JobName) -> str | None:
        """Return the id under which a job's run of an id is kept, None where it uses none such."""
        statement = "SELECT key FROM claims WHERE run = ? AND namespace = ? AND name = ?"
        row = self._database.execute(statement, (run, *job)).fetchone()
        return None if row is None else row[0]

    def is_claimed(self, run: str) -> bool:
        """Say whether any job uses a run id."""
        return bool(self._database.execute("SELECT 1 FROM claims WHERE run = ?", (run,)).fetchone())
