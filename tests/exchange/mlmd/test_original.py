"""Every sample and random graphs, written for ML Metadata: its own library reads in each file what we wrote."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import hypothesis

from lineage_graph.exchange import open_source
from lineage_graph.exchange.writing import collected
from lineage_graph.messages.model_objects import write_node
from lineage_graph.messages.pool import MESSAGES
from lineage_graph.model import Kind, Node, Subgraph
from tests.conftest import DATA
from tests.exchange.held import held
from tests.exchange.mlmd.test_writing import theirs, written
from tests.exchange.repositories import unpacked
from tests.exchange.test_matrix import graphs

RANDOM = 25  # graphs


def of_sources(folder: Path) -> list[Subgraph]:
    """What a store would hold of every kind of source, and of each schema version of ML Metadata."""
    places = [DATA / "tfx_mlmd.sqlite", DATA / "dbt_ol_events.ndjson"]
    for version in range(4, 11):
        places.append(folder / f"v{version}.sqlite")
        packed = (DATA / f"mlmd_v{version}.sqlite.gz").read_bytes()
        places[-1].write_bytes(gzip.decompress(packed))
    unpacked("mlflow", folder)
    places += [folder / "mlflow.db", unpacked("dvc_repo", folder), unpacked("lfs_repo", folder)]
    found = []
    for place in places:
        with open_source(place) as source:
            found.append(collected([held(source.batches(), keyed=source.keyed)]))
    return found


def some_graphs() -> list[Subgraph]:
    """Return random graphs, the same each time."""
    found: list[Subgraph] = []

    @hypothesis.settings(max_examples=RANDOM, derandomize=True, database=None)
    @hypothesis.given(graphs())
    def collect(graph: Subgraph) -> None:
        found.append(graph)

    collect()
    return found


def whole(store: Path) -> Subgraph:
    """Return what our reader finds in a store, which must be all."""
    with open_source(store) as source:
        found = collected(source.batches())
        assert not source.problems, store
        assert not source.skipped, store
    return found


def told(kind: Kind, nodes: tuple[Node, ...], types: dict[int | None, str]) -> list[Any]:
    """Return nodes as ML Metadata tells them, by their ids."""
    found = []
    for node in sorted(nodes, key=lambda node: node.id or 0):
        found.append(MESSAGES[kind.label]())
        write_node(kind, node.model_copy(update={"type": types[node.type_id]}), found[-1])
        for values in (found[-1].properties, found[-1].custom_properties):
            for value in values.values():
                if value.HasField("double_value"):  # of which it reads 15 digits in SQLite
                    value.double_value = float(f"{value.double_value:.15g}")
    return found


def test_the_original_reads_every_export(tmp_path: Path) -> None:
    sources = of_sources(tmp_path)
    stores: list[Path] = []
    for number, graph in enumerate([*sources, *some_graphs()]):
        stores.append(tmp_path / f"out{number}.sqlite")
        written(graph, stores[-1])
    assert len(stores) >= len(sources) + RANDOM // 2
    read = [whole(store) for store in stores]  # before theirs, which writes to them
    for store, ours, found in zip(stores, read, theirs(stores), strict=True):
        for kind in Kind:
            types = {one.id: one.name for one in getattr(ours, f"{kind.value}_types")}
            expected = told(kind, ours.nodes_of(kind), types)
            exact = [bytes.fromhex(one) for one in found["exact"][f"{kind.value}s"]]
            assert list(map(MESSAGES[kind.label].FromString, exact)) == expected, store
        assert len(found["events"]) == len(ours.events)
        members = {str(context.id): [[], [], []] for context in ours.contexts}
        for place, links, end in (
            (0, ours.attributions, "artifact_id"),
            (1, ours.associations, "execution_id"),
        ):
            for link in links:
                members[str(link.context_id)][place].append(getattr(link, end))
        for part in ours.parent_contexts:
            members[str(part.child_id)][2].append(part.parent_id)
        expected_members = {one: [sorted(ids) for ids in held] for one, held in members.items()}
        assert found["members"] == expected_members
