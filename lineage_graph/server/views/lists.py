"""Lists of artifacts, executions and contexts: filter, sort and page, all of it in the address."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import ValidationError

from lineage_graph.catalog import Param
from lineage_graph.errors import InvalidArgument
from lineage_graph.model import ArtifactState, ExecutionState, Kind, Ref, Value
from lineage_graph.server.pages import Page
from lineage_graph.store import Comparison, Find, Store

_CONDITION = re.compile(
    r"\s*(?P<custom>custom\.)?(?P<name>`[^`]+`|[^\s<>=!]+)\s*"
    r"(?:(?P<exists>exists)|(?P<op><=|>=|!=|=|<|>|contains|starts_with)\s*(?P<value>\"[^\"]*\"|'[^']*'|\S+))\s*"
)
_STATES: dict[Kind, list[ArtifactState] | list[ExecutionState]] = {
    Kind.ARTIFACT: list(ArtifactState),
    Kind.EXECUTION: list(ExecutionState),
    Kind.CONTEXT: [],
}
_MOMENT = Param("time", "datetime", "a moment", nullable=True, required=False)
Sort = Literal["id", "create_time", "update_time", "name"]


class Lists:
    """The list of one kind of node."""

    def __init__(self, store: Store, kind: Kind) -> None:
        self._store = store
        self._kind = kind

    def view(
        self,
        type: Annotated[str, Query(description="only nodes of this type")] = "",
        state: Annotated[str, Query(description="only nodes in this state")] = "",
        text: Annotated[
            str, Query(description="only nodes whose name, type or uri holds this")
        ] = "",
        where: Annotated[
            str,
            Query(description="conditions on properties: accuracy > 0.9 and custom.owner = ann"),
        ] = "",
        context: Annotated[int | None, Query(description="only nodes of this context")] = None,
        since: Annotated[str, Query(description="only nodes made at this moment or later")] = "",
        before: Annotated[str, Query(description="only nodes made before this moment")] = "",
        sort: Annotated[Sort, Query(description="what to sort by")] = "id",
        descending: Annotated[bool, Query(description="the greatest first")] = True,
        limit: Annotated[int, Query(ge=1, le=1000, description="how many a page")] = 50,
        after: Annotated[
            str, Query(description="the page behind this one: next of the page before")
        ] = "",
    ) -> Page:
        """One page of the nodes that meet every condition."""
        wanted = _checked(
            kind=self._kind,
            type=type or None,
            states=(state,) if state else (),
            text=text or None,
            where=parse_where(where),
            context=context,
            created_after=_moment("since", since),
            created_before=_moment("before", before),
            order_by=sort,
            descending=descending,
            limit=limit,
            after=after or None,
        )
        found = self._store.find(wanted)
        given: dict[str, Any] = {
            "type": type,
            "state": state,
            "text": text,
            "where": where,
            "context": context,
            "since": since,
            "before": before,
            "sort": sort,
            "descending": descending,
            "limit": limit,
        }
        extra = {
            "kind": self._kind,
            "given": given,
            "is_first": not after,
            "types": sorted({known.name for known in self._store.types(self._kind)}),
            "states": [known.value for known in _STATES[self._kind]],
            "context_node": self._context(context),
        }
        return Page(
            "list.html", {"nodes": found.nodes, "total": found.total, "next": found.next}, extra
        )

    def _context(self, context: int | None) -> Any:
        return None if context is None else self._store.node(Ref(Kind.CONTEXT, context))


def _checked(**values: Any) -> Find:
    try:
        return Find(**values)
    except ValidationError as error:
        problem = error.errors()[0]
        raise InvalidArgument(f"{problem['loc'][-1]}: {problem['msg']}.") from None


def _moment(name: str, text: str) -> int | None:
    try:
        found: int | None = _MOMENT.check(text)
        return found
    except InvalidArgument as error:
        raise InvalidArgument(f"{name}: {error.message}") from None


def parse_where(text: str) -> tuple[Comparison, ...]:
    """Read conditions on properties: ``accuracy > 0.9 and custom.owner = "ann"``.

    Raises:
        InvalidArgument: the text cannot be read; the message shows where.
    """
    found: list[Comparison] = []
    position = 0
    while text.strip():
        match = _CONDITION.match(text, position)
        if match is None:
            raise _unread(text, position)
        found.append(_comparison(match))
        position = match.end()
        if position == len(text):
            break
        if not re.match(r"and\b", text[position:], re.IGNORECASE):
            raise _unread(text, position)
        position += len("and")
    return tuple(found)


def _unread(text: str, position: int) -> InvalidArgument:
    return InvalidArgument(
        f"The conditions cannot be read from {text[position:][:40]!r} on.",
        hint="Write for example: accuracy > 0.9 and custom.owner = ann and notes exists.",
    )


def _comparison(match: re.Match[str]) -> Comparison:
    name = match["name"].strip("`")
    custom = match["custom"] is not None
    if match["exists"]:
        return Comparison(property=name, op="exists", custom=custom)
    try:
        return Comparison(
            property=name,
            op=match["op"],
            value=_literal(match["value"]),
            custom=custom,
        )
    except ValidationError as error:
        raise InvalidArgument(f"{name}: {error.errors()[0]['msg']}.") from None


def _literal(text: str) -> Value:
    if text[0] in "\"'":
        return text[1:-1]
    readers: tuple[Callable[[str], Value], ...] = (int, float)
    for read in readers:
        try:
            return read(text)
        except ValueError:
            continue
    return {"true": True, "false": False}.get(text.lower(), text)
