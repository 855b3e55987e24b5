"""Property values, their kinds, and the states and event types ML Metadata knows."""

from __future__ import annotations

import base64
from enum import Enum
from functools import cache
from typing import Annotated, Any, TypeAlias

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
    field_serializer,
    field_validator,
)
from typing_extensions import Self

INT64_LOW, INT64_HIGH = -(2**63), 2**63 - 1


class Frozen(BaseModel):
    """Base of every model object: immutable, no unknown fields, NaN and infinity kept in JSON."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="strings")

    @classmethod
    def built(cls, **fields: Any) -> Self:
        """Return an object of fields that are known to be valid, without checking them.

        As ``model_construct`` does, in a third of its time, because stores read many nodes; fields
        with a default factory must be given.
        """
        defaults, names = _shape(cls)
        built = _new(cls)
        _set(built, "__dict__", {**defaults, **fields})
        _set(built, "__pydantic_fields_set__", names)
        _set(built, "__pydantic_extra__", None)
        _set(built, "__pydantic_private__", None)
        return built


_new, _set = object.__new__, object.__setattr__  # those of a frozen model refuse, or are slow


@cache
def _shape(model: type[BaseModel]) -> tuple[dict[str, Any], set[str]]:
    """Return a model's defaults, without default factories, and the names of its fields."""
    fields = model.model_fields.items()
    defaults = {name: field.default for name, field in fields if field.default_factory is None}
    return defaults, set(model.model_fields)


class PropertyKind(str, Enum):
    """The six kinds of property value (ML Metadata's PropertyType without UNKNOWN)."""

    INT = "INT"
    DOUBLE = "DOUBLE"
    STRING = "STRING"
    STRUCT = "STRUCT"
    PROTO = "PROTO"
    BOOLEAN = "BOOLEAN"


class Proto(Frozen):
    """A protobuf message of any type (google.protobuf.Any): its type's URL and its bytes."""

    type_url: str
    value: bytes = b""

    @field_serializer("value", when_used="json")
    def _to_base64(self, value: bytes) -> str:
        return base64.b64encode(value).decode("ascii")

    @field_validator("value", mode="before")
    @classmethod
    def _from_base64(cls, value: Any) -> Any:
        return base64.b64decode(value, validate=True) if isinstance(value, str) else value


_FLOAT_WORDS = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}


def _not_an_int(value: Any) -> Any:
    """Refuse ints: a strict float takes them, and would round one of more than 64 bits."""
    if isinstance(value, int):
        raise ValueError("an int is no double")
    return value


Int64 = Annotated[StrictInt, Field(ge=INT64_LOW, le=INT64_HIGH)]
Double = Annotated[StrictFloat, BeforeValidator(_not_an_int)]
Value: TypeAlias = StrictBool | Int64 | Double | StrictStr | Proto | dict[str, Any]
"""A property's value: bool, int (64 bits), float, str, Proto, or a dict (a JSON object, kind STRUCT)."""


def kind_of(value: Value) -> PropertyKind:
    """Return the kind of a value: bool BOOLEAN, int INT, float DOUBLE, str STRING, dict STRUCT, Proto PROTO."""
    if (exact := _KIND_OF.get(type(value))) is not None:
        return exact
    for python_type, kind in _KINDS:  # bool before int: bool is an int in Python
        if isinstance(value, python_type):
            return kind
    raise TypeError(f"no property kind for a value of type {type(value).__name__}")


_KINDS: tuple[tuple[type, PropertyKind], ...] = (
    (bool, PropertyKind.BOOLEAN),
    (int, PropertyKind.INT),
    (float, PropertyKind.DOUBLE),
    (str, PropertyKind.STRING),
    (dict, PropertyKind.STRUCT),
    (Proto, PropertyKind.PROTO),
)
_KIND_OF: dict[type, PropertyKind] = dict(_KINDS)


def encode_value(value: Value) -> Any:
    """Return a value as JSON can hold it without losing its kind: ``{"<kind>": …}``."""
    kind = kind_of(value)
    if isinstance(value, Proto):
        return {kind.value: value.model_dump(mode="json")}
    if isinstance(value, float) and not (abs(value) < float("inf")):
        return {kind.value: "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"}
    return {kind.value: value}


