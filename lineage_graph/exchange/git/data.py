"""From commits to nodes and links: the versions of data files, and what each commit did to them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from lineage_graph.exchange.git.history import Commit
from lineage_graph.exchange.git.objects import DamagedObject, ObjectTooLarge
from lineage_graph.exchange.git.pointers import LARGEST, Pointer, read_pointer
from lineage_graph.exchange.git.reading import Reading
from lineage_graph.exchange.git.repository import Repository
from lineage_graph.exchange.git.trees import Entry, Trees
from lineage_graph.exchange.seen_origins import SeenOrigins
from lineage_graph.exchange.subgraph_builder import SubgraphBuilder
from lineage_graph.model import BaseType, EventType, ExecutionState, Kind

_KEPT = 200_000  # files of which it is known whether they are pointers
_LARGEST_BASE = 1 << 16  # bytes of what git may store a pointer as a change of
_MODELS = (".onnx", ".pt", ".pth", ".ckpt", ".safetensors", ".keras", ".tflite", ".gguf")
_CONTEXTS = {"refs/heads/": "git.Branch", "refs/remotes/": "git.Branch", "refs/tags/": "git.Tag"}


class Files:
    """Collects the changes of commits to data files. ``told`` holds the origins already reported."""

    def __init__(
        self,
        repository: Repository,
        reading: Reading,
        problem: Callable[[str, str], None],
        told: SeenOrigins | None = None,
    ) -> None:
        self.gathering = SubgraphBuilder()
        self.told = SeenOrigins() if told is None else told
        self._trees = Trees(repository.objects, lambda path: True)
        self._history = reading.history
        self._title = reading.title
        self._origin = f"git:{reading.first.hex()[:16]}"
        self._problem = problem
        self._pointers: OrderedDict[bytes, Pointer | None] = OrderedDict()

    def read(self, commit: Commit) -> None:
        """Take in what a commit did to data files."""
        try:
            removed, added = self._changes(commit)
        except DamagedObject as error:
            self._problem(f"commit {commit.short}", error.message)
            return
        if not (removed or added):
            return
        context = self._commit(commit)
        homeless = {path: versions for path, versions in removed.items() if path not in added}
        for path, pointer in added.items():
            before = removed.get(path, [])
            word, old = ("Change" if before else "Add"), path
            if not before:
                renamed = [p for p, versions in homeless.items() if pointer in versions]
                if renamed:
                    word, old = "Rename", renamed[0]
                    before = homeless.pop(old)
            self._execution(commit, context, word, (old, before), (path, pointer))
        for path, versions in homeless.items():
            self._execution(commit, context, "Delete", (path, versions), None)

    def stand(self, ref: str, commit: Commit) -> None:
        """Take in a tag or a branch: the data files that stand at its commit."""
        begin = next(begin for begin in _CONTEXTS if ref.startswith(begin))
        context = self.gathering.context(
            f"{self._origin}:{ref}",
            _CONTEXTS[begin],
            f"{ref.removeprefix(begin)} of {self._title}",
            properties={"git_commit": commit.oid.hex()},
            created=commit.at,
        )
        try:
            for path, _, entry in self._trees.files(commit.tree):
                pointer = self._pointer(entry, f"{commit.short}:{path}")
                if pointer is not None and self._file(path, pointer) in self.told:
                    artifact = self.gathering.stored(Kind.ARTIFACT, self._file(path, pointer))
                    self.gathering.attribute(artifact, context)
        except DamagedObject as error:
            self._problem(f"{ref} ({commit.short})", error.message)

    def _changes(self, commit: Commit) -> tuple[dict[str, list[Pointer]], dict[str, Pointer]]:
        """Return the versions that parents have and the commit has not, and those only it has."""
        parents = [self._history.commit(oid).tree for oid in self._history.parents(commit.oid)]
        removed: dict[str, list[Pointer]] = {}
        added: dict[str, Pointer] = {}
        for path, before, after in self._trees.changes(
            parents[0] if parents else None, commit.tree
        ):
            others = [self._trees.find(tree, path) for tree in parents[1:]]
            if after in others:  # a merge that takes what another parent has
                continue
            place = f"{commit.short}:{path}"
            olds = [self._pointer(entry, place) for entry in (before, *others)]
            new = self._pointer(after, place)
            versions = [old for old in dict.fromkeys(olds) if old is not None and old != new]
            if versions:
                removed[path] = versions
            if new is not None and new not in olds:
                added[path] = new
        return removed, added

    def _pointer(self, entry: Entry | None, place: str) -> Pointer | None:
        if entry is None or not entry.is_file:
            return None
        if entry.oid in self._pointers:
            self._pointers.move_to_end(entry.oid)
            return self._pointers[entry.oid]
        found = None
        try:
            content = self._trees.content(entry, _LARGEST_BASE)
            found = read_pointer(content) if len(content) <= LARGEST else None
        except ObjectTooLarge:
            pass
        except DamagedObject as error:
            self._problem(place, error.message)
        self._pointers[entry.oid] = found
        if len(self._pointers) > _KEPT:
            self._pointers.popitem(last=False)
        return found

    def _commit(self, commit: Commit) -> int:
        repository = self.gathering.context(
            f"{self._origin}:repository", "git.Repository", self._title, created=commit.at
        )
        context = self.gathering.context(
            f"{self._origin}:commit:{commit.oid.hex()}",
            "git.Commit",
            f"{commit.short} {commit.subject}",
            properties={
                "git_commit": commit.oid.hex(),
                "author": commit.author,
                "message": commit.subject,
            },
            created=commit.at,
        )
        self.gathering.nest(context, repository)
        return context

    def _execution(
        self,
        commit: Commit,
        context: int,
        word: str,
        before: tuple[str, list[Pointer]],
        after: tuple[str, Pointer] | None,
    ) -> None:
        path = after[0] if after else before[0]
        execution = self.gathering.execution(
            f"{self._origin}:commit:{commit.oid.hex()}:{path}",
            f"git.{word}",
            name=f"{path} {commit.short}",
            state=ExecutionState.COMPLETE,
            properties={
                "git_commit": commit.oid.hex(),
                "author": commit.author,
                "path": path,
                "renamed_from": before[0] if word == "Rename" else None,
            },
            created=commit.at,
        )
        self.gathering.associate(execution, context)
        for pointer in before[1]:
            artifact = self._artifact(before[0], pointer, commit)
            self.gathering.event(execution, artifact, EventType.INPUT, (before[0],), at=commit.at)
        if after is not None:
            artifact = self._artifact(*after, commit)
            self.gathering.event(execution, artifact, EventType.OUTPUT, (path,), at=commit.at)
            self.gathering.attribute(artifact, context)

    def _artifact(self, path: str, pointer: Pointer, commit: Commit) -> int:
        origin = self._file(path, pointer)
        if origin in self.told:
            return self.gathering.stored(Kind.ARTIFACT, origin)
        self.told.add(origin)
        name = path.rpartition("/")[2].lower()
        model = name.startswith("model") or name.endswith(_MODELS)
        return self.gathering.artifact(
            origin,
            "Model" if model else "Dataset",
            base=BaseType.MODEL if model else BaseType.DATASET,
            name=f"{path}@{pointer.sha256[:7]}",
            properties={"path": path, "sha256": pointer.sha256, "bytes": pointer.size},
            created=commit.at,
        )

    def _file(self, path: str, pointer: Pointer) -> str:
        return f"{self._origin}:file:{path}:{pointer.sha256}"
