"""A process that puts without end and says on its standard output what was acknowledged."""

from __future__ import annotations

import sys

from lineage_graph.errors import LineageError
from lineage_graph.model import (
    Artifact,
    Association,
    Attribution,
    Context,
    Event,
    EventType,
    Execution,
    Subgraph,
)
from lineage_graph.settings import Settings
from lineage_graph.store import Store
from tests.store.build import TYPES


def unit(number: int) -> Subgraph:
    """One unit of work: an artifact, an execution, a context, and all links among them."""
    name = f"unit {number}"
    return TYPES + Subgraph(
        artifacts=(Artifact(id=-1, type="Data", name=name),),
        executions=(Execution(id=-1, type="Step", name=name),),
        contexts=(Context(id=-1, type="Run", name=name),),
        events=(Event(artifact_id=-1, execution_id=-1, type=EventType.OUTPUT),),
        attributions=(Attribution(artifact_id=-1, context_id=-1),),
        associations=(Association(execution_id=-1, context_id=-1),),
    )


def main(settings: str, first: int, count: int) -> None:
    """Put ``count`` units; print the number of each one that the store acknowledged."""
    with Store.open(settings=Settings.model_validate_json(settings)) as store:
        print("ready", flush=True)
        for number in range(first, first + count):
            try:
                store.put(unit(number))
            except LineageError as error:
                print(type(error).__name__, flush=True)
                return
            print(number, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
