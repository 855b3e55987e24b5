"""Live: what listeners are told when the store changes, and what they are spared."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from typing import Any

from starlette.testclient import TestClient

from lineage_graph.model import Artifact, Execution, ExecutionState, Kind, Ref, Subgraph
from lineage_graph.server import live as module
from lineage_graph.server.live import Live
from lineage_graph.store import PutOptions, Store
from tests.store.build import put_artifact, put_context, put_execution, put_graph, with_types

_TICK = 0.05


async def told(stream: AsyncIterator[str], seconds: float = 40) -> dict[str, Any]:
    """Return the next event that says that something changed."""
    while True:
        text = await asyncio.wait_for(anext(stream), seconds)
        for line in text.splitlines():
            if line.startswith("data:"):
                found: dict[str, Any] = json.loads(line.removeprefix("data:"))
                return found


def run(work: Coroutine[Any, Any, None]) -> None:
    """Run work in a thread of its own: tests in a browser keep this one's event loop busy."""
    with ThreadPoolExecutor(1) as threads:
        threads.submit(asyncio.run, work).result(60)


def now() -> int:
    return module._now()


def test_a_change_reaches_every_listener_with_what_is_around_it(store: Store) -> None:
    put_graph(with_types(store), 2, 1, [(0, 0, True), (1, 0, False)])

    async def work() -> None:
        live = Live(store, _TICK)
        async with (
            aclosing(live.events(now() + 5000)) as one,
            aclosing(live.events(now() + 5000)) as other,
        ):
            for stream in (one, other):
                await anext(stream)
            waiting = [asyncio.ensure_future(told(stream)) for stream in (one, other)]
            while live._nodes < 0:
                await asyncio.sleep(0.01)
            state = Execution(id=1, type="Step", last_known_state=ExecutionState.RUNNING)
            await asyncio.to_thread(store.put, Subgraph(executions=(state,)))
            for found in await asyncio.gather(*waiting):
                assert found == {"refs": ["artifact/1", "artifact/2", "execution/1"], "all": False}

    run(work())


def test_what_old_times_hide_is_counted(store: Store) -> None:
    with_types(store)

    async def work() -> None:
        live = Live(store, _TICK)
        async with aclosing(live.events(now() + 5000)) as stream:
            await anext(stream)
            waiting = asyncio.ensure_future(told(stream))
            while live._nodes < 0:
                await asyncio.sleep(0.01)
            old = Artifact(
                type="Data", create_time_since_epoch=1000, last_update_time_since_epoch=1000
            )
            options = PutOptions(restore=True)
            await asyncio.to_thread(store.put, Subgraph(artifacts=(old,)), options)
            assert (await waiting)["all"] is True

    run(work())


def test_a_change_between_the_page_and_its_stream_is_told(store: Store) -> None:
    with_types(store)
    opened = now()
    put_artifact(store, name="new")

    async def work() -> None:
        live = Live(store, _TICK)
        async with aclosing(live.events(opened)) as stream:
            assert (await told(stream))["all"] is True
        async with aclosing(live.events(opened - 10 * module.WINDOW)) as stream:
            assert (await told(stream))["all"] is True  # too long away to know

    run(work())


def test_nobody_listens_nobody_looks(store: Store) -> None:
    with_types(store)

    async def work() -> None:
        live = Live(store, _TICK)
        assert live._task is None
        async with aclosing(live.events(now())) as stream:
            await anext(stream)
            pending = asyncio.ensure_future(anext(stream))
            await asyncio.sleep(0.3)
            assert live._task is not None
            live.close()
            await asyncio.wait({pending}, timeout=2)
            assert pending.done()  # the stream ends by itself
        await asyncio.sleep(0.2)
        assert live._task is None

    run(work())


def test_there_is_room_for_so_many(blank: TestClient) -> None:
    live: Live = blank.app.state.live  # type: ignore[attr-defined]
    live._listeners |= {module._Listener(0) for _ in range(200)}
    response = blank.get("/live")
    assert response.status_code == 503
    assert response.json()["title"] == "Too many listen"


def test_what_changed_of_late(store: Store) -> None:
    with_types(store)
    began = now()
    artifact, execution = put_artifact(store), put_execution(store)
    context = put_context(store, "run")
    found = store.pages.recent(began - 1000)
    refs = {
        Ref(Kind.ARTIFACT, artifact),
        Ref(Kind.EXECUTION, execution),
        Ref(Kind.CONTEXT, context),
    }
    assert found.changed.keys() == refs
    assert (found.nodes, found.cut) == (3, False)
    assert store.pages.recent(now() + 60_000).changed == {}
    for _ in range(2):
        put_artifact(store)
    assert store.pages.recent(began - 1000, limit=2).cut
