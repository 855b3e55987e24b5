"""Trees: which files a commit changed, found without looking into folders that stayed the same."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from dulwich.objects import parse_tree

from lineage_graph.exchange.git.objects import LARGEST, DamagedObject, Objects

_FOLDER, _LINK, _MODULE = 0o040000, 0o120000, 0o160000
_KEPT = 4096  # trees that are kept parsed
_MOST_BARREN = 500_000
_MAX_FOLDER_DEPTH = 100
_MOST_VISITS = 200_000  # folders looked into for one commit
_REFUSED = ("", ".", "..")


class Entry(NamedTuple):
    """A file of a tree."""

    mode: int
    oid: bytes

    @property
    def is_folder(self) -> bool:
        """True for a folder."""
        return self.mode & 0o170000 == _FOLDER

    @property
    def is_file(self) -> bool:
        """True for a file with content: no folder, no link, no other repository."""
        return self.mode & 0o170000 not in (_FOLDER, _LINK, _MODULE)


class Change(NamedTuple):
    """A file that differs between two trees: None where it is not."""

    path: str
    before: Entry | None
    after: Entry | None


class Trees:
    """Reads trees of a repository; ``wanted`` says by its name which files matter."""

    def __init__(self, objects: Objects, wanted: Callable[[str], bool]) -> None:
        self._objects = objects
        self._wanted = wanted
        self._parsed: OrderedDict[bytes, dict[str, Entry]] = OrderedDict()
        self._barren: set[bytes] = set()
        self._left = 0

    def changes(self, before: bytes | None, after: bytes) -> list[Change]:
        """Return the wanted files that differ between two trees, by path.

        Raises:
            Damaged: a tree is missing or damaged, or there are too many folders.
        """
        self._left = _MOST_VISITS
        old = Entry(_FOLDER, before) if before is not None else None
        return list(self._compared("", old, Entry(_FOLDER, after), 0))

    def files(self, tree: bytes) -> list[Change]:
        """Return all wanted files of a tree.

        Raises:
            Damaged: as ``changes``.
        """
        return self.changes(None, tree)

    def find(self, tree: bytes, path: str) -> Entry | None:
        """Return what lies at a path of a tree; None where nothing does, or the path leads outside.

        Raises:
            Damaged: a tree is missing or damaged.
        """
        entry: Entry | None = Entry(_FOLDER, tree)
        for name in path.split("/"):
            if entry is None or not entry.is_folder or name in _REFUSED:
                return None
            entry = self._names(entry.oid).get(name)
        return entry

    def content(self, entry: Entry, limit: int = LARGEST) -> bytes:
        """Return what a file holds.

        Raises:
            Damaged: it is missing or damaged, or (TooLarge) has more bytes than ``limit``.
        """
        return self._objects.read(entry.oid, b"blob", limit)

    def _compared(
        self, path: str, before: Entry | None, after: Entry | None, depth: int
    ) -> Iterator[Change]:
        if before == after or depth > _MAX_FOLDER_DEPTH:
            return
        folders = [e for e in (before, after) if e is not None and e.is_folder]
        if all(entry.oid in self._barren for entry in folders) and folders:
            return
        old = self._inside(before)
        new = self._inside(after)
        found = False
        for name in _differing(old, new):
            one, other = old.get(name), new.get(name)
            inner = f"{path}/{name}" if path else name
            if (one is not None and one.is_folder) or (other is not None and other.is_folder):
                for change in self._compared(inner, _folder(one), _folder(other), depth + 1):
                    found = True
                    yield change
            files = (_file(one), _file(other))
            if files != (None, None) and self._wanted(inner):
                found = True
                yield Change(inner, *files)
        if not found and len(folders) == 1 and len(self._barren) < _MOST_BARREN:
            self._barren.add(folders[0].oid)

    def _inside(self, entry: Entry | None) -> dict[str, Entry]:
        if entry is None:
            return {}
        self._left -= 1
        if self._left < 0:
            raise DamagedObject(f"more than {_MOST_VISITS:,} folders would have to be looked into")
        return self._names(entry.oid)

    def _names(self, oid: bytes) -> dict[str, Entry]:
        if (kept := self._parsed.get(oid)) is not None:
            self._parsed.move_to_end(oid)
            return kept
        content = self._objects.read(oid, b"tree")
        try:
            names = {
                name.decode("utf-8", "replace"): Entry(mode, bytes.fromhex(child.decode("ascii")))
                for name, mode, child in parse_tree(content, 20)
            }
        except Exception:
            raise DamagedObject(f"the tree {oid.hex()} makes no sense") from None
        for refused in [n for n in names if n in _REFUSED or "/" in n or "\0" in n]:
            del names[refused]
        self._parsed[oid] = names
        if len(self._parsed) > _KEPT:
            self._parsed.popitem(last=False)
        return names


def _differing(old: dict[str, Entry], new: dict[str, Entry]) -> Iterable[str]:
    return sorted(n for n in old.keys() | new.keys() if old.get(n) != new.get(n))


def _folder(entry: Entry | None) -> Entry | None:
    return entry if entry is not None and entry.is_folder else None


def _file(entry: Entry | None) -> Entry | None:
    return entry if entry is not None and entry.is_file else None
