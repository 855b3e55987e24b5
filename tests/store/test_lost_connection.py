"""A connection that breaks in the middle of a put: nothing is written twice, and no id is given twice."""

from __future__ import annotations

import pytest

from lineage_graph.errors import Unreachable
from lineage_graph.model import Artifact, Kind, Subgraph
from lineage_graph.store import Store
from tests.store.build import TYPES
from tests.store.proxy import Moment, behind_proxy

NAME = "the one that is cut off"
ONE = Subgraph(artifacts=(Artifact(type="Data", name=NAME),))
NEXT = Subgraph(artifacts=(Artifact(type="Data", name="the next"),))


@pytest.mark.parametrize("moment", ["statement sent", "statement answered"])
def test_lost_before_the_commit_it_is_put_again(store: Store, moment: Moment) -> None:
    store.put(TYPES)
    with behind_proxy(store) as (other, proxy):
        proxy.lose(moment, NAME, times=2)
        (first,) = other.put(ONE).artifact_ids
        assert proxy.lost == 2
        (second,) = other.put(NEXT).artifact_ids
    assert [(n.id, n.name) for n in store.get(Kind.ARTIFACT, range(100))] == [
        (first, NAME),
        (second, "the next"),
    ]


def test_lost_each_time_it_fails_and_nothing_is_written(store: Store) -> None:
    store.put(TYPES)
    with behind_proxy(store) as (other, proxy):
        proxy.lose("statement answered", NAME, times=3)
        with pytest.raises(Unreachable):
            other.put(ONE)
        assert proxy.lost == 3
        assert store.counts().artifacts == 0
        other.put(ONE)
    assert store.counts().artifacts == 1


@pytest.mark.parametrize(("moment", "written"), [("commit sent", 0), ("commit answered", 1)])
def test_lost_in_the_commit_it_is_not_put_again(store: Store, moment: Moment, written: int) -> None:
    store.put(TYPES)
    with behind_proxy(store) as (other, proxy):
        proxy.lose(moment, NAME, times=2)
        with pytest.raises(Unreachable, match="not known whether the last change was written"):
            other.put(ONE)
        assert proxy.lost == 1
        found = store.get(Kind.ARTIFACT, range(100))
        assert [node.name for node in found] == [NAME] * written
        (second,) = other.put(NEXT).artifact_ids
        assert second not in {node.id for node in found}
    assert store.counts().artifacts == written + 1
