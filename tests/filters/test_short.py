"""Short forms: bare names, what is upstream, downstream and within something, and as of a moment."""

from __future__ import annotations

import operator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineage_graph.catalog.scanner import parameters
from lineage_graph.errors import InvalidArgument
from lineage_graph.filters import compile_filter
from lineage_graph.model import Artifact, Event, Execution, Kind, Subgraph
from lineage_graph.store import Find, PutOptions, Store
from tests.filters.test_recordings import the_world
from tests.store.build import with_types

FOUND = {
    Kind.ARTIFACT: [
        ("upstream_of(6)", [1]),
        ("upstream_of('artifact/5')", [1, 2]),
        ("UPSTREAM_OF('execution/3')", [1, 2, 5]),
        ("downstream_of(1)", [5, 6]),
        ("downstream_of('execution/4')", [7]),
        ("upstream_of('execution/3') AND downstream_of(1)", [5]),
        ("NOT upstream_of(5)", [3, 4, 5, 6, 7, 8, 9]),
        ("upstream_of(5) AND i = 1 OR name = 'B'", [1, 3]),
        ("upstream_of(8)", []),
        ("within('r1')", [1, 2, 5]),
        ("within('p1')", [1, 2, 5, 6]),
        ("within(2)", [5, 6, 7]),
        ("within('context/2') AND NOT within('p1')", [7]),
        ("within('p1') AND events_any.type = OUTPUT", [5]),
        ("contexts_a.name = 'r1' AND downstream_of(2)", [5]),
        ("within('R1')", [7]),
    ],
    Kind.EXECUTION: [
        ("upstream_of(5)", [1, 3]),
        ("downstream_of('execution/1')", [3]),
        ("within('p1')", [1, 2, 3]),
        ("within('p2') AND NOT downstream_of(1)", [4]),
        ("as_of('1970-01-01')", []),
    ],
    Kind.CONTEXT: [
        ("within('p2')", [4, 5]),
        ("within('p2') AND i = 3", [5]),
    ],
}
BARE = [
    (Kind.ARTIFACT, "x = 5", [1, 2]),
    (Kind.ARTIFACT, "x = '5'", [3]),
    (Kind.ARTIFACT, "x", [4]),
    (Kind.ARTIFACT, "x IS NULL", [7, 9]),
    (Kind.ARTIFACT, "NOT x = 5", [6, 8]),
    (Kind.ARTIFACT, "`my key` > 0.5", [1]),
    (Kind.ARTIFACT, "`my:key` LIKE 'V'", [1]),
    (Kind.ARTIFACT, "x = 5 OR name = 'B'", [1, 2, 3]),
    (Kind.ARTIFACT, "i BETWEEN 1 AND 2", [1, 5]),
    (Kind.ARTIFACT, "i IN (1, 2.0)", [1, 5]),
    (Kind.ARTIFACT, "LOWER(s) = 'abc' AND id < 3", [1, 2]),
    (Kind.ARTIFACT, "i + x = 6", [1]),
    (Kind.ARTIFACT, "i = x", []),
    (Kind.ARTIFACT, "CAST(x AS STRING) = '5'", [1, 3]),
    (Kind.ARTIFACT, "COALESCE(d, 0) >= 1", [1, 4, 8]),
    (Kind.ARTIFACT, "LIVE = state AND id = 1", [1]),
    (Kind.ARTIFACT, "nobody_has_this > 1", []),
    (Kind.CONTEXT, "i >= 2", [4, 5]),
]
WRONG = [
    ("upstream_of(x)", 0, "upstream_of takes one artifact or execution"),
    ("id = 1 AND upstream_of(2, 3)", 11, "upstream_of takes one artifact or execution"),
    ("upstream_of('context/1')", 12, "upstream_of takes one artifact or execution"),
    ("downstream_of(2.5)", 14, "downstream_of takes one artifact or execution"),
    ("within(NULL)", 7, "within takes one context"),
    ("as_of('yesterday')", 6, "as_of takes one moment"),
    ("as_of(true)", 6, "as_of takes one moment"),
    ("state = x", 8, "a word of the enumeration was expected"),
    ("properties.x = 1", 0, "is no value of a property"),
    ("contexts_a.x = 1", 0, "there is no 'contexts_a.x'"),
    ("upstream_of(1) = 2", 17, "a condition was expected, this is a whole number"),
    ("accuracy LIKE 5", 14, "LIKE takes a text in quotes"),
]


def found(store: Store, kind: Kind, where: str) -> list[int | None]:
    page = store.find(Find(kind=kind, where=where, limit=1000, counted=False))
    return [node.id for node in page.nodes]


def test_what_is_found(store: Store) -> None:
    store.put(the_world())
    for kind, cases in FOUND.items():
        for where, expected in cases:
            assert found(store, kind, where) == expected, where
    for kind, where, expected in BARE:
        assert found(store, kind, where) == expected, where
    assert store.pages.matching(Kind.ARTIFACT, [2, 3], "upstream_of(5)") == {2}
    with pytest.raises(InvalidArgument, match=r"there is no artifact/99 \(line 1, column 26\)"):
        found(store, Kind.ARTIFACT, "id = 1 AND downstream_of(99)")
    with pytest.raises(InvalidArgument, match="there is no context called 'r9'"):
        found(store, Kind.ARTIFACT, "NOT within('r9')")
    with pytest.raises(InvalidArgument, match="there is no execution/99"):
        store.pages.matching(Kind.ARTIFACT, [1], "upstream_of('execution/99')")


