"""Every rule of ML Metadata about events, attributions, associations and parent contexts."""

from __future__ import annotations

import itertools
import time

import pytest

from lineage_graph.errors import AlreadyExists, InvalidArgument
from lineage_graph.model import (
    Artifact,
    Association,
    Attribution,
    ColumnLineage,
    Context,
    Degree,
    Event,
    EventType,
    Execution,
    Kind,
    ParentContext,
    Ref,
    Subgraph,
)
from lineage_graph.store import PutOptions, Store
from tests.store.build import TYPES, put_artifact, put_context, put_execution, with_types

IGNORE = PutOptions(existing_links="ignore")


@pytest.fixture
def typed(store: Store) -> Store:
    """A store with one node of each kind, all with the id 1."""
    with_types(store)
    put_artifact(store), put_execution(store), put_context(store, "c")
    return store


def event(kind: EventType = EventType.INPUT, artifact: int = 1, execution: int = 1) -> Event:
    return Event(artifact_id=artifact, execution_id=execution, type=kind)


def test_all_types_of_event_between_the_same_pair(typed: Store) -> None:
    """An artifact may be both input and output: a data cycle."""
    paths = [(), (0,), ("a",), ("a", 2, "b`\"'\n{}"), (-1,), ("1",), (2**40,)]
    events = tuple(
        Event(artifact_id=1, execution_id=1, type=kind, path=path, milliseconds_since_epoch=number)
        for number, (kind, path) in enumerate(zip(EventType, paths, strict=True))
    )
    assert typed.put(Subgraph(events=events)).links == 7
    found = typed.links([Ref(Kind.ARTIFACT, 1), Ref(Kind.EXECUTION, 1)]).events
    assert sorted(found, key=lambda e: e.milliseconds_since_epoch or 0) == list(events)


def test_the_time_of_an_event_is_now_unless_given(typed: Store) -> None:
    before = int(time.time() * 1000)
    typed.put(Subgraph(events=(event(),)))
    (found,) = typed.neighbours(Ref(Kind.EXECUTION, 1)).events
    assert before <= (found.milliseconds_since_epoch or 0) <= int(time.time() * 1000)


def test_an_event_stands_once(typed: Store) -> None:
    typed.put(Subgraph(events=(event(),)))
    again = Event(artifact_id=1, execution_id=1, type=EventType.INPUT, path=("other",))
    with pytest.raises(AlreadyExists, match="are linked by INPUT already"):
        typed.put(Subgraph(events=(again,)))
    assert typed.put(Subgraph(events=(again,)), IGNORE).links == 0
    assert typed.put(Subgraph(events=(event(EventType.OUTPUT),))).links == 1
    with pytest.raises(AlreadyExists):
        typed.put(
            Subgraph(events=(event(EventType.PENDING_OUTPUT), event(EventType.PENDING_OUTPUT)))
        )
    assert typed.counts().events == 2


@pytest.mark.parametrize(("artifact", "execution"), [(9, 1), (1, 9), (0, 1), (9, 9)])
@pytest.mark.parametrize("kind", [EventType.INPUT, EventType.OUTPUT])
def test_an_event_names_stored_nodes(
    typed: Store, artifact: int, execution: int, kind: EventType
) -> None:
    with pytest.raises(InvalidArgument, match="which does not exist"):
        typed.put(Subgraph(events=(event(kind, artifact, execution),)))
    new = Subgraph(
        executions=(Execution(id=-1, type="Step"),),
        events=(event(kind, 9, -1),),
    )
    with pytest.raises(InvalidArgument, match="artifact 9, which does not exist"):
        typed.put(new)
    assert typed.counts().executions == 1


@pytest.mark.parametrize(("member", "context"), [(9, 1), (1, 9)])
def test_memberships_name_stored_nodes(typed: Store, member: int, context: int) -> None:
    for wrong in (
        Subgraph(attributions=(Attribution(artifact_id=member, context_id=context),)),
        Subgraph(associations=(Association(execution_id=member, context_id=context),)),
        Subgraph(parent_contexts=(ParentContext(child_id=member, parent_id=context),)),
    ):
        with pytest.raises(InvalidArgument, match="which does not exist"):
            typed.put(wrong)


def test_memberships_may_be_repeated(typed: Store) -> None:
    links = Subgraph(
        attributions=(Attribution(artifact_id=1, context_id=1),) * 2,
        associations=(Association(execution_id=1, context_id=1),) * 2,
    )
    assert [typed.put(links).links, typed.put(links).links] == [2, 0]
    assert (typed.counts().attributions, typed.counts().associations) == (1, 1)


def test_a_parent_context_stands_once(typed: Store) -> None:
    put_context(typed, "p"), put_context(typed, "q")
    link = Subgraph(parent_contexts=(ParentContext(child_id=1, parent_id=2),))
    assert typed.put(link).links == 1
    with pytest.raises(AlreadyExists):
        typed.put(link)
    assert typed.put(link, IGNORE).links == 0
    assert typed.put(Subgraph(parent_contexts=(ParentContext(child_id=1, parent_id=3),))).links == 1


