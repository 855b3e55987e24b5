"""A picture as Mermaid, which many tools draw from text in a Markdown page."""

from __future__ import annotations

import json
from collections.abc import Iterator

from lineage_graph.drawing.picture import Card, Picture
from lineage_graph.drawing.printable import one_line
from lineage_graph.drawing.sketch import SAME
from lineage_graph.drawing.svg import sign_of
from lineage_graph.model.labels import MARKS

_MOST_EDGES, _MOST_TEXT = 500, 50_000  # Mermaid's own limits, unless its settings say otherwise
_PLAIN = " .,-_/…×–"
_CLASSES = {
    "artifact": "fill:#e3eefb,stroke:#3a76b8,color:#1d2733",
    "execution": "fill:#f2f4f6,stroke:#76828f,color:#1d2733",
    "good": "stroke:#2a8453",
    "bad": "stroke:#c2352b",
    "cached": "stroke:#8a94a0",
    "busy": "stroke:#b57908",
    "start": "stroke-width:3px",
    "context": "stroke-dasharray:6 4",
    "changed": "stroke:#9a6700,stroke-width:3px",
    "added": "stroke:#2a8453,stroke-width:3px",
    "missing": "stroke:#c2352b,stroke-width:3px,stroke-dasharray:6 4",
    "faint": "opacity:0.4",
}


def mermaid(picture: Picture, title: str) -> str:
    """Return the picture as a Mermaid flowchart; beyond Mermaid's limits, a comment says so."""
    lines = list(_lines(picture))
    size = sum(len(line) + 1 for line in lines)
    head = ["---", f"title: {json.dumps(one_line(title), ensure_ascii=False)}", "---"]
    if len(picture.wires) > _MOST_EDGES or size > _MOST_TEXT:
        head.append(
            f"%% {len(picture.wires)} edges in {size} characters: Mermaid draws {_MOST_EDGES} edges in "
            f"{_MOST_TEXT} characters, unless maxEdges and maxTextSize in its settings allow more"
        )
    return "".join(f"{line}\n" for line in (*head, *lines))


def _lines(picture: Picture) -> Iterator[str]:
    yield "flowchart LR"
    used: dict[str, list[str]] = {}
    lit = None if picture.lit is None else {*picture.lit}
    for number, card in enumerate(picture.cards):
        yield f"  n{number}{_shape(card)}"
        for name in _classes(card, faint=lit is not None and number not in lit):
            used.setdefault(name, []).append(f"n{number}")
    for wire in picture.wires:
        arrow = "-.->" if wire.type.startswith(("DECLARED", "PENDING")) else "-->"
        words = f'|"{wire.count}"|' if wire.count > 1 else ""
        if wire.type == SAME:
            arrow, words = "-.-", '|"#61;"|'
        yield f"  n{wire.source} {arrow}{words} n{wire.target}"
    for name, look in _CLASSES.items():
        if name in used:
            yield f"  classDef {name} {look}"
            yield f"  class {','.join(used[name])} {name}"


def _shape(card: Card) -> str:
    state = card.state.lower().replace("_", " ") if card.state else ""
    lines = (f"{sign_of(card)} {card.heading}", card.text, "" if card.kind == "stack" else state)
    words = "<br/>".join(_escaped(line) for line in lines if line.strip()) or " "
    if card.kind == "stack":
        return f'[["{words}"]]'
    return f'("{words}")' if card.of == "artifact" else f'["{words}"]'


def _classes(card: Card, *, faint: bool) -> Iterator[str]:
    yield "artifact" if card.of == "artifact" else "execution"
    if card.state in MARKS:
        yield MARKS[card.state]
    if card.start:
        yield "start"
    if card.kind == "context":
        yield "context"
    if card.change in _CLASSES:
        yield card.change or ""
    if faint:
        yield "faint"


def _escaped(text: str) -> str:
    """Return a text with every sign that could mean something to Mermaid as its number."""
    return "".join(
        c if c.isalnum() or c in _PLAIN or ord(c) > 0xFF else f"#{ord(c)};" for c in one_line(text)
    )
