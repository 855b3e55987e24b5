"""What ``dvc.lock`` and ``*.dvc`` files say: stages, and the files they read and wrote by hash."""

from __future__ import annotations

import hashlib
import json
import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from lineage_graph.exchange.documents import Unreadable, clean, read_yaml

_LEGACY = "md5-dos2unix"  # what DVC calls its hash of before 3.0
_HASHES = ("md5", _LEGACY, "etag", "checksum", "version_id")
_MAX_NAME_CHARACTERS = 4096  # characters of a path, a name or a hash
_MOST_FILES = 100_000  # of one stage
_KEPT = 2000  # stages that are kept parsed
_HEAD = re.compile(rb"schema: '2\.0'\nstages:\n(?=  \S)")
_STAGE = re.compile(rb"^(?=  [^\s#])", re.MULTILINE)


class TrackedFile(NamedTuple):
    """A file or folder by its hash. ``legacy``: DVC before 3.0 hashed text without its CRs.

    ``versioned``: its remote keeps it under its own path, in versions of the cloud's.
    """

    path: str
    algorithm: str
    hash: str
    legacy: bool
    size: int | None
    files: int | None
    remote: str | None
    cached: bool
    role: str | None
    repository: Mapping[str, str]
    versioned: bool = False

    @property
    def key(self) -> str:
        """What tells this version of the file from others: path and hash."""
        kind = "" if self.algorithm == "md5" and not self.legacy else f"{self.algorithm_name}:"
        return f"{self.path}:{kind}{self.hash}"

    @property
    def algorithm_name(self) -> str:
        """The name of the hash, as a property has it."""
        return "md5_dos2unix" if self.algorithm == "md5" and self.legacy else self.algorithm

    @property
    def other_spelling(self) -> TrackedFile | None:
        """The same digest under DVC's other name of it, which says the same; None where it has one name."""
        return self._replace(legacy=not self.legacy) if self.algorithm == "md5" else None


class Stage(NamedTuple):
    """A stage as it was run: its command and parameters, what it read and wrote, as written.

    ``digest`` is the same for the same run of it, whichever commit or schema it stands in.
    """

    name: str
    command: str
    deps: tuple[TrackedFile, ...]
    outs: tuple[TrackedFile, ...]
    params: Mapping[str, Any]
    frozen: bool
    wdir: str
    digest: str
    unhashed: int


class Lock(NamedTuple):
    """The stages of a ``dvc.lock``, what in it made no sense, and what it holds besides."""

    stages: tuple[Stage, ...]
    problems: tuple[str, ...]
    others: int


class Locks:
    """Reads ``dvc.lock`` files; a stage that stands the same in many of them is parsed once."""

    def __init__(self) -> None:
        self._known: OrderedDict[bytes, Lock] = OrderedDict()

    def read(self, content: bytes) -> Lock:
        """Return what a ``dvc.lock`` of schema 1.0 or 2.0 says.

        Raises:
            Unreadable: it is no YAML, or of another form.
        """
        head = _HEAD.match(content)
        if head is None or b"&" in content or b"\n---" in content or b"\n..." in content:
            return _lock(read_yaml(content))
        texts = [text for text in _STAGE.split(content[head.end() :]) if text.strip()]
        try:
            parts = [self._part(text) for text in texts]
        except Unreadable:  # said again of the whole, with the line it stands in
            return _lock(read_yaml(content))
        if len({stage.name for part in parts for stage in part.stages}) < len(parts):
            return _lock(read_yaml(content))  # something stands twice, or is no stage
        return Lock(
            tuple(stage for part in parts for stage in part.stages),
            tuple(problem for part in parts for problem in part.problems),
            sum(part.others for part in parts),
        )

    def _part(self, part: bytes) -> Lock:
        known = self._known.get(part)
        if known is None:
            known = self._known[part] = _lock(read_yaml(b"schema: '2.0'\nstages:\n" + part))
            if len(self._known) > _KEPT:
                self._known.popitem(last=False)
        else:
            self._known.move_to_end(part)
        return known


