"""Tokens of Cypher: what is code and what is not, also where somebody hides it."""

from __future__ import annotations

import pytest

from lineage_graph.catalog.tokens import tokens
from lineage_graph.errors import InvalidArgument


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("RETURN 'a(b' AS `c``d`", ["RETURN", "'a(b'", "AS", "c`d"]),
        ("a // x(\nb /* y( */ . c", ["a", "b", ".", "c"]),
        ("// hidden\rb(1)", ["b", "(", "1", ")"]),
        (r"'it\'s' + \"x\"".replace('\\"', '"'), [r"'it\'s'", "+", '"x"']),
        ("[*1..3] 1.5e-3 .5 0x1F", ["[", "*", "1", ".", ".", "3", "]", "1.5e-3", ".", "5", "0x1F"]),
        ("größe", ["größe"]),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert [token.text for token in tokens(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "'open",
        '"open',
        "`open",
        "/* open",
        "a \\ b",
        r"\u0061poc.x()",
        r"'\u0027'",
        "a\u2003(b)",
        "a\u00ad(",
    ],
)
def test_what_two_engines_could_read_differently(text: str) -> None:
    with pytest.raises(InvalidArgument):
        tokens(text)