SIGNS = {"=": operator.eq, "<": operator.lt}


def fitting(one: tuple[Any, Any], wanted: type) -> Any:
    """The declared value where it is of the wanted type, else the custom one where that is."""
    return next((value for value in one if _kind(value) is wanted), None)


def _kind(value: Any) -> type:
    return float if type(value) is int else type(value)


def test_bare_names_do_what_they_say(store: Store) -> None:
    with_types(store)
    nodes: list[tuple[Any, Any]] = [
        (declared, custom)
        for declared in (None, -1, 0, 2)  # the type says that it is an integer
        for custom in (None, 1, 0.5, 2.0, -1.0, True, False, "a", "2", "")
    ]
    artifacts = tuple(
        Artifact(
            type="Data",
            properties={} if declared is None else {"i": declared},
            custom_properties={} if custom is None else {"i": custom},
        )
        for declared, custom in nodes
    )
    store.put(Subgraph(artifacts=artifacts))
    for sign, computes in SIGNS.items():
        for text, value in (("0.5", 0.5), ("2", 2.0), ("'a'", "a")):
            fits = [fitting(one, type(value)) for one in nodes]
            expected = [fit is not None and computes(fit, value) for fit in fits]
            refused = [fit is not None and not computes(fit, value) for fit in fits]
            for where, meets in ((f"i {sign} {text}", expected), (f"NOT i {sign} {text}", refused)):
                ids = [number for number, met in enumerate(meets, 1) if met]
                assert found(store, Kind.ARTIFACT, where) == ids, where


@pytest.mark.parametrize(("where", "position", "said"), WRONG)
def test_what_wrong_short_forms_say(where: str, position: int, said: str) -> None:
    with pytest.raises(InvalidArgument) as error:
        compile_filter(Kind.ARTIFACT, where, strict=False)
    assert said in error.value.message
    assert getattr(error.value, "position") == position  # noqa: B009


def test_contexts_are_not_upstream_of_anything() -> None:
    with pytest.raises(InvalidArgument, match="contexts have no events"):
        compile_filter(Kind.CONTEXT, "upstream_of(1)", strict=False)


@pytest.mark.parametrize("text", [text for cases in FOUND.values() for text, _ in cases])
def test_the_strict_language_has_no_short_forms(text: str) -> None:
    if "_of(" in text.lower() or "within" in text.lower():
        with pytest.raises(InvalidArgument, match="there is no function"):
            compile_filter(Kind.ARTIFACT, text)


@given(name=st.text(min_size=1, max_size=12), value=st.text(max_size=12))
def test_names_and_values_are_bound(name: str, value: str) -> None:
    quoted = name.replace("\\", "\\\\").replace("`", "\\`").replace("\n", "_")
    text = value.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")
    where = f"NOT `{quoted}` = '{text}' OR within('{text}')"
    compiled = compile_filter(Kind.ARTIFACT, where, strict=False)
    assert parameters(compiled.condition) == {*compiled.values, compiled.sets[0].name}
    assert compiled.sets[0].ref is not None or compiled.sets[0].context == value


def ladder(rungs: int) -> Subgraph:
    """A chain of diamonds: 2^rungs paths from its first artifact to its last."""
    artifacts, executions, events = [Artifact(id=1, type="Data")], [], []
    for rung in range(rungs):
        top = 3 * rung + 1
        for side in (1, 2):
            artifacts.append(Artifact(id=top + side, type="Data"))
            for number, source, target in ((0, top, top + side), (1, top + side, top + 3)):
                execution = 4 * rung + 2 * side + number - 1
                executions.append(Execution(id=execution, type="Step"))
                events.append(Event(artifact_id=source, execution_id=execution, type="INPUT"))
                events.append(Event(artifact_id=target, execution_id=execution, type="OUTPUT"))
        artifacts.append(Artifact(id=top + 3, type="Data"))
    return Subgraph(artifacts=tuple(artifacts), executions=tuple(executions), events=tuple(events))


def test_a_ladder_of_paths_is_walked_node_by_node(store: Store) -> None:
    with_types(store)
    store.put(ladder(100), PutOptions(restore=True))  # 2^100 paths, and more ids than a list takes
    assert found(store, Kind.ARTIFACT, "upstream_of(301)") == list(range(1, 301))
    assert found(store, Kind.ARTIFACT, "downstream_of(1)") == list(range(2, 302))
    assert found(store, Kind.EXECUTION, "upstream_of(301)") == list(range(1, 401))
    assert found(store, Kind.ARTIFACT, "NOT upstream_of(301) OR id = 7") == [7, 301]
    assert found(store, Kind.ARTIFACT, "upstream_of(301) AND NOT upstream_of(298)") == [
        298,
        299,
        300,
    ]
    assert store.pages.matching(Kind.ARTIFACT, [5, 301, 999], "upstream_of(301)") == {5}
