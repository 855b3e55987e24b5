"""What events tell of one node, each property with when it was told last: merged as ``model.merging`` does, but at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from lineage_graph.model import ArtifactState, ExecutionState, Node, Value
from lineage_graph.model.merging import STATE, TOLD, sorted_last, state_rank

StateT = TypeVar("StateT", ArtifactState, ExecutionState)


class NodeState(Generic[StateT]):
    """Collects what is told of a node in any order; ``first`` and ``last`` are when that was (µs).

    ``plain`` is for whoever tells: what was made of that which ``is_news`` saw last.
    """

    __slots__ = ("_facts", "_same", "_state", "_told", "first", "last", "local", "plain")

    def __init__(self, local: int, moment: int) -> None:
        self.local = local
        self.first = self.last = moment
        self._facts: dict[str, Value] = {}
        self._told: dict[str, int] = {}
        self._state: tuple[StateT | None, int] = (None, 0)
        self._same: Any = None
        self.plain: Mapping[str, Value | None] = {}

    def mention(self, moment: int) -> None:
        """Note that something was told at a moment."""
        if moment < self.first:
            self.first = moment
        elif moment > self.last:
            self.last = moment

    def is_news(self, same: Any) -> bool:
        """Say whether something is other than what was asked of last: many events tell alike."""
        if self._same is not None and self._same == same:
            return False
        self._same = same
        return True

    def tell(self, properties: Mapping[str, Value | None], moment: int) -> None:
        """Take in properties that are told at a moment; None is nothing."""
        facts, told = self._facts, self._told
        for name, value in properties.items():
            if value is None:
                continue
            known = told.get(name, -1)
            if moment > known:
                facts[name] = value
                told[name] = moment
            elif moment == known and facts[name] != value:
                facts[name] = max(facts[name], value, key=sorted_last)

    def become(self, state: StateT | None, moment: int) -> None:
        """Take in a state that is told at a moment."""
        self._state = max(self._state, (state, moment), key=state_rank)

    @property
    def state(self) -> StateT | None:
        """The state that stands, None where none was told."""
        return self._state[0]

    def properties(self) -> dict[str, Value]:
        """Return what stands, and when it was told."""
        told: dict[str, Value] = {**self._told}
        if self._state[1]:
            told[STATE] = self._state[1]
        return {**self._facts, TOLD: told}

    def times(self) -> dict[str, Any]:
        """Return when the node came to be and was updated, as fields of it (ms)."""
        return {
            "create_time_since_epoch": self.first // 1000,
            "last_update_time_since_epoch": self.last // 1000,
        }

    def learn(self, node: Node, state: StateT | None) -> None:
        """Take in all that is told of a node that is stored."""
        told = node.custom_properties.get(TOLD)
        moments: Mapping[str, Any] = told if isinstance(told, dict) else {}
        for name, value in node.custom_properties.items():
            if name != TOLD:
                self.tell({name: value}, int(moments.get(name, 0)))
        if STATE in moments:
            self.become(state, int(moments[STATE]))
        for time in (node.create_time_since_epoch, node.last_update_time_since_epoch):
            if time is not None:
                self.mention(time * 1000)
