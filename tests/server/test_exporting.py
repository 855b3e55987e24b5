"""A whole store, or the lineage of a node, in every format that anything writes."""

from __future__ import annotations

import io

import pytest

from lineage_graph.exchange.writing import About, collected
from lineage_graph.model import Kind, Ref
from lineage_graph.pictures.exporting import formats, lineage_of, whole
from lineage_graph.store import Direction, Store


@pytest.mark.parametrize("name", formats())
def test_every_format_takes_a_whole_store(tfx: Store, name: str) -> None:
    stream = io.BytesIO()
    formats()[name].write(tfx.dump(), stream, About(tfx.id))
    assert stream.getvalue()
    assert not stream.closed


def test_names_and_ends_of_formats_are_their_own() -> None:
    for name, writer in formats().items():
        for suffix in writer.suffixes:
            meant = [one.name for one in formats().values() if one.is_meant(f"lineage.{suffix}")]
            assert meant == [name]


def test_a_lineage_stands_for_itself(tfx: Store) -> None:
    graph, complete = lineage_of(tfx, Ref(Kind.ARTIFACT, 20), Direction.UPSTREAM, None, 10_000)
    assert complete
    found = collected(whole(tfx, graph))
    assert {node.type_id for node in found.nodes} == {one.id for one in found.types}
    refs = {node.ref for node in found.nodes}
    for link in found.attributions:
        assert {Ref(Kind.ARTIFACT, link.artifact_id), Ref(Kind.CONTEXT, link.context_id)} <= refs
    everything = collected(tfx.dump())
    ids = {artifact.id for artifact in found.artifacts}
    held = [link for link in everything.attributions if link.artifact_id in ids]
    assert {*found.attributions} == {*held}
    assert len(found.attributions) > 5
    assert not lineage_of(tfx, Ref(Kind.ARTIFACT, 20), Direction.UPSTREAM, None, 5)[1]


def test_a_run_is_what_its_steps_read_and_wrote(tfx: Store) -> None:
    graph, _ = lineage_of(tfx, Ref(Kind.CONTEXT, 38), Direction.BOTH, None, 10_000)
    everything = collected(tfx.dump())
    steps = {link.execution_id for link in everything.associations if link.context_id == 38}
    assert steps <= {execution.id for execution in graph.executions}
    events = [event for event in everything.events if event.execution_id in steps]
    assert {*events} <= {*graph.events}
