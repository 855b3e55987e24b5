"""What is written: safe for a terminal, one line a cell, JSON that every parser reads."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lineage_graph.cli.output import CommandOutput, cell, safe
from lineage_graph.model import Artifact, ArtifactState, Kind, Proto, Ref
from lineage_graph.model.plain import moment, plain


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "yes"),
        (0.1 + 0.2, "0.3"),
        (Ref(Kind.ARTIFACT, 17), "artifact/17"),
        (ArtifactState.LIVE, "LIVE"),
        (Artifact(id=3, name="model"), "artifact/3 model"),
        ({"a": [1, None]}, '{"a": [1, null]}'),
        ("two\nlines", "two\\nlines"),
        ("a\tb", "a\\tb"),
        ("\x1b[2J", "\\x1b[2J"),
        ("grün [bold]", "grün [bold]"),
    ],
)
def test_a_cell_is_one_harmless_line(value: Any, text: str) -> None:
    assert cell(value) == text


def test_messages_keep_their_lines_but_no_control_character() -> None:
    assert safe("one\ntwo\r\x07") == "one\ntwo\\r\\x07"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (float("nan"), "NaN"),
        (float("-inf"), "-Infinity"),
        ((1, 2.5), [1, 2.5]),
        ({"ref": Ref(Kind.CONTEXT, 2)}, {"ref": "context/2"}),
        (Proto(type_url="t", value=b"\x00"), {"type_url": "t", "value": "AA=="}),
    ],
)
def test_json_holds_only_what_json_knows(value: Any, expected: Any) -> None:
    assert json.loads(json.dumps(plain(value), allow_nan=False)) == expected


def test_a_node_says_what_it_is() -> None:
    found = plain(Artifact(id=3, type="Model", properties={"loss": float("inf")}))
    assert found["ref"] == "artifact/3"
    assert found["properties"] == {"loss": {"DOUBLE": "Infinity"}}


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [
        (0, "1970-01-01 00:00:00"),
        (None, "not known"),
        (2**62, str(2**62)),
        (-1, "1969-12-31 23:59:59"),
    ],
)
def test_moments(milliseconds: int | None, text: str) -> None:
    assert moment(milliseconds) == text


def test_a_table_in_a_pipe_has_tabs(capsys: pytest.CaptureFixture[str]) -> None:
    CommandOutput().table(("a", "b"), [(1, "x\ty"), (None, "z")])
    assert capsys.readouterr().out == "a\tb\n1\tx\\ty\n\tz\n"


def test_notes_are_no_part_of_the_answer(capsys: pytest.CaptureFixture[str]) -> None:
    CommandOutput().note("by the way")
    with CommandOutput().progress("Reading", 3) as advance:
        advance(3)
    assert capsys.readouterr() == ("", "by the way\n")
