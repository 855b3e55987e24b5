"""Events that are made for tests, and the graph a file of them becomes, without a store."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from lineage_graph.exchange.openlineage import OpenLineageSource
from lineage_graph.model import Kind, Node, Subgraph
from lineage_graph.model.merging import merged

PRODUCER = "https://example.org/producer"
FACET = {"_producer": PRODUCER, "_schemaURL": "https://openlineage.io/spec/facets/any.json"}


def event(
    kind: str | None,
    run: str,
    second: float,
    *,
    inputs: Iterable[Any] = (),
    outputs: Iterable[Any] = (),
    job: str = "",
    parent: tuple[str, str] | None = None,
    facets: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Return a run event; datasets are names, or (name, version), or whole."""
    run_facets = {name: {**FACET, **facet} for name, facet in (facets or {}).items()}
    if parent is not None:
        name, parent_run = parent
        run_facets["parent"] = {
            **FACET,
            "run": {"runId": parent_run},
            "job": {"namespace": "lab", "name": name},
        }
    made = {
        "eventTime": f"2026-11-23T11:00:{second:09.6f}Z",
        "run": {"runId": run, "facets": run_facets},
        "job": {"namespace": "lab", "name": job or f"job of {run}"},
        "inputs": [dataset(given) for given in inputs],
        "outputs": [dataset(given) for given in outputs],
        "producer": PRODUCER,
        "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
    }
    return made if kind is None else made | {"eventType": kind}


def dataset(given: Any) -> dict[str, Any]:
    """Return a dataset as events hold it."""
    if isinstance(given, dict):
        return given
    name, version = given if isinstance(given, tuple) else (given, None)
    facets = {} if version is None else {"version": {**FACET, "datasetVersion": version}}
    return {"namespace": "db://house", "name": name, "facets": facets}


def written(path: Path, events: Iterable[Any]) -> Path:
    """Write events to a file, one a line."""
    path.write_text("".join(json.dumps(e) + "\n" for e in events), encoding="utf-8")
    return path


def batches_of(path: Path) -> list[Subgraph]:
    """Read a file in which nothing is wrong."""
    with OpenLineageSource(path) as source:
        found = list(source.batches())
        assert source.problems == []
    return found


class Graph:
    """What a store would hold: nodes by origin, merged, and links between origins."""

    def __init__(self, batches: Iterable[Subgraph] = ()) -> None:
        self.nodes: dict[tuple[Kind, str], Node] = {}
        self.links: set[tuple[str, ...]] = set()
        for batch in batches:
            self.add(batch)

    def add(self, batch: Subgraph) -> None:
        """Take in a batch."""
        origins = {}
        for node in batch.nodes:
            assert node.origin is not None
            key = (node.kind, node.origin)
            origins[node.kind, node.id] = node.origin
            plain = node.model_copy(update={"id": None})
            self.nodes[key] = merged(self.nodes[key], plain) if key in self.nodes else plain
        for event_ in batch.events:
            ends = (
                origins[Kind.ARTIFACT, event_.artifact_id],
                origins[Kind.EXECUTION, event_.execution_id],
            )
            self.links.add((event_.type.value, *(ends if event_.type.is_input else ends[::-1])))
        for a in batch.attributions:
            ends = (origins[Kind.ARTIFACT, a.artifact_id], origins[Kind.CONTEXT, a.context_id])
            self.links.add(("in", *ends))
        for b in batch.associations:
            ends = (origins[Kind.EXECUTION, b.execution_id], origins[Kind.CONTEXT, b.context_id])
            self.links.add(("in", *ends))
        for c in batch.parent_contexts:
            ends = (origins[Kind.CONTEXT, c.child_id], origins[Kind.CONTEXT, c.parent_id])
            self.links.add(("child", *ends))

    def node(self, kind: Kind, text: str) -> Node:
        """Return the only node of a kind whose name begins with a text."""
        (found,) = (
            n for (k, _), n in self.nodes.items() if k is kind and (n.name or "").startswith(text)
        )
        return found

    def flow(self) -> set[tuple[str, str]]:
        """Return the events as pairs of the names they lead from and to, where they lead."""
        names = {
            origin: node.name or ""
            for (_, origin), node in self.nodes.items()
            if _ is not Kind.CONTEXT
        }
        return {
            (names[a].partition(" (")[0], names[b].partition(" (")[0])
            for kind, a, b in self.links
            if kind.endswith(("INPUT", "OUTPUT"))
        }

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Graph) and self.nodes == other.nodes and self.links == other.links
