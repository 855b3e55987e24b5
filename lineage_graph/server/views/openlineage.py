"""Where OpenLineage's clients send their events: the paths, codes and answers they expect.

Stored is 201, with what was left out of it where that is any, and what a batch came to is told with 200; 400, 413 and 415 are final, for sending the same
again would not help; 500 and above mean: send it again later.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from lineage_graph.errors import LineageError, StoreError, of_system
from lineage_graph.exchange.openlineage.bounds import check_bounds, weight_of
from lineage_graph.exchange.openlineage.events import Event, InvalidEvent, event_of, parse
from lineage_graph.server.intake import Intake, TooMany
from lineage_graph.server.problems import (
    SOON,
    problem_response,
    status_of,
    title_of,
    with_retry_after,
)
from lineage_graph.server.reading import (
    SMALL,
    Bodies,
    DamagedBody,
    TooLong,
    TooManyHeld,
    unpacked,
    values_in,
)
from lineage_graph.store import Store

PATH = "/api/v1/lineage"
LONGEST = 16 * 1024 * 1024  # bytes of a request, as sent
LONGEST_TEXT = 32 * 1024 * 1024  # bytes that may come out of a compressed one
MAX_VALUES = 300_000  # values of JSON in a request
MAX_EVENTS = 10_000  # events in a batch
MAX_WEIGHT = 50_000  # events of a batch, and what they name (``weight_of``)
MAX_REASONS = 1000  # events of a batch of which it is said what is wrong
MAX_LEFT_OUT = 100  # faults that are told of one event
MAX_REASON = 500  # characters of what is wrong with an event


class RefusedEvent(Exception):
    """Why a request is not taken: the answer to it."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


def add_openlineage(app: FastAPI, store: Store) -> None:
    """Take OpenLineage's events at the paths its clients know."""
    intake, bodies = Intake(store), Bodies()

    async def one(request: Request) -> Response:
        """Store an event of a run, a job or a dataset."""
        try:
            async with _text_of(request, bodies) as text:
                event, left_out = await _soon(_event, text)
                await _stored(intake, [event])
        except RefusedEvent as refused:
            return refused.response
        if left_out:
            return JSONResponse({"left_out": _told(left_out)}, status_code=201)
        return Response(status_code=201)

    async def batch(request: Request) -> Response:
        """Store an array of events; those that are wrong are told, the rest is stored."""
        try:
            async with _text_of(request, bodies) as text:
                events, failed, left_out = await _soon(_events, text)
                if events:
                    await _stored(intake, events)
        except RefusedEvent as refused:
            return refused.response
        return JSONResponse(_summary(len(events), failed, left_out))

    for path, take in ((PATH, one), (f"{PATH}/batch", batch)):
        app.post(path, tags=["openlineage"], response_class=Response, status_code=201)(take)


