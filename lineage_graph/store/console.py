"""The console: a stranger's Cypher, read only.

A statement is read first: it may use only the functions and procedures of a list. It is then planned,
and refused unless the database itself calls it read-only and each operator of its plan is on a list
as well. It runs in a READ session, in a transaction that is rolled back, on the embedded engine as a
user that may only read, and within limits of time, rows and memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from lineage_graph.engines import Engine
from lineage_graph.errors import InvalidArgument, LineageError, RefusedCypher, Unauthorized
from lineage_graph.store.answers import answer, timed
from lineage_graph.store.cypher_errors import check_values, pointed
from lineage_graph.store.cypher_names import read_names, warnings_of
from lineage_graph.store.cypher_result import CypherResult
from lineage_graph.store.session import Sessions, Transaction
from lineage_graph.store.untrusted import HINT, check_procedure, check_words
from lineage_graph.store.values import Answer

MAX_VALUES = 200_000
"""Values that an answer may hold, those inside lists and maps counted."""
# What Neo4j's plans of statements that only read are made of (5.26 to 2026.x). Beside whole names there
# are beginnings, for a plan's operators come in many forms: Expand(All), VarLengthExpand(Pruning).
OPERATORS = re.compile(
    r"""
    (Partitioned)?(AllNodesScan|(Node|Directed|Undirected)\w*(Scan|Seek(ByRange)?))
    | (Union|Intersection|Subtraction)NodeByLabelsScan
    | (MultiNode|AssertingMultiNode|AssertingMultiRelationship)IndexSeek
    | (Node|Relationship)CountFromCountStore
    | (Let)?(Anti)?SemiApply | (Let)?SelectOr(Anti)?SemiApply
    | (Anti)?ConditionalApply | Apply | RollUpApply | Anti | Argument | ArgumentTracker
    | AssertSame(Node|Relationship) | CacheProperties | RemoteBatchProperties\w* | CartesianProduct
    | (Node|Value)HashJoin | Node(Left|Right)OuterHashJoin
    | (Optional)?Expand(\(\w+\))? | VarLengthExpand(\([\w,]+\))? | ProjectEndpoints
    | (Bidirectional)?Repeat(\(\w+\))? | RepeatOptions | NullifyMetadata | PathPropagatingBFS
    | ShortestPath | StatefulShortestPath(\([\w, ]+\))? | Triadic(Build|Filter|Selection)
    | (Ordered)?(Distinct|Union|Aggregation) | EagerAggregation | Eager | PreserveOrder | NonFuseable
    | (Partial)?(Sort|Top) | (Exhaustive)?Limit | Skip | Filter | Optional | (Partitioned)?Unwind
    | Projection | ProduceResults? | EmptyRow | EmptyResult | DynamicLabelNodeLookup\w*
    | (Eager\ )?ProcedureCall
    """,
    re.VERBOSE,
)
_PROCEDURE = re.compile(r"^\s*([\w.]+)\s*\(")
_CALL = re.compile(r"^\s*\+ CALL ([\w.]+)\(", re.MULTILINE)
_WRITE = re.compile(r"^\s*\+ (CREATE|MERGE|SET|DELETE|DETACH|REMOVE|FOREACH)\b", re.MULTILINE)


def run(
    sessions: Sessions,
    engine: Engine,
    cypher: str,
    values: Mapping[str, Any],
    *,
    row_limit: int,
    timeout: float,
) -> CypherResult:
    """Run one statement that only reads.

    Raises:
        RefusedCypher: it writes, changes the schema, loads a file, or uses a function or a procedure
            that is not on the list.
        InvalidCypher: the database does not understand it, or a parameter has no value.
        InvalidArgument: a value is none that Cypher has.
        TimedOut: the time limit was reached.
        OutOfMemory: the memory limit was reached.
    """
    text = _checked(cypher, values)

    def work(transaction: Transaction) -> Answer:
        _check_plan(transaction, engine, text, values)
        found = transaction.fetch(text, values, row_limit)
        if found.writes:  # the embedded engine may find out at the commit only, which never comes
            raise RefusedCypher("This statement would change the graph.", hint=HINT)
        if sum(_values(record.values()) for record in found.records) > MAX_VALUES:
            raise RefusedCypher(
                f"The answer holds more than {MAX_VALUES:,} values.",
                hint="Return size(list) or list[..100] in the place of a long list.",
            )
        return answer(transaction, found, "rows")

    with _explained(text):
        found = timed(lambda: sessions.guest(work, timeout=timeout))
    # What is wrong with the names is only a hint: it costs nothing where the names are in every store.
    try:
        warnings = warnings_of(text, lambda: sessions.read(read_names))
    except LineageError:
        warnings = ()
    return CypherResult(**vars(found) | {"warnings": warnings})


def explain(
    sessions: Sessions, engine: Engine, cypher: str, values: Mapping[str, Any], *, timeout: float
) -> str:
    """Return how the database would run a statement, as it writes it; the statement is not run.

    Raises:
        RefusedCypher: the statement would be refused.
        InvalidCypher: the database does not understand it, or a parameter has no value.
    """
    text = _checked(cypher, values)

    def work(transaction: Transaction) -> str:
        plan = _check_plan(transaction, engine, text, values)
        return str(plan.get("args", {}).get("string-representation") or _as_text(plan))

    with _explained(text):
        return sessions.guest(work, timeout=timeout).strip("\n")


def _checked(cypher: str, values: Mapping[str, Any]) -> str:
    text = cypher.strip().rstrip(";").strip()
    if not text:
        raise RefusedCypher("There is no statement.", hint=HINT)
    check_words(text)
    check_values(text, values)
    return text


@contextmanager
def _explained(text: str) -> Iterator[None]:
    try:
        yield
    except Unauthorized as error:
        raise RefusedCypher("This statement would change something.", hint=HINT) from error
    except RefusedCypher:
        raise
    except InvalidArgument as error:
        raise pointed(error, text) from error.__cause__
    except (TypeError, ValueError) as error:  # of what turns values into bytes
        raise InvalidArgument(
            f"A value cannot be sent: {error}.",
            hint="Values are null, true and false, numbers, texts, times, and lists and maps of these.",
        ) from error


def _as_text(plan: Mapping[str, Any], depth: int = 0) -> str:
    details = plan.get("args", {}).get("Details", "")
    line = f"{'  ' * depth}+ {str(plan['operatorType']).partition('@')[0]} {details}".rstrip()
    return "\n".join([line, *(_as_text(one, depth + 1) for one in plan.get("children", ()))])


def _check_plan(
    transaction: Transaction, engine: Engine, text: str, values: Mapping[str, Any]
) -> Mapping[str, Any]:
    summary = transaction.explain(text, values)
    if summary.plan is None:
        raise RefusedCypher("This statement changes the schema or the server.", hint=HINT)
    if not engine.dialect.plans_name_operators:
        # What a text hides, such as a subquery, the console's user may not do.
        plan = str(summary.plan["args"].get("string-representation", ""))
        if "+ LOAD CSV" in plan:
            raise RefusedCypher("LOAD CSV reads files and other hosts.", hint=HINT)
        if _WRITE.search(plan):
            raise RefusedCypher("This statement would change the graph.", hint=HINT)
        for name in _CALL.findall(plan):
            check_procedure(name)
        return summary.plan
    if summary.query_type != "r":
        raise RefusedCypher("This statement would change the graph.", hint=HINT)
    for operator, details in _operators(summary.plan):
        if operator == "LoadCSV":
            raise RefusedCypher("LOAD CSV reads files and other hosts.", hint=HINT)
        if "ProcedureCall" in operator:
            named = _PROCEDURE.match(details)
            check_procedure(named.group(1) if named else details)
        if not OPERATORS.fullmatch(operator):
            raise RefusedCypher(
                f"A step of this statement, {operator}, is not allowed here.", hint=HINT
            )
    return summary.plan


def _operators(plan: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    name = str(plan["operatorType"]).partition("@")[0]
    yield name, str(plan.get("args", {}).get("Details", ""))
    for child in plan.get("children", ()):
        yield from _operators(child)


def _values(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + sum(map(_values, value.values()))
    return 1 + sum(map(_values, value)) if isinstance(value, list) else 1
