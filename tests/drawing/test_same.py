"""What is the same thing, in a picture: a wire of its own, in the direction data flows, and no event."""

from __future__ import annotations

from lineage_graph.drawing.files import format_of
from lineage_graph.drawing.picture import draw
from lineage_graph.model import (
    Artifact,
    Degree,
    Event,
    EventType,
    Execution,
    Kind,
    Ref,
    SameAs,
    Subgraph,
)


def graph() -> Subgraph:
    """1 was made; 2, which was there first, was read: they are the same, by two proofs."""
    return Subgraph(
        artifacts=(
            Artifact(id=1, type="Data", create_time_since_epoch=2000),
            Artifact(id=2, type="Data", create_time_since_epoch=1000),
        ),
        executions=(Execution(id=1, type="Make"), Execution(id=2, type="Use")),
        events=(
            Event(artifact_id=1, execution_id=1, type=EventType.OUTPUT),
            Event(artifact_id=2, execution_id=2, type=EventType.INPUT),
        ),
        same_as=(
            SameAs(artifact_id=2, other_id=1, by="md5"),
            SameAs(artifact_id=2, other_id=1, by="uri"),
        ),
    )


def test_a_wire_leads_from_where_it_was_made_to_where_it_was_used() -> None:
    picture = draw(graph())
    keys = [card.key for card in picture.cards]
    (wire,) = (wire for wire in picture.wires if wire.type == "SAME_AS")
    assert (keys[wire.source], keys[wire.target], wire.path) == (
        "artifact/1",
        "artifact/2",
        "md5, uri",
    )
    x = {card.key: card.x for card in picture.cards}
    assert x["execution/1"] < x["artifact/1"] < x["artifact/2"] < x["execution/2"]
    assert (len(picture.wires), picture.events) == (3, 2)


def test_what_is_drawn_is_not_hidden_as_well() -> None:
    both = {Ref(Kind.ARTIFACT, 1): Degree(2, 1), Ref(Kind.ARTIFACT, 2): Degree(1, 2)}
    assert {
        card.hidden_upstream + card.hidden_downstream for card in draw(graph(), (), both).cards
    } == {0}
    alone = graph().model_copy(update={"artifacts": graph().artifacts[:1]})
    (card,) = (card for card in draw(alone, (), both).cards if card.key == "artifact/1")
    assert (card.hidden_upstream, card.hidden_downstream) == (1, 1)


def test_files_draw_it_apart() -> None:
    picture = draw(graph())
    svg = format_of("x.svg").write(picture, "x")
    assert svg.count('class="wire alike"') == svg.count('class="equals"') == 1
    assert 'style=dotted, dir=none, xlabel="="' in format_of("x.dot").write(picture, "x")
    assert '-.-|"#61;"|' in format_of("x.mmd").write(picture, "x")
