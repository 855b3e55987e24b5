"""A picture as SVG: whole, never cropped, readable on its own in light and dark."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from lineage_graph.drawing.picture import Card, Picture, Wire

_MARGIN = 24.0
_STYLE = """
svg{--paper:#fff;--ink:#1d2733;--soft:#5c6b7a;--line:#b4bfca;--artifact:#e3eefb;--artifact-edge:#3a76b8;
--execution:#f4f5f7;--execution-edge:#76828f;--good:#2f8f5b;--bad:#c8372d;--cached:#8a94a0;--busy:#c98a10;--changed:#9a6700;
background:var(--paper);font:13px system-ui,-apple-system,"Segoe UI",sans-serif}
@media(prefers-color-scheme:dark){svg{--paper:#14191f;--ink:#e6ebf0;--soft:#9aa7b4;--line:#4a5662;
--artifact:#1d3450;--artifact-edge:#6aa5e3;--execution:#242b33;--execution-edge:#8592a0;--good:#5cc48b;
--bad:#f0776c;--cached:#8a97a4;--busy:#e5b454;--changed:#e5b454}}
.wire{fill:none;stroke:var(--line);stroke-width:1.5}
.artifact rect{fill:var(--artifact);stroke:var(--artifact-edge)}
.execution rect{fill:var(--execution);stroke:var(--execution-edge)}
.start rect{stroke-width:3}
.heading{font-weight:600;fill:var(--ink)}.text{fill:var(--soft);font-size:11px}
.changed rect{stroke:var(--changed);stroke-width:2.5}.added rect{stroke:var(--good);stroke-width:2.5}
.missing rect{stroke:var(--bad);stroke-width:2.5;stroke-dasharray:7 4}
.sign{font-weight:700;fill:var(--ink);text-anchor:end}
.good{fill:var(--good)}.bad{fill:var(--bad)}.cached{fill:var(--cached)}.busy{fill:var(--busy)}
"""
MARKS = {
    "COMPLETE": "good",
    "FAILED": "bad",
    "CANCELED": "bad",
    "CACHED": "cached",
    "RUNNING": "busy",
    "NEW": "busy",
    "PENDING": "busy",
    "ABANDONED": "bad",
    "MARKED_FOR_DELETION": "cached",
    "DELETED": "cached",
}
"""The colour of each state; a live artifact has none, for that is what an artifact should be."""

SIGNS = {"same": "=", "changed": "≠", "added": "+", "missing": "−"}
"""The sign of each change, so that nothing is said by colour alone."""


def svg(picture: Picture, title: str) -> str:
    """Return the picture as one SVG document."""
    return "".join(_parts(picture, title))


def _parts(picture: Picture, title: str) -> Iterator[str]:
    width, height = picture.width + 2 * _MARGIN, picture.height + 2 * _MARGIN
    box = f"{-_MARGIN:g} {-_MARGIN:g} {width:g} {height:g}"
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" width="{width:g}" '
    yield f'height="{height:g}" role="img" aria-label={_attribute(title)}>'
    yield f"<title>{_text(title)}</title><style>{_STYLE}</style>"
    for wire in picture.wires:
        yield _wire(picture, wire)
    for card in picture.cards:
        yield _card(picture, card)
    yield "</svg>\n"


def _wire(picture: Picture, wire: Wire) -> str:
    ends = f"{picture.cards[wire.source].key} {wire.type} {picture.cards[wire.target].key}"
    return f'<path class="wire" d="{path_of(wire)}"><title>{_text(ends)}</title></path>'


def path_of(wire: Wire) -> str:
    """Return a wire as SVG path data: level at every point it goes through."""
    (x, y), *rest = wire.points
    parts = [f"M{x:g} {y:g}"]
    for next_x, next_y in rest:
        middle = (x + next_x) / 2
        parts.append(f"C{middle:g} {y:g} {middle:g} {next_y:g} {next_x:g} {next_y:g}")
        x, y = next_x, next_y
    return "".join(parts)


def _card(picture: Picture, card: Card) -> str:
    left, top = card.x - picture.card_width / 2, card.y - picture.card_height / 2
    radius = 10 if card.kind == "artifact" else 2
    start = " start" if card.start else ""
    mark = MARKS.get(card.state, "")
    dot = f'<circle class="{mark}" cx="{left + 14:g}" cy="{top + 15:g}" r="5"/>' if mark else ""
    indent = 26 if mark else 12
    state = f" ({card.state})" if card.state else ""
    change = f" {card.change}" if card.change else ""
    sign = (
        f'<text class="sign" x="{left + picture.card_width - 10:g}" y="{top + 18:g}">{SIGNS[card.change]}</text>'
        if card.change
        else ""
    )
    return (
        f'<g class="{card.kind}{start}{change}"><title>{_text(f"{card.key} {card.title}{state}{change}")}</title>'
        f'<rect x="{left:g}" y="{top:g}" width="{picture.card_width:g}" '
        f'height="{picture.card_height:g}" rx="{radius}"/>{dot}'
        f'<text class="heading" x="{left + indent:g}" y="{top + 19:g}">{_text(_cut(card.heading, 19))}</text>'
        f'<text class="text" x="{left + 12:g}" y="{top + 35:g}">{_text(_cut(card.text, 26))}</text>{sign}</g>'
    )


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _text(text: str) -> str:
    return escape(_printable(text))


def _attribute(text: str) -> str:
    return quoteattr(_printable(text))


def _printable(text: str) -> str:
    """Return a text without the characters that XML 1.0 cannot hold."""
    return "".join(
        c if (c >= " " and c not in "\ufffe\uffff") or c in "\t\n" else "\ufffd" for c in text
    )
