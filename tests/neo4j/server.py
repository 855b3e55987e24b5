"""A real Neo4j for the tests: the one of the environment, else a Community server of our own.

Our own comes from its Maven artifacts, fetched once into the user's cache folder by ``pom.xml``, and
is started by ``Launcher.java``, which ends with the process that started it.
"""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import threading
from pathlib import Path

from filelock import FileLock
from platformdirs import user_cache_path

from lineage_graph.settings import Settings

HERE = Path(__file__).parent
OLDEST = "5.26.30"
_FETCH_LIMIT = 600
_START_LIMIT = 120


class Unavailable(Exception):
    """There is no Neo4j and none can be started; the message says why."""


def artifacts(version: str) -> Path:
    """Return the folder of Neo4j's jar files, fetched where they are not there yet."""
    for tool in ("java", "mvn"):
        if shutil.which(tool) is None:
            raise Unavailable(f"NEO4J_URI is not set and there is no {tool} to start a Neo4j with")
    cache = user_cache_path("lineage-graph-tests", appauthor=False, ensure_exists=True)
    folder = cache / f"neo4j-{version}"
    with FileLock(cache / "neo4j.lock"):
        if not folder.is_dir():
            _fetch(version, folder)
    return folder


def _fetch(version: str, folder: Path) -> None:
    """Fetch into a folder beside it first, so that what is there is whole."""
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        goal = ["dependency:copy-dependencies", f"-DoutputDirectory={scratch}/jars"]
        command = [
            "mvn",
            "-q",
            "-B",
            "-f",
            str(HERE / "pom.xml"),
            f"-Dneo4j.version={version}",
            *goal,
        ]
        try:
            subprocess.run(
                command, check=True, capture_output=True, timeout=_FETCH_LIMIT, cwd=scratch
            )
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            said = (error.stdout or b"").decode(errors="replace").strip().splitlines()
            reason = next((line for line in said if "ERROR" in line), str(error))
            raise Unavailable(f"Maven could not fetch Neo4j {version}: {reason[:300]}") from error
        Path(scratch, "jars").rename(folder)


class Neo4jServer:
    """A Neo4j Community server in a process of its own; it can be killed and started again."""

    def __init__(self, folder: Path, version: str = OLDEST) -> None:
        self.folder = folder
        self.version = version
        self.port = _free_port()
        self.password = secrets.token_urlsafe(12)
        self._process: subprocess.Popen[str] | None = None

    @property
    def settings(self) -> Settings:
        """Settings that lead to this server."""
        return Settings(uri=f"bolt://127.0.0.1:{self.port}", password=self.password)

    @property
    def is_killed(self) -> bool:
        """True until the server is started, and after it was killed."""
        return self._process is None

    def start(self) -> Neo4jServer:
        """Start the server and return when it answers."""
        jars = artifacts(self.version)
        self.folder.mkdir(parents=True, exist_ok=True)
        command = ["java", "-Xmx1g", "-cp", f"{jars}{os.sep}*", str(HERE / "Launcher.java")]
        with (self.folder / "launcher.log").open("w") as log:
            self._process = subprocess.Popen(
                [*command, str(self.folder), str(self.port), self.password],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        if not self._ready():
            self.kill()
            said = (self.folder / "launcher.log").read_text(errors="replace").strip()
            raise Unavailable(f"Neo4j {self.version} did not start: {said[-300:] or 'no answer'}")
        return self

    def _ready(self) -> bool:
        """Wait for the launcher's word; keep reading what comes after it, or a full pipe stops it."""
        assert self._process is not None
        assert self._process.stdout is not None
        lines, ready = self._process.stdout, threading.Event()
        said: list[str] = []

        def listen() -> None:
            for line in lines:
                said.append(line.strip())
                if said[-1] == "READY":
                    ready.set()
            ready.set()

        threading.Thread(target=listen, daemon=True).start()
        return ready.wait(_START_LIMIT) and "READY" in said

    def kill(self) -> None:
        """End the process at once, as a power cut would."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        self._process = None


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
