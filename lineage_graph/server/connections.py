"""Connections to the server: how many there may be, and how long each may keep others waiting.

uvicorn waits for ever for the rest of a request, and takes connections until the process has no more
files. So all connections are looked at once a second, and where there are too many, those that have
waited longest for the rest of their request are closed for the new ones.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import sys
from collections import Counter
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

log = logging.getLogger(__name__)

BACKLOG = 64  # connections that are accepted at once
MAX_CONNECTIONS = 1000
HEADER_SECONDS = 10.0  # for the head of a request
BODY_SECONDS = 20.0  # for the body of a request, and more for what has come of it:
BODY_RATE = 20_000  # bytes a second
ANSWER_SECONDS = 30.0  # in which a client takes some of its answer:
ANSWER_BYTES = 64 * 1024
MAX_UNREAD = 256 * 2**20  # bytes of answers that all clients together have not taken
MAX_REST = (
    2**20
)  # bytes of a body that are read after its answer, so that the client gets to see that
_REST_SECONDS = 2.0
_FILES_OF_OURS = 128  # files and connections that the process needs for itself
_FULL = (
    b"HTTP/1.1 503 Service Unavailable\r\ncontent-type: text/plain; charset=utf-8\r\n"
    b"retry-after: 2\r\nconnection: close\r\ncontent-length: 21\r\n\r\nToo many connections.\n"[:-1]
)


def max_connections() -> int:
    """Return how many connections there may be: fewer than the process may have files open."""
    if sys.platform == "win32":
        return MAX_CONNECTIONS
    import resource

    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if files == resource.RLIM_INFINITY:
        return MAX_CONNECTIONS
    return max(16, min(MAX_CONNECTIONS, files - _FILES_OF_OURS - BACKLOG))


class Connections:
    """Knows all connections, and ends those that keep others waiting."""

    def __init__(self) -> None:
        self.most = max_connections()

    def make_room(self, connections: set[Any]) -> bool:
        """Close connections if there are too many; return whether there is room for one more now.

        Closed are those that have waited longest for the rest of a request, of the client that has most
        such; some at once, so that this is seldom needed.
        """
        if len(connections) < self.most:
            return True
        log.warning("There are %d connections, as many as there may be.", self.most)
        waiting = [one for one in connections if isinstance(one, Protocol) and one.is_waiting]
        if not waiting:
            return False
        ((host, count),) = Counter(one.host for one in waiting).most_common(1)
        longest = sorted((one for one in waiting if one.host == host), key=lambda one: one.since)
        for one in longest[: 1 + count // 16]:
            one.end()
        return True

    def check(self, connections: set[Any], now: float) -> None:
        """End the connections whose time is up, and those with the longest answers that nobody takes."""
        mine = [one for one in connections if isinstance(one, Protocol)]
        for one in mine:
            one.check(now)
        unread = sorted(((one.unread, id(one), one) for one in mine if one.unread), reverse=True)
        total = sum(size for size, *_ in unread)
        for size, _, one in unread:
            if total <= MAX_UNREAD:
                break
            log.warning("Clients do not take their answers; the longest are given up.")
            one.end()
            total -= size


class Protocol(H11Protocol):
    """A connection of uvicorn's that does not wait for ever."""

    limits: Connections
    """Set by ``protocol_of``: what all connections of a server share."""

    host = ""
    since = 0.0  # when the time of what is waited for began

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin, where there is room."""
        self.since = self.loop.time()
        self.is_ending = False
        self._received = self._read_after = 0
        self._unread, self._taken, self._stalled_since = 0, 0, 0.0
        is_taken = self.limits.make_room(self.connections)
        super().connection_made(transport)
        self.host = self.client[0] if self.client else ""
        if not is_taken:
            transport.write(_FULL)
            self.end()

    def data_received(self, data: bytes) -> None:
        """Take in what was sent, but not what nobody asked for."""
        if self.is_ending:
            return
        if not self.is_waiting or self.timeout_keep_alive_task is not None:
            self.since = self.loop.time()  # of the next request
        if self._is_body:
            self._received += len(data)
        if self.cycle is not None and self.cycle.response_complete and self._is_body:
            self._read_after += len(data)
            if self._read_after > MAX_REST:
                self.end()
                return
        was_body = self._is_body
        super().data_received(data)
        if self._is_body and not was_body:
            self.since, self._received, self._read_after = self.loop.time(), 0, 0

    @property
    def _is_body(self) -> bool:
        return self.conn.their_state is h11.SEND_BODY

    @property
    def is_waiting(self) -> bool:
        """Say whether the client is to send a request, or the rest of one."""
        return self.conn.their_state in (h11.IDLE, h11.SEND_BODY) and not self.is_ending

    @property
    def unread(self) -> int:
        """How many bytes of answers the client has not taken."""
        return self.transport.get_write_buffer_size()

    def resume_writing(self) -> None:
        """Go on writing: the client has taken some of its answer."""
        super().resume_writing()
        self._taken += ANSWER_BYTES // 2

    def check(self, now: float) -> None:
        """End where the time is up."""
        if self.is_ending:
            return
        self._check_answer(now)
        waited = now - self.since
        if self.timeout_keep_alive_task is not None or not self.is_waiting:
            return  # uvicorn ends it where no further request comes
        if not self._is_body:
            if waited > HEADER_SECONDS:
                self._time_out()
        elif self.cycle is not None and self.cycle.response_complete:
            if waited > _REST_SECONDS:
                self.end()
        elif waited > BODY_SECONDS + self._received / BODY_RATE:
            self._time_out()

    def _check_answer(self, now: float) -> None:
        unread = self.unread
        self._taken += max(self._unread - unread, 0)
        self._unread = unread
        if not unread or self._taken >= ANSWER_BYTES or not self._stalled_since:
            self._stalled_since, self._taken = now, 0
        elif now - self._stalled_since > ANSWER_SECONDS:
            self.end()

    def _time_out(self) -> None:
        """Say that the request did not come in time, and close."""
        log.info("A request did not come in time.")
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            body = b"The request did not come in time."
            self.transport.write(
                b"HTTP/1.1 408 Request Timeout\r\ncontent-type: text/plain; charset=utf-8\r\n"
                b"connection: close\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body)
            )
        self.end()

    def end(self) -> None:
        """Close, without waiting for what the client does not take."""
        self.is_ending = True
        self.connections.discard(self)
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if self.unread:
            self.transport.abort()
        else:
            self.transport.close()


def protocol_of(limits: Connections) -> type[Protocol]:
    """Return the class of a server's connections."""
    return type("Protocol", (Protocol,), {"limits": limits})


def on_trouble(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Say once what asyncio would say for each connection that it cannot accept."""
    error = context.get("exception")
    if isinstance(error, OSError) and error.errno in (errno.EMFILE, errno.ENFILE):
        log.warning("The process has too many files open to accept connections.")
        return
    loop.default_exception_handler(context)
