"""What one client sends costs little: limits of events, and of connections, on a server that really runs."""

from __future__ import annotations

import gzip
import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from starlette.testclient import TestClient

from lineage_graph.exchange.openlineage import bounds
from lineage_graph.exchange.openlineage.events import InvalidEvent, parse
from lineage_graph.server.reading import DamagedBody, TooLong, unpacked, values_in
from lineage_graph.server.views import openlineage
from tests.exchange.openlineage.made import dataset, event

PATH = "/api/v1/lineage"
JSON = {"content-type": "application/json"}
GZIP = JSON | {"content-encoding": "gzip"}


@pytest.mark.parametrize(
    "value", [[], {}, [1, [2, {"a": [], "b": '[,{"\\'}]], ["x,y[", "\\", '"', {"k,": "v"}] * 40_000]
)
def test_values_are_counted_outside_of_strings_alone(value: Any) -> None:
    text = json.dumps(value).encode()
    counted = values_in(text)
    inside = sum(text.count(mark) for mark in (b",", b"[", b"{"))
    assert counted <= inside + 1
    if len(text) > 500_000:
        assert counted == 1 + 1 + 40_000 * 2 - 40_000 + 40_000 * 3 + 40_000 - 1


def test_what_comes_out_of_gzip_is_limited() -> None:
    packed = gzip.compress(b"a" * 1_000_000)
    assert unpacked(packed, 1_000_000) == b"a" * 1_000_000
    with pytest.raises(TooLong):
        unpacked(packed, 999_999)
    with pytest.raises(DamagedBody, match="cut short"):
        unpacked(packed[:-9], 1_000_000)


@pytest.mark.parametrize("number", [b"1e999999", b"[-1e400]", b'{"a": [1e999]}', b"1" * 5000])
def test_numbers_that_are_too_large_are_refused(number: bytes) -> None:
    with pytest.raises(InvalidEvent, match="this is no JSON"):
        parse(number)


@pytest.mark.parametrize(
    "told",
    [
        {"inputs": [{}] * 3000, "outputs": [{}] * 2001},
        {"run": {"facets": {str(n): {} for n in range(501)}}},
        {"inputs": [{"inputFacets": {str(n): {} for n in range(201)}}] * 10},
        {
            "outputs": [
                {"facets": {"columnLineage": {"fields": {"c": {"inputFields": [1] * 10_001}}}}}
            ]
        },
    ],
)
def test_an_event_that_holds_too_much_is_refused(told: Any) -> None:
    with pytest.raises(InvalidEvent, match=r"an event has at most .*import a file"):
        bounds.check_bounds(told)


def test_what_is_no_event_passes_the_bounds() -> None:
    for value in (7, [], {"inputs": 7, "run": [], "job": {"facets": 3}}, {"outputs": [None, 1]}):
        bounds.check_bounds(value)


def test_a_batch_of_too_many_events_and_its_reasons(
    blank: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openlineage, "MAX_EVENTS", 30)
    monkeypatch.setattr(openlineage, "MAX_REASONS", 5)
    assert blank.post(f"{PATH}/batch", json=[1] * 31).status_code == 413
    told = blank.post(f"{PATH}/batch", json=[1] * 30).json()
    assert (told["summary"]["failed"], len(told["failed_events"])) == (30, 5)
    long = event("COMPLETE", "r", 1) | {"run": {"runId": "r", "facets": {"x" * 100_000: 1}}}
    answer = blank.post(PATH, json=long)
    assert (answer.status_code, len(answer.json()["left_out"])) == (201, 1)
    assert len(answer.text) < 2000
    monkeypatch.setattr(openlineage, "MAX_VALUES", 20)
    assert blank.post(f"{PATH}/batch", json=[1] * 25).status_code == 413


def test_a_batch_that_is_stored_in_parts_is_stored_whole(blank: TestClient) -> None:
    told = [
        event("COMPLETE", f"r{n}", n % 50, inputs=["a"], outputs=[dataset("b")]) for n in range(750)
    ]
    answer = blank.post(f"{PATH}/batch", json=told).json()
    assert answer["summary"]["successful"] == len(told)


class Served:
    """A server in a process of its own, that may have few files open."""

    def __init__(self, folder: Path) -> None:
        self.errors = folder / "errors"
        code = (
            "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (512, 512));"
            "from lineage_graph.cli.main import main; main()"
        )
        arguments = [
            "serve",
            "--port",
            "0",
            "--no-browser",
            "--json",
            "--folder",
            str(folder / "s"),
        ]
        with self.errors.open("wb") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-c", code, *arguments],
                stdout=subprocess.PIPE,
                stderr=errors,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            )
        assert self.process.stdout is not None
        address = json.loads(self.process.stdout.readline())["address"]
        self.port = int(address.rstrip("/").rpartition(":")[2])

    def ask(self, path: str, body: bytes | None = None, headers: Any = JSON) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET" if body is None else "POST", path, body, headers)
            return connection.getresponse().status
        finally:
            connection.close()

    def stop(self) -> None:
        self.process.terminate()
        self.process.communicate(timeout=30)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    server = Served(tmp_path_factory.mktemp("served"))
    yield server
    server.stop()


@pytest.mark.skipif(sys.platform == "win32", reason="limits of files are Unix's")
def test_connections_that_never_finish_leave_room_for_others(served: Served) -> None:
    half = []
    for _ in range(600):
        connection = socket.create_connection(("127.0.0.1", served.port), timeout=10)
        connection.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ")
        half.append(connection)
    assert [served.ask("/health") for _ in range(20)] == [200] * 20
    for connection in half:
        connection.close()
    assert served.errors.stat().st_size < 20_000


@pytest.mark.skipif(sys.platform == "win32", reason="limits of files are Unix's")
@pytest.mark.parametrize(
    "text",
    [
        b"[" + b"[]," * 4_000_000 + b"[]]",
        b"[" + b"1," * 6_000_000 + b"1]",
        b"[" * 12_000_000,
        b'{"a":1' + b',"a":1' * 2_000_000 + b"}",
    ],
    ids=["arrays", "numbers", "deep", "keys"],
)
def test_a_little_gzip_costs_little_memory(served: Served, text: bytes) -> None:
    process = psutil.Process(served.process.pid)
    before = process.memory_info().rss
    assert served.ask(f"{PATH}/batch", gzip.compress(text), GZIP) in (400, 413)
    assert process.memory_info().rss - before < 200 * 2**20
    assert served.ask("/health") == 200


def test_what_is_no_request_gets_a_4xx(served: Served) -> None:
    for head in (b"X: " + b"a" * 1_000_000, b"a: b\r\n" * 50_000, b"Content-Length: -5"):
        with socket.create_connection(("127.0.0.1", served.port), timeout=10) as connection:
            connection.sendall(b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n" + head + b"\r\n\r\n")
            assert connection.recv(12).startswith(b"HTTP/1.1 4")


def test_a_long_body_that_nobody_asked_for_is_not_read_to_its_end(served: Served) -> None:
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as connection:
        connection.sendall(
            b"POST /x HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 999999999\r\n\r\n"
        )
        sent, end, is_closed = 0, time.monotonic() + 20, False
        while not is_closed and time.monotonic() < end:
            try:
                sent += connection.send(b"x" * 65536)
            except OSError:
                is_closed = True
        assert is_closed
        assert sent < 100_000_000
