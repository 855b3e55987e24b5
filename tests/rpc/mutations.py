"""Recorded calls with a field replaced: a status of the contract and, where refused, nothing changed.

    python -m tests.rpc.mutations [--count 10000] [--seed 1] [--filters 10000]

A sequence of recorded calls is made on an empty store. Before each call, requests are made from it of
which one to three fields, at any depth, are replaced, left out or told twice. Filters are those of
the recordings, with words replaced.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import grpc

from lineage_graph.engines import start_engine, stop_engine
from lineage_graph.errors import LineageError, TimedOut
from lineage_graph.messages.pool import METHODS
from lineage_graph.rpc.codes import status_of
from lineage_graph.rpc.service import Service
from lineage_graph.settings import Settings
from lineage_graph.store import Store
from tests.conftest import DATA, empty
from tests.mutating import Tally, changed_message, changed_text
from tests.rpc.oracle.compare import Replay, Sequence, recorded

LONGEST = 10  # seconds that one call may take
RECORDINGS = ("mlmd_calls.jsonl.gz", "kubeflow_calls.jsonl.gz")
OWN_FAULTS = {grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN, grpc.StatusCode.UNAVAILABLE}
COMPARED = 5  # of so many puts, what is stored is compared before and after one
UNRECORDED = {*METHODS} - {
    call[1] for name in RECORDINGS for one in recorded(DATA / name) for call in one.calls
}


def outcome(store: Store, name: str, request: Any, compared: bool = False) -> str:
    """Make a call; return how it ended.

    Raises:
        AssertionError: the answer says that the server is at fault, or a refused call changed something.
        Exception: the call crashed.
    """
    before = contents(store) if compared else None
    # As it comes over the wire: what cannot be sent is no input.
    request = METHODS[name][0].FromString(request.SerializeToString())
    refusal: LineageError | None = None
    try:
        Service(store).call(name, request).SerializeToString()
    except LineageError as error:
        refusal = error
    if refusal is None:
        return "answered"
    if status_of(refusal) in OWN_FAULTS:
        raise refusal
    assert str(refusal).strip(), type(refusal)
    if compared:
        assert contents(store) == before, f"{name} was refused and changed something: {refusal}"
    return "timed out" if isinstance(refusal, TimedOut) else "refused"


def contents(store: Store) -> list[str]:
    """Return all that is stored, in one order, but for which ids are reserved."""
    driver, database = store.engine.driver, store.engine.database
    nodes = driver.execute_query(
        "MATCH (n) WHERE NOT n:Sequence RETURN n", database_=database
    ).records
    links = driver.execute_query("MATCH ()-[r]->() RETURN r", database_=database).records
    told = [f"{sorted(one['n'].labels)} {sorted(one['n'].items())}" for one in nodes]
    return sorted(told + [f"{one['r'].type} {sorted(one['r'].items())}" for one in links])


def run(store: Store, count: int, seed: int) -> tuple[Tally, Counter[str]]:
    """Make at least so many mutated calls; return how they ended, and how many there were of each method."""
    tally, made = Tally("rpc"), Counter[str]()
    sequences = [one for name in RECORDINGS for one in recorded(DATA / name)]
    Random(seed).shuffle(sequences)
    recorded_calls = Counter(call[1] for one in sequences for call in one.calls)
    wanted = -(-count // len(METHODS))
    for sequence in sequences:
        if made.total() >= count:
            break
        empty(store.settings)
        store.prepare()
        _run_sequence(store, sequence, seed, wanted, recorded_calls, tally, made)
    for name in sorted(UNRECORDED):
        for number in range(min(wanted, count)):
            dice = Random(f"{seed} {name} {number}")
            request = changed_message(METHODS[name][0](), dice)
            tally.note(f"{name} {number}", partial(outcome, store, name, request), LONGEST)
            made[name] += 1
    return tally, made


def _run_sequence(
    store: Store,
    sequence: Sequence,
    seed: int,
    wanted: int,
    recorded_calls: Counter[str],
    tally: Tally,
    made: Counter[str],
) -> None:
    replay = Replay(Service(store))
    for place, call in enumerate(sequence):
        for number in range(-(-wanted // recorded_calls[call.name])):
            what = f"{sequence.name} {place} {number}"
            dice = Random(f"{seed} {what}")
            request = changed_message(call.request, dice)
            compared = call.name.startswith("Put") and dice.randrange(COMPARED) == 0
            work: Callable[[], str] = partial(outcome, store, call.name, request, compared)
            tally.note(f"{call.name} ({what}): {str(request)[:300]!r}", work, LONGEST)
            made[call.name] += 1
        replay.call(call)


def run_filters(store: Store, numbers: range, seed: int) -> Tally:
    """Ask for what meets so many mutated filters."""
    tally = Tally("filters")
    texts = [
        (kind, text)
        for kind, filters in json.loads((DATA / "mlmd_filters.json").read_bytes()).items()
        for text in filters
    ]
    for number in numbers:
        dice = Random(f"{seed} filter {number}")
        kind, text = dice.choice(texts)
        text = changed_text(text, dice)
        for name, request in _asking(kind, text, dice):
            tally.note(f"{name} {text[:300]!r}", partial(outcome, store, name, request), LONGEST)
    return tally


def _asking(kind: str, text: str, dice: Random) -> Iterator[tuple[str, Any]]:
    name = f"Get{kind.title()}s"
    if kind != "context" and dice.random() < 0.3:
        options = {f"starting_{kind}s": {"filter_query": text}}
        request = METHODS["GetLineageSubgraph"][0](lineage_subgraph_query_options=options)
        yield "GetLineageSubgraph", request
    else:
        yield name, METHODS[name][0](options={"filter_query": text})


def main() -> None:
    """Make mutated calls and ask mutated filters on an embedded engine; print how they ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000, help="calls")
    parser.add_argument("--filters", type=int, default=10_000, help="filters")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(folder=Path(folder))
        start_engine(settings)
        try:
            with Store.open(settings=settings) as store:
                tally, made = run(store, given.count, given.seed)
                print(tally.told(), f"slowest: {tally.slowest}", sep="\n", flush=True)
                print(f"at least {min(made.values())} of each of {len(made)} methods")
                filters = run_filters(store, range(given.filters), given.seed)
                print(filters.told(), f"slowest: {filters.slowest}", sep="\n", flush=True)
        finally:
            stop_engine(settings)
    sys.exit(bool(tally.failed or filters.failed))


if __name__ == "__main__":
    main()
