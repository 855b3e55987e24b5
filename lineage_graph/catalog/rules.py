"""Rules of the domain, written once in ``cypher/rules`` and put into the statements that use them.

A statement calls a rule like a function, ``is_run(c)``, and gets its Cypher, with the names it gave in
place of the rule's parameters. An expression comes in parentheses; what begins with a clause (``MATCH``)
comes as it is. Rules may call rules.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NoReturn

from lineage_graph import folders
from lineage_graph.catalog.scanner import first_write, mask, parameters
from lineage_graph.errors import InvalidQueryFile

_PARAM = re.compile(r"@param\s+([a-z_]\w*)\s{2,}\S.*")
_CLAUSE = re.compile(r"MATCH|OPTIONAL|UNWIND|CALL|WITH\b")
_MAX_DEPTH = 5  # rules that call each other


@dataclass(frozen=True)
class Rule:
    """One rule: the names of its parameters, in order, and its Cypher."""

    name: str
    title: str
    params: tuple[str, ...]
    body: str
    path: Path

    def applied(self, arguments: Iterable[str]) -> str:
        """Return its Cypher with the arguments in place of the parameters."""
        given = dict(zip(self.params, arguments, strict=True))
        # A parameter is a variable: no property (x.run), label (:run), key ({run: 1}) or text ('run').
        names = re.compile(rf"(?<![\w.$:`])({'|'.join(given)})\b")

        def put_in(match: re.Match[str]) -> str:
            before, after = match.string[: match.start()].rstrip(), match.string[match.end() :]
            is_key = before.endswith(("{", ",")) and after.lstrip().startswith(":")
            return match.group() if is_key else given[match.group()]

        text = _replaced(self.body, names, put_in)
        return text if _CLAUSE.match(self.body) else f"({text})"


@cache
def load_rules(folder: Path = folders.CYPHER / "rules") -> Mapping[str, Rule]:
    """Read and check the rules of a folder.

    Raises:
        InvalidQueryFile: a file breaks the convention; the message begins ``path:line:``.
    """
    return {path.stem: _load(path) for path in sorted(folder.glob("*.cypher"))}


def _load(path: Path) -> Rule:
    lines = path.read_text(encoding="utf-8").splitlines()
    end = next((i for i, line in enumerate(lines) if not line.startswith("//")), len(lines))
    header = [line[2:].strip() for line in lines[:end]]
    body = "\n".join(lines[end:]).strip()
    if not header or header[0].startswith("@"):
        _refuse(path, 1, "the first line says what the rule is")
    params = []
    for number, line in enumerate(header, start=1):
        if line.startswith("@"):
            match = _PARAM.fullmatch(line)
            if match is None:
                _refuse(path, number, "write @param name  help")
            params.append(match.group(1))
    if not params:
        _refuse(path, 1, "@param is missing: a rule is about something")
    if not body:
        _refuse(path, end + 1, "there is no Cypher below the header")
    if parameters(body) or first_write(body) is not None or ";" in mask(body):
        _refuse(path, end + 1, "a rule only reads, takes no $parameters and has no semicolon")
    return Rule(path.stem, header[0], tuple(params), body, path)


def expanded(text: str, rules: Mapping[str, Rule], path: Path, first_line: int = 1) -> str:
    """Return a statement with the rules that it calls put in; ``path`` is named where that cannot be.

    Raises:
        InvalidQueryFile: a rule is called with too many or too few arguments, or calls itself.
    """
    if not rules:
        return text
    calls = re.compile(rf"(?<![\w.$:`])({'|'.join(rules)})\(([^()]*)\)")

    def put_in(match: re.Match[str]) -> str:
        rule = rules[match.group(1)]
        arguments = [part.strip() for part in match.group(2).split(",")]
        if len(arguments) != len(rule.params) or not all(arguments):
            line = first_line + match.string.count("\n", 0, match.start())
            _refuse(path, line, f"write {rule.name}({', '.join(rule.params)})")
        return rule.applied(arguments)

    for _ in range(_MAX_DEPTH):
        before, text = text, _replaced(text, calls, put_in)
        if text == before:
            break
    else:
        _refuse(path, first_line, "its rules call each other without end")
    return text


def _replaced(text: str, pattern: re.Pattern[str], replace: Callable[[re.Match[str]], str]) -> str:
    """Return the text with what matches in its code replaced; strings and comments stay."""
    parts, at = [], 0
    for match in pattern.finditer(mask(text)):
        parts += [text[at : match.start()], replace(match)]
        at = match.end()
    return "".join((*parts, text[at:]))


def _refuse(path: Path, line: int, reason: str) -> NoReturn:
    raise InvalidQueryFile(f"{path}:{line}: {reason}")
