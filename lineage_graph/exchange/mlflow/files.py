"""MLflow's folder ``mlruns``: a folder an experiment, a folder a run, a file a parameter."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from lineage_graph.errors import BadFile
from lineage_graph.exchange.documents import Unreadable, read_yaml
from lineage_graph.exchange.mlflow.shapes import (
    DatasetUse,
    Experiment,
    LoggedModel,
    ModelVersion,
    Point,
    Run,
)

_META = "meta.yaml"
_LARGEST = 16 * 1024 * 1024  # bytes of a file
_MOST = 10_000  # files of a folder: parameters, metrics, tags
_DEEPEST = 8  # folders, for names with a stroke
_STATES = {1: "RUNNING", 2: "SCHEDULED", 3: "FINISHED", 4: "FAILED", 5: "KILLED"}
_MODEL_STATES = {1: "PENDING", 2: "READY", 3: "UPLOAD_FAILED"}
Meta = Mapping[str, Any]


class FolderStore:
    """A folder of MLflow's, ``mlruns`` or what holds it. Links are not followed, files are limited.

    What cannot be read is told to ``problem``, and the rest goes on.

    Raises:
        BadFile: the folder is none of MLflow's.
    """

    def __init__(self, where: Path, problem: Callable[[str, str], None]) -> None:
        inner = where / "mlruns"
        self._folder = inner if inner.is_dir() else where
        self._problem = problem
        if not any((path / _META).is_file() for path in self._folders(self._folder)):
            raise BadFile(f"{where} is no folder of MLflow: no experiment is in it.")

    def close(self) -> None:
        """Nothing is held open."""

    def unread(self) -> Mapping[str, int]:
        """Return what is there and has no place in the graph, counted by what it is."""
        traces = sum(
            1
            for experiment in self._folders(self._folder)
            for _ in self._folders(experiment / "traces")
        )
        return {"traces": traces} if traces else {}

    def experiments(self) -> Iterator[Experiment]:
        """Yield all experiments, those in the bin as deleted."""
        for home, binned in ((self._folder, False), (self._folder / ".trash", True)):
            for folder in self._folders(home):
                if folder.name in ("models", ".trash") or not (folder / _META).is_file():
                    continue
                meta = self._meta(folder)
                yield Experiment(
                    id=_text(meta, "experiment_id") or folder.name,
                    name=_text(meta, "name"),
                    location=_text(meta, "artifact_location"),
                    deleted=binned or meta.get("lifecycle_stage") == "deleted",
                    created=_whole(meta, "creation_time"),
                    updated=_whole(meta, "last_update_time"),
                    tags=self._texts(folder / "tags"),
                )

    def runs(self, experiment: str) -> Iterator[Run]:
        """Yield an experiment's runs by the time they started."""
        home = self._folder / experiment
        found = []
        for folder in self._folders(home):
            if (
                folder.name not in ("datasets", "models", "tags", "traces")
                and (folder / _META).is_file()
            ):
                meta = self._meta(folder)
                found.append((_whole(meta, "start_time") or 0, folder.name, meta))
        for _, name, meta in sorted(found, key=lambda one: one[:2]):
            yield self._run(experiment, home / name, meta)

    def models(self, experiment: str) -> Iterator[LoggedModel]:
        """Yield an experiment's logged models."""
        for folder in self._folders(self._folder / experiment / "models"):
            meta = self._meta(folder)
            status = meta.get("status")
            yield LoggedModel(
                id=_text(meta, "model_id") or folder.name,
                experiment=experiment,
                name=_text(meta, "name"),
                uri=_text(meta, "artifact_location"),
                created=_whole(meta, "creation_timestamp"),
                updated=_whole(meta, "last_updated_timestamp"),
                status=_MODEL_STATES.get(status, "") if isinstance(status, int) else str(status),
                type=_text(meta, "model_type"),
                run=_text(meta, "source_run_id"),
                deleted=meta.get("lifecycle_stage") == "deleted",
                params=self._texts(folder / "params"),
                tags=self._texts(folder / "tags"),
                metrics=tuple(self._points(folder / "metrics")),
            )

    def versions(self) -> Iterator[ModelVersion]:
        """Yield the versions of all registered models."""
        for model in self._folders(self._folder / "models"):
            name = _text(self._meta(model), "name") or model.name
            aliases: dict[str, list[str]] = {}
            for alias, version in self._texts(model / "aliases").items():
                aliases.setdefault(version, []).append(alias)
            for folder in self._folders(model):
                if not folder.name.startswith("version-"):
                    continue
                meta = self._meta(folder)
                version = _text(meta, "version") or folder.name.removeprefix("version-")
                yield ModelVersion(
                    name=name,
                    version=version,
                    created=_whole(meta, "creation_timestamp"),
                    updated=_whole(meta, "last_updated_timestamp"),
                    stage=_text(meta, "current_stage"),
                    source=_text(meta, "source"),
                    run=_text(meta, "run_id"),
                    status=_text(meta, "status"),
                    description=_text(meta, "description"),
                    user=_text(meta, "user_id"),
                    model=_text(meta, "model_id"),
                    tags=self._texts(folder / "tags"),
                    aliases=tuple(aliases.get(version, ())),
                )

    def _run(self, experiment: str, folder: Path, meta: Meta) -> Run:
        status = meta.get("status")
        tags = self._texts(folder / "tags")
        return Run(
            id=_text(meta, "run_id") or folder.name,
            experiment=experiment,
            name=_text(meta, "run_name") or tags.get("mlflow.runName", ""),
            user=_text(meta, "user_id"),
            status=_STATES.get(status, "") if isinstance(status, int) else str(status),
            started=_whole(meta, "start_time"),
            ended=_whole(meta, "end_time"),
            artifact_uri=_text(meta, "artifact_uri"),
            deleted=meta.get("lifecycle_stage") == "deleted",
            params=self._texts(folder / "params"),
            tags=tags,
            metrics=tuple(self._points(folder / "metrics")),
            datasets=tuple(self._uses(self._folder / experiment / "datasets", folder)),
            models_read=tuple(
                _text(link, "source_id") for link in self._links(folder / "inputs", "MODEL")
            ),
            models_written=tuple(
                _text(link, "destination_id")
                for link in self._links(folder / "outputs", "RUN_OUTPUT")
            ),
        )

    def _uses(self, datasets: Path, run: Path) -> Iterator[DatasetUse]:
        for link in self._links(run / "inputs", "DATASET"):
            place = datasets / posixpath.basename(_text(link, "source_id"))
            if not (place / _META).is_file():
                self._problem(self._place(place), "a run read this dataset, and it is not there")
                continue
            meta = self._meta(place)
            tags = link.get("tags")
            yield DatasetUse(
                name=_text(meta, "name"),
                digest=_text(meta, "digest"),
                source_type=_text(meta, "source_type"),
                source=_text(meta, "source"),
                schema=_text(meta, "schema"),
                profile=_text(meta, "profile"),
                context=_text(tags, "mlflow.data.context") if isinstance(tags, dict) else "",
            )

    def _links(self, folder: Path, source: str) -> Iterator[Meta]:
        """Yield the links in a folder whose source is of a type."""
        for place in self._folders(folder):
            meta = self._meta(place)
            if meta.get("source_type") == source:
                yield meta

    def _points(self, folder: Path) -> Iterator[Point]:
        """Yield the values in files of metrics.

        A line is a value: its time, the value, its step; then the run, of a model's metric; then name
        and digest of the data, if told.
        """
        for name, text in self._texts(folder).items():
            for line in text.splitlines():
                parts = line.split(" ")
                try:
                    step = int(parts[2]) if len(parts) > 2 else 0
                    on = (parts[-2], parts[-1]) if len(parts) > 4 else None
                    yield Point(name, float(parts[1]), int(parts[0]), step, on)
                except (ValueError, IndexError):
                    self._problem(
                        self._place(folder / name), f"no value of a metric: {line[:80]!r}"
                    )

    def _texts(self, folder: Path) -> dict[str, str]:
        """Return the texts of the files below a folder by their names; a stroke in a name is a folder."""
        found: dict[str, str] = {}
        for base, folders, names in os.walk(folder):
            depth = len(Path(base).relative_to(folder).parts)
            folders[:] = sorted(folders) if depth < _DEEPEST else []
            for name in sorted(names):
                if len(found) == _MOST:
                    self._problem(self._place(folder), f"it has more than {_MOST:,} files")
                    return found
                path = Path(base, name)
                content = self._content(path)
                if content is not None:
                    key = path.relative_to(folder).as_posix()
                    found[key] = content.decode("utf-8", "replace").rstrip("\n")
        return found

    def _meta(self, folder: Path) -> Meta:
        """Return what a folder's ``meta.yaml`` says, nothing where that cannot be read."""
        path = folder / _META
        content = self._content(path)
        if content is None:
            return {}
        try:
            found = read_yaml(content)
        except Unreadable as error:
            self._problem(self._place(path), str(error))
            return {}
        if not isinstance(found, dict):
            self._problem(self._place(path), "it is no mapping")
            return {}
        return found

    def _content(self, path: Path) -> bytes | None:
        try:
            if path.is_symlink() or not path.is_file():
                return None
            with path.open("rb") as file:
                content = file.read(_LARGEST + 1)
        except OSError as error:
            self._problem(self._place(path), error.strerror or str(error))
            return None
        if len(content) > _LARGEST:
            self._problem(self._place(path), f"it has more than {_LARGEST // 2**20} MB")
            return None
        return content

    def _folders(self, folder: Path) -> list[Path]:
        """Return the folders in a folder, none where there is none; links are not followed."""
        try:
            return sorted(
                Path(entry) for entry in os.scandir(folder) if entry.is_dir(follow_symlinks=False)
            )
        except OSError:
            return []

    def _place(self, path: Path) -> str:
        return path.relative_to(self._folder).as_posix()


def _text(meta: Meta, name: str) -> str:
    found = meta.get(name)
    return "" if found is None or isinstance(found, (dict, list)) else str(found)


def _whole(meta: Meta, name: str) -> int | None:
    found = meta.get(name)
    return found if isinstance(found, int) and abs(found) < 2**62 else None
