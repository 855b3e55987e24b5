"""The load of ``benchmarks.rpc``: requests that a peer, ours or the original, is asked to answer."""

from __future__ import annotations

import itertools
import random
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lineage_graph.messages.pool import METHODS
from tests.rpc_load.client import Client

INT, DOUBLE, STRING = 1, 2, 3
INPUT, OUTPUT = 3, 4
DOWNSTREAM = 2
SPANS = 1000
_BATCH = 1000
_PIPELINES = 10
_MADE_BY_A_STEP = 3


@dataclass
class Peer:
    """One side of the comparison: a client, the ids of its types and contexts, its own numbers."""

    name: str
    client: Client
    types: dict[str, int] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def prepare(self) -> None:
        """Put the types, and the two contexts that executions are put into."""
        data = {"name": "Data", "properties": {"span": INT, "score": DOUBLE, "split": STRING}}
        step = {"name": "Step", "properties": {"epochs": INT}}
        call = self.client.call
        self.types["data"] = call("PutArtifactType", artifact_type=data).type_id
        self.types["step"] = call("PutExecutionType", execution_type=step).type_id
        for name in ("pipeline", "run"):
            self.types[name] = call("PutContextType", context_type={"name": name}).type_id

    def artifact(self, number: int) -> dict[str, Any]:
        """Return an artifact with three properties; its score is spread evenly over 0 to 1."""
        score = random.Random(number).random()
        values = {
            "span": {"int_value": number % SPANS},
            "score": {"double_value": score},
            "split": {"string_value": "train"},
        }
        return {"type_id": self.types["data"], "uri": f"file:///{number}", "properties": values}

    def put_artifacts(self, count: int) -> list[int]:
        """Put new artifacts in one call."""
        made = [self.artifact(next(self.numbers)) for _ in range(count)]
        return list(self.client.call("PutArtifacts", artifacts=made).artifact_ids)

    def put_execution(self) -> None:
        """Put an execution with two inputs and an output, all new, into two contexts that are there."""
        request = METHODS["PutExecution"][0](
            execution={
                "type_id": self.types["step"],
                "properties": {"epochs": {"int_value": 5}},
                "last_known_state": 3,
            },
            options={"reuse_context_if_already_exist": True},
        )
        for event in (INPUT, INPUT, OUTPUT):
            request.artifact_event_pairs.add(
                artifact=self.artifact(next(self.numbers)), event={"type": event}
            )
        for name in ("pipeline", "run"):
            request.contexts.add(type_id=self.types[name], name=f"the {name}")
        self.client.call("PutExecution", request)

    def get_artifacts(self, ids: list[int]) -> None:
        """Get artifacts by their ids."""
        found = self.client.call("GetArtifactsByID", artifact_ids=ids).artifacts
        assert len(found) == len(ids), (len(found), len(ids))

    def find(self, where: str, expected: int = 20) -> None:
        """Get the first page of the artifacts that meet a filter."""
        options = {"max_result_size": 20, "filter_query": where}
        found = self.client.call("GetArtifacts", options=options).artifacts
        assert len(found) == expected, len(found)

    def lineage(self, count: int) -> None:
        """Get what the root led to in 20 hops."""
        options = {
            "starting_artifacts": {"filter_query": "uri = 'root'"},
            "max_num_hops": 20,
            "direction": DOWNSTREAM,
        }
        graph = self.client.call(
            "GetLineageSubgraph", lineage_subgraph_query_options=options
        ).lineage_subgraph
        found = len(graph.artifacts) + len(graph.executions)
        assert found == count, (found, count)


def fill(peer: Peer, artifacts: int) -> list[int]:
    """Put many artifacts as pipelines leave them: made by steps, in the contexts of a pipeline and a run.

    Return the ids of the artifacts.
    """
    return [i for run in range(artifacts // _BATCH) for i in _put_run(peer, run)]


def _put_run(peer: Peer, run: int) -> list[int]:
    """Put a run: each step reads an artifact of the step before, and makes the next ones."""
    request = METHODS["PutLineageSubgraph"][0](options={"reuse_context_if_already_exist": True})
    for kind, name in (("pipeline", f"pipeline {run % _PIPELINES}"), ("run", f"run {run}")):
        request.contexts.add(type_id=peer.types[kind], name=name)
    for number in range(_BATCH):
        request.artifacts.add(**peer.artifact(next(peer.numbers)))
        if number % _MADE_BY_A_STEP == 0:
            request.executions.add(type_id=peer.types["step"], last_known_state=3)
            if number:
                _edge(request, len(request.executions) - 1, number - 1, INPUT)
        _edge(request, len(request.executions) - 1, number, OUTPUT)
    return list(peer.client.call("PutLineageSubgraph", request).artifact_ids)


def grow_lineage(peer: Peer, width: int = 100, layers: int = 10) -> int:
    """Put a root and layers of steps, each reading three artifacts of the layer before; count nodes."""
    request = METHODS["PutLineageSubgraph"][0](
        options={"reuse_context_if_already_exist": True},
        contexts=[{"type_id": peer.types["run"], "name": "lineage"}],
        artifacts=[{"type_id": peer.types["data"], "uri": "root"}],
    )
    chance = random.Random(7)
    before = [0]
    for _ in range(layers):
        made = []
        for _ in range(width):
            execution, artifact = len(request.executions), len(request.artifacts)
            request.executions.add(type_id=peer.types["step"])
            request.artifacts.add(type_id=peer.types["data"], uri=f"made {artifact}")
            for source in chance.sample(before, min(3, len(before))):
                _edge(request, execution, source, INPUT)
            _edge(request, execution, artifact, OUTPUT)
            made.append(artifact)
        before = made
    peer.client.call("PutLineageSubgraph", request)
    return _reached(request)


def _edge(request: Any, execution: int, artifact: int, event: int) -> None:
    request.event_edges.add(
        execution_index=execution, artifact_index=artifact, event={"type": event}
    )


def _reached(request: Any) -> int:
    """Count the root and what lies downstream of it: every execution, for each reads something."""
    return len(request.executions) + len(request.artifacts)


def concurrent_puts(address: str, types: dict[str, int], clients: int, puts: int) -> None:
    """Put executions by several clients at once, a connection each."""

    def work(start: int, count: int) -> None:
        peer = Peer("", Client(address), types, itertools.count(start))
        for _ in range(count):
            peer.put_execution()
        peer.client.close()

    threads = [
        threading.Thread(target=work, args=((number + 1) * 10_000_000, puts // clients))
        for number in range(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