def read_single(name: str, content: bytes) -> Stage:
    """Return what a ``*.dvc`` file says: data that is tracked, imported, or made by its command.

    Raises:
        Unreadable: it is no YAML, or of another form.
    """
    value = read_yaml(content)
    if not isinstance(value, dict):
        raise Unreadable("it is no mapping")
    return _stage(name, value)


def _lock(value: Any) -> Lock:
    if not isinstance(value, dict):
        raise Unreadable("it is no mapping")
    schema = value.get("schema")
    if schema not in (None, "1.0", "2.0", 1.0, 2.0):
        raise Unreadable(f"its schema {str(schema)[:20]!r} is not known")
    stages = value.get("stages", {}) if schema is not None else value
    if not isinstance(stages, dict):
        raise Unreadable("its stages are no mapping")
    found: list[Stage] = []
    problems: list[str] = []
    for name, entry in stages.items():
        try:
            found.append(_stage(_text(name, "a stage's name"), entry))
        except Unreadable as error:
            problems.append(f"stage {str(name)[:80]}: {error}")
    others = sum(1 for name in value if name not in ("schema", "stages")) if schema else 0
    return Lock(tuple(found), tuple(problems), others)


def _stage(name: str, entry: Any) -> Stage:
    if not isinstance(entry, dict):
        raise Unreadable("it is no mapping")
    command = entry.get("cmd") or ""
    if isinstance(command, list):
        command = "\n".join(_text(line, "a command") for line in command)
    if not isinstance(command, str):
        raise Unreadable("its command is no text")
    params, pathless = _params(entry)
    read = [file for dep in _list(entry, "deps") if not _only_params(dep) for file in [_file(dep)]]
    wrote = [_file(out) for out in _list(entry, "outs")]
    deps = tuple(file for file in read if file is not None)
    outs = tuple(file for file in wrote if file is not None)
    stage = Stage(
        name=name,
        command=clean(command),
        deps=deps,
        outs=outs,
        params=params | pathless,
        frozen=entry.get("frozen") is True,
        wdir=_text(entry.get("wdir") or ".", "its wdir"),
        digest="",
        unhashed=read.count(None) + wrote.count(None),
    )
    return stage._replace(digest=digest_of(stage))


