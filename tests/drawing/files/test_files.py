"""Files of a picture: each is read back by a program of its kind, whatever the names are."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
from dataclasses import replace
from xml.etree import ElementTree

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineage_graph.drawing.files import FORMATS, format_of
from lineage_graph.drawing.picture import Picture, draw
from lineage_graph.drawing.transforms.compose import Look
from lineage_graph.errors import InvalidArgument
from lineage_graph.model import (
    Artifact,
    Event,
    EventType,
    Execution,
    ExecutionState,
    Kind,
    Ref,
    SameAs,
    Subgraph,
)
from tests.drawing.graphs import artifacts, context, run, together
from tests.tools import tool

HOSTILE = (
    "plain",
    '</title><script>alert(1)</script><img src=x onerror="alert(1)">',
    "]]> & &amp; &#x202e; <!-- -->",
    "\x00\x01\x0b\x1f\x7f\x85\ud800\ufffe line\r\nbreak\ttab",
    "\u202eright to left \u05d0\u05d1\u05d2 \u0627\u0644\u0639",
    '" -> "x"; } digraph evil { a\\" \\N \\',
    '"] --> x; click x href "javascript:alert(1)" %%{init: {}}%% `#quot; #35;',
    "=HYPERLINK(1)",
    "+1",
    "-1",
    "@SUM(1)",
    " =1+1",
    "\t=1",
    "a,b;c\n'd'",
    "😀 " * 40,
    "---\ntitle: x\n---",
)


def named(name: str) -> Picture:
    graph = Subgraph(
        artifacts=(Artifact.model_construct(id=1, type=name or "T", name=name, uri=name),),
        executions=(
            Execution.model_construct(
                id=1, type=name or "T", name=name, last_known_state=ExecutionState.FAILED
            ),
        ),
        events=(
            Event(artifact_id=1, execution_id=1, type=EventType.INPUT, path=("a", 1)),
            Event(artifact_id=1, execution_id=1, type=EventType.DECLARED_INPUT),
        ),
    )
    return draw(graph, [Ref(Kind.ARTIFACT, 1)])


def several() -> Picture:
    """Six alike in a stack, a folded context, a comparison's marks, and matches."""
    graph = together(
        artifacts(1, *range(10, 16), 30, 31),
        *(run(number, [1], [number + 8]) for number in range(2, 8)),
        run(20, [1], [30]),
        run(21, [30], [31], last_known_state=ExecutionState.CACHED),
        context(5, [20, 21]),
    )
    changes = {Ref(Kind.ARTIFACT, 1): "added"}
    look = Look(fold=frozenset({"context/5"}))
    return draw(graph, changes=changes, look=look, lit=[Ref(Kind.ARTIFACT, 1)])


def write(suffix: str, picture: Picture, title: str = "A title") -> str:
    text = FORMATS[suffix].write(picture, title)
    text.encode()  # every file is UTF-8
    return text


@pytest.mark.parametrize("name", HOSTILE)
def test_xml_holds_any_name(name: str) -> None:
    for suffix in ("svg", "graphml"):
        root = ElementTree.fromstring(write(suffix, named(name), name))
        assert {element.tag.partition("}")[2] for element in root.iter()}.isdisjoint(
            {"script", "img", "foreignObject", "a"}
        )


def test_networkx_reads_graphml() -> None:
    picture = several()
    graph = networkx.parse_graphml(write("graphml", picture))
    assert isinstance(graph, networkx.DiGraph)
    assert list(graph) == [card.key for card in picture.cards]
    cards = picture.cards
    assert set(graph.edges) == {(cards[w.source].key, cards[w.target].key) for w in picture.wires}
    stack = graph.nodes["stack/artifact/10"]
    assert (stack["holds"], stack["kind"], stack["matches"]) == (6, "stack", False)
    assert graph.nodes["artifact/1"]["change"] == "added"
    assert graph.nodes["artifact/1"]["matches"] is True
    assert sum(data["events"] for *_, data in graph.edges(data=True)) == picture.events


@given(st.text(max_size=40))
def test_networkx_reads_any_name(name: str) -> None:
    graph = networkx.parse_graphml(write("graphml", named(name)))
    assert set(graph) == {"artifact/1", "execution/1"}
    assert graph.number_of_edges("artifact/1", "execution/1") == 2


