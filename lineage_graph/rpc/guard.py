"""Access control: the address the server listens on, and the access token of every call."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import Any

import grpc

from lineage_graph.errors import InvalidArgument
from lineage_graph.settings import Settings, check_token, is_loopback

_OPEN = (
    "/grpc.health.v1.Health/"  # probes send no token; the answer tells only that the server runs
)


def check_address(settings: Settings) -> None:
    """Refuse to listen on an address that other machines can reach without access control.

    Raises:
        InvalidArgument: the host is not loopback, and neither an access token nor the authority of
            client certificates nor ``rpc_open`` is set.
    """
    safe = settings.access_token is not None or settings.rpc_client_authority is not None
    if not (safe or settings.rpc_open or is_loopback(settings.rpc_host)):
        raise InvalidArgument(
            f"Without an access token or certificates the gRPC server listens on this machine only, "
            f"not on {settings.rpc_host}.",
            hint="Set LINEAGE_GRAPH_ACCESS_TOKEN or LINEAGE_GRAPH_RPC_CLIENT_AUTHORITY; on a private "
            "network, LINEAGE_GRAPH_RPC_OPEN=true lets everybody in.",
        )
    check_token(settings)


class CallGuard(grpc.ServerInterceptor):
    """Demands the access token of every call, if one is set and clients need no certificate."""

    def __init__(self, settings: Settings) -> None:
        needed = not settings.rpc_open and settings.rpc_client_authority is None
        token = settings.access_token if needed else None
        self._wanted = None if token is None else token.get_secret_value().encode()
        self._refusal: grpc.RpcMethodHandler[bytes, bytes] = grpc.unary_unary_rpc_method_handler(
            _refuse
        )

    def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], grpc.RpcMethodHandler[Any, Any] | None],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> grpc.RpcMethodHandler[Any, Any] | None:
        """Let a call through, or answer it with UNAUTHENTICATED."""
        if self._wanted is None or handler_call_details.method.startswith(_OPEN):
            return continuation(handler_call_details)
        metadata = dict(handler_call_details.invocation_metadata or ())
        scheme, _, given = str(metadata.get("authorization", "")).partition(" ")
        if scheme.lower() == "bearer" and hmac.compare_digest(given.encode(), self._wanted):
            return continuation(handler_call_details)
        return self._refusal


def _refuse(_: bytes, context: grpc.ServicerContext) -> bytes:
    context.abort(
        grpc.StatusCode.UNAUTHENTICATED,
        "An access token is needed: send the metadata authorization: Bearer …",
    )
    raise AssertionError("abort raises")
