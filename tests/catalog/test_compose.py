"""What Cypher cannot bind comes from closed vocabularies; everything else is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineage_graph.catalog.compose import (
    CORE_LABELS,
    EVENTS,
    EXAMPLES,
    FLOW,
    LINK_TYPES,
    fill,
    holes_of,
    label_of,
)
from lineage_graph.catalog.scanner import first_write, mask, parameters
from lineage_graph.errors import InvalidArgument
from lineage_graph.model import Kind


def test_every_hole_has_an_example_that_fits() -> None:
    for hole, example in EXAMPLES.items():
        text = f"(<{hole}>)"
        assert holes_of(text) == {hole}
        assert "<" not in fill(text, **{hole: example})


@pytest.mark.parametrize(
    ("hole", "wrong"),
    [
        ("kind", "Artifact) DETACH DELETE (n"),
        ("source", "store"),
        ("link", "INPUT|OUTPUT"),
        ("link", "OWNS"),
        ("links", "INPUT|OWNS"),
        ("links", ""),
        ("hops", 0),
        ("hops", 10_000_001),
        ("hops", "1"),
        ("hops", 1.0),
    ],
)
def test_what_is_in_no_vocabulary(hole: str, wrong: object) -> None:
    with pytest.raises((InvalidArgument, ValueError)):
        fill(f"<{hole}>", **{hole: wrong})


def test_a_hole_without_a_value() -> None:
    with pytest.raises(InvalidArgument, match="Nothing was given for <kind>"):
        fill("MATCH (n:<kind>)")
    assert fill("a <b> c", kind=Kind.ARTIFACT) == "a <b> c"


@given(st.text(max_size=200) | st.sampled_from(sorted(CORE_LABELS)))
def test_labels_are_safe_and_tell_names_apart(name: str) -> None:
    label = label_of(name)
    assert 0 < len(label) <= 80
    assert label == label.strip()
    assert not set(label) & set("`\\/:~<>|\"'\0\n")
    assert label not in CORE_LABELS
    assert label_of(name + "`") != label
    assert fill("<label>", label=name) == f"`{label}`"


def test_labels_of_plain_names_are_the_names() -> None:
    for name in ("Model", "tfx.components.Trainer", "my-type", "Größe", "a b"):
        assert label_of(name) == name
    for name in ("Artifact", "Store", "INPUT", "", " ", " x", "x ", "x" * 81, "a/b"):
        assert label_of(name) != name


def test_links_are_those_of_the_model() -> None:
    others = {"ATTRIBUTED_TO", "ASSOCIATED_WITH", "CHILD_OF", "SAME_AS", "COLUMN"}
    assert set(EVENTS.split("|")) | others == LINK_TYPES
    assert set(FLOW.split("|")) == set(EVENTS.split("|")) | {"SAME_AS"}


def test_the_scanner_knows_code_from_text() -> None:
    text = "MATCH (n) // $a\n/* $b\n $c */ WHERE n.x = '$d \\' $e' AND n.`$f``$g` = \"$h\" AND n.y = $i"
    assert parameters(text) == {"i"}
    assert mask(text).count("\n") == text.count("\n")
    assert len(mask(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("MATCH (n) RETURN n", None),
        ("MATCH (n)\nSET n.x = 1", ("SET", 1)),
        ("match (n) detach delete n", ("delete", 0)),
        ("LOAD\nCSV FROM 'x' AS l RETURN l", ("LOAD CSV", 0)),
        ("CALL apoc.load.json('x')", ("CALL apoc.load.json", 0)),
        ("CALL (n) { RETURN 1 }", None),
        ("CALL { CREATE (n) }", ("CREATE", 0)),
        ("RETURN n.set, $merge, 'DELETE', `DROP`", None),
        ("MATCH (:Set)-[:CREATE]->() RETURN {delete: 1}", None),
    ],
)
def test_words_that_write(text: str, found: tuple[str, int] | None) -> None:
    assert first_write(text) == found
