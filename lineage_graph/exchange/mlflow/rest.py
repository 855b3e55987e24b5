"""MLflow's tracking server, asked by its REST API."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from typing import Any

import httpx2
from pydantic_core import from_json

from lineage_graph.errors import BadFile, Unauthorized, Unreachable
from lineage_graph.exchange.mlflow.shapes import (
    DatasetUse,
    Experiment,
    LoggedModel,
    ModelVersion,
    Point,
    Run,
)

_API = "/api/2.0/mlflow"
_PAGE = 200
_MODELS_PAGE = 50  # what the server allows
_POINTS_PAGE = 25_000
_PATIENCE = 60.0  # seconds
_LARGEST = 256 * 1024 * 1024  # bytes of an answer
_AGAIN = (429, 502, 503, 504)
_TRIES = 4
_LONGEST_WAIT = 30.0  # seconds


class RestStore:
    """A tracking server. A token or a user is taken from where MLflow's own client takes it.

    (``MLFLOW_TRACKING_TOKEN``; ``MLFLOW_TRACKING_USERNAME`` and ``_PASSWORD``.) Nothing is asked but
    this server: redirects are not followed. A metric's history is asked for where its last step is
    not the first, for that is a request each.

    Raises:
        Unreachable, Unauthorized: it does not answer, or not to us.
        BadFile: it answers what MLflow does not.
    """

    def __init__(self, address: str) -> None:
        self._address = address.rstrip("/")
        token = os.environ.get("MLFLOW_TRACKING_TOKEN")
        user = os.environ.get("MLFLOW_TRACKING_USERNAME")
        self._client = httpx2.Client(
            timeout=_PATIENCE,
            follow_redirects=False,
            headers={"Authorization": f"Bearer {token}"} if token else {},
            auth=(user, os.environ.get("MLFLOW_TRACKING_PASSWORD", "")) if user else None,
        )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def unread(self) -> Mapping[str, int]:
        """Return nothing: what else there is, the server tells by other calls."""
        return {}

    def experiments(self) -> Iterator[Experiment]:
        """Yield all experiments."""
        asked = {"max_results": _PAGE, "view_type": "ALL"}
        for found in self._listed("POST", "experiments/search", asked, "experiments"):
            yield Experiment(
                id=_text(found, "experiment_id"),
                name=_text(found, "name"),
                location=_text(found, "artifact_location"),
                deleted=found.get("lifecycle_stage") == "deleted",
                created=_whole(found, "creation_time"),
                updated=_whole(found, "last_update_time"),
                tags=_pairs(found.get("tags")),
            )

    def runs(self, experiment: str) -> Iterator[Run]:
        """Yield an experiment's runs by the time they started."""
        asked = {
            "experiment_ids": [experiment],
            "run_view_type": "ALL",
            "order_by": ["attributes.start_time ASC"],
            "max_results": _PAGE,
        }
        for listed in self._listed("POST", "runs/search", asked, "runs"):
            run = _text(_object(listed, "info"), "run_id")
            # Which models a run read and wrote, the server tells of single runs only.
            single = self._answer("GET", "runs/get", {"run_id": run}, absent=True)
            found = _object(single, "run") or listed
            info, data = _object(found, "info"), _object(found, "data")
            inputs, outputs = _object(found, "inputs"), _object(found, "outputs")
            yield Run(
                id=run,
                experiment=experiment,
                name=_text(info, "run_name"),
                user=_text(info, "user_id"),
                status=_text(info, "status"),
                started=_whole(info, "start_time"),
                ended=_whole(info, "end_time"),
                artifact_uri=_text(info, "artifact_uri"),
                deleted=info.get("lifecycle_stage") == "deleted",
                params=_pairs(data.get("params")),
                tags=_pairs(data.get("tags")),
                metrics=tuple(self._points(run, data)),
                datasets=tuple(_use(given) for given in _objects(inputs, "dataset_inputs")),
                models_read=tuple(_text(m, "model_id") for m in _objects(inputs, "model_inputs")),
                models_written=tuple(
                    _text(m, "model_id") for m in _objects(outputs, "model_outputs")
                ),
            )

    def models(self, experiment: str) -> Iterator[LoggedModel]:
        """Yield an experiment's logged models; none where the server is older than MLflow 3."""
        asked = {"experiment_ids": [experiment], "max_results": _MODELS_PAGE}
        for found in self._listed("POST", "logged-models/search", asked, "models", absent=True):
            info, data = _object(found, "info"), _object(found, "data")
            yield LoggedModel(
                id=_text(info, "model_id"),
                experiment=experiment,
                name=_text(info, "name"),
                uri=_text(info, "artifact_uri"),
                created=_whole(info, "creation_timestamp_ms"),
                updated=_whole(info, "last_updated_timestamp_ms"),
                status=_text(info, "status"),
                type=_text(info, "model_type"),
                run=_text(info, "source_run_id"),
                params=_pairs(data.get("params")),
                tags=_pairs(info.get("tags")),
                metrics=tuple(map(_point, _objects(data, "metrics"))),
            )

    def versions(self) -> Iterator[ModelVersion]:
        """Yield the versions of all registered models."""
        aliases: dict[tuple[str, str], list[str]] = {}
        asked: dict[str, Any] = {"max_results": _PAGE}
        for model in self._listed("GET", "registered-models/search", asked, "registered_models"):
            for alias in _objects(model, "aliases"):
                of = (_text(model, "name"), _text(alias, "version"))
                aliases.setdefault(of, []).append(_text(alias, "alias"))
        for found in self._listed("GET", "model-versions/search", asked, "model_versions"):
            of = (_text(found, "name"), _text(found, "version"))
            yield ModelVersion(
                name=of[0],
                version=of[1],
                created=_whole(found, "creation_timestamp"),
                updated=_whole(found, "last_updated_timestamp"),
                stage=_text(found, "current_stage"),
                source=_text(found, "source"),
                run=_text(found, "run_id"),
                status=_text(found, "status"),
                description=_text(found, "description"),
                user=_text(found, "user_id"),
                model=_text(found, "model_id"),
                tags=_pairs(found.get("tags")),
                aliases=tuple(aliases.get(of, ())),
            )

    def _points(self, run: str, data: Mapping[str, Any]) -> Iterator[Point]:
        for given in _objects(data, "metrics"):
            last = _point(given)
            if not last.step:
                yield last
                continue
            asked = {"run_id": run, "metric_key": last.key, "max_results": _POINTS_PAGE}
            yield from map(_point, self._listed("GET", "metrics/get-history", asked, "metrics"))

    def _listed(
        self, method: str, path: str, asked: Mapping[str, Any], what: str, absent: bool = False
    ) -> Iterator[Mapping[str, Any]]:
        """Yield the objects of all pages of a list."""
        token = ""
        while True:
            page = {**asked, "page_token": token} if token else asked
            answer = self._answer(method, path, page, absent)
            yield from _objects(answer, what)
            before, token = token, _text(answer, "next_page_token")
            if not token or token == before:
                return

    def _answer(
        self, method: str, path: str, asked: Mapping[str, Any], absent: bool
    ) -> Mapping[str, Any]:
        given: dict[str, Any] = {"json": asked} if method == "POST" else {"params": asked}
        for left in reversed(range(_TRIES)):
            try:
                with self._client.stream(
                    method, f"{self._address}{_API}/{path}", **given
                ) as response:
                    if response.status_code in _AGAIN and left:
                        time.sleep(_wait(response, _TRIES - left))
                        continue
                    return self._read(response, path, absent)
            except httpx2.InvalidURL as error:
                raise BadFile(f"{self._address} is no address: {error}.") from error
            except httpx2.TransportError as error:
                if not left:
                    raise Unreachable(f"{self._address} does not answer: {error}.") from error
                time.sleep(0.2)
        raise Unreachable(f"{self._address} is busy.", hint="Try again later.")

    def _read(self, response: Any, path: str, absent: bool) -> Mapping[str, Any]:
        code = response.status_code
        if code in (401, 403):
            raise Unauthorized(
                f"{self._address} refused us ({code}).",
                hint="Set MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and _PASSWORD.",
            )
        if code == 404 and absent:
            return {}
        if code >= 500:
            raise Unreachable(f"{self._address} failed to answer {path} ({code}).")
        content, size = [], 0
        for part in response.iter_bytes():
            content.append(part)
            size += len(part)
            if size > _LARGEST:
                raise BadFile(f"{self._address}: the answer to {path} is too large.")
        try:
            found = from_json(b"".join(content)) if code == 200 else None
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise BadFile(
                f"{self._address} answers {path} as MLflow does not ({code}).",
                hint="Name the address of a tracking server, as for mlflow.set_tracking_uri.",
            )
        return found


