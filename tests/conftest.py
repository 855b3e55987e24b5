"""What all tests share: both engines, an empty store, a store that holds real pipeline runs.

Tests that use ``store`` or ``tfx`` run on the embedded engine and on a real Neo4j. With two workers (``-n 2``) the
engines run side by side, and what needs none goes to whoever is free.
"""

from __future__ import annotations

import os
import re
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from lineage_graph.catalog import Catalog, load_catalog
from lineage_graph.engines import Engine, open_engine, start_engine, stop_engine
from lineage_graph.settings import Settings
from lineage_graph.store import Store
from tests.neo4j.server import OLDEST, Neo4jServer, Unavailable

DATA = Path(__file__).parent / "data"
ENGINES = ("embedded", "neo4j")
Rows = list[tuple[tuple[str, ...], dict[str, Any]]]
_BATCH = 20_000  # nodes deleted by one transaction
_ENVIRONMENT = pytest.StashKey[dict[str, str]]()
_SKIPPED = pytest.StashKey[str]()
_LOADED = pytest.StashKey[set[str]]()

hypothesis.settings.register_profile(
    "tests",
    max_examples=20,
    deadline=None,
    derandomize="CI" in os.environ,  # there, a failure is of the change, not of chance
    suppress_health_check=[
        hypothesis.HealthCheck.function_scoped_fixture,
        hypothesis.HealthCheck.too_slow,
        hypothesis.HealthCheck.data_too_large,
        hypothesis.HealthCheck.large_base_example,
    ],
)
hypothesis.settings.load_profile("tests")


def pytest_configure(config: pytest.Config) -> None:
    """Take what leads to a Neo4j out of the environment: the tests set their own."""
    config.stash[_SKIPPED] = ""
    config.stash[_LOADED] = set()
    if config.getoption("dist", "no") != "no" and not hasattr(config, "workerinput"):
        return  # this process runs no tests; its workers inherit its environment
    names = [name for name in os.environ if name.startswith(("NEO4J_", "LINEAGE_GRAPH_"))]
    config.stash[_ENVIRONMENT] = {name: os.environ.pop(name) for name in names}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run what needs no engine first, then engine by engine; in each, what only reads ``tfx`` last.

    Calls that ask for very much come first: the embedded engine looks an id up in each type, and keeps
    the types of all tests.
    """
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> tuple[int, bool, bool]:
    parameters = getattr(getattr(item, "callspec", None), "params", {})
    engine = parameters.get("engine_name")
    names = getattr(item, "fixturenames", ())
    is_call = item.nodeid.startswith("tests/rpc")
    return (-1 if engine is None else ENGINES.index(engine), "tfx" in names, not is_call)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """With workers, keep the tests of an engine together, for it is started once; so those of a module."""
    from xdist.scheduler import LoadScopeScheduling

    class ByEngine(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            engine = re.search(rf"[\[-]({'|'.join(ENGINES)})[-\]]", nodeid)
            return engine.group(1) if engine else nodeid.partition("::")[0]

    return ByEngine(config, log)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Hear from a worker that it skipped half of the tests."""
    if reason := getattr(node, "workeroutput", {}).get("skipped"):
        node.config.stash[_SKIPPED] = reason


def pytest_sessionfinish(session: pytest.Session) -> None:
    """As a worker, tell it."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["skipped"] = session.config.stash[_SKIPPED]


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say in one line that half of the tests did not run."""
    if reason := config.stash[_SKIPPED]:
        terminalreporter.write_line(
            f"The Neo4j half of the tests was skipped: {reason}.", yellow=True
        )


@pytest.fixture(scope="session")
def neo4j_settings(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Settings]:
    """Settings that lead to a real Neo4j, whose database the tests empty; skips where there is none."""
    environment = pytestconfig.stash[_ENVIRONMENT]
    if uri := environment.get("NEO4J_URI"):
        names = ("username", "password", "database")
        given = {name: environment.get(f"NEO4J_{name.upper()}") for name in names}
        yield Settings(uri=uri, **{name: value for name, value in given.items() if value})
        return
    version = environment.get("LINEAGE_GRAPH_NEO4J_VERSION", OLDEST)
    server = Neo4jServer(tmp_path_factory.mktemp("neo4j"), version)
    try:
        server.start()
    except Unavailable as error:
        pytestconfig.stash[_SKIPPED] = str(error)
        pytest.skip(str(error))
    yield server.settings
    server.kill()


