"""Run ids that two jobs use: each job has a run of its own, the one told of second under an id of its own.

Whose run it is was told first, to the store or else by these events: that one keeps the id. What names the
other keeps the id that was told in a facet of ours, ``lineageGraph_toldRunId``.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from typing import Any

from lineage_graph.exchange.openlineage.checks import told_facet
from lineage_graph.exchange.openlineage.claims import Claims, claim_of, claims_above
from lineage_graph.exchange.openlineage.events import Event, RunEvent
from lineage_graph.exchange.openlineage.facet_properties import TOLD_RUN_ID
from lineage_graph.exchange.openlineage.naming import origin_of, shown
from lineage_graph.exchange.openlineage.naming_out import PRODUCER
from lineage_graph.exchange.store_lookup import JobName, StoreLookup


class RunIds:
    """Tells runs apart that have one id; ``claims`` keeps who uses which, ``known`` is asked for what is stored."""

    def __init__(self, claims: Claims, known: StoreLookup | None) -> None:
        self._claims = claims
        self._known = known
        self._told: set[str] = set()

    def look_up(self, events: Iterable[Event]) -> None:
        """Learn what is stored of the runs that events name; before ``of`` is asked for these events."""
        told = [event for event in events if isinstance(event, RunEvent)]
        above = [claim for event in told for claim in claims_above(event)]
        runs = {event.run.run_id for event in told} | {run for run, _ in above}
        asked = {origin_of("run", run): run for run in runs if not self._claims.is_claimed(run)}
        if self._known is None or not asked:
            return
        for origin, job in self._known.jobs_of_runs(asked).items():
            self._claims.claim(asked[origin], job, asked[origin])
        # What belongs to another run of such an id may be told of without it.
        others = {}
        for run, job in above:
            if self._claims.is_claimed(run) and self._claims.claimed(run, job) is None:
                own = _own_id(run, job)
                others[origin_of("run", own)] = (run, job, own)
        if others:
            for origin in self._known.jobs_of_runs(others):
                self._claims.claim(*others[origin])

    def of(self, event: Event, tell: Callable[[str], None] | None = None) -> Event:
        """Return an event with ids that no other job's run has; that of another is told, once."""
        if not isinstance(event, RunEvent):
            return event
        run, job = event.run.run_id, JobName(event.job.namespace, event.job.name)
        key = self._claims.claimed(run, job)
        if key is None:
            key = _own_id(run, job) if self._claims.is_claimed(run) else run
            self._claims.claim(run, job, key)
        facets: dict[str, Any] = {**event.run.facets}
        parent = told_facet(facets, "parent")
        if parent is not None:
            facets["parent"] = self._parent(parent)
        if key != run:
            facets[TOLD_RUN_ID] = {"_producer": PRODUCER, "_schemaURL": "", "runId": run}
            if tell is not None and key not in self._told:
                self._told.add(key)
                tell(
                    f"run.runId: {run} is also the id of a run of another job; "
                    f"that of {shown(*job)} is kept as a run of its own, {key}"
                )
        if facets == event.run.facets:
            return event
        own = event.run.model_copy(update={"run_id": key, "facets": facets})
        return event.model_copy(update={"run": own})

    def _parent(self, parent: Any) -> Any:
        """Return the facet of a parent with the ids under which the runs it names are kept."""
        found = self._renamed(parent)
        if found.get("root") is not None:
            found = {**found, "root": self._renamed(found["root"])}
        return found

    def _renamed(self, named: Any) -> Any:
        run, job = claim_of(named)
        key = self._claims.claimed(run, job)
        return named if key in (None, run) else {**named, "run": {**named["run"], "runId": key}}


def _own_id(run: str, job: JobName) -> str:
    """Return the id of a run whose own is taken: the same each time."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, origin_of("run", run, *job)))
