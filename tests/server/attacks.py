"""What a hostile client does to a server, and the requests of OpenLineage that honest ones make as well."""

from __future__ import annotations

import gzip
import http.client
import json
import random
import resource
import socket
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import quote, urlsplit

HONEST_PATIENCE = 30.0
HALF_OPEN = 600
COLUMNS = 5000
INPUTS = 20_000
AT_ONCE = 100
HOSTILE_PATIENCE = 20.0
STATEMENTS = (
    "RETURN reduce(s='a', i IN range(1,40) | s+s) AS x",
    "RETURN size(reduce(s='a', i IN range(1,40) | s+s)) AS x",
    "RETURN reduce(s=[1], i IN range(1,40) | s+s)[0] AS x",
    "RETURN size(text.random(2000000000)) AS x",
    "MATCH (a), (b), (c) RETURN a, b, c ORDER BY a.name, b.name, c.name",
    "UNWIND range(1, 1000000000) AS i RETURN count(DISTINCT i) AS n",
    "UNWIND range(1, 100000) AS i UNWIND range(1, 100000) AS j RETURN collect(i + j) AS x",
    "MATCH (a)-[*]-(b) RETURN count(*) AS n",
    "SHOW TRANSACTIONS YIELD transactionId AS t TERMINATE TRANSACTIONS t YIELD message RETURN message",
    "SHOW SETTINGS",
    "CALL dbms.listConfig()",
    "MATCH (n) DETACH DELETE n",
    "LOAD CSV FROM 'file:///etc/passwd' AS l RETURN l",
)
HEAVY = "UNWIND range(1, 3000) AS i MATCH (a), (b) RETURN a.name, b.name, i ORDER BY a.name, b.name"


def request(
    address: str,
    path: str,
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
    patience: float = HONEST_PATIENCE,
) -> tuple[int, bytes]:
    """Make one request over a connection of its own."""
    where = urlsplit(address)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=patience)
    try:
        method = "GET" if body is None else "POST"
        connection.request(method, path, body, {"Connection": "close", **(headers or {})})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def event(number: int, worker: int, **more: Any) -> dict[str, Any]:
    """One OpenLineage event: a finished run that reads a dataset and makes another."""
    return {
        "eventTime": "2026-06-01T10:00:00Z",
        "eventType": "COMPLETE",
        "producer": "https://example.org/made",
        "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
        "run": {"runId": str(uuid.UUID(int=(worker << 90) | (number << 8) | 0x4000 << 64))},
        "job": {"namespace": "jobs", "name": f"job {worker}"},
        "inputs": [{"namespace": "s3://a", "name": f"in {worker}"}],
        "outputs": [{"namespace": "s3://a", "name": f"out {worker} {number}"}],
        **more,
    }


def _console(address: str, statement: str) -> str:
    path = f"/console.json?cypher={quote(statement)}"
    status, _ = request(address, path, patience=HOSTILE_PATIENCE)
    return f"console {status}"


def _statements(address: str) -> Iterator[str]:
    for statement in STATEMENTS:
        yield _tried(lambda statement=statement: _console(address, statement))  # type: ignore[misc]


