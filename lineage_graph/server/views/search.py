"""Search: one text, looked for in names, types, addresses and properties; ids lead straight to a node."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import Query

from lineage_graph.errors import InvalidArgument, NotFound
from lineage_graph.model import Artifact, Kind, Node, Ref
from lineage_graph.model.labels import short_type
from lineage_graph.questions import Questions
from lineage_graph.server.pages import Page
from lineage_graph.server.render import path_of
from lineage_graph.store import Hit, Search, Store

_ID = re.compile(r"#?(\d{1,18})")
_DEFAULT_HITS, _MAX_HITS = 6, 50
_NEWEST_WITH_PROPERTIES = 20_000  # nodes of a kind whose properties are looked through at first
_MAX_SHOWN_CHARACTERS = 80  # characters of an address or a value


@dataclass(frozen=True)
class SearchAnswer:
    """One hit: where it leads, what it is called, and more about it."""

    path: str
    label: str
    detail: str
    kind: str


@dataclass(frozen=True)
class HitGroup:
    """Hits of one sort."""

    title: str
    hits: tuple[SearchAnswer, ...]


class SearchPage:
    """The page behind the search box, and what the box asks while somebody types."""

    def __init__(self, store: Store, questions: Questions) -> None:
        self._store = store
        self._questions = questions

    def view(
        self,
        text: Annotated[str, Query(max_length=500, description="what to look for")] = "",
        properties: Annotated[
            Literal["yes", "all", "no"],
            Query(
                description="look in the values of properties too: of the newest nodes, or of all"
            ),
        ] = "yes",
        limit: Annotated[
            int, Query(ge=1, le=_MAX_HITS, description="how many hits of a sort at most")
        ] = _DEFAULT_HITS,
    ) -> Page:
        """What holds a text, the newest first; ``#42`` and ``artifact/42`` are ids."""
        wanted = text.strip()
        newest = None if properties == "all" else _NEWEST_WITH_PROPERTIES
        groups = self._groups(wanted, properties != "no", newest, limit) if wanted else []
        shown = [group for group in groups if group.hits]
        left_out = 0
        if wanted and properties == "yes":
            counts = self._store.pages.census().kinds.values()
            left_out = sum(max(0, count - _NEWEST_WITH_PROPERTIES) for count in counts)
        data = {"text": wanted, "groups": shown, "left_out": left_out}
        return Page("search.html", data, {"limit": limit, "newest": _NEWEST_WITH_PROPERTIES})

    def _groups(
        self, text: str, properties: bool, newest: int | None, limit: int
    ) -> list[HitGroup]:
        named = self._store.search(text, Search(limit=limit))
        groups = [HitGroup("Go to", self._ids(text))]
        for kind in Kind:
            hits = tuple(_found(hit) for hit in named if hit.node.kind is kind)
            groups.append(HitGroup(f"{kind.label}s", hits))
        groups += [
            HitGroup("Types", self._types(text, limit)),
            HitGroup("Questions", self._asked(text)),
        ]
        if properties:
            known = {hit.node.ref for hit in named}
            within = self._store.search(text, Search(properties=True, limit=limit, newest=newest))
            hits = tuple(_found(hit) for hit in within if hit.node.ref not in known)
            groups.append(HitGroup("By a property", hits))
        return groups

    def _ids(self, text: str) -> tuple[SearchAnswer, ...]:
        number = _ID.fullmatch(text)
        if number is not None:
            refs = [Ref(kind, int(number[1])) for kind in Kind]
        else:
            try:
                refs = [Ref.parse(text)]
            except InvalidArgument:
                return ()
        nodes: list[Node] = []
        for ref in refs:
            try:
                nodes.append(self._store.node(ref))
            except NotFound:
                continue
        return tuple(_found(Hit(node)) for node in nodes)

    def _types(self, text: str, limit: int) -> tuple[SearchAnswer, ...]:
        found = [one for one in self._store.types() if text.lower() in one.name.lower()]
        return tuple(
            SearchAnswer(
                f"/{one.kind.value}s?{urlencode({'type': one.name})}",
                one.name,
                f"all {one.kind.value}s of this type",
                one.kind.value,
            )
            for one in found[:limit]
        )

    def _asked(self, text: str) -> tuple[SearchAnswer, ...]:
        words = text.lower().split()
        found = [
            one for one in self._questions.values() if all(w in one.title.lower() for w in words)
        ]
        return tuple(
            SearchAnswer(f"/ask/{one.name.replace('_', '-')}", one.title, "", "question")
            for one in found[:_DEFAULT_HITS]
        )


def _found(hit: Hit) -> SearchAnswer:
    node = hit.node
    label = f"{short_type(node.type or node.kind.label)} {node.name or f'#{node.id}'}"
    parts = [str(node.ref)]
    if isinstance(node, Artifact) and node.uri:
        parts.append(
            node.uri
            if len(node.uri) <= _MAX_SHOWN_CHARACTERS
            else f"…{node.uri[-_MAX_SHOWN_CHARACTERS:]}"
        )
    values = {**node.custom_properties, **node.properties}
    parts += [
        f"{name}: {str(values.get(name, ''))[:_MAX_SHOWN_CHARACTERS]}"
        for name in hit.properties[:2]
    ]
    return SearchAnswer(path_of(node), label, " · ".join(parts), node.kind.value)
