"""A lineage to look at: a live picture in a notebook, or a file in any format pictures are written in."""

from __future__ import annotations

import html
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from lineage_graph.drawing.files import format_of
from lineage_graph.drawing.files.page import page
from lineage_graph.drawing.picture import Picture, draw
from lineage_graph.drawing.transforms.compose import Look
from lineage_graph.model import Degree, Kind, Ref, Subgraph
from lineage_graph.store.values import Direction, Find, Page, Walk

_WIDTH = 900  # pixels a notebook has for a picture, about
_AROUND = 260  # pixels of title, slider and legend
_LOWEST, _HIGHEST = 380, 760
_LOOK = Look()


@dataclass(frozen=True, repr=False)
class LineageView:
    """The lineage of some nodes, drawn: ``graph`` is what was read, ``picture`` how it stands.

    A notebook shows it live, without a server: it pans, zooms and goes back in time.
    """

    title: str
    graph: Subgraph
    picture: Picture

    def __repr__(self) -> str:
        cut = ", not all" if self.picture.truncated else ""
        return f"<{self.title}: {self.picture.nodes:,} nodes, {self.picture.events:,} events{cut}>"

    def html(self) -> str:
        """Return the picture as one HTML file that needs nothing else."""
        return page(self.picture, self.title)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the picture to a file, in the format that its name ends in: .html, .svg, .dot, …

        Raises:
            InvalidArgument: nothing writes such a file.
        """
        path = Path(path)
        text = format_of(path.name).write(self.picture, self.title)
        path.write_text(text, "utf-8", newline="")
        return path

    def _repr_html_(self) -> str:
        scale = min(1.0, _WIDTH / max(1.0, self.picture.width))
        height = round(min(_HIGHEST, max(_LOWEST, self.picture.height * scale + _AROUND)))
        return (
            f'<iframe srcdoc="{html.escape(self.html())}" title="{html.escape(self.title)}" '
            f'sandbox="allow-scripts allow-downloads" style="width:100%;height:{height}px;border:0"></iframe>'
        )


class _Finding(Protocol):
    def find(self, wanted: Find) -> Page: ...


class _Walking(_Finding, Protocol):
    def walk(
        self,
        start: Ref | Iterable[Ref],
        direction: Direction = ...,
        hops: int | None = ...,
        *,
        node_limit: int = ...,
        contexts: bool = ...,
    ) -> Walk: ...

    def degrees(self, refs: Iterable[Ref]) -> Mapping[Ref, Degree]: ...


class Showing:
    """The part of a store that shows lineages to people."""

    def lineage(
        self: _Walking,
        start: int | str | Ref,
        direction: Direction | str = Direction.BOTH,
        *,
        depth: int | None = None,
        limit: int = 500,
        look: Look = _LOOK,
    ) -> LineageView:
        """Return the lineage of a node as a picture, which a notebook shows live.

        ``start`` is an artifact's id, or names a node: ``"execution/4"``; ``"context/5"`` is a run.
        ``depth`` is how many events away at most; all there is, up to ``limit`` nodes, unless given.

        Raises:
            NotFound: there is no such node.
            InvalidArgument: the start or the direction is none.
        """
        ref = _ref(start)
        way = Direction.of(direction)
        starts, more = [ref], False
        if ref.kind is Kind.CONTEXT:
            starts, more = executions_in(self, ref.id, limit, newest=False)
            depth = 1 if depth is None else depth
        if not starts:
            return LineageView(f"Lineage of {ref}", Subgraph(), draw(Subgraph()))
        walk = self.walk(starts, way, depth, node_limit=max(limit, len(starts)), contexts=True)
        picture = draw(
            walk.graph,
            [ref],
            self.degrees(walk.depth),
            "nodes" if more else walk.reason,
            look=look,
        )
        return LineageView(f"Lineage of {ref}", walk.graph, picture)


def executions_in(
    store: _Finding, context: int, limit: int, *, newest: bool
) -> tuple[list[Ref], bool]:
    """Return the executions of a context, the newest or the first ``limit``, and whether there are more."""
    found: list[Ref] = []
    after = None
    while True:
        wanted = Find(
            kind=Kind.EXECUTION,
            context=context,
            descending=newest,
            limit=min(1000, limit - len(found)),
            after=after,
            counted=False,
        )
        page = store.find(wanted)
        found += [node.ref for node in page.nodes]
        after = page.next
        if after is None or len(found) >= limit:
            return found, after is not None


def _ref(start: int | str | Ref) -> Ref:
    if isinstance(start, Ref):
        return start
    return Ref.parse(start) if isinstance(start, str) else Ref(Kind.ARTIFACT, start)
