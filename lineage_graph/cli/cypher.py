"""``cypher``: a statement that only reads, or a shell for such statements."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer

from lineage_graph.cli.command import Session
from lineage_graph.cli.destination import STDOUT, Force, check_free, destination
from lineage_graph.cli.results import show_rows, tell, value_of
from lineage_graph.cli.shell import Shell
from lineage_graph.errors import BadFile, InvalidArgument, NotFound
from lineage_graph.store.result_files import BINARY, WRITERS

TABLE = "table"


class Format(str, Enum):
    """How a result is written."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"
    ARROW = "arrow"


def cypher(
    session: Session,
    query: Annotated[
        str | None,
        typer.Argument(
            help="A statement that reads; - for standard input; without one, a shell.",
            show_default=False,
        ),
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", metavar="FILE", help="Read the statement from a file.")
    ] = None,
    param: Annotated[
        list[str] | None,
        typer.Option(
            "--param",
            "-p",
            metavar="NAME=VALUE",
            help="Value of a parameter ($NAME): a number, true, null, a JSON list or map, else a text.",
        ),
    ] = None,
    form: Annotated[
        Format | None,
        typer.Option("--format", help="How the rows are written; parquet and arrow need pyarrow."),
    ] = None,
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="FILE", help="Write to a file; - is the standard."),
    ] = STDOUT,
    force: Force = False,
    limit: Annotated[
        int | None,
        typer.Option("--limit", min=1, help="How many rows at most.", show_default="row_limit"),
    ] = None,
    timeout: Annotated[
        float | None,
        typer.Option("--timeout", help="How many seconds at most.", show_default="query_timeout"),
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show how the database would run it.")
    ] = False,
) -> None:
    """Run a Cypher statement that only reads. Without one, open a shell.

    For example: lineage-graph cypher "MATCH (m:Model) WHERE m.name = $name RETURN m" --param name=penguin
    """
    values = given(param or [])
    text = _statement(query, file)
    chosen = _format(session, form, output)
    limits = {"row_limit": limit, "query_timeout": timeout}
    if output != STDOUT:
        check_free(output, force)
    with session.store(**limits) as store:
        if text is None:
            Shell(store, session.out, values).run()
            return
        if explain:
            plan = store.explain(text, values)
            session.out.json({"plan": plan}) if chosen == "json" else session.out.line(plan)
            return
        result = store.cypher(text, values)
    tell(session.out, result)
    if chosen == TABLE:
        show_rows(session.out, result)
        return
    with destination(output) as stream:
        WRITERS[chosen](result, stream)
    if output != STDOUT:
        session.out.note(f"{len(result):,} rows written to {output}.")


def given(params: Iterable[str]) -> dict[str, Any]:
    """Return the values of parameters that are written NAME=VALUE.

    Raises:
        InvalidArgument: one is not written so.
    """
    values = {}
    for param in params:
        name, equals, text = param.partition("=")
        if not equals or not name.isidentifier():
            raise InvalidArgument(
                f"{param!r} is no parameter.", hint="Write --param NAME=VALUE, as in --param id=17."
            )
        values[name] = value_of(text)
    return values


def _statement(query: str | None, file: Path | None) -> str | None:
    """Return the statement; None where a shell is wanted."""
    if query is not None and file is not None:
        raise InvalidArgument("There are two statements.", hint="Leave out --file or the other.")
    if file is not None:
        try:
            return file.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            raise NotFound(f"There is no file {file}.") from None
        except UnicodeDecodeError:
            raise BadFile(f"{file} is no text in UTF-8.") from None
    if query == "-" or (query is None and not sys.stdin.isatty()):
        return sys.stdin.read()
    return query


def _format(session: Session, form: Format | None, output: Path) -> str:
    """Return the format that is meant: as it is told, else as the file's name ends."""
    if session.out.as_json and form not in (None, Format.JSON):
        raise InvalidArgument("--json and --format say different things.", hint="Leave out one.")
    if session.out.as_json:
        return Format.JSON.value
    end = output.suffix.removeprefix(".").lower()
    chosen = form.value if form is not None else end if end in WRITERS else ""
    if output != STDOUT and chosen in ("", TABLE):
        raise InvalidArgument(
            f"Nothing writes to {output.name!r}.",
            hint=f"Say how with --format: {', '.join(WRITERS)}.",
        )
    if chosen in BINARY and output == STDOUT and sys.stdout.isatty():
        raise InvalidArgument(
            f"A terminal cannot show {chosen}.", hint=f"Write a file: --output rows.{chosen}."
        )
    return chosen or TABLE
