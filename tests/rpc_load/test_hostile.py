"""Whatever is sent, a documented status code comes back in time, and the next call works."""

from __future__ import annotations

import base64
import random
import struct
import threading
import time
from collections.abc import Iterator
from typing import Any

import grpc
import psutil
import pytest
from google.protobuf.descriptor import FieldDescriptor

from lineage_graph.messages.pool import METHODS
from lineage_graph.rpc.serve import serving
from lineage_graph.store import Store
from tests.rpc_load.client import Client

Code = grpc.StatusCode
OWN_FAULTS = {Code.UNKNOWN, Code.INTERNAL, Code.UNAVAILABLE, Code.DEADLINE_EXCEEDED}
TIME_LIMIT = "time limit was reached"
LARGE = 101 * 2**20
EXTREMES: dict[int, tuple[Any, ...]] = {
    FieldDescriptor.CPPTYPE_INT32: (-1, 0, -(2**31), 2**31 - 1),
    FieldDescriptor.CPPTYPE_INT64: (-1, 0, -(2**63), 2**63 - 1),
    FieldDescriptor.CPPTYPE_DOUBLE: (float("nan"), float("inf"), -0.0),
    FieldDescriptor.CPPTYPE_BOOL: (True,),
    FieldDescriptor.CPPTYPE_STRING: ("", "\0", "a\\`'\"b", "é😀", "x" * 70_000),
}
INVALID_UTF8 = b"\xff\xfe"


@pytest.fixture
def client(store: Store) -> Iterator[Client]:
    """A client of our server over an empty store, with a type of each kind whose id is 100 or more."""
    settings = store.settings.model_copy(update={"rpc_host": "127.0.0.1", "rpc_port": 0})
    with serving(store, settings) as address:
        client = Client(address, seconds=30)
        client.call("PutTypes", **types())
        yield client
        client.close()


def types() -> dict[str, Any]:
    """Types of each kind."""
    return {
        f"{kind}_types": [{"name": f"{kind} type", "properties": {"p": 1, "s": 3}}]
        for kind in ("artifact", "execution", "context")
    }


def send(client: Client, name: str, request: bytes) -> Code:
    """Make a call; fail where the answer says that the server is at fault, or takes too long."""
    try:
        client.raw(name, request)
    except grpc.RpcError as error:
        refusal = error
    else:
        return Code.OK
    code: Code = refusal.code()
    if code is Code.DEADLINE_EXCEEDED and TIME_LIMIT in refusal.details():
        return code  # the server ended it; a client that gave up says something else
    assert code not in OWN_FAULTS, (name, request[:200], code, refusal.details())
    assert code is not Code.UNIMPLEMENTED or name == "GetLineageGraph"
    assert refusal.details()
    return code


def alive(client: Client) -> None:
    """Write and read something."""
    type_id = client.call("GetArtifactType", type_name="artifact type").artifact_type.id
    (made,) = client.call("PutArtifacts", artifacts=[{"type_id": type_id}]).artifact_ids
    assert client.call("GetArtifactsByID", artifact_ids=[made]).artifacts[0].type_id == type_id


def broken_requests(name: str) -> Iterator[Any]:
    """Yield requests with each field of each message in them, to three levels, unset or extreme."""
    request_class = METHODS[name][0]
    yield request_class()

    def paths(descriptor: Any, depth: int) -> Iterator[tuple[Any, ...]]:
        for field in descriptor.fields:
            yield (field,)
            inner = field.message_type
            if inner is not None and depth and not inner.GetOptions().map_entry:
                for path in paths(inner, depth - 1):
                    yield (field, *path)

    for path in paths(request_class.DESCRIPTOR, 2):
        for value in extremes(path[-1]):
            request = request_class()
            put_at(request, path, value)
            yield request


def extremes(field: Any) -> tuple[Any, ...]:
    """Return the values to try in a field."""
    if field.type == FieldDescriptor.TYPE_BYTES:
        return (b"", INVALID_UTF8)
    return EXTREMES.get(field.cpp_type, (None,))


