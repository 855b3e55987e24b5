"""``ask``: a command for every question, made from what the question declares."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Iterable
from typing import Annotated, Any

import typer
import typer.core
import typer.main

from lineage_graph.catalog import Param, load_catalog
from lineage_graph.cli.answers import show_answer
from lineage_graph.cli.command import (
    Debug,
    Folder,
    Globals,
    Json,
    Session,
    Uri,
    command,
    remember,
    reported,
)
from lineage_graph.cli.complete import complete_choice, complete_ref
from lineage_graph.errors import InvalidArgument
from lineage_graph.model import Kind, Ref
from lineage_graph.questions import Question, load_questions

_METAVARS = {
    "int": "NUMBER",
    "float": "NUMBER",
    "str": "TEXT",
    "datetime": "MOMENT",
    "ids": "ID,ID,…",
    "rows": "LIST",
}


class QuestionGroup(typer.core.TyperGroup):
    """The group ``ask``; its commands are made when it is first looked into, not at every start."""

    _loaded = False

    def list_commands(self, ctx: Any) -> list[str]:
        """The questions' names, as commands."""
        self._load()
        return super().list_commands(ctx)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of a question; underscores will do for hyphens."""
        self._load()
        found = super().get_command(ctx, command_name(cmd_name))
        if found is None and not ctx.resilient_parsing:  # which is how completion asks
            with reported(Globals(as_json=ctx.params["as_json"]).over(ctx.find_object(Globals))):
                raise unknown_question(cmd_name, list(self.commands))
        return found

    def _load(self) -> None:
        if not self._loaded:
            self._loaded = True
            made = typer.main.get_group(_commands())
            self.commands.update(made.commands)


def unknown_question(name: str, known: list[str]) -> InvalidArgument:
    """The error for a question that does not exist, with what may have been meant."""
    close = difflib.get_close_matches(command_name(name), known, n=3)
    meant = f"Did you mean {' or '.join(close)}? " if close else ""
    return InvalidArgument(
        f"There is no question {name!r}.", hint=f"{meant}All are listed by: lineage-graph ask"
    )


ask_app = typer.Typer(cls=QuestionGroup, invoke_without_command=True)


@ask_app.callback()
def ask(
    ctx: typer.Context,
    uri: Uri = None,
    folder: Folder = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Ask a question; without a name, list them all."""
    given = remember(ctx, uri, folder, as_json, debug)
    if ctx.invoked_subcommand is None:
        with reported(given):
            list_questions(Session(given))


def list_questions(session: Session) -> None:
    """Write every question: its name, what it asks and what it takes."""
    questions = list(load_questions(load_catalog()).values())
    if session.out.as_json:
        session.out.json([_declaration(question) for question in questions])
        return
    session.out.table(
        ("question", "asks", "takes"),
        [
            (command_name(question.name), question.title, _takes(question.params))
            for question in questions
        ],
    )


def command_name(name: str) -> str:
    """A question's name as it is written on a command line."""
    return name.replace("_", "-")


def _declaration(question: Question) -> dict[str, Any]:
    return {
        "name": question.name,
        "title": question.title,
        "prose": question.prose,
        "tags": list(question.tags),
        "returns": question.returns.kind,
        "columns": [column.name for column in question.returns.columns],
        "parameters": question.input_model.model_json_schema(),
    }


def _takes(params: Iterable[Param]) -> str:
    words = [
        f"--{command_name(p.name)}" if p.required else f"[--{command_name(p.name)}]" for p in params
    ]
    return " ".join(words)


def _commands() -> typer.Typer:
    app = typer.Typer()
    app.callback()(lambda: None)  # a group, also when there is one question only
    for question in load_questions(load_catalog()).values():
        text = "\n\n".join(part for part in (question.title, question.prose) if part)
        panel = question.tags[0].capitalize() if question.tags else "Questions"
        app.command(command_name(question.name), help=_escape(text), rich_help_panel=panel)(
            command(_asker(question))
        )
    return app


def _escape(text: str) -> str:
    return text.replace("[", "\\[")  # Typer reads square brackets in help as markup


def _asker(question: Question) -> Callable[..., None]:
    """A function whose signature is the question's parameters, for Typer to read."""

    def run(session: Session, **given: Any) -> None:
        values = {
            param.name: _value(param, given[param.name])
            for param in question.params
            if given[param.name] is not None
        }
        with session.store() as store:
            answer = question.ask(store, values)
        show_answer(session.out, question, values, answer)

    keyword = inspect.Parameter.KEYWORD_ONLY
    first = inspect.Parameter(
        "session", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Session
    )
    run.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            first,
            *(
                inspect.Parameter(p.name, keyword, default=..., annotation=_option(p))
                if p.required
                else inspect.Parameter(p.name, keyword, default=None, annotation=_option(p))
                for p in question.params
            ),
        ]
    )
    return run


def _option(param: Param) -> Any:
    """The Typer option of a parameter. Text goes on as it is: the question checks it itself."""
    kind = node_kind(param)
    help_text = _escape(param.help)
    if not param.required and param.default is not None:
        help_text += (
            f" (default: {str(param.default).lower() if param.type == 'bool' else param.default})"
        )
    name = command_name(param.name)
    if param.type == "bool":
        return Annotated[
            bool | None, typer.Option(f"--{name}/--no-{name}", help=help_text, show_default=False)
        ]
    metavar = _METAVARS[param.type]
    complete: Any = None
    if param.choices:
        metavar = "|".join(param.choices)
        complete = complete_choice(param.choices)
    elif kind is not None:
        metavar = f"{kind.value}/ID"
        complete = complete_ref(kind)
    option = typer.Option(
        f"--{name}", metavar=metavar, help=help_text, autocompletion=complete, show_default=False
    )
    return Annotated[str if param.required else str | None, option]


def node_kind(param: Param) -> Kind | None:
    """The kind of node whose id a parameter takes, None for any other parameter."""
    if param.type not in ("int", "ids"):
        return None
    for kind in Kind:
        if param.name.rstrip("s") == kind.value or param.name.rstrip("s").endswith(
            f"_{kind.value}"
        ):
            return kind
    return None


def _value(param: Param, given: Any) -> Any:
    """A value as the question takes it: where it wants an id, ``artifact/17`` will do."""
    kind = node_kind(param)
    if kind is None or not isinstance(given, str) or "/" not in given:
        return given
    numbers = []
    for part in given.replace(",", " ").split():
        ref = Ref.parse(part) if "/" in part else None
        if ref is not None and ref.kind is not kind:
            raise InvalidArgument(
                f"--{command_name(param.name)} takes an {kind.value}; {part} is none.",
                hint=f"Write {kind.value}/{ref.id}, or ask another question.",
            )
        numbers.append(part if ref is None else str(ref.id))
    return ",".join(numbers)
