"""The lineage of a node for Python: a live picture in a notebook, or a file in any format of pictures."""

from __future__ import annotations

import html
import os
from dataclasses import dataclass
from pathlib import Path

from lineage_graph.drawing.files import format_of
from lineage_graph.drawing.files.page import page
from lineage_graph.drawing.picture import Picture
from lineage_graph.drawing.picture import draw as drawn
from lineage_graph.drawing.transforms.compose import DRAWN
from lineage_graph.errors import InvalidArgument
from lineage_graph.model import Kind, Ref, Subgraph
from lineage_graph.pictures.lineage import reached_from
from lineage_graph.pictures.scope import MAX_DEPTH, MAX_NODES, Scope
from lineage_graph.store import CypherResult, Direction, Store

_WIDTH = 900  # pixels a notebook has for a picture, about
_AROUND = 260  # pixels of title, slider and legend
_LOWEST, _HIGHEST = 380, 760


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


def lineage(
    store: Store,
    start: int | str | Ref,
    direction: Direction | str = Direction.BOTH,
    *,
    depth: int | None = None,
    limit: int = DRAWN,
) -> LineageView:
    """Return the lineage of a node as a picture, which a notebook shows live.

    ``start`` is an artifact's id, or names a node: ``"execution/4"``; ``"context/5"`` is a run.
    ``depth`` is how many events away at most; without it all there is, of a run its steps and what they
    read and wrote. ``limit`` is how many nodes at most; of a run the newest steps are drawn.

    Raises:
        NotFound: there is no such node.
        InvalidArgument: the start or the direction is none, or a number is out of range.
    """
    ref = _ref(start)
    if depth is None:
        depth = 1 if ref.kind is Kind.CONTEXT else MAX_DEPTH
    if not 0 <= depth <= MAX_DEPTH or not 1 <= limit <= MAX_NODES:
        raise InvalidArgument(
            f"depth is from 0 to {MAX_DEPTH:,}, limit from 1 to {MAX_NODES:,}.",
            hint="Leave depth out for all there is.",
        )
    scope = Scope(direction=Direction.of(direction), depth=depth, limit=limit, by="none")
    found = reached_from(store, ref, scope)
    return LineageView(f"Lineage of {ref}", found.graph, found.picture(scope))


def draw(graph: Subgraph | CypherResult, title: str = "A graph") -> LineageView:
    """Return a graph, or the nodes and links of a statement's answer, as a picture.

    Raises:
        InvalidArgument: there is nothing to draw.
    """
    found = graph.graph if isinstance(graph, CypherResult) else graph
    if found is None or not (found.artifacts or found.executions):
        raise InvalidArgument(
            "There are no artifacts and executions to draw.",
            hint="Return nodes, not their properties: RETURN a, e.",
        )
    return LineageView(title, found, drawn(found))


def _ref(start: int | str | Ref) -> Ref:
    if isinstance(start, Ref):
        return start
    return Ref.parse(start) if isinstance(start, str) else Ref(Kind.ARTIFACT, start)
