"""A picture as DOT, the language of Graphviz: it lays it out anew."""

from __future__ import annotations

from collections.abc import Iterator

from lineage_graph.drawing.picture import Card, Picture, Wire
from lineage_graph.drawing.printable import one_line
from lineage_graph.drawing.sketch import SAME
from lineage_graph.drawing.svg import sign_of
from lineage_graph.model.labels import MARKS

_COLOURS = {
    "good": "#2a8453",
    "bad": "#c2352b",
    "cached": "#8a94a0",
    "busy": "#b57908",
    "changed": "#9a6700",
    "added": "#2a8453",
    "missing": "#c2352b",
}


def dot(picture: Picture, title: str) -> str:
    """Return the picture as a directed graph in DOT; nodes are named by their keys."""
    return "".join(f"{line}\n" for line in _lines(picture, title))


def _lines(picture: Picture, title: str) -> Iterator[str]:
    yield f"digraph {_quoted(title)} {{"
    yield f'  graph [rankdir=LR, label={_label(title)}, labelloc=t, fontname="Helvetica"];'
    yield '  node [shape=box, fontname="Helvetica", fontsize=11, height=0.5, color="#76828f", fillcolor="#f2f4f6"];'
    yield '  edge [color="#8592a0", arrowsize=0.6];'
    lit = None if picture.lit is None else {*picture.lit}
    for number, card in enumerate(picture.cards):
        faint = lit is not None and number not in lit
        yield f"  {_quoted(card.key)} [{', '.join(_card(card, faint))}];"
    for wire in picture.wires:
        ends = (_quoted(picture.cards[number].key) for number in (wire.source, wire.target))
        yield f"  {' -> '.join(ends)}{_wire(wire)};"
    yield "}"


def _card(card: Card, faint: bool) -> Iterator[str]:
    yield f"label={_label(f'{sign_of(card)} {card.heading}', card.text)}"
    state = f" ({card.state.lower()})" if card.state else ""
    yield f"tooltip={_label(f'{card.key} {card.title}{state}')}"
    styles = ["filled"]
    if card.of == "artifact":
        styles.append("rounded")
        yield 'fillcolor="#e3eefb"'
    if card.kind == "context" or card.change == "missing":
        styles.append("dashed")
    if card.kind == "stack":
        yield "peripheries=2"
    yield f'style="{",".join(styles)}"'
    colour = _COLOURS.get(card.change or "") or _COLOURS.get(MARKS.get(card.state, ""))
    if colour or card.of == "artifact":
        yield f'color="{colour or "#3a76b8"}"'
    if card.start or card.change not in (None, "same"):
        yield "penwidth=3"
    if faint:
        yield 'fontcolor="#8a94a0"'


def _wire(wire: Wire) -> str:
    given = [f'label="{wire.count:,}"'] if wire.count > 1 else []
    if wire.type.startswith(("DECLARED", "PENDING")):
        given.append("style=dashed")
    if wire.type == SAME:
        given.append('style=dotted, dir=none, xlabel="="')
    if wire.type:
        given.append(f"tooltip={_label(f'{wire.type} {wire.path}')}")
    return f" [{', '.join(given)}]" if given else ""


def _label(*lines: str) -> str:
    """Return lines as one label; in labels Graphviz reads & as the beginning of an entity."""
    return '"' + "\\n".join(_escaped(line).replace("&", "&amp;") for line in lines if line) + '"'


def _quoted(text: str) -> str:
    return f'"{_escaped(text)}"'


def _escaped(text: str) -> str:
    return one_line(text).replace("\\", "\\\\").replace('"', '\\"')
