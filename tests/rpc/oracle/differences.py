"""Where our service answers otherwise than ML Metadata 1.17.1 on purpose: all of it, and why.

A difference that is not in this table fails ``test_differential.py``, and so does a line of the table
that nothing in the recording needs. Left out of the recording, for a store of theirs does not recover
from it or no two of their answers agree:

- an empty Value as a custom property ends their process; ours refuses it;
- the text "__MLMD_NULL__", a text that begins with "mlmd-struct::", a NUL in a text, NaN and infinity,
  an Any without a type: theirs cannot read them back, or reads something else;
- doubles lose what is beyond their sixth decimal;
- an event of an artifact and no execution, in PutExecution with contexts, links the contexts to an
  artifact -1, after which they cannot be read;
- an update that changes nothing gives a node a new time of update in theirs where it leaves out what
  the type is called, which they else pass over; in ours where it has a mask;
- a stored artifact that one PutExecution changes and changes back has a new time of update in theirs;
  in ours it has not changed;
- nodes updated in the same millisecond, listed by LAST_UPDATE_TIME: their pages never end;
- the filters that their engine parses and their database refuses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import grpc

from tests.rpc.oracle.compare import Answer, Call

LARGEST_PAGE = 100
MOST_STARTS = 100
KINDS = ("Artifact", "Execution", "Context")


@dataclass(frozen=True)
class Difference:
    """One thing we do otherwise.

    ``applies`` tells from a call and their answer whether this is it; ``expected`` makes what we must
    answer from theirs and, for what theirs does not tell, from ours.
    """

    reason: str
    applies: Callable[[Call], bool]
    expected: Callable[[Answer, Answer], Answer]


# What their answers leave out of types: the call, and the field. By id and by name they give it.
_LEFT_OUT: Mapping[str, tuple[str, ...]] = {
    **{f"Get{kind}Types": ("external_id",) for kind in KINDS},
    **{f"Get{kind}TypesByExternalIds": ("base_type",) for kind in KINDS},
    "GetArtifactsByID": ("base_type",),
    "GetLineageSubgraph": ("base_type", "external_id"),
}


def _copy(response: Any) -> Any:
    copy = type(response)()
    copy.CopyFrom(response)
    return copy


def _refused(status: grpc.StatusCode) -> Callable[[Answer, Answer], Answer]:
    return lambda theirs, ours: Answer(status, type(theirs.response)())


def _cut_page(theirs: Answer, ours: Answer) -> Answer:
    response = _copy(theirs.response)
    del response.artifacts[LARGEST_PAGE:]
    response.next_page_token = "a token"
    return Answer(theirs.status, response)


def _fewer_starts(theirs: Answer, ours: Answer) -> Answer:
    response = _copy(theirs.response)
    response.lineage_subgraph.artifacts.sort(key=lambda artifact: artifact.id)
    del response.lineage_subgraph.artifacts[MOST_STARTS:]
    return Answer(theirs.status, response)


def _whole_types(theirs: Answer, ours: Answer) -> Answer:
    response = _copy(theirs.response)
    name = type(response).__name__.removesuffix("Response")
    for kind in KINDS:
        whole, cut = (
            getattr(getattr(message, "lineage_subgraph", message), f"{kind.lower()}_types", ())
            for message in (ours.response, response)
        )
        by_id = {one.id: one for one in whole}
        for one in cut:
            for field in _LEFT_OUT[name]:
                if one.id in by_id and by_id[one.id].HasField(field):
                    setattr(one, field, getattr(by_id[one.id], field))
    return Answer(theirs.status, response)


DIFFERENCES = (
    Difference(
        "An update that takes a name or an external id somebody has is an ordinary conflict, as it is "
        "for a new node; theirs says INTERNAL and shows its SQL.",
        lambda call: call.status is grpc.StatusCode.INTERNAL and call.name.startswith("Put"),
        _refused(grpc.StatusCode.ALREADY_EXISTS),
    ),
    Difference(
        "An event needs an artifact that is there; theirs says so too, but stores it.",
        lambda call: call.tag == "event of a missing artifact",
        _refused(grpc.StatusCode.INVALID_ARGUMENT),
    ),
    Difference(
        "A page holds 100 at most and says that there is more; theirs of more than 100 holds 101 and "
        "says nothing, so the rest is never seen.",
        lambda call: (
            call.name == "GetArtifacts" and len(call.response.artifacts) == LARGEST_PAGE + 1
        ),
        _cut_page,
    ),
    Difference(
        "A walk starts at 100 nodes at most, as theirs is said to; theirs starts at 101.",
        lambda call: call.tag == "walk: more than 100 starts",
        _fewer_starts,
    ),
    Difference(
        "A type comes with all it has, however it is asked for; theirs leaves its external id out of "
        "lists, its base type where it is found by external id or comes with artifacts, and both out "
        "of walks.",
        lambda call: call.name in _LEFT_OUT,
        _whole_types,
    ),
)


def expected(call: Call, ours: Answer) -> Answer:
    """Return what we must answer: theirs, but for what the table says."""
    answer = Answer(call.status, call.response)
    for line in DIFFERENCES:
        if line.applies(call):
            answer = line.expected(answer, ours)
    return answer
