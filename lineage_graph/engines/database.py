"""The database inside the embedded engine's process: its settings and its users."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

from lineage_graph.engines.ordered import order_numbers
from lineage_graph.engines.passwords import TOOLS_USER, tools_password
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
    "arcadedb.queryMaxRangeSize": "1000000",
}
# Settings of the whole Java machine.
_MACHINE_SETTINGS = {
    # Whoever reads long does not make those wait who write: the store limits its guests itself.
    "arcadedb.queryMaxConcurrent": "0",
}


def start_database(folder: Path, state: EngineState, memory: int) -> Any:
    """Start the database below a folder: loopback only, flushed commits, three users; return the server.

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
            "jvm_args": [
                "-Xrs",
                # What runs out of memory leaves locks and counts behind: the next user starts anew.
                "-XX:+ExitOnOutOfMemoryError",
                *(f"-D{k}={v}" for k, v in (_DATABASE_SETTINGS | _MACHINE_SETTINGS).items()),
            ],
        },
    )
    server.start()
    server.create_database(DATABASE)
    _check_settings(server)
    order_numbers(server._java_server.getDatabase(DATABASE))
    _add_reader(server, READER, state.reader_password)
    _add_reader(server, TOOLS_USER, tools_password(folder))
    return server


def change_password(server: Any, folder: Path) -> None:
    """Have the user for other tools log in with the password that is in its file now."""
    server._java_server.getSecurity().setUserPassword(TOOLS_USER, tools_password(folder))


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


def _add_reader(server: Any, name: str, password: str) -> None:
    import jpype

    java_json = jpype.JClass("com.arcadedb.serializer.json.JSONObject")
    security = server._java_server.getSecurity()
    user = {
        "name": name,
        "password": str(security.encodePassword(password)),
        "databases": {DATABASE: ["readers"]},
    }
    security.createUser(java_json(json.dumps(user)))
