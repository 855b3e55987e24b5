"""Requests with a part replaced, to every page and form: an answer that is not our fault, and soon.

    python -m tests.server.mutations [--count 10000] [--console 10000] [--events 10000] [--seed 1]

Addresses of all routes are asked with an id, a parameter, a suffix, a method or a header replaced,
told twice, left out or taken from another one; so are the sign-in form, statements of the console,
and bodies with OpenLineage's events. What a page shows of what was sent stands in it as text.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import SecretStr
from starlette.testclient import TestClient

from lineage_graph.drawing.files import FORMATS
from lineage_graph.engines import start_engine, stop_engine
from lineage_graph.exchange import open_source
from lineage_graph.server.app import create_app
from lineage_graph.server.views.console import EXAMPLES
from lineage_graph.settings import Settings
from lineage_graph.store import Store
from tests.conftest import DATA
from tests.mutating import LONG, TEXTS, Tally, changed_json, changed_text, damaged, text_of

LONGEST = 20  # seconds that one request may take; statements end by themselves after 10
LONGEST_ADDRESS = 60_000  # characters; the server itself takes no more
HOME = "http://127.0.0.1"
TOKEN = "a token for the tests"
TRUTHFUL = {501, 504}
"""What we do not have, and what takes too long; all else from 500 on says that the fault is ours."""
FAULT = re.compile(r"Traceback \(most recent[^<]*/lineage_graph/", re.DOTALL)
SCRIPT = "<script>alert(1)</script>"
IDS = ("1", "6", "14", "20", "29", "38", "40")  # of nodes of the TFX sample
VALUES: Mapping[str, Sequence[str]] = {
    "at": ("2026-03-01", "2021-02-24T12:30:00Z", "2021-02-24T12:30:00+02:00"),
    "since": ("2021-01-01", "2021-02-24T12:30:00Z"),
    "before": ("2030-01-01",),
    "opened": ("artifact/17-upstream", "execution/4-downstream"),
    "picked": ("artifact/33", "execution/4"),
    "fold": ("context/38", "stack/artifact/17"),
    "unfold": ("context/38",),
    "out": ("artifact/17",),
    "one": ("artifact/14", "execution/20"),
    "other": ("artifact/29", "execution/4"),
    "item": ("artifact/14", "context/38", "execution/20"),
    "where": ("type = 'Model'", "id > 5"),
    "find": ("type = 'Model'", "id > 5"),
    "text": ("Model", "is:failed", "type = 'Model'"),
    "cypher": ("MATCH (a:Artifact) RETURN a LIMIT 3",),
    "sort": ("id", "name", "create_time"),
    "limit": ("5", "1000"),
    "depth": ("2", "100"),
    "row": ("5",),
}
HEADERS: Mapping[str, Sequence[str]] = {
    "host": ("127.0.0.1", "localhost:80", "evil.example", "[::1]", "[", ""),
    "accept": ("application/json", "text/html", "*/*", "text/html;q=x", ",,,"),
    "accept-encoding": ("gzip", "br", "gzip;q=nan", "identity;q=0", "*"),
    "range": ("bytes=0-10", "bytes=-1", "bytes=9-2", "bytes=0-0,1-1,2-2", "lines=1", "bytes=a-b"),
    "if-none-match": ("*", '"a"', "W/"),
    "if-modified-since": ("Thu, 01 Jan 1970 00:00:00 GMT", "never"),
    "cookie": ("lineage_graph=a", "lineage_graph", "=;=;", 'a="b', "lineage_graph=\xe9"),
    "authorization": ("Bearer", f"Bearer {TOKEN}", "Bearer \xff", "Basic Og==", "Basic %%%"),
    "origin": ("http://127.0.0.1", "null", "http://[", "https://evil.example"),
    "sec-fetch-site": ("same-origin", "cross-site", "none", "x"),
    "referer": ("http://[::1", "about:blank"),
    "content-type": ("application/json", "multipart/form-data", "text/plain; charset=x", ";"),
    "content-length": ("0", "1"),
    "last-event-id": ("1", "9" * 15, "x"),
    "x-forwarded-proto": ("https", "x"),
}
METHODS = ("HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "POST", "TRACE", "X")
STATEMENTS = (
    *(statement for _, statement in EXAMPLES),
    "MATCH (n) WHERE n.id > 3 AND n.type STARTS WITH 'Mo' RETURN n ORDER BY n.id DESC SKIP 1 LIMIT 5",
    "MATCH p = (a:Artifact)-[:INPUT|OUTPUT*1..3]->(b) RETURN p, length(p), nodes(p) LIMIT 4",
    "UNWIND range(1, 10) AS i WITH i, i % 3 AS r RETURN r, sum(i), collect(i)[0..2], avg(i) AS m",
    "MATCH (e:Execution) OPTIONAL MATCH (e)--(c:Context) WITH e, count(c) AS c WHERE c > 1 RETURN e.id, c",
    "RETURN {a: 1, b: [1, 2.5, null, 'x', true]} AS m, date('2026-01-01') AS d, datetime() AS t",
    "RETURN CASE WHEN 1 < 2 THEN 'a' ELSE toString(1 / 2.0) END AS x, substring('abc', 1), 2 ^ 0.5",
    "CALL { MATCH (a:Artifact) RETURN a.id AS id UNION MATCH (c:Context) RETURN c.id AS id } RETURN id",
    "MATCH (a:Artifact) WHERE EXISTS { MATCH (a)-[:INPUT]->() } RETURN a.name, size(keys(a)) AS k",
    "RETURN [x IN range(0, 5) WHERE x % 2 = 0 | x * x] AS s, reduce(t = 0, x IN [1, 2] | t + x) AS r",
)


@dataclass(frozen=True)
class Sent:
    """One request."""

    path: str
    query: tuple[tuple[str, str], ...] = ()
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def address(self) -> str:
        """The path and query, encoded; half characters too."""
        query = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in self.query)
        return (_quoted(self.path, safe="/") + (f"?{query}" if query else ""))[:LONGEST_ADDRESS]

    def __str__(self) -> str:
        told = f"{self.method} {self.address[:300]} {str(dict(self.headers))[:200]}"
        return f"{told} {self.body[:200]!r}" if self.body else told


def _quoted(text: str, safe: str = "") -> str:
    return quote(text.encode("utf-8", "surrogatepass"), safe=safe)


class Door:
    """Makes mutated requests to the app over a store that holds the TFX sample."""

    def __init__(self, store: Store) -> None:
        self.store = store
        guarded = store.settings.model_copy(update={"access_token": SecretStr(TOKEN)})
        self._apps = {False: create_app(store), True: create_app(store, guarded)}
        self._events = [
            json.loads(line) for line in (DATA / "dbt_ol_events.ndjson").read_bytes().splitlines()
        ]
        filters = json.loads((DATA / "mlmd_filters.json").read_bytes())
        self._filters = [text for texts in filters.values() for text in texts]

    @contextmanager
    def open(self) -> Iterator[None]:
        """Keep both apps running: with an access token, and without."""
        with (
            TestClient(self._apps[False], HOME, raise_server_exceptions=False) as plain,
            TestClient(self._apps[True], HOME, raise_server_exceptions=False) as guarded,
        ):
            self._clients = {False: plain, True: guarded}
            self._tokens = [
                str(plain.get(f"/{kind}.json?limit=5&{more}").json()["next"])
                for kind in ("artifacts", "executions", "contexts")
                for more in ("", "sort=name", "descending=false")
            ]
            yield

    @cached_property
    def routes(self) -> Mapping[str, Mapping[str, Sequence[str]]]:
        """The parameters of each route that is asked with GET, with values, by its path."""
        app: FastAPI = self._apps[False]
        documented = app.openapi()["paths"]
        found = {}
        for path in _paths(app):
            described = documented.get(path.replace(":int", ""), {}).get("get", {})
            data = documented.get(f"{path.replace(':int', '')}.json", {}).get("get", {})
            found[path] = {
                one["name"]: _values(one)
                for one in (*described.get("parameters", ()), *data.get("parameters", ()))
                if one["in"] == "query"
            }
        return found

    def pages(self, dice: Random) -> Sent:
        """Return a request to any page, a part of it replaced."""
        asked = dice.random() < 0.4
        path = dice.choice([one for one in self.routes if one.startswith("/ask/") is asked])
        names = self.routes[path]
        query = [
            (name, self._value(name, dice, values))
            for name, values in names.items()
            if dice.random() < 0.5
        ]
        sent = Sent(_filled(path, dice), tuple(query))
        for _ in range(dice.choice((1, 1, 2))):
            sent = self._changed(sent, list(names), dice)
        return sent

    def _value(self, name: str, dice: Random, values: Sequence[str] = ()) -> str:
        if name in ("where", "find") and dice.random() < 0.5:
            return dice.choice(self._filters)
        if name == "after":
            return dice.choice(self._tokens)
        return dice.choice(VALUES.get(name, values or IDS))

    def _changed(self, sent: Sent, names: Sequence[str], dice: Random) -> Sent:
        query = list(sent.query)
        foreign = list(VALUES) if dice.random() < 0.1 or not names else ()
        name = dice.choice((*(name for name, _ in query), *names, *foreign))
        match dice.randrange(14):
            case 0:
                parts = sent.path.split("/")
                parts[dice.randrange(len(parts))] = dice.choice((*TEXTS, *IDS, "\ud800"))
                return replace(sent, path=f"/{'/'.join(parts).lstrip('/')}")
            case 1:
                return replace(sent, path=f"/{changed_text(sent.path, dice)}")
            case 2:
                suffix = dice.choice((*FORMATS, "json", "html", "csv", "x", "", "svg.svg"))
                return replace(sent, path=f"{sent.path}.{suffix}")
            case 3:
                return replace(sent, method=dice.choice(METHODS))
            case 4:
                key = dice.choice(list(HEADERS))
                value = dice.choice((*HEADERS[key], "x" * 5000, "\xe9", "\t"))
                return replace(sent, headers={**sent.headers, key: value})
            case 5:  # several times
                query += [(name, self._value(name, dice))] * dice.choice((2, 3, 300))
            case 6:
                query.append((name, self._value(dice.choice(list(VALUES)), dice)))
            case 7 | 8 | 9:
                query = [(key, value) for key, value in query if key != name]
                query.append((name, changed_text(self._value(name, dice), dice)))
            case 10 | 11 | 12:
                query = [(key, value) for key, value in query if key != name]
                query.append((name, dice.choice((*TEXTS, "\ud800", LONG[:100_000]))))
            case _:
                query.append((dice.choice(TEXTS), dice.choice(TEXTS)))
        return replace(sent, query=tuple(query))

    def form(self, dice: Random) -> Sent:
        """Return a filled sign-in form, a part of it replaced."""
        body = f"token={_quoted(TOKEN)}&next={_quoted('/artifacts/6?x=1')}".encode()
        headers = {"content-type": "application/x-www-form-urlencoded"}
        if dice.random() < 0.5:
            body = damaged(body, dice)
        else:
            values = [TOKEN, "/artifacts/6"]
            values[dice.randrange(2)] = dice.choice((*TEXTS, "//evil.example", "\ud800"))
            body = f"token={_quoted(values[0])}&next={_quoted(values[1])}".encode()
        sent = Sent("/sign-in", (), "POST", headers, body)
        return self._changed(sent, ("next",), dice) if dice.random() < 0.4 else sent

    def console(self, dice: Random) -> Sent:
        """Return a statement, some words of it replaced."""
        statement = changed_text(dice.choice(STATEMENTS), dice)
        path = dice.choice(("/console", "/console.json", "/console/picture.svg"))
        return Sent(path, (("cypher", statement),))

    def events(self, dice: Random) -> Sent:
        """Return OpenLineage's events, some of their values replaced."""
        chosen = dice.sample(self._events, dice.randint(1, 3))
        at = dice.randrange(len(chosen))
        chosen[at] = changed_json(chosen[at], dice)
        is_batch = dice.random() < 0.5
        body = text_of(chosen if is_batch else chosen[at])
        headers = {"content-type": "application/json"}
        if dice.random() < 0.15:
            body = damaged(body, dice)
        if dice.random() < 0.2:
            headers["content-encoding"] = "gzip"
            body = gzip.compress(body, 1)
            body = damaged(body, dice) if dice.random() < 0.3 else body
        sent = Sent("/api/v1/lineage" + "/batch" * is_batch, (), "POST", headers, body)
        return self._changed(sent, ("x",), dice) if dice.random() < 0.1 else sent

    def outcome(self, sent: Sent, guarded: bool = False) -> str:
        """Send a request; return the hundreds of its status.

        Raises:
            AssertionError: the answer says that the fault is ours, or is not what it says it is.
        """
        headers = {name: value.encode("latin-1") for name, value in sent.headers.items()}
        response = self._clients[guarded].request(
            sent.method,
            f"{HOME}{sent.address}",
            headers=headers,  # type: ignore[arg-type]
            content=sent.body,
            follow_redirects=False,
        )
        status, kind = response.status_code, response.headers.get("content-type", "")
        assert status < 500 or status in TRUTHFUL, f"{status}: {_title(response.text)}"
        if sent.method != "HEAD" and status not in (204, 304):
            assert not FAULT.search(response.text), "a page shows a traceback of ours"
            if "json" in kind:
                response.json()
            if "html" in kind:
                assert SCRIPT not in response.text, "what was sent stands in the page as it is"
        return str(status) if status in TRUTHFUL else f"{status // 100}xx"