def put_at(message: Any, path: tuple[Any, ...], value: Any) -> None:
    """Set what a path leads to; messages on the way are there, and else empty."""
    field, *rest = path
    held = getattr(message, field.name)
    if field.message_type is not None and field.message_type.GetOptions().map_entry:
        put_entry(held, field.message_type)
    elif field.message_type is not None:
        inner = held.add() if hasattr(held, "add") else held
        inner.SetInParent()
        if rest:
            put_at(inner, tuple(rest), value)
    else:
        if field.enum_type is not None:
            value = field.enum_type.values[0].number
        if hasattr(held, "extend"):
            held.extend([value] * 3)
        else:
            setattr(message, field.name, value)


def put_entry(held: Any, entry: Any) -> None:
    """Add an entry that has a name and nothing else."""
    if entry.fields_by_name["value"].message_type is not None:
        held["p"].SetInParent()
    else:
        held["p"] = 0


@pytest.mark.parametrize("name", sorted(METHODS))
def test_unset_and_extreme_fields(client: Client, name: str) -> None:
    for request in broken_requests(name):
        send(client, name, request.SerializeToString())
    alive(client)


def test_damaged_bytes(client: Client) -> None:
    chance = random.Random(5)
    sample = METHODS["PutArtifacts"][0](artifacts=[{"uri": "u" * 50, "name": "n"}] * 3)
    whole = sample.SerializeToString()
    assert send(client, "PutArtifacts", whole[:-3]) is Code.INVALID_ARGUMENT
    for name in sorted(METHODS):
        for _ in range(5):
            send(client, name, chance.randbytes(chance.randint(1, 40)))
        send(client, name, whole[: chance.randint(1, len(whole) - 1)])
        send(client, name, b"\x0b" * 10_000)  # groups that begin and never end
        send(client, name, b"\x0a\xff\xff\xff\xff\x0f")  # a field said to be 4 GB long
    alive(client)


@pytest.mark.parametrize("name", sorted(METHODS))
def test_texts_that_are_not_utf8(client: Client, name: str) -> None:
    """Each text of the request in turn is no UTF-8; no such text may be stored or looked for."""
    for field in METHODS[name][0].DESCRIPTOR.fields:
        for request in wire(field, 2):
            code = send(client, name, request)
            assert code is not Code.OK or field.name == "transaction_options", field.name
    alive(client)


def wire(field: Any, depth: int) -> Iterator[bytes]:
    """Yield the bytes of messages in which a text within this field is no UTF-8."""
    if field.type == FieldDescriptor.TYPE_STRING:
        found = [INVALID_UTF8]
    elif field.message_type is not None and depth:
        found = [held for inner in field.message_type.fields for held in wire(inner, depth - 1)]
    else:
        found = []
    for held in found:
        yield bytes([field.number << 3 | 2, len(held)]) + held


FILTERS = {
    "deep brackets": "(" * 10_000 + "id = 1" + ")" * 10_000,
    "deep negation": "NOT " * 10_000 + "id = 1",
    "long conjunction": " AND ".join(["id = 1"] * 10_000),
    "deep sum": "id = " + "1 + " * 10_000 + "1",
    "unclosed text": "name = 'a",
    "unclosed triple": "name = '''a",
    "unclosed backquote": "properties.`a.int_value = 1",
    "unclosed comment": "id = 1 /* ",
    "unclosed bracket": "id IN (1",
    "NUL": "name = '\0'",
    "an end": "id = 1;",
    "nothing": "  ",
    "many neighbours": " AND ".join(f"contexts_{i}.name = 'a'" for i in range(300)),
    "bad pattern": "name LIKE '%" + "%a" * 5000 + "'",
    "huge number": "id = " + "9" * 5000,
    "huge exponent": "properties.p.double_value > 1e99999",
    "Cypher": "name = 'x' }) DETACH DELETE n //",
    "SQL": "id = 1) OR 1=1 --",
}


@pytest.mark.parametrize("what", FILTERS)
@pytest.mark.parametrize("name", ["GetArtifacts", "GetLineageSubgraph"])
def test_hostile_filters(client: Client, name: str, what: str) -> None:
    where = {"filter_query": FILTERS[what]}
    fields = (
        {"options": where}
        if name == "GetArtifacts"
        else {"lineage_subgraph_query_options": {"starting_artifacts": where}}
    )
    send(client, name, METHODS[name][0](**fields).SerializeToString())
    alive(client)