def digest_of(stage: Stage) -> str:
    """Return what is the same for the same run of a stage: its command, parameters and files."""
    said = [
        stage.command,
        sorted(file.key for file in stage.deps),
        sorted(file.key for file in stage.outs),
        stage.params,
    ]
    text = json.dumps(said, sort_keys=True, default=str, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _params(entry: dict[Any, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return parameters by name; those of other files than params.yaml with the file before them."""
    given = entry.get("params") or {}
    if not isinstance(given, dict):
        raise Unreadable("its params are no mapping")
    found: dict[str, Any] = {}
    for file, values in given.items():
        found |= dict(_named(str(file), values))
    old: dict[str, Any] = {}
    for dep in _list(entry, "deps"):  # *.dvc files of DVC 0.x
        if _only_params(dep):
            old |= dict(_named(str(dep.get("path")), dep["params"]))
    return found, old


def _named(file: str, values: Any) -> Iterator[tuple[str, Any]]:
    before = "" if file == "params.yaml" else f"{file}:"
    if isinstance(values, dict):
        for name, value in values.items():
            yield f"{before}{name}"[:_MAX_NAME_CHARACTERS], value
    elif values is not None:
        yield before.rstrip(":") or "params.yaml", values


def _only_params(dep: Any) -> bool:
    return isinstance(dep, dict) and isinstance(dep.get("params"), (dict, list))


def _list(entry: dict[Any, Any], name: str) -> list[Any]:
    found = entry.get(name) or []
    if not isinstance(found, list):
        raise Unreadable(f"its {name} are no list")
    if len(found) > _MOST_FILES:
        raise Unreadable(f"it has more than {_MOST_FILES:,} {name}")
    return found


def _file(given: Any) -> TrackedFile | None:
    """Return a file of a stage; None where it has no hash."""
    if not isinstance(given, dict):
        raise Unreadable("a file of it is no mapping")
    path = _text(given.get("path"), "a path")
    repository = given.get("repo") or {}
    if not isinstance(repository, dict):
        raise Unreadable(f"{path[:80]}: its repo is no mapping")
    said = {
        str(k): clean(v[:_MAX_NAME_CHARACTERS]) for k, v in repository.items() if isinstance(v, str)
    }
    revision = said.get("rev_lock") or said.get("rev")
    cloud, given = _versions(given)
    inside = [_versions(one)[1] for one in _list(given, "files") if isinstance(one, dict)]
    found = ("git_commit", revision) if revision else _hash(given) or _hash_of_all(inside)
    if found is None:
        return None
    algorithm, value = found
    remote = given.get("remote")
    cache, metric, plot = given.get("cache"), given.get("metric"), given.get("plot")
    size, files = _count(given.get("size")), _count(given.get("nfiles"))
    if inside:
        sizes = [_count(one.get("size")) for one in inside]
        size = sum(n or 0 for n in sizes) if size is None and None not in sizes else size
        files = len(inside) if files is None else files
    return TrackedFile(
        path=path,
        algorithm="md5" if algorithm == _LEGACY else algorithm,
        hash=_text(value, f"{path[:80]}: its hash"),
        legacy=algorithm == _LEGACY or (algorithm == "md5" and given.get("hash") != "md5"),
        size=size,
        files=files,
        remote=cloud or (remote if isinstance(remote, str) else None),
        cached=cache is not False,
        role="metrics" if metric else "plots" if plot else None,
        repository=said,
        versioned=cloud is not None or any(_versioned(one) for one in inside),
    )


def _versions(given: dict[Any, Any]) -> tuple[str | None, dict[Any, Any]]:
    """Return the remote that keeps versions of a file, None where none does, and all that is said of it."""
    cloud = given.get("cloud")
    if not isinstance(cloud, dict) or not cloud:
        return None, given
    remote, told = next(iter(cloud.items()))
    return str(remote)[:_MAX_NAME_CHARACTERS], {**(told if isinstance(told, dict) else {}), **given}


def _versioned(given: dict[Any, Any]) -> bool:
    return given.get("version_id") is not None or given.get("cloud") is not None


def _hash(given: dict[Any, Any]) -> tuple[str, str] | None:
    """Return the name of a hash and the hash; None where there is none."""
    for name in _HASHES:
        value = given.get(name)
        if isinstance(value, (str, int)) and not isinstance(value, bool) and str(value):
            return name, str(value)
    return None


def _hash_of_all(files: list[dict[Any, Any]]) -> tuple[str, str] | None:
    """Return the hash of a folder of which only the files are listed; None where one has none.

    Of files by their MD5 it is the one that DVC gives such a folder, as it stands in other entries.
    """
    found = [(_hash(one), one.get("relpath")) for one in files]
    if not files or not all(one and isinstance(path, str) for one, path in found):
        return None
    told = [(*one, path) for one, path in found if one is not None]
    names = {"md5" if name == _LEGACY else name for name, _, _ in told}
    listed = [
        {"md5" if name == _LEGACY else name: value, "relpath": path} for name, value, path in told
    ]
    listed.sort(key=lambda one: (str(one["relpath"]), str(one)))
    text = json.dumps(listed, sort_keys=True).encode("utf-8", "surrogatepass")
    if names == {"md5"}:
        return "md5", f"{hashlib.md5(text, usedforsecurity=False).hexdigest()}.dir"
    return "files_sha256", hashlib.sha256(text).hexdigest()


def _text(given: Any, what: str) -> str:
    if not isinstance(given, (str, int, float)) or not str(given):
        raise Unreadable(f"{what} is no text")
    text = str(given)
    if len(text) > _MAX_NAME_CHARACTERS:
        raise Unreadable(f"{what} has more than {_MAX_NAME_CHARACTERS:,} characters")
    return clean(text)


def _count(given: Any) -> int | None:
    whole = isinstance(given, int) and not isinstance(given, bool) and 0 <= given < 2**63
    return given if whole else None
