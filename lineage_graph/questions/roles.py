"""What part a node plays: model, training, deployment. Told by its type's base, else by its name.

ML Metadata lets a type say that it derives from a system type (``mlmd.Model``, ``mlmd.Train``,
``mlmd.Deploy``). Where it does not say so, its name decides:

- a model: an artifact whose type's name ends with "model"; what stands for a deployed one is none
  (TFX's PushedModel, which derives from mlmd.Model);
- a training: an execution whose type's name contains "train";
- a deployment: an execution whose type's name contains "pusher" or "deploy";
- deployed: an artifact whose type's name contains "pushed" or "deployed", or one with a property
  ``pushed`` or ``deployed`` that is true or 1, or one that a deployment made; never one that was
  given up (ABANDONED), or says of itself that it was not pushed;
- a run: a context whose type's name contains "run", and that is no step;
- a step: a context of type "node", or of type "component_run" (TFX before 1.0: a step of one run);
- the pipeline of a run: what the run is part of. TFX before 1.0 does not tell that. Of a run that is
  part of nothing it is the context of type "pipeline" that has executions of the run. So it is found
  when asked, in the statements (``pipelines``, ``runs_of_pipeline``, ``count_runs``,
  ``parents_of_context``, ``completed_run_before``): whoever filled the store and when, nothing inferred is stored or exported;
- a DAG of Kubeflow Pipelines: an execution that others are nested in, and no step.

Where statements need a rule, it stands in ``cypher/rules``.
"""

from __future__ import annotations

from collections.abc import Collection

from lineage_graph.model import (
    Artifact,
    ArtifactState,
    BaseType,
    Context,
    Execution,
    Kind,
    Node,
    Subgraph,
)
from lineage_graph.store import Store

_YES = (True, 1, "1", "true", "True")
_NO = (False, 0, "0", "false", "False")
_DEPLOYED = ("pushed", "deployed")
_DAG = "system.DAGExecution"
STEPS = f"type != '{_DAG}'"
"""A filter of executions that leaves out DAGs."""


class Roles:
    """Knows the types of a store, and so the part each node plays."""

    def __init__(self, store: Store) -> None:
        self._bases = {
            (kind, found.id): found.base_type for kind in Kind for found in store.types(kind)
        }

    def is_model(self, node: Node) -> bool:
        """True for models."""
        return (
            isinstance(node, Artifact)
            and not _named(node, *_DEPLOYED)
            and (self._derives(node, BaseType.MODEL) or (node.type or "").lower().endswith("model"))
        )

    def is_training(self, node: Node) -> bool:
        """True for executions that train."""
        return isinstance(node, Execution) and (
            self._derives(node, BaseType.TRAIN) or _named(node, "train")
        )

    def is_deployment(self, node: Node) -> bool:
        """True for executions that deploy."""
        return isinstance(node, Execution) and (
            self._derives(node, BaseType.DEPLOY) or _named(node, "pusher", "deploy")
        )

    def deployed(self, graph: Subgraph) -> set[int]:
        """Return the ids of the artifacts of a graph that are deployed."""
        deployments = {e.id for e in graph.executions if self.is_deployment(e)}
        made = {
            event.artifact_id
            for event in graph.events
            if not event.type.is_input and event.execution_id in deployments
        }
        return {
            a.id or 0
            for a in graph.artifacts
            if (a.id in made or _says_deployed(a)) and not _was_not_deployed(a)
        }

    def _derives(self, node: Node, base: BaseType) -> bool:
        return self._bases.get((node.kind, node.type_id)) is base


def is_run(context: Context) -> bool:
    """True for runs."""
    return context.is_run


def is_dag(execution: Execution) -> bool:
    """True for the DAGs in which Kubeflow Pipelines nests the steps of a run."""
    return execution.type == _DAG


def has_dags(types: Collection[tuple[Kind, str]]) -> bool:
    """True where one of these types is that of DAGs."""
    return (Kind.EXECUTION, _DAG) in types


def _says_deployed(artifact: Artifact) -> bool:
    return _named(artifact, *_DEPLOYED) or any(value in _YES for value in _told(artifact))


def _was_not_deployed(artifact: Artifact) -> bool:
    told = _told(artifact)
    return artifact.state is ArtifactState.ABANDONED or (bool(told) and told[0] in _NO)


def _told(artifact: Artifact) -> list[object]:
    """Return what an artifact says of itself about being deployed."""
    return [
        values[name]
        for name in _DEPLOYED
        for values in (artifact.properties, artifact.custom_properties)
        if name in values
    ]


def _named(node: Node, *parts: str) -> bool:
    name = (node.type or "").lower()
    return any(part in name for part in parts)
