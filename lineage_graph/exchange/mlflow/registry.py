"""From MLflow's registry of models to the graph.

| MLflow | in the graph |
|---|---|
| registered model | a context of type ``registered_model``, which holds its versions |
| version of one | an artifact of type ``ModelVersion``, made by an execution of type ``mlflow.Register``: of the version it is a copy of, or of the logged model |
| prompt, version of one | a context of type ``registered_prompt``, an artifact of type ``PromptVersion`` |

A model that was registered from files of a run, as before MLflow 3, is a ``Model`` of its own. A copy
of what is not there any more is linked to the run that made it.
"""

from __future__ import annotations

import re

from lineage_graph.exchange.mlflow.mapping import MODEL_STATES, Mapper, told_by, workspace_of
from lineage_graph.exchange.mlflow.shapes import ModelVersion, RegisteredModel, Tags
from lineage_graph.exchange.mlflow.values import clean
from lineage_graph.model import BaseType, EventType, ExecutionState, Kind

_OF_MODEL = re.compile(r"models:/(m-[0-9A-Za-z]+)/?")
_OF_VERSION = re.compile(r"models:/(.+)/([0-9]+)")
_OF_RUN = re.compile(r"runs:/([0-9A-Za-z_-]+)/(.+)")
_PROMPT = "mlflow.prompt.is_prompt"  # a tag of what is a prompt


class Registry:
    """Puts registered models into a mapper's gathering, then their versions, then what those were made of."""

    def __init__(self, mapper: Mapper) -> None:
        self._mapper = mapper
        self._gathering = mapper.gathering
        self._models: dict[str, bool] = {}  # origins of contexts, and which of them are prompts
        self._versions: set[str] = set()  # origins

    def model(self, model: RegisteredModel) -> None:
        """Take in a registered model or a prompt."""
        if not model.name:
            self._mapper.problem("registered models", "a model has no name")
            return
        space = workspace_of(model.workspace)
        origin = self._origin("registered_model", space, model.name)
        self._models[origin] = _is_prompt(model.tags)
        self._gathering.context(
            origin,
            "registered_prompt" if self._models[origin] else "registered_model",
            _title(space, model.name),
            properties={
                **told_by(model.tags),
                "description": _description(model),
                "workspace": space or None,
            },
            created=model.created,
            updated=model.updated,
        )

    def version(self, version: ModelVersion) -> bool:
        """Take in a version, once all registered models are known; False where it is none."""
        if not version.name or not version.version:
            self._mapper.problem("registered models", "a version has no name or no number")
            return False
        space = workspace_of(version.workspace)
        held_by = self._origin("registered_model", space, version.name)
        if held_by not in self._models:
            tags = {_PROMPT: "true"} if _is_prompt(version.tags) else {}
            self.model(RegisteredModel(version.name, version.workspace, tags=tags))
        is_prompt = self._models[held_by]
        title = _title(space, version.name)
        origin = self._origin("version", space, version.name, version.version)
        self._versions.add(origin)
        artifact = self._gathering.artifact(
            origin,
            "PromptVersion" if is_prompt else "ModelVersion",
            base=None if is_prompt else BaseType.MODEL,
            name=clean(f"{title} version {version.version}"),
            state=MODEL_STATES.get(version.status),
            properties={
                **told_by(version.tags),
                ("prompt" if is_prompt else "registered_model"): clean(version.name),
                "version": clean(version.version),
                "workspace": space or None,
                # Empty where there is none, so that one which moved away is not kept here.
                "stage": clean(version.stage) if version.stage != "None" else "",
                "aliases": clean(", ".join(sorted(version.aliases))),
                "description": _description(version),
                "source": clean(version.source) or None,
                "user": clean(version.user) or None,
                "text": clean(version.tags.get("mlflow.prompt.text", "")) or None,
            },
            created=version.created,
            updated=version.updated,
        )
        self._gathering.attribute(artifact, self._gathering.stored(Kind.CONTEXT, held_by))
        return not is_prompt

    def made(self, version: ModelVersion) -> None:
        """Say what a version that was taken in was made of, once all versions are known."""
        space = workspace_of(version.workspace)
        of = (space, version.name, version.version)
        artifact = self._gathering.stored(Kind.ARTIFACT, self._origin("version", *of))
        made_of = self._made_of(version, space)
        if made_of is None:
            if version.run in self._mapper.runs and version.source.startswith("models:/"):
                run = self._mapper.origin("run", version.run)
                execution = self._gathering.stored(Kind.EXECUTION, run)
                self._gathering.event(execution, artifact, EventType.OUTPUT, at=version.created)
            return
        execution = self._gathering.execution(
            self._origin("register", *of),
            "mlflow.Register",
            name=clean(f"register {_title(space, version.name)} version {version.version}"),
            state=ExecutionState.COMPLETE,
            created=version.created,
        )
        model = self._origin("registered_model", space, version.name)
        self._gathering.associate(execution, self._gathering.stored(Kind.CONTEXT, model))
        self._gathering.event(execution, made_of, EventType.INPUT, at=version.created)
        self._gathering.event(execution, artifact, EventType.OUTPUT, at=version.created)

    def _made_of(self, version: ModelVersion, space: str) -> int | None:
        """Return what was registered: another version, a logged model, or files of a run."""
        if (copied := _OF_VERSION.fullmatch(version.source)) and copied.groups() != (
            version.name,
            version.version,
        ):
            origin = self._origin("version", space, copied[1], copied[2])
            if origin in self._versions:
                return self._gathering.stored(Kind.ARTIFACT, origin)
        found = _OF_MODEL.fullmatch(version.source)
        logged = version.model or (found[1] if found else "")
        if logged in self._mapper.models:
            return self._gathering.stored(Kind.ARTIFACT, self._mapper.origin("model", logged))
        if not version.source or version.source.startswith("models:/"):
            return None
        if version.run not in self._mapper.runs:
            return None
        files = _OF_RUN.fullmatch(version.source)
        path = files[2] if files else version.source.rstrip("/").rpartition("/")[2] or "model"
        artifact = self._gathering.artifact(
            self._mapper.origin("files", version.run, files[2] if files else version.source),
            "Model",
            base=BaseType.MODEL,
            name=clean(f"{path} of run {version.run[:8]}"),
            uri=clean(version.source),
            properties={"display_name": clean(path)},
            created=version.created,
        )
        execution = self._gathering.stored(Kind.EXECUTION, self._mapper.origin("run", version.run))
        self._gathering.event(execution, artifact, EventType.OUTPUT, at=version.created)
        return artifact

    def _origin(self, kind: str, space: str, *names: str) -> str:
        return self._mapper.origin(kind, *((space,) if space else ()), *names)


def _title(space: str, name: str) -> str:
    return clean(f"{name} ({space})" if space else name)


def _is_prompt(tags: Tags) -> bool:
    return tags.get(_PROMPT, "").lower() == "true"


def _description(told: RegisteredModel | ModelVersion) -> str | None:
    return clean(told.description or told.tags.get("mlflow.note.content", "")) or None
