"""What every command has in common: its global options, its session, and how it ends when it fails."""

from __future__ import annotations

import functools
import inspect
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from pydantic_settings import SettingsError

from lineage_graph.cli.exits import FAULT, INTERRUPTED, TERMINATED, exit_code
from lineage_graph.cli.output import CommandOutput
from lineage_graph.errors import InvalidArgument, LineageError, of_system
from lineage_graph.settings import Settings
from lineage_graph.store import Store

PANEL = "Everywhere"
Uri = Annotated[
    str | None,
    typer.Option(
        "--uri",
        metavar="URI",
        help="Neo4j server to use (neo4j://, bolt://); without one, the embedded engine.",
        rich_help_panel=PANEL,
        show_default=False,
    ),
]
Folder = Annotated[
    Path | None,
    typer.Option(
        "--folder",
        metavar="FOLDER",
        help="Folder of the embedded engine's files.",
        rich_help_panel=PANEL,
        file_okay=False,
        show_default=False,
    ),
]
Json = Annotated[
    bool,
    typer.Option("--json", help="Answer in JSON on standard output.", rich_help_panel=PANEL),
]
Debug = Annotated[
    bool,
    typer.Option(
        "--debug", help="Show where in the code an error comes from.", rich_help_panel=PANEL
    ),
]
_GLOBAL: Mapping[str, tuple[Any, Any]] = {
    "uri": (Uri, None),
    "folder": (Folder, None),
    "as_json": (Json, False),
    "debug": (Debug, False),
}


@dataclass(frozen=True)
class Globals:
    """The global options, as given before or after the subcommand."""

    uri: str | None = None
    folder: Path | None = None
    as_json: bool = False
    debug: bool = False

    def over(self, earlier: Globals | None) -> Globals:
        """These options, and where they say nothing, those given earlier on the line."""
        if earlier is None:
            return self
        return Globals(
            uri=self.uri or earlier.uri,
            folder=self.folder or earlier.folder,
            as_json=self.as_json or earlier.as_json,
            debug=self.debug or earlier.debug,
        )


class Session:
    """What a command works with: where the store is, and where its answer goes."""

    def __init__(self, given: Globals) -> None:
        self.given = given
        self.out = CommandOutput(as_json=given.as_json)

    @functools.cached_property
    def settings(self) -> Settings:
        """The settings of this process, the command line's first."""
        return self.settings_with()

    def settings_with(self, **more: Any) -> Settings:
        """The settings with further ones from the command line; None means not given.

        Raises:
            InvalidArgument: a setting, or the environment variable it comes from, is wrong.
        """
        given = {"uri": self.given.uri, "folder": self.given.folder} | more
        known = {name: value for name, value in given.items() if value is not None}
        if self.given.folder is not None and self.given.uri is None:
            known["uri"] = (
                None  # a folder on the line means the embedded engine, whatever NEO4J_URI says
            )
        try:
            return Settings(**known)
        except ValidationError as error:
            raise InvalidArgument(_first_problem(error)) from None
        except SettingsError as error:
            raise InvalidArgument(f"A setting cannot be read: {error}.") from None

    def store(self, **more: Any) -> Store:
        """Open the store, with further settings from the command line; the caller closes it."""
        store = Store.open(settings=self.settings_with(**more))
        if store.engine.damage is not None:
            self.out.note(f"Warning: {store.engine.damage.message} See: lineage-graph doctor")
        return store


def _first_problem(error: ValidationError) -> str:
    problem = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in problem["loc"]) or "settings"
    return f"The setting {where} is wrong: {problem['msg']}."


def command(function: Callable[..., None]) -> Callable[..., None]:
    """Make a Typer command of ``function(session, …)``: add the global options, report errors."""
    own = list(inspect.signature(function, eval_str=True).parameters.values())[1:]
    keyword = inspect.Parameter.KEYWORD_ONLY

    @functools.wraps(function)
    def run(ctx: typer.Context, **values: Any) -> None:
        given = Globals(**{name: values.pop(name) for name in _GLOBAL})
        given = given.over(ctx.find_object(Globals))
        with reported(given):
            function(Session(given), **values)

    parameters = [
        inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context),
        *(parameter.replace(kind=keyword) for parameter in own),
        *(
            inspect.Parameter(name, keyword, default=default, annotation=annotation)
            for name, (annotation, default) in _GLOBAL.items()
        ),
    ]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return run


def remember(
    ctx: typer.Context,
    uri: Uri = None,
    folder: Folder = None,
    as_json: Json = False,
    debug: Debug = False,
) -> Globals:
    """Keep the global options given before the subcommand for the subcommand to find."""
    given = Globals(uri, folder, as_json, debug).over(ctx.find_object(Globals))
    ctx.obj = given
    return given


@contextmanager
def reported(given: Globals) -> Iterator[None]:
    """End a failing command with one or two sentences and the exit code of the error."""
    try:
        with stopping(lambda: "Stopped."):
            yield
    except LineageError as error:
        if debugging(given):
            raise
        _report(given, type(error).__name__, error.message, error.hint, exit_code(error))
    except BrokenPipeError:
        raise  # the reader of a pipe left: Typer ends quietly
    except OSError as error:
        if debugging(given):
            raise
        if (own := of_system(error)) is not None:
            _report(given, type(own).__name__, own.message, own.hint, exit_code(own))
        where = f" ({error.filename})" if error.filename else ""
        message = f"{error.strerror or error}{where}."
        _report(given, "OSError", message, "Check the file, its folder and the disk.", 1)
    except Exception as error:
        if isinstance(error, typer.Exit) or type(error).__module__.startswith("typer"):
            raise  # Typer's own way to end a command
        if debugging(given):
            raise
        message = f"This is a fault of lineage-graph: {type(error).__name__}: {error}."
        _report(
            given, "Fault", message, "Run it again with --debug and report what it says.", FAULT
        )


@contextmanager
def stopping(sentence: Callable[[], str]) -> Iterator[None]:
    """Where Ctrl-C or SIGTERM ends the block, say what came of it, and end the command with their code."""
    try:
        yield
    except (KeyboardInterrupt, SystemExit) as stop:
        code = INTERRUPTED if isinstance(stop, KeyboardInterrupt) else TERMINATED
        CommandOutput().note(sentence())
        raise typer.Exit(code) from None


def debugging(given: Globals) -> bool:
    """True where tracebacks are wanted."""
    return given.debug or os.environ.get("LINEAGE_GRAPH_DEBUG", "") not in ("", "0", "false")


def _report(given: Globals, name: str, message: str, hint: str, code: int) -> None:
    output = CommandOutput(as_json=given.as_json)
    output.note(f"Error: {LineageError(message, hint=hint)}")
    if given.as_json:
        problem = {"error": name, "message": message, "hint": hint, "exit_code": code}
        sys.stdout.write(json.dumps(problem) + "\n")
    raise typer.Exit(code)
