"""Vertex ML Metadata: what its REST API answers, saved to a file.

That is a ``LineageSubgraph`` (``…:queryContextLineageSubgraph``, ``…:queryArtifactLineageSubgraph``), or
pages of lists (``artifacts``, ``executions``, ``contexts``): one JSON object, an array of such, or one a
line. Vertex has no other export. The format is that of its reference; no export of a real store was
at hand to try.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel
from pydantic_core import from_json

from lineage_graph.errors import BadFile, NotFound
from lineage_graph.exchange.base import Source
from lineage_graph.exchange.circles import circling
from lineage_graph.exchange.subgraph_builder import SubgraphBuilder
from lineage_graph.model import (
    ArtifactState,
    BaseType,
    EventType,
    ExecutionState,
    Kind,
    Subgraph,
    Value,
)
from lineage_graph.model.values import INT64_HIGH, INT64_LOW

_MAX_FILE_BYTES = 256 * 1024 * 1024  # bytes
_BATCH = 2000  # nodes and links
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_BASES = {
    "system.Dataset": BaseType.DATASET,
    "google.VertexDataset": BaseType.DATASET,
    "system.Model": BaseType.MODEL,
    "google.VertexModel": BaseType.MODEL,
    "google.UnmanagedContainerModel": BaseType.MODEL,
    "google.BQMLModel": BaseType.MODEL,
    "system.Metrics": BaseType.METRICS,
    "system.ClassificationMetrics": BaseType.METRICS,
    "system.SlicedClassificationMetrics": BaseType.METRICS,
}
_ARTIFACT_STATES = {state.value: state for state in (ArtifactState.PENDING, ArtifactState.LIVE)}
_EXECUTION_STATES = {
    "CANCELLED": ExecutionState.CANCELED,
    **{state.value: state for state in ExecutionState},
}


def _none_is_empty(value: Any) -> Any:
    return {} if value is None else value


Struct = Annotated[dict[str, Any], BeforeValidator(_none_is_empty)]


class _Node(BaseModel):
    model_config = ConfigDict(extra="ignore", alias_generator=to_camel, populate_by_name=True)

    name: Annotated[str, Field(min_length=1, max_length=1000)]
    display_name: str = ""
    schema_title: str = ""
    schema_version: str = ""
    description: str = ""
    state: str = ""
    uri: str = ""
    create_time: AwareDatetime | None = None
    update_time: AwareDatetime | None = None
    metadata: Struct = Field(default_factory=dict)
    labels: Struct = Field(default_factory=dict)
    parent_contexts: list[str] = Field(default_factory=list)


class _Event(BaseModel):
    model_config = ConfigDict(extra="ignore", alias_generator=to_camel, populate_by_name=True)

    artifact: str
    execution: str
    type: str = ""
    event_time: AwareDatetime | None = None


class VertexSource(Source):
    """A file of Vertex ML Metadata's answers.

    Its identity is the metadata store that the first name in it names, so all files of a store are one source.

    Raises:
        NotFound, BadFile: there is no such file, or it is none of Vertex ML Metadata's.
    """

    format = "vertex"
    keyed = True

    def __init__(self, path: Path | str) -> None:
        super().__init__()
        self._place = str(path)
        self._documents = _documents(Path(path), self.problem)
        first = next((one.get("name") for _, _, one in self._nodes()), None)
        if not isinstance(first, str) or "/metadataStores/" not in first:
            raise BadFile(f"{path} holds nothing of Vertex ML Metadata.")
        store = first.partition("/metadataStores/")
        home = store[0] + store[1] + store[2].partition("/")[0]
        self.source = f"vertex:{hashlib.sha256(home.encode()).hexdigest()[:16]}"

    def close(self) -> None:
        """Let go of what was read."""
        self._documents = []

    def batches(self) -> Iterator[Subgraph]:
        """Yield contexts, artifacts and executions, then the events between them."""
        gathering = SubgraphBuilder()
        known: set[tuple[Kind, str]] = set()
        parents: list[tuple[str, str]] = []
        for place, kind, given in self._nodes():
            node = self._checked(_Node, place, given)
            if node is None:
                continue
            known.add((kind, node.name))
            self._take_in(gathering, kind, node)
            if kind is Kind.CONTEXT:
                parents += [(node.name, parent) for parent in node.parent_contexts]
            if len(gathering) >= _BATCH:
                yield gathering.take()
        circles = circling(parents)
        for child, parent in parents:
            if (child, parent) in circles:
                self.problem(f"{self._place}: {child}", f"in {parent} it would be its own ancestor")
            elif (Kind.CONTEXT, parent) in known:
                ends = (self._stored(gathering, Kind.CONTEXT, name) for name in (child, parent))
                gathering.nest(*ends)
            else:
                self.skipped["parents of contexts that are not in the file"] += 1
        for place, given in self._listed("events"):
            event = self._checked(_Event, place, given)
            if event is None:
                continue
            if event.type not in ("INPUT", "OUTPUT"):
                self.skipped["events without a direction"] += 1
            elif {(Kind.ARTIFACT, event.artifact), (Kind.EXECUTION, event.execution)} <= known:
                gathering.event(
                    self._stored(gathering, Kind.EXECUTION, event.execution),
                    self._stored(gathering, Kind.ARTIFACT, event.artifact),
                    EventType(event.type),
                    at=_milliseconds(event.event_time),
                )
            else:
                self.skipped["events that name what is not in the file"] += 1
            if len(gathering) >= _BATCH:
                yield gathering.take()
        if len(gathering):
            yield gathering.take()

    def _take_in(self, gathering: SubgraphBuilder, kind: Kind, node: _Node) -> None:
        short = node.name.rpartition("/")[2]
        fields: dict[str, Any] = {
            "properties": {"display_name": node.display_name or None, **_properties(node)},
            "created": _milliseconds(node.create_time),
            "updated": _milliseconds(node.update_time),
        }
        origin, type_ = self._origin(node.name), node.schema_title or f"vertex.{kind.label}"
        called = f"{node.display_name} {short[:12]}".strip()
        if kind is Kind.ARTIFACT:
            gathering.artifact(
                origin,
                type_,
                base=_BASES.get(type_),
                name=called,
                uri=node.uri,
                state=_ARTIFACT_STATES.get(node.state),
                **fields,
            )
        elif kind is Kind.EXECUTION:
            state = _EXECUTION_STATES.get(node.state)
            gathering.execution(origin, type_, name=called, state=state, **fields)
        else:
            gathering.context(origin, type_, called, **fields)

    def _nodes(self) -> Iterator[tuple[str, Kind, Mapping[str, Any]]]:
        for kind in (Kind.CONTEXT, Kind.ARTIFACT, Kind.EXECUTION):
            for place, given in self._listed(f"{kind.value}s"):
                yield place, kind, given

    def _listed(self, name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        for document, found in self._documents:
            items = found.get(name)
            for number, given in enumerate(items if isinstance(items, list) else ()):
                place = f"{self._place}{document}: {name}[{number}]"
                if isinstance(given, dict):
                    yield place, given
                else:
                    self.problem(place, "it is no JSON object")

    def _checked(self, shape: type[Any], place: str, given: Mapping[str, Any]) -> Any:
        try:
            return shape.model_validate(given)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            self.problem(place, f"{'.'.join(map(str, first['loc']))}: {first['msg']}")
            return None

    def _stored(self, gathering: SubgraphBuilder, kind: Kind, name: str) -> int:
        return gathering.stored(kind, self._origin(name))

    def _origin(self, name: str) -> str:
        return f"vertex:{name}"


def _documents(
    path: Path, problem: Callable[[str, str], None]
) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the JSON objects of a file, each with its place where there are several; others are a problem."""
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_FILE_BYTES + 1)
    except FileNotFoundError:
        raise NotFound(f"There is no file {path}.") from None
    except OSError as error:
        raise BadFile(f"{path} cannot be read: {error.strerror or error}.") from error
    if len(content) > _MAX_FILE_BYTES:
        raise BadFile(f"{path} has more than {_MAX_FILE_BYTES // 2**20} MB.")
    content = content.replace(rb"\u0000", rb"\ufffd")  # the character that no store keeps
    try:
        found = from_json(content, allow_inf_nan=False)
        items = list(enumerate(found if isinstance(found, list) else [found], start=1))
    except ValueError:
        items = [
            (number, _line(line))
            for number, line in enumerate(content.splitlines(), start=1)
            if line.strip()
        ]
    for number, item in items:
        if not isinstance(item, dict):
            problem(f"{path}:{number}", "it is no JSON object")
    objects = [(number, item) for number, item in items if isinstance(item, dict)]
    return [(f":{number}" if len(items) > 1 else "", item) for number, item in objects]


def _line(line: bytes) -> Any:
    """Return the value of a line, None where it is no JSON."""
    try:
        return from_json(line, allow_inf_nan=False)
    except ValueError:
        return None


def _properties(node: _Node) -> dict[str, Value | None]:
    """Return metadata as properties; lists and what no property holds become a struct of their own."""
    found: dict[str, Value | None] = {}
    rest: dict[str, Any] = {}
    for name, value in node.metadata.items():
        plain = isinstance(value, (str, bool, int, float, dict)) and bool(name)
        if isinstance(value, int) and not INT64_LOW <= value <= INT64_HIGH:
            plain = False
        (found if plain else rest)[name[:250]] = value
    return {
        **found,
        "metadata": rest or None,
        "labels": node.labels or None,
        "description": node.description or None,
        "schema_version": node.schema_version or None,
    }


def _milliseconds(moment: datetime | None) -> int | None:
    return None if moment is None else max((moment - _EPOCH) // timedelta(milliseconds=1), 0)
