"""Completion of what only the store knows: refs of nodes. It never starts an engine and never fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import typer

from lineage_graph.cli.command import Globals, Session
from lineage_graph.engines import engine_status
from lineage_graph.errors import LineageError
from lineage_graph.model import Kind, Ref
from lineage_graph.settings import Settings
from lineage_graph.store import Find, Store

_MAX_SUGGESTIONS = 30
Completion = tuple[str, str]


def complete_choice(choices: tuple[str, ...]) -> Callable[[str], list[str]]:
    """A completer of a few fixed words."""

    def complete(incomplete: str) -> list[str]:
        return [choice for choice in choices if choice.startswith(incomplete)]

    return complete


def complete_ref(*kinds: Kind) -> Callable[[typer.Context, str], list[Completion]]:
    """A completer of ``artifact/17``: the newest nodes, or those whose id begins as typed."""

    def complete(ctx: typer.Context, incomplete: str) -> list[Completion]:
        kind, slash, rest = incomplete.partition("/")
        wanted = [known for known in kinds if known.value.startswith(kind)]
        if not slash or len(wanted) != 1:
            return [(f"{known.value}/", f"the id of an {known.value}") for known in wanted]
        try:
            return _nodes(_settings(ctx), wanted[0], rest)
        except (LineageError, OSError, ValueError):
            return []

    return complete


def _settings(ctx: typer.Context) -> Settings:
    """The settings with the global options already on the line."""
    given = Globals()
    context: Any = ctx
    while context is not None:
        found = {name: context.params.get(name) for name in ("uri", "folder")}
        given = given.over(Globals(**found))
        context = context.parent
    return Session(given).settings


def _nodes(settings: Settings, kind: Kind, digits: str) -> list[Completion]:
    if settings.uri is None and not engine_status(settings).running:
        return []
    with Store.open(settings=settings) as store:
        if digits.isdigit():
            candidates = [int(digits) * scale + more for scale in (1, 10) for more in range(scale)]
            nodes = store.get(kind, candidates)
        else:
            nodes = store.find(
                Find(kind=kind, order_by="id", descending=True, limit=_MAX_SUGGESTIONS)
            ).nodes
    return [
        (str(Ref(kind, node.id or 0)), f"{node.type}: {node.title}")
        for node in nodes[:_MAX_SUGGESTIONS]
    ]
