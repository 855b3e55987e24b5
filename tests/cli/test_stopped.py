"""Commands that are told to stop in the middle: at once, in one sentence, and nothing half is left."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lineage_graph.settings import Settings
from lineage_graph.store import Store
from tests.store.places import environment
from tests.worlds import fill, runs

STOPS = {signal.SIGTERM: 143, signal.SIGINT: 130}
_LIMIT = 60.0  # seconds


@contextmanager
def command(settings: Settings, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-m", "lineage_graph", *arguments],
        env=environment(settings) | {"LINEAGE_GRAPH_RPC_PORT": "0"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture(autouse=True)
def interrupts() -> Iterator[None]:
    """Have commands hear SIGINT, which a shell's background jobs, and what they start, ignore."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def wait_for(condition: Callable[[], object]) -> None:
    end = time.monotonic() + _LIMIT
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.001)


def stop(process: subprocess.Popen[str], how: signal.Signals) -> str:
    """Tell a command to stop; return what it says."""
    process.send_signal(how)
    _, told = process.communicate(timeout=20)
    assert process.returncode == STOPS[how], told
    assert "Traceback" not in told
    return told


@pytest.mark.parametrize("how", STOPS)
@pytest.mark.parametrize("name", ["serve", "rpc"])
def test_a_server(store: Store, name: str, how: signal.Signals) -> None:
    more = ("--no-browser",) if name == "serve" else ()
    with command(store.settings, name, "--port=0", "--json", *more) as process:
        assert process.stdout is not None
        assert "address" in process.stdout.readline()
        assert stop(process, how) == "Stopped.\n"


@pytest.mark.parametrize("how", STOPS)
def test_an_export(store: Store, tmp_path: Path, how: signal.Signals) -> None:
    fill(store, runs(2000))
    file = tmp_path / "backup.jsonl"
    with command(store.settings, "export", str(file)) as process:
        wait_for(lambda: list(tmp_path.iterdir()) or process.poll() is not None)
        assert stop(process, how) == f"Stopped; {file} was not written.\n"
    assert list(tmp_path.iterdir()) == []


def test_an_export_that_nobody_reads(store: Store) -> None:
    fill(store, runs(2000))
    with command(store.settings, "export", "-") as process:
        assert process.stdout is not None
        process.stdout.read(100)
        time.sleep(1)  # by now it waits for whoever reads
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 143
        assert process.stderr is not None
        assert process.stderr.read() == "Stopped; what was written is not the whole.\n"
        assert '{"end":' not in process.stdout.read()


WHILE_IMPORTING = """
import os, sys, threading, time
def stop():
    while "lineage_graph.cli.main" not in sys.modules:
        time.sleep(0.001)
    os.kill(os.getpid(), int(sys.argv[1]))
threading.Thread(target=stop).start()
from lineage_graph.cli.start import main
main()
"""


@pytest.mark.parametrize("how", STOPS)
def test_before_it_has_begun(how: signal.Signals) -> None:
    """No traceback out of an import."""
    command = [sys.executable, "-c", WHILE_IMPORTING, str(int(how))]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=_LIMIT)
    assert (ended.returncode, ended.stdout, ended.stderr) == (STOPS[how], "", "")
