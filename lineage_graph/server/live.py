"""Live: one watcher of the store for all pages that are open, and a stream of events to each.

The watcher looks once a second, and only while somebody listens. What it finds goes to everybody as
the refs that a page may show: what changed, its contexts, and its neighbours. Whoever comes back
after a break says when he last heard of us, and is told what he missed, or that it was too much.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from anyio import to_thread
from fastapi import Request
from fastapi.responses import Response, StreamingResponse

from lineage_graph.errors import LineageError
from lineage_graph.model import Kind, Ref
from lineage_graph.server.connections import max_connections
from lineage_graph.server.problems import problem_response
from lineage_graph.store import Store

log = logging.getLogger(__name__)

TICK = 1.0  # seconds between two looks
WINDOW = 30_000  # ms; writers' clocks may be behind ours by as much
MAX_CHANGES = 500  # nodes of a kind that change at once; beyond that, everything may have
_HEARTBEAT = 15.0  # seconds
_LISTENERS = 200  # at most, and half of the connections


@dataclass(eq=False)
class _Listener:
    since: int
    refs: set[str] = field(default_factory=set)
    everything: bool = False
    trouble: bool = False
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, refs: set[str], everything: bool) -> None:
        """Add to what was not sent yet."""
        self.refs |= refs
        self.everything = self.everything or everything or len(self.refs) > 4 * MAX_CHANGES
        if self.refs or self.everything:
            self.news.set()

    def take(self) -> str:
        """Return what is to be sent as an event, nothing where there is none, and forget it."""
        self.news.clear()
        if self.trouble:
            self.trouble = False
            return "event: trouble\ndata: {}\n\n"
        if not self.refs and not self.everything:
            return ""
        refs = [] if self.everything else sorted(self.refs)
        text = json.dumps({"refs": refs, "all": self.everything})
        self.refs, self.everything = set(), False
        return f"id: {_now()}\ndata: {text}\n\n"


class Live:
    """Who listens, and the one task that watches for all of them."""

    def __init__(self, store: Store, tick: float = TICK) -> None:
        self._store = store
        self._tick = tick
        self._most = min(_LISTENERS, max_connections() // 2)
        self._listeners: set[_Listener] = set()
        self._task: asyncio.Task[None] | None = None
        self._known: dict[Ref, int] = {}
        self._nodes = -1
        self._closed = False

    def respond(self, request: Request) -> Response:
        """Answer with a stream of events; ``since``, or the last event's id, says from when."""
        if self._closed or len(self._listeners) >= self._most:
            return problem_response(503, "Too many listen", "Reload the page to see what is new.")
        told = request.headers.get("last-event-id") or request.query_params.get("since", "")
        since = int(told) if told.isdecimal() and len(told) < 16 else _now()
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        return StreamingResponse(
            self.events(since), media_type="text/event-stream", headers=headers
        )

    async def events(self, since: int) -> AsyncIterator[str]:
        """Yield events until the listener leaves or we close; changes since ``since`` come first."""
        listener = _Listener(since)
        self._listeners.add(listener)
        try:
            yield f"retry: 2000\nid: {since}\n: live\n\n"
            if self._task is None:
                self._nodes = -1
                self._task = asyncio.create_task(self._watch())
            elif self._nodes >= 0:
                self._catch_up(listener)
            while not self._closed:
                try:
                    await asyncio.wait_for(listener.news.wait(), _HEARTBEAT)
                except asyncio.TimeoutError:
                    yield f"id: {_now()}\n: still here\n\n"
                    continue
                if event := listener.take():
                    yield event
        finally:
            self._listeners.discard(listener)

    def close(self) -> None:
        """End all streams; for the end of the server. To be called in the event loop."""
        self._closed = True
        for listener in self._listeners:
            listener.news.set()
        if self._task is not None:
            self._task.cancel()

    def _catch_up(self, listener: _Listener) -> None:
        """Tell what changed between the page and its stream, or in a break: that something did."""
        too_long = listener.since < _now() - WINDOW
        missed = any(changed >= listener.since for changed in self._known.values())
        listener.tell(set(), too_long or missed)

    async def _watch(self) -> None:
        failures = 0
        try:
            while self._listeners:
                began, is_first = time.monotonic(), self._nodes < 0
                try:
                    refs, everything = await to_thread.run_sync(self._look)
                    failures = 0
                except LineageError as error:
                    failures += 1
                    log.warning("live: %s", error.message)
                    for listener in self._listeners:
                        listener.trouble = True
                        listener.news.set()
                else:
                    for listener in self._listeners:
                        if is_first:
                            self._catch_up(listener)
                        listener.tell(refs, everything)
                # A store that is slow or down is asked less often.
                took = time.monotonic() - began
                await asyncio.sleep(max(self._tick, 4 * took, min(30, failures * 2)))
        finally:
            self._task = None

    def _look(self) -> tuple[set[str], bool]:
        """Return what changed since the last look, and whether that is not all."""
        found = self._store.pages.recent(_now() - WINDOW, MAX_CHANGES)
        is_first, grown = self._nodes < 0, found.nodes - self._nodes
        fresh = [ref for ref, changed in found.changed.items() if self._known.get(ref) != changed]
        new = sum(ref not in self._known for ref in fresh)
        self._known, self._nodes = found.changed, found.nodes
        if is_first or (not fresh and not grown):
            return set(), False
        # What was read in from elsewhere, or deleted, has no new time: it shows in the count alone.
        return self._around(fresh), found.cut or not 0 <= grown <= new

    def _around(self, fresh: list[Ref]) -> set[str]:
        """Return these refs with their contexts and neighbours: what a page may show of them."""
        refs = {str(ref) for ref in fresh}
        for kind in Kind:
            ids = [ref.id for ref in fresh if ref.kind is kind]
            if not ids:
                continue
            for contexts in self._store.contexts_of(kind, ids).values():
                refs |= {f"context/{context.id}" for context in contexts}
            if kind is not Kind.CONTEXT:
                for event in self._store.events(kind, ids):
                    refs |= {f"artifact/{event.artifact_id}", f"execution/{event.execution_id}"}
        return refs


def _now() -> int:
    return int(time.time() * 1000)
