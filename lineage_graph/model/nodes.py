"""Nodes: artifacts, executions and contexts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

from pydantic import Field, field_serializer, field_validator

from lineage_graph.errors import InvalidArgument
from lineage_graph.model.values import (
    ArtifactState,
    ExecutionState,
    Frozen,
    Kind,
    Properties,
    decode_value,
    encode_value,
)


class Ref(NamedTuple):
    """A reference to a node: its kind and id. Written ``artifact/17``."""

    kind: Kind
    id: int

    def __str__(self) -> str:
        return f"{self.kind.value}/{self.id}"

    @classmethod
    def parse(cls, text: str) -> Ref:
        """Read ``artifact/17`` (``execution/…``, ``context/…``).

        Raises:
            InvalidArgument: the text is not of that form.
        """
        kind, _, number = text.partition("/")
        try:
            return cls(Kind(kind), int(number))
        except ValueError:
            raise InvalidArgument(
                f"{text!r} does not name a node.",
                hint="Write artifact/17, execution/4 or context/2.",
            ) from None


COMPONENT_RUN = "component_run"  # of TFX before 1.0: a component in one run of a pipeline
STEP_TYPES = ("node", COMPONENT_RUN)
"""The types of the contexts that stand for a step of a pipeline."""


class Node(Frozen):
    """What artifacts, executions and contexts have in common.

    ``id`` is the store's (positive), or a local one (negative) that links of the same Subgraph may
    name before the node is stored, or None. The type is named by ``type_id``, or by ``type`` and
    ``type_version``. ``origin`` says which record of which outside source this node is a copy of:
    a node that is put with the origin of a stored one *is* that one. Times are milliseconds since
    the epoch. A state that no tool reported is None, which is not UNKNOWN.
    """

    kind: ClassVar[Kind]

    id: int | None = None
    type_id: int | None = None
    type: str | None = None
    type_version: str | None = None
    name: str | None = None
    external_id: str | None = None
    origin: str | None = None
    properties: Properties = Field(default_factory=dict)
    custom_properties: Properties = Field(default_factory=dict)
    create_time_since_epoch: int | None = None
    last_update_time_since_epoch: int | None = None

    @field_serializer("properties", "custom_properties", when_used="json")
    def _encode(self, values: Properties) -> dict[str, Any]:
        return {name: encode_value(value) for name, value in values.items()}

    @field_validator("properties", "custom_properties", mode="before")
    @classmethod
    def _decode(cls, values: Any, info: Any) -> Any:
        if info.mode != "json" or not isinstance(values, dict):
            return values
        return {name: decode_value(value) for name, value in values.items()}

    @property
    def ref(self) -> Ref:
        """The node's kind and id; the node must have an id."""
        if self.id is None:
            raise InvalidArgument(f"A {self.kind.value} without an id cannot be referred to.")
        return Ref(self.kind, self.id)

    @property
    def title(self) -> str:
        """What people call the node: its name, else its type and id."""
        return self.name or f"{self.type or self.kind.label} {self.id}"

    @property
    def state_word(self) -> str | None:
        """The state of an artifact or execution, named as in ML Metadata; None where not reported."""
        return None


class Artifact(Node):
    """Something that was made or used: data, a schema, a model, metrics."""

    kind = Kind.ARTIFACT

    uri: str = ""
    state: ArtifactState | None = None

    @property
    def state_word(self) -> str | None:
        """The state, named as in ML Metadata; None where not reported."""
        return None if self.state is None else self.state.value


class Execution(Node):
    """Something that ran: one step of a pipeline, at one time."""

    kind = Kind.EXECUTION

    last_known_state: ExecutionState | None = None

    @property
    def state_word(self) -> str | None:
        """The last known state, named as in ML Metadata; None where not reported."""
        return None if self.last_known_state is None else self.last_known_state.value


class Context(Node):
    """A group: a pipeline, a run, an experiment, an owner."""

    kind = Kind.CONTEXT

    @property
    def is_run(self) -> bool:
        """True for a run of a pipeline: its type's name contains "run", and it is no step."""
        return "run" in (self.type or "").lower() and not self.is_step

    @property
    def is_step(self) -> bool:
        """True for a step of a pipeline (TFX, the recorder, DVC), also one of one run (TFX before 1.0)."""
        return self.type in STEP_TYPES

    @property
    def step_name(self) -> str:
        """What a step is called in all runs of its pipeline."""
        name, values = self.name or "", self.properties
        if self.type != COMPONENT_RUN:
            return name
        component = str(values.get("component_id") or name.rpartition(".")[2])
        pipeline = values.get("pipeline_name")
        return f"{pipeline}.{component}" if pipeline else component


NODE_CLASSES: Mapping[Kind, type[Node]] = {
    Kind.ARTIFACT: Artifact,
    Kind.EXECUTION: Execution,
    Kind.CONTEXT: Context,
}
"""The class of each kind's nodes."""
