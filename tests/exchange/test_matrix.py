"""Every writer that has a reader × every sample, and random graphs: what is read back is what was written.

What a writer loses by its own words is taken out of both sides first, and nothing else.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineage_graph.exchange import open_source
from lineage_graph.exchange.writing import WRITERS, About, collected
from lineage_graph.model import (
    Artifact,
    ArtifactState,
    ArtifactType,
    Association,
    Attribution,
    BaseType,
    Context,
    ContextType,
    Event,
    EventType,
    Execution,
    ExecutionState,
    ExecutionType,
    Kind,
    Node,
    ParentContext,
    Proto,
    SameAs,
    Subgraph,
    kind_of,
)
from lineage_graph.model.links import ENDS
from tests.conftest import DATA
from tests.exchange.held import held
from tests.exchange.repositories import unpacked
from tests.model.test_json import values

SAMPLES = ("tfx", "kinds", "dbt", "dvc", "lfs", "mlflow")
ABOUT = About("made-here")


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Subgraph]:
    """Returns what a store would hold of a sample; each is read once."""
    folder = tmp_path_factory.mktemp("samples")
    known: dict[str, Subgraph] = {}

    def sample(name: str) -> Subgraph:
        if name not in known:
            with open_source(_place(name, folder)) as source:
                known[name] = collected([held(source.batches(), keyed=source.keyed)])
        return known[name]

    return sample


def _place(name: str, folder: Path) -> Path:
    if name == "tfx":
        return DATA / "tfx_mlmd.sqlite"
    if name == "kinds":
        place = folder / "kinds.sqlite"
        place.write_bytes(gzip.decompress((DATA / "mlmd_v10.sqlite.gz").read_bytes()))
        return place
    if name == "dbt":
        return DATA / "dbt_ol_events.ndjson"
    if name == "mlflow":
        unpacked("mlflow", folder)
        return folder / "mlflow.db"
    return unpacked(f"{name}_repo", folder)


Named = Callable[[Node], str]


def _exactly(value: Any) -> tuple[str, Any]:
    """Return a value with its kind, for True is 1 to Python, and NaN not itself."""
    return kind_of(value).value, "NaN" if value != value else value


def all_values(value: Any) -> bool:
    return True


def held_by_ml_metadata(value: Any) -> bool:
    """Say whether ML Metadata's library reads a value again as it was: no NaN, no NUL, no message without a type."""
    if isinstance(value, Proto):
        return value.type_url != "" and "\0" not in value.type_url
    return bool(value == value) and not (isinstance(value, str) and "\0" in value)


def essence(
    graph: Subgraph,
    named: Named,
    without: frozenset[str] = frozenset(),
    keeps: Callable[[Any], bool] = all_values,
) -> dict[str, Any]:
    """Return what a graph says, whatever the order: nodes and links by how their nodes are named."""
    found: dict[str, Any] = {
        type_.kind.value + " " + type_.name: [
            type_.version, type_.description, type_.external_id, type_.base_type, {*type_.properties.items()},
        ]
        for type_ in graph.types
        if type_.name not in {base.value for base in BaseType}  # every ML Metadata store has those
    }  # fmt: skip
    names = {(node.kind, node.id): named(node) for node in graph.nodes}
    assert len({*names.values()}) == len(graph)
    for node in graph.nodes:
        told = node.model_dump(exclude={"id", "type_id", "origin", "type_version"})
        told["version"] = node.type_version or ""
        for time in ("create_time_since_epoch", "last_update_time_since_epoch"):
            told[time] = told[time] or 0
        for home in ("properties", "custom_properties"):
            held_ones = getattr(node, home).items()
            told[home] = {key: _exactly(value) for key, value in held_ones if keeps(value)}
        found[names[node.kind, node.id]] = told
    for field, ends in ENDS.items():
        if field in without:
            continue
        found[field] = set()
        for link in getattr(graph, field):
            told = {key: value for key, value in link.model_dump().items() if key not in without}
            for end, kind in ends.items():
                told[end] = names[kind, told[end]]
            found[field].add(repr(told))
    return found


def by_id(node: Node) -> str:
    return str(node.ref)


def by_origin(node: Node) -> str:
    return f"{node.kind.value} " + (node.origin or f"store:made-here:{node.kind.value}:{node.id}")


def flow(graph: Subgraph) -> set[tuple[str, str]]:
    """Return what flowed where; runs and versions told of in OpenLineage's words are known by ours."""
    names = {(node.kind, node.id): _told_as(node) for node in graph.nodes}
    found = set()
    for event in graph.events:
        ends = (names[Kind.ARTIFACT, event.artifact_id], names[Kind.EXECUTION, event.execution_id])
        found.add(ends if event.type.is_input else ends[::-1])
    return found


def _told_as(node: Node) -> str:
    for facet in ("lineageGraph_execution", "lineageGraph_artifact"):
        if isinstance(own := node.custom_properties.get(facet), dict):
            return str(own["ref"])
    return node.origin if (node.origin or "").startswith("openlineage:") else str(node.ref)  # type: ignore[return-value]


def rewritten(graph: Subgraph, name: str, path: Path) -> Subgraph:
    """Write a graph, and read what was written; nothing may be left out on the way in."""
    with path.open("wb") as stream:
        WRITERS[name].write([graph], stream, ABOUT)
    with open_source(path) as source:
        found = collected([held(source.batches(), keyed=source.keyed)])
        assert not source.problems
        assert not source.skipped
    return found


