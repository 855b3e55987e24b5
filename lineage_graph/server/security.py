"""Who may ask: the Host header, the access token, requests of other sites, and safe headers."""

from __future__ import annotations

import hashlib
import hmac
import logging
from collections.abc import Sequence
from urllib.parse import parse_qs, quote

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lineage_graph.errors import InvalidArgument
from lineage_graph.server.problems import problem_response, wants_data
from lineage_graph.server.render import Renderer
from lineage_graph.settings import Settings, check_token, is_loopback

log = logging.getLogger(__name__)

COOKIE = "lineage_graph"
_OPEN = ("/sign-in", "/health")
_LONGEST_FORM = 10_000  # bytes of the sign-in form
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


def framed(origins: Sequence[str]) -> dict[str, str]:
    """Return the headers of pages that these origins, and this server's own pages, may frame."""
    ancestors = " ".join(["frame-ancestors 'self'", *origins])
    policy = HEADERS["content-security-policy"].replace("frame-ancestors 'none'", ancestors)
    others = {name: value for name, value in HEADERS.items() if name != "x-frame-options"}
    return {**others, "content-security-policy": policy}


def check_address(settings: Settings) -> None:
    """Refuse to listen where others can reach us, unless they need a token.

    Raises:
        InvalidArgument: the host is not loopback and no access token is set.
    """
    if settings.access_token is None and not is_loopback(settings.host):
        raise InvalidArgument(
            f"Without an access token the server listens on this machine only, not on {settings.host}.",
            hint="Set LINEAGE_GRAPH_ACCESS_TOKEN, or leave the host at 127.0.0.1.",
        )
    check_token(settings)


class Guard:
    """Middleware: lets a request through, or answers it."""

    def __init__(self, app: ASGIApp, settings: Settings, renderer: Renderer) -> None:
        self._app = app
        self._renderer = renderer
        self._hosts = {"localhost", "127.0.0.1", "::1", settings.host, *settings.allowed_hosts}
        self._framed = framed(settings.embed_origins)
        token = settings.access_token
        self._token = None if token is None else token.get_secret_value().encode()
        self._cookie = (
            ""
            if self._token is None
            else hmac.new(self._token, b"signed in", hashlib.sha256).hexdigest()
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or let the app answer, with safe headers either way."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                is_framed = request.url.path.startswith("/embed/")
                for name, value in (self._framed if is_framed else HEADERS).items():
                    headers.setdefault(name, value)
                if not request.url.path.startswith("/static/"):
                    headers.setdefault("cache-control", "no-cache, private")
            await send(message)

        try:
            refusal = await self._refuse(request)
            await (refusal or self._app)(scope, receive, send_safely)
        except ClientDisconnect:
            log.debug("a client left before it had sent its request")

    async def _refuse(self, request: Request) -> Response | None:
        if _name_of_host(request) not in self._hosts:
            return problem_response(
                421,
                "Wrong host",
                "This server does not answer to that name.",
                "Add it to LINEAGE_GRAPH_ALLOWED_HOSTS.",
            )
        if _comes_from_elsewhere(request):
            return problem_response(403, "Refused", "Other sites may not ask this server.")
        if request.url.path == "/sign-in":
            return await self._sign_in(request)
        if self._token is None or request.url.path in _OPEN or self._may(request):
            return None
        if request.url.path.startswith("/static/"):
            return None
        if wants_data(request) or request.method != "GET":
            response = problem_response(
                401, "Sign in first", "An access token is needed.", "Send Authorization: Bearer …"
            )
            response.headers["www-authenticate"] = "Bearer"
            return response
        wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/sign-in?next={quote(wanted, safe='')}", 303)

    def _may(self, request: Request) -> bool:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and self._is_token(given.strip()):
            return True
        return hmac.compare_digest(request.cookies.get(COOKIE, "").encode(), self._cookie.encode())

    def _is_token(self, given: str) -> bool:
        return self._token is not None and hmac.compare_digest(given.encode(), self._token)

    async def _sign_in(self, request: Request) -> Response:
        wanted = _local(request.query_params.get("next", "/"))
        if self._token is None:
            return RedirectResponse(wanted, 303)
        if request.method != "POST":
            return self._renderer.html(request, "sign_in.html", {"next": wanted, "wrong": False})
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > _LONGEST_FORM:
                return problem_response(413, "Too long", "That is no access token.")
        form = parse_qs(body.decode("utf-8", "replace"))
        if not self._is_token(form.get("token", [""])[0]):
            return self._renderer.html(
                request, "sign_in.html", {"next": wanted, "wrong": True}, 403
            )
        response = RedirectResponse(_local(form.get("next", ["/"])[0]), 303)
        secure = request.url.scheme == "https"
        response.set_cookie(
            COOKIE,
            self._cookie,
            httponly=True,
            samesite="strict",
            secure=secure,
            max_age=30 * 86400,
        )
        return response


def _name_of_host(request: Request) -> str:
    host = request.headers.get("host", "")
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.rpartition(":")[0] if ":" in host else host


def _comes_from_elsewhere(request: Request) -> bool:
    """Say whether another site's page asks; following a link from there is allowed."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("cross-site", "same-site"):
        return False
    return request.method != "GET" or request.headers.get("sec-fetch-mode") != "navigate"


def _local(path: str) -> str:
    """Return a path of this server, whatever was asked for."""
    is_local = path.startswith("/") and not path.startswith("//") and "\\" not in path
    return path if is_local and path.isprintable() else "/"