def test_graphviz_reads_dot_with_any_name() -> None:
    tool("dot")
    text = "".join(write("dot", named(name), name) for name in HOSTILE)
    done = subprocess.run(
        ["dot", "-Tjson0"], input=text, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stderr == ""
    read, at = [], 0
    while at < len(done.stdout.rstrip()):
        graph, length = json.JSONDecoder().raw_decode(done.stdout[at:].lstrip())
        at += len(done.stdout[at:]) - len(done.stdout[at:].lstrip()) + length
        read.append(graph)
    assert len(read) == len(HOSTILE)
    for graph in read:
        assert [node["name"] for node in graph["objects"]] == ["artifact/1", "execution/1"]
        assert len(graph["edges"]) == 2


def test_dot_says_what_the_picture_says() -> None:
    text = write("dot", several())
    assert text.count(" -> ") == len(several().wires)
    assert '"stack/artifact/10" [label="6 × Data' in text
    assert 'label="+ Data' in text
    assert "dashed" in text


@pytest.mark.parametrize("name", HOSTILE)
def test_mermaid_names_say_nothing_but_themselves(name: str) -> None:
    lines = write("mmd", named(name), name).splitlines()
    assert lines[0] == lines[2] == "---"
    assert lines[3] == "flowchart LR"
    node = re.compile(
        r'  n\d+[\[("]+(?:[\w .,\-_/…×–]|#\d+;|<br/>|[^\x00-\xff])*["\])]+', re.UNICODE
    )
    assert all(node.fullmatch(line) for line in lines[4:6]), lines
    assert lines[6:8] == ["  n0 --> n1", "  n0 -.-> n1"]
    assert all(line.startswith(("  classDef ", "  class ")) for line in lines[8:])


def test_mermaid_says_when_it_is_too_much_for_mermaid() -> None:
    few = write("mmd", several())
    assert "maxEdges" not in few
    assert '[["6 × Data' in few.replace("#215;", "×")
    many = together(artifacts(1), *(run(number, [1], []) for number in range(2, 600)))
    assert "598 edges" in write("mmd", draw(many))


@pytest.mark.parametrize("name", HOSTILE)
def test_no_cell_is_a_formula(name: str) -> None:
    for suffix in ("nodes.csv", "edges.csv"):
        rows = list(csv.reader(io.StringIO(write(suffix, named(name)), newline="")))
        assert len({len(row) for row in rows}) == 1
        assert len(rows) == 3
        assert not [c for row in rows for c in row if c.strip().startswith(("=", "+", "-", "@"))]


def test_tables_count_what_groups_hold() -> None:
    nodes = {row["key"]: row for row in csv.DictReader(io.StringIO(write("nodes.csv", several())))}
    assert nodes["stack/artifact/10"]["holds"] == "6"
    assert nodes["artifact/1"]["matches"] == "yes"
    edges = list(csv.DictReader(io.StringIO(write("edges.csv", several()))))
    assert sum(int(row["events"]) for row in edges) == several().events
    assert {row["source"] for row in edges} <= set(nodes)


def test_svg_shows_groups_and_changes() -> None:
    text = write("svg", several())
    assert text.count('class="box"') == len(several().cards)
    assert text.count('class="box back"') == 2 * len(several().groups)
    assert 'class="artifact added"' in text
    assert ">+</text>" in text
    assert "faint" in text


def test_names_of_files_say_their_format() -> None:
    assert format_of("a/lineage.SVG").suffix == "svg"
    assert format_of("x.nodes.csv").suffix == "nodes.csv"
    with pytest.raises(InvalidArgument, match=r"\.csv"):
        format_of("lineage.csv")


def test_dot_says_states_and_the_same_thing() -> None:
    """A failed step is red, an artifact blue, and a link between the same things has no direction."""
    text = write("dot", named("x"))
    (failed,) = [line for line in text.splitlines() if line.strip().startswith('"execution/1" [')]
    (made,) = [line for line in text.splitlines() if line.strip().startswith('"artifact/1" [')]
    assert '#c2352b"' in failed
    assert 'color="#3a76b8"' in made
    links = [line for line in text.splitlines() if " -> " in line]
    assert links
    assert not any("dir=none" in line for line in links)
    alike = Subgraph(
        artifacts=tuple(Artifact(id=n, type="T") for n in (1, 2)),
        same_as=(SameAs(artifact_id=2, other_id=1, by="md5"),),
    )
    (link,) = [
        line for line in FORMATS["dot"].write(draw(alike), "").splitlines() if " -> " in line
    ]
    assert "dir=none" in link


def test_the_list_of_the_html_file_names_what_is_before_and_after() -> None:
    text = FORMATS["html"].write(named("x"), "")
    rows = re.findall(r"<tr[^>]*>.*?</tr>", text, re.DOTALL)
    assert any("execution/1" in row and "artifact/1" in row for row in rows)


def test_an_ampersand_in_dot_is_no_entity() -> None:
    assert 'label="R&amp;D"' in write("dot", several(), "R&D")


@pytest.mark.parametrize(("letters", "is_told"), [(300, True), (40, False)])
def test_mermaid_says_when_it_is_too_long_for_mermaid(letters: int, is_told: bool) -> None:
    picture = several()
    cards = [replace(card, text="é" * letters) for card in picture.cards] * 50
    text = write("mmd", replace(picture, cards=tuple(cards), wires=()))
    assert ("maxTextSize" in text) is is_told


def test_mermaid_says_the_state_of_a_step_and_none_of_a_stack() -> None:
    assert "<br/>failed" in write("mmd", named("x"))
    stacks = [line for line in write("mmd", several()).splitlines() if "[[" in line]
    assert stacks
    assert not any("live" in line for line in stacks)
