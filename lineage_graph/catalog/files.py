"""Loads the ``cypher/`` tree: one statement a file, its header a declaration that is checked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn, get_args

from lineage_graph import folders
from lineage_graph.catalog.query import (
    Folder,
    Param,
    ParamType,
    Query,
    ReturnColumn,
    ReturnKind,
    Returns,
)
from lineage_graph.catalog.rules import expanded, load_rules
from lineage_graph.catalog.scanner import first_write, mask, parameters
from lineage_graph.errors import InvalidArgument, InvalidQueryFile

_PARAM = re.compile(
    r"(?P<name>[A-Za-z_]\w*)\s+(?P<type>\w+)(?P<null>\s*\?)?"
    r"(?:\s*=\s*(?P<default>\"[^\"]*\"|[^\s(]+))?"
    r"(?:\s*\((?P<range>[^)]*)\))?"
    r"(?:\s{2,}(?P<help>\S.*))?"
)
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_READ_ONLY = ("read", "questions")


class Catalog(Mapping[str, Query]):
    """All statements by name; names are unique over the whole tree."""

    def __init__(self, queries: dict[str, Query]) -> None:
        self._queries = queries

    def __getitem__(self, name: str) -> Query:
        return self._queries[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._queries)

    def __len__(self) -> int:
        return len(self._queries)

    def folder(self, name: Folder) -> tuple[Query, ...]:
        """The statements of one folder, by name."""
        return tuple(query for query in self._queries.values() if query.folder == name)


def load_catalog(folder: Path = folders.CYPHER) -> Catalog:
    """Read and check the whole tree.

    Raises:
        InvalidQueryFile: a file breaks the convention; the message begins ``path:line:``.
    """
    queries: dict[str, Query] = {}
    for name in get_args(Folder):
        for path in sorted((folder / name).glob("*.cypher")):
            query = load_query(path)
            if query.name in queries:
                _refuse(path, 1, f"{queries[query.name].path} has the same name")
            queries[query.name] = query
    if not queries:
        raise InvalidQueryFile(f"{folder}:1: no statements found below this folder")
    return Catalog(dict(sorted(queries.items())))


def load_query(path: Path) -> Query:
    """Read and check one file; its folder and its name say what it is.

    Raises:
        InvalidQueryFile: the file breaks the convention.
    """
    if not _NAME.fullmatch(path.stem):
        _refuse(path, 1, "a file is named in lower case with underscores")
    if path.parent.name not in get_args(Folder):
        _refuse(path, 1, f"statements live in {', '.join(get_args(Folder))}")
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        _refuse(path, 1, "the file is not UTF-8")
    end = next((i for i, line in enumerate(lines) if not line.startswith("//")), len(lines))
    header = _Header(path, [line[2:].strip() for line in lines[:end]])
    body = "\n".join(lines[end:]).strip()
    query = Query(
        name=path.stem,
        folder=path.parent.name,  # type: ignore[arg-type]
        title=header.title,
        prose=header.prose,
        params=tuple(header.params.values()),
        returns=header.returns,
        body=body,
        path=path,
        tags=header.tags,
        engine=header.engine,
    )
    _check_body(query, end + 1)
    return replace(query, body=expanded(body, load_rules(), path, end + 1))


def _refuse(path: Path, line: int, reason: str) -> NoReturn:
    raise InvalidQueryFile(f"{path}:{line}: {reason}")


def _check_body(query: Query, first_line: int) -> None:
    path, masked = query.path, mask(query.body)
    if not masked.strip():
        _refuse(path, first_line, "there is no statement below the header")
    if ";" in masked:
        line = first_line + masked[: masked.index(";")].count("\n")
        _refuse(path, line, "one statement a file, without a semicolon")
    if query.folder in _READ_ONLY and (found := first_write(query.body)) is not None:
        _refuse(path, first_line + found[1], f"{found[0]} is not allowed in {query.folder}/")
    used, declared = parameters(query.body), {param.name for param in query.params}
    for name in sorted(used - declared):
        _refuse(path, first_line, f"${name} is used and not declared; write // @param {name} …")
    for name in sorted(declared - used):
        _refuse(path, 1, f"@param {name} is declared and not used")


class _Header:
    """The unbroken ``//`` lines at the top of a file."""

    def __init__(self, path: Path, lines: list[str]) -> None:
        self.path = path
        self.params: dict[str, Param] = {}
        self.tags: tuple[str, ...] = ()
        self.engine: str | None = None
        self._returns: Returns | None = None
        self._seen: set[str] = set()
        self.title = lines[0] if lines else ""
        if not self.title or self.title.startswith("@"):
            _refuse(path, 1, "the first line is the question, as a person would ask it")
        prose = []
        for number, line in enumerate(lines[1:], start=2):
            if line.startswith("@"):
                self._field(number, line)
            elif self._seen and line:
                _refuse(path, number, "prose stands before the fields")
            else:
                prose.append(line)
        self.prose = "\n".join(prose).strip()
        if self._returns is None:
            _refuse(path, 1, f"@returns is missing; one of {', '.join(get_args(ReturnKind))}")
        self.returns: Returns = self._returns

    def _field(self, number: int, line: str) -> None:
        word, _, rest = line[1:].partition(" ")
        rest = rest.strip()
        if word != "param" and word in self._seen:
            _refuse(self.path, number, f"@{word} stands twice")
        self._seen.add(word)
        if word == "param":
            self._param(number, rest)
        elif word == "returns":
            self._returns = self._read_returns(number, rest)
        elif word == "tags":
            self.tags = tuple(tag.strip() for tag in rest.split(",") if tag.strip())
        elif word == "engine":
            if rest not in ("neo4j", "embedded"):
                _refuse(self.path, number, "@engine is neo4j or embedded")
            self.engine = rest
        else:
            _refuse(self.path, number, f"there is no field @{word}")

    def _param(self, number: int, rest: str) -> None:
        match = _PARAM.fullmatch(rest)
        if match is None:
            _refuse(self.path, number, "write @param name type [?] [= default] [(range)]  help")
        name, param_type = match["name"], match["type"]
        if param_type not in get_args(ParamType):
            _refuse(self.path, number, f"{param_type} is no type; {', '.join(get_args(ParamType))}")
        if match["help"] is None:
            _refuse(self.path, number, f"@param {name} has no help; write it behind two spaces")
        if name in self.params:
            _refuse(self.path, number, f"@param {name} stands twice")
        low, high, choices = self._range(number, match["range"])
        param = Param(
            name,
            param_type,  # type: ignore[arg-type]
            match["help"].strip(),
            nullable=match["null"] is not None,
            required=match["default"] is None and match["null"] is None,
            low=low,
            high=high,
            choices=choices,
        )
        if match["default"] is not None:
            param = self._with_default(number, param, match["default"])
        self.params[name] = param

    def _with_default(self, number: int, param: Param, text: str) -> Param:
        try:
            default: Any = param.check(text.strip('"')) if text != '""' else ""
        except InvalidArgument as error:
            _refuse(self.path, number, f"the default does not fit: {error}")
        return Param(**{**vars(param), "default": default})

    def _range(
        self, number: int, text: str | None
    ) -> tuple[float | None, float | None, tuple[str, ...]]:
        if text is None:
            return None, None, ()
        if "|" in text:
            return None, None, tuple(choice.strip() for choice in text.split("|"))
        low, dots, high = text.partition("..")
        try:
            if not dots:
                raise ValueError
            return float(low) if low else None, float(high) if high else None, ()
        except ValueError:
            _refuse(self.path, number, f"({text}) is neither low..high nor a|b|c")

    def _read_returns(self, number: int, rest: str) -> Returns:
        kind, _, columns = rest.partition(" ")
        if kind not in get_args(ReturnKind):
            _refuse(self.path, number, f"@returns is one of {', '.join(get_args(ReturnKind))}")
        parsed = []
        for column in filter(None, (part.strip() for part in columns.split(","))):
            name, _, column_type = column.partition(" ")
            if not column_type:
                _refuse(self.path, number, f"column {name} has no type")
            parsed.append(ReturnColumn(name, column_type.strip()))
        if kind in ("value", "one", "rows") and not parsed:
            _refuse(self.path, number, f"@returns {kind} names its columns")
        return Returns(kind, tuple(parsed))  # type: ignore[arg-type]
