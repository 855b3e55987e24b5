"""Git repositories made object by object, as small or as broken as a test needs them."""

from __future__ import annotations

import tarfile
from collections.abc import Mapping
from pathlib import Path

from dulwich.objects import Blob, Commit, ShaFile, Tree

from tests.conftest import DATA

Files = Mapping[str, bytes]
BEGIN = 1_700_000_000


class Made:
    """A bare repository in a folder; its commits are a minute apart."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "objects").mkdir(parents=True)
        (folder / "refs" / "heads").mkdir(parents=True)
        (folder / "HEAD").write_text("ref: refs/heads/main\n")
        self._count = 0

    def commit(
        self,
        files: Files,
        *parents: bytes,
        ref: str = "refs/heads/main",
        subject: str = "change",
        at: int | None = None,
    ) -> bytes:
        """Write a commit of these files, let a ref lead to it, and return its id in hex."""
        commit = Commit()
        commit.tree = self._tree(files)
        commit.parents = list(parents)
        commit.author = commit.committer = b"Ada <ada@example.org>"
        commit.author_time = commit.commit_time = BEGIN + 60 * self._count if at is None else at
        commit.author_timezone = commit.commit_timezone = 0
        commit.message = subject.encode() + b"\n"
        self._count += 1
        oid = self.put(commit)
        self.ref(ref, oid)
        return oid

    def put(self, item: ShaFile) -> bytes:
        """Write an object; return its id in hex."""
        path = self.object(item.id)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(item.as_legacy_object())
        return item.id

    def object(self, oid: bytes) -> Path:
        """Return where an object lies."""
        name = oid.decode()
        return self.folder / "objects" / name[:2] / name[2:]

    def ref(self, name: str, oid: bytes) -> None:
        """Let a ref lead to a commit."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(oid + b"\n")

    def blob(self, content: bytes) -> bytes:
        """Write a file's content; return its id in hex."""
        return self.put(Blob.from_string(content))

    def _tree(self, files: Files) -> bytes:
        tree = Tree()
        folders: dict[str, dict[str, bytes]] = {}
        for path, content in files.items():
            name, _, rest = path.partition("/")
            if rest:
                folders.setdefault(name, {})[rest] = content
            else:
                tree.add(name.encode(), 0o100644, self.blob(content))
        for name, inner in folders.items():
            tree.add(name.encode(), 0o040000, self._tree(inner))
        return self.put(tree)


def unpacked(name: str, folder: Path) -> Path:
    """Unpack one of the sample repositories; return its folder."""
    with tarfile.open(DATA / f"{name}.tgz") as archive:
        archive.extractall(folder, filter="data")
    return folder / name
