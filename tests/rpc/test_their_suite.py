"""ML Metadata's own Python client passes its own test suite against our server.

The suite comes inside the wheel of ``ml-metadata`` and is run from there, in an environment of its own.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lineage_graph.settings import Settings
from tests.conftest import empty
from tests.rpc.oracle.original import Unavailable, original_python

ORACLE = Path(__file__).parent / "oracle"
SUITE = ("metadata_store_test.py", "mlmd_types_test.py")
OUTCOME = "108 passed, 2 xfailed"
_START_LIMIT = 60
_SUITE_LIMIT = 240


@pytest.fixture(scope="session")
def original() -> Path:
    """The Python that has ML Metadata; skips where it cannot be had, which on CI is a failure."""
    try:
        return original_python()
    except Unavailable as error:
        if os.environ.get("CI") and not error.expected:
            pytest.fail(str(error))
        pytest.skip(str(error))


def run_suite(python: Path, address: str) -> str:
    """Run their suite over gRPC and return what pytest said."""
    where = "import pathlib, ml_metadata; print(pathlib.Path(ml_metadata.__file__).parent)"
    package = subprocess.run([python, "-c", where], check=True, capture_output=True, text=True)
    folder = Path(package.stdout.strip()) / "metadata_store"
    host, _, port = address.rpartition(":")
    command = [
        str(python), "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "repair",
        *(str(folder / name) for name in SUITE),
        "--use_grpc_backend", "--grpc_host", host, "--grpc_port", port,
    ]  # fmt: skip
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")
    }
    done = subprocess.run(
        command,
        env=environment | {"PYTHONPATH": str(ORACLE)},
        cwd=ORACLE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_SUITE_LIMIT,
        check=False,
    )
    return done.stdout


@contextmanager
def serving(command: list[str], environment: dict[str, str], log: Path) -> Iterator[str]:
    """Start a server that says ``Ready at HOST:PORT`` and give the address; stop it afterwards."""
    with (
        log.open("w") as errors,
        subprocess.Popen(
            command,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as process,
    ):
        assert process.stdout is not None
        try:
            said = process.stdout.readline()
            match = re.search(r"Ready at (\S+)", said)
            assert match, said + log.read_text()
            yield match.group(1)
        finally:
            process.terminate()
            process.wait(_START_LIMIT)


def test_the_suite_passes_on_the_original_itself(original: Path, tmp_path: Path) -> None:
    """What is asked of our server is what their own engine reaches over gRPC, repairs included."""
    front = [str(original), str(ORACLE / "front.py")]
    with serving(front, {}, tmp_path / "front.log") as address:
        assert OUTCOME in run_suite(original, address)


def test_the_suite_passes_on_our_server(
    original: Path, engine_settings: Settings, tmp_path: Path
) -> None:
    """Their suite wants a store nobody wrote to: its names are fixed."""
    environment = {}
    if engine_settings.uri is None:
        where = ["--folder", str(tmp_path / "store")]
    else:
        empty(engine_settings)
        where = ["--uri", engine_settings.uri]
        password = engine_settings.password
        environment = {
            "NEO4J_USERNAME": engine_settings.username,
            "NEO4J_PASSWORD": password.get_secret_value() if password else "",
            "NEO4J_DATABASE": engine_settings.database,
        }
    command = [sys.executable, "-m", "lineage_graph", "rpc", "--port", "0", *where]
    with serving(command, environment, tmp_path / "server.log") as address:
        said = run_suite(original, address)
    assert OUTCOME in said, said[-4000:]
