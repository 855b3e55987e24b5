"""Search: one text, looked for in names, types, addresses and properties; ids lead straight to a node."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import Query

from lineage_graph.drawing.words import short_type
from lineage_graph.errors import InvalidArgument, NotFound
from lineage_graph.model import Artifact, Kind, Node, Ref
from lineage_graph.questions import Questions
from lineage_graph.server.pages import Page
from lineage_graph.server.render import path_of
from lineage_graph.store import Hit, Search, Store

_ID = re.compile(r"#?(\d{1,18})")
_FEW, _MANY = 6, 50
_SHOWN = 80  # characters of an address or a value


@dataclass(frozen=True)
class Found:
    """One hit: where it leads, what it is called, and more about it."""

    path: str
    label: str
    detail: str
    kind: str


@dataclass(frozen=True)
class Group:
    """Hits of one sort."""

    title: str
    hits: tuple[Found, ...]


class SearchPage:
    """The page behind the search box, and what the box asks while somebody types."""

    def __init__(self, store: Store, questions: Questions) -> None:
        self._store = store
        self._questions = questions

    def view(
        self,
        text: Annotated[str, Query(max_length=500, description="what to look for")] = "",
        properties: Annotated[
            Literal["yes", "no"], Query(description="look in the values of properties too")
        ] = "yes",
        limit: Annotated[
            int, Query(ge=1, le=_MANY, description="how many hits of a sort at most")
        ] = _FEW,
    ) -> Page:
        """What holds a text, the newest first; ``#42`` and ``artifact/42`` are ids."""
        wanted = text.strip()
        groups = self._groups(wanted, properties == "yes", limit) if wanted else []
        shown = [group for group in groups if group.hits]
        return Page("search.html", {"text": wanted, "groups": shown}, {"limit": limit})

    def _groups(self, text: str, properties: bool, limit: int) -> list[Group]:
        named = self._store.search(text, Search(limit=limit))
        groups = [Group("Go to", self._ids(text))]
        for kind in Kind:
            hits = tuple(_found(hit) for hit in named if hit.node.kind is kind)
            groups.append(Group(f"{kind.label}s", hits))
        groups += [Group("Types", self._types(text, limit)), Group("Questions", self._asked(text))]
        if properties:
            known = {hit.node.ref for hit in named}
            within = self._store.search(text, Search(properties=True, limit=limit))
            hits = tuple(_found(hit) for hit in within if hit.node.ref not in known)
            groups.append(Group("By a property", hits))
        return groups

    def _ids(self, text: str) -> tuple[Found, ...]:
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

    def _types(self, text: str, limit: int) -> tuple[Found, ...]:
        found = [one for one in self._store.types() if text.lower() in one.name.lower()]
        return tuple(
            Found(
                f"/{one.kind.value}s?{urlencode({'type': one.name})}",
                one.name,
                f"all {one.kind.value}s of this type",
                one.kind.value,
            )
            for one in found[:limit]
        )

    def _asked(self, text: str) -> tuple[Found, ...]:
        words = text.lower().split()
        found = [
            one for one in self._questions.values() if all(w in one.title.lower() for w in words)
        ]
        return tuple(
            Found(f"/ask/{one.name.replace('_', '-')}", one.title, "", "question")
            for one in found[:_FEW]
        )


def _found(hit: Hit) -> Found:
    node = hit.node
    label = f"{short_type(node.type or node.kind.label)} {node.name or f'#{node.id}'}"
    parts = [str(node.ref)]
    if isinstance(node, Artifact) and node.uri:
        parts.append(node.uri if len(node.uri) <= _SHOWN else f"…{node.uri[-_SHOWN:]}")
    values = {**node.custom_properties, **node.properties}
    parts += [f"{name}: {str(values.get(name, ''))[:_SHOWN]}" for name in hit.properties[:2]]
    return Found(path_of(node), label, " · ".join(parts), node.kind.value)
