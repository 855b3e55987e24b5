"""The gRPC server: messages up to 100 MB, TLS, health checks, reflection, a graceful stop."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import grpc
from google.protobuf.message import DecodeError
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection, reflection_pb2

from lineage_graph.errors import InvalidArgument, LineageError, of_system
from lineage_graph.messages.pool import METHODS, POOL, SERVICE
from lineage_graph.rpc.bounds import Held, check_values
from lineage_graph.rpc.codes import status_of
from lineage_graph.rpc.guard import CallGuard, check_address
from lineage_graph.rpc.service import Service
from lineage_graph.settings import Settings
from lineage_graph.store import Store

log = logging.getLogger(__name__)
_MAX_MESSAGE_BYTES = 100 * 2**20
_WORKERS = 16  # calls that run at the same time; the others wait
_MAX_CALLS = 1000  # calls that run or wait; further ones are refused
_GRACE_SECONDS = 15.0  # for running calls to end when the server stops


@contextmanager
def serving(store: Store, settings: Settings) -> Iterator[str]:
    """Serve a store until the block ends and running calls are answered; yield ``host:port``.

    Raises:
        InvalidArgument: the address is taken, unknown, or open to everybody; a file of the
            certificates cannot be read.
    """
    check_address(settings)
    server = grpc.server(
        ThreadPoolExecutor(_WORKERS, thread_name_prefix="rpc"),
        interceptors=[CallGuard(settings)],
        maximum_concurrent_rpcs=_MAX_CALLS,
        options=[
            ("grpc.max_receive_message_length", _MAX_MESSAGE_BYTES),
            ("grpc.max_send_message_length", _MAX_MESSAGE_BYTES),
            ("grpc.so_reuseport", 0),
        ],
    )
    server.add_generic_rpc_handlers((_handler(Service(store)),))
    healthy = _add_health_and_reflection(server)
    address = _listen(server, settings)
    server.start()
    try:
        yield address
    finally:
        healthy.enter_graceful_shutdown()
        server.stop(_GRACE_SECONDS).wait()


def _handler(service: Service) -> grpc.GenericRpcHandler:
    held = Held()
    answers = {name: _answering(service, held, name) for name in METHODS}
    return grpc.method_handlers_generic_handler(
        SERVICE,
        {name: grpc.unary_unary_rpc_method_handler(answer) for name, answer in answers.items()},
    )


def _answering(
    service: Service, held: Held, name: str
) -> Callable[[bytes, grpc.ServicerContext], bytes]:
    """Return the function that answers a call.

    It takes and returns bytes, so that a damaged message gets a clear error as well.
    """
    request_class = METHODS[name][0]
    descriptor = POOL.FindServiceByName(SERVICE).methods_by_name[name].input_type

    def answer(request: bytes, context: grpc.ServicerContext) -> bytes:
        try:
            with held.holding(len(request)):
                check_values(request, descriptor)
                return service.call(name, request_class.FromString(request)).SerializeToString()
        except DecodeError:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"The message is no {name}Request.")
        except LineageError as error:
            context.abort(status_of(error), str(error))
        except Exception as error:
            if isinstance(error, OSError) and (own := of_system(error)) is not None:
                context.abort(status_of(own), str(own))
            log.exception("%s failed", name)
            context.abort(
                grpc.StatusCode.INTERNAL, f"A fault of lineage-graph: {type(error).__name__}."
            )
        raise AssertionError("abort raises")

    return answer


def _add_health_and_reflection(server: grpc.Server) -> health.HealthServicer:
    servicer = health.HealthServicer()
    health_pb2_grpc.add_HealthServicer_to_server(servicer, server)
    names = (SERVICE, health.SERVICE_NAME, reflection.SERVICE_NAME)
    for name in ("", *names):
        servicer.set(name, health_pb2.HealthCheckResponse.SERVING)
    for module in (health_pb2, reflection_pb2):
        POOL.AddSerializedFile(module.DESCRIPTOR.serialized_pb)
    reflection.enable_server_reflection(names, server, pool=POOL)
    return servicer


def _listen(server: grpc.Server, settings: Settings) -> str:
    host = f"[{settings.rpc_host}]" if ":" in settings.rpc_host else settings.rpc_host
    address = f"{host}:{settings.rpc_port}"
    try:
        if not _files(settings):
            port = server.add_insecure_port(address)
        else:
            port = server.add_secure_port(address, _credentials(settings))
    except RuntimeError as error:
        certificate = " with that certificate and key" if _files(settings) else ""
        raise InvalidArgument(
            f"The gRPC server cannot listen on {address}{certificate}.",
            hint="Choose another port (LINEAGE_GRAPH_RPC_PORT, or --port of rpc); 0 takes any free one"
            + (", or see that the files are PEM and belong together." if certificate else "."),
        ) from error
    return f"{host}:{port}"


def _files(settings: Settings) -> bool:
    """Return whether any TLS file is set; each needs the others."""
    given = (settings.rpc_certificate, settings.rpc_key, settings.rpc_client_authority)
    return any(path is not None for path in given)


def _credentials(settings: Settings) -> grpc.ServerCredentials:
    authority = settings.rpc_client_authority
    return grpc.ssl_server_credentials(
        [(_read(settings.rpc_key), _read(settings.rpc_certificate))],
        root_certificates=None if authority is None else _read(authority),
        require_client_auth=authority is not None,
    )


def _read(path: Path | None) -> bytes:
    if path is None:
        raise InvalidArgument(
            "For TLS the gRPC server needs a certificate and its key.",
            hint="Set LINEAGE_GRAPH_RPC_CERTIFICATE and LINEAGE_GRAPH_RPC_KEY.",
        )
    try:
        return path.read_bytes()
    except OSError as error:
        raise InvalidArgument(f"{path} cannot be read: {error.strerror}.") from error
