"""Compiles the .proto files: ``python -m tests.messages.make_descriptors``.

It writes descriptors.binpb and contract.pyi anew.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from google.protobuf.descriptor_pb2 import FileDescriptorSet
from grpc_tools import protoc

from lineage_graph.messages.pool import DESCRIPTORS, SOURCES
from tests.messages.stubs import stubs

STUBS = SOURCES.with_name("contract.pyi")


def compiled() -> bytes:
    """Return the descriptors of our .proto files, without those of Google's they import."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "descriptors.binpb"
        roots = [f"-I{SOURCES}", f"-I{Path(protoc.__file__).parent / '_proto'}"]
        files = sorted(path.relative_to(SOURCES).as_posix() for path in SOURCES.rglob("*.proto"))
        code = protoc.main(["protoc", *roots, f"--descriptor_set_out={target}", *files])
        if code:
            raise SystemExit(code)
        descriptors = FileDescriptorSet.FromString(target.read_bytes())
    return bytes(descriptors.SerializeToString(deterministic=True))


if __name__ == "__main__":
    descriptors = compiled()
    DESCRIPTORS.write_bytes(descriptors)
    STUBS.write_text(stubs(descriptors), encoding="utf-8")