def test_a_context_is_never_its_own_ancestor(typed: Store) -> None:
    for name in "wxyz":
        put_context(typed, name)
    pairs = [(1, 2), (2, 3), (3, 4), (1, 4)]
    typed.put(
        Subgraph(parent_contexts=tuple(ParentContext(child_id=c, parent_id=p) for c, p in pairs))
    )
    for child, parent in [(1, 1), (4, 1), (3, 2), (4, 3)]:
        with pytest.raises(InvalidArgument, match="its own ancestor"):
            typed.put(Subgraph(parent_contexts=(ParentContext(child_id=child, parent_id=parent),)))
    circle = [(-1, -2), (-2, -3), (-3, -1)]
    new = Subgraph(
        contexts=tuple(Context(id=-n, type="Run", name=f"new{n}") for n in (1, 2, 3)),
        parent_contexts=tuple(ParentContext(child_id=c, parent_id=p) for c, p in circle),
    )
    with pytest.raises(InvalidArgument, match="its own ancestor"):
        typed.put(new)
    assert typed.counts().parent_contexts == 4
    assert typed.counts().contexts == 5


def test_local_ids_link_what_is_new_to_what_is_stored(store: Store) -> None:
    first = store.put(
        TYPES
        + Subgraph(
            artifacts=(Artifact(id=-5, type="Data"),),
            executions=(Execution(id=-7, type="Step"),),
            contexts=(Context(id=-9, type="Run", name="r"),),
            events=(event(EventType.OUTPUT, -5, -7),),
            attributions=(Attribution(artifact_id=-5, context_id=-9),),
            associations=(Association(execution_id=-7, context_id=-9),),
        )
    )
    assert first.id_of(Kind.ARTIFACT, -5) == 1
    second = Subgraph(
        executions=(Execution(id=-1, type="Step"),), events=(event(EventType.INPUT, 1, -1),)
    )
    store.put(second)
    walk = store.walk(Ref(Kind.EXECUTION, 1))
    assert set(walk.depth) == {
        Ref(Kind.EXECUTION, 1),
        Ref(Kind.ARTIFACT, 1),
        Ref(Kind.EXECUTION, 2),
    }


def test_neighbours_and_degrees(typed: Store) -> None:
    for _ in range(3):
        put_artifact(typed)
    events = (
        event(EventType.INPUT, 1),
        event(EventType.DECLARED_INPUT, 1),
        event(EventType.INPUT, 2),
        event(EventType.OUTPUT, 3),
    )
    typed.put(Subgraph(events=events, associations=(Association(execution_id=1, context_id=1),)))
    execution = Ref(Kind.EXECUTION, 1)
    around = typed.neighbours(execution)
    assert ([a.id for a in around.artifacts], [c.id for c in around.contexts]) == ([1, 2, 3], [1])
    assert (len(around.events), len(around.associations)) == (4, 1)
    assert len(typed.neighbours(execution, limit=2)) == 3
    refs = [execution, *(Ref(Kind.ARTIFACT, n) for n in (1, 3, 4))]
    assert typed.pages.degrees(refs) == {
        execution: Degree(upstream=2, downstream=1),
        refs[1]: Degree(upstream=0, downstream=1),
        refs[2]: Degree(upstream=1, downstream=0),
        refs[3]: Degree(upstream=0, downstream=0),
    }


def test_thousands_of_links_at_once(typed: Store) -> None:
    size = 120
    new = Subgraph(
        artifacts=tuple(Artifact(id=-1 - n, type="Data") for n in range(size)),
        executions=tuple(Execution(id=-1 - n, type="Step") for n in range(size)),
        events=tuple(
            event(EventType.INPUT, -1 - a, -1 - e)
            for a, e in itertools.product(range(size), range(size))
        ),
    )
    assert typed.put(new).links == size * size
    assert typed.counts().events == size * size


def test_columns_of_large_artifacts_that_are_told_again(store: Store) -> None:
    """To find those that are there already does not read the artifacts once for each of them."""
    with_types(store)
    large = {"schema": "x" * 100_000}
    ends = tuple(
        Artifact(id=-1 - n, type="Data", name=name, custom_properties=large)
        for n, name in enumerate(("source", "target"))
    )
    one, other = store.put(Subgraph(artifacts=ends)).artifact_ids
    told = Subgraph(
        columns=tuple(
            ColumnLineage(source_id=one, source_column=f"a{n}", target_id=other, target_column="b")
            for n in range(300)
        )
    )
    assert store.put(told, IGNORE).links == 300
    began = time.monotonic()
    assert store.put(told, IGNORE).links == 0
    assert time.monotonic() - began < 20
