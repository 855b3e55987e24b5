"""What one call may hold: counted before it is parsed, and all calls together."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

import pytest

from lineage_graph.errors import Busy, InvalidArgument
from lineage_graph.messages.pool import METHODS
from lineage_graph.rpc.bounds import MAX_HELD, MAX_VALUES, MESSAGE_VALUES, Held, check_values
from tests.mutating import damaged

MANY = MAX_VALUES // MESSAGE_VALUES + 1


def delimited(field: int, content: bytes) -> bytes:
    """A field of bytes, as protobuf writes it."""
    size, length = [], len(content)
    while length > 0x7F:
        size.append(length & 0x7F | 0x80)
        length >>= 7
    return bytes([field << 3 | 2, *size, length]) + content


EMPTY = b"\x0a\x00"
# A list of a struct, of empty values: Struct.fields, its entry's value, Value.list_value, its values.
_STRUCT = delimited(1, delimited(1, b"a") + delimited(2, delimited(6, EMPTY * MANY)))
TOO_MUCH: Mapping[str, tuple[str, bytes]] = {
    "empty artifacts": ("PutArtifacts", EMPTY * MANY),
    "artifacts with an id": ("PutArtifacts", b"\x0a\x02\x08\x01" * MANY),
    "empty pairs": ("PutExecution", b"\x12\x00" * MANY),
    "packed ids": ("GetArtifactsByID", delimited(1, b"\x01" * (MAX_VALUES + 1))),
    "ids": ("GetArtifactsByID", b"\x08\x01" * (MAX_VALUES + 1)),
    "unknown fields": ("GetArtifactsByID", b"\xf8\x07\x01" * (MAX_VALUES + 1)),
    "values of a struct": (
        "PutArtifacts",
        delimited(1, delimited(5, delimited(1, b"p") + delimited(2, delimited(4, _STRUCT)))),
    ),
}


@pytest.mark.parametrize("what", TOO_MUCH)
def test_a_message_of_too_many_values_is_refused(what: str) -> None:
    name, request = TOO_MUCH[what]
    with pytest.raises(InvalidArgument, match="more than 1,000,000 values"):
        check_values(request, METHODS[name][0].DESCRIPTOR)


def large(count: int) -> Any:
    """A request as clients send it, of artifacts with five properties each."""
    properties = {name: {"string_value": "x"} for name in "abcde"}
    artifacts = [{"type_id": 1, "uri": f"u{n}", "properties": properties} for n in range(count)]
    return METHODS["PutArtifacts"][0](artifacts=artifacts)


def test_large_messages_as_clients_send_them_pass() -> None:
    check_values(large(20_000).SerializeToString(), METHODS["PutArtifacts"][0].DESCRIPTOR)
    ids = METHODS["GetArtifactsByID"][0](artifact_ids=range(1, 200_000))
    check_values(ids.SerializeToString(), ids.DESCRIPTOR)
    text = METHODS["GetArtifactsByURI"][0](uris=["\x80" * 10_000_000])
    check_values(text.SerializeToString(), text.DESCRIPTOR)


def test_what_is_no_message_is_left_to_the_parser() -> None:
    whole, dice = large(1000).SerializeToString(), Random(7)
    for _ in range(20):
        check_values(damaged(whole, dice), METHODS["PutArtifacts"][0].DESCRIPTOR)
    for request in (b"\x80" * 10_000_000, b"\x0b" * 100_000, b"\x0a\xff\xff\xff\xff\x0f" * 20_000):
        check_values(request, METHODS["PutArtifacts"][0].DESCRIPTOR)


def test_further_large_messages_are_told_to_come_again() -> None:
    held = Held()
    with (
        held.holding(2 * MAX_HELD),  # alone, it may have any size
        held.holding(1000),
        pytest.raises(Busy, match="try again"),
        held.holding(MAX_HELD),
    ):
        pass
    with held.holding(MAX_HELD // 2), held.holding(MAX_HELD // 2):
        pass
