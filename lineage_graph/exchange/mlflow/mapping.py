"""From MLflow's records to the graph.

| MLflow | in the graph |
|---|---|
| experiment | a context of type ``experiment`` |
| run | an execution of type ``mlflow.Run`` (which counts as a training: what models it logged, it trained), of its experiment; parameters are its properties |
| run that is in no other | also a context of type ``run``, part of its experiment; the executions of the run and of those nested in it belong to it |
| metrics of a run | an artifact of type ``Metrics``: the last value of each under its name, least and most of those logged more than once, all of these as ``history`` |
| dataset | an artifact of type ``Dataset`` for each experiment, name and digest; the link to a run says what as (``training``) |
| logged model | an artifact of type ``Model``, with its parameters and metrics |
| registered models, their versions, prompts | see ``registry`` |
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from lineage_graph.exchange.mlflow.fields import Problem, whole
from lineage_graph.exchange.mlflow.shapes import (
    DatasetUse,
    Experiment,
    LoggedModel,
    MlflowRun,
)
from lineage_graph.exchange.mlflow.values import (
    clean,
    document,
    extremes,
    history,
    last,
    named,
    plain,
    uri_of,
)
from lineage_graph.exchange.subgraph_builder import SubgraphBuilder
from lineage_graph.model import ArtifactState, BaseType, EventType, ExecutionState, Kind, Value
from lineage_graph.model.metrics import HISTORY

_STATES: Mapping[str, ExecutionState] = {
    "FINISHED": ExecutionState.COMPLETE,
    "FAILED": ExecutionState.FAILED,
    "KILLED": ExecutionState.CANCELED,
    "RUNNING": ExecutionState.RUNNING,
    "SCHEDULED": ExecutionState.NEW,
}
MODEL_STATES: Mapping[str, ArtifactState] = {
    "READY": ArtifactState.LIVE,
    "PENDING": ArtifactState.PENDING,
    "PENDING_REGISTRATION": ArtifactState.PENDING,
    "FAILED": ArtifactState.ABANDONED,
    "UPLOAD_FAILED": ArtifactState.ABANDONED,
    "FAILED_REGISTRATION": ArtifactState.ABANDONED,
}
_TAGS = {
    "mlflow.source.git.commit": "git_commit",
    "mlflow.source.git.branch": "git_branch",
    "mlflow.source.git.repoURL": "git_repository",
    "mlflow.source.name": "source",
    "mlflow.source.type": "source_type",
    "mlflow.project.entryPoint": "entry_point",
    "mlflow.note.content": "description",
}
_LONGEST_ORIGIN = 1000


class Mapper:
    """Puts records into a gathering: first all experiments, then runs, models, and what runs did with them.

    ``runs`` and ``models`` are those that were taken in, ``tops`` tells of each run that has its
    place the outermost run that holds it, or itself. Records without an id are told to ``problem``.
    """

    def __init__(self, gathering: SubgraphBuilder, source: str, problem: Problem) -> None:
        self.gathering = gathering
        self._source = source
        self.problem = problem
        self._names: dict[str, str] = {}  # of experiments
        self.tops: dict[str, str] = {}
        self.runs: set[str] = set()
        self.models: set[str] = set()

    def experiments(self, experiments: Sequence[Experiment]) -> None:
        """Take in the experiments; of those with one name (in several workspaces), the names get their ids."""
        names = Counter(experiment.name for experiment in experiments)
        for experiment in experiments:
            name = clean(experiment.name) or experiment.id
            if names[experiment.name] > 1:
                name = f"{name} ({experiment.id})"
            self._names[experiment.id] = name
            self.gathering.context(
                self.origin("experiment", experiment.id),
                "experiment",
                name,
                properties={
                    "experiment_id": clean(experiment.id),
                    "artifact_location": clean(experiment.location) or None,
                    "workspace": workspace_of(experiment.workspace) or None,
                    **told_by(experiment.tags),
                },
                created=experiment.created,
                updated=experiment.updated,
            )

    def run(self, run: MlflowRun) -> bool:
        """Take in a run and what it read; False where it is none."""
        if not run.id:
            self.problem(f"experiment {run.experiment}", "a run has no id")
            return False
        self.runs.add(run.id)
        ended = run.ended or None
        execution = self.gathering.execution(
            self.origin("run", run.id),
            "mlflow.Run",
            base=BaseType.TRAIN,
            name=_run_name(run),
            state=_STATES.get(run.status),
            properties=_beside(
                plain(run.params),
                {
                    **told_by(run.tags),
                    "display_name": clean(run.name) or None,
                    "run_id": clean(run.id),
                    "user": clean(run.user or run.tags.get("mlflow.user", "")) or None,
                    "artifact_uri": clean(run.artifact_uri) or None,
                    "parent_run": clean(parent_of(run)) or None,
                },
            ),
            created=run.started,
            updated=ended,
        )
        experiment = self._experiment(run.experiment)
        self.gathering.associate(execution, experiment)
        for use in run.datasets:
            dataset = self._dataset(run, use)
            path = (named(use.context),) if use.context else ()
            self.gathering.event(execution, dataset, EventType.INPUT, path, at=run.started)
            self.gathering.attribute(dataset, experiment)
        if run.metrics:
            self._metrics(run, execution, experiment)
        return True

    def place(self, run: MlflowRun) -> None:
        """Say which run a run that was taken in belongs to, once the one it is nested in is placed."""
        parent = parent_of(run)
        self.tops[run.id] = top = self.tops.get(parent, run.id)
        if top == run.id:
            context = self.gathering.context(
                self.origin("run", run.id),
                "run",
                _run_name(run),
                properties={"display_name": clean(run.name) or None, "run_id": clean(run.id)},
                created=run.started,
                updated=run.ended or None,
            )
            self.gathering.nest(context, self._experiment(run.experiment))
        else:
            context = self.gathering.stored(Kind.CONTEXT, self.origin("run", top))
        execution = self.gathering.stored(Kind.EXECUTION, self.origin("run", run.id))
        self.gathering.associate(execution, context)
        if run.metrics:
            metrics = self.gathering.stored(Kind.ARTIFACT, self.origin("metrics", run.id))
            self.gathering.attribute(metrics, context)

    def model(self, model: LoggedModel) -> None:
        """Take in a logged model, and that its run wrote it."""
        if not model.id:
            self.problem(f"experiment {model.experiment}", "a model has no id")
            return
        self.models.add(model.id)
        measured = {point.dataset[0] for point in model.metrics if point.dataset}
        artifact = self.gathering.artifact(
            self.origin("model", model.id),
            "Model",
            base=BaseType.MODEL,
            name=clean(f"{model.name or 'model'} {model.id[:10]}"),
            uri=clean(model.uri),
            state=MODEL_STATES.get(model.status.removeprefix("LOGGED_MODEL_")),
            properties=_beside(
                plain(model.params),
                last(model.metrics),
                {
                    **told_by(model.tags),
                    "display_name": clean(model.name) or None,
                    "model_id": clean(model.id),
                    "model_type": clean(model.type) or None,
                    "measured_on": clean(", ".join(sorted(measured))) or None,
                },
            ),
            created=model.created,
            updated=model.updated,
        )
        self.gathering.attribute(artifact, self._experiment(model.experiment))
        if model.run in self.runs:
            execution = self.gathering.stored(Kind.EXECUTION, self.origin("run", model.run))
            self.gathering.event(execution, artifact, EventType.OUTPUT, at=model.created)
            top = self.gathering.stored(Kind.CONTEXT, self.origin("run", self.tops[model.run]))
            self.gathering.attribute(artifact, top)

    def read_models(self, run: MlflowRun) -> None:
        """Say which models a run read and wrote, once all models are known."""
        execution = self.gathering.stored(Kind.EXECUTION, self.origin("run", run.id))
        for ids, type_, at in (
            (run.models_read, EventType.INPUT, run.started),
            (run.models_written, EventType.OUTPUT, run.ended or run.started),
        ):
            for model in ids:
                if model in self.models:
                    artifact = self.gathering.stored(Kind.ARTIFACT, self.origin("model", model))
                    self.gathering.event(execution, artifact, type_, at=at)

    def _experiment(self, experiment: str) -> int:
        return self.gathering.stored(Kind.CONTEXT, self.origin("experiment", experiment))

    def _dataset(self, run: MlflowRun, use: DatasetUse) -> int:
        profile = document(use.profile) or {}
        shape: dict[str, Value | None] = {
            "rows": whole(profile.get("num_rows")),
            "schema": document(use.schema),
            "profile": profile or None,
        }
        return self.gathering.artifact(
            self.origin("dataset", run.experiment, use.name, use.digest),
            "Dataset",
            base=BaseType.DATASET,
            name=clean(f"{use.name}@{use.digest} ({self._names.get(run.experiment, '')})"),
            uri=uri_of(use.source),
            properties={
                **shape,
                "display_name": clean(use.name) or None,
                "dataset": clean(use.name),
                "digest": clean(use.digest),
                "source_type": clean(use.source_type) or None,
                "source": clean(use.source) or None,
            },
            created=run.started,
        )

    def _metrics(self, run: MlflowRun, execution: int, experiment: int) -> None:
        series = history(run.metrics)
        times = [point.timestamp for point in run.metrics if point.timestamp] or [run.ended or 0]
        first, at = min(times) or None, max(times) or None
        artifact = self.gathering.artifact(
            self.origin("metrics", run.id),
            "Metrics",
            base=BaseType.METRICS,
            name=f"metrics of {_run_name(run)}",
            properties=_beside(last(run.metrics), extremes(run.metrics), {HISTORY: series or None}),
            created=first,
            updated=at,
        )
        self.gathering.event(execution, artifact, EventType.OUTPUT, at=at)
        self.gathering.attribute(artifact, experiment)

    def origin(self, *parts: str) -> str:
        """Return what tells a record from every other, by its kind and what names it."""
        kept = "|".join(part.replace("%", "%25").replace("|", "%7C") for part in parts)
        return clean(f"{self._source}:{kept}")[:_LONGEST_ORIGIN]


def parent_of(run: MlflowRun) -> str:
    """Return the id of the run that a run is nested in; empty where it is in none."""
    parent = run.tags.get("mlflow.parentRunId", "")
    return parent if parent != run.id else ""


def _run_name(run: MlflowRun) -> str:
    return clean(f"{run.name or 'run'} {run.id[:8]}")


def workspace_of(told: str) -> str:
    """Return a workspace's name; none for the one that is there where there are no others."""
    return "" if told == "default" else clean(told)


def _beside(*parts: Mapping[str, Value | None]) -> dict[str, Value | None]:
    """Return properties of several sorts as one; the later keep a name that earlier ones have as well.

    The earlier ones are kept under it with a mark of their own, so that nothing is lost.
    """
    found: dict[str, Value | None] = {}
    for part in parts:
        for name, value in part.items():
            if value is None:
                continue
            if name in found:
                found[f"{name} (parameter)"] = found[name]
            found[name] = value
    return found


def told_by(tags: Mapping[str, str]) -> dict[str, Value | None]:
    """Return tags as properties: MLflow's own that say something by plain names, others' as one."""
    own = {name: clean(tags[tag]) or None for tag, name in _TAGS.items() if tag in tags}
    rest = {named(k): clean(v) for k, v in sorted(tags.items()) if not k.startswith("mlflow.")}
    return {**own, "tags": rest or None}
