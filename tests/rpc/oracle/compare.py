"""Replays what was asked of ML Metadata on our service, and tells where the answers differ.

Ours are compared with theirs as they are, but for what two stores can never share: times that are *now*
(each is replaced by its place among the times its node has shown, so that "unchanged" and "changed"
still compare), page tokens (only whether there is one), and the order of what has none.
"""

from __future__ import annotations

import base64
import difflib
import gzip
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import text_format

from lineage_graph.errors import LineageError
from lineage_graph.messages import contract
from lineage_graph.messages.pool import METHODS
from lineage_graph.rpc.codes import status_of
from lineage_graph.rpc.service import Service

NODES = ("Artifact", "Execution", "Context")
TIMES = ("create_time_since_epoch", "last_update_time_since_epoch")
NOW = 10**12
"""Times of events from here on are taken for the time of the call; those that are asked for lie before."""
UNORDERED: Mapping[str, tuple[str, ...]] = {
    "LineageGraph": tuple(contract.LineageGraph.DESCRIPTOR.fields_by_name),
    "GetEventsByExecutionIDsResponse": ("events",),
    "GetArtifactsByIDResponse": ("artifact_types",),
    "GetArtifactsByURIResponse": ("artifacts",),
    "GetArtifactTypesByExternalIdsResponse": ("artifact_types",),
    "GetExecutionTypesByExternalIdsResponse": ("execution_types",),
    "GetContextTypesByExternalIdsResponse": ("context_types",),
}
"""The lists that are sets: nothing is said of their order, and theirs is as their database likes."""
THEIR_SPAN, OUR_SPAN = 6, 1
"""Milliseconds between two times that may be those of one put: theirs asks the clock for every node."""
APART = 0.002
"""Seconds after a put, so that ours are in order by time where theirs are."""
CODES = {code.value[0]: code for code in grpc.StatusCode}


@dataclass(frozen=True)
class Call:
    """One recorded call: what it is after, its name, its request, and what was answered."""

    tag: str
    name: str
    request: Any
    status: grpc.StatusCode
    response: Any


@dataclass(frozen=True)
class Sequence:
    """Calls on one store that was empty at first."""

    name: str
    calls: tuple[tuple[str, str, str, int, str], ...] = field(repr=False)

    def __iter__(self) -> Iterator[Call]:
        for tag, name, request, code, response in self.calls:
            asked, answered = METHODS[name]
            yield Call(
                tag,
                name,
                asked.FromString(base64.b64decode(request)),
                CODES[code],
                answered.FromString(base64.b64decode(response)),
            )


def recorded(path: Path) -> list[Sequence]:
    """Read a recording."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        read = [json.loads(line) for line in lines]
    return [Sequence(one["sequence"], tuple(map(tuple, one["calls"]))) for one in read]


@dataclass(frozen=True)
class Answer:
    """What a call was answered: its status, and the response where that is OK."""

    status: grpc.StatusCode
    response: Any


class Replay:
    """One sequence on our service: its requests are theirs, but for times and tokens, which are ours."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._theirs, self._ours = Clocks(THEIR_SPAN), Clocks(OUR_SPAN)
        self._tokens: dict[str, str] = {}

    def call(self, call: Call) -> Answer:
        """Make one call on our service."""
        request = METHODS[call.name][0]()
        request.CopyFrom(call.request)
        self._translate(request)
        try:
            answer = Answer(grpc.StatusCode.OK, self._service.call(call.name, request))
        except LineageError as error:
            answer = Answer(status_of(error), METHODS[call.name][1]())
        if call.name.startswith("Put"):
            time.sleep(APART)
        theirs = getattr(call.response, "next_page_token", "")
        self._tokens[theirs] = getattr(answer.response, "next_page_token", "")
        return answer

    def normalised(self, theirs: Any, ours: Any) -> tuple[Any, Any]:
        """Return copies of two responses without what two stores never share."""
        return self._theirs.normalised(theirs), self._ours.normalised(ours)

    def _translate(self, request: Any) -> None:
        """Put our own page tokens and times where they sent theirs."""
        options = getattr(request, "options", None)
        if token := getattr(options, "next_page_token", ""):
            options.next_page_token = self._tokens.get(token, token)
        for node in _messages(request):
            if node.DESCRIPTOR.name in NODES:
                for name in TIMES:
                    place = self._theirs.place(node, getattr(node, name))
                    if place is not None:
                        setattr(node, name, self._ours.time(node, place))


class Clocks:
    """The times one store has shown for each of its nodes, in the order they were seen."""

    def __init__(self, span: int) -> None:
        self._span = span
        self._seen: dict[tuple[str, int], list[int]] = {}

    def place(self, node: Any, shown: int) -> int | None:
        """Return the place of a time among those of its node, None where it was never shown."""
        seen = self._seen.get((node.DESCRIPTOR.name, node.id), [])
        return next(
            (place for place, time in enumerate(seen) if abs(shown - time) <= self._span), None
        )

    def time(self, node: Any, place: int) -> int:
        """Return the time a node has shown at this place, 0 where it has shown fewer."""
        return ([*self._seen.get((node.DESCRIPTOR.name, node.id), ()), *[0] * (place + 1)])[place]

    def normalised(self, response: Any) -> Any:
        """Return a copy with places for times, a mark for tokens, and sets in one order."""
        copy = type(response)()
        copy.CopyFrom(response)
        for part in _messages(copy):
            name = part.DESCRIPTOR.name
            if name in NODES:
                self._place(part)
            elif name == "Event" and part.milliseconds_since_epoch >= NOW:
                part.milliseconds_since_epoch = NOW
            for listed in UNORDERED.get(name, ()):
                getattr(part, listed).sort(key=_serialised)
        if getattr(copy, "next_page_token", ""):
            copy.next_page_token = "a token"
        return copy

    def _place(self, node: Any) -> None:
        seen = self._seen.setdefault((node.DESCRIPTOR.name, node.id), [])
        for name in TIMES:
            if node.HasField(name):
                shown = getattr(node, name)
                if self.place(node, shown) is None:
                    seen.append(shown)
                setattr(node, name, self.place(node, shown))


def _serialised(message: Any) -> bytes:
    return bytes(message.SerializeToString(deterministic=True))


def _messages(outer: Any) -> Iterator[Any]:
    """Yield what a message holds, at every depth and inner ones first, then itself."""
    for described, content in outer.ListFields():
        if described.message_type is None or described.message_type.GetOptions().map_entry:
            continue
        for inner in content if described.is_repeated else [content]:
            yield from _messages(inner)
    yield outer


def difference(call: Call, theirs: Answer, ours: Answer) -> str:
    """Say how two answers differ, in the lines that do."""
    lines = [
        [
            f"status: {answer.status.name}",
            *text_format.MessageToString(answer.response).splitlines(),
        ]
        for answer in (theirs, ours)
    ]
    changes = list(difflib.unified_diff(*lines, "theirs", "ours", lineterm="", n=4))[2:60]
    request = text_format.MessageToString(call.request)[:1500]
    return "\n".join([f"{call.name} ({call.tag}) asked:", request, *changes])
