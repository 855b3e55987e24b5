"""SVG: one well-formed document, whatever the names are."""

from __future__ import annotations

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from lineage_graph.drawing.picture import draw
from lineage_graph.drawing.svg import svg
from lineage_graph.model import (
    Artifact,
    Degree,
    Event,
    EventType,
    Execution,
    ExecutionState,
    Kind,
    Ref,
    Subgraph,
)
from lineage_graph.model.labels import short_type

SPACE = "{http://www.w3.org/2000/svg}"


def graph(name: str) -> Subgraph:
    return Subgraph(
        artifacts=(Artifact(id=1, type=name or "T", name=name, uri=name),),
        executions=(
            Execution(id=1, type=name or "T", name=name, last_known_state=ExecutionState.FAILED),
        ),
        events=(Event(artifact_id=1, execution_id=1, type=EventType.INPUT),),
    )


@given(st.text(max_size=60))
def test_every_name_can_be_drawn(name: str) -> None:
    picture = draw(graph(name), [Ref(Kind.ARTIFACT, 1)])
    root = ElementTree.fromstring(svg(picture, name))
    assert len(root.findall(f"{SPACE}g")) == 2
    assert len(root.findall(f"{SPACE}path")) == 1
    assert not root.findall(f".//{SPACE}script")


def test_hidden_neighbours_are_counted() -> None:
    degrees = {Ref(Kind.ARTIFACT, 1): Degree(2, 5), Ref(Kind.EXECUTION, 1): Degree(1, 0)}
    artifact, execution = draw(graph("x"), [], degrees).cards
    assert (artifact.hidden_upstream, artifact.hidden_downstream) == (2, 4)
    assert (execution.hidden_upstream, execution.hidden_downstream) == (0, 0)


def test_an_empty_picture() -> None:
    assert draw(Subgraph()).cards == ()
    ElementTree.fromstring(svg(draw(Subgraph()), "nothing"))


def test_dotted_types_are_shortened_to_what_people_say() -> None:
    assert short_type("tfx.components.trainer.component.Trainer") == "Trainer"
    assert short_type("Model") == "Model"
    assert short_type("v1.2 model") == "v1.2 model"
    assert short_type("...") == "..."
