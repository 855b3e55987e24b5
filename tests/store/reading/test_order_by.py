"""Lists in the order of a property: numbers by value, then texts, last what has neither; pages stay right."""

from __future__ import annotations

import math
from typing import Any

import pytest

from lineage_graph.errors import InvalidArgument
from lineage_graph.model import Artifact, ArtifactType, Context, ContextType, Kind, Subgraph
from lineage_graph.store import Find, Store, behind

SCORES: tuple[Any, ...] = (
    *(0.5, 3, None, math.nan, "b", 0.5, -1.5, True, math.inf, "a", 2**53 + 1, 2**53),
    *({"x": 1}, None, 0, -math.inf, 3.0, "ä" * 400, -(2**63)),
)


def scored(store: Store, name: str) -> None:
    store.put(
        Subgraph(
            artifact_types=(ArtifactType(name="Model"),),
            artifacts=tuple(
                Artifact(type="Model", custom_properties={} if one is None else {name: one})
                for one in SCORES
            ),
        )
    )


def expected(*, descending: bool) -> list[int]:
    """The ids in order; a struct is a text to the graph, a truth value is nothing to order by."""

    def key(one: tuple[int, Any]) -> tuple[int, Any, int]:
        number, value = one
        sign = -1 if descending else 1
        if isinstance(value, (int, float)) and not isinstance(value, bool) and value == value:
            return 0, sign * value, sign * number
        return 2, 0, sign * number

    numbered = list(enumerate(SCORES, 1))
    texts = {
        i: '{"x": 1}' if isinstance(v, dict) else v for i, v in numbered if type(v) in (str, dict)
    }
    in_order = sorted(texts, key=texts.__getitem__, reverse=descending)
    rest = [i for i, _ in sorted((one for one in numbered if one[0] not in texts), key=key)]
    count = sum(key(one)[0] == 0 for one in numbered if one[0] not in texts)
    return rest[:count] + in_order + rest[count:]


@pytest.mark.parametrize("descending", [False, True])
def test_in_pages_of_every_size(store: Store, descending: bool) -> None:
    scored(store, "score of it")
    for order_by in ("score of it", "custom_properties.score of it"):
        for limit in (1, 4, 100):
            wanted = Find(kind=Kind.ARTIFACT, order_by=order_by, descending=descending, limit=limit)
            page, found = store.find(wanted), list[int]()
            while True:
                assert page.total == len(SCORES)
                found += [node.id or 0 for node in page.nodes]
                if page.next is None:
                    break
                assert page.next == behind(page.nodes[-1], wanted)
                page = store.find(wanted.model_copy(update={"after": page.next}))
            assert found == expected(descending=descending)
    declared = Find(kind=Kind.ARTIFACT, order_by="properties.score of it", limit=100)
    assert [node.id for node in store.find(declared).nodes] == list(range(1, len(SCORES) + 1))


def test_a_name_is_the_declared_property_else_the_custom_one(store: Store) -> None:
    store.put(
        Subgraph(
            context_types=(ContextType(name="run", properties={"loss": "DOUBLE"}),),
            contexts=(
                Context(
                    type="run", name="a", properties={"loss": 0.3}, custom_properties={"loss": 9}
                ),
                Context(type="run", name="b", custom_properties={"loss": 0.2}),
                Context(type="run", name="c", custom_properties={"loss": "none"}),
            ),
        )
    )

    def names(order_by: str, where: str = "") -> list[str | None]:
        wanted = Find(kind=Kind.CONTEXT, order_by=order_by, where=where)
        return [node.name for node in store.find(wanted).nodes]

    assert names("loss") == ["b", "a", "c"]
    assert names("loss", "loss > 0.1") == ["b", "a"]
    assert names("properties.loss") == ["a", "b", "c"]
    assert names("custom_properties.loss") == ["b", "a", "c"]
    assert names("nobody has it") == ["a", "b", "c"]


@pytest.mark.parametrize("order_by", ["", "properties.", "x" * 1000])
def test_what_names_nothing_is_refused(store: Store, order_by: str) -> None:
    with pytest.raises(InvalidArgument, match="nothing to order by"):
        store.find(Find(kind=Kind.ARTIFACT, order_by=order_by))


def test_tokens_of_another_order_are_refused(store: Store) -> None:
    scored(store, "score")
    page = store.find(Find(kind=Kind.ARTIFACT, order_by="score", limit=2))
    for order_by in ("name", "id", "custom_properties.score"):
        with pytest.raises(InvalidArgument, match="ordered by score"):
            store.find(Find(kind=Kind.ARTIFACT, order_by=order_by, after=page.next))