def _many_statements(address: str) -> Iterator[str]:
    said: list[str] = []
    threads = [
        threading.Thread(target=lambda: said.append(_tried(lambda: _console(address, HEAVY))))
        for _ in range(AT_ONCE)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    yield from (f"at once: {one}" for one in said)


def _bombs(address: str) -> Iterator[str]:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    for item in (b"[]", b"1", b'{"a":1}', b"[" * 1000 + b"]" * 1000):
        body = b"[" + (item + b",") * (12_000_000 // (len(item) + 1)) + item + b"]"
        bomb = gzip.compress(body, 9)

        def send(bomb: bytes = bomb) -> str:
            path = "/api/v1/lineage/batch"
            return f"bomb {request(address, path, bomb, headers, HOSTILE_PATIENCE)[0]}"

        yield _tried(send)


def _large_events(address: str) -> Iterator[str]:
    headers = {"Content-Type": "application/json"}
    inputs = [{"namespace": "s3://b", "name": f"i{n}"} for n in range(INPUTS)]
    columns = [{"name": f"c{n}", "type": "int"} for n in range(COLUMNS)]
    fields = {
        f"c{n}": {"inputFields": [{"namespace": "s3://w", "name": "src", "field": f"c{n}"}]}
        for n in range(COLUMNS)
    }
    facet = {"_producer": "https://example.org/made", "_schemaURL": "https://example.org/X.json"}
    schema = {"schema": {**facet, "fields": columns}}
    lineage = {"columnLineage": {**facet, "fields": fields}}
    wide = event(
        1,
        99,
        inputs=[{"namespace": "s3://w", "name": "src", "facets": schema}],
        outputs=[{"namespace": "s3://w", "name": "wide", "facets": {**schema, **lineage}}],
    )
    number = random.randrange(10**6)
    for told in (wide, event(number, 98, inputs=inputs)):

        def send(body: bytes = json.dumps(told).encode()) -> str:
            path = "/api/v1/lineage"
            return f"large event {request(address, path, body, headers, HOSTILE_PATIENCE)[0]}"

        yield _tried(send)


def _wide_pages(address: str) -> Iterator[str]:
    _, said = request(address, "/search.json?q=wide", patience=HOSTILE_PATIENCE)
    found = json.loads(said)
    refs = {
        f"artifacts/{hit['id']}"
        for hit in _dicts(found)
        if hit.get("kind") == "artifact" and "id" in hit
    }
    for path in [*sorted(refs)[:4], "artifacts/1"]:
        for ending in ("", ".json", "/lineage", "/neighbours?direction=upstream"):

            def ask(path: str = f"/{path}{ending}") -> str:
                return f"wide page {request(address, path, patience=HOSTILE_PATIENCE)[0]}"

            yield _tried(ask)


def _dicts(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _dicts(one)


def _filters(address: str) -> Iterator[str]:
    for where in (
        "(" * 900 + "id = 1" + ")" * 900,
        "NOT " * 3000 + "id = 1",
        " AND ".join(["name LIKE '%a%'"] * 800),
        " OR ".join(f"contexts_{n}.name = 'a'" for n in range(300)),
        "name LIKE '%" + "%a" * 3000 + "'",
    ):

        def ask(path: str = f"/artifacts?where={quote(where)}") -> str:
            return f"filter {request(address, path, patience=HOSTILE_PATIENCE)[0]}"

        yield _tried(ask)
    nested = b"[" * 500_000 + b"]" * 500_000
    headers = {"Content-Type": "application/json"}
    yield _tried(
        lambda: (
            f"nested {request(address, '/api/v1/lineage', nested, headers, HOSTILE_PATIENCE)[0]}"
        )
    )


def _tried(work: Callable[[], str]) -> str:
    try:
        return work()
    except Exception as error:
        return type(error).__name__


ATTACKS: dict[str, Callable[[str], Iterator[str]]] = {
    "large events": _large_events,
    "statements": _statements,
    "wide pages": _wide_pages,
    "bombs": _bombs,
    "filters": _filters,
    "many statements": _many_statements,
}


def hostile(address: str, seconds: float, attacks: list[str], half_open: bool, said: Any) -> None:
    """Attack again and again, in two threads at different attacks, behind connections left half open."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, hard), hard))
    end, answers = time.monotonic() + seconds, Counter[str]()

    def attack(first: int) -> None:
        turn = first
        while time.monotonic() < end and attacks:
            for answer in ATTACKS[attacks[turn % len(attacks)]](address):
                answers[answer] += 1
                if time.monotonic() > end:
                    return
            turn += 1

    threads = [threading.Thread(target=attack, args=(n,)) for n in (0, (len(attacks) + 1) // 2)]
    if half_open:
        threads.append(threading.Thread(target=_half_open, args=(address, end)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    said.put(answers)


def _half_open(address: str, end: float) -> None:
    where = urlsplit(address)
    held: list[socket.socket] = []
    while time.monotonic() < end:
        with suppress(OSError):
            while len(held) < HALF_OPEN:
                one = socket.create_connection((where.hostname or "", where.port or 0), timeout=1)
                one.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: ")
                held.append(one)
        time.sleep(5)
        for one in held:
            one.close()
        held.clear()
