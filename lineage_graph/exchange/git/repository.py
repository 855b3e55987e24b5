"""A repository's folder: where its objects and refs lie, and what of it is not read."""

from __future__ import annotations

import re
from pathlib import Path

from lineage_graph.errors import BadFile, NotFound, UnknownVersion
from lineage_graph.exchange.files import is_folder, names_in, read_regular
from lineage_graph.exchange.git.objects import DamagedObject, Objects

_MOST_REFS = 200_000
_MAX_LINK_DEPTH = 20
_SMALL, _LARGE = 4096, 64 << 20
_OID = re.compile(r"[0-9a-f]{40}")
_SHA256 = re.compile(r"^\s*objectformat\s*=\s*sha256", re.IGNORECASE | re.MULTILINE)


def git_folder(path: Path) -> Path | None:
    """Return the folder that holds a repository's objects and refs: ``path`` or its ``.git``; None if none.

    Raises:
        BadFile: ``.git`` points to somewhere else.
    """
    dot = path / ".git"
    if dot.is_symlink() or dot.is_file():
        raise BadFile(
            f"{dot} points to another folder, which is not followed.",
            hint="Name the repository it belongs to.",
        )
    for folder in (dot, path):
        if is_folder(folder / "objects") and (folder / "HEAD").is_file():
            return folder
    return None


class Repository:
    """A git repository, with or without a work tree, read only; a context manager.

    Only regular files below its git folder are read: no link is followed, no hook, filter or
    command of its configuration is run (the configuration is not read but for the hash it uses),
    nothing is checked out, alternates, grafts and replacements are left alone.

    Raises:
        NotFound: there is no such folder.
        BadFile: it is no repository, or one of a form that is not read.
    """

    def __init__(self, path: Path) -> None:
        if not path.is_dir():
            raise NotFound(f"There is no folder {path}.")
        folder = git_folder(path)
        if folder is None:
            raise BadFile(f"{path} is no git repository.")
        self.folder = folder
        self.name = _name(path)
        self._check_form()
        self.objects = Objects(folder / "objects")
        self.problems = list(self.objects.problems)
        if (folder / "objects" / "info" / "alternates").exists():
            self.problems.append(
                ("objects/info/alternates", "objects of other folders are not read")
            )
        self.refs = self._refs()

    def close(self) -> None:
        """Let go of all files."""
        self.objects.close()

    def shallow(self) -> set[bytes]:
        """Return the commits whose parents were left out when the repository was cloned."""
        text = self._text("shallow", _LARGE)
        return {bytes.fromhex(oid) for oid in _OID.findall(text)}

    def peeled(self, oid: bytes) -> bytes:
        """Return the commit that a ref or an annotated tag leads to.

        Raises:
            Damaged: it leads to no commit.
        """
        for _ in range(_MAX_LINK_DEPTH):
            kind, content = self.objects.kind_and_content(oid)
            if kind == b"commit":
                return oid
            found = re.match(rb"object ([0-9a-f]{40})\n", content) if kind == b"tag" else None
            if found is None:
                break
            oid = bytes.fromhex(found[1].decode())
        raise DamagedObject(f"the object {oid.hex()} leads to no commit")

    def _check_form(self) -> None:
        if (self.folder / "reftable").exists():
            raise UnknownVersion(
                f"{self.folder} keeps its refs in a reftable, which is not read.",
                hint="Clone it with: git clone --bare --ref-format=files",
            )
        if _SHA256.search(self._text("config", 1 << 20)):
            raise UnknownVersion(f"{self.folder} names its objects by SHA-256, which is not read.")

    def _text(self, name: str, limit: int) -> str:
        try:
            return read_regular(self.folder / name, limit).decode("utf-8", "replace")
        except OSError:
            return ""

    def _refs(self) -> dict[str, bytes]:
        """Return each ref by its full name; loose ones win over packed ones."""
        found: dict[str, bytes] = {}
        for line in self._text("packed-refs", _LARGE).splitlines():
            oid, _, name = line.partition(" ")
            if _OID.fullmatch(oid) and name.startswith("refs/"):
                found[name] = bytes.fromhex(oid)
        stack = [("refs", 0)]
        while stack and len(found) < _MOST_REFS:
            place, depth = stack.pop()
            for name in names_in(self.folder / place):
                inner = f"{place}/{name}"
                if is_folder(self.folder / inner):
                    if depth < _MAX_LINK_DEPTH:
                        stack.append((inner, depth + 1))
                elif _OID.fullmatch(text := self._text(inner, _SMALL).strip()):
                    found[inner] = bytes.fromhex(text)
                elif not text.startswith("ref:"):  # a name for another ref
                    self.problems.append((inner, "this ref names no object"))
        return dict(sorted(found.items()))


def _name(path: Path) -> str:
    whole = path.resolve()
    if whole.name == ".git":
        whole = whole.parent
    return whole.name.removesuffix(".git") or "repository"
