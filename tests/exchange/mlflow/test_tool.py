"""What MLflow's own server tells of the sample, where it is installed (the program ``mlflow``)."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest

from lineage_graph.errors import Unreachable
from lineage_graph.exchange import open_source
from tests.exchange.mlflow.reading import read

_PATIENCE = 90.0  # seconds


def test_its_server_tells_what_we_read_in_its_database(sample: Path, tmp_path: Path) -> None:
    program = shutil.which("mlflow")
    if program is None:
        pytest.skip("there is no mlflow on this machine")
    database = Path(shutil.copy(sample / "mlflow.db", tmp_path / "mlflow.db"))
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    command = [program, "server", "--backend-store-uri", f"sqlite:///{database}", "--workers", "1"]
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen(
            [*command, "--port", str(port)], stdout=log, stderr=log, cwd=tmp_path
        )
    try:
        end = time.monotonic() + _PATIENCE
        while True:
            try:
                open_source(f"http://127.0.0.1:{port}").close()
                break
            except Unreachable:
                assert time.monotonic() < end, (tmp_path / "log").read_text()
        over_rest, in_sql = read(f"http://127.0.0.1:{port}"), read(database)
        assert over_rest.nodes == in_sql.nodes
        assert over_rest.links == in_sql.links
    finally:
        server.terminate()
        server.wait(_PATIENCE)
