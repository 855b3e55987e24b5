"""ML Metadata itself behind its own gRPC service: the peer our service is measured and proved against.

Runs where ``ml-metadata`` 1.17.1 is installed, and needs nothing of ours. The engine in its wheel takes
and gives serialised messages, so requests pass through unread::

    python front.py --port 0 [--database FILE]      prints "Ready at 127.0.0.1:PORT", serves until ended
"""

from __future__ import annotations

import argparse
from concurrent import futures
from typing import Any

import grpc
from ml_metadata.metadata_store.pywrap.metadata_store_extension import metadata_store as engine
from ml_metadata.proto import metadata_store_pb2 as messages

CODES = {code.value[0]: code for code in grpc.StatusCode}
UNLIMITED = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]


def opened(database: str | None) -> Any:
    """Open a store in an SQLite file, or in memory where none is named."""
    config = messages.ConnectionConfig()
    config.sqlite.SetInParent()
    if database is not None:
        config.sqlite.filename_uri = database
        config.sqlite.connection_mode = messages.SqliteMetadataSourceConfig.READWRITE_OPENCREATE
    migration = messages.MigrationOptions()
    return engine.CreateMetadataStore(config.SerializeToString(), migration.SerializeToString())


class Front(grpc.GenericRpcHandler):
    """Hands every call to the engine and its answer, or its refusal, back."""

    def __init__(self, store: Any) -> None:
        self._store = store

    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler | None:
        """Return what answers this call; None, so UNIMPLEMENTED, where the engine has no such call."""
        call = getattr(engine, details.method.rpartition("/")[2], None)
        if call is None:
            return None

        def answer(request: bytes, context: grpc.ServicerContext) -> bytes:
            response, said, code = call(self._store, request)
            if code:
                context.abort(CODES[code], said.decode("utf-8", "replace"))
            return bytes(response)

        return grpc.unary_unary_rpc_method_handler(answer)


def main() -> None:
    """Serve until ended."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--database")
    given = parser.parse_args()
    # One worker: a store of the engine is one database connection, which is not for several threads.
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=1), options=UNLIMITED)
    server.add_generic_rpc_handlers((Front(opened(given.database)),))
    port = server.add_insecure_port(f"127.0.0.1:{given.port}")
    server.start()
    print(f"Ready at 127.0.0.1:{port}", flush=True)
    server.wait_for_termination()


if __name__ == "__main__":
    main()