def decode_value(encoded: Any) -> Any:
    """Return the value that ``encode_value`` wrote; anything else is returned as it is.

    Raises:
        ValueError: the value of a DOUBLE is not a number.
    """
    if not (isinstance(encoded, dict) and len(encoded) == 1):
        return encoded
    ((kind, value),) = encoded.items()
    if kind == PropertyKind.DOUBLE.value:
        return _decode_double(value)
    if kind == PropertyKind.PROTO.value:
        return Proto.model_validate(value)
    return value if kind in PropertyKind.__members__ else encoded


def _decode_double(value: Any) -> float:
    try:
        return _FLOAT_WORDS[value] if isinstance(value, str) else float(value)
    except (KeyError, TypeError, OverflowError):
        raise ValueError("this is no number") from None


Properties = dict[str, Value]


class ArtifactState(str, Enum):
    """States of an artifact."""

    UNKNOWN = "UNKNOWN"
    PENDING = "PENDING"
    LIVE = "LIVE"
    MARKED_FOR_DELETION = "MARKED_FOR_DELETION"
    DELETED = "DELETED"
    ABANDONED = "ABANDONED"
    REFERENCE = "REFERENCE"


class ExecutionState(str, Enum):
    """Last known states of an execution."""

    UNKNOWN = "UNKNOWN"
    NEW = "NEW"
    RUNNING = "RUNNING"
    COMPLETE = "COMPLETE"
    FAILED = "FAILED"
    CACHED = "CACHED"
    CANCELED = "CANCELED"


class EventType(str, Enum):
    """How an artifact and an execution are linked (ML Metadata's Event.Type without UNKNOWN)."""

    DECLARED_OUTPUT = "DECLARED_OUTPUT"
    DECLARED_INPUT = "DECLARED_INPUT"
    INPUT = "INPUT"
    OUTPUT = "OUTPUT"
    INTERNAL_INPUT = "INTERNAL_INPUT"
    INTERNAL_OUTPUT = "INTERNAL_OUTPUT"
    PENDING_OUTPUT = "PENDING_OUTPUT"

    @property
    def is_input(self) -> bool:
        """True where data flows from the artifact into the execution."""
        return self in INPUT_EVENTS


INPUT_EVENTS = (EventType.INPUT, EventType.DECLARED_INPUT, EventType.INTERNAL_INPUT)
OUTPUT_EVENTS = (
    EventType.OUTPUT,
    EventType.DECLARED_OUTPUT,
    EventType.INTERNAL_OUTPUT,
    EventType.PENDING_OUTPUT,
)


class Kind(str, Enum):
    """The three kinds of node."""

    ARTIFACT = "artifact"
    EXECUTION = "execution"
    CONTEXT = "context"

    @property
    def label(self) -> str:
        """The kind's label in the graph: ``Artifact``, ``Execution`` or ``Context``."""
        return self.value.capitalize()


class BaseType(str, Enum):
    """System types a type may declare as its base, named as ML Metadata stores them."""

    DATASET = "mlmd.Dataset"
    MODEL = "mlmd.Model"
    METRICS = "mlmd.Metrics"
    STATISTICS = "mlmd.Statistics"
    TRAIN = "mlmd.Train"
    TRANSFORM = "mlmd.Transform"
    PROCESS = "mlmd.Process"
    EVALUATE = "mlmd.Evaluate"
    DEPLOY = "mlmd.Deploy"


SYSTEM_TYPES: tuple[tuple[Kind, BaseType], ...] = (
    *((Kind.ARTIFACT, base) for base in list(BaseType)[:4]),
    *((Kind.EXECUTION, base) for base in list(BaseType)[4:]),
)
"""ML Metadata's own nine types, in the order of their ids 1 to 9."""
SYSTEM_NAMES = frozenset(base.value for base in BaseType)


PathStep = Annotated[int | str, BeforeValidator(lambda step: step)]
"""One step of an event's path: an index (int) or a key (str)."""
