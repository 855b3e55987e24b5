"""The page's own ES modules joined into one script, so that a file of one's own can hold them.

Each module becomes a function that returns what it exports, after those it imports from. Only the
forms that the modules are written in are understood; anything else is a fault, found by the tests.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

from lineage_graph.folders import WEB

_IMPORT = re.compile(r"^import \{([^}]*)\} from '(\.[^']+)';\n", re.MULTILINE)
_EXPORT = re.compile(
    r"^export (?=(?:(?:async )?function\*?|class|const) (\w+))", flags=re.MULTILINE
)
_LEFT = re.compile(r"^\s*(?:import|export)\b|\bimport\s*[(.]|</script|<!--", re.MULTILINE)


def joined(first: str, folder: Path = WEB / "static") -> str:
    """Return a module and all it imports as one script; ``first`` is its path in the folder.

    Raises:
        ValueError: a module is written in a way that is not understood, or two import each other.
    """
    done: dict[str, str] = {}
    _add(folder, first, done, ())
    return "\n".join(done.values())


def _add(folder: Path, path: str, done: dict[str, str], waiting: tuple[str, ...]) -> None:
    if path in waiting:
        raise ValueError(f"{' → '.join((*waiting, path))}: modules import each other")
    if path in done:
        return
    text = (folder / path).read_text("utf-8")

    def take(found: re.Match[str]) -> str:
        other = posixpath.normpath(posixpath.join(posixpath.dirname(path), found[2]))
        _add(folder, other, done, (*waiting, path))
        return f"const {{{found[1].replace(' as ', ': ')}}} = {_name(other)};\n"

    body = _IMPORT.sub(take, text)
    names = [found[1] for found in _EXPORT.finditer(body)]
    body = _EXPORT.sub("", body)
    if left := _LEFT.search(body):
        raise ValueError(f"{path}: {left[0].strip()!r} is not understood")
    done[path] = f"const {_name(path)} = (() => {{\n{body}return {{ {', '.join(names)} }};\n}})();"


def _name(path: str) -> str:
    return "$" + re.sub(r"\W", "_", path.removesuffix(".js"))
