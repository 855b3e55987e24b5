"""Many clients read and race to write the same things; afterwards, what the server acknowledged is checked.

python -m tests.rpc_load.concurrency --seconds 60 [--clients 16] [--engine embedded|neo4j]
"""

from __future__ import annotations

import argparse
import random
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc

from tests.each_engine import engines
from tests.rpc_load.client import Client, ours

Code = grpc.StatusCode
# What racing clients may be told. After ABORTED they ask again; the others say who came first.
RACES = {Code.ABORTED, Code.ALREADY_EXISTS, Code.FAILED_PRECONDITION}
INT, OUTPUT = 1, 4
_COUNTERS = 3
_SLOTS_PER_SECOND = 8  # so often there is a new name, external id and context to race for


@dataclass
class Tally:
    """What the server acknowledged, to be compared with what it holds."""

    raised: Counter[int] = field(default_factory=Counter)
    own: Counter[tuple[int, int]] = field(default_factory=Counter)
    events: set[tuple[int, int]] = field(default_factory=set)
    outputs: list[tuple[int, int]] = field(default_factory=list)
    external: Counter[str] = field(default_factory=Counter)
    names: Counter[str] = field(default_factory=Counter)
    contexts: dict[str, set[int]] = field(default_factory=dict)
    answers: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Storm:
    """The things the clients race for, and the clients."""

    def __init__(self, address: str, seconds: float) -> None:
        self.address = address
        self.tally = Tally()
        self._begin = time.monotonic()
        self._end = self._begin + seconds
        self.client = Client(address)
        put = self.client.call
        counter = {"name": "Counter", "properties": {"n": INT}}
        self.type_id = put("PutArtifactType", artifact_type=counter).type_id
        self.step_id = put("PutExecutionType", execution_type={"name": "Step"}).type_id
        self.run_id = put("PutContextType", context_type={"name": "Run"}).type_id
        made = [{"type_id": self.type_id, "properties": {"n": {"int_value": 0}}}] * _COUNTERS
        self.counters = list(put("PutArtifacts", artifacts=made).artifact_ids)

    def run(self, clients: int) -> Tally:
        """Let the clients go, and return what they were told when the time is over."""
        threads = [threading.Thread(target=self._work, args=(n,)) for n in range(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return self.tally

    def _work(self, worker: int) -> None:
        client, chance = Client(self.address), random.Random(worker)
        actions = (_raise, _raise_own, _execute, _external, _name, _event, _read, _read)
        while time.monotonic() < self._end:
            action = chance.choice(actions)
            slot = int((time.monotonic() - self._begin) * _SLOTS_PER_SECOND)
            try:
                action(self, client, worker, chance.choice(self.counters), slot)
                code = Code.OK
            except grpc.RpcError as error:
                code = error.code()
                if code not in RACES:
                    self.tally.faults.append(f"{action.__name__}: {code} {error.details()}")
            except Exception as error:
                self.tally.faults.append(f"{action.__name__}: {error!r}")
                raise
            with self.tally.lock:
                self.tally.answers[f"{action.__name__[1:]} {code.name}"] += 1
        client.close()


Action = Callable[[Storm, Client, int, int, int], None]


def _artifact(client: Client, artifact_id: int) -> Any:
    return client.call("GetArtifactsByID", artifact_ids=[artifact_id]).artifacts[0]


def _raise(storm: Storm, client: Client, worker: int, counter: int, slot: int) -> None:
    """Read, add one, write the whole artifact back, unless another wrote in between."""
    artifact = _artifact(client, counter)
    artifact.properties["n"].int_value += 1
    options = {"abort_if_latest_updated_time_changed": True}
    client.call("PutArtifacts", artifacts=[artifact], options=options)
    with storm.tally.lock:
        storm.tally.raised[counter] += 1


def _raise_own(storm: Storm, client: Client, worker: int, counter: int, slot: int) -> None:
    """Write a key that nobody else writes, and nothing else of the artifact."""
    key, count = f"of_{worker}", storm.tally.own[counter, worker] + 1
    client.call(
        "PutArtifacts",
        artifacts=[
            {
                "id": counter,
                "type_id": storm.type_id,
                "custom_properties": {key: {"int_value": count}},
            }
        ],
        update_mask={"paths": [f"custom_properties.{key}"]},
    )
    with storm.tally.lock:
        storm.tally.own[counter, worker] = count


def _execute(storm: Storm, client: Client, worker: int, counter: int, slot: int) -> None:
    """Put an execution with an output into a context that another puts just now, too."""
    name = f"run {slot}"
    answer = client.call(
        "PutExecution",
        execution={"type_id": storm.step_id},
        artifact_event_pairs=[{"artifact": {"type_id": storm.type_id}, "event": {"type": OUTPUT}}],
        contexts=[{"type_id": storm.run_id, "name": name}],
        options={"reuse_context_if_already_exist": True},
    )
    with storm.tally.lock:
        storm.tally.outputs.append((answer.execution_id, answer.artifact_ids[0]))
        storm.tally.contexts.setdefault(name, set()).add(answer.context_ids[0])


def _external(storm: Storm, client: Client, worker: int, counter: int, slot: int) -> None:
    """Take an external id that others take just now, too."""
    made = [{"type_id": storm.type_id, "external_id": f"external {slot}"}]
    client.call("PutArtifacts", artifacts=made)
    with storm.tally.lock:
        storm.tally.external[f"external {slot}"] += 1


def _name(storm: Storm, client: Client, worker: int, counter: int, slot: int) -> None:
    """Take a name that others take just now, too."""
    client.call("PutArtifacts", artifacts=[{"type_id": storm.type_id, "name": f"name {slot}"}])
    with storm.tally.lock:
        storm.tally.names[f"name {slot}"] += 1


def _event(storm: Storm, client: Client, worker: int, counter: int, slot: int) -> None:
    """Put an event between two nodes that others join just now, too."""
    with storm.tally.lock:
        if not storm.tally.outputs:
            return
        execution = storm.tally.outputs[-1][0]
    event = {"artifact_id": counter, "execution_id": execution, "type": OUTPUT}
    client.call("PutEvents", events=[event])
    with storm.tally.lock:
        storm.tally.events.add((execution, counter))


def _read(storm: Storm, client: Client, worker: int, counter: int, slot: int) -> None:
    """Read a page, and pages by type behind it; each node comes once."""
    token, seen = "", Counter[int]()
    for _ in range(5):
        options = {"max_result_size": 50, "next_page_token": token}
        page = client.call("GetArtifactsByType", type_name="Counter", options=options)
        seen.update(artifact.id for artifact in page.artifacts)
        token = page.next_page_token
        if not token:
            break
    if len(seen) != seen.total():
        raise AssertionError("a node came twice")


def check(storm: Storm) -> list[str]:
    """Return what is wrong with what the server holds; nothing is, if the list is empty."""
    tally, client = storm.tally, storm.client
    wrong = list(tally.faults)
    for counter in storm.counters:
        artifact = _artifact(client, counter)
        held = artifact.properties["n"].int_value
        if held != tally.raised[counter]:
            wrong.append(f"counter {counter} holds {held} after {tally.raised[counter]} raises")
        for (of, worker), count in tally.own.items():
            own = artifact.custom_properties[f"of_{worker}"].int_value
            if of == counter and own != count:
                wrong.append(f"key of {worker} in {counter} holds {own} after {count} raises")
    wrong += [
        f"{name} was given twice" for name, n in (tally.external + tally.names).items() if n > 1
    ]
    wrong += [f"{name} is twice there" for name, ids in tally.contexts.items() if len(ids) > 1]
    return wrong + _wrong_nodes(client) + _wrong_events(client, tally)


def _wrong_nodes(client: Client) -> list[str]:
    nodes = [
        *client.call("GetArtifacts").artifacts,
        *client.call("GetContexts").contexts,
    ]
    for what, values in (
        ("name", [(type(n), n.name) for n in nodes if n.name]),
        ("external id", [(type(n), n.external_id) for n in nodes if n.external_id]),
        ("id", [(type(n), n.id) for n in nodes]),
    ):
        twice = [value for value, n in Counter(values).items() if n > 1]
        if twice:
            return [f"a {what} is there twice: {twice[:3]}"]
    return []


def _wrong_events(client: Client, tally: Tally) -> list[str]:
    executions = sorted({execution for execution, _ in tally.outputs})
    wrong, there = [], Counter[tuple[int, int]]()
    for start in range(0, len(executions), 1000):
        batch = executions[start : start + 1000]
        found = client.call("GetEventsByExecutionIDs", execution_ids=batch).events
        there.update((event.execution_id, event.artifact_id) for event in found)
    for pair in {*tally.outputs, *tally.events}:
        if there[pair] != 1:
            wrong.append(f"the event {pair} is there {there[pair]} times")
    return wrong


def main() -> None:
    """Run the storm for the time given, against a server in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--engine", choices=["embedded", "neo4j"])
    given = parser.parse_args()
    failed = False
    for name, settings in engines(given.engine):
        with tempfile.TemporaryDirectory() as folder, ours(settings, Path(folder) / "log") as run:
            storm = Storm(run[0], given.seconds)
            tally = storm.run(given.clients)
            wrong = check(storm)
        print(f"-- {name}: {sum(tally.answers.values())} calls, {len(wrong)} faults")
        for what, count in sorted(tally.answers.items()):
            print(f"{count:>8} {what}")
        print(*wrong[:20], sep="\n")
        failed = failed or bool(wrong)
    raise SystemExit(failed)


if __name__ == "__main__":
    main()
