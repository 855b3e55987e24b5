"""How fast lineage is walked, against the single best statement plus reading the same nodes.

    python -m benchmarks.walk [--engine embedded|neo4j] [--nodes 100000]

A graph of 100,000 nodes: layers of artifacts and executions, each execution reading three artifacts of
the layer before. Walks from the middle, up and down; and a ladder of diamonds with 2^40 paths.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from benchmarks.common import arguments, compare
from benchmarks.ingest import TYPES
from lineage_graph.catalog.compose import EVENTS
from lineage_graph.model import Artifact, Event, EventType, Execution, Kind, Ref, Subgraph
from lineage_graph.store import Direction, PutOptions, Store
from tests.each_engine import engines

_BATCH = 5000
_RESTORE = PutOptions(restore=True)


def layered(store: Store, nodes: int, width: int = 100) -> int:
    """Put the graph; return the id of an artifact in its middle."""
    chance = random.Random(7)
    half = nodes // 2
    artifacts = [Artifact(id=i, type="Data", uri=f"file:///{i}") for i in range(1, half + 1)]
    executions = [Execution(id=i, type="Step") for i in range(1, half - width + 1)]
    events = []
    for execution in range(1, half - width + 1):
        layer = (execution - 1) // width
        events.append(
            Event(artifact_id=execution + width, execution_id=execution, type=EventType.OUTPUT)
        )
        for source in chance.sample(range(layer * width + 1, (layer + 1) * width + 1), 3):
            events.append(Event(artifact_id=source, execution_id=execution, type=EventType.INPUT))
    store.put(TYPES)
    for items, name in ((artifacts, "artifacts"), (executions, "executions"), (events, "events")):
        for start in range(0, len(items), _BATCH):
            store.put(Subgraph.trusted(**{name: tuple(items[start : start + _BATCH])}), _RESTORE)
    return half // 2


def ladder(store: Store, rungs: int, first: int) -> int:
    """Put a ladder of diamonds; return the id of its top."""
    artifacts, executions, events = [], [], []
    number = first
    top = number
    artifacts.append(Artifact(id=top, type="Data"))
    for _ in range(rungs):
        bottom = number + 3
        for side in (1, 2):
            middle = number + side
            artifacts.append(Artifact(id=middle, type="Data"))
            for execution, source, target in (
                (2 * middle, number, middle),
                (2 * middle + 1, middle, bottom),
            ):
                executions.append(Execution(id=execution, type="Step"))
                events.append(
                    Event(artifact_id=source, execution_id=execution, type=EventType.INPUT)
                )
                events.append(
                    Event(artifact_id=target, execution_id=execution, type=EventType.OUTPUT)
                )
        artifacts.append(Artifact(id=bottom, type="Data"))
        number = bottom
    store.put(
        Subgraph.trusted(
            artifacts=tuple(artifacts), executions=tuple(executions), events=tuple(events)
        ),
        _RESTORE,
    )
    return top


def best_statement(store: Store, start: int, direction: Direction) -> Callable[[], int]:
    """Return what finds the same nodes in one statement, and reads them and their relationships."""
    arrow = ("<-", "-") if direction is Direction.UPSTREAM else ("-", "->")
    reach = (
        "MATCH (s:Artifact {id: $id}) "
        f"CALL (s) {{ MATCH (s){arrow[0]}[:{EVENTS}*1..10000]{arrow[1]}(n) RETURN DISTINCT n }} "
        "RETURN n:Artifact AS artifact, n.id AS id"
    )
    artifacts = "MATCH (n:Artifact) WHERE n.id IN $ids RETURN properties(n)"
    executions = "MATCH (n:Execution) WHERE n.id IN $ids RETURN properties(n)"
    links = (
        "MATCH (e:Execution) WHERE e.id IN $ids "
        f"MATCH (e)-[r:{EVENTS}]-(a:Artifact) RETURN e.id, a.id, type(r), properties(r)"
    )

    def read() -> int:
        with store.engine.driver.session(database=store.engine.database) as session:
            found = [(record["artifact"], record["id"]) for record in session.run(reach, id=start)]
            ids = {kind: [i for is_it, i in found if is_it is kind] for kind in (True, False)}
            list(session.run(artifacts, ids=ids[True]))
            list(session.run(executions, ids=ids[False]))
            list(session.run(links, ids=ids[False]))
            return len(found)

    return read


def main() -> None:
    """Print all figures for each engine."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--nodes", type=int, default=100_000, help="nodes of the graph")
    given = parser.parse_args()
    for name, settings in engines(given.engine):
        print(f"-- {name}")
        with Store.open(settings=settings) as store:
            middle = layered(store, given.nodes)
            top = ladder(store, 40, given.nodes)
            for start, what in ((middle, "middle of the layers"), (top, "top of the ladder")):
                for direction in (Direction.UPSTREAM, Direction.DOWNSTREAM):
                    floor = best_statement(store, start, direction)
                    count = floor()
                    if not count:
                        continue
                    ref = Ref(Kind.ARTIFACT, start)
                    found = store.walk(ref, direction, node_limit=10**6)
                    assert len(found.graph) == count + 1, (len(found.graph), count)
                    assert not found.truncated
                    compare(
                        f"{direction.value} from the {what}"[:34],
                        lambda r=ref, d=direction: store.walk(r, d, node_limit=10**6),
                        floor,
                        given.rounds,
                        count,
                        "nodes",
                    )


if __name__ == "__main__":
    main()
