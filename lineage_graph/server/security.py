"""Who may ask: the Host header, the access token, requests of other sites, and safe headers.

Browsers say from where a request comes (``Sec-Fetch-Site``), also after redirects: ``none`` was typed or
kept as a bookmark, ``same-origin`` is from a page of ours, all else from another site. What does not say
is a program, for which nobody else decides what it asks, or a browser older than 2023. ``Referer`` would not
tell that one: the other site may leave it out, and proxies that change ``Host`` make our own look foreign.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
from collections.abc import Sequence
from urllib.parse import parse_qs, parse_qsl, quote, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lineage_graph.errors import InvalidArgument
from lineage_graph.server.costs import costs_more, costs_more_at
from lineage_graph.server.problems import problem_response, wants_data
from lineage_graph.server.render import Renderer
from lineage_graph.settings import Settings, check_token, is_loopback

log = logging.getLogger(__name__)

COOKIE = "lineage_graph"
_OPEN = ("/sign-in", "/health")
_FRAMES = ("iframe", "frame", "fencedframe", "object", "embed")
_AHEAD = ("sec-purpose", "purpose", "x-purpose", "x-moz")  # headers that say: prefetch
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


class RequestGuard:
    """Middleware: lets a request through, or answers it."""

    def __init__(self, app: ASGIApp, settings: Settings, renderer: Renderer) -> None:
        self._app = app
        self._renderer = renderer
        self._hosts = {"localhost", "127.0.0.1", "::1", settings.host, *settings.allowed_hosts}
        self._framed = framed(settings.embed_origins)
        self._embedding = frozenset(settings.embed_origins)
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
        if _is_of_other_sites(request):
            return problem_response(403, "Refused", "Other sites may not ask this server.")
        if request.url.path == "/sign-in":
            return await self._sign_in(request)
        if self._token is None or request.url.path in _OPEN or self._may(request):
            return self._hold(request)
        if request.url.path.startswith("/static/"):
            return None
        if wants_data(request) or request.method != "GET":
            response = problem_response(
                401, "Sign in first", "An access token is needed.", "Send Authorization: Bearer …"
            )
            response.headers["www-authenticate"] = "Bearer"
            return response
        return RedirectResponse(f"/sign-in?next={quote(_address(request), safe='')}", 303)

    def _hold(self, request: Request) -> Response | None:
        """Keep what costs more than a page view from running unless somebody here asks for it."""
        ahead = _is_ahead(request)
        if not (ahead or _is_from_elsewhere(request)) or self._is_embedded(request):
            return None
        if not costs_more(request):
            return None
        if ahead:
            return problem_response(403, "Refused", "This is not fetched ahead.")
        if wants_data(request):
            return problem_response(
                403,
                "Not run",
                "A link of another site led here, so nothing was run.",
                "Open this address anew, or send the request from a program.",
            )
        return self._held(request, _address(request), "A link of another site led here.")

    def _held(self, request: Request, address: str, reason: str) -> Response:
        """Return the page that shows what an address asks for, and waits for a click."""
        parts = urlsplit(address)
        values = parse_qsl(parts.query)
        found = {"path": parts.path, "address": address, "values": values, "reason": reason}
        return self._renderer.html(request, "held.html", found)

    def _is_embedded(self, request: Request) -> bool:
        """Say whether a site that may frame pictures does."""
        if request.headers.get("sec-fetch-dest") not in _FRAMES:
            return False
        parts = urlsplit(request.headers.get("referer", ""))
        return f"{parts.scheme}://{parts.netloc}" in self._embedding

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
        wanted = _local(form.get("next", ["/"])[0])
        if costs_more_at(request, wanted):  # whoever made the link to the form chose it
            response = self._held(request, wanted, "You are signed in. A link led here.")
        else:
            response = RedirectResponse(wanted, 303)
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


def _is_from_elsewhere(request: Request) -> bool:
    """Say whether another site made a browser ask, by a link for example."""
    return request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none")


def _is_of_other_sites(request: Request) -> bool:
    """Say whether another site asks for itself; leading a person here is allowed, framing only below /embed/."""
    if not _is_from_elsewhere(request):
        return False
    if request.method != "GET" or request.headers.get("sec-fetch-mode") != "navigate":
        return True
    is_framed = request.headers.get("sec-fetch-dest") in _FRAMES
    return _is_ahead(request) or (is_framed and not request.url.path.startswith("/embed/"))


def _is_ahead(request: Request) -> bool:
    """Say whether a browser fetches what nobody has opened yet."""
    return any("prefetch" in request.headers.get(name, "") for name in _AHEAD)


def _address(request: Request) -> str:
    """Return the address that is asked for, without the host."""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def _local(path: str) -> str:
    """Return a path of this server, whatever was asked for."""
    is_local = path.startswith("/") and not path.startswith("//") and "\\" not in path
    return path if is_local and path.isprintable() else "/"
