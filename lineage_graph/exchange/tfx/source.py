"""A TFX pipeline's folder as a stream of subgraphs: its metadata, and what the artifacts' files say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from lineage_graph.errors import BadFile
from lineage_graph.exchange.mlmd import MlmdSource
from lineage_graph.exchange.tfx.evaluations import evaluation_rows
from lineage_graph.exchange.tfx.folder import (
    TooLarge,
    contents_of,
    definitions,
    files_of,
    metadata_file,
    place_of,
    read,
)
from lineage_graph.exchange.tfx.schemas import schema_rows
from lineage_graph.exchange.tfx.statistics import example_counts
from lineage_graph.model import Artifact, Context, Subgraph

_MAX_FILE_BYTES = 64 * 1024 * 1024  # bytes of a file that is read for what it says
_DEFINITION = "definition"
Facts = dict[str, Any]
Noun = TypeVar("Noun", Artifact, Context)


class TfxSource(MlmdSource):
    """The folder of a TFX pipeline: its ML Metadata file, unchanged, and the files next to it.

    The folder may have been moved. To artifacts whose files lie in it come, as custom properties:
    ``digest`` (of all files with their names), ``bytes``, ``files``, ``sha256`` where it is one file;
    what an evaluation measured of everything, each number under its metric's name; of statistics
    ``num_examples`` by split; of a schema ``num_features``. A pipeline whose compiled definition
    (``pipeline.json``) is in the folder keeps it as ``definition``. Properties that are there already
    stay as they are.

    Raises:
        BadFile: the folder holds no ML Metadata file, or several.
    """

    format = "tfx"

    def __init__(self, folder: Path) -> None:
        found = metadata_file(folder)
        if found is None:
            raise BadFile(
                f"{folder} holds no ML Metadata file.",
                hint="TFX keeps it as metadata.db or metadata.sqlite; name a folder that holds it too.",
            )
        super().__init__(found)
        self._folder = folder.resolve()
        self._names: dict[int, str] = {}

    def batches(self) -> Iterator[Subgraph]:
        """Yield the batches of the metadata, with what the files say."""
        defined = {name: (path, found) for path, name, found in definitions(self._folder)}
        for batch in super().batches():
            self._names.update({t.id: t.name for t in batch.types if t.id is not None})
            if batch.artifacts or batch.contexts:
                batch = Subgraph.trusted(
                    **{
                        **dict(batch),
                        "artifacts": tuple(map(self._with_files, batch.artifacts)),
                        "contexts": tuple(self._defined(c, defined) for c in batch.contexts),
                    }
                )
            yield batch
        for path, _ in defined.values():
            self.skipped["definitions of pipelines that the metadata does not know"] += 1
            self.problem(path, "the metadata knows no pipeline of its name")

    def _defined(self, context: Context, defined: dict[str, tuple[str, Any]]) -> Context:
        if self._names.get(context.type_id or 0) != "pipeline" or context.name not in defined:
            return context
        _, found = defined.pop(context.name)
        return _told(context, {_DEFINITION: found})

    def _with_files(self, artifact: Artifact) -> Artifact:
        place = place_of(artifact.uri, self._folder)
        if place is None:
            return artifact
        facts: Facts = {}
        try:
            if contents := contents_of(place):
                facts = {
                    "digest": contents.digest,
                    "bytes": contents.bytes,
                    "files": contents.files,
                }
                facts |= {"sha256": contents.sha256} if contents.sha256 else {}
            reader = _READERS.get(self._names.get(artifact.type_id or 0, ""))
            if reader:
                facts |= reader(place)
        except TooLarge:
            self.skipped["artifacts whose files are too large to be read"] += 1
        except (ValueError, OSError) as error:
            self.problem(str(place.relative_to(self._folder)), f"cannot be read: {error}")
        return _told(artifact, facts)


def _told(node: Noun, facts: Facts) -> Noun:
    new = {name: value for name, value in facts.items() if name not in node.properties}
    return node.model_copy(update={"custom_properties": new | node.custom_properties})


def _measured(place: Path) -> Facts:
    """Return what an evaluation measured of everything, not of slices."""
    facts: Facts = {}
    for file in files_of(place):
        if file.name.startswith("metrics") and file.suffix in ("", ".tfrecord"):
            facts |= {
                name: v
                for part, name, v in evaluation_rows(read(file, _MAX_FILE_BYTES))
                if not part
            }
    return facts


def _counted(place: Path) -> Facts:
    counts: dict[str, float] = {}
    for file in files_of(place):
        if file.name.endswith("FeatureStats.pb"):
            split = file.parent.name.removeprefix("Split-") if file.parent != place else "all"
            counts[split] = float(sum(example_counts(read(file, _MAX_FILE_BYTES))))
    return {"num_examples": counts} if counts else {}


def _features(place: Path) -> Facts:
    rows = [
        row
        for file in files_of(place)
        if file.suffix == ".pbtxt"
        for row in schema_rows(read(file, _MAX_FILE_BYTES).decode("utf-8", "replace"))
    ]
    return {"num_features": len(rows)} if rows else {}


_READERS: dict[str, Callable[[Path], Facts]] = {
    "ModelEvaluation": _measured,
    "ExampleStatistics": _counted,
    "Schema": _features,
}
