"""Commits of git: at which one something ran, by which one a file came, and all that a lineage has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import Any

from lineage_graph.model import Artifact, Context, Kind, Node, Subgraph
from lineage_graph.model.labels import head_of
from lineage_graph.store import Store

_HASH, _SHORT = "git_commit", 7
_LOOKED_UP = 500  # artifacts that nothing made, of which a page asks by which commit they came


@dataclass(frozen=True)
class CommitRow:
    """A commit, and what is known of it: by whom, of which day, its message; ``of`` names what was at it."""

    hash: str
    author: str = ""
    day: str = ""
    message: str = ""
    time: int = 0
    of: tuple[str, ...] = ()

    @property
    def short(self) -> str:
        """How people write it."""
        return self.hash[:_SHORT]


def commit_of(node: Node, contexts: Sequence[Context]) -> CommitRow | None:
    """Return the commit that something ran at, or that a file came by; None where none is known.

    A node says it itself, or a commit or a run of a commit does that it belongs to: a context with a
    message. What only stands at a tag or a branch came earlier.
    """
    told = [one for one in contexts if _text(one, "message") and _text(one, _HASH)]
    own = _text(node, _HASH)
    if own:
        said = next((one for one in told if _text(one, _HASH) == own), None)
        found = CommitRow(own, author=_author(node))
        return found if said is None else _whole(said)
    return min(map(_whole, told), key=lambda one: one.time, default=None)


def commits_of(store: Store, graph: Subgraph) -> list[CommitRow]:
    """Return the commits of all that ran in a graph, and of the files that nothing in it made; the newest first."""
    made = {event.artifact_id for event in graph.events if not event.type.is_input}
    sources = [one for one in graph.artifacts if one.id not in made and one.origin][:_LOOKED_UP]
    held = store.contexts_of(Kind.ARTIFACT, [one.id or 0 for one in sources]) if sources else {}
    by_id = {context.id: context for context in graph.contexts}
    of: dict[int, list[Context]] = {}
    for link in graph.associations:
        if link.context_id in by_id:
            of.setdefault(link.execution_id, []).append(by_id[link.context_id])
    pairs = [(one, of.get(one.id or 0, [])) for one in graph.executions]
    return _together([*pairs, *((one, held.get(one.id or 0, [])) for one in sources)])


def _together(pairs: Iterable[tuple[Node, Sequence[Context]]]) -> list[CommitRow]:
    found: dict[str, CommitRow] = {}
    named: dict[str, dict[str, None]] = {}
    for node, contexts in pairs:
        commit = commit_of(node, contexts)
        if commit is not None:
            held = found.setdefault(commit.hash, commit)
            found[commit.hash] = commit if commit.message and not held.message else held
            named.setdefault(commit.hash, {})[head_of(node)] = None
    whole = (replace(one, of=tuple(named[one.hash])) for one in found.values())
    return sorted(whole, key=lambda one: (-one.time, one.hash))


def _whole(context: Context) -> CommitRow:
    time = context.create_time_since_epoch or 0
    return CommitRow(
        _text(context, _HASH), _author(context), _day(time), _text(context, "message"), time
    )


def _author(node: Node) -> str:
    """Return who made a commit, without the address."""
    return _text(node, "author").partition(" <")[0] if not isinstance(node, Artifact) else ""


def _text(node: Node, name: str) -> str:
    known: Mapping[str, Any] = {**node.properties, **node.custom_properties}
    value = known.get(name)
    return value if isinstance(value, str) else ""


def _day(time: int) -> str:
    if not time:
        return ""
    try:
        day = datetime.fromtimestamp(time / 1000, tz=timezone.utc)
    except (OverflowError, OSError, ValueError):
        return ""
    return f"{day.day} {day:%B %Y}"
