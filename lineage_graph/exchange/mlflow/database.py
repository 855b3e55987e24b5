"""MLflow's own database (SQLite, MySQL, PostgreSQL), read in pages of runs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from lineage_graph.errors import BadFile
from lineage_graph.exchange.mlflow.shapes import (
    DatasetUse,
    Experiment,
    LoggedModel,
    ModelVersion,
    Point,
    Run,
)
from lineage_graph.exchange.sql import Row, open_database
from lineage_graph.model.values import INT64_HIGH, INT64_LOW

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
    "registered_model_aliases",
    "model_versions",
    "model_version_tags",
    "trace_info",
    "evaluation_datasets",
)
_UNREAD = {"trace_info": "traces", "evaluation_datasets": "evaluation datasets"}
_MODEL_STATES = {"1": "PENDING", "2": "READY", "3": "UPLOAD_FAILED"}
_WHOLE = frozenset(
    (
        *("creation_time", "last_update_time", "start_time", "end_time", "last_updated_time"),
        *("creation_timestamp_ms", "last_updated_timestamp_ms", "timestamp", "step"),
        *("metric_timestamp_ms", "metric_step"),
    )
)
_AS_IT_IS = frozenset(("value", "metric_value", "is_nan"))  # a text here, a number there


class DatabaseStore:
    """MLflow's database. Tables that its release of MLflow did not have yet read as empty.

    Raises:
        BadFile: it is not MLflow's; and what ``open_database`` raises.
    """

    def __init__(self, where: Path | str) -> None:
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
        counts["values of metrics beyond the first 200,000 of a run"] = self._cut
        return {what: count for what, count in counts.items() if count}

    def experiments(self) -> Iterator[Experiment]:
        """Yield all experiments."""
        columns = ["experiment_id", "name", "artifact_location", "lifecycle_stage"]
        columns += ["creation_time", "last_update_time"]
        tags = self._pairs("experiment_tags", "experiment_id", ("key", "value"))
        for row in self._rows("experiments", columns, "ORDER BY t.experiment_id"):
            yield Experiment(
                id=row["experiment_id"],
                name=row["name"] or "",
                location=row["artifact_location"] or "",
                deleted=row["lifecycle_stage"] == "deleted",
                created=row["creation_time"],
                updated=row["last_update_time"],
                tags=tags.get(row["experiment_id"], {}),
            )

    def runs(self, experiment: str) -> Iterator[Run]:
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
                told = dict(tags.get(run, {}))
                if row["source_version"]:  # where MLflow kept it before it was a tag
                    told.setdefault("mlflow.source.git.commit", row["source_version"])
                if row["source_name"]:
                    told.setdefault("mlflow.source.name", row["source_name"])
                yield Run(
                    id=run,
                    experiment=experiment,
                    name=row["name"] or told.get("mlflow.runName", ""),
                    user=row["user_id"] or "",
                    status=row["status"] or "",
                    started=row["start_time"],
                    ended=row["end_time"],
                    artifact_uri=row["artifact_uri"] or "",
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
                yield LoggedModel(
                    id=row["model_id"],
                    experiment=experiment,
                    name=row["name"] or "",
                    uri=row["artifact_location"] or "",
                    created=row["creation_timestamp_ms"],
                    updated=row["last_updated_timestamp_ms"],
                    status=_MODEL_STATES.get(row["status"] or "", ""),
                    type=row["model_type"] or "",
                    run=row["source_run_id"] or "",
                    deleted=row["lifecycle_stage"] == "deleted",
                    params=params.get(row["model_id"], {}),
                    tags=tags.get(row["model_id"], {}),
                    metrics=tuple(metrics.get(row["model_id"], ())),
                )

    def versions(self) -> Iterator[ModelVersion]:
        """Yield the versions of all registered models."""
        aliases: dict[tuple[str, int], list[str]] = defaultdict(list)
        for row in self._rows("registered_model_aliases", ["alias", "version", "name"]):
            aliases[row["name"], row["version"]].append(row["alias"] or "")
        tags: dict[tuple[str, int], dict[str, str]] = defaultdict(dict)
        for row in self._rows("model_version_tags", ["name", "version", "key", "value"]):
            tags[row["name"], row["version"]][row["key"] or ""] = _text(row["value"]) or ""
        columns = ["name", "version", "creation_time", "last_updated_time", "description"]
        columns += ["user_id", "current_stage", "source", "run_id", "status"]
        for row in self._rows("model_versions", columns, "ORDER BY t.name, t.version"):
            of = (row["name"], row["version"])
            yield ModelVersion(
                name=row["name"] or "",
                version=row["version"] or "",
                created=row["creation_time"],
                updated=row["last_updated_time"],
                stage=row["current_stage"] or "",
                source=row["source"] or "",
                run=row["run_id"] or "",
                status=row["status"] or "",
                description=row["description"] or "",
                user=row["user_id"] or "",
                tags=tags.get(of, {}),
                aliases=tuple(aliases.get(of, ())),
            )

    def _pages(
        self, table: str, key: str, order: str, columns: list[str], experiment: str
    ) -> Iterator[list[Row]]:
        """Yield an experiment's rows by time and key, a page at a time; what has no time comes first."""
        after: tuple[Any, str] = (-1, "")
        while True:
            time = f"coalesce(t.{order}, 0)"
            where = (
                f"WHERE t.experiment_id = ? AND ({time} > ? OR ({time} = ? AND t.{key} > ?))"
                f" ORDER BY {time}, t.{key} LIMIT ?"
            )
            values = [int(experiment), after[0], after[0], after[1], _PAGE]
            rows = self._database.rows(table, columns, where, values)
            if not rows:
                return
            after = (rows[-1][order] or 0, rows[-1][key])
            yield [_sound(row) for row in rows if row[key] is not None]

    def _rows(
        self, table: str, columns: Sequence[str], where: str = "", values: Sequence[Any] = ()
    ) -> list[Row]:
        return [_sound(row) for row in self._database.rows(table, columns, where, values)]

    def _pairs(
        self, table: str, owner: str, pair: tuple[str, str], ids: Sequence[Any] | None = None
    ) -> dict[Any, dict[str, str]]:
        """Return names and texts by what they belong to; of all, or of these."""
        found: dict[Any, dict[str, str]] = defaultdict(dict)
        where, values = ("", ()) if ids is None else (f"WHERE t.{owner} IN ({_marks(ids)})", ids)
        for row in self._rows(table, [owner, *pair], where, values):
            found[row[owner]][row[pair[0]] or ""] = _text(row[pair[1]]) or ""
        return found

    def _points(self, run: str) -> tuple[Point, ...]:
        columns = ["key", "value", "timestamp", "step", "is_nan"]
        where = "WHERE t.run_uuid = ? ORDER BY t.step, t.timestamp LIMIT ?"
        rows = self._rows("metrics", columns, where, [run, _MOST_POINTS + 1])
        if len(rows) > _MOST_POINTS:
            self._cut += 1
            where = "WHERE t.run_uuid = ?"
            rows = [*rows[:-1], *self._rows("latest_metrics", columns, where, [run])]
        return tuple(
            Point(
                row["key"] or "",
                float("nan") if row["is_nan"] else _real(row["value"]),
                row["timestamp"] or 0,
                row["step"] or 0,
            )
            for row in rows
        )

    def _model_points(self, models: Sequence[str]) -> dict[str, list[Point]]:
        found: dict[str, list[Point]] = defaultdict(list)
        columns = ["model_id", "metric_name", "metric_value", "metric_timestamp_ms", "metric_step"]
        columns += ["dataset_name", "dataset_digest"]
        where = f"WHERE t.model_id IN ({_marks(models)})"
        for row in self._rows("logged_model_metrics", columns, where, models):
            if row["metric_value"] is None:
                continue
            on = (row["dataset_name"], row["dataset_digest"]) if row["dataset_name"] else None
            point = Point(
                row["metric_name"] or "",
                _real(row["metric_value"]),
                row["metric_timestamp_ms"] or 0,
                row["metric_step"] or 0,
                on,
            )
            found[row["model_id"]].append(point)
        return found

    def _datasets(self, runs: Sequence[str]) -> dict[str, list[DatasetUse]]:
        where = (
            "WHERE t.source_type = 'DATASET' AND t.destination_type = 'RUN'"
            f" AND t.destination_id IN ({_marks(runs)})"
        )
        columns = ["input_uuid", "source_id", "destination_id"]
        links = self._rows("inputs", columns, where, runs)
        contexts = self._pairs(
            "input_tags", "input_uuid", ("name", "value"), [link["input_uuid"] for link in links]
        )
        ids = sorted({link["source_id"] for link in links})
        columns = ["dataset_uuid", "name", "digest", "dataset_source_type", "dataset_source"]
        columns += ["dataset_schema", "dataset_profile"]
        where = f"WHERE t.dataset_uuid IN ({_marks(ids)})"
        rows = {row["dataset_uuid"]: row for row in self._rows("datasets", columns, where, ids)}
        found: dict[str, list[DatasetUse]] = defaultdict(list)
        for link in links:
            row = rows.get(link["source_id"])
            if row is None:
                continue
            use = DatasetUse(
                name=row["name"] or "",
                digest=row["digest"] or "",
                source_type=row["dataset_source_type"] or "",
                source=row["dataset_source"] or "",
                schema=row["dataset_schema"] or "",
                profile=row["dataset_profile"] or "",
                context=contexts.get(link["input_uuid"], {}).get("mlflow.data.context", ""),
            )
            found[link["destination_id"]].append(use)
        return found

    def _links(self, kind: str, owner: str, runs: Sequence[str]) -> dict[str, list[str]]:
        """Return the models that runs read or wrote."""
        where = f"WHERE t.destination_type = ? AND t.{owner} IN ({_marks(runs)})"
        found: dict[str, list[str]] = defaultdict(list)
        for row in self._rows("inputs", [owner, "destination_id"], where, [kind, *runs]):
            found[row[owner]].append(row["destination_id"])
        return found


def _sound(row: Row) -> Row:
    """Return a row whose cells are of the kinds MLflow declares; SQLite holds nobody to them."""
    return {
        column: cell if column in _AS_IT_IS else _whole(cell) if column in _WHOLE else _text(cell)
        for column, cell in row.items()
    }


def _whole(cell: Any) -> int | None:
    return cell if isinstance(cell, int) and INT64_LOW <= cell <= INT64_HIGH else None


def _text(cell: Any) -> str | None:
    if isinstance(cell, bytes):
        return cell.decode("utf-8", "backslashreplace")
    return None if cell is None else str(cell)


def _real(cell: Any) -> float:
    return float(cell) if isinstance(cell, int | float) else float("nan")


def _marks(values: Sequence[Any]) -> str:
    """Return a mark for each value; for none, what no value equals."""
    return ",".join("?" * len(values)) or "NULL"
