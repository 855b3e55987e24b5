"""Record: everything known about a step so far, and how it is put into a store.

A record is complete in itself and names nothing by an id it had to ask for: steps and artifacts
carry an origin made here, contexts are found by name. So it means the same whether it is written at
once or from a file days later, and writing it again changes nothing.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from typing import Any

from pydantic import Field

from lineage_graph.errors import FailedPrecondition
from lineage_graph.model import Artifact, ArtifactState, Execution, ExecutionState, Kind, Subgraph
from lineage_graph.model.values import Frozen
from lineage_graph.recorder.data import PICKLED
from lineage_graph.store import PutOptions, PutResult, Store

FINAL = (
    ExecutionState.COMPLETE,
    ExecutionState.FAILED,
    ExecutionState.CACHED,
    ExecutionState.CANCELED,
)
"""Final states: nothing more is recorded about the execution."""
_CONTENT = "recorder:content:"
_OPTIONS = PutOptions(
    add_fields=True,
    omit_fields=True,
    restore=True,
    existing_links="ignore",
    reuse_contexts=True,
)
_RUN_OPTIONS = _OPTIONS.model_copy(update={"merge": True})
"""Several processes tell of one run, each value is dated: what arrives late replaces nothing newer."""
_BORROW = _OPTIONS.model_copy(update={"keep_copies": True})
_USABLE = (ArtifactState.LIVE, ArtifactState.UNKNOWN, ArtifactState.REFERENCE)
_WRITTEN = (*_USABLE, ArtifactState.ABANDONED)
"""States of artifacts that are there: a step that failed may have written a file before."""


class Record(Frozen):
    """One put: a subgraph whose nodes have local ids.

    ``borrowed`` are the local ids of artifacts that somebody else made: used as they are where the
    store has them, else made. ``store`` is the identity of the store whose ids the links name, or
    None where they name none.
    """

    id: str = Field(default_factory=lambda: uuid.uuid4().hex)
    subgraph: Subgraph
    borrowed: tuple[int, ...] = ()
    store: str | None = None

    @property
    def execution(self) -> Execution | None:
        """The step the record is about; None in the record of a run."""
        return next(iter(self.subgraph.executions), None)


def new_origin(kind: Kind) -> str:
    """Return a new, unique origin."""
    return f"recorder:{kind.value}:{uuid.uuid4().hex}"


def content_origin(type_name: str, uri: str, content: str | None) -> str:
    """Return the origin of an artifact that is identified by its type, URI and content."""
    identity = "\0".join((type_name, uri, content or ""))
    return _CONTENT + hashlib.sha256(identity.encode()).hexdigest()


def write(store: Store, record: Record) -> PutResult:
    """Put a record; the ids in the result are those of the artifacts and executions as given.

    Raises:
        LineageError: as ``Store.put`` does.
    """
    if record.execution is None:
        return store.put(record.subgraph, _RUN_OPTIONS)
    borrowed = _borrow(store, record)
    subgraph = _without(record.subgraph, borrowed) if borrowed else record.subgraph
    result = store.put(subgraph, _OPTIONS)
    if not borrowed:
        return result
    own = iter(result.artifact_ids)
    ids = tuple(borrowed.get(a.id or 0) or next(own) for a in record.subgraph.artifacts)
    return PutResult(
        record.subgraph,
        artifact_ids=ids,
        execution_ids=result.execution_ids,
        context_ids=result.context_ids,
        created=result.created,
        updated=result.updated,
        links=result.links,
    )


def load(store: Store, record: Record) -> bool:
    """Put a record from a spool file, unless it is in the store; return whether it was put.

    Raises:
        FailedPrecondition: it names ids of another store.
        LineageError: as ``Store.put`` does.
    """
    if record.store not in (None, store.id):
        raise FailedPrecondition(
            "The record names artifacts by the ids of another store.",
            hint="Replay into the store that the run was recorded in at first.",
        )
    if _is_known(store, record):
        return False
    result = write(store, record)
    return bool(result.created or result.updated or result.links)


def _is_known(store: Store, record: Record) -> bool:
    """True where the store already has this record of the step, a later one, or its end."""
    execution = record.execution
    if execution is None or execution.origin is None:
        return False
    ids = store.lookup.by_origin(Kind.EXECUTION, [execution.origin])
    for stored in store.get(Kind.EXECUTION, ids.values()):
        assert isinstance(stored, Execution)
        if stored.last_known_state in FINAL:
            return True
        heard = stored.last_update_time_since_epoch or 0
        is_older = heard >= (execution.last_update_time_since_epoch or 0)
        return execution.last_known_state not in FINAL and is_older
    return False


def _borrow(store: Store, record: Record) -> dict[int, int]:
    """Return the stored ids of the borrowed artifacts by local id; create the missing ones."""
    if not record.borrowed:
        return {}
    found: dict[int, int] = {}
    missing: list[Artifact] = []
    for artifact in record.subgraph.artifacts:
        if artifact.id not in record.borrowed:
            continue
        same = same_content(store, artifact)
        if same is None:
            missing.append(artifact)
        else:
            found[artifact.id] = same.id or 0
    if missing:
        types = tuple(t for t in record.subgraph.artifact_types)
        result = store.put(Subgraph(artifact_types=types, artifacts=tuple(missing)), _BORROW)
        found |= {a.id or 0: i for a, i in zip(missing, result.artifact_ids, strict=True)}
    return found


def same_content(store: Store, wanted: Artifact) -> Artifact | None:
    """Return the newest usable artifact of the same URI and digest, for one known by its content.

    Where there is no digest (something remote, or very large) the URI alone decides. A file passed
    as a path may be of any type, so the model one step saved is the model the next one reads; so may
    an object in memory, whose pickle is the same. What a failed step left is found by its digest
    where nothing else is the same: so a checkpoint leads to the step that was interrupted.
    """
    if not (wanted.origin or "").startswith(_CONTENT):
        return None
    content = wanted.custom_properties.get("digest")
    found = [
        artifact
        for artifact in reversed(store.by_uri(wanted.uri))
        if content is None or artifact.custom_properties.get("digest") == content
        if wanted.type in (DEFAULT_TYPE, artifact.type) or wanted.uri.startswith(PICKLED)
    ]
    for states in (_USABLE, () if content is None else _WRITTEN):
        for artifact in found:
            if artifact.state in states:
                return artifact
    return None


DEFAULT_TYPE = "Dataset"
"""Type of an input that is given as a path only."""


def _without(subgraph: Subgraph, stored: Mapping[int, int]) -> Subgraph:
    """Return the subgraph without the artifacts that are stored, its events naming their stored ids."""
    events = tuple(
        e.model_copy(update={"artifact_id": stored.get(e.artifact_id, e.artifact_id)})
        for e in subgraph.events
    )
    artifacts = tuple(a for a in subgraph.artifacts if a.id not in stored)
    changes: dict[str, Any] = {"events": events, "artifacts": artifacts}
    return subgraph.model_copy(update=changes)
