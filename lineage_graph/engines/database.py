"""The database inside the embedded engine's process: its settings, its two users, its time limits."""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lineage_graph.engines.ordered import order_numbers
from lineage_graph.engines.state import DATABASE, READER, EngineState

_FINDINGS = ("warnings", "corruptedRecords", "corruptedIndexes", "undecodableRecords")
_MAX_FINDINGS = 100
_ALL = ["createRecord", "readRecord", "updateRecord", "deleteRecord"]
# Settings of single databases are given to the Java machine: those of the server do not reach them.
_DATABASE_SETTINGS = {
    "arcadedb.txWalFlush": "2",  # a commit is on the disk before it is acknowledged
    # A transaction copies each page that it changes, and writes it whole: small puts touch some dozens.
    "arcadedb.indexDefaultPageSize": "65536",
    "arcadedb.bucketDefaultPageSize": "32768",
    "arcadedb.opencypher.loadCsv.allowFileUrls": "false",
    "arcadedb.opencypher.loadCsv.allowRemoteUrls": "false",
}
_LIMIT = re.compile(r"/\*limit=(\d+)\*/")
_TICK = 0.2  # seconds between looks at the running statements
_STUCK = 5.0  # seconds after which a statement that was told to end counts as stuck


def start_database(folder: Path, state: EngineState, memory: int) -> Any:
    """Start the database below a folder: loopback only, flushed commits, two users; return the server.

    ``memory`` is the Java heap in MB.

    Raises:
        RuntimeError: a setting did not reach the database.
    """
    from arcadedb_embedded.server import ArcadeDBServer  # starts nothing; slow to import

    root = folder / "database"
    config = root / "config"
    config.mkdir(parents=True, exist_ok=True)
    (config / "server-groups.json").write_text(_groups(), encoding="utf-8")
    (config / "server-users.jsonl").unlink(missing_ok=True)
    server = ArcadeDBServer(
        str(root),
        state.writer_password,
        {
            "host": "127.0.0.1",
            "http_port": 0,  # any free one; nobody uses it
            "mode": "development",
            "server_plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
            "server_logsDirectory": str(root / "log"),
            "bolt_port": state.bolt_port,
            "bolt_defaultDatabase": DATABASE,
            "bolt_maxMessageSize": 512 * 2**20,
            "bolt_packstream_maxValueLength": 256 * 2**20,
        },
        jvm_kwargs={
            "heap_size": f"{memory}m",
            "jvm_args": ["-Xrs", *(f"-D{k}={v}" for k, v in _DATABASE_SETTINGS.items())],
        },
    )
    server.start()
    server.create_database(DATABASE)
    _check_settings(server)
    order_numbers(server._java_server.getDatabase(DATABASE))
    _add_reader(server, state.reader_password)
    return server


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def is_taken(port: int) -> bool:
    """Say whether somebody listens on a port of this machine."""
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return True
    return False


def check_database(server: Any) -> list[str]:
    """Have the database look at all its records, links and indexes; return what is wrong, in its words.

    It takes time that grows with what is stored. What others write meanwhile may be told as wrong.
    """
    try:
        found = server._java_server.getDatabase(DATABASE).command("sql", "CHECK DATABASE").next()
        wrong = [str(one) for name in _FINDINGS for one in found.getProperty(name) or ()]
        errors = int(found.getProperty("totalErrors") or 0)
    except Exception as error:  # the damage itself, in any class of Java's
        return [" ".join(str(error).split())[:500] or type(error).__name__]
    return wrong[:_MAX_FINDINGS] or ([f"{errors} errors"] if errors else [])


def _check_settings(server: Any) -> None:
    """Refuse to run with less safety than was asked for; an unknown setting is ignored in silence."""
    import jpype

    configuration = server._java_server.getDatabase(DATABASE).getConfiguration()
    known = jpype.JClass("com.arcadedb.GlobalConfiguration")
    for key, wanted in _DATABASE_SETTINGS.items():
        setting = known.findByKey(key)
        found = None if setting is None else str(configuration.getValueAsString(setting))
        if found != wanted:
            raise RuntimeError(f"the database's setting {key} is {found}, not {wanted}")


def _groups() -> str:
    def group(access: list[str], records: list[str]) -> dict[str, Any]:
        types = {"*": {"access": records}}
        return {"resultSetLimit": -1, "readTimeout": -1, "access": access, "types": types}

    groups = {
        "admin": group(["updateSecurity", "updateSchema", "updateDatabaseSettings"], _ALL),
        "readers": group([], ["readRecord"]),
        "*": group([], []),
    }
    return json.dumps({"databases": {"*": {"groups": groups}}, "version": 2})


def _add_reader(server: Any, password: str) -> None:
    import jpype

    java_json = jpype.JClass("com.arcadedb.serializer.json.JSONObject")
    security = server._java_server.getSecurity()
    user = {
        "name": READER,
        "password": str(security.encodePassword(password)),
        "databases": {DATABASE: ["readers"]},
    }
    security.createUser(java_json(json.dumps(user)))


class Watchdog(threading.Thread):
    """Ends statements that reach their time limit.

    The database has no time limit of its own that holds for every statement, and it ignores the
    driver's. A statement may begin with its limit, ``/*limit=1500*/`` (ms); else its user's holds.
    Few kinds of statement do not heed being ended; for those, ``on_stuck`` is called.
    """

    def __init__(
        self, server: Any, read_limit: float, write_limit: float, on_stuck: Callable[[str], None]
    ) -> None:
        super().__init__(daemon=True, name="watchdog")
        self._running = server._java_server.getRunningQueries()
        self._read_limit = read_limit
        self._write_limit = write_limit
        self._on_stuck = on_stuck
        self._ended = threading.Event()

    def run(self) -> None:
        """Look at the running statements until ``stop``."""
        while not self._ended.wait(_TICK):
            for statement in list(self._running.getRunning()):
                over = statement.getElapsedMillis() / 1000 - self._limit(statement)
                if over > _STUCK:
                    self._on_stuck(str(statement.getText()))
                elif over > 0:
                    statement.terminate("the time limit")

    def stop(self) -> None:
        """Look no more; returns when the last look is over."""
        self._ended.set()
        self.join()

    def _limit(self, statement: Any) -> float:
        """Return how many seconds a statement may run."""
        given = _LIMIT.match(str(statement.getText() or ""))
        if given is not None:
            return int(given[1]) / 1000
        reads = str(statement.getUser()) == READER
        return self._read_limit if reads else self._write_limit
