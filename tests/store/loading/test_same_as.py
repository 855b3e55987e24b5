"""What several tools saw is linked, in whichever order it comes; and taken back."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor

from hypothesis import given, settings
from hypothesis import strategies as st

from lineage_graph.exchange.subgraph_builder import SubgraphBuilder
from lineage_graph.model import EventType, Kind, Ref, SameAs, Subgraph
from lineage_graph.store import Direction, Find, Store
from tests.conftest import empty

SHA, MD5 = "a" * 64, "c" * 32
GIT, DVC = "git:0123456789abcdef", "dvc:0123456789abcdef"


def load(store: Store, source: str, *artifacts: dict[str, object]) -> None:
    """Have a source tell of artifacts: their key, address and properties."""
    gathering = SubgraphBuilder()
    for told in artifacts:
        properties = {name: told[name] for name in ("sha256", "md5", "bytes") if name in told}
        gathering.artifact(
            f"{source}:file:{told['key']}",
            "Dataset",
            uri=str(told.get("uri", "")),
            properties=properties,  # type: ignore[arg-type]
            created=int(str(told.get("at", 1000))),
        )
    store.load_keyed([gathering.take()], source)


def links(store: Store) -> set[SameAs]:
    refs = [node.ref for node in store.find(Find(kind=Kind.ARTIFACT, limit=1000)).nodes]
    return set(store.links(refs).same_as)


def classes(store: Store) -> set[frozenset[str]]:
    """What is one thing, by the origins of all that saw it."""
    nodes = store.find(Find(kind=Kind.ARTIFACT, limit=1000)).nodes
    group = {node.id: {node.origin or ""} for node in nodes}
    for link in links(store):
        joined = group[link.artifact_id] | group[link.other_id]
        for origin in joined:
            member = next(node.id for node in nodes if node.origin == origin)
            group[member] = joined
    return {frozenset(one.rpartition(":")[2] for one in found) for found in group.values()}


def test_what_two_tools_saw_is_linked_as_it_comes(store: Store) -> None:
    load(store, GIT, {"key": "x", "sha256": SHA})
    load(store, DVC, {"key": "y", "sha256": SHA, "md5": MD5}, {"key": "z", "md5": "d" * 32})
    assert links(store) == {SameAs(artifact_id=2, other_id=1, by="sha256")}
    load(store, "recorder", {"key": "k", "uri": f"s3://b/files/md5/{MD5[:2]}/{MD5[2:]}"})
    assert links(store) == {
        SameAs(artifact_id=2, other_id=1, by="sha256"),
        SameAs(artifact_id=4, other_id=2, by="md5"),
    }
    assert store.counts().same_as == 2
    load(store, GIT, {"key": "x", "sha256": SHA})
    assert store.counts().same_as == 2


def test_an_address_that_becomes_ambiguous_links_no_more(store: Store) -> None:
    there = {"uri": "s3://bucket/x"}
    load(store, "mlmd:ab12ab12", {"key": "1", **there})
    load(store, "openlineage", {"key": "1", **there})
    assert links(store) == {SameAs(artifact_id=2, other_id=1, by="uri")}
    load(store, "openlineage", {"key": "2", **there})
    assert links(store) == set()
    done = store.identity.link()
    assert (done.made, done.removed, done.ambiguous) == (0, 0, {"uri s3://bucket/x"})


def test_what_was_linked_is_taken_back_and_stays_so(store: Store) -> None:
    load(store, GIT, {"key": "x", "sha256": SHA})
    load(store, DVC, {"key": "y", "sha256": SHA})
    by_hand = SameAs(artifact_id=2, other_id=1, by="hand")
    store.put(Subgraph(same_as=(by_hand,)))
    assert store.identity.unlink() == 1
    assert links(store) == {by_hand}
    load(store, "mlflow", {"key": "z", "sha256": SHA})
    assert links(store) == {by_hand}
    assert store.identity.link().made == 2
    load(store, "tfx", {"key": "z", "sha256": SHA})
    assert store.counts().same_as == 4


def test_a_digest_that_changes_moves_the_links(store: Store) -> None:
    load(store, GIT, {"key": "x", "sha256": SHA})
    load(store, DVC, {"key": "y", "sha256": SHA})
    load(store, "mlflow", {"key": "z", "sha256": SHA})
    load(store, GIT, {"key": "x", "sha256": "b" * 64, "at": 2000})
    assert links(store) == {SameAs(artifact_id=3, other_id=2, by="sha256")}


def test_walks_go_through_what_is_the_same(store: Store) -> None:
    """A step wrote 1, another tool saw it as 2, a step read that."""
    load(store, GIT, {"key": "x", "sha256": SHA})
    load(store, DVC, {"key": "y", "sha256": SHA})
    gathering = SubgraphBuilder()
    one, two = (
        gathering.stored(Kind.ARTIFACT, f"{s}:file:{k}") for s, k in ((GIT, "x"), (DVC, "y"))
    )
    gathering.event(gathering.execution("m", "Make"), one, EventType.OUTPUT)
    gathering.event(gathering.execution("u", "Use"), two, EventType.INPUT)
    store.load_keyed([gathering.take()], "t")
    data = {Ref(Kind.ARTIFACT, 1), Ref(Kind.ARTIFACT, 2)}
    make, use = Ref(Kind.EXECUTION, 1), Ref(Kind.EXECUTION, 2)
    for start, way in (
        (use, Direction.UPSTREAM),
        (make, Direction.DOWNSTREAM),
        (use, Direction.BOTH),
    ):
        walked = store.walk(start, way)
        assert walked.depth.keys() == {*data, make, use}, way
        assert walked.depth[make if start is use else use] == 3
        assert len(walked.graph.same_as) == 1
        stepped = store.walk(start, way, hops=2)
        assert (stepped.depth.keys(), stepped.reason) == ({*data, start}, "hops")
        assert store.pages.count_walk(start, way) == 4
    assert store.links([*data]).same_as == (SameAs(artifact_id=2, other_id=1, by="sha256"),)
    found = store.find(Find(kind=Kind.EXECUTION, where="upstream_of('execution/2')"))
    assert [node.id for node in found.nodes] == [1]


def test_a_copy_of_a_store_has_the_links(store: Store) -> None:
    load(store, GIT, {"key": "x", "sha256": SHA})
    load(store, DVC, {"key": "y", "sha256": SHA})
    whole = list(store.dump())
    assert [link for batch in whole for link in batch.same_as] == sorted(links(store), key=str)


TOLD = st.fixed_dictionaries(
    {"source": st.sampled_from((GIT, DVC, "dvc:ffffffffffffffff", "openlineage", "recorder"))},
    optional={
        "sha256": st.sampled_from((SHA, "b" * 64)),
        "md5": st.sampled_from((MD5, "d" * 32)),
        "bytes": st.sampled_from((5, 6)),
        "uri": st.sampled_from(
            ("s3://b/x", "s3://b/x/", "s3://b/y", "/data/x", "file:///data/x", "x")
        ),
    },
)


PLACES = {"s3://b/x/": "s3://b/x", "file:///data/x": "/data/x", "x": None}


def oracle(told: list[dict[str, object]]) -> set[frozenset[str]]:
    """The rule as one would write it for a few artifacts, over all that there are."""
    groups: dict[tuple[str, object], list[dict[str, object]]] = {}
    for one in told:
        uri = one.get("uri")
        known = {"sha256": one.get("sha256"), "md5": one.get("md5")}
        for by, value in {**known, "uri": PLACES.get(str(uri), uri)}.items():
            if value is not None:
                groups.setdefault((by, value), []).append(one)
    group = {str(one["key"]): {str(one["key"])} for one in told}
    for (by, value), members in groups.items():
        parts = agreeing(members, ["bytes", "sha256", "md5"])
        if by == "uri":
            tools = {str(one["source"]).partition(":")[0] for one in members}
            sources = {one["source"] for one in members}
            clear = len(tools if str(value).startswith("/") else sources) == len(members)
            parts = parts if clear and len(parts) == 1 else []
        for part in parts:
            if len({one["source"] for one in part}) > 1:
                joined = set().union(*(group[str(one["key"])] for one in part))
                group |= dict.fromkeys(joined, joined)
    return {frozenset(found) for found in group.values()}


def agreeing(members: list[dict[str, object]], facts: list[str]) -> list[list[dict[str, object]]]:
    if not facts:
        return [members]
    values = {one.get(facts[0]) for one in members} - {None}
    if len(values) < 2:
        return agreeing(members, facts[1:])
    parts = [[one for one in members if one.get(facts[0]) == value] for value in values]
    found = [piece for part in parts for piece in agreeing(part, facts[1:])]
    return found + [[one] for one in members if one.get(facts[0]) is None]


@settings(max_examples=5)
@given(told=st.lists(TOLD, min_size=2, max_size=8), shuffled=st.randoms(use_true_random=False))
def test_the_order_makes_no_difference(
    store: Store, told: list[dict[str, object]], shuffled: random.Random
) -> None:
    numbered = [{**one, "key": str(number)} for number, one in enumerate(told)]
    expected = oracle(numbered)
    for batched in (False, True):
        empty(store.settings)
        with Store.open(settings=store.settings) as fresh:
            shuffled.shuffle(numbered)
            for batch in [numbered] if batched else [[one] for one in numbered]:
                for source in {str(one["source"]): None for one in batch}:
                    load(fresh, source, *(one for one in batch if one["source"] == source))
            assert classes(fresh) == expected
            before = links(fresh)
            assert fresh.identity.unlink() == len(before)
            assert links(fresh) == set()
            assert fresh.identity.link().made == len(before)
            assert links(fresh) == before


def test_a_store_of_an_older_release_is_linked_too(store: Store) -> None:
    load(store, GIT, {"key": "x", "sha256": SHA})
    store.identity.unlink()
    load(store, DVC, {"key": "y", "sha256": SHA})
    with store.engine.driver.session(database=store.engine.database) as session:
        for text in (
            "MATCH (n:Artifact) REMOVE n.sha256_key",
            "MATCH (s:Store) SET s.schema_version = 2",
        ):
            session.run(text).consume()
    with Store.open(settings=store.settings) as newer:
        assert newer.identity.link().made == 1


def test_writers_at_once_make_one_link(store: Store) -> None:
    load(store, GIT, {"key": "x"})
    load(store, DVC, {"key": "y"})
    link = Subgraph(same_as=(SameAs(artifact_id=2, other_id=1, by="hand"),))
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: store.put(link).links, range(8)))
    assert sum(results) == store.counts().same_as == 1
