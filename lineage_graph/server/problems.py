"""Errors as HTTP: one status each, one JSON shape (RFC 9457), one page that says what to do."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from lineage_graph import errors
from lineage_graph.server.render import Renderer

log = logging.getLogger(__name__)

STATUS: dict[type[errors.LineageError], int] = {
    errors.LineageError: 500,
    errors.InvalidArgument: 422,
    errors.InvalidCypher: 422,
    errors.InvalidQueryFile: 500,
    errors.OutOfRange: 422,
    errors.RefusedCypher: 403,
    errors.BadFile: 422,
    errors.TruncatedFile: 422,
    errors.UnknownVersion: 422,
    errors.NotFound: 404,
    errors.AlreadyExists: 409,
    errors.FailedPrecondition: 412,
    errors.Unsupported: 501,
    errors.Conflict: 409,
    errors.StoreError: 503,
    errors.Unreachable: 503,
    errors.Unauthorized: 503,
    errors.DatabaseMissing: 503,
    errors.TooOld: 503,
    errors.DiskFull: 507,
    errors.ReadOnly: 503,
    errors.OutOfMemory: 503,
    errors.TooManyFiles: 503,
    errors.Terminated: 503,
    errors.TimedOut: 504,
    errors.InUse: 503,
    errors.EngineFailed: 503,
    errors.DamagedStore: 503,
    errors.Busy: 503,
}
_TITLES: dict[type[errors.LineageError], str] = {
    errors.InvalidArgument: "That cannot be asked",
    errors.InvalidCypher: "This statement is not understood",
    errors.RefusedCypher: "This statement is refused",
    errors.NotFound: "Not found",
    errors.DamagedStore: "The store is damaged",
    errors.Busy: "Too much runs at once",
    errors.StoreError: "The graph database does not answer",
    errors.DiskFull: "The graph database takes no more",
    errors.ReadOnly: "The graph database takes no more",
    errors.OutOfMemory: "The graph database has too little memory",
    errors.TooManyFiles: "Too many files or connections are open",
    errors.Terminated: "The statement was ended",
    errors.TimedOut: "The time limit was reached",
    errors.LineageError: "That did not work",
}
PROBLEM = "application/problem+json"
SOON = 2
"""Seconds after which what failed for the moment may work."""
LATER = 60
"""Seconds after which somebody may have made room."""


def status_of(error: errors.LineageError) -> int:
    """Return the status of an error: that of its class, else of its nearest listed base class."""
    return next(STATUS[base] for base in type(error).__mro__ if base in STATUS)


def title_of(error: errors.LineageError) -> str:
    """Return what happened, in a few words."""
    return next(_TITLES[base] for base in type(error).__mro__ if base in _TITLES)


def add_problems(app: FastAPI, renderer: Renderer) -> None:
    """Answer every error of the app with a page, or with a problem where data was asked for."""

    def answer(request: Request, status: int, title: str, detail: str, hint: str = "") -> Response:
        problem = {"type": "about:blank", "title": title, "status": status, "detail": detail}
        if hint:
            problem["hint"] = hint
        if wants_data(request):
            return JSONResponse(problem, status, media_type=PROBLEM)
        return renderer.html(request, "problem.html", {"problem": problem}, status)

    def ours(request: Request, error: Exception) -> Response:
        assert isinstance(error, errors.LineageError)
        status = status_of(error)
        response = answer(request, status, title_of(error), error.message, error.hint)
        return with_retry_after(response, error)

    def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        found = "; ".join(f"{item['loc'][-1]}: {item['msg']}" for item in error.errors())
        return answer(request, 422, _TITLES[errors.InvalidArgument], found)

    def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if error.status_code == 404:
            return answer(request, 404, "Not found", f"There is no page {request.url.path}.")
        return answer(
            request, error.status_code, HTTPStatus(error.status_code).phrase, str(error.detail)
        )

    def fault(request: Request, error: Exception) -> Response:
        if isinstance(error, OSError) and (own := errors.of_system(error)) is not None:
            return ours(request, own)
        log.error("fault while answering %s", request.url.path, exc_info=error)
        detail = f"This is a fault of lineage-graph ({type(error).__name__})."
        return answer(request, 500, "That did not work", detail, "The server's log says more.")

    app.add_exception_handler(errors.LineageError, ours)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(Exception, fault)


def with_retry_after(response: Response, error: errors.LineageError) -> Response:
    """Say when to try again, where that may help and the status is one that says so."""
    if error.retriable and response.status_code in (503, 507):
        full = isinstance(error, errors.DiskFull | errors.ReadOnly)
        response.headers["retry-after"] = str(LATER if full else SOON)
    return response


def wants_data(request: Request) -> bool:
    """Say whether a program is asking: the path ends in .json, or only JSON is accepted."""
    accepted = request.headers.get("accept", "")
    return request.url.path.endswith((".json", ".csv")) or (
        "json" in accepted and "html" not in accepted
    )


def problem_response(status: int, title: str, detail: str, hint: str = "") -> Response:
    """Return a problem for what is answered before the app is asked."""
    content: dict[str, Any] = {"type": "about:blank", "title": title, "status": status}
    content |= {"detail": detail, **({"hint": hint} if hint else {})}
    return JSONResponse(content, status, media_type=PROBLEM)
