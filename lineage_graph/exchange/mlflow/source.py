"""What MLflow keeps as a stream of subgraphs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from lineage_graph.exchange.base import Source
from lineage_graph.exchange.mlflow.database import DatabaseStore
from lineage_graph.exchange.mlflow.mapping import Mapper
from lineage_graph.exchange.mlflow.nesting import Nested
from lineage_graph.exchange.mlflow.registry import Registry
from lineage_graph.exchange.mlflow.shapes import Experiment, MlflowRun, MlflowStore, ModelVersion
from lineage_graph.exchange.subgraph_builder import SubgraphBuilder
from lineage_graph.model import Subgraph

_BATCH = 2000  # nodes and links


class MlflowSource(Source):
    """A tracking server (``http://…``), a database of one, or a folder ``mlruns``.

    The same store is the same source through each of these doors. What MLflow has deleted but keeps is
    counted and left out, as are traces. MLflow notes no times of change, so each reading goes through
    all of it; what is known already changes nothing.

    Raises:
        NotFound, BadFile: there is nothing of MLflow's there.
        Unreachable, Unauthorized: nothing answers there, or not to us.
    """

    format = "mlflow"
    keyed = True

    def __init__(self, where: Path | str) -> None:
        super().__init__()
        self._store = _opened(where, self)
        try:
            self._experiments = list(self._store.experiments())
            self.source = f"mlflow:{_identity(self._experiments, where)}"
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of it."""
        self._store.close()

    def batches(self) -> Iterator[Subgraph]:
        """Yield experiments with their runs, logged models and what runs did with them, then the registry."""
        gathering = SubgraphBuilder()
        mapper = Mapper(gathering, self.source, self.problem)
        active = [e for e in self._experiments if not e.deleted]
        self._left_out("deleted experiments", len(self._experiments) - len(active))
        mapper.experiments(active)
        nested = Nested(mapper)
        used: list[MlflowRun] = []
        for experiment in active:
            for run in self._store.runs(experiment.id):
                if run.deleted:
                    self._left_out("deleted runs", 1)
                elif mapper.run(run):
                    nested.place(run)
                    if run.models_read or run.models_written:
                        used.append(_models_only(run))
                if len(gathering) >= _BATCH:
                    yield gathering.take()
        nested.place_rest()
        for experiment in active:
            for model in self._store.models(experiment.id):
                if model.deleted:
                    self._left_out("deleted models", 1)
                    continue
                mapper.model(model)
                if len(gathering) >= _BATCH:
                    yield gathering.take()
        for run in used:
            mapper.read_models(run)
            if len(gathering) >= _BATCH:
                yield gathering.take()
        registry = Registry(mapper)
        for registered in self._store.registered():
            registry.model(registered)
            if len(gathering) >= _BATCH:
                yield gathering.take()
        kept: list[ModelVersion] = []
        for version in self._store.versions():
            if version.deleted:
                self._left_out("deleted versions of models", 1)
            elif registry.version(version):
                kept.append(replace(version, tags={}, description=""))
            if len(gathering) >= _BATCH:
                yield gathering.take()
        for version in kept:
            registry.made(version)
            if len(gathering) >= _BATCH:
                yield gathering.take()
        if len(gathering):
            yield gathering.take()
        for what, count in self._store.unread().items():
            self._left_out(what, count)

    def _left_out(self, what: str, count: int) -> None:
        if count:
            self.skipped[what] += count


def _opened(where: Path | str, source: Source) -> MlflowStore:
    """Open what MLflow keeps at a place; a door's libraries are only asked for where it is used."""
    if isinstance(where, Path) and where.is_dir():
        from lineage_graph.exchange.mlflow.files import FolderStore

        return FolderStore(where, source.problem)
    if isinstance(where, str) and where.lower().startswith(("http://", "https://")):
        from lineage_graph.exchange.mlflow.rest import RestStore

        return RestStore(where, source.problem)
    return DatabaseStore(where, source.problem)


def _models_only(run: MlflowRun) -> MlflowRun:
    """Return of a run what is needed until all models are known."""
    return MlflowRun(
        id=run.id,
        experiment=run.experiment,
        started=run.started,
        ended=run.ended,
        models_read=run.models_read,
        models_written=run.models_written,
    )


def _identity(experiments: list[Experiment], where: Path | str) -> str:
    """Name a store by its first experiment, which later ones never change; an empty one by its place."""
    if not experiments:
        return hashlib.sha256(str(where).encode()).hexdigest()[:16]
    first = min(experiments, key=lambda e: (e.created or 0, e.id))
    return hashlib.sha256(repr((first.id, first.created)).encode()).hexdigest()[:16]
