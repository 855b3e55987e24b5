"""A source too large to go in at once: what went in before a failure is told, and reading it again goes on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lineage_graph.errors import BadFile, InvalidArgument
from lineage_graph.model import Artifact, ArtifactType, Event, EventType, Subgraph
from lineage_graph.store import Store
from lineage_graph.store.loading import load_by_id

TYPE = ArtifactType(name="Data")
TOLD = "30 nodes and links of the source are stored"


def batches(*, keyed: bool, breaks: bool) -> Iterator[Subgraph]:
    for first in range(1, 61, 10):
        if breaks and first == 31:
            raise BadFile("The file ends here.", hint="Copy it again.")
        yield Subgraph(
            artifact_types=(TYPE,),
            artifacts=tuple(
                Artifact(
                    id=-number if keyed else number,
                    type="Data",
                    name=f"n{number}",
                    origin=f"o{number}" if keyed else None,
                )
                for number in range(first, first + 10)
            ),
        )


@pytest.mark.parametrize("keyed", [False, True])
def test_what_stays_is_told_and_the_rest_comes_later(
    store: Store, monkeypatch: pytest.MonkeyPatch, keyed: bool
) -> None:
    monkeypatch.setattr(load_by_id, "_TOGETHER", 10)
    load = store.load_keyed if keyed else store.load
    with pytest.raises(BadFile) as failed:
        load(batches(keyed=keyed, breaks=True), "here")
    assert failed.value.hint.startswith("Copy it again.")
    assert TOLD in failed.value.hint
    assert store.counts().artifacts == 30
    again = load(batches(keyed=keyed, breaks=False), "here")
    assert (again.created, again.updated) == (30, 0)


def test_where_nothing_stays_nothing_is_told(store: Store) -> None:
    wrong = Subgraph(events=(Event(artifact_id=1, execution_id=1, type=EventType.INPUT),))
    first = next(batches(keyed=False, breaks=False))
    with pytest.raises(InvalidArgument) as failed:
        store.load(iter([first, wrong]), "here")
    assert "stored" not in failed.value.hint
    assert store.counts().artifacts == 0
