"""Files: a picture to take away, in the formats that other programs read. Whole, never cropped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lineage_graph.drawing.files.dot import dot
from lineage_graph.drawing.files.graphml import graphml
from lineage_graph.drawing.files.mermaid import mermaid
from lineage_graph.drawing.files.page import page
from lineage_graph.drawing.files.spreadsheet import edges_csv, nodes_csv
from lineage_graph.drawing.picture import Picture
from lineage_graph.drawing.svg import svg
from lineage_graph.errors import InvalidArgument


@dataclass(frozen=True)
class Format:
    """A kind of file: how its name ends, what it is called, and what writes it."""

    suffix: str
    label: str
    media_type: str
    write: Callable[[Picture, str], str]


FORMATS = {
    each.suffix: each
    for each in (
        Format("svg", "SVG", "image/svg+xml", svg),
        Format("html", "HTML, one file", "text/html", page),
        Format("dot", "DOT (Graphviz)", "text/vnd.graphviz", dot),
        Format("mmd", "Mermaid", "text/vnd.mermaid", mermaid),
        Format("nodes.csv", "CSV of the nodes", "text/csv", nodes_csv),
        Format("edges.csv", "CSV of the edges", "text/csv", edges_csv),
        Format("graphml", "GraphML", "application/graphml+xml", graphml),
    )
}
"""Every format, by how a file's name ends."""


def format_of(name: str) -> Format:
    """Return the format that a file's name asks for by its end.

    Raises:
        InvalidArgument: nothing writes such a file.
    """
    lower = name.lower()
    for suffix, found in FORMATS.items():
        if lower == suffix or lower.endswith(f".{suffix}"):
            return found
    raise InvalidArgument(
        f"Nothing writes a picture to {name!r}.",
        hint=f"Names may end in {', '.join(f'.{suffix}' for suffix in FORMATS)}.",
    )
