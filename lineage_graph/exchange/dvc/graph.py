"""From commits of a DVC repository to nodes and links; what was told once is named from then on."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

from lineage_graph.exchange.documents import Unreadable, clean
from lineage_graph.exchange.dvc import kinds
from lineage_graph.exchange.dvc.definitions import Definition, Options, placed, without_password
from lineage_graph.exchange.dvc.kinds import Sort
from lineage_graph.exchange.dvc.origins import DvcOrigins
from lineage_graph.exchange.dvc.snapshots import Locked, Snapshots
from lineage_graph.exchange.dvc.stages import Stage, TrackedFile
from lineage_graph.exchange.dvc.values import LARGEST, flat, metrics, plot, says_the_same
from lineage_graph.exchange.git import Commit, DamagedObject, Entry, Reading
from lineage_graph.exchange.seen_origins import SeenOrigins
from lineage_graph.exchange.subgraph_builder import SubgraphBuilder
from lineage_graph.model import EventType, ExecutionState, Kind, Value

_REFS = {"refs/heads/": "dvc.Branch", "refs/remotes/": "dvc.Branch", "refs/tags/": "dvc.Tag"}


class Graph:
    """Gathers what commits bring. ``told`` holds the origins of what was told already."""

    def __init__(
        self,
        reading: Reading,
        snapshots: Snapshots,
        problem: Callable[[str, str], None],
        skipped: Counter[str],
        told: SeenOrigins | None = None,
    ) -> None:
        self.gathering = SubgraphBuilder()
        self.told = SeenOrigins() if told is None else told
        self._title = reading.title
        self._origin = f"dvc:{reading.first.hex()[:16]}"
        self._origins = DvcOrigins(self._origin, self.told)
        self._snapshots = snapshots
        self._problem = problem
        self._skipped = skipped

    def read(self, commit: Commit, experiment: str | None = None) -> None:
        """Take in what a commit changed."""
        try:
            changes = self._snapshots.changes(commit)
        except DamagedObject as error:
            self._problem(f"commit {commit.short}", error.message)
            return
        for path, _, entry in changes:
            if entry is None:
                continue
            try:
                if posixpath.basename(path) == "dvc.lock":
                    self._run(commit, path, entry, experiment or commit.subject)
                else:
                    self._tracked(commit, path, entry)
            except (DamagedObject, Unreadable) as error:
                self._problem(f"{commit.short}:{path}", str(error))

    def stand(self, ref: str, commit: Commit) -> None:
        """Take in a tag, a branch or an experiment: what stands at its commit."""
        context = self._ref(ref, commit)
        if context is None:
            return
        try:
            files = self._snapshots.files(commit)
        except DamagedObject as error:
            self._problem(f"{ref} ({commit.short})", error.message)
            return
        for path, _, entry in files:
            if entry is not None:
                with suppress(DamagedObject, Unreadable):  # told of at the commit that brought it
                    self._stand(commit, path, entry, context)

    def _stand(self, commit: Commit, path: str, entry: Entry, context: int) -> None:
        if posixpath.basename(path) != "dvc.lock":
            single = self._snapshots.single(path, entry)
            self._attribute(single, _folder(posixpath.dirname(path), single.wdir), context)
            return
        locked = self._snapshots.lock(commit, path, entry)
        for stage in locked.lock.stages:
            inside = _folder(locked.folder, locked.definition.wdir(stage.name))
            if (origin := self._origins.stage(locked.folder, inside, stage)) in self.told:
                self.gathering.associate(self.gathering.stored(Kind.EXECUTION, origin), context)
            self._attribute(stage, inside, context)

    def _attribute(self, stage: Stage, folder: str, context: int) -> None:
        for file in stage.outs:
            if (origin := self._origins.file(file, placed(folder, file.path))) in self.told:
                artifact = self.gathering.stored(Kind.ARTIFACT, origin)
                self.gathering.attribute(artifact, context)

    def _ref(self, ref: str, commit: Commit) -> int | None:
        properties: dict[str, Value] = {"git_commit": commit.oid.hex()}
        if ref.startswith("refs/exps/"):
            parts = ref.split("/")
            if len(parts) != 5:
                return None
            properties["baseline"] = parts[2] + parts[3]
            type_, name = "dvc.Experiment", parts[4]
        else:
            found = next((begin for begin in _REFS if ref.startswith(begin)), None)
            if found is None:
                return None
            type_, name = _REFS[found], ref.removeprefix(found)
        return self.gathering.context(
            f"{self._origin}:{ref}",
            type_,
            f"{name} of {self._title}",
            properties=properties,
            created=commit.at,
        )

    def _run(self, commit: Commit, path: str, entry: Entry, title: str) -> None:
        """Take in a changed ``dvc.lock``: a run of its pipeline, with the stages that are new."""
        locked = self._snapshots.lock(commit, path, entry)
        folder = locked.folder
        for problem in locked.lock.problems:
            self._problem(f"{commit.short}:{path}", problem)
        if locked.problem:
            self._problem(f"{commit.short}:{posixpath.join(folder, 'dvc.yaml')}", locked.problem)
        if locked.lock.others:
            self._skipped["sections of dvc.lock other than stages"] += locked.lock.others
        place = f"{self._origin}:{folder}"
        pipeline_name = posixpath.join(self._title, folder) if folder else self._title
        pipeline = self.gathering.context(
            f"{place}:pipeline", "pipeline", pipeline_name, created=commit.at
        )
        run = self.gathering.context(
            f"{place}:run:{commit.oid.hex()}",
            "pipeline_run",
            f"{commit.short} {title}" + (f" ({folder})" if folder else ""),
            properties={**_who(commit), "message": commit.subject},
            created=commit.at,
        )
        self.gathering.nest(run, pipeline)
        for stage in locked.lock.stages:
            execution, new = self._stage(commit, locked, stage)
            self.gathering.associate(execution, run)
            if not new:
                continue
            node = self.gathering.context(
                f"{place}:node:{stage.name}",
                "node",
                f"{pipeline_name}.{stage.name}",
                created=commit.at,
            )
            self.gathering.associate(execution, pipeline)
            self.gathering.associate(execution, node)
            inside = _folder(folder, locked.definition.wdir(stage.name))
            for file in stage.outs:
                origin = self._origins.file(file, placed(inside, file.path))
                artifact = self.gathering.stored(Kind.ARTIFACT, origin)
                self.gathering.attribute(artifact, run)
                self.gathering.attribute(artifact, pipeline)

    def _stage(self, commit: Commit, locked: Locked, stage: Stage) -> tuple[int, bool]:
        """Return the execution of a stage's entry, and whether it was told of just now."""
        definition = locked.definition
        inside = _folder(locked.folder, definition.wdir(stage.name))
        origin = self._origins.stage(locked.folder, inside, stage)
        if origin in self.told:
            return self.gathering.stored(Kind.EXECUTION, origin), False
        if stage.unhashed:
            self._skipped["files of stages without a hash"] += stage.unhashed
        outs = [self._out(commit, inside, file, definition, stage.name) for file in stage.outs]
        made = self._made(commit, locked)
        deps = [self._dep(commit, inside, file, made) for file in stage.deps]
        sort = kinds.of_stage([sort for _, sort in deps], [sort for _, sort in outs])
        self.told.add(origin)
        title = posixpath.join(locked.folder, stage.name)
        execution = self.gathering.execution(
            origin,
            sort.name,
            base=sort.base,
            name=f"{title} {commit.short}",
            state=ExecutionState.COMPLETE,
            properties={
                **flat(dict(stage.params)),
                "stage": stage.name,
                "command": stage.command or None,
                "description": definition.description(stage.name),
                "frozen": definition.frozen(stage.name) or None,
                **_who(commit),
            },
            created=commit.at,
        )
        self._events(commit, execution, stage, inside, deps, outs)
        return execution, True

    def _tracked(self, commit: Commit, path: str, entry: Entry) -> None:
        """Take in a ``*.dvc`` file: tracked data, imported data, or a stage of DVC before 1.0."""
        stage = self._snapshots.single(path, entry)
        here = posixpath.dirname(path)
        inside = _folder(here, stage.wdir)
        if stage.unhashed:
            self._skipped["files of stages without a hash"] += stage.unhashed
        origin = self._origins.stage(here, inside, stage)
        outs = [self._out(commit, inside, file, None, stage.name) for file in stage.outs]
        for file, (artifact, _) in zip(stage.outs, outs, strict=True):
            self._brought(commit, artifact, self._origins.file(file, placed(inside, file.path)))
        if not (stage.deps or stage.command) or origin in self.told:
            return
        deps = [self._dep(commit, inside, file, {}) for file in stage.deps]
        sort = kinds.of_stage([s for _, s in deps], [s for _, s in outs])
        self.told.add(origin)
        execution = self.gathering.execution(
            origin,
            (sort if stage.command else kinds.IMPORT).name,
            base=sort.base if stage.command else None,
            name=f"{path} {commit.short}",
            state=ExecutionState.COMPLETE,
            properties={
                **flat(dict(stage.params)),
                "stage": path,
                "command": stage.command or None,
                "frozen": stage.frozen or None,
                **_who(commit),
            },
            created=commit.at,
        )
        self._events(commit, execution, stage, inside, deps, outs)

    def _brought(self, commit: Commit, artifact: int, origin: str) -> None:
        """Say by which commit a file of data came, the first time that one tracks it."""
        if (mark := f"tracked {origin}") in self.told:
            return
        self.told.add(mark)
        context = self.gathering.context(
            f"{self._origin}:commit:{commit.oid.hex()}",
            "git.Commit",
            f"{commit.short} {commit.subject}",
            properties={**_who(commit), "message": commit.subject},
            created=commit.at,
        )
        self.gathering.attribute(artifact, context)

    def _events(
        self,
        commit: Commit,
        execution: int,
        stage: Stage,
        inside: str,
        deps: list[tuple[int, Sort]],
        outs: list[tuple[int, Sort]],
    ) -> None:
        for type_, files, nodes in (
            (EventType.INPUT, stage.deps, deps),
            (EventType.OUTPUT, stage.outs, outs),
        ):
            for file, (artifact, _) in zip(files, nodes, strict=True):
                path = (placed(inside, file.path),)
                self.gathering.event(execution, artifact, type_, path, at=commit.at)

    def _made(self, commit: Commit, locked: Locked) -> dict[str, Sort]:
        """Return the files that stages of a lock file write, and what they are."""
        return {
            placed(inside, file.path): kinds.of_output(
                file.path,
                locked.definition.options(stage.name, file.path).role,
                locked.definition.declared(file.path).get("type"),
            )
            for stage in locked.lock.stages
            for inside in [_folder(locked.folder, locked.definition.wdir(stage.name))]
            for file in stage.outs
        }

    def _out(
        self,
        commit: Commit,
        inside: str,
        file: TrackedFile,
        definition: Definition | None,
        stage: str,
    ) -> tuple[int, Sort]:
        options = Options(file.role, file.cached, file.remote)
        declared: dict[str, object] = {}
        if definition is not None:
            options = definition.options(stage, file.path)
            declared = definition.declared(file.path)
        path = placed(inside, file.path)
        sort = kinds.of_output(path, options.role, declared.get("type"))
        uri = self._uri(commit, file, path, options.remote) if options.cached else ""
        description = declared.get("desc")
        more: dict[str, Value | None] = {
            "description": clean(description) if isinstance(description, str) else None
        }
        return self._artifact(commit, file, path, sort, uri, more), sort

    def _dep(
        self, commit: Commit, inside: str, file: TrackedFile, made: dict[str, Sort]
    ) -> tuple[int, Sort]:
        path = placed(inside, file.path)
        if file.repository:
            url = without_password(file.repository.get("url", ""))
            more: dict[str, Value | None] = {
                "repository": url or None,
                "revision": file.repository.get("rev"),
            }
            return self._artifact(commit, file, file.path, kinds.DATASET, url, more), kinds.DATASET
        if path not in made and self._snapshots.in_git(commit, path):
            return self._artifact(commit, file, path, kinds.FILE, "", {}), kinds.FILE
        sort = made.get(path) or kinds.of_output(path, None, None)
        uri = self._uri(commit, file, path, None)
        return self._artifact(commit, file, path, sort, uri, {}, read=True), sort

    def _artifact(
        self,
        commit: Commit,
        file: TrackedFile,
        path: str,
        sort: Sort,
        uri: str,
        more: dict[str, Value | None],
        read: bool = False,
    ) -> int:
        """Take in a file, once as read and once as kept: what keeps it knows its size and place."""
        origin = self._origins.file(file, path)
        kept = f"kept {file.algorithm_name} {origin}"
        account = f"read {file.algorithm_name} {origin}" if read else kept
        if account in self.told or kept in self.told:
            return self.gathering.stored(Kind.ARTIFACT, origin)
        known = origin in self.told
        self.told.add(origin)
        self.told.add(account)
        return self.gathering.artifact(
            origin,
            sort.name,
            base=sort.base,
            name=f"{path}@{file.hash[:7]}",
            uri="" if read and known else uri,
            properties={
                **({} if known and read else self._values(commit, file, path, sort)),
                "path": path,
                file.algorithm_name: file.hash,
                "bytes": file.size,
                "files": file.files,
                **more,
            },
            created=commit.at,
        )

    def _values(self, commit: Commit, file: TrackedFile, path: str, sort: Sort) -> dict[str, Value]:
        """Return the values of metrics and plots that git keeps as DVC hashed them."""
        if sort not in (kinds.METRICS, kinds.PLOT):
            return {}
        try:
            content = self._snapshots.content(commit, path, LARGEST)
            if content is None:
                self._skipped["values of metrics and plots that git does not keep"] += 1
                return {}
            if not says_the_same(file, content):
                self._skipped["values of metrics and plots that differ from dvc.lock's hash"] += 1
                return {}
            return metrics(path, content) if sort is kinds.METRICS else plot(path, content)
        except (DamagedObject, Unreadable) as error:
            self._problem(f"{commit.short}:{path}", str(error))
            return {}

    def _uri(self, commit: Commit, file: TrackedFile, path: str, remote: str | None) -> str:
        try:
            return self._snapshots.remotes(commit).uri(file, path, remote)
        except (DamagedObject, Unreadable) as error:
            self._problem(f"{commit.short}:.dvc/config", str(error))
            return ""


def _folder(folder: str, inner: str) -> str:
    """Return a folder below another, both seen from the repository's root; the root is empty."""
    found = placed(folder, inner)
    return "" if found == "." else found


def _who(commit: Commit) -> dict[str, Value]:
    return {"git_commit": commit.oid.hex(), "author": commit.author}
