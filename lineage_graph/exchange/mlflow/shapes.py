"""What MLflow keeps, in its own terms, whichever way it was read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

Tags = Mapping[str, str]


@dataclass(frozen=True)
class Experiment:
    """An experiment. Times are ms since the epoch, here and below; an empty workspace is the only one."""

    id: str
    name: str
    location: str = ""
    deleted: bool = False
    created: int | None = None
    updated: int | None = None
    workspace: str = ""
    tags: Tags = field(default_factory=dict)


@dataclass(frozen=True)
class Point:
    """One value of a metric; ``dataset`` is name and digest of what it was measured on, if told."""

    key: str
    value: float
    timestamp: int = 0
    step: int = 0
    dataset: tuple[str, str] | None = None


@dataclass(frozen=True)
class DatasetUse:
    """A dataset that a run read, and what as (``training``). JSON texts stay as MLflow keeps them."""

    name: str
    digest: str
    source_type: str = ""
    source: str = ""
    schema: str = ""
    profile: str = ""
    context: str = ""


@dataclass(frozen=True)
class MlflowRun:
    """A run, with all that was logged in it."""

    id: str
    experiment: str
    name: str = ""
    user: str = ""
    status: str = ""
    started: int | None = None
    ended: int | None = None
    artifact_uri: str = ""
    deleted: bool = False
    params: Tags = field(default_factory=dict)
    tags: Tags = field(default_factory=dict)
    metrics: tuple[Point, ...] = ()
    datasets: tuple[DatasetUse, ...] = ()
    models_read: tuple[str, ...] = ()
    models_written: tuple[str, ...] = ()


@dataclass(frozen=True)
class LoggedModel:
    """A model that was logged (MLflow 3)."""

    id: str
    experiment: str
    name: str = ""
    uri: str = ""
    created: int | None = None
    updated: int | None = None
    status: str = ""
    type: str = ""
    run: str = ""
    deleted: bool = False
    params: Tags = field(default_factory=dict)
    tags: Tags = field(default_factory=dict)
    metrics: tuple[Point, ...] = ()


@dataclass(frozen=True)
class RegisteredModel:
    """A registered model, or a prompt, which MLflow keeps as one; it may have no versions yet."""

    name: str
    workspace: str = ""
    created: int | None = None
    updated: int | None = None
    description: str = ""
    tags: Tags = field(default_factory=dict)


@dataclass(frozen=True)
class ModelVersion:
    """A version of a registered model."""

    name: str
    version: str
    workspace: str = ""
    created: int | None = None
    updated: int | None = None
    stage: str = ""
    source: str = ""
    run: str = ""
    status: str = ""
    description: str = ""
    user: str = ""
    model: str = ""
    tags: Tags = field(default_factory=dict)
    aliases: tuple[str, ...] = ()

    @property
    def deleted(self) -> bool:
        """True for what MLflow has deleted, of which its database keeps the row."""
        return self.stage == "Deleted_Internal"


class MlflowStore(Protocol):
    """A place where MLflow keeps all this; read once from its beginning, deleted things included."""

    def experiments(self) -> Iterator[Experiment]:
        """Yield all experiments."""

    def runs(self, experiment: str) -> Iterator[MlflowRun]:
        """Yield an experiment's runs."""

    def models(self, experiment: str) -> Iterator[LoggedModel]:
        """Yield an experiment's logged models."""

    def registered(self) -> Iterator[RegisteredModel]:
        """Yield all registered models and prompts."""

    def versions(self) -> Iterator[ModelVersion]:
        """Yield the versions of all registered models."""

    def unread(self) -> Mapping[str, int]:
        """Return what is there and has no place in the graph, counted by what it is."""

    def close(self) -> None:
        """Let go of it."""