def test_a_message_over_the_limit(client: Client) -> None:
    uri = "x" * LARGE
    request = METHODS["GetArtifactsByURI"][0](uris=[uri]).SerializeToString()
    assert send(client, "GetArtifactsByURI", request) is Code.RESOURCE_EXHAUSTED
    alive(client)


def test_millions_of_empty_messages(client: Client) -> None:
    """They would be gigabytes of objects; others go on meanwhile, and are told so where there is no room."""
    memory, process = [], psutil.Process()
    request = METHODS["PutArtifacts"][0]().SerializeToString() + b"\x0a\x00" * 20_000_000
    before = process.memory_info().rss
    codes: list[Code] = []
    senders = [
        threading.Thread(target=lambda: codes.append(_code(client, "PutArtifacts", request)))
        for _ in range(4)
    ]
    for sender in senders:
        sender.start()
    while any(sender.is_alive() for sender in senders):
        began = time.monotonic()
        alive(client)
        assert time.monotonic() - began < 10
        memory.append(process.memory_info().rss - before)
    assert set(codes) <= {Code.INVALID_ARGUMENT, Code.UNAVAILABLE}
    assert Code.INVALID_ARGUMENT in codes
    assert max(memory) < 600e6  # the messages are this process's own as well
    alive(client)


def _code(client: Client, name: str, request: bytes) -> Code:
    try:
        client.raw(name, request)
    except grpc.RpcError as error:
        code: Code = error.code()
        return code
    return Code.OK


def test_a_hundred_thousand_ids(client: Client) -> None:
    ids = [*range(1, 100_001)]
    for name, field in (
        ("GetArtifactsByID", "artifact_ids"),
        ("GetExecutionsByID", "execution_ids"),
        ("GetContextsByID", "context_ids"),
        ("GetArtifactTypesByID", "type_ids"),
        ("GetEventsByArtifactIDs", "artifact_ids"),
        ("GetEventsByExecutionIDs", "execution_ids"),
        ("GetParentContextsByContexts", "context_ids"),
    ):
        send(client, name, METHODS[name][0](**{field: ids}).SerializeToString())
    names = [f"no such {number}" for number in ids]
    for name, field in (
        ("GetArtifactsByExternalIds", "external_ids"),
        ("GetArtifactsByURI", "uris"),
    ):
        send(client, name, METHODS[name][0](**{field: names}).SerializeToString())
    alive(client)


def test_bad_page_tokens(client: Client) -> None:
    chance = random.Random(3)
    tokens = ["%%%", "AAAA", "=", "é", "x" * 100_000]
    tokens += [struct.pack("<q", chance.getrandbits(60)).hex() for _ in range(20)]
    whole = (
        "5",
        "null",
        "[" * 200_000,
        '["id",false,1]',
        '["id",false,"a",1]',
        '["id",false,true,1]',
    )
    whole += ('["id",false,1,1e3]', f'["id",false,{10**30},1]', '["id",false,"\\ud800",1]')
    tokens += [base64.urlsafe_b64encode(text.encode()).decode().rstrip("=") for text in whole]
    for token in tokens:
        request = METHODS["GetArtifacts"][0](options={"next_page_token": token})
        code = send(client, "GetArtifacts", request.SerializeToString())
        assert code is Code.INVALID_ARGUMENT, token
    for size in (0, -1, -(2**31)):
        request = METHODS["GetArtifacts"][0](options={"max_result_size": size})
        assert send(client, "GetArtifacts", request.SerializeToString()) is Code.INVALID_ARGUMENT


def test_refusals_leave_nothing_behind(client: Client) -> None:
    """A thousand refused calls cost neither memory nor connections."""
    process = psutil.Process()
    wrong = METHODS["PutArtifacts"][0](artifacts=[{"type_id": 10**9}] * 20).SerializeToString()
    unclear = METHODS["GetArtifacts"][0](options={"filter_query": "name = '"}).SerializeToString()

    def refuse(times: int) -> None:
        for _ in range(times):
            assert send(client, "PutArtifacts", wrong) is Code.NOT_FOUND
            assert send(client, "GetArtifacts", unclear) is Code.INVALID_ARGUMENT

    refuse(100)
    memory, files = process.memory_info().rss, process.num_fds()
    refuse(500)
    assert process.memory_info().rss - memory < 30e6
    assert process.num_fds() <= files + 4
    alive(client)
