"""A name is one name in PROV-JSON and in PROV-N, whatever characters it has."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lineage_graph.exchange.prov import ProvSource
from lineage_graph.exchange.prov.spelling import readable, spelt
from lineage_graph.exchange.writing import WRITERS, About, collected
from lineage_graph.model import Subgraph

NAMES = (
    "a b",
    "a%20b",
    "100%",
    "it’s",
    "x|y",
    "weird'name)x,y",
    "<q>",
    "50×2",
    'q"q',
    "ü/漢",
    "[x]=1",
    "a;b:c",
    "k{0}^`\\",
)


def read(path: Path) -> Subgraph:
    with ProvSource(path) as source:
        return collected(source.batches())


def test_both_notations_name_the_same(tmp_path: Path) -> None:
    path = tmp_path / "document.json"
    entities: dict[str, dict[str, str]] = {f"ex:{name}": {} for name in NAMES}
    path.write_text(json.dumps({"prefix": {"ex": "http://example.org/"}, "entity": entities}))
    first = read(path)
    origins = {node.origin for node in first.artifacts}
    assert len(origins) == len(NAMES) - 1  # the first two are one
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # none would reach a terminal
        for name in ("prov", "provn"):
            with (tmp_path / f"copy.{name}").open("wb") as file:
                assert not WRITERS[name].write([first], file, About("s"))
    for name in ("prov", "provn"):
        found = read(tmp_path / f"copy.{name}")
        assert {node.origin for node in found.artifacts} == origins
        assert {node.name for node in found.artifacts} == {node.name for node in first.artifacts}


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_a_spelling_is_its_own_and_reads_as_what_it_spells(name: str) -> None:
    once = spelt(name)
    assert spelt(once) == once
    assert spelt(readable(once)) == once


@pytest.mark.parametrize("local", ["a%2Fb", "a%20b%2F"])
def test_escapes_that_mean_something_stay(local: str) -> None:
    assert readable(local) == local
