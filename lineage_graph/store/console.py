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
_CALL = re.compile(r"^\s*\+ CALL ([\w.]+)\(", re.MULTILINE)
_WRITE = re.compile(r"^\s*\+ (CREATE|MERGE|SET|DELETE|DETACH|REMOVE|FOREACH)\b", re.MULTILINE)
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
        found = transaction.fetch(text, values, row_limit)
        if found.writes:  # the embedded engine may find out at the commit only, which never comes
            raise RefusedCypher("This statement would change the graph.", hint=_HINT)
        return answer(transaction, found, "rows")

    try:
        return timed(lambda: sessions.guarded(work, timeout=timeout))
    except Unauthorized as error:
        raise RefusedCypher("This statement would change something.", hint=_HINT) from error


def _check_plan(
    transaction: Transaction, engine: Engine, text: str, values: Mapping[str, Any]
) -> None:
    summary = transaction.explain(text, values)
    if summary.plan is None:
        raise RefusedCypher("This statement changes the schema or the server.", hint=_HINT)
    if engine.name == "embedded":
        # Its plans are text and show no subqueries; what they hide, the console's user may not do.
        plan = str(summary.plan["args"].get("string-representation", ""))
        if "+ LOAD CSV" in plan:
            raise RefusedCypher("LOAD CSV reads files and other hosts.", hint=_HINT)
        if _WRITE.search(plan):
            raise RefusedCypher("This statement would change the graph.", hint=_HINT)
        for name in _CALL.findall(plan):
            _check_procedure(name)
        return
    if summary.query_type != "r":
        raise RefusedCypher("This statement would change the graph.", hint=_HINT)
    for operator, details in _operators(summary.plan):
        if operator == "LoadCSV":
            raise RefusedCypher("LOAD CSV reads files and other hosts.", hint=_HINT)
        if "ProcedureCall" in operator:
            named = _PROCEDURE.match(details)
            _check_procedure(named.group(1) if named else details)


def _check_procedure(name: str) -> None:
    if name not in HARMLESS_PROCEDURES:
        raise RefusedCypher(
            f"The procedure {name} is not allowed here.",
            hint=f"Allowed are {', '.join(sorted(HARMLESS_PROCEDURES))}.",
        )


def _operators(plan: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    name = str(plan["operatorType"]).partition("@")[0]
    yield name, str(plan.get("args", {}).get("Details", ""))
    for child in plan.get("children", ()):
        yield from _operators(child)
