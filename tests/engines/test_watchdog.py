"""The watchdog inside the engine's process: it ends what the console would have refused as well."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from lineage_graph.engines import Engine, engine_status, open_engine, stop_engine, translated
from lineage_graph.errors import OutOfMemory, TimedOut
from lineage_graph.settings import Settings

LONG = [
    "RETURN reduce(n=0, i IN range(1,900000) | n + size([x IN range(1,900000) | x])) AS n",
    "RETURN reduce(s='', i IN range(1,900000) | s + 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa') AS n",
    "RETURN any(i IN range(1,900000) WHERE any(j IN range(1,900000) WHERE i + j = 0)) AS n",
    "WITH [1] AS a " + "WITH [a,a] AS a " * 30 + "RETURN a = a AS n",
    "UNWIND range(1,900000) AS a UNWIND range(1,900000) AS b RETURN count(*) AS n",
]
PARSED_FOR_LONG = [
    "MATCH (a) WHERE (a)" + "--()" * 500 + " RETURN a",
    "RETURN (a)" + "-[b]-(c)" * 250 + " AS x",
]
LARGE = "UNWIND range(1,900000) AS a RETURN size(collect([x IN range(1,300) | [x, a]])) AS n"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    folder = tmp_path_factory.mktemp("watchdog")
    settings = Settings(folder=folder, engine_linger=0.2, query_timeout=2.0)
    yield settings
    stop_engine(settings)


@pytest.fixture(scope="module")
def engine(settings: Settings) -> Iterator[Engine]:
    engine = open_engine(settings)
    yield engine
    engine.close()


def run(engine: Engine, text: str, mark: str) -> None:
    with translated(), engine.read_driver.session(database=engine.database) as session:
        list(session.run(f"/*{mark}*/{text}"))


@pytest.mark.parametrize("text", LONG)
def test_what_heeds_nothing_is_ended_all_the_same(
    engine: Engine, settings: Settings, text: str
) -> None:
    pid, began = engine_status(settings).pid, time.monotonic()
    with pytest.raises(TimedOut):
        run(engine, text, "limit=300")
    assert time.monotonic() - began < 10
    assert engine_status(settings).pid == pid


@pytest.mark.parametrize("begin", ["EXPLAIN ", "/*limit=300*/"])
@pytest.mark.parametrize("text", PARSED_FOR_LONG)
def test_a_statement_that_takes_long_to_parse_is_ended(
    engine: Engine, settings: Settings, begin: str, text: str
) -> None:
    pid, began = engine_status(settings).pid, time.monotonic()
    with (
        pytest.raises(TimedOut),
        translated(),
        engine.read_driver.session(database=engine.database) as session,
    ):
        list(session.run(begin + text))  # parsed before anything knows of its limit
    assert time.monotonic() - began < 15
    assert engine_status(settings).pid == pid
    run(engine, "RETURN 1 AS n", "limit=5000")


def test_a_guest_that_takes_too_much_memory_is_ended(engine: Engine, settings: Settings) -> None:
    pid = engine_status(settings).pid
    with pytest.raises(OutOfMemory):
        run(engine, LARGE, "guest=one limit=20000")
    assert engine_status(settings).pid == pid
    run(engine, "RETURN 1 AS n", "limit=5000")
