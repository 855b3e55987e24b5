"""The filter box: whether a filter is right, what it becomes in Cypher, what it asks for in vain, and what may stand next in it."""

from __future__ import annotations

import time
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Query
from fastapi.responses import JSONResponse, Response

from lineage_graph.errors import InvalidArgument
from lineage_graph.filters import PREFIX, compile_filter
from lineage_graph.filters.complete import Vocabulary, complete
from lineage_graph.filters.diagnostics import WrongFilter
from lineage_graph.model import Kind
from lineage_graph.model.plain import plain
from lineage_graph.pictures.filter_hints import note_on, note_on_denied, words_of
from lineage_graph.store import Store, explain_filter

LONGEST = 20_000  # characters of a filter in an address, and of the console's statement
_FRESH = 20.0  # seconds for which the names a store has are remembered

Where = Annotated[str, Query(max_length=LONGEST, description="the filter")]
At = Annotated[int, Query(ge=0, le=LONGEST, description="the offset of the cursor in the filter")]


class Filters:
    """What the filter box of one kind of node asks while somebody types."""

    def __init__(self, store: Store, kind: Kind) -> None:
        self._store = store
        self._kind = kind
        self._known: Vocabulary | None = None
        self._read = 0.0

    def check(self, where: Where = "") -> Response:
        """Say whether a filter is right: its Cypher, or what is wrong, where, and what to do."""
        return JSONResponse(self.noted(where, self.checked(where)))

    def complete(self, where: Where = "", at: At = 0) -> Response:
        """Say what may stand at the cursor, and what ``check`` says."""
        found = self.completed(where, at)
        return JSONResponse({**found, "check": self.noted(where, found["check"])})

    def checked(self, where: str) -> dict[str, Any]:
        """Return what is to be said of a filter, with a note where it asks for what there is not."""
        found = checked(self._store, self._kind, where)
        is_asked = found["ok"] and where.strip()
        note = note_on(self._kind, where, self._vocabulary()) if is_asked else ""
        return {**found, "note": note}

    def noted(self, where: str, check: dict[str, Any]) -> dict[str, Any]:
        """Return what is to be said of a filter; where there is no note, with one on what it leaves out."""
        if check["note"] or not check["ok"]:
            return check
        return {**check, "note": note_on_denied(f"{self._kind.value}s", where)}

    def completed(self, where: str, at: int) -> dict[str, Any]:
        """Return what may stand at the cursor, and what ``checked`` says."""
        found = complete(self._kind, where, min(at, len(where)), self._vocabulary())
        return {
            "start": found.start,
            "end": found.end,
            "options": plain(found.options),
            "check": self.checked(where),
        }

    def _vocabulary(self) -> Vocabulary:
        if self._known is None or time.monotonic() - self._read > _FRESH:
            self._known = words_of(self._store, self._kind)
            self._read = time.monotonic()
        return self._known


class EitherFilters:
    """What the filter box of a picture asks: a filter there is one for artifacts, executions or both."""

    def __init__(self, artifacts: Filters, executions: Filters) -> None:
        self._both = (artifacts, executions)

    def check(self, where: Where = "") -> Response:
        """Say whether a filter is right for artifacts or for executions, and what it becomes."""
        return JSONResponse(self._best(where, [one.checked(where) for one in self._both]))

    def complete(self, where: Where = "", at: At = 0) -> Response:
        """Say what may stand at the cursor in a filter for either, and what ``check`` says."""
        found = [one.completed(where, at) for one in self._both]
        options = {(o["insert"], o["sort"]): o for one in reversed(found) for o in one["options"]}
        order = {
            key: None for one in found for key in ((o["insert"], o["sort"]) for o in one["options"])
        }
        check = self._best(where, [one["check"] for one in found])
        return JSONResponse(
            {**found[0], "options": [options[key] for key in order], "check": check}
        )

    def _best(self, where: str, checks: list[dict[str, Any]]) -> dict[str, Any]:
        """Return what is to be said of the kind of node that the filter fits best."""
        both = list(zip(self._both, checks, strict=True))
        right = [one for one in both if one[1]["ok"]] or both[:1]
        filters, check = min(
            right,
            key=lambda one: (one[1]["note"] != "", "Did you mean" not in one[1]["note"]),
        )
        return filters.noted(where, check)


def checked(store: Store, kind: Kind, where: str) -> dict[str, Any]:
    """Return what a program or the filter box wants to know of a filter; nothing is run."""
    if not where.strip():
        return {"ok": True, "cypher": "", "values": {}, "console": ""}
    try:
        found = explain_filter(store.catalog, kind, where)
    except InvalidArgument as error:
        return {"ok": False, **mistake(where, error)}
    console = f"/console?{urlencode({'cypher': found.written})}"
    fits = len(found.written) <= LONGEST
    return {
        "ok": True,
        "cypher": found.cypher,
        "values": found.values,
        "console": console if fits else "",
    }


def mistake(where: str, error: InvalidArgument) -> dict[str, Any]:
    """Return what is wrong with a filter: the line it is in, and the column, from 0, with words."""
    position = getattr(error, "position", 0)
    before = where[:position]
    line = before.count("\n")
    return {
        "position": position,
        "line": line,
        "column": position - (before.rfind("\n") + 1),
        "text": (where.split("\n") or [""])[line],
        "message": error.message.removeprefix(PREFIX),
        "hint": error.hint,
        "placed": isinstance(error, WrongFilter),
    }


def wrong_filter(kind: Kind, where: str) -> InvalidArgument | None:
    """Return what is wrong with a filter, to be shown where it was typed; None where it is right."""
    try:
        if where.strip():
            compile_filter(kind, where, strict=False)
    except InvalidArgument as error:
        return error
    return None
