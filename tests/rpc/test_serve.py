"""The gRPC server: who is let in, TLS, health, reflection, large messages, how it stops."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest
import trustme
from google.protobuf.descriptor_pool import DescriptorPool
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import (
    ProtoReflectionDescriptorDatabase,
)

from lineage_graph.errors import InvalidArgument
from lineage_graph.messages.pool import METHODS, SERVICE
from lineage_graph.model import Artifact, ArtifactType, Kind, Subgraph
from lineage_graph.rpc.serve import serving
from lineage_graph.settings import Settings
from lineage_graph.store import Store

TOKEN = "a long secret"
Metadata = Sequence[tuple[str, str]]


def call(channel: grpc.Channel, name: str, metadata: Metadata = (), **fields: Any) -> Any:
    request, response = METHODS[name]
    method = channel.unary_unary(
        f"/{SERVICE}/{name}",
        request_serializer=request.SerializeToString,
        response_deserializer=response.FromString,
    )
    return method(request(**fields), timeout=20, metadata=metadata)


@contextmanager
def channel_to(address: str, credentials: Any = None) -> Iterator[grpc.Channel]:
    options = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
    channel = (
        grpc.insecure_channel(address, options)
        if credentials is None
        else grpc.secure_channel(address, credentials, options)
    )
    with channel:
        yield channel


def served(store: Store, **settings: Any) -> Any:
    return serving(store, Settings(rpc_port=0, **settings))


def code_of(error: pytest.ExceptionInfo[grpc.RpcError]) -> grpc.StatusCode:
    code: grpc.StatusCode = error.value.code()
    return code


def test_what_is_put_is_in_the_graph_at_once(store: Store) -> None:
    with served(store) as address, channel_to(address) as channel:
        made = call(channel, "PutArtifactType", artifact_type={"name": "Model"})
        artifact = {"type_id": made.type_id, "name": "penguin", "uri": "models/1"}
        (artifact_id,) = call(channel, "PutArtifacts", artifacts=[artifact]).artifact_ids
        (found,) = store.get(Kind.ARTIFACT, [artifact_id])
        assert (found.type, found.name) == ("Model", "penguin")
        counted = store.cypher("MATCH (m:Model {name: 'penguin'}) RETURN count(m)")
        assert counted.rows == ((1,),)


def test_errors_have_their_codes_and_say_what_to_do(store: Store) -> None:
    with served(store) as address, channel_to(address) as channel:
        with pytest.raises(grpc.RpcError, match="no artifact type 'Nope'") as missing:
            call(channel, "GetArtifactType", type_name="Nope")
        assert code_of(missing) is grpc.StatusCode.NOT_FOUND
        with pytest.raises(grpc.RpcError, match="Use GetLineageSubgraph") as gone:
            call(channel, "GetLineageGraph")
        assert code_of(gone) is grpc.StatusCode.UNIMPLEMENTED


def test_with_a_token_every_call_needs_it(store: Store) -> None:
    with served(store, access_token=TOKEN) as address, channel_to(address) as channel:
        for metadata in ((), [("authorization", "Bearer wrong")], [("authorization", TOKEN)]):
            with pytest.raises(grpc.RpcError, match="access token") as refused:
                call(channel, "GetArtifactTypes", metadata)
            assert code_of(refused) is grpc.StatusCode.UNAUTHENTICATED
        for scheme in ("Bearer", "bearer"):
            call(channel, "GetArtifactTypes", [("authorization", f"{scheme} {TOKEN}")])


def test_a_token_that_can_be_guessed_is_refused(store: Store) -> None:
    with pytest.raises(InvalidArgument, match="too short"), served(store, access_token="sesame"):
        pass


def test_open_lets_in_who_has_no_token(store: Store) -> None:
    with (
        served(store, access_token=TOKEN, rpc_open=True) as address,
        channel_to(address) as channel,
    ):
        call(channel, "GetArtifactTypes")


def test_others_are_not_let_in_by_accident(store: Store) -> None:
    with pytest.raises(InvalidArgument, match="this machine only"), served(store, rpc_host="::"):
        pass


class Certificates:
    """An authority of our own, a server's certificate, a client's, as files."""

    def __init__(self, folder: Path) -> None:
        self.authority = trustme.CA()
        server, self.client = (self.authority.issue_cert(name) for name in ("127.0.0.1", "me"))
        self.certificate, self.key = folder / "server.pem", folder / "server.key"
        self.clients = folder / "authority.pem"
        self.certificate.write_bytes(b"".join(p.bytes() for p in server.cert_chain_pems))
        server.private_key_pem.write_to_path(str(self.key))
        self.authority.cert_pem.write_to_path(str(self.clients))

    def credentials(self, *, known: bool) -> grpc.ChannelCredentials:
        root = self.authority.cert_pem.bytes()
        if not known:
            return grpc.ssl_channel_credentials(root)
        chain = b"".join(part.bytes() for part in self.client.cert_chain_pems)
        return grpc.ssl_channel_credentials(root, self.client.private_key_pem.bytes(), chain)


def test_tls(store: Store, tmp_path: Path) -> None:
    made = Certificates(tmp_path)
    with served(store, rpc_certificate=made.certificate, rpc_key=made.key) as address:
        with channel_to(address, made.credentials(known=False)) as channel:
            call(channel, "GetArtifactTypes")
        with channel_to(address) as channel, pytest.raises(grpc.RpcError) as refused:
            call(channel, "GetArtifactTypes")
        assert code_of(refused) is grpc.StatusCode.UNAVAILABLE


def test_mutual_tls_lets_in_only_whom_the_authority_knows(store: Store, tmp_path: Path) -> None:
    made = Certificates(tmp_path)
    files = {"rpc_certificate": made.certificate, "rpc_key": made.key}
    with served(store, rpc_client_authority=made.clients, access_token=TOKEN, **files) as address:
        with channel_to(address, made.credentials(known=True)) as channel:
            call(channel, "GetArtifactTypes")  # the certificate stands for the token
        with channel_to(address, made.credentials(known=False)) as channel:
            with pytest.raises(grpc.RpcError) as refused:
                call(channel, "GetArtifactTypes")
            assert code_of(refused) is grpc.StatusCode.UNAVAILABLE


def test_an_authority_without_a_certificate_protects_nothing(store: Store, tmp_path: Path) -> None:
    made = Certificates(tmp_path)
    with (
        pytest.raises(InvalidArgument, match="needs a certificate"),
        served(store, rpc_client_authority=made.clients),
    ):
        pass


def test_a_certificate_that_is_not_there(store: Store, tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere.pem"
    with (
        pytest.raises(InvalidArgument, match=r"nowhere\.pem cannot be read"),
        served(store, rpc_certificate=nowhere, rpc_key=nowhere),
    ):
        pass


def test_a_port_that_is_taken(store: Store) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with (
            pytest.raises(InvalidArgument, match=f"cannot listen on 127.0.0.1:{port}"),
            serving(store, Settings(rpc_port=port)),
        ):
            pass


def test_health_needs_no_token(store: Store) -> None:
    with served(store, access_token=TOKEN) as address, channel_to(address) as channel:
        health = health_pb2_grpc.HealthStub(channel)
        for service in ("", SERVICE):
            answer = health.Check(health_pb2.HealthCheckRequest(service=service), timeout=20)
            assert answer.status == health_pb2.HealthCheckResponse.SERVING


def test_reflection_describes_every_call(store: Store) -> None:
    with served(store) as address, channel_to(address) as channel:
        database = ProtoReflectionDescriptorDatabase(channel)
        assert {SERVICE, "grpc.health.v1.Health"} <= set(database.get_services())
        described = DescriptorPool(database).FindServiceByName(SERVICE)
        assert {method.name for method in described.methods} == METHODS.keys()


def test_messages_may_have_100_megabytes(store: Store) -> None:
    store.put(Subgraph(artifact_types=(ArtifactType(name="Data"),)))
    large = "x" * 2_000_000
    artifacts = tuple(Artifact(type="Data", custom_properties={"large": large}) for _ in range(30))
    for start in range(0, 30, 10):
        store.put(Subgraph(artifacts=artifacts[start : start + 10]))
    with served(store) as address, channel_to(address) as channel:
        found = call(channel, "GetArtifactsByID", artifact_ids=range(1, 31)).artifacts
        assert sum(len(a.custom_properties["large"].string_value) for a in found) == 60_000_000


def test_a_call_in_flight_is_answered_before_the_server_stops(store: Store) -> None:
    store.put(Subgraph(artifact_types=(ArtifactType(name="Data"),)))
    began, answers = threading.Event(), []
    put = store.put

    def slow(*arguments: Any) -> Any:
        began.set()
        threading.Event().wait(1)
        return put(*arguments)

    store.put = slow  # type: ignore[method-assign]
    type_id = store.types(Kind.ARTIFACT)[0].id

    def ask(address: str) -> None:
        with channel_to(address) as channel:
            answers.append(call(channel, "PutArtifacts", artifacts=[{"type_id": type_id}]))

    with served(store) as address:
        client = threading.Thread(target=ask, args=[address])
        client.start()
        assert began.wait(20)
    client.join(20)
    assert [list(answer.artifact_ids) for answer in answers] == [[1]]
