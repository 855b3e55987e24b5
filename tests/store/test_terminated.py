"""Transactions that somebody ends from outside: a put begins again and is stored once."""

from __future__ import annotations

import threading
import time

import pytest

from lineage_graph.errors import Terminated
from lineage_graph.model import Artifact, Subgraph
from lineage_graph.store import Store
from lineage_graph.store.session import Transaction
from tests.store.build import TYPES

ROWS = 3
_OTHERS = (
    "SHOW TRANSACTIONS YIELD transactionId, currentQuery "
    "WHERE currentQuery STARTS WITH '/* slow_marker' RETURN transactionId"  # not this one
)
_SLOW = "/* slow_marker */ UNWIND range(1, 40000000) AS x WITH sum(x) AS s RETURN s AS s"


def end_it(store: Store) -> None:
    """End the next transaction that runs the slow statement."""
    driver = store.engine.driver
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        found, _, _ = driver.execute_query(_OTHERS, database_=store.engine.database)
        own = [row[0] for row in found]
        for name in own:
            driver.execute_query(
                f"TERMINATE TRANSACTIONS '{name}'", database_=store.engine.database
            )
        if own:
            return
        time.sleep(0.02)


@pytest.mark.parametrize("engine_name", ["neo4j"], indirect=True)
def test_a_terminated_put_is_made_again(store: Store) -> None:
    store.put(TYPES)
    runs = 0

    def work(transaction: Transaction) -> None:
        nonlocal runs
        runs += 1
        rows = [{"name": f"row {number}"} for number in range(ROWS)]
        transaction.run_text("UNWIND $rows AS row CREATE (n:Ended) SET n = row", {"rows": rows})
        if runs == 1:
            transaction.run_text(_SLOW, {})

    killer = threading.Thread(target=end_it, args=(store,))
    killer.start()
    store._sessions.write(work)
    killer.join()
    assert runs == 2
    found, _, _ = store.engine.driver.execute_query(
        "MATCH (n:Ended) RETURN count(n)", database_=store.engine.database
    )
    assert found[0][0] == ROWS


@pytest.mark.parametrize("engine_name", ["neo4j"], indirect=True)
def test_a_terminated_read_says_so(store: Store) -> None:
    store.put(TYPES + Subgraph(artifacts=(Artifact(type="Data", name="a"),)))
    killer = threading.Thread(target=end_it, args=(store,))
    killer.start()
    with pytest.raises(Terminated) as told:
        store._sessions.read(lambda transaction: transaction.run_text(_SLOW, {}))
    killer.join()
    assert told.value.retriable


@pytest.mark.parametrize("engine_name", ["neo4j"], indirect=True)
def test_who_waits_for_a_lock_is_ended_and_begins_again(store: Store) -> None:
    driver, database = store.engine.driver, store.engine.database
    driver.execute_query("CREATE (:Held {n: 0})", database_=database)
    with driver.session(database=database) as session:
        holder = session.begin_transaction()
        holder.run("MATCH (h:Held) SET h.n = 1").consume()

        def let_go() -> None:
            end_it(store)
            holder.rollback()

        killer = threading.Thread(target=let_go)
        killer.start()
        store._sessions.write(
            lambda transaction: transaction.run_text(
                "/* slow_marker */ MATCH (h:Held) SET h.n = h.n + 10", {}
            )
        )
        killer.join()
    found, _, _ = driver.execute_query("MATCH (h:Held) RETURN h.n", database_=database)
    assert found[0][0] == 10
