"""ML Metadata itself behind its own gRPC service: the peer our service is measured and proved against.

Runs where ``ml-metadata`` 1.17.1 is installed, and needs nothing of ours. The engine in its wheel takes
and gives serialised messages, so requests pass through unread::

    python front.py --port 0 [--database FILE]      prints "Ready at 127.0.0.1:PORT", serves until ended

With ``--record FILE`` it writes down, as ``record.py`` does, what its clients asked and were answered, and
leaves out what was read again and had not changed. ``tests/data/kubeflow_calls.jsonl.gz`` is what Kubeflow
Pipelines' own driver and launcher (2.17.0, the second run 2.16.1) asked while they ran a pipeline twice:
importer, loop over a nested pipeline, collected outputs, conditions; then from the cache, until a step fails.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import json
import signal
import time
from collections.abc import Callable
from concurrent import futures
from pathlib import Path
from typing import Any

import grpc
from ml_metadata.metadata_store.pywrap.metadata_store_extension import metadata_store as engine
from ml_metadata.proto import metadata_store_pb2 as messages

# Seconds after a put, as in record.py: its times are not those of the next put.
APART = 0.01
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


class Recording:
    """The calls that were made, in order, without reads that were answered the same before."""

    def __init__(self) -> None:
        self._calls: list[tuple[str, str, str, int, str]] = []
        self._read: dict[tuple[str, bytes], bytes] = {}

    def note(self, name: str, request: bytes, code: int, response: bytes) -> None:
        """Note a call and its answer."""
        if name.startswith("Get") and self._read.get((name, request)) == response:
            return
        self._read[name, request] = response
        sent, got = (base64.b64encode(content).decode("ascii") for content in (request, response))
        self._calls.append(("", name, sent, code, got))
        if name.startswith("Put"):
            time.sleep(APART)

    def write(self, path: Path) -> None:
        """Write the calls as one sequence."""
        line = json.dumps({"sequence": path.name.partition(".")[0], "calls": self._calls})
        with gzip.GzipFile(path, "wb", 9, mtime=0) as file:
            file.write(line.encode() + b"\n")


class Front(grpc.GenericRpcHandler):
    """Hands every call to the engine and its answer, or its refusal, back."""

    def __init__(self, store: Any, note: Callable[[str, bytes, int, bytes], None]) -> None:
        self._store = store
        self._note = note

    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler | None:
        """Return what answers this call; None, so UNIMPLEMENTED, where the engine has no such call."""
        name = details.method.rpartition("/")[2]
        call = getattr(engine, name, None)
        if call is None:
            return None

        def answer(request: bytes, context: grpc.ServicerContext) -> bytes:
            response, said, code = call(self._store, request)
            self._note(name, request, code, b"" if code else bytes(response))
            if code:
                context.abort(CODES[code], said.decode("utf-8", "replace"))
            return bytes(response)

        return grpc.unary_unary_rpc_method_handler(answer)


def main() -> None:
    """Serve until ended."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--database")
    parser.add_argument("--record", type=Path)
    given = parser.parse_args()
    # One worker: a store of the engine is one database connection, which is not for several threads.
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=1), options=UNLIMITED)
    recording = Recording()
    note = recording.note if given.record else lambda *_: None
    server.add_generic_rpc_handlers((Front(opened(given.database), note),))
    port = server.add_insecure_port(f"127.0.0.1:{given.port}")
    server.start()
    print(f"Ready at 127.0.0.1:{port}", flush=True)
    signal.signal(signal.SIGTERM, lambda *_: server.stop(None))
    server.wait_for_termination()
    if given.record:
        recording.write(given.record)


if __name__ == "__main__":
    main()
