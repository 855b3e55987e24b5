"""Where OpenLineage's clients send their events: the paths, codes and answers they expect.

Stored is 201, and what a batch came to is told with 200; 400, 413 and 415 are final, for sending the same
again would not help; 500 and above mean: send it again later.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from lineage_graph.errors import LineageError, StoreError, of_system
from lineage_graph.exchange.openlineage.events import Event, InvalidEvent, event_of, parse
from lineage_graph.server.intake import Intake, TooMany
from lineage_graph.server.problems import (
    SOON,
    problem_response,
    status_of,
    title_of,
    with_retry_after,
)
from lineage_graph.store import Store

PATH = "/api/v1/lineage"
LONGEST = 16 * 1024 * 1024  # bytes of a request, as sent
LONGEST_TEXT = 64 * 1024 * 1024  # bytes that may come out of a compressed one
_SMALL = 64 * 1024  # bytes that are read at once, without a thread of their own


class Refused(Exception):
    """Why a request is not taken: the answer to it."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


def add_openlineage(app: FastAPI, store: Store) -> None:
    """Take OpenLineage's events at the paths its clients know."""
    intake = Intake(store)

    async def one(request: Request) -> Response:
        """Store an event of a run, a job or a dataset."""
        try:
            text = await _text_of(request)
            event = await _soon(_event, text)
            await _stored(intake, [event])
        except Refused as refused:
            return refused.response
        return Response(status_code=201)

    async def batch(request: Request) -> Response:
        """Store an array of events; those that are wrong are told, the rest is stored."""
        try:
            text = await _text_of(request)
            events, failed = await _soon(_events, text)
            if events:
                await _stored(intake, events)
        except Refused as refused:
            return refused.response
        return JSONResponse(_summary(len(events), failed))

    for path, take in ((PATH, one), (f"{PATH}/batch", batch)):
        app.post(path, tags=["openlineage"], response_class=Response, status_code=201)(take)


async def _text_of(request: Request) -> bytes:
    """Return what was sent, decompressed.

    Raises:
        Refused: it is too long, no JSON by its head, or not compressed as it says.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" and not kind.endswith("+json"):
        raise _refused(415, "No JSON", "Events come as application/json.", "Set Content-Type.")
    coding = request.headers.get("content-encoding", "identity").strip().lower()
    if coding not in ("identity", "gzip"):
        raise _refused(
            415, "Unknown coding", f"The coding {coding[:40]!r} is not known.", "Use gzip."
        )
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > LONGEST:
            raise _too_long(LONGEST)
        parts.append(part)
    text = b"".join(parts)
    if coding == "identity":
        return text
    unpacked = zlib.decompressobj(wbits=31)
    try:
        text = unpacked.decompress(text, LONGEST_TEXT)
    except zlib.error as error:
        raise _refused(400, "Damaged", f"This is not compressed with gzip: {error}.") from None
    if unpacked.unconsumed_tail:
        raise _too_long(LONGEST_TEXT)
    if not unpacked.eof:
        raise _refused(400, "Damaged", "What was compressed with gzip is cut short.")
    return text


async def _soon(work: Any, text: bytes) -> Any:
    """Return what comes of a text, without letting others wait for a long one."""
    return work(text) if len(text) <= _SMALL else await run_in_threadpool(work, text)


def _event(text: bytes) -> Event:
    try:
        return event_of(parse(text))
    except InvalidEvent as error:
        raise _refused(400, "No OpenLineage event", f"{error}.") from None


def _events(text: bytes) -> tuple[list[Event], list[tuple[int, str]]]:
    try:
        values = parse(text)
    except InvalidEvent as error:
        raise _refused(400, "No OpenLineage events", f"{error}.") from None
    if not isinstance(values, list):
        raise _refused(400, "No OpenLineage events", "A batch is an array of events.")
    events: list[Event] = []
    failed: list[tuple[int, str]] = []
    for index, value in enumerate(values):
        try:
            events.append(event_of(value))
        except InvalidEvent as error:
            failed.append((index, str(error)))
    return events, failed


async def _stored(intake: Intake, events: Sequence[Event]) -> None:
    try:
        await asyncio.wrap_future(intake.take(events))
    except TooMany:
        response = problem_response(503, "Busy", "More events came than can be stored in time.")
        response.headers["retry-after"] = str(SOON)
        raise Refused(response) from None
    except LineageError as error:
        # Clients drop for good what is answered with 4xx, so that is only for what is wrong itself.
        status = status_of(error)
        if error.retriable or isinstance(error, StoreError):
            status = 507 if status == 507 else 503
        else:
            status = 400
        response = problem_response(status, title_of(error), error.message, error.hint)
        raise Refused(with_retry_after(response, error)) from error
    except OSError as error:
        if (own := of_system(error)) is None:
            raise
        response = problem_response(503, title_of(own), own.message, own.hint)
        raise Refused(with_retry_after(response, own)) from error


def _summary(stored: int, failed: list[tuple[int, str]]) -> dict[str, Any]:
    """Return what became of a batch, in the specification's words."""
    return {
        "status": "partial_success" if failed else "success",
        "summary": {
            "received": stored + len(failed),
            "successful": stored,
            "failed": len(failed),
            "retriable": 0,
            "non_retriable": len(failed),
        },
        "failed_events": [
            {"index": index, "reason": reason, "retriable": False} for index, reason in failed
        ],
    }


def _refused(status: int, title: str, detail: str, hint: str = "") -> Refused:
    return Refused(problem_response(status, title, detail, hint))


def _too_long(most: int) -> Refused:
    return _refused(413, "Too long", f"At most {most // 2**20} MB are taken at once.")