LOSES: dict[str, tuple[frozenset[str], Callable[[Any], bool]]] = {
    "jsonl": (frozenset(), all_values),
    "mlmd": (frozenset({"columns", "same_as", "inferred_at"}), held_by_ml_metadata),
    "prov": (
        frozenset({"columns", "same_as"}),
        all_values,
    ),  # what is the same is linked by the rule
    "provn": (frozenset({"columns", "same_as"}), all_values),
}
READ_AGAIN = (*LOSES, "openlineage")


def check(graph: Subgraph, name: str, path: Path) -> None:
    again = rewritten(graph, name, path)
    if name == "openlineage":
        assert flow(again) == flow(graph)
        return
    named = by_origin if name.startswith("prov") else by_id
    without, keeps = LOSES[name]
    after, before = (essence(one, named, without, keeps) for one in (again, graph))
    assert after == before


@pytest.mark.parametrize("sample", SAMPLES)
@pytest.mark.parametrize("name", READ_AGAIN)
def test_a_sample_is_read_back_as_it_was_written(
    name: str, sample: str, samples: Callable[[str], Subgraph], tmp_path: Path
) -> None:
    graph = samples(sample)
    assert graph.events
    check(graph, name, tmp_path / f"sample.{WRITERS[name].suffix}")


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=8)
PROPERTIES = st.dictionaries(TEXTS, values, max_size=3)
MOMENTS = st.integers(0, 2**42)


@st.composite
def graphs(draw: st.DrawFn) -> Subgraph:
    """Graphs as a store holds them: names are one's own in a type, each link is there once."""
    types = [
        made(
            id=10 + number,
            name=f"{made.__name__} {draw(TEXTS)}",
            version=draw(st.sampled_from(["", "2"])),
            description=draw(st.none() | TEXTS),
            base_type=draw(st.none() | st.just(base)) if base else None,
        )
        for number, (made, base) in enumerate(
            ((ArtifactType, BaseType.MODEL), (ExecutionType, BaseType.TRAIN), (ContextType, None))
        )
    ]
    nodes: dict[Kind, list[Node]] = {}
    kinds = (Artifact, Execution, Context)
    for type_, kind in zip(types, kinds, strict=True):
        found = []
        for id, name in enumerate(draw(st.lists(TEXTS, max_size=3, unique=True)), start=1):
            made_at = draw(MOMENTS)
            told: dict[str, Any] = {
                "type_id": type_.id,
                "type_version": type_.version or None,
                "properties": {},
                "custom_properties": draw(PROPERTIES),
                "create_time_since_epoch": made_at,
                "last_update_time_since_epoch": made_at + draw(st.integers(1, 2**30)),
            }
            if kind is Artifact:
                told["uri"] = draw(st.just("") | TEXTS)
                told["state"] = draw(st.sampled_from(ArtifactState))
            elif kind is Execution:
                told["last_known_state"] = draw(st.sampled_from(ExecutionState))
            found.append(kind(id=id, type=type_.name, name=name, **told))
        nodes[kind.kind] = found
    ids = {kind: [node.id or 0 for node in found] for kind, found in nodes.items()}
    artifact, execution, context = (ids[kind] for kind in Kind)

    def pairs(one: list[int], other: list[int]) -> list[tuple[int, int]]:
        if not (one and other):
            return []
        ends = st.tuples(st.sampled_from(one), st.sampled_from(other))
        return draw(st.lists(ends, max_size=4, unique=True))

    return Subgraph(
        artifact_types=(types[0],),
        execution_types=(types[1],),
        context_types=(types[2],),
        artifacts=tuple(nodes[Kind.ARTIFACT]),
        executions=tuple(nodes[Kind.EXECUTION]),
        contexts=tuple(nodes[Kind.CONTEXT]),
        events=tuple(
            Event(
                artifact_id=one,
                execution_id=other,
                type=draw(st.sampled_from(EventType)),
                path=tuple(draw(st.lists(st.integers(0, 9) | TEXTS, max_size=2))),
                milliseconds_since_epoch=draw(MOMENTS),
            )
            for one, other in pairs(artifact, execution)
        ),
        attributions=tuple(
            Attribution(artifact_id=a, context_id=c) for a, c in pairs(artifact, context)
        ),
        associations=tuple(
            Association(execution_id=e, context_id=c) for e, c in pairs(execution, context)
        ),
        parent_contexts=tuple(
            ParentContext(child_id=child, parent_id=parent)
            for child, parent in pairs(context, context)
            if child > parent
        ),
        same_as=tuple(
            SameAs(artifact_id=one, other_id=other, by="md5")
            for one, other in pairs(artifact, artifact)
            if one < other
        ),
    )


@pytest.mark.parametrize("name", READ_AGAIN)
@given(graph=graphs())
def test_any_graph_is_read_back_as_it_was_written(
    name: str, graph: Subgraph, tmp_path: Path
) -> None:
    if name == "openlineage":  # there a step that reads and writes the same makes a version of it
        read = {(e.execution_id, e.artifact_id) for e in graph.events if e.type.is_input}
        events = [
            e
            for e in graph.events
            if e.type.is_input or (e.execution_id, e.artifact_id) not in read
        ]
        graph = graph.model_copy(update={"events": tuple(events)})
        if not (graph.artifacts or graph.executions):
            return  # of contexts alone there is no event to tell
    if not len(graph):
        return
    check(graph, name, tmp_path / f"any.{WRITERS[name].suffix}")
