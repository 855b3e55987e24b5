"""What the reads answer, where ML Metadata's clients rely on its order."""

from __future__ import annotations

from typing import Any

from lineage_graph.messages.pool import METHODS
from lineage_graph.rpc.service import Service
from lineage_graph.store import Store
from tests.store.build import put_artifact, put_execution, with_types


def test_events_come_in_the_order_their_readers_expect(store: Store) -> None:
    """TFX registers an output before it publishes it, and reads the two in that order."""
    with_types(store)
    service = Service(store)

    def call(name: str, **fields: Any) -> Any:
        return service.call(name, METHODS[name][0](**fields))

    one, other, data, model = (
        put_execution(store),
        put_execution(store),
        put_artifact(store),
        put_artifact(store),
    )
    happened = [
        (other, model, "INPUT", 1),
        (one, model, "PENDING_OUTPUT", 2),
        (one, data, "INPUT", 3),
        (one, model, "OUTPUT", 4),
    ]
    for execution, artifact, event, moment in happened:
        fields = {"execution_id": execution, "artifact_id": artifact}
        kind = {"type": event, "milliseconds_since_epoch": moment}
        call("PutEvents", events=[fields | kind])
    of_both = call("GetEventsByExecutionIDs", execution_ids=[other, one]).events
    assert [event.milliseconds_since_epoch for event in of_both] == [2, 3, 4, 1]
    of_model = call("GetEventsByArtifactIDs", artifact_ids=[model]).events
    assert [(event.execution_id, event.type) for event in of_model] == [
        (one, 4),
        (one, 7),
        (other, 3),
    ]
