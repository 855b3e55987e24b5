"""Where our service answers otherwise than ML Metadata 1.17.1 on purpose: all of it, and why.

A difference that is not in this table fails ``test_differential.py``, and so does a line of the table
that nothing in the recording needs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import grpc

from tests.rpc.oracle.compare import Answer, Call

LARGEST_PAGE = 100


@dataclass(frozen=True)
class Difference:
    """One thing we do otherwise.

    ``applies`` tells from a call and their answer whether this is it, ``expected`` what our answer is then.
    """

    reason: str
    applies: Callable[[Call], bool]
    expected: Callable[[Call], Answer]


def _refused(call: Call, status: grpc.StatusCode) -> Answer:
    return Answer(status, type(call.response)())


def _already_exists(call: Call) -> Answer:
    return _refused(call, grpc.StatusCode.ALREADY_EXISTS)


def _cut_page(call: Call) -> Answer:
    response = type(call.response)()
    response.CopyFrom(call.response)
    del response.artifacts[LARGEST_PAGE:]
    response.next_page_token = "a token"
    return Answer(call.status, response)


def _internal(call: Call) -> bool:
    return call.status is grpc.StatusCode.INTERNAL and call.name.startswith("Put")


def _page_of_101(call: Call) -> bool:
    response: Any = call.response
    return (
        call.name == "GetArtifacts"
        and len(response.artifacts) == LARGEST_PAGE + 1
        and (call.request.options.max_result_size > LARGEST_PAGE)
    )


DIFFERENCES = (
    Difference(
        "An update that takes a name or an external id somebody has is an ordinary conflict, as it is "
        "for a new node; theirs says INTERNAL and shows its SQL.",
        _internal,
        _already_exists,
    ),
    Difference(
        "A page holds 100 at most and says that there is more; theirs of more than 100 holds 101 and "
        "says nothing, so the rest is never seen.",
        _page_of_101,
        _cut_page,
    ),
)


def intended(call: Call) -> Difference | None:
    """Return the line of the table that is about this call, None where ours must answer as theirs."""
    return next((line for line in DIFFERENCES if line.applies(call)), None)
