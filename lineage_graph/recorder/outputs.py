"""What a step makes: declared one by one, told to the store at once or in groups, settled at the end."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Mapping

from lineage_graph.errors import InvalidArgument, NotFound
from lineage_graph.model import Artifact, ArtifactState, Kind
from lineage_graph.recorder import capture
from lineage_graph.recorder.publisher import RecordedOutput
from lineage_graph.recorder.record import new_origin

log = logging.getLogger(__name__)
AT_ONCE = 10
"""Outputs of a step that are stored as they are declared; further ones are stored in groups."""
_MAX_GROUP = 200  # outputs that are stored together
_MAX_DELAY = 1.0  # seconds after which a group is stored by the next output
CHECKPOINT = "checkpoint"
"""Property of an output that a later run may go on from."""


class Outputs:
    """The outputs of one step, in the order of their declaration. Its caller holds a lock."""

    def __init__(self) -> None:
        self.all: list[RecordedOutput] = []
        self.unwritten: list[RecordedOutput] = []
        self._counts: dict[str, int] = {}
        self._positions: dict[str | None, int] = {}
        self._written_at = 0.0

    def use(self, made_before: Iterable[RecordedOutput]) -> None:
        """Take the outputs of a cached execution."""
        self.all[:] = list(made_before)

    def add(self, described: Artifact, key: str, now: int, *, live: bool) -> RecordedOutput:
        """Return a new output; ``live`` ones can be used at once."""
        changes = {
            "origin": new_origin(Kind.ARTIFACT),
            "state": ArtifactState.LIVE if live else ArtifactState.PENDING,
            "create_time_since_epoch": now,
            "last_update_time_since_epoch": now,
        }
        artifact = described.model_copy(update=changes)
        index = self._counts.get(key, 0)
        self._counts[key] = index + 1
        output = RecordedOutput(key, index, artifact, is_new=True, is_live=live)
        self._positions[artifact.origin] = len(self.all)
        self.all.append(output)
        self.unwritten.append(output)
        return output

    def drop(self, output: RecordedOutput) -> None:
        """Forget an output that could not be stored."""
        self.all.remove(output)
        self.unwritten.remove(output)
        self._counts[output.key] -= 1
        self._positions.pop(output.artifact.origin, None)

    def is_due(self, output: RecordedOutput) -> bool:
        """True where the outputs that are not stored yet should be stored now."""
        return (
            output.is_live
            or len(self.all) <= AT_ONCE
            or len(self.unwritten) >= _MAX_GROUP
            or time.monotonic() - self._written_at > _MAX_DELAY
        )

    def written(self) -> None:
        """All outputs are stored."""
        self.unwritten.clear()
        self._written_at = time.monotonic()

    def own(self, artifact: Artifact, step: str) -> RecordedOutput:
        """Return the output that an artifact is.

        Raises:
            InvalidArgument: it is none.
        """
        position = self._positions.get(artifact.origin)
        if position is None:
            raise InvalidArgument(
                f"This artifact is no output of the step {step!r}.",
                hint="Pass what step.output(…) returned.",
            )
        return self.all[position]

    def keep_ids(self, stored: Mapping[str | None, int]) -> None:
        """Give the outputs the ids that the store returned, by their origins."""
        for origin, stored_id in stored.items():
            position = self._positions.get(origin)
            if position is not None:
                output = self.all[position]
                output.artifact = with_id(output.artifact, stored_id)

    def digests(self, since: int | None = None) -> list[str | None]:
        """Return the digests of the outputs, by position, where they are new and local.

        ``since`` is for a step that did not succeed, in ms since the epoch: of a file that was there
        before, it made nothing.
        """
        found: list[str | None] = []
        for output in self.all:
            made = output.artifact
            wanted = output.is_new and made.uri and "digest" not in made.custom_properties
            if wanted and since is not None:
                wanted = capture.was_written(made.uri, since)
            found.append(capture.digest(made.uri) if wanted else None)
        return found

    def settle(self, contents: Iterable[str | None], state: ArtifactState, now: int) -> None:
        """Note the digests of the new outputs, and the state they are in for good."""
        for output, content in zip(self.all, contents, strict=False):
            if not output.is_new:
                continue
            made = output.artifact
            custom = made.custom_properties
            changes: dict[str, object] = {
                "state": ArtifactState.LIVE if output.is_live else state,
                "last_update_time_since_epoch": now,
            }
            if content is not None:
                changes["custom_properties"] = {**custom, "digest": content}
            output.artifact = made.model_copy(update=changes)


def live(described: Artifact, *, checkpoint: bool) -> Artifact:
    """Return a description of an output that is there already, with the digest of its file.

    Raises:
        NotFound: it is a local file that is not there.
    """
    custom = dict(described.custom_properties)
    if checkpoint:
        custom[CHECKPOINT] = True
    path = capture.local_path(described.uri)
    if described.uri and path is not None and not path.exists():
        raise NotFound(
            f"There is no file {described.uri!r} to be a live output.",
            hint="Write it first; or leave live=True out, then it is live when the step ends.",
        )
    if described.uri and "digest" not in custom:
        content = capture.digest(described.uri)
        if content is not None:
            custom["digest"] = content
    return described.model_copy(update={"custom_properties": custom})


def with_id(artifact: Artifact, stored: int | None) -> Artifact:
    """Return the artifact with the id of the store, unless it has one."""
    known = None if artifact.id else stored
    return artifact if known is None else artifact.model_copy(update={"id": known})


def by_key(pairs: Iterable[tuple[str, Artifact]]) -> dict[str, list[Artifact]]:
    """Return the artifacts of each key, in their order."""
    found: dict[str, list[Artifact]] = {}
    for key, artifact in pairs:
        found.setdefault(key, []).append(artifact)
    return found