@asynccontextmanager
async def _text_of(request: Request, bodies: Bodies) -> AsyncIterator[bytes]:
    """Give what was sent, decompressed, until the block ends; a large text waits for its turn.

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
    try:
        async with bodies.of(request, LONGEST) as sent:
            text = sent if coding == "identity" else _short(sent)
            if text is not None and len(text) <= SMALL:
                yield text
                return
            async with bodies.turn:
                yield (
                    await run_in_threadpool(unpacked, sent, LONGEST_TEXT) if text is None else text
                )
    except TooLong as error:
        raise _too_much(f"At most {error.most // 2**20} MB are taken at once.") from None
    except TooManyHeld:
        raise _busy("Others send as much as can be held.") from None
    except DamagedBody as error:
        raise _refused(400, "Damaged", str(error)) from None


def _short(packed: bytes) -> bytes | None:
    """Return what comes out of a compressed body, None where that is long."""
    try:
        return unpacked(packed, SMALL)
    except TooLong:
        return None


async def _soon(work: Any, text: bytes) -> Any:
    """Return what comes of a text, without letting others wait for a long one."""
    return work(text) if len(text) <= SMALL else await run_in_threadpool(work, text)


def _value(text: bytes) -> Any:
    if values_in(text) > MAX_VALUES:
        raise _too_much(f"A request holds at most {MAX_VALUES:,} values of JSON.")
    return parse(text)


def _event(text: bytes) -> tuple[Event, list[str]]:
    """Return an event, and what was left out of it."""
    left_out: list[str] = []
    try:
        return _event_of(_value(text), left_out.append), left_out
    except InvalidEvent as error:
        raise _refused(400, "No OpenLineage event", f"{_cut(str(error))}.") from None


def _event_of(value: Any, tell: Callable[[str], None]) -> Event:
    check_bounds(value)
    return event_of(value, tell)


def _events(text: bytes) -> tuple[list[Event], list[tuple[int, str]], list[tuple[int, str]]]:
    """Return the events of a batch; and by their places why some are none, and what was left out of others."""
    try:
        values = _value(text)
    except InvalidEvent as error:
        raise _refused(400, "No OpenLineage events", f"{_cut(str(error))}.") from None
    if not isinstance(values, list):
        raise _refused(400, "No OpenLineage events", "A batch is an array of events.")
    if len(values) > MAX_EVENTS:
        raise _too_much(f"A batch has at most {MAX_EVENTS:,} events; it has {len(values):,}.")
    events: list[Event] = []
    failed: list[tuple[int, str]] = []
    left_out: list[tuple[int, str]] = []
    weight = 0
    for index, value in enumerate(values):
        reasons: list[str] = []
        try:
            events.append(_event_of(value, reasons.append))
        except InvalidEvent as error:
            failed.append((index, _cut(str(error))))
            continue
        left_out += ((index, reason) for reason in _told(reasons))
        weight += weight_of(events[-1])
        if weight > MAX_WEIGHT:
            raise _too_much(
                f"The events of a batch and what they name are at most {MAX_WEIGHT:,} together."
            )
    return events, failed, left_out


def _told(reasons: Sequence[str]) -> list[str]:
    """Return what was left out of an event; not all, where that is much."""
    return [_cut(reason) for reason in reasons[:MAX_LEFT_OUT]]


def _cut(reason: str) -> str:
    return reason if len(reason) <= MAX_REASON else f"{reason[:MAX_REASON]}…"


async def _stored(intake: Intake, events: Sequence[Event]) -> None:
    try:
        await asyncio.wrap_future(intake.take(events))
    except TooMany:
        raise _busy("More events came than can be stored in time.") from None
    except LineageError as error:
        # Clients drop for good what is answered with 4xx, so that is only for what is wrong itself.
        status = status_of(error)
        if error.retriable or isinstance(error, StoreError):
            status = 507 if status == 507 else 503
        else:
            status = 400
        response = problem_response(status, title_of(error), error.message, error.hint)
        raise RefusedEvent(with_retry_after(response, error)) from error
    except OSError as error:
        if (own := of_system(error)) is None:
            raise
        response = problem_response(503, title_of(own), own.message, own.hint)
        raise RefusedEvent(with_retry_after(response, own)) from error


def _summary(
    stored: int, failed: list[tuple[int, str]], left_out: list[tuple[int, str]]
) -> dict[str, Any]:
    """Return what became of a batch, in the specification's words; not of all that failed, where many did.

    The specification has no word for what was left out of events that are stored.
    """
    told = [{"index": index, "reason": reason} for index, reason in left_out[:MAX_REASONS]]
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
            {"index": index, "reason": reason, "retriable": False}
            for index, reason in failed[:MAX_REASONS]
        ],
        **({"left_out": told} if told else {}),
    }


def _refused(status: int, title: str, detail: str, hint: str = "") -> RefusedEvent:
    return RefusedEvent(problem_response(status, title, detail, hint))


def _too_much(detail: str) -> RefusedEvent:
    return _refused(413, "Too much", detail, "Send fewer events, or smaller ones, at once.")


def _busy(detail: str) -> RefusedEvent:
    response = problem_response(503, "Busy", detail, "Try again.")
    response.headers["retry-after"] = str(SOON)
    return RefusedEvent(response)
