"""The table of handlers: one for every call, each with the messages of its call."""

from __future__ import annotations

import inspect

import pytest

from lineage_graph.messages.pool import MESSAGES, METHODS
from lineage_graph.rpc.service import HANDLERS
from tests.messages.stubs import families

FAMILIES = families(MESSAGES)


def test_every_call_has_a_handler() -> None:
    assert HANDLERS.keys() == METHODS.keys()


@pytest.mark.parametrize("name", METHODS)
def test_a_handler_takes_the_messages_of_its_call(name: str) -> None:
    """The table itself has no types for them, so that the type checker does not see a wrong entry."""
    parameters = inspect.signature(HANDLERS[name]).parameters
    for parameter, message in zip(("request", "response"), METHODS[name], strict=True):
        accepted = parameters[parameter].annotation.removeprefix("contract.")
        assert message.DESCRIPTOR.name in FAMILIES.get(accepted, (accepted,))
