"""The shell of ``cypher``: statements over several lines, history, completion, and its own commands."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from platformdirs import user_state_path

from lineage_graph.catalog.graph_schema import LABELS, PROPERTY_NAMES, RELATIONSHIPS
from lineage_graph.catalog.tokens import Token, tokens
from lineage_graph.cli.output import CommandOutput
from lineage_graph.cli.results import show_rows, tell, value_of
from lineage_graph.cli.schema import show_schema
from lineage_graph.errors import InvalidArgument, LineageError
from lineage_graph.pictures.store_schema import schema_of
from lineage_graph.store import Store
from lineage_graph.store.cypher_names import StoreNames
from lineage_graph.store.untrusted import FUNCTIONS, PROCEDURES

PROMPT, MORE = "cypher> ", "     -> "
HISTORY_LENGTH = 1000
HELP = """\
A statement ends with ; and may have several lines. Tab completes names.
  :schema           labels, relationships, types and properties of this store
  :params           the values of parameters
  :param NAME VALUE sets a parameter: a number, true, null, a JSON list or map, else a text
  :explain          how the database would run the statement that follows
  :help             this
  :quit             leave; so does Ctrl-D
Ctrl-C ends a statement that runs, or clears what was typed."""
COMMANDS = (":explain", ":help", ":param", ":params", ":quit", ":schema")
KEYWORDS = (
    "MATCH", "OPTIONAL MATCH", "WHERE", "WITH", "RETURN", "UNWIND", "ORDER BY", "SKIP", "LIMIT",
    "DISTINCT", "AS", "AND", "OR", "NOT", "IN", "CONTAINS", "STARTS WITH", "ENDS WITH", "IS NULL",
    "IS NOT NULL", "CASE", "WHEN", "THEN", "ELSE", "END", "UNION ALL", "CALL", "YIELD", "EXISTS",
)  # fmt: skip
_DELIMITERS = " \t\n()[]{},;=<>|&!$`'\"+*/"
_NAME = re.compile(r"[A-Za-z_]\w*")


class Shell:
    """Reads statements from a terminal and shows their rows until it is left."""

    def __init__(self, store: Store, out: CommandOutput, values: dict[str, Any]) -> None:
        self._store = store
        self._out = out
        self._values = values
        self._lines: list[str] = []
        self._names: StoreNames | None = None

    def run(self) -> None:
        """Read and answer until :quit or Ctrl-D."""
        path = _history_file()
        readline = _set_up(path, self.complete)
        self._out.note(f"{self._store.engine.version()}. :help says what there is; :quit leaves.")
        try:
            while self._turn(readline):
                pass
        finally:
            _save(readline, path)

    def _turn(self, readline: Any) -> bool:
        """Read one line and do what it completes; False at the end."""
        try:
            line = input(MORE if self._lines else PROMPT)
        except EOFError:
            self._out.line()
            return False
        except KeyboardInterrupt:
            self._lines.clear()
            self._out.line()
            return True
        if not self._lines and line.strip().startswith(":"):
            return self._command(line.strip())
        self._lines.append(line)
        text = "\n".join(self._lines).strip()
        if not text:
            self._lines.clear()
        elif _is_complete(text):
            _remember(readline, self._lines)
            self._lines.clear()
            self._guarded(lambda: self._answer(text))
        return True

    def _command(self, line: str) -> bool:
        word, _, rest = line.partition(" ")
        rest = rest.strip()
        if word in (":quit", ":exit", ":q"):
            return False
        if word == ":help":
            self._out.line(HELP)
        elif word == ":schema":
            self._guarded(self._show_schema)
        elif word == ":params":
            self._out.facts({name: json.dumps(value) for name, value in self._values.items()})
        elif word == ":param":
            self._set(rest)
        elif word == ":explain":
            if rest:
                self._guarded(lambda: self._out.line(self._store.explain(rest, self._values)))
            else:
                self._out.note("Write the statement behind it, on the same line.")
        else:
            self._out.note(f"There is no command {word}. :help says what there is.")
        return True

    def _set(self, rest: str) -> None:
        name, _, text = rest.replace("=", " ", 1).partition(" ")
        if not _NAME.fullmatch(name) or not text.strip():
            self._out.note("Write :param NAME VALUE, as in :param id 17.")
            return
        self._values[name] = value_of(text.strip())

    def _answer(self, text: str) -> None:
        result = self._store.cypher(text, self._values)
        show_rows(self._out, result)
        tell(self._out, result)
        rows = "row" if len(result) == 1 else "rows"
        self._out.note(f"{len(result):,} {rows} in {result.milliseconds:.0f} ms.")

    def _guarded(self, work: Callable[[], None]) -> None:
        """Do something of which a failure or Ctrl-C does not end the shell."""
        try:
            work()
        except KeyboardInterrupt:
            self._out.note("Stopped.")
        except LineageError as error:
            self._out.note(f"Error: {error}")

    def _show_schema(self) -> None:
        show_schema(self._out, schema_of(self._store))

    def _known(self) -> StoreNames:
        """Read the names of the store once."""
        if self._names is None:
            self._names = self._store.names()
        return self._names

    def complete(self, text: str, state: int) -> str | None:
        """Return the completion of this number for the word at the cursor, as readline asks."""
        try:
            import readline

            before = readline.get_line_buffer()[: readline.get_begidx()]
            typed = "\n".join([*self._lines, before])
            found = self.candidates(typed, text)
        except (LineageError, ImportError):
            return None
        return found[state] if state < len(found) else None

    def candidates(self, before: str, word: str) -> list[str]:
        """Return what may stand for a word behind a text."""
        if not before.strip() and word.startswith(":"):
            return [one for one in COMMANDS if one.startswith(word)]
        if before.endswith("$"):
            return [one for one in self._values if one.startswith(word)]
        open_bracket = _open_bracket(before)
        if open_bracket in ("(", "[") and (":" in word or re.search(r":[^\])({,]*$", before)):
            head, colon, begin = word.rpartition(":")
            return [
                head + colon + _quoted(one, before)
                for one in self._of_pattern(open_bracket)
                if one.lower().startswith(begin.lower())
            ]
        if "." in word:
            owner, _, begin = word.rpartition(".")
            names = sorted(self._known().properties | PROPERTY_NAMES)
            return [
                f"{owner}.{_quoted(one, before)}" for one in names if one.startswith(begin)
            ] + self._functions(word)
        words = [one for one in KEYWORDS if word and one.startswith(word.upper())]
        return [*words, *self._functions(word)]

    def _of_pattern(self, bracket: str) -> list[str]:
        if bracket == "[":
            return [one.name for one in RELATIONSHIPS]
        return sorted({*(one.name for one in LABELS), *self._known().labels})

    def _functions(self, word: str) -> list[str]:
        if not word:
            return []
        names = sorted(one for one in FUNCTIONS if one.startswith(word.lower()))
        return [f"{one}(" for one in names] + [one for one in PROCEDURES if one.startswith(word)]


def _open_bracket(text: str) -> str:
    """Return the innermost bracket that is open at the end of a text."""
    opened: list[str] = []
    for sign in re.sub(r"'[^']*'|\"[^\"]*\"", "", text):
        if sign in "([{":
            opened.append(sign)
        elif sign in ")]}" and opened:
            opened.pop()
    return opened[-1] if opened else ""


def _quoted(name: str, before: str) -> str:
    """Return a name as Cypher takes it: in quotes where it is no plain word."""
    if _NAME.fullmatch(name) or before.endswith("`"):
        return name
    return f"`{name}`"


def _is_complete(text: str) -> bool:
    """Say whether a statement has its ; at the end, outside of texts and comments."""
    try:
        found = tokens(text)
    except InvalidArgument:
        return text.endswith(";;")  # a text or a name without an end: two of them give up
    return bool(found) and found[-1] == Token("symbol", ";")


def _history_file() -> Path | None:
    try:
        folder = user_state_path("lineage-graph", appauthor=False, ensure_exists=True)
    except OSError:
        return None
    return folder / "cypher_history"


def _set_up(path: Path | None, complete: Callable[[str, int], str | None]) -> Any:
    """Prepare readline; None where this Python has none, as on Windows."""
    try:
        import readline
    except ImportError:
        return None
    readline.set_completer(complete)
    readline.set_completer_delims(_DELIMITERS)
    is_libedit = "libedit" in (readline.__doc__ or "")
    readline.parse_and_bind("bind ^I rl_complete" if is_libedit else "tab: complete")
    readline.set_history_length(HISTORY_LENGTH)
    if path is not None and path.exists():
        with suppress(OSError):
            readline.read_history_file(path)
    return readline


def _remember(readline: Any, lines: list[str]) -> None:
    """Keep a statement of several lines as one entry of the history."""
    if readline is None or len(lines) == 1 or any("//" in line for line in lines):
        return
    count = readline.get_current_history_length()
    if count >= len(lines):
        for place in range(count - 1, count - 1 - len(lines), -1):
            readline.remove_history_item(place)
        readline.add_history(" ".join(line.strip() for line in lines))


def _save(readline: Any, path: Path | None) -> None:
    if readline is None or path is None:
        return
    with suppress(OSError):  # the history is no reason to fail
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
        readline.write_history_file(path)
