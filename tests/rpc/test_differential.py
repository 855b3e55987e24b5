"""Our service answers as ML Metadata itself did, call by call, in some seven thousand recorded calls."""

from __future__ import annotations

from pathlib import Path

import pytest

from lineage_graph.messages.pool import METHODS
from lineage_graph.rpc.service import Service
from lineage_graph.store import Store
from tests.rpc.oracle.compare import Answer, Replay, Sequence, difference, recorded
from tests.rpc.oracle.differences import DIFFERENCES, expected

DATA = Path(__file__).parents[1] / "data"
RECORDINGS = ("mlmd_calls.jsonl.gz", "kubeflow_calls.jsonl.gz")
SEQUENCES = [sequence for name in RECORDINGS for sequence in recorded(DATA / name)]
MOST_SAID = 4


@pytest.mark.parametrize("sequence", SEQUENCES, ids=lambda sequence: sequence.name)
def test_every_answer_is_theirs(store: Store, sequence: Sequence) -> None:
    replay = Replay(Service(store))
    differences = []
    for number, call in enumerate(sequence):
        ours = replay.call(call)
        theirs = expected(call, ours)
        normalised = replay.normalised(theirs.response, ours.response)
        theirs, ours = Answer(theirs.status, normalised[0]), Answer(ours.status, normalised[1])
        if theirs != ours:
            differences.append(f"call {number}: {difference(call, theirs, ours)}")
    assert not differences, "\n\n".join(differences[:MOST_SAID])


def test_the_recording_needs_every_intended_difference() -> None:
    calls = [call for sequence in SEQUENCES for call in sequence]
    unused = [line.reason for line in DIFFERENCES if not any(map(line.applies, calls))]
    assert not unused


def test_the_recording_covers_the_service() -> None:
    """Every call of theirs but those their engine does not give to Python, each with an OK answer."""
    missing = {"GetLineageGraph", "GetParentContextsByContexts", "GetChildrenContextsByContexts"}
    answered = {
        call.name for sequence in SEQUENCES for call in sequence if not call.status.value[0]
    }
    assert answered == {*METHODS} - missing
