"""ML Metadata's messages, made from our own description of its contract (``proto/``).

They have a descriptor pool of their own, so that a process can also import ``ml_metadata``, whose
messages have the same names. ``descriptors.binpb`` is the compiled form of the .proto files; Python
code generated from them would be tied to one release of protobuf.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from google.protobuf import any_pb2, field_mask_pb2, struct_pb2
from google.protobuf.descriptor import Descriptor
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

SOURCES = Path(__file__).parent / "proto"
DESCRIPTORS = SOURCES / "descriptors.binpb"
PACKAGE = "ml_metadata"
SERVICE = f"{PACKAGE}.MetadataStoreService"


def _pool() -> tuple[DescriptorPool, tuple[str, ...]]:
    """Return a pool that holds our messages and those they are made of, and the names of its files."""
    pool = DescriptorPool()
    files = [module.DESCRIPTOR.serialized_pb for module in (any_pb2, struct_pb2, field_mask_pb2)]
    own = FileDescriptorSet.FromString(DESCRIPTORS.read_bytes()).file
    files += [file.SerializeToString() for file in own]
    return pool, tuple(pool.AddSerializedFile(file).name for file in files)


POOL, _FILES = _pool()


def _classes(messages: Iterable[Descriptor]) -> Iterator[type[Message]]:
    for descriptor in messages:
        yield GetMessageClass(descriptor)
        yield from _classes(descriptor.nested_types)


# Keep a reference to every class. Protobuf creates a class when it is asked for and frees it when
# nobody holds it, also between threads: 16 clients caused segmentation faults (protobuf 7.36).
_KEPT = tuple(
    kept
    for file in _FILES
    for kept in _classes(POOL.FindFileByName(file).message_types_by_name.values())
)
MESSAGES: Mapping[str, type[Message]] = {
    kept.DESCRIPTOR.name: kept
    for kept in _KEPT
    if kept.DESCRIPTOR.full_name == f"{PACKAGE}.{kept.DESCRIPTOR.name}"
}
"""Every message of the contract that is not part of another: its class by its name."""


def enum_names(name: str) -> dict[int, str]:
    """Return the names of an enum's values (``Artifact.State``) by their numbers."""
    descriptor = POOL.FindEnumTypeByName(f"{PACKAGE}.{name}")
    return {value.number: value.name for value in descriptor.values}


def _methods() -> dict[str, tuple[type[Message], type[Message]]]:
    methods = POOL.FindServiceByName(SERVICE).methods
    return {
        method.name: (GetMessageClass(method.input_type), GetMessageClass(method.output_type))
        for method in methods
    }


METHODS: Mapping[str, tuple[type[Message], type[Message]]] = _methods()
"""Every call of the service: its request's and its response's class."""
