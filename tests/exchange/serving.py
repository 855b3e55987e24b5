"""Servers whose answers are damaged: MLflow's over HTTP, ML Metadata's over gRPC."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import grpc

from lineage_graph.exchange import open_source
from lineage_graph.messages.model_objects import write_events, write_node, write_type
from lineage_graph.messages.pool import METHODS, SERVICE
from lineage_graph.model import Kind, Subgraph
from tests.conftest import DATA
from tests.exchange.mlflow.served import Served, serving
from tests.mutating import changed_json, changed_message, damaged

PAGE = 5  # nodes in an answer
FEW = 12  # nodes of a kind; a call of its own is made for many of them


@contextmanager
def mlflow_server(folder: Path) -> Iterator[Any]:
    """A tracking server; each of its answers may be damaged, or be an error."""
    with tarfile.open(DATA / "mlflow.tgz") as archive:
        archive.extractall(folder / "rest", filter="data")
    served = Served(folder / "rest" / "rest")
    whole = served.answers
    whole["runs"]["runs"] = whole["runs"]["runs"][:3]
    with serving(served) as address:

        def made(dice: Random) -> str:
            served.answers = dict(whole)
            for _ in range(dice.choice((1, 1, 2))):
                name = dice.choice(list(whole))
                served.answers[name] = changed_json(whole[name], dice)
            served.faults = []
            if dice.random() < 0.2:
                content = json.dumps(dice.choice(list(whole.values()))).encode()
                status = dice.choice((200, 200, 200, 204, 301, 400, 401, 404, 418, 500))
                headers = dice.choice(({}, {"content-encoding": "gzip"}, {"location": "/x"}))
                served.faults.append((status, damaged(content, dice), headers))
            return address

        yield made


@contextmanager
def mlmd_server(folder: Path) -> Iterator[Any]:
    """A service of ML Metadata; some of its answers are damaged, or are errors."""
    service = Answers()
    server = grpc.server(ThreadPoolExecutor(2))
    handlers = {
        name: grpc.unary_unary_rpc_method_handler(service.answering(name)) for name in METHODS
    }
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, handlers),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()

    def made(dice: Random, few: int = 3) -> str:
        service.dice, service.count = dice, 0
        service.damaged = {dice.randrange(45) for _ in range(dice.randint(min(1, few), few))}
        return f"grpc://127.0.0.1:{port}"

    try:
        yield made
    finally:
        server.stop(None).wait()


class Answers:
    """Answers the calls by which a service is read; those whose numbers are in ``damaged`` wrongly."""

    def __init__(self) -> None:
        self.dice, self.count, self.damaged = Random(0), 0, set[int]()
        with open_source(DATA / "tfx_mlmd.sqlite") as source:
            whole = sum(source.batches(), Subgraph())
        names = {
            (kind, one.id): one.name
            for kind in Kind
            for one in getattr(whole, f"{kind.value}_types")
        }
        self._nodes = {
            kind: [
                node.model_copy(update={"type": names[kind, node.type_id]})
                for node in whole.nodes_of(kind)[:FEW]
            ]
            for kind in Kind
        }
        self._whole = whole

    def answering(self, name: str) -> Any:
        """Return what answers a call of this name."""
        request_class, response_class = METHODS[name]

        def answer(content: bytes, context: grpc.ServicerContext) -> bytes:
            response = response_class()
            self._fill(name, request_class.FromString(content), response)
            if name.endswith("Type") and (
                self.dice.random() < 0.99 or not self.damaged
            ):  # one that is brought along
                context.abort(grpc.StatusCode.NOT_FOUND, "no such type")
            self.count += 1
            if self.count not in self.damaged:
                return response.SerializeToString()
            if self.dice.random() < 0.1:
                codes = [code for code in grpc.StatusCode if code is not grpc.StatusCode.OK]
                context.abort(self.dice.choice(codes), self.dice.choice(("", "no", "\u202e<b>")))
            if self.dice.random() < 0.2:
                return damaged(response.SerializeToString(), self.dice)
            return bytes(changed_message(response, self.dice).SerializeToString())

        return answer

    def _fill(self, name: str, request: Any, response: Any) -> None:
        for kind in Kind:
            if name == f"Get{kind.label}Types":
                for one in getattr(self._whole, f"{kind.value}_types"):
                    write_type(kind, one, getattr(response, f"{kind.value}_types").add())
            elif name in (f"Get{kind.label}s", f"Get{kind.label}sByContext"):
                self.fill_page(kind, request, response)
        if name == "GetEventsByExecutionIDs":
            ids = {node.id for node in self._nodes[Kind.ARTIFACT]}
            asked = set(request.execution_ids)
            found = (one for one in self._whole.events if one.execution_id in asked)
            write_events((one for one in found if one.artifact_id in ids), response.events)
        if name == "GetParentContextsByContext" and request.context_id > 1:
            write_node(Kind.CONTEXT, self._nodes[Kind.CONTEXT][0], response.contexts.add())

    def fill_page(self, kind: Kind, request: Any, response: Any) -> None:
        """Fill the page of a list that is asked for."""
        options = request.options
        nodes = self._nodes[kind]
        if not options.order_by_field.is_asc:
            nodes = nodes[::-1]
        begin = int(options.next_page_token or 0) if options.next_page_token.isdecimal() else 0
        end = begin + min(options.max_result_size, PAGE)
        for node in nodes[begin:end]:
            write_node(kind, node, getattr(response, f"{kind.value}s").add())
        if end < len(nodes) and options.max_result_size > 1:
            response.next_page_token = str(end)
