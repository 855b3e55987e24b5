"""OpenLineage's events: what they must hold, and one sentence about the first thing that is wrong."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from enum import Enum
from typing import Annotated, Any, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel
from pydantic_core import from_json

from lineage_graph.exchange.openlineage.checks import (
    Facets,
    no_facets,
)
from lineage_graph.exchange.openlineage.salvage import Salvage, Unsalvageable
from lineage_graph.model.secrets import masked, may_hold_secrets

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MICROSECOND = timedelta(microseconds=1)
_MAY_HOLD = frozenset({float, dict, list})
_MAY_BE_INFINITE = re.compile(rb"[eE]\+?0*[1-9][0-9]{2}|[0-9]{200}")
"""What the text of a number has in it that is too large: other numbers are below 1e300."""
_OFFSET = re.compile(r"(?<=[0-9])([+-][0-9]{2})([0-9]{2})$")  # +0200, behind a time


class InvalidEvent(Exception):
    """Why something is no event, as a short clause without a full stop."""


class RunState(str, Enum):
    """What an event says of its run."""

    START = "START"
    RUNNING = "RUNNING"
    COMPLETE = "COMPLETE"
    ABORT = "ABORT"
    FAIL = "FAIL"
    OTHER = "OTHER"


def _moment(value: Any) -> Any:
    """Return a text as microseconds since the epoch; a time without a zone is UTC."""
    if not isinstance(value, str):
        raise ValueError("a time is a text such as 2026-01-31T12:00:00Z")
    # Python 3.10 reads neither Z nor other than three or six digits of a second; Java adds [UTC].
    text = value.strip().partition("[")[0].upper().replace("Z", "+00:00")
    text = _OFFSET.sub(r"\1:\2", text)
    head, dot, rest = text.partition(".")
    if dot:
        digits = rest[: len(rest) - len(rest.lstrip("0123456789"))]
        text = f"{head}.{digits[:6].ljust(6, '0')}{rest[len(digits) :]}"
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=timezone.utc)
        microseconds = (moment - _EPOCH) // _MICROSECOND
    except (ValueError, OverflowError):
        raise ValueError(f"{value[:40]!r} is no time such as 2026-01-31T12:00:00Z") from None
    if microseconds < 0:
        raise ValueError("times before 1970 are not kept")
    return microseconds


Moment = Annotated[int, BeforeValidator(_moment)]
Name = Annotated[str, Field(min_length=1, max_length=1000)]


def _none() -> Any:
    return {}


class _Open(BaseModel):
    """What the specification does not name is kept."""

    model_config = ConfigDict(strict=True, extra="allow", alias_generator=to_camel)


class Run(_Open):
    """A run: its id and facets."""

    run_id: Name
    facets: Facets = Field(default_factory=_none)


class Job(_Open):
    """A job: its name and facets."""

    namespace: Name
    name: Name
    facets: Facets = Field(default_factory=_none)


class Dataset(_Open):
    """A dataset: its name and facets."""

    namespace: Name
    name: Name
    facets: Facets = Field(default_factory=_none)


class InputDataset(Dataset):
    """A dataset that is read."""

    input_facets: Facets = Field(default_factory=_none)


class OutputDataset(Dataset):
    """A dataset that is written."""

    output_facets: Facets = Field(default_factory=_none)


class _Event(_Open):
    """``event_time`` is in microseconds since the epoch."""

    event_time: Moment
    producer: str = ""
    schema_url: str = Field("", alias="schemaURL")


class JobEvent(_Event):
    """What is known of a job without a run."""

    job: Job
    inputs: list[InputDataset] | None = None
    outputs: list[OutputDataset] | None = None


class RunEvent(JobEvent):
    """What happened in a run."""

    run: Run
    event_type: Annotated[RunState | None, Field(strict=False)] = None


class DatasetEvent(_Event):
    """What is known of a dataset without a run."""

    dataset: Dataset


Event = RunEvent | JobEvent | DatasetEvent


def parse(text: bytes) -> Any:
    """Return the JSON value of a text, with secrets masked (``model.secrets``): names may be made of what holds them.

    Raises:
        InvalidEvent: it is no JSON; not a number, infinity and half a character are none.
    """
    try:
        value = from_json(text, allow_inf_nan=False)
    except ValueError as error:
        raise InvalidEvent(f"this is no JSON: {error}") from None
    if _MAY_BE_INFINITE.search(text) and not _is_finite(value):
        raise InvalidEvent("this is no JSON: a number is too large")
    return masked(value) if may_hold_secrets(text) else value


def _is_finite(value: Any) -> bool:
    """Say whether each number can be kept: ``1e999`` would be infinity."""
    pending = [value]
    while pending:
        one = pending.pop()
        if type(one) is float:
            if not math.isfinite(one):
                return False
        elif type(one) is dict or type(one) is list:
            parts = one.values() if type(one) is dict else one
            pending += [part for part in parts if type(part) in _MAY_HOLD]
    return True


def _ignore(reason: str) -> None:
    """Do nothing with what is said to be left out."""


def event_of(value: Any, tell: Callable[[str], None] = _ignore) -> Event:
    """Return a JSON value as an event, without what is wrong in it and may be missing; that is told.

    Raises:
        InvalidEvent: it is none; the reason names the field.
    """
    if not isinstance(value, dict):
        raise InvalidEvent("an event is a JSON object")
    kind: type[RunEvent] | type[JobEvent] | type[DatasetEvent]
    if "run" in value:
        kind = RunEvent
    elif "dataset" in value:
        kind = DatasetEvent
    elif "job" in value:
        kind = JobEvent
    else:
        raise InvalidEvent("an event has a run, a job or a dataset")
    try:
        return kind.model_validate(value)
    except ValidationError:
        pass
    salvage = Salvage(value)
    for place, reason in no_facets(value):
        salvage.leave_out(place, reason)
    try:
        event = salvage.through(cast(Callable[[Any], Event], kind.model_validate))
    except Unsalvageable as error:
        raise InvalidEvent(str(error)) from None
    for reason in salvage.told():
        tell(reason)
    return event
