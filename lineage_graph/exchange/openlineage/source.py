"""Files of OpenLineage events: one a line, a JSON array, or a single event; also compressed (gzip)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from lineage_graph.errors import BadFile
from lineage_graph.exchange.base import Source
from lineage_graph.exchange.openlineage.events import (
    DatasetEvent,
    Event,
    InvalidEvent,
    event_of,
    parse,
)
from lineage_graph.exchange.openlineage.history import VersionHistory
from lineage_graph.exchange.openlineage.mapping import Mapper
from lineage_graph.exchange.openlineage.read_documents import texts
from lineage_graph.exchange.openlineage.reconciliation import Reconciliation
from lineage_graph.exchange.openlineage.run_ids import RunIds
from lineage_graph.exchange.subgraph_builder import SubgraphBuilder
from lineage_graph.model import Subgraph

_ASKED_TOGETHER = 500  # events whose runs the store is asked for at once
_HELD_TOGETHER = 4 * 1024 * 1024  # bytes of them
_BATCH = 6000  # nodes and links; large, for neighbours tell of the same things


class OpenLineageSource(Source):
    """A file of events. It is read once to learn what came before what, and once more to load it.

    Its identity is its first line, so a file that was moved, or that grew, is the same source. The
    ``cursor`` is how many lines were read, and their digest: where the file still begins with them,
    only what follows is read.
    """

    format = "openlineage"
    keyed = True
    asks = True

    def __init__(self, path: Path | str) -> None:
        super().__init__()
        if isinstance(path, str):
            raise BadFile(f"{path} is no file.", hint="Events come by POST to /api/v1/lineage.")
        if path.is_dir():
            raise BadFile(f"{path} is a folder.", hint="Name a file of events.")
        self.path = path
        self._history = VersionHistory()
        self._run_ids = RunIds(self._history.claims, None)
        first = next(texts(path), None)
        if first is None:
            raise BadFile(f"{path} is empty.")
        self.source = f"openlineage:{hashlib.sha256(first[1].strip()).hexdigest()[:16]}"

    def close(self) -> None:
        """Let go of what was learned."""
        self._history.close()

    def batches(self) -> Iterator[Subgraph]:
        """Yield what the events that are new tell, and what that changes of what ``known`` holds."""
        self._run_ids = RunIds(self._history.claims, self.known)
        done = self._learn()
        gathering = SubgraphBuilder()
        mapper = Mapper(gathering, self._history)
        for events in self._groups(done):
            settling = self.known and Reconciliation(self._history, self.known, events)
            for event in events:
                mapper.add(event)
            if settling:
                settling.tell(mapper, gathering)
            yield mapper.take()

    def _groups(self, done: int) -> Iterator[list[Event]]:
        """Yield the events behind a line, as many together as tell of about a batch of nodes and links."""
        group: list[Event] = []
        size = 0
        for number, text in texts(self.path):
            if number <= done:
                continue
            for place, value in self._values(number, text, tell=True):
                event = self._event(place, value, tell=True)
                if event is not None:
                    told = partial(self.problem, place, counted="")
                    group.append(self._run_ids.of(event, told))
                    size += _size(event)
            if size >= _BATCH:
                yield group
                group, size = [], 0
        if group:
            yield group

    def _learn(self) -> int:
        """Note what all events tell of versions; return the last line that an earlier reading took."""
        digest = hashlib.sha256()
        done = last = 0
        events: list[Event] = []
        size = 0
        for number, text in texts(self.path):
            complete = text.endswith(b"\n")
            for place, value in self._values(number, text, tell=False):
                event = self._event(place, value, tell=False)
                if event is not None:
                    events.append(event)
                    complete = True
            size += len(text)
            if len(events) >= _ASKED_TOGETHER or size >= _HELD_TOGETHER:
                self._note(events)
                events, size = [], 0
            if not complete:
                break  # half written: its other half comes later
            digest.update(text.strip())
            last = number
            self.cursor = f"{number}:{digest.hexdigest()[:32]}"
            if self.after == self.cursor:
                done = last
        self._note(events)
        self._history.finish()
        return done

    def _note(self, events: Sequence[Event]) -> None:
        self._run_ids.look_up(events)
        for event in events:
            self._history.note(self._run_ids.of(event))

    def _values(self, number: int, text: bytes, tell: bool) -> Iterator[tuple[str, Any]]:
        place = f"{self.path}:{number}"
        try:
            value = parse(text)
        except InvalidEvent as error:
            if tell:
                self.problem(place, str(error))
            return
        if not isinstance(value, list):
            yield place, value
            return
        for position, item in enumerate(value, start=1):
            yield f"{place}: event {position}", item

    def _event(self, place: str, value: Any, tell: bool) -> Event | None:
        try:
            tell_part = partial(self.problem, place, counted="parts of events that are wrong")
            return event_of(value, tell_part) if tell else event_of(value)
        except InvalidEvent as error:
            if tell:
                self.problem(place, str(error))
            return None


def _size(event: Event) -> int:
    """Return about how many nodes and links an event tells of that others of its batch do not."""
    if isinstance(event, DatasetEvent):
        return 1
    return 2 + len(event.inputs or ()) + 2 * len(event.outputs or ())
