"""Indexes of the embedded engine that keep whole numbers in their order.

Unless a property is declared as a number, the engine keeps its index's keys as text: ``10`` before
``9``. Equality is found all the same, but a range reads the whole index, and no order is served.
"""

from __future__ import annotations

from typing import Any

from lineage_graph.model import Kind

NUMBERS = {"id": True, "create_time_since_epoch": False, "last_update_time_since_epoch": False}
"""The properties of nodes that are whole numbers and nothing else, and whether they are unique."""


def order_numbers(database: Any) -> None:
    """Declare ids and times as numbers, and index them; remake an index that keeps them as text.

    ``database`` is the Java one. Nobody else may use it yet: between the old index and the new one
    nothing holds ids to be unique. Done again, also where it was cut short, it changes nothing more.
    """
    schema = database.getSchema()
    for label in (kind.label for kind in Kind):
        if not schema.existsType(label):
            _run(database, f"CREATE VERTEX TYPE {label}")
        declared = schema.getType(label)
        for name, unique in NUMBERS.items():
            if not declared.existsProperty(name):
                index = declared.getIndexByProperties(name)
                if index is not None:
                    _run(database, f"DROP INDEX `{index.getName()}`")
                _run(database, f"CREATE PROPERTY {label}.{name} LONG")
            if declared.getIndexByProperties(name) is None:
                word = "UNIQUE" if unique else "NOTUNIQUE"
                _run(database, f"CREATE INDEX ON {label} ({name}) {word}")


def _run(database: Any, statement: str) -> None:
    database.command("sql", statement)