def _wait(response: Any, tried: int) -> float:
    asked = response.headers.get("retry-after", "")
    return min(float(asked), _LONGEST_WAIT) if asked.isdigit() else 0.2 * 2**tried


def _object(given: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = given.get(name)
    return found if isinstance(found, dict) else {}


def _objects(given: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = given.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _text(given: Mapping[str, Any], name: str) -> str:
    found = given.get(name)
    return "" if found is None or isinstance(found, (dict, list)) else str(found)


def _whole(given: Mapping[str, Any], name: str) -> int | None:
    text = _text(given, name)
    return int(text) if text.lstrip("-").isdecimal() and len(text) < 19 else None


def _pairs(given: Any) -> dict[str, str]:
    pairs = [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []
    return {_text(pair, "key"): _text(pair, "value") for pair in pairs}


def _point(given: Mapping[str, Any]) -> Point:
    try:
        value = float(given.get("value", "nan"))
    except (TypeError, ValueError, OverflowError):
        value = float("nan")
    name, digest = _text(given, "dataset_name"), _text(given, "dataset_digest")
    return Point(
        _text(given, "key"),
        value,
        _whole(given, "timestamp") or 0,
        _whole(given, "step") or 0,
        (name, digest) if name else None,
    )


def _use(given: Mapping[str, Any]) -> DatasetUse:
    dataset = _object(given, "dataset")
    return DatasetUse(
        name=_text(dataset, "name"),
        digest=_text(dataset, "digest"),
        source_type=_text(dataset, "source_type"),
        source=_text(dataset, "source"),
        schema=_text(dataset, "schema"),
        profile=_text(dataset, "profile"),
        context=_pairs(given.get("tags")).get("mlflow.data.context", ""),
    )
