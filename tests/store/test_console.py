"""The console against strangers: what may run, what is refused and why, and what nobody can do to others."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from lineage_graph.catalog import load_catalog
from lineage_graph.catalog.compose import EXAMPLES, fill
from lineage_graph.engines import engine_status
from lineage_graph.errors import (
    Busy,
    InvalidArgument,
    LineageError,
    RefusedCypher,
    StoreError,
    TimedOut,
)
from lineage_graph.model import Artifact, Subgraph
from lineage_graph.server.views.console import EXAMPLES as SHOWN
from lineage_graph.store import Store
from lineage_graph.store.console import OPERATORS
from lineage_graph.store.untrusted import check_words
from tests.store.build import with_types

OURS = [q for q in load_catalog().values() if q.folder in ("read", "questions")]
HARMLESS = [
    *(cypher for _, cypher in SHOWN),
    "MATCH p = shortestPath((a:Artifact)-[*..20]-(b:Execution)) RETURN length(p), nodes(p)",
    "MATCH (a:Artifact)((x)-[:INPUT]->(y)){1,3}(b) RETURN count(b) AS n",
    "MATCH (a:Artifact)((x)-[:INPUT]->(y))+(b) RETURN count(b) AS n",
    "MATCH (a:Artifact) CALL (a) { MATCH (a)--(e) RETURN count(e) AS n } RETURN a.id, n",
    "MATCH (a:Artifact) WHERE EXISTS { (a)-[:INPUT]->() } RETURN a",
    "MATCH (a:Artifact) WHERE exists((a)-->()) RETURN COUNT { (a)-->() } AS n",
    "MATCH (a:Artifact) RETURN COLLECT { MATCH (a)-->(e) RETURN e.id } AS ids",
    "RETURN [x IN range(1, 5) WHERE x > 2 | x * 2] AS l, all(x IN [1] WHERE x = 1) AS a",
    "MATCH (a:Artifact) RETURN [(a)-->(e:Execution) | e.id] AS ids",
    "RETURN reduce(n = 0, x IN [1, 2] | n + x) AS n, reduce(t = true, x IN [1] | t AND x > 0) AS t",
    "RETURN reduce(n = 0, x IN [1, 2] | CASE WHEN x > n THEN x ELSE n END) AS n",
    "RETURN CASE WHEN (1 = 1) THEN (1) ELSE (2) END AS x UNION RETURN 3 AS x",
    "UNWIND [1, 2] AS x WITH DISTINCT x ORDER BY x SKIP 0 LIMIT 5 RETURN collect(x) AS l",
    "RETURN date('2026-01-02') AS d, duration.between(date(), date()) AS b, datetime.truncate('day', datetime()) AS t",
    "MATCH p = (:Artifact)-->() RETURN [n IN nodes(p) WHERE any(l IN labels(n) WHERE l = 'x')] AS l",
    "WITH [1, 2] AS l RETURN [i IN range(0, size(l) - 1) | l[i]] AS m",
    "RETURN replace('file:///a', 'file://', '') AS r, toUpper(trim(' a ')) AS u",
    "MATCH (n) RETURN labels(n) AS l, keys(n) AS k, properties(n) AS p, elementId(n) AS e LIMIT 3",
    "RETURN 'apoc.load.json(' AS `apoc.x(`, {call: 1, use: 2} AS m // dbms.x()",
    "CALL db.labels() YIELD label RETURN label",
    "MATCH (a:Artifact) WHERE 1 < a.create_time_since_epoch < 9 RETURN a",
    "MATCH (a:Artifact) WHERE a.id > 7 RETURN a",
    "MATCH ()-[c:COLUMN]->() WHERE c.key > 'a' RETURN c",
    "MATCH (a:Artifact) WHERE a.uri =~ '(?i).*model.*' RETURN a",
]
REFUSED = {
    "RETURN reduce(s='a', i IN range(1,40) | s+s) AS x": "reduce",
    "RETURN size(reduce(s='a', i IN range(1,40) | s+s)) AS x": "reduce",
    "RETURN reduce(s=[1], i IN range(1,40) | s+s)[0] AS x": "reduce",
    "RETURN reduce(s=0, i IN range(1,40) | s + 'a' + s) AS x": "reduce",
    "RETURN reduce(s='a', i IN range(1,40) | head([t IN [s] | t+t])) AS x": "reduce",
    "RETURN reduce(`s`='a', i IN range(1,40) | [s, `s`]) AS x": "reduce",
    "RETURN reduce(s='', i IN range(1,900000) | s + 'aaaa') AS n": "reduce",
    "RETURN reduce(s=[], i IN range(1,900000) | s + i) AS n": "reduce",
    "RETURN reduce(n=0, i IN range(1,900000) | n + size([x IN range(1,900000) | x])) AS n": "list",
    "RETURN size([x IN range(1,900000) | size([y IN range(1,900000) | y])]) AS n": "list",
    "RETURN any(i IN range(1,9000) WHERE any(j IN range(1,900000) WHERE i + j = 0)) AS n": "list",
    "RETURN size(range(1, 2000000000)) AS n": "range",
    "UNWIND range(1,1000000000) AS x RETURN count(x) AS n": "range",
    "WITH 2000000000 AS n RETURN [x IN range(1, n) | x] AS l": "range",
    "RETURN size(text.random(2000000000)) AS x": "text.random",
    "RETURN `text` . /* x */ `random` (9) AS x": "text.random",
    "RETURN apoc.cypher.runFirstColumnMany('RETURN 1', {}) AS x": "apoc.cypher.runfirstcolumnmany",
    "RETURN apoc.text.repeat('a', 1000000000) AS x": "apoc.text.repeat",
    "RETURN lpad('a', 2000000000, 'b') AS x": "lpad",
    "RETURN `match`('a') AS x": "match",
    "RETURN util.compress('a') AS x": "util.compress",
    "WITH 'a' AS s " + "WITH s+s AS s " * 40 + "RETURN size(s) AS n": "40 times",
    "WITH [1] AS s " + "WITH s+ /* */ s AS s " * 40 + "RETURN size(s) AS n": "40 times",
    "WITH [1] AS a " + "WITH [a,a] AS a " * 30 + "RETURN a = a AS n": "30 times",
    "WITH [1] AS a " + "WITH {x: a, y: a} AS a " * 30 + "RETURN a": "30 times",
    "RETURN replace('aaaa', 'a', 'aaaa') AS x": "replace",
    "RETURN replace('aaaa', '', 'a') AS x": "replace",
    "MATCH (n) RETURN replace(n.name, n.name, n.uri) AS x": "replace",
    "RETURN '" + "a" * 3000 + "' =~ '(.*a){20}b' AS n": "regular expression",
    "RETURN " + "(" * 3000 + "1" + ")" * 3000 + " AS n": "more than 50 deep",
    "RETURN " + "[" * 3000 + "1" + "]" * 3000 + " AS n": "more than 50 deep",
    "RETURN 'aaaa' =~ '(a|aa)+' AS n": "regular expression",
    "RETURN 'aaaa' =~ '.*a.*a.*b' AS n": "regular expression",
    "MATCH (a:Artifact) RETURN a.uri =~ a.name AS n": "regular expression",
    "RETURN 'a' =~ '.*' + '.*' AS n": "regular expression",
    "RETURN 1 AS x; RETURN 2 AS x": "more than one",
    "SHOW TRANSACTIONS YIELD transactionId AS t TERMINATE TRANSACTIONS t YIELD message RETURN message": "SHOW",
    "SHOW SETTINGS": "SHOW",
    "show /* */ procedures": "SHOW",
    "TERMINATE TRANSACTIONS 'x'": "TERMINATE",
    "USE neo4j RETURN 1 AS x": "USE",
    "CALL { USE neo4j RETURN 1 AS x } RETURN x": "USE",
    "EXPLAIN RETURN 1 AS x": "EXPLAIN",
    "PROFILE MATCH (n) DETACH DELETE n": "PROFILE",
    "CYPHER 5 RETURN 1 AS x": "CYPHER",
    "LOAD CSV FROM 'file:///etc/hosts' AS l RETURN l": "LOAD",
    "CALL dbms.components() YIELD name RETURN name": "dbms.components",
    "CALL dbms.components": "dbms.components",
    "CALL `dbms` . `listConfig`()": "dbms.listConfig",
    "MATCH (n) CALL apoc.do.it(n) YIELD value RETURN value": "apoc.do.it",
}
BOUNDED = [
    "UNWIND range(1,100000) AS a UNWIND range(1,100000) AS b RETURN a, b ORDER BY a + b DESC",
    "UNWIND range(1,900000) AS x UNWIND range(1,900000) AS y RETURN count(*) AS n",
    "RETURN size([x IN range(1,900000) | toString(x) + 'aaaaaaaaaaaaaaaaaaaaa']) AS n",
    "UNWIND range(1,100000) AS a UNWIND range(1,100000) AS b RETURN size(collect([a, b])) AS n",
    "RETURN 1 IN [" + ",".join(["1"] * 3000) + "] AS n",
    "UNWIND range(1,1000) AS x "
    + " ".join(f"UNWIND range(1,1000) AS z{n}" for n in range(29))
    + " RETURN count(*) AS n",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_reads_may_run(store: Store, text: str) -> None:
    store.cypher(text)


def test_every_statement_of_ours_that_reads_would_be_allowed() -> None:
    assert len(OURS) > 60
    for query in OURS:
        if (
            "SHOW " not in query.body and "meta.stats" not in query.body
        ):  # the store looks at itself
            check_words(fill(query.body, **EXAMPLES))


@pytest.mark.parametrize(("text", "words"), REFUSED.items())
def test_what_is_not_on_the_list_is_refused_and_named(store: Store, text: str, words: str) -> None:
    with pytest.raises(RefusedCypher) as refused:
        store.cypher(text)
    assert words in refused.value.message
    assert refused.value.hint


@pytest.mark.parametrize(
    "operator", ["ShowTransactions", "TerminateTransactions", "LoadCSV", "Create"]
)
def test_steps_that_are_not_on_the_list(operator: str) -> None:
    assert not OPERATORS.fullmatch(operator)


def test_nobody_else_notices(store: Store) -> None:
    """Whatever a statement does, it ends within its limit, the engine stays, and others go on."""
    with_types(store)
    is_embedded = store.engine.name == "embedded"
    before = engine_status(store.settings).pid if is_embedded else None
    with others(store) as errors:
        for text in BOUNDED:
            began = time.monotonic()
            with suppress(InvalidArgument, StoreError):
                store.cypher(text, timeout=0.5)
            assert time.monotonic() - began < 20, text[:80]
    assert errors == []
    if is_embedded:
        assert engine_status(store.settings).pid == before


def test_a_statement_that_takes_too_long_or_too_much_says_so(store: Store) -> None:
    with pytest.raises(TimedOut):
        store.cypher(BOUNDED[-1], timeout=0.5)


def test_an_answer_that_nobody_could_read_is_refused(store: Store) -> None:
    with pytest.raises(RefusedCypher, match="more than 200,000 values"):
        store.cypher("RETURN [x IN range(1, 250000) | x] AS l")


def test_guests_wait_for_their_turn(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lineage_graph.store.query_slots.MAX_WAIT", 0.1)
    texts = [BOUNDED[-1]] * 4
    running = [threading.Thread(target=swallow, args=(store, text)) for text in texts]
    for thread in running:
        thread.start()
    time.sleep(0.5)
    with pytest.raises(Busy, match="other statements are running"):
        store.cypher("RETURN 1 AS n")
    for thread in running:
        thread.join()
    store.cypher("RETURN 1 AS n")


def swallow(store: Store, text: str) -> None:
    with pytest.raises(LineageError):
        store.cypher(text, timeout=2)


@contextmanager
def others(store: Store) -> Iterator[list[str]]:
    """Somebody reads and somebody writes meanwhile; yield their errors."""
    errors: list[str] = []
    over = threading.Event()

    def again(work: object) -> None:
        assert callable(work)
        while not over.wait(0.02):
            try:
                work()
            except LineageError as error:
                errors.append(repr(error))

    works = [store.counts, lambda: store.put(Subgraph(artifacts=(Artifact(type="Data"),)))]
    threads = [threading.Thread(target=again, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    try:
        yield errors
    finally:
        over.set()
        for thread in threads:
            thread.join()
