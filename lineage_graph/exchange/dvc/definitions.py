"""What ``dvc.yaml`` and ``.dvc/config`` say beside ``dvc.lock``: what files are for, where they are kept."""

from __future__ import annotations

import configparser
import posixpath
import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit, urlunsplit

from lineage_graph.exchange.documents import Unreadable, clean, read_yaml
from lineage_graph.exchange.dvc.stages import TrackedFile

_TEMPLATE = re.compile(r"\$\{[^}]*\}")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_SECTION = re.compile(r"""'?remote\s*"(?P<name>[^"]+)"'?""")
_MAX_STAGES = 10_000  # stages, or files of a stage, that are looked at
_LISTS = ("outs", "metrics", "plots")


class Options(NamedTuple):
    """What ``dvc.yaml`` says of a file: metrics or plots, kept in DVC's cache or in git, where."""

    role: str | None
    cached: bool
    remote: str | None


class Definition:
    """A ``dvc.yaml``: what it says of stages and files by their paths as written there."""

    def __init__(self, content: bytes | None) -> None:
        value = read_yaml(content) if content else {}
        if not isinstance(value, dict):
            raise Unreadable("it is no mapping")
        self._stages: dict[str, dict[str, Any]] = {
            str(name): _inner(entry)
            for name, entry in list(_pairs(value.get("stages")))[:_MAX_STAGES]
        }
        self._options: dict[str, list[tuple[str, Options]]] = {}
        self._top = {
            path: role for role in ("metrics", "plots") for path in _paths(value.get(role))
        }
        self._declared = {
            str(entry["path"]): entry
            for _, entry in _pairs(value.get("artifacts"))
            if isinstance(entry, dict) and isinstance(entry.get("path"), str)
        }

    def wdir(self, stage: str) -> str:
        """Return the folder, seen from the file's own, that a stage's paths begin at."""
        given = self._of(stage).get("wdir")
        return given if isinstance(given, str) and not _TEMPLATE.search(given) else "."

    def frozen(self, stage: str) -> bool:
        """True for a stage that is not run again."""
        return self._of(stage).get("frozen") is True

    def description(self, stage: str) -> str | None:
        """Return what a stage is for, in its author's words."""
        given = self._of(stage).get("desc")
        return clean(given) if isinstance(given, str) else None

    def declared(self, path: str) -> dict[str, Any]:
        """Return what the section ``artifacts`` says of a path: ``type``, ``desc``, ``labels``."""
        return self._declared.get(path, {})

    def options(self, stage: str, path: str) -> Options:
        """Return what is said of a file that a stage writes."""
        for pattern, options in self._files(stage):
            if pattern == path or ("${" in pattern and _matches(pattern, path)):
                found = options
                break
        else:
            found = Options(None, True, None)
        return found._replace(role=found.role or self._top.get(path))

    def _of(self, stage: str) -> dict[str, Any]:
        return self._stages.get(stage) or self._stages.get(stage.partition("@")[0], {})

    def _files(self, stage: str) -> list[tuple[str, Options]]:
        name = stage if stage in self._stages else stage.partition("@")[0]
        if name not in self._options:
            entry = self._stages.get(name, {})
            found = [pair for role in _LISTS for pair in _optioned(entry.get(role), role)]
            self._options[name] = found[:_MAX_STAGES]
        return self._options[name]


class Remotes:
    """Where DVC keeps files: the remotes of ``.dvc/config``, read as text."""

    def __init__(self, content: bytes | None) -> None:
        parser = configparser.RawConfigParser(strict=False)
        try:
            parser.read_string((content or b"").decode("utf-8", "replace"))
        except configparser.Error as error:
            raise Unreadable(str(error).replace("\n", " ")) from None
        self._urls: dict[str, str] = {}
        for section in parser.sections():
            found = _SECTION.fullmatch(section)
            if found and parser.has_option(section, "url"):
                self._urls[found["name"]] = without_password(clean(parser.get(section, "url")))
        self._default = parser.get("core", "remote", fallback="")

    def __bool__(self) -> bool:
        """True where there is any remote."""
        return bool(self._urls)

    def uri(self, file: TrackedFile, path: str, remote: str | None = None) -> str:
        """Return where a file's content is kept; nothing where no remote is known to have it.

        ``path`` is the file's as seen from the repository's root.
        """
        if _ADDRESS.match(file.path):
            return without_password(file.path)
        base = self._urls.get(file.remote or remote or self._default)
        if base is not None and file.versioned:
            return "" if path.startswith(("/", "../")) else f"{base.rstrip('/')}/{path}"
        if base is None or file.algorithm != "md5" or len(file.hash) < 3:
            return ""
        place = "" if file.legacy else "files/md5/"
        return f"{base.rstrip('/')}/{place}{file.hash[:2]}/{file.hash[2:]}"


def placed(folder: str, path: str) -> str:
    """Return a path of a stage as seen from the repository's root; addresses and absolute ones stay."""
    if _ADDRESS.match(path) or path.startswith("/") or re.match(r"[A-Za-z]:[\\/]", path):
        return path
    return posixpath.normpath(posixpath.join(folder, path))


def without_password(url: str) -> str:
    """Return an address without the user and password it may hold."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    if "@" not in parts.netloc or not parts.password:
        return url
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _inner(entry: Any) -> dict[str, Any]:
    """Return a stage's own description, also where it stands for many (``foreach``, ``do``)."""
    if not isinstance(entry, dict):
        return {}
    done = entry.get("do")
    return done if isinstance(done, dict) else entry


def _pairs(value: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(value, dict):
        yield from value.items()


def _paths(value: Any) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            yield from (str(path) for path in item)


def _optioned(value: Any, role: str) -> Iterator[tuple[str, Options]]:
    known = role if role != "outs" else None
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str):
            yield item, Options(known, True, None)
        elif isinstance(item, dict):
            for path, given in item.items():
                options = given if isinstance(given, dict) else {}
                remote = options.get("remote")
                cached = options.get("cache") is not False and options.get("push") is not False
                yield str(path), Options(known, cached, remote if isinstance(remote, str) else None)


def _matches(pattern: str, path: str) -> bool:
    """True where a path begins and ends as a pattern does around its templates, in that order."""
    parts = _TEMPLATE.split(pattern)
    if len(parts) > 20 or not path.startswith(parts[0]) or not path.endswith(parts[-1]):
        return False
    place = 0
    for part in parts:
        place = path.find(part, place)
        if place < 0:
            return False
        place += len(part)
    return True
