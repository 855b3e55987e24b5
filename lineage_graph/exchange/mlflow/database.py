"""MLflow's own database (SQLite, MySQL, PostgreSQL), read in pages of runs."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from lineage_graph.errors import BadFile
from lineage_graph.exchange.mlflow.fields import Problem, Record, pairs, point, whole
from lineage_graph.exchange.mlflow.shapes import (
    DatasetUse,
    Experiment,
    LoggedModel,
    MlflowRun,
    ModelVersion,
    Point,
    RegisteredModel,
)
from lineage_graph.exchange.sql import Row, open_database

_PAGE = 200  # runs, models
_MOST_POINTS = 200_000  # of a run's metrics
_NEEDED = ("experiments", "runs", "params", "metrics", "tags")
_TABLES = (
    *_NEEDED,
    "experiment_tags",
    "latest_metrics",
    "datasets",
    "inputs",
    "input_tags",
    "logged_models",
    "logged_model_params",
    "logged_model_tags",
    "logged_model_metrics",
    "registered_models",
    "registered_model_tags",
    "registered_model_aliases",
    "model_versions",
    "model_version_tags",
    "trace_info",
    "evaluation_datasets",
)
_UNREAD = {"trace_info": "traces", "evaluation_datasets": "evaluation datasets"}
_MODEL_STATES = {1: "PENDING", 2: "READY", 3: "UPLOAD_FAILED"}


class DatabaseStore:
    """MLflow's database. Tables that its release of MLflow did not have yet read as empty.

    Rows with values that MLflow does not write (SQLite takes any) are told to ``problem``.

    Raises:
        BadFile: it is not MLflow's; and what ``open_database`` raises.
    """

    def __init__(self, where: Path | str, problem: Problem) -> None:
        self._problem = problem
        self._database = open_database(where)
        try:
            self._database.know(_TABLES)
            missing = [table for table in _NEEDED if table not in self._database]
            if missing:
                raise BadFile(
                    f"{self._database.place} is not of MLflow: its table {missing[0]} is missing."
                )
        except BaseException:
            self._database.close()
            raise
        self._cut = 0

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def unread(self) -> Mapping[str, int]:
        """Return what is there and has no place in the graph, counted by what it is."""
        counts = {what: self._database.count(table) for table, what in _UNREAD.items()}
        counts[f"values of metrics beyond the first {_MOST_POINTS:,} of a run"] = self._cut
        return {what: count for what, count in counts.items() if count}

    def experiments(self) -> Iterator[Experiment]:
        """Yield all experiments."""
        columns = ["experiment_id", "name", "artifact_location", "lifecycle_stage"]
        columns += ["creation_time", "last_update_time", "workspace"]
        tags = self._pairs("experiment_tags", "experiment_id", ("key", "value"))
        for row in self._database.rows("experiments", columns, "ORDER BY t.experiment_id"):
            told = self._record("experiments", row, "experiment_id")
            yield Experiment(
                id=told.text("experiment_id"),
                name=told.text("name"),
                location=told.text("artifact_location"),
                deleted=row["lifecycle_stage"] == "deleted",
                created=told.whole("creation_time"),
                updated=told.whole("last_update_time"),
                workspace=told.text("workspace"),
                tags=tags.get(row["experiment_id"], {}),
            )

    def runs(self, experiment: str) -> Iterator[MlflowRun]:
        """Yield an experiment's runs by the time they started."""
        columns = ["run_uuid", "name", "user_id", "status", "start_time", "end_time"]
        columns += ["artifact_uri", "lifecycle_stage", "source_version", "source_name"]
        for rows in self._pages("runs", "run_uuid", "start_time", columns, experiment):
            ids = [row["run_uuid"] for row in rows]
            params = self._pairs("params", "run_uuid", ("key", "value"), ids)
            tags = self._pairs("tags", "run_uuid", ("key", "value"), ids)
            datasets = self._datasets(ids)
            read = self._links("MODEL_INPUT", "source_id", ids)
            written = self._links("MODEL_OUTPUT", "source_id", ids)
            for row in rows:
                run = row["run_uuid"]
                record = self._record("runs", row, "run_uuid")
                told = dict(tags.get(run, {}))
                if row["source_version"]:  # where MLflow kept it before it was a tag
                    told.setdefault("mlflow.source.git.commit", record.text("source_version"))
                if row["source_name"]:
                    told.setdefault("mlflow.source.name", record.text("source_name"))
                yield MlflowRun(
                    id=record.text("run_uuid"),
                    experiment=experiment,
                    name=record.text("name") or told.get("mlflow.runName", ""),
                    user=record.text("user_id"),
                    status=record.text("status"),
                    started=record.whole("start_time"),
                    ended=record.whole("end_time"),
                    artifact_uri=record.text("artifact_uri"),
                    deleted=row["lifecycle_stage"] == "deleted",
                    params=params.get(run, {}),
                    tags=told,
                    metrics=self._points(run),
                    datasets=tuple(datasets.get(run, ())),
                    models_read=tuple(read.get(run, ())),
                    models_written=tuple(written.get(run, ())),
                )

    def models(self, experiment: str) -> Iterator[LoggedModel]:
        """Yield an experiment's logged models by the time they were made."""
        columns = ["model_id", "name", "artifact_location", "creation_timestamp_ms"]
        columns += ["last_updated_timestamp_ms", "status", "lifecycle_stage", "model_type"]
        columns += ["source_run_id"]
        order = "creation_timestamp_ms"
        for rows in self._pages("logged_models", "model_id", order, columns, experiment):
            ids = [row["model_id"] for row in rows]
            params = self._pairs(
                "logged_model_params", "model_id", ("param_key", "param_value"), ids
            )
            tags = self._pairs("logged_model_tags", "model_id", ("tag_key", "tag_value"), ids)
            metrics = self._model_points(ids)
            for row in rows:
                record = self._record("logged_models", row, "model_id")
                yield LoggedModel(
                    id=record.text("model_id"),
                    experiment=experiment,
                    name=record.text("name"),
                    uri=record.text("artifact_location"),
                    created=record.whole("creation_timestamp_ms"),
                    updated=record.whole("last_updated_timestamp_ms"),
                    status=_MODEL_STATES.get(row["status"], ""),
                    type=record.text("model_type"),
                    run=record.text("source_run_id"),
                    deleted=row["lifecycle_stage"] == "deleted",
                    params=params.get(row["model_id"], {}),
                    tags=tags.get(row["model_id"], {}),
                    metrics=tuple(metrics.get(row["model_id"], ())),
                )

    def registered(self) -> Iterator[RegisteredModel]:
        """Yield all registered models and prompts."""
        of = ["workspace", "name"]
        tags: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
        for row in self._database.rows("registered_model_tags", [*of, "key", "value"]):
            tags[row["workspace"], row["name"]].append(row)
        columns = [*of, "creation_time", "last_updated_time", "description"]
        for row in self._database.rows("registered_models", columns, "ORDER BY t.name"):
            told = self._record("registered_models", row, "name")
            key = (row["workspace"], row["name"])
            yield RegisteredModel(
                name=told.text("name"),
                workspace=told.text("workspace"),
                created=told.whole("creation_time"),
                updated=told.whole("last_updated_time"),
                description=told.text("description"),
                tags=pairs(tags.get(key, ()), ("key", "value"), told.place, self._problem),
            )

    def versions(self) -> Iterator[ModelVersion]:
        """Yield the versions of all registered models."""
        of = ["workspace", "name", "version"]
        aliases: dict[tuple[Any, ...], list[str]] = defaultdict(list)
        for row in self._database.rows("registered_model_aliases", [*of, "alias"]):
            found = self._record("registered_model_aliases", row, "name").text("alias")
            aliases[_key(row)].append(found)
        tags: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
        for row in self._database.rows("model_version_tags", [*of, "key", "value"]):
            tags[_key(row)].append(row)
        columns = [*of, "creation_time", "last_updated_time", "description"]
        columns += ["user_id", "current_stage", "source", "run_id", "status"]
        for row in self._database.rows("model_versions", columns, "ORDER BY t.name, t.version"):
            told = self._record("model_versions", row, "name")
            yield ModelVersion(
                name=told.text("name"),
                version=told.text("version"),
                workspace=told.text("workspace"),
                created=told.whole("creation_time"),
                updated=told.whole("last_updated_time"),
                stage=told.text("current_stage"),
                source=told.text("source"),
                run=told.text("run_id"),
                status=told.text("status"),
                description=told.text("description"),
                user=told.text("user_id"),
                tags=pairs(tags.get(_key(row), ()), ("key", "value"), told.place, self._problem),
                aliases=tuple(aliases.get(_key(row), ())),
            )

    def _pages(
        self, table: str, key: str, order: str, columns: list[str], experiment: str
    ) -> Iterator[list[Row]]:
        """Yield an experiment's rows by time and key, a page at a time; no time counts as 0."""
        of = whole(experiment)
        if of is None:
            return
        time = f"coalesce(t.{order}, 0)"
        after: tuple[Any, ...] = ()
        while True:
            later = f" AND ({time} > ? OR ({time} = ? AND t.{key} > ?))" if after else ""
            where = f"WHERE t.experiment_id = ?{later} ORDER BY {time}, t.{key} LIMIT ?"
            rows = self._database.rows(table, columns, where, [of, *after, _PAGE])
            if not rows:
                return
            yield rows
            end = 0 if rows[-1][order] is None else rows[-1][order]
            before, after = after, (end, end, rows[-1][key])
            if after == before:  # a damaged text, which is not what it is read as
                self._problem(f"{table}/{str(rows[-1][key])[:80]}", f"{key} or {order} is damaged")
                return

    def _record(self, table: str, row: Row, key: str) -> Record:
        return Record(row, f"{table}/{str(row[key])[:80]}", self._problem)

    def _pairs(
        self, table: str, owner: str, names: tuple[str, str], ids: Sequence[Any] | None = None
    ) -> dict[Any, dict[str, str]]:
        """Return names and texts by what they belong to; of all, or of these."""
        found: dict[Any, list[Row]] = defaultdict(list)
        where, values = ("", ()) if ids is None else (f"WHERE t.{owner} IN ({_marks(ids)})", ids)
        for row in self._database.rows(table, [owner, *names], where, values):
            found[row[owner]].append(row)
        return {
            key: pairs(rows, names, f"{table}/{str(key)[:80]}", self._problem)
            for key, rows in found.items()
        }

    def _points(self, run: Any) -> tuple[Point, ...]:
        """Return the values of a run's metrics; of too many the first, and the last of each."""
        columns = ["key", "value", "timestamp", "step", "is_nan"]
        where = "WHERE t.run_uuid = ? ORDER BY t.step, t.timestamp LIMIT ?"
        rows = self._database.rows("metrics", columns, where, [run, _MOST_POINTS + 1])
        place = f"metrics/{str(run)[:80]}"
        found = [self._point(row, place) for row in rows[:_MOST_POINTS]]
        if len(rows) > _MOST_POINTS:
            where = "WHERE t.run_uuid = ?"
            held = set(found)
            last = [
                one
                for row in self._database.rows("latest_metrics", columns, where, [run])
                if (one := self._point(row, place)) not in held
            ]
            found += last
            self._cut += self._database.count("metrics", where, [run]) - _MOST_POINTS - len(last)
        return tuple(one for one in found if one is not None)

    def _point(self, row: Row, place: str) -> Point | None:
        value = math.nan if row["is_nan"] else row["value"]
        return point((row["key"], value, row["timestamp"], row["step"]), place, self._problem)

    def _model_points(self, models: Sequence[Any]) -> dict[Any, list[Point]]:
        found: dict[Any, list[Point]] = defaultdict(list)
        columns = ["model_id", "metric_name", "metric_value", "metric_timestamp_ms", "metric_step"]
        columns += ["dataset_name", "dataset_digest"]
        where = f"WHERE t.model_id IN ({_marks(models)})"
        for row in self._database.rows("logged_model_metrics", columns, where, models):
            if row["metric_value"] is None:
                continue
            told = self._record("logged_model_metrics", row, "model_id")
            on = (told.text("dataset_name"), told.text("dataset_digest"))
            given = (row["metric_name"], row["metric_value"], row[columns[3]], row["metric_step"])
            one = point(given, told.place, self._problem, on if on[0] else None)
            if one is not None:
                found[row["model_id"]].append(one)
        return found

    def _datasets(self, runs: Sequence[Any]) -> dict[Any, list[DatasetUse]]:
        where = (
            "WHERE t.source_type = 'DATASET' AND t.destination_type = 'RUN'"
            f" AND t.destination_id IN ({_marks(runs)})"
        )
        columns = ["input_uuid", "source_id", "destination_id"]
        links = self._database.rows("inputs", columns, where, runs)
        ids = [link["input_uuid"] for link in links]
        contexts = self._pairs("input_tags", "input_uuid", ("name", "value"), ids)
        ids = list({link["source_id"] for link in links})
        columns = ["dataset_uuid", "name", "digest", "dataset_source_type", "dataset_source"]
        columns += ["dataset_schema", "dataset_profile"]
        where = f"WHERE t.dataset_uuid IN ({_marks(ids)})"
        rows = {
            row["dataset_uuid"]: row for row in self._database.rows("datasets", columns, where, ids)
        }
        found: dict[Any, list[DatasetUse]] = defaultdict(list)
        for link in links:
            row = rows.get(link["source_id"])
            if row is None:
                place = f"inputs/{str(link['input_uuid'])[:80]}"
                self._problem(place, "the dataset that a run read is not there")
                continue
            told = self._record("datasets", row, "dataset_uuid")
            use = DatasetUse(
                name=told.text("name"),
                digest=told.text("digest"),
                source_type=told.text("dataset_source_type"),
                source=told.text("dataset_source"),
                schema=told.text("dataset_schema"),
                profile=told.text("dataset_profile"),
                context=contexts.get(link["input_uuid"], {}).get("mlflow.data.context", ""),
            )
            found[link["destination_id"]].append(use)
        return found

    def _links(self, kind: str, owner: str, runs: Sequence[Any]) -> dict[Any, list[str]]:
        """Return the models that runs read or wrote."""
        where = f"WHERE t.destination_type = ? AND t.{owner} IN ({_marks(runs)})"
        found: dict[Any, list[str]] = defaultdict(list)
        for row in self._database.rows("inputs", [owner, "destination_id"], where, [kind, *runs]):
            found[row[owner]].append(self._record("inputs", row, owner).text("destination_id"))
        return found


def _key(row: Row) -> tuple[Any, ...]:
    """Return what tells a version of a registered model from every other."""
    return row["workspace"], row["name"], row["version"]


def _marks(values: Sequence[Any]) -> str:
    """Return a mark for each value; for none, what no value equals."""
    return ",".join("?" * len(values)) or "NULL"
