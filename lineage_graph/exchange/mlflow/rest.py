"""MLflow's tracking server, asked by its REST API."""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import httpx2
from pydantic_core import from_json

from lineage_graph.errors import BadFile, InvalidArgument, Unauthorized, Unreachable
from lineage_graph.exchange.mlflow.fields import Problem, Record, pairs, point
from lineage_graph.exchange.mlflow.shapes import (
    DatasetUse,
    Experiment,
    LoggedModel,
    MlflowRun,
    ModelVersion,
    Point,
    RegisteredModel,
)

_API = "/api/2.0/mlflow"
_PAGE = 200
_MODELS_PAGE = 50  # what the server allows
_POINTS_PAGE = 25_000
_PATIENCE = 60.0  # seconds
_MAX_ANSWER_BYTES = 256 * 1024 * 1024  # bytes of an answer
_PROMPTS = "tags.`mlflow.prompt.is_prompt` = 'true'"
_AGAIN = (429, 502, 503, 504)
_TRIES = 4
_LONGEST_WAIT = 30.0  # seconds


class RestStore:
    """A tracking server. A token or a user is taken from where MLflow's own client takes it.

    (``MLFLOW_TRACKING_TOKEN``; ``MLFLOW_TRACKING_USERNAME`` and ``_PASSWORD``.) Nothing is asked but
    this server: redirects are not followed. A metric's history is a request each, and is asked for
    where its last step is not 0: of one that was logged several times without steps, the server's
    answers do not tell that, and only its last value is read. What makes no sense is told to
    ``problem``.

    Raises:
        InvalidArgument: the address has a password in it.
        Unreachable, Unauthorized: it does not answer, or not to us.
        BadFile: it answers what MLflow does not.
    """

    def __init__(self, address: str, problem: Problem) -> None:
        self._address = _checked(address)
        self._problem = problem
        self._aliases: dict[tuple[str, str], list[str]] = {}  # of models by name and version
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
        """Return nothing: traces and deleted models are no part of the server's lists."""
        return {}

    def experiments(self) -> Iterator[Experiment]:
        """Yield all experiments."""
        asked = {"max_results": _PAGE, "view_type": "ALL"}
        for found in self._listed("POST", "experiments/search", asked, "experiments"):
            told = self._record(found, "experiment", "experiment_id")
            yield Experiment(
                id=told.text("experiment_id"),
                name=told.text("name"),
                location=told.text("artifact_location"),
                deleted=told.text("lifecycle_stage") == "deleted",
                created=told.whole("creation_time"),
                updated=told.whole("last_update_time"),
                workspace=told.text("workspace"),
                tags=self._pairs(found.get("tags"), told.place),
            )

    def runs(self, experiment: str) -> Iterator[MlflowRun]:
        """Yield an experiment's runs by the time they started."""
        asked = {
            "experiment_ids": [experiment],
            "run_view_type": "ALL",
            "order_by": ["attributes.start_time ASC"],
            "max_results": _PAGE,
        }
        for listed in self._listed("POST", "runs/search", asked, "runs"):
            run = self._record(_object(listed, "info"), "run", "run_id").text("run_id")
            # Which models a run read and wrote, the server tells of single runs only.
            single = self._answer("GET", "runs/get", {"run_id": run}, absent=(404,)) if run else {}
            found = _object(single, "run") or listed
            data = _object(found, "data")
            told = self._record({**_object(found, "info"), "run_id": run}, "run", "run_id")
            inputs, outputs = _object(found, "inputs"), _object(found, "outputs")
            uses = _objects(inputs, "dataset_inputs")
            yield MlflowRun(
                id=run,
                experiment=experiment,
                name=told.text("run_name"),
                user=told.text("user_id"),
                status=told.text("status"),
                started=told.whole("start_time"),
                ended=told.whole("end_time"),
                artifact_uri=told.text("artifact_uri"),
                deleted=told.text("lifecycle_stage") == "deleted",
                params=self._pairs(data.get("params"), told.place),
                tags=self._pairs(data.get("tags"), told.place),
                metrics=tuple(self._points(run, data)),
                datasets=tuple(self._use(given, told.place) for given in uses),
                models_read=self._models(inputs, "model_inputs", told.place),
                models_written=self._models(outputs, "model_outputs", told.place),
            )

    def models(self, experiment: str) -> Iterator[LoggedModel]:
        """Yield an experiment's logged models; none where the server is older than MLflow 3."""
        asked = {"experiment_ids": [experiment], "max_results": _MODELS_PAGE}
        for found in self._listed("POST", "logged-models/search", asked, "models", absent=(404,)):
            info, data = _object(found, "info"), _object(found, "data")
            told = self._record(info, "model", "model_id")
            yield LoggedModel(
                id=told.text("model_id"),
                experiment=experiment,
                name=told.text("name"),
                uri=told.text("artifact_uri"),
                created=told.whole("creation_timestamp_ms"),
                updated=told.whole("last_updated_timestamp_ms"),
                status=told.text("status"),
                type=told.text("model_type"),
                run=told.text("source_run_id"),
                params=self._pairs(data.get("params"), told.place),
                tags=self._pairs(info.get("tags"), told.place),
                metrics=tuple(self._measured(_objects(data, "metrics"), told.place)),
            )

    def registered(self) -> Iterator[RegisteredModel]:
        """Yield all registered models and prompts."""
        for model in self._of_registry("registered-models/search", "registered_models"):
            told = self._record(model, "registered model", "name")
            for alias in _objects(model, "aliases"):
                said = self._record(alias, "registered model", "alias")
                of = (told.text("name"), said.text("version"))
                self._aliases.setdefault(of, []).append(said.text("alias"))
            yield RegisteredModel(
                name=told.text("name"),
                workspace=told.text("workspace"),
                created=told.whole("creation_timestamp"),
                updated=told.whole("last_updated_timestamp"),
                description=told.text("description"),
                tags=self._pairs(model.get("tags"), told.place),
            )

    def versions(self) -> Iterator[ModelVersion]:
        """Yield the versions of all registered models, once these were told."""
        for found in self._of_registry("model-versions/search", "model_versions"):
            told = self._record(found, "model version", "name")
            of = (told.text("name"), told.text("version"))
            yield ModelVersion(
                name=of[0],
                version=of[1],
                workspace=told.text("workspace"),
                created=told.whole("creation_timestamp"),
                updated=told.whole("last_updated_timestamp"),
                stage=told.text("current_stage"),
                source=told.text("source"),
                run=told.text("run_id"),
                status=told.text("status"),
                description=told.text("description"),
                user=told.text("user_id"),
                model=told.text("model_id"),
                tags=self._pairs(found.get("tags"), told.place),
                aliases=tuple(self._aliases.get(of, ())),
            )

    def _of_registry(self, path: str, what: str) -> Iterator[Mapping[str, Any]]:
        """Yield models, then prompts, which the server lists only where it is asked for them."""
        asked: dict[str, Any] = {"max_results": _PAGE}
        yield from self._listed("GET", path, asked, what)
        yield from self._listed("GET", path, {**asked, "filter": _PROMPTS}, what, (400, 404))

    def _points(self, run: str, data: Mapping[str, Any]) -> Iterator[Point]:
        for last in self._measured(_objects(data, "metrics"), f"run {run[:80]}"):
            if not last.step:
                yield last
                continue
            asked = {"run_id": run, "metric_key": last.key, "max_results": _POINTS_PAGE}
            series = self._listed("GET", "metrics/get-history", asked, "metrics")
            yield from self._measured(series, f"run {run[:80]}")

    def _measured(self, metrics: Iterable[Mapping[str, Any]], place: str) -> Iterator[Point]:
        for found in metrics:
            told = Record(found, place, self._problem)
            on = (told.text("dataset_name"), told.text("dataset_digest"))
            given = (
                told.text("key"),
                found.get("value"),
                found.get("timestamp"),
                found.get("step"),
            )
            one = point(given, place, self._problem, on if on[0] else None)
            if one is not None:
                yield one

    def _use(self, given: Mapping[str, Any], place: str) -> DatasetUse:
        dataset = Record(_object(given, "dataset"), place, self._problem)
        return DatasetUse(
            name=dataset.text("name"),
            digest=dataset.text("digest"),
            source_type=dataset.text("source_type"),
            source=dataset.text("source"),
            schema=dataset.text("schema"),
            profile=dataset.text("profile"),
            context=self._pairs(given.get("tags"), place).get("mlflow.data.context", ""),
        )

    def _models(self, given: Mapping[str, Any], name: str, place: str) -> tuple[str, ...]:
        found = (Record(one, place, self._problem) for one in _objects(given, name))
        return tuple(one.text("model_id") for one in found)

    def _pairs(self, given: Any, place: str) -> dict[str, str]:
        rows = [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []
        return pairs(rows, ("key", "value"), place, self._problem)

    def _record(self, found: Mapping[str, Any], what: str, key: str) -> Record:
        return Record(found, f"{what} {str(found.get(key))[:80]}", self._problem)

    def _listed(
        self,
        method: str,
        path: str,
        asked: Mapping[str, Any],
        what: str,
        absent: Collection[int] = (),
    ) -> Iterator[Mapping[str, Any]]:
        """Yield the objects of all pages of a list; none where it is answered with a code of ``absent``."""
        seen: set[str] = set()
        token = ""
        while True:
            page = {**asked, "page_token": token} if token else asked
            answer = self._answer(method, path, page, absent)
            yield from _objects(answer, what)
            found = answer.get("next_page_token")
            token = found if isinstance(found, str) else ""
            if not token:
                return
            if token in seen:
                raise BadFile(f"{self._address}: the pages of {path} lead round in a circle.")
            seen.add(token)

    def _answer(
        self, method: str, path: str, asked: Mapping[str, Any], absent: Collection[int]
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
            except httpx2.TransportError as error:
                if not left:
                    raise Unreachable(f"{self._address} does not answer: {error}.") from error
                time.sleep(0.2)
        raise Unreachable(f"{self._address} is busy.", hint="Try again later.")

    def _read(self, response: Any, path: str, absent: Collection[int]) -> Mapping[str, Any]:
        code = response.status_code
        if code in (401, 403):
            raise Unauthorized(
                f"{self._address} refused us ({code}).",
                hint="Set MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and _PASSWORD.",
            )
        if code in absent:
            return {}
        if code >= 500:
            raise Unreachable(f"{self._address} failed to answer {path} ({code}).")
        content, size = [], 0
        try:
            for part in response.iter_bytes():
                content.append(part)
                size += len(part)
                if size > _MAX_ANSWER_BYTES:
                    raise BadFile(f"{self._address}: the answer to {path} is too large.")
        except httpx2.DecodingError as error:
            raise BadFile(
                f"{self._address}: the answer to {path} is not compressed as it says: {error}."
            ) from error
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
    return min(float(asked), _LONGEST_WAIT) if asked.isdecimal() else 0.2 * 2**tried


def _checked(address: str) -> str:
    """Return an address without a stroke at its end; one that holds a password is not even named."""
    try:
        url = httpx2.URL(address)
    except httpx2.InvalidURL as error:
        raise BadFile("This is no address of a server.") from error
    if url.userinfo or "@" in url.netloc.decode("ascii", "replace"):
        raise InvalidArgument(
            f"A user or a password in the address of {url.host} can be seen by others.",
            hint="Leave it out, and set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD.",
        )
    if not url.host or url.query or url.fragment:
        raise InvalidArgument(
            "The address of a tracking server is like http://host:5000, without a question mark."
        )
    return address.rstrip("/")


def _object(given: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = given.get(name)
    return found if isinstance(found, dict) else {}


def _objects(given: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = given.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