def _title(text: str) -> str:
    try:
        told = json.loads(text)
        return f"{told.get('title')}: {told.get('detail')}"[:300]
    except ValueError:
        return " ".join(text.split())[-600:]


def _paths(app: FastAPI) -> list[str]:
    """Return the paths that are asked with GET; the stream of changes never ends, so without it."""
    return [
        route.path
        for route in app.routes
        if isinstance(route, APIRoute) and "GET" in (route.methods or ()) and route.path != "/live"
    ] + ["/static/app.css", "/openapi.json", "/sign-in"]


def _values(described: Mapping[str, Any]) -> Sequence[str]:
    """Return values that a parameter may have, as far as its description says."""
    schemas = [described["schema"], *described["schema"].get("anyOf", ())]
    if found := [str(one) for schema in schemas for one in schema.get("enum", ())]:
        return found
    return ("true", "false") if any(one.get("type") == "boolean" for one in schemas) else ()


def _filled(path: str, dice: Random) -> str:
    path = path.replace("{id:int}", dice.choice(IDS))
    path = path.replace("{suffix}", dice.choice(list(FORMATS)))
    return path.replace("{name}", "run-as-graph")


def run(door: Door, name: str, numbers: range, seed: int) -> Tally:
    """Send so many mutated requests of a kind."""
    tally = Tally(name)
    with door.open():
        for number in numbers:
            dice = Random(f"{seed} {name} {number}")
            sent = getattr(door, name)(dice)
            guarded = name == "form" or (name == "pages" and dice.random() < 0.05)
            tally.note(f"{number} {sent}", partial(door.outcome, sent, guarded), LONGEST)
    return tally


def main() -> None:
    """Send mutated requests to an app over an embedded engine; print how they ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--form", type=int, default=2_000)
    parser.add_argument("--console", type=int, default=10_000)
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    given: Any = parser.parse_args()
    bad = Counter[bool]()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(folder=Path(folder))
        start_engine(settings)
        try:
            with Store.open(settings=settings) as store:
                with open_source(DATA / "tfx_mlmd.sqlite") as source:
                    store.load(source.batches(), source.source)
                for name in ("pages", "form", "console", "events"):
                    tally = run(Door(store), name, range(getattr(given, name)), given.seed)
                    print(tally.told(), f"slowest: {tally.slowest[:300]}", sep="\n", flush=True)
                    bad[bool(tally.failed)] += 1
        finally:
            stop_engine(settings)
    sys.exit(bad[True] > 0)


if __name__ == "__main__":
    main()
