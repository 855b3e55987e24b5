"""Our own format, the backup: one JSON object a line, lossless, streamed in both directions.

The first line names the format, its version and the store. Every further line holds one type, node
or link under the name of its field in Subgraph. The last line counts them, so that a file that was
cut short is found out before anything of it is used. Files may be compressed with gzip.
"""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any, cast, get_args

from pydantic import BaseModel, ValidationError

from lineage_graph.errors import BadFile, NotFound, TruncatedFile, UnknownVersion
from lineage_graph.exchange.base import Source
from lineage_graph.exchange.writing import About
from lineage_graph.model import ENDS, Kind, Node, Subgraph, Type
from lineage_graph.model.id_set import IdSet

FORMAT, VERSION = "lineage-graph", 1
_BATCH = 2000
_ITEMS: dict[str, type[BaseModel]] = {
    name: get_args(field.annotation)[0] for name, field in Subgraph.model_fields.items()
}


def write(batches: Iterable[Subgraph], stream: IO[bytes], about: About) -> Counter[str]:
    """Write the backup. It loses nothing."""
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="\n")
    try:
        write_jsonl(batches, text, about.store)
    finally:
        text.detach()
    return Counter()


def write_jsonl(batches: Iterable[Subgraph], stream: IO[str], store_id: str) -> Counter[str]:
    """Write batches to a stream of text; return how many of what were written."""
    counts: Counter[str] = Counter()
    _write(stream, {"format": FORMAT, "version": VERSION, "store": store_id})
    for batch in batches:
        for name in _ITEMS:
            for item in getattr(batch, name):
                stream.write(f'{{"{name}":{item.model_dump_json(exclude_defaults=True)}}}\n')
                counts[name] += 1
    _write(stream, {"end": dict(counts)})
    return counts


def _write(stream: IO[str], value: dict[str, Any]) -> None:
    stream.write(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n")


class JsonlSource(Source):
    """A file that ``write_jsonl`` wrote. It is read once to check it, and once more to load it."""

    format = "jsonl"
    total: int

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        counts: Counter[str] = Counter()
        last: Any = {}
        self._end = False
        check = _Check(self._bad)
        for number, value in self._lines():
            if number == 1:
                self.source = f"store:{self._check_header(value)}"
                continue
            if self._end:
                raise self._bad(number, "something follows the last line")
            name, content = _single(value)
            if name == "end":
                self._end, last = True, content
            else:
                check(number, name, self._item(number, name, content))
                counts[name] += 1
        if not self._end:
            raise TruncatedFile(
                f"{path} is cut short: its last line is missing.",
                hint="Copy it again, or export the store again.",
            )
        if last != dict(counts):
            raise TruncatedFile(f"{path} is damaged: it does not hold what its last line counts.")
        self.total = sum(count for name, count in counts.items() if not name.endswith("_types"))

    def close(self) -> None:
        """Nothing is held open between batches."""

    def batches(self) -> Iterator[Subgraph]:
        """Yield what the file holds, in its order."""
        pending: dict[str, list[Any]] = {}
        size = 0
        for number, value in self._lines():
            name, content = _single(value)
            if name not in _ITEMS:
                continue
            if size >= _BATCH or (pending and name not in pending):
                yield _subgraph(pending)
                pending, size = {}, 0
            pending.setdefault(name, []).append(self._item(number, name, content))
            size += 1
        if pending:
            yield _subgraph(pending)

    def _lines(self) -> Iterator[tuple[int, dict[str, Any]]]:
        number = 0
        try:
            with _open(self.path) as stream:
                for number, line in enumerate(stream, start=1):
                    value = json.loads(line)
                    if not isinstance(value, dict):
                        raise self._bad(number, "this is no JSON object")
                    yield number, value
        except FileNotFoundError:
            raise NotFound(f"There is no file {self.path}.") from None
        except json.JSONDecodeError as error:
            raise self._bad(number, error.msg) from error
        except (EOFError, zlib.error, UnicodeDecodeError) as error:
            raise TruncatedFile(
                f"{self.path}:{number + 1}: the file is damaged: {error}."
            ) from error
        except ValueError as error:  # a number of thousands of digits
            raise self._bad(number, str(error)) from error
        except RecursionError as error:
            raise self._bad(number, "values are nested too deeply") from error
        except OSError as error:
            raise BadFile(f"{self.path} cannot be read: {error}.") from error

    def _check_header(self, value: dict[str, Any]) -> str:
        if value.get("format") != FORMAT or not isinstance(value.get("store"), str):
            raise BadFile(f"{self.path}:1: this is no export of lineage-graph.")
        if value.get("version") != VERSION:
            raise UnknownVersion(
                f"{self.path} is an export of version {value.get('version')}.",
                hint=f"This release reads version {VERSION}.",
            )
        return cast(str, value["store"])

    def _item(self, number: int, name: str, content: Any) -> BaseModel:
        if name not in _ITEMS:
            raise self._bad(number, f"{name[:40]!r} is not known")
        try:
            return _ITEMS[name].model_validate_json(json.dumps(content))
        except ValidationError as error:
            problem = error.errors()[0]
            place = ".".join(map(str, problem["loc"]))
            raise self._bad(number, f"{name}: {place}: {problem['msg']}") from error
        except RecursionError as error:
            raise self._bad(number, "values are nested too deeply") from error

    def _bad(self, number: int, reason: str) -> BadFile:
        return BadFile(f"{self.path}:{number}: {reason}.")


class _Check:
    """Sees that every node has an id of its own and a type, and every link its nodes, as a store would."""

    def __init__(self, bad: Callable[[int, str], BadFile]) -> None:
        self._bad = bad
        self._nodes: dict[Kind, IdSet] = {kind: IdSet() for kind in Kind}
        self._types: set[tuple[Kind, int]] = set()

    def __call__(self, number: int, name: str, item: BaseModel) -> None:
        if isinstance(item, Type):
            self._types.add((item.kind, item.id or 0))
        elif isinstance(item, Node):
            if item.id is None or item.id < 1 or not self._nodes[item.kind].add(item.id):
                raise self._bad(number, f"{name}: the id {item.id} is none, or stands twice")
            if item.type is None and (item.kind, item.type_id or 0) not in self._types:
                raise self._bad(number, f"{name}: there is no type {item.type_id}")
        else:
            for end, kind in ENDS[name].items():
                if getattr(item, end) not in self._nodes[kind]:
                    raise self._bad(
                        number, f"{name}: there is no {kind.value} {getattr(item, end)} before it"
                    )


def _single(value: dict[str, Any]) -> tuple[str, Any]:
    return next(iter(value.items())) if len(value) == 1 else ("", None)


def _subgraph(items: dict[str, list[Any]]) -> Subgraph:
    return Subgraph.trusted(**{name: tuple(found) for name, found in items.items()})


def _open(path: Path) -> IO[str]:
    with path.open("rb") as file:
        compressed = file.read(2) == b"\x1f\x8b"
    if compressed:
        return gzip.open(path, "rt", encoding="utf-8", newline="\n")
    return path.open(encoding="utf-8", newline="\n")
