"""The console: a stranger's Cypher, read only.

The statement is planned before it runs, and refused unless the database itself calls it read-only
and every operator of its plan is harmless. It then runs in a READ session, in a transaction that is
rolled back, on the embedded engine as a user that may only read. No regular expression decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lineage_graph.engines import Engine
from lineage_graph.errors import RefusedCypher, Unauthorized
from lineage_graph.store.answers import answer, timed
from lineage_graph.store.session import Sessions, Transaction
from lineage_graph.store.values import Answer

HARMLESS_PROCEDURES = frozenset(
    {
        "db.labels",
        "db.relationshipTypes",
        "db.propertyKeys",
        "db.schema.visualization",
        "db.schema.nodeTypeProperties",
        "db.schema.relTypeProperties",
    }
)
_PROCEDURE = re.compile(r"^\s*([\w.]+)\s*\(")
_HINT = "The console only reads: MATCH, WHERE, WITH, RETURN and the like."


def run(
    sessions: Sessions,
    engine: Engine,
    cypher: str,
    values: Mapping[str, Any],
    *,
    row_limit: int,
    timeout: float,
) -> Answer:
    """Run one statement that only reads.

    Raises:
        RefusedCypher: it writes, changes the schema, loads a file or calls a procedure that is not
            on the short list.
        InvalidArgument: the database does not understand it.
        TimedOut: the time limit was reached.
    """
    text = cypher.strip().rstrip(";").strip()
    if not text:
        raise RefusedCypher("There is no statement.", hint=_HINT)

    def work(transaction: Transaction) -> Answer:
        _check_plan(transaction, engine, text, values)
        return answer(transaction, text, values, row_limit, "rows")

    try:
        return timed(lambda: sessions.read(work, timeout=timeout))
    except Unauthorized as error:
        raise RefusedCypher("This statement would change something.", hint=_HINT) from error


def _check_plan(
    transaction: Transaction, engine: Engine, text: str, values: Mapping[str, Any]
) -> None:
    summary = transaction.explain(text, values)
    if summary.plan is None:
        raise RefusedCypher("This statement changes the schema or the server.", hint=_HINT)
    if engine.name == "embedded":
        return  # its plans name no operators; there the console's user may only read
    if summary.query_type != "r":
        raise RefusedCypher("This statement would change the graph.", hint=_HINT)
    for operator, details in _operators(summary.plan):
        if operator == "LoadCSV":
            raise RefusedCypher("LOAD CSV reads files and other hosts.", hint=_HINT)
        if "ProcedureCall" in operator:
            named = _PROCEDURE.match(details)
            if named is None or named.group(1) not in HARMLESS_PROCEDURES:
                raise RefusedCypher(
                    f"The procedure {named.group(1) if named else details!r} is not allowed here.",
                    hint=f"Allowed are {', '.join(sorted(HARMLESS_PROCEDURES))}.",
                )


def _operators(plan: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    name = str(plan["operatorType"]).partition("@")[0]
    yield name, str(plan.get("args", {}).get("Details", ""))
    for child in plan.get("children", ()):
        yield from _operators(child)