@pytest.fixture(scope="session")
def embedded_settings(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Settings]:
    """Settings of an embedded engine that runs as long as the tests do, or of one that runs already."""
    if folder := pytestconfig.stash[_ENVIRONMENT].get("LINEAGE_GRAPH_TEST_FOLDER"):
        yield Settings(folder=Path(folder))
        return
    settings = Settings(folder=tmp_path_factory.mktemp("embedded"), engine_linger=0.2)
    start_engine(settings)
    yield settings
    stop_engine(settings)


@pytest.fixture(scope="session", params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    """Each engine's name in turn."""
    return str(request.param)


@pytest.fixture(scope="session")
def engine_settings(engine_name: str, request: pytest.FixtureRequest) -> Settings:
    """Settings that lead to each engine in turn; any number of stores may be opened on them."""
    settings: Settings = request.getfixturevalue(f"{engine_name}_settings")
    return settings


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """The statements, read once for all stores."""
    return load_catalog()


@pytest.fixture(scope="session")
def prepared(engine_settings: Settings, catalog: Catalog) -> Rows:
    """The labels and properties of all nodes of an empty store, as ``prepare`` makes them.

    To prepare a database takes a dozen transactions, to write these nodes one.
    """
    with Store(open_engine(engine_settings), engine_settings, catalog) as store:
        _empty(store.engine)
        store.prepare()
        return nodes(store.engine)


@pytest.fixture
def store(
    engine_name: str,
    engine_settings: Settings,
    catalog: Catalog,
    prepared: Rows,
    pytestconfig: pytest.Config,
) -> Iterator[Store]:
    """An empty, prepared store on each engine in turn, with an identity of its own."""
    assert engine_name not in pytestconfig.stash[_LOADED], "a test takes either store or tfx"
    with Store(open_engine(engine_settings), engine_settings, catalog) as store:
        _empty(store.engine)
        _restore(store.engine, prepared)
        store.prepare()  # finds that all is there, and reads the identity
        yield store


@pytest.fixture(scope="session")
def tfx(
    engine_name: str, engine_settings: Settings, pytestconfig: pytest.Config
) -> Iterator[Store]:
    """A store on each engine in turn that holds five runs of a TFX pipeline. Only read from it."""
    from lineage_graph.exchange import open_source

    pytestconfig.stash[_LOADED].add(engine_name)
    empty(engine_settings)
    with Store.open(settings=engine_settings) as store:
        with open_source(DATA / "tfx_mlmd.sqlite") as source:
            store.load(source.batches(), source.source)
        yield store


def empty(settings: Settings) -> None:
    """Delete everything but the constraints and indexes from the database the settings lead to."""
    with closing(open_engine(settings)) as engine:
        _empty(engine)


def nodes(engine: Engine) -> Rows:
    """Return the labels and the properties of all nodes in the database."""
    found = engine.driver.execute_query(
        "MATCH (n) RETURN labels(n) AS labels, properties(n) AS properties",
        database_=engine.database,
    )
    return [(tuple(sorted(labels)), properties) for labels, properties in found.records]


def _restore(engine: Engine, prepared: Rows) -> None:
    """Write the nodes of an empty store, which gets an identity of its own."""
    parts, values = [], {}
    for number, (labels, properties) in enumerate(prepared):
        own = {"id": str(uuid.uuid4())} if labels == ("Store",) else {}
        names = "".join(f":{label}" for label in labels)
        parts.append(f"CREATE (n{number}{names}) SET n{number} = $v{number}")
        values[f"v{number}"] = {**properties, **own}
    engine.driver.execute_query(" ".join(parts), values, database_=engine.database)


def _empty(engine: Engine) -> None:
    deleted = _BATCH
    while deleted == _BATCH:
        records, _, _ = engine.driver.execute_query(
            f"MATCH (n) WITH n LIMIT {_BATCH} DETACH DELETE n RETURN count(*) AS deleted",
            database_=engine.database,
        )
        deleted = records[0]["deleted"]
