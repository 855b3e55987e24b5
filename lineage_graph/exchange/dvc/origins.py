"""What tells files and runs of stages from others, whichever of DVC's names their hashes stand under."""

from __future__ import annotations

from lineage_graph.exchange.dvc.definitions import placed
from lineage_graph.exchange.dvc.stages import Stage, TrackedFile, digest_of
from lineage_graph.exchange.seen_origins import SeenOrigins


class DvcOrigins:
    """Gives origins below ``start``. ``told`` holds those of what was told already.

    DVC 3 calls the digest that DVC 2 wrote by another name: one path and one digest are one file, whose
    origin has the name under which it was told first.
    """

    def __init__(self, start: str, told: SeenOrigins) -> None:
        self._start = start
        self._told = told

    def file(self, file: TrackedFile, path: str) -> str:
        """Return the origin of a version of a file; ``path`` is seen from the repository's root."""
        return self._written(self._as_told(file, path), path)

    def stage(self, folder: str, inside: str, stage: Stage) -> str:
        """Return the origin of a stage's entry in ``folder``, whose paths begin at ``inside``."""
        start = f"{self._start}:{folder}:stage:{stage.name}:"
        if (origin := start + stage.digest) in self._told:
            return origin
        deps, outs = (
            tuple(self._as_told(file, placed(inside, file.path)) for file in files)
            for files in (stage.deps, stage.outs)
        )
        return start + digest_of(stage._replace(deps=deps, outs=outs))

    def _as_told(self, file: TrackedFile, path: str) -> TrackedFile:
        """Return a file by the name of its hash under which it was told first."""
        other = file.other_spelling
        if other is None or self._written(file, path) in self._told:
            return file
        return other if self._written(other, path) in self._told else file

    def _written(self, file: TrackedFile, path: str) -> str:
        place = file.repository.get("url", "") if file.repository else ""
        return f"{self._start}:file:{place}:{file._replace(path=path).key}"
