"""The contexts of OpenLineage: jobs, runs that others are part of, datasets."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lineage_graph.exchange.openlineage.aliases import Pair
from lineage_graph.exchange.openlineage.naming import origin_of, shown
from lineage_graph.exchange.openlineage.tags import TAGGED
from lineage_graph.exchange.store_lookup import DatasetName, LastWritten
from lineage_graph.exchange.subgraph_builder import SubgraphBuilder
from lineage_graph.model import Context, ContextType, Value
from lineage_graph.model.merging import ALIASES, TOLD

_TYPES: Mapping[str, ContextType] = {
    name: ContextType(name=name) for name in ("job", "run", "dataset")
}
What = tuple[str, ...]
"""What tells a context from all others: its type, and what names it."""
Stored = Mapping[What, tuple[int, int]]
"""Contexts that are stored: since when (ms) they were told of at the latest, and their ids."""
NOTHING: Stored = {}


class Contexts:
    """Puts contexts into a gathering, but for those that are known to be ``stored``.

    What mentions a context does not update it: it has been there since it was mentioned first.
    """

    def __init__(self, gathering: SubgraphBuilder, stored: Stored = NOTHING) -> None:
        self._gathering = gathering
        self._stored = stored
        self._told: dict[What, tuple[int, int]] = {}
        self._origins: dict[int, str] = {}
        self._last: dict[DatasetName, tuple[int, LastWritten]] = {}
        self._streamed: dict[DatasetName, tuple[int, str, str]] = {}
        self._aliases: dict[Pair, int] = {}
        self._tags: dict[tuple[str, str], tuple[int, str]] = {}

    def take(self) -> dict[str, tuple[What, int]]:
        """Return by their origins what was told of since the last time, and since when (ms); and begin anew."""
        for dataset, (completed, last) in self._last.items():
            self._tell_last(dataset, completed, last)
        for dataset, streamed in self._streamed.items():
            self._tell_streamed(dataset, *streamed)
        for pair, at in self._aliases.items():
            self._tell_alias(*pair, at)
        for (namespace, name), (moment, tags) in self._tags.items():
            named = {**_job(namespace, name), TAGGED: tags}
            named[TOLD] = {**dict.fromkeys(_job(namespace, name), 0), TAGGED: moment}
            self._tell(
                origin_of("job", namespace, name), "job", shown(namespace, name), named, None
            )
        told, origins = self._told, self._origins
        self._told, self._origins, self._tags = {}, {}, {}
        self._last, self._streamed, self._aliases = {}, {}, {}
        return {origins[local]: (what, at) for what, (at, local) in told.items()}

    def job(self, namespace: str, name: str, at: int) -> int:
        """Return the local id of a job that is mentioned at a moment (ms)."""

        def tell() -> int:
            named = _job(namespace, name)
            origin = origin_of("job", namespace, name)
            return self._tell(origin, "job", shown(namespace, name), named, at)

        return self._first(("job", namespace, name), at, tell)

    def tagged(self, namespace: str, name: str, tags: str, moment: int) -> None:
        """Take in the tags of a job, in one text, as they are told at a moment (µs): the last ones stand."""
        known = self._tags.get((namespace, name), (moment, tags))
        self._tags[namespace, name] = max(known, (moment, tags))

    def run(self, run: str, namespace: str, job: str, at: int) -> int:
        """Return the local id of a run, as a context of what belongs to it."""

        def tell() -> int:
            named: dict[str, Value] = {"run_id": run, "namespace": namespace, "job": job}
            context = self._tell(origin_of("run", run), "run", f"{job} {run}", named, at)
            self._gathering.nest(context, self.job(namespace, job, at))
            return context

        return self._first(("run", run, namespace, job), at, tell)

    def dataset(self, dataset: DatasetName, at: int) -> int:
        """Return the local id of a dataset, as a context of its versions."""
        return self._first(("dataset", *dataset), at, lambda: self._dataset(dataset, at))

    def written(self, dataset: DatasetName, last: LastWritten, completed: int) -> None:
        """Take in a version of a dataset that was completed (µs): of all, the last one stands."""
        self._last[dataset] = max((completed, last), self._last.get(dataset, (completed, last)))

    def streamed(self, dataset: DatasetName, began: int, run: str, version: str) -> None:
        """Take in what a run writes that streams and began (µs) to: of all, the last one stands."""
        told = (began, run, version)
        self._streamed[dataset] = max(told, self._streamed.get(dataset, told))

    def alias(self, pair: Pair, at: int) -> None:
        """Take in that two names are one dataset, which is mentioned at a moment (ms)."""
        self._aliases[pair] = min(at, self._aliases.get(pair, at))

    def _tell_alias(self, one: DatasetName, other: DatasetName, at: int) -> None:
        for dataset, alias in ((one, other), (other, one)):
            named: dict[str, Value] = {"namespace": alias.namespace, "dataset": alias.name}
            self._dataset(dataset, at, {ALIASES: {shown(*alias): named}})

    def _tell_streamed(self, dataset: DatasetName, began: int, run: str, version: str) -> None:
        told: dict[str, Value] = {"began": began // 1000, "run": run, "version": version}
        writer = origin_of("run", run)
        noted: dict[str, Value] = {"last_streamed": told, "last_streamer": writer}
        self._dataset(dataset, None, noted, began)

    def _tell_last(self, dataset: DatasetName, completed: int, last: LastWritten) -> None:
        told: dict[str, Value] = {"at": last.at, "run": last.run, "version": last.key}
        writer = origin_of("run", last.run)
        self._dataset(dataset, None, {"last_written": told, "last_writer": writer}, completed)

    def _dataset(
        self,
        dataset: DatasetName,
        at: int | None,
        last: Mapping[str, Value] = {},
        completed: int = 0,
    ) -> int:
        named: dict[str, Value] = {"namespace": dataset.namespace, "dataset": dataset.name}
        told: dict[str, Value] = {**dict.fromkeys(named, 0), **dict.fromkeys(last, completed)}
        origin = origin_of("dataset", *dataset)
        return self._tell(origin, "dataset", shown(*dataset), {**named, **last, TOLD: told}, at)

    def _first(self, what: What, at: int, tell: Callable[[], int]) -> int:
        """Have a context told when it comes, and again only where that was earlier than it came first."""
        known = self._told.get(what) or self._stored.get(what)
        if known is not None and known[0] <= at:
            return known[1]
        local = tell()
        self._told[what] = (at, local)
        return local

    def _tell(
        self, origin: str, type: str, name: str, told: dict[str, Value], at: int | None
    ) -> int:
        self._gathering.define(_TYPES[type])
        local = self._gathering.node(
            Context(
                origin=origin,
                type=type,
                name=name,
                custom_properties=told,
                create_time_since_epoch=at,
            )
        )
        self._origins[local] = origin
        return local


def _job(namespace: str, name: str) -> dict[str, Value]:
    return {"namespace": namespace, "job": name, "display_name": name}
