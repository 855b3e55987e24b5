"""MLflow's folder ``mlruns``: a folder an experiment, a folder a run, a file a parameter."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from lineage_graph.errors import BadFile
from lineage_graph.exchange.documents import Unreadable, read_yaml
from lineage_graph.exchange.files import is_folder, is_regular, read_regular
from lineage_graph.exchange.mlflow.fields import Problem, Record, point
from lineage_graph.exchange.mlflow.shapes import (
    DatasetUse,
    Experiment,
    LoggedModel,
    MlflowRun,
    ModelVersion,
    Point,
    RegisteredModel,
)

_META = "meta.yaml"
_MAX_FILE_BYTES = 16 * 1024 * 1024  # bytes of a file
_MAX_FILES_PER_FOLDER = 10_000  # files of a folder: parameters, metrics, tags
_MAX_FOLDER_DEPTH = 8  # folders, for names with a stroke
_STATES = {1: "RUNNING", 2: "SCHEDULED", 3: "FINISHED", 4: "FAILED", 5: "KILLED"}
_MODEL_STATES = {1: "PENDING", 2: "READY", 3: "UPLOAD_FAILED"}
_NO_RUNS = ("datasets", "models", "tags", "traces")  # other folders of an experiment


class FolderStore:
    """A folder of MLflow's, ``mlruns`` or what holds it. Nothing out of it is read.

    Paths are made of names that were found in the folder, never of what files say; links are not
    followed, files are limited. What cannot be read is told to ``problem``, and the rest goes on.

    Raises:
        BadFile: the folder is none of MLflow's.
    """

    def __init__(self, where: Path, problem: Problem) -> None:
        outer = where.resolve()
        self._folder = outer / "mlruns" if is_folder(outer / "mlruns") else outer
        self._problem = problem
        self._homes: dict[str, Path] = {}  # of experiments
        self._names: dict[Path, str] = {}  # of registered models
        if not any(is_regular(path / _META) for path in self._folders(self._folder)):
            raise BadFile(f"{where} is no folder of MLflow: no experiment is in it.")

    def close(self) -> None:
        """Nothing is held open."""

    def unread(self) -> Mapping[str, int]:
        """Return what is there and has no place in the graph, counted by what it is."""
        traces = sum(len(self._folders(home / "traces")) for home in self._homes.values())
        return {"traces": traces} if traces else {}

    def experiments(self) -> Iterator[Experiment]:
        """Yield all experiments, those in the bin as deleted."""
        for home, binned in ((self._folder, False), (self._folder / ".trash", True)):
            for folder in self._folders(home):
                if folder.name == "models" or folder.name.startswith("."):
                    continue
                if not self._is_described(folder):
                    continue
                meta = self._meta(folder)
                experiment = meta.text("experiment_id") or folder.name
                held = self._homes.setdefault(experiment, folder)
                if held != folder:
                    reason = f"it says it is experiment {experiment}, as {self._place(held)} does"
                    self._problem(meta.place, reason)
                    continue
                yield Experiment(
                    id=experiment,
                    name=meta.text("name"),
                    location=meta.text("artifact_location"),
                    deleted=binned or meta.text("lifecycle_stage") == "deleted",
                    created=meta.whole("creation_time"),
                    updated=meta.whole("last_update_time"),
                    tags=self._texts(folder / "tags"),
                )

    def runs(self, experiment: str) -> Iterator[MlflowRun]:
        """Yield an experiment's runs by the time they started."""
        found = []
        for folder in self._folders(self._homes[experiment]):
            if folder.name in _NO_RUNS or folder.name.startswith("."):
                continue
            meta = self._whole(folder, "status", "start_time")
            if meta is not None:
                found.append((meta.whole("start_time") or 0, folder.name, folder, meta))
        for _, _, folder, meta in sorted(found, key=lambda one: one[:2]):
            yield self._run(experiment, folder, meta)

    def models(self, experiment: str) -> Iterator[LoggedModel]:
        """Yield an experiment's logged models."""
        for folder in self._folders(self._homes[experiment] / "models"):
            meta = self._whole(folder, "model_id")
            if meta is None:
                continue
            yield LoggedModel(
                id=meta.text("model_id") or folder.name,
                experiment=experiment,
                name=meta.text("name"),
                uri=meta.text("artifact_location"),
                created=meta.whole("creation_timestamp"),
                updated=meta.whole("last_updated_timestamp"),
                status=_state(meta, _MODEL_STATES),
                type=meta.text("model_type"),
                run=meta.text("source_run_id"),
                deleted=meta.text("lifecycle_stage") == "deleted",
                params=self._texts(folder / "params"),
                tags=self._texts(folder / "tags"),
                metrics=tuple(self._points(folder / "metrics")),
            )

    def registered(self) -> Iterator[RegisteredModel]:
        """Yield all registered models and prompts."""
        for folder in self._folders(self._folder / "models"):
            if self._is_described(folder):
                meta = self._meta(folder)
                self._names[folder] = name = meta.text("name") or folder.name
                yield RegisteredModel(
                    name=name,
                    created=meta.whole("creation_timestamp"),
                    updated=meta.whole("last_updated_timestamp"),
                    description=meta.text("description"),
                    tags=self._texts(folder / "tags"),
                )

    def versions(self) -> Iterator[ModelVersion]:
        """Yield the versions of all registered models, once these were told."""
        for model in self._folders(self._folder / "models"):
            name = self._names.get(model, model.name)
            aliases: dict[str, list[str]] = {}
            for alias, version in self._texts(model / "aliases").items():
                aliases.setdefault(version, []).append(alias)
            for folder in self._folders(model):
                if not folder.name.startswith("version-"):
                    continue
                meta = self._whole(folder, "version")
                if meta is None:
                    continue
                version = meta.text("version") or folder.name.removeprefix("version-")
                yield ModelVersion(
                    name=name,
                    version=version,
                    created=meta.whole("creation_timestamp"),
                    updated=meta.whole("last_updated_timestamp"),
                    stage=meta.text("current_stage"),
                    source=meta.text("source"),
                    run=meta.text("run_id"),
                    status=meta.text("status"),
                    description=meta.text("description"),
                    user=meta.text("user_id"),
                    model=meta.text("model_id"),
                    tags=self._texts(folder / "tags"),
                    aliases=tuple(aliases.get(version, ())),
                )

    def _run(self, experiment: str, folder: Path, meta: Record) -> MlflowRun:
        tags = self._texts(folder / "tags")
        read, written = folder / "inputs", folder / "outputs"
        return MlflowRun(
            id=meta.text("run_id") or meta.text("run_uuid") or folder.name,
            experiment=experiment,
            name=meta.text("run_name") or tags.get("mlflow.runName", ""),
            user=meta.text("user_id"),
            status=_state(meta, _STATES),
            started=meta.whole("start_time"),
            ended=meta.whole("end_time"),
            artifact_uri=meta.text("artifact_uri"),
            deleted=meta.text("lifecycle_stage") == "deleted",
            params=self._texts(folder / "params"),
            tags=tags,
            metrics=tuple(self._points(folder / "metrics")),
            datasets=tuple(self._uses(self._homes[experiment] / "datasets", read)),
            models_read=tuple(link.text("source_id") for link in self._links(read, "MODEL")),
            models_written=tuple(
                link.text("destination_id") for link in self._links(written, "RUN_OUTPUT")
            ),
        )

    def _uses(self, datasets: Path, inputs: Path) -> Iterator[DatasetUse]:
        for link in self._links(inputs, "DATASET"):
            name = posixpath.basename(link.text("source_id"))
            place = datasets / name
            inside = name not in ("", ".", "..") and is_folder(datasets) and is_folder(place)
            if not (inside and is_regular(place / _META)):
                self._problem(link.place, f"its dataset {name[:80]!r} is not there")
                continue
            meta = self._meta(place)
            tags = link.values.get("tags")
            told = Record(tags if isinstance(tags, dict) else {}, link.place, self._problem)
            yield DatasetUse(
                name=meta.text("name"),
                digest=meta.text("digest"),
                source_type=meta.text("source_type"),
                source=meta.text("source"),
                schema=meta.text("schema"),
                profile=meta.text("profile"),
                context=told.text("mlflow.data.context"),
            )

    def _links(self, folder: Path, source: str) -> Iterator[Record]:
        """Yield the links in a folder whose source is of a type."""
        for place in self._folders(folder):
            meta = self._meta(place)
            if meta.text("source_type") == source:
                yield meta

    def _points(self, folder: Path) -> Iterator[Point]:
        """Yield the values in files of metrics.

        A line is a value: its time, the value, its step; then the run, of a model's metric; then name
        and digest of the data, if told.
        """
        for name, text in self._texts(folder).items():
            place = self._place(folder / name)
            for line in text.splitlines():
                parts = line.split(" ")
                at, value, step = [*parts, "", ""][:3]
                on = (parts[-2], parts[-1]) if len(parts) > 4 else None
                found = point((name, value, at, step), place, self._problem, on)
                if found is not None:
                    yield found

    def _texts(self, folder: Path) -> dict[str, str]:
        """Return the texts of the files below a folder by their names; a stroke in a name is a folder."""
        found: dict[str, str] = {}
        if not self._is_real(folder):
            return found
        for base, folders, names in os.walk(folder):
            depth = len(Path(base).relative_to(folder).parts)
            folders[:] = sorted(folders) if depth < _MAX_FOLDER_DEPTH else []
            for name in sorted(names):
                if len(found) == _MAX_FILES_PER_FOLDER:
                    self._problem(
                        self._place(folder), f"it has more than {_MAX_FILES_PER_FOLDER:,} files"
                    )
                    return found
                path = Path(base, name)
                content = self._content(path)
                if content is not None:
                    key = path.relative_to(folder).as_posix()
                    found[key] = content.decode("utf-8", "replace").rstrip("\n")
        return found

    def _is_described(self, folder: Path) -> bool:
        """True where a folder has its ``meta.yaml``; else that is told."""
        found = is_regular(folder / _META)
        if not found:
            self._problem(self._place(folder), f"it has no {_META}")
        return found

    def _whole(self, folder: Path, *needed: str) -> Record | None:
        """Return what a folder's ``meta.yaml`` says; None where it is not there, or says not what is needed."""
        meta = self._meta(folder) if self._is_described(folder) else None
        missing = [name for name in needed if meta is not None and name not in meta.values]
        if meta is None or not missing:
            return meta
        if meta.values:  # else that was told
            self._problem(meta.place, f"it says no {missing[0]}: it is cut off")
        return None

    def _meta(self, folder: Path) -> Record:
        """Return what a folder's ``meta.yaml`` says, nothing where that cannot be read."""
        path = folder / _META
        content = self._content(path) if is_regular(path) else None
        found: Any = None
        if content is not None:
            try:
                found = read_yaml(content)
            except Unreadable as error:
                self._problem(self._place(path), str(error))
            else:
                if not isinstance(found, dict):
                    self._problem(self._place(path), "it is no mapping")
        return Record(found if isinstance(found, dict) else {}, self._place(path), self._problem)

    def _content(self, path: Path) -> bytes | None:
        try:
            return read_regular(path, _MAX_FILE_BYTES)
        except OSError as error:
            reason = "it is a link" if path.is_symlink() else error.strerror or str(error)
            self._problem(self._place(path), reason)
            return None

    def _folders(self, folder: Path) -> list[Path]:
        """Return the folders in a folder, none where there is none; links are not followed."""
        if not self._is_real(folder):
            return []
        try:
            with os.scandir(folder) as entries:
                return sorted(Path(e) for e in entries if e.is_dir(follow_symlinks=False))
        except OSError as error:
            self._problem(self._place(folder), error.strerror or str(error))
            return []

    def _is_real(self, folder: Path) -> bool:
        """True for a folder, which is no link to one."""
        if folder.is_symlink():
            self._problem(self._place(folder), "it is a link, which is not followed")
        return is_folder(folder)

    def _place(self, path: Path) -> str:
        return path.relative_to(self._folder).as_posix()


def _state(meta: Record, states: Mapping[int, str]) -> str:
    found = meta.values.get("status")
    return states.get(found, "") if isinstance(found, int) else meta.text("status")
