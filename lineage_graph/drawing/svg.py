"""A picture as SVG: whole, never cropped, readable on its own in light and dark."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from lineage_graph.drawing.groups import Group
from lineage_graph.drawing.picture import Card, Picture, Wire
from lineage_graph.drawing.printable import printable
from lineage_graph.drawing.sketch import SAME
from lineage_graph.model.labels import MARKS

_MARGIN = 24.0
_STYLE = """
svg{--paper:#fff;--ink:#1d2733;--soft:#5a6877;--line:#b4bfca;--focus:#1f5fa8;--artifact:#e3eefb;
--artifact-edge:#3a76b8;--execution:#f2f4f6;--execution-edge:#76828f;--good:#2a8453;--bad:#c2352b;
--cached:#8a94a0;--busy:#b57908;--same:#6b7785;--changed:#9a6700;--added:#2a8453;--missing:#c2352b;
background:var(--paper);font:13px system-ui,-apple-system,"Segoe UI",sans-serif}
@media(prefers-color-scheme:dark){svg{--paper:#151a20;--ink:#e5eaef;--soft:#9fabb8;--line:#4d5966;--focus:#7db4f0;
--artifact:#1b324d;--artifact-edge:#6aa5e3;--execution:#232a32;--execution-edge:#8592a0;--good:#5cc48b;
--bad:#f0776c;--cached:#8a97a4;--busy:#e5b454;--same:#9fabb8;--changed:#e5b454;--added:#5cc48b;--missing:#f0776c}}
.wire{fill:none;stroke:var(--line);stroke-width:1.5}.declared{stroke-dasharray:6 4}
.alike{stroke-width:1;stroke-dasharray:1.5 3.5}.equals{fill:var(--soft);stroke:var(--paper);stroke-width:5;
paint-order:stroke;font-weight:600;text-anchor:middle}
.artifact .box{fill:var(--artifact);stroke:var(--artifact-edge)}
.execution .box{fill:var(--execution);stroke:var(--execution-edge)}
.context .box{fill:var(--paper);stroke-dasharray:7 4}
.start .box:not(.back){stroke-width:3}
.same .box{stroke:var(--same)}
.changed .box{stroke:var(--changed);stroke-width:3}.added .box{stroke:var(--added);stroke-width:3}
.missing .box{stroke:var(--missing);stroke-width:3;stroke-dasharray:7 4}
path.added{stroke:var(--added)}path.missing{stroke:var(--missing);stroke-dasharray:6 4}
.heading{font-weight:600;fill:var(--ink)}.text{fill:var(--soft);font-size:11px}
.sign{font-weight:700;fill:var(--ink);text-anchor:end}
.badge rect{fill:var(--paper);stroke:var(--focus)}.badge text{fill:var(--focus);font-size:10.5px;font-weight:600;text-anchor:middle}
.faint{opacity:.25}
.good{fill:var(--good)}.bad{fill:var(--bad)}.cached{fill:var(--cached)}.busy{fill:var(--busy)}
"""
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
    lit = range(len(picture.cards)) if picture.lit is None else {*picture.lit}
    for wire in picture.wires:
        yield _wire(picture, wire, faint=wire.source not in lit or wire.target not in lit)
    for number, card in enumerate(picture.cards):
        yield _card(picture, card, picture.groups.get(number), faint=number not in lit)
    yield "</svg>\n"


def _wire(picture: Picture, wire: Wire, *, faint: bool) -> str:
    source, target = picture.cards[wire.source], picture.cards[wire.target]
    names = ["wire"]
    if wire.type.startswith(("DECLARED", "PENDING")):
        names.append("declared")
    if wire.type == SAME:
        names.append("alike")
    names += [way for way in ("missing", "added") if way in (source.change, target.change)][:1]
    if faint:
        names.append("faint")
    many = f" ({wire.count:,})" if wire.count > 1 else ""
    ends = f"{source.key} {wire.type} {target.key}{many}"
    path = (
        f'<path class="{" ".join(names)}" d="{path_of(wire)}"><title>{_text(ends)}</title></path>'
    )
    return path + _equals(wire, faint=faint) if wire.type == SAME else path


def _equals(wire: Wire, *, faint: bool) -> str:
    """Return the sign on a wire between what is the same thing, in its middle."""
    before, after = wire.points[(len(wire.points) - 1) // 2 :][:2]
    x, y = (before[0] + after[0]) / 2, (before[1] + after[1]) / 2
    return f'<text class="equals{" faint" * faint}" x="{x:g}" y="{y + 4:g}">=</text>'


def path_of(wire: Wire) -> str:
    """Return a wire as SVG path data: level at every point it goes through."""
    (x, y), *rest = wire.points
    parts = [f"M{x:g} {y:g}"]
    for next_x, next_y in rest:
        middle = (x + next_x) / 2
        if next_y == y:
            parts.append(f"H{next_x:g}")
        else:
            parts.append(f"C{middle:g} {y:g} {middle:g} {next_y:g} {next_x:g} {next_y:g}")
        x, y = next_x, next_y
    return "".join(parts)


def _card(picture: Picture, card: Card, group: Group | None, *, faint: bool) -> str:
    left, top = card.x - picture.card_width / 2, card.y - picture.card_height / 2
    names = ["artifact" if card.of == "artifact" else "execution"]
    names += [word for word in (card.kind, card.change) if word and word not in names]
    names += ["start"] * card.start + ["faint"] * faint
    mark = "" if group else MARKS.get(card.state, "")
    dot = f'<circle class="{mark}" cx="{left + 14:g}" cy="{top + 15:g}" r="5"/>' if mark else ""
    indent = 26 if mark else 12
    title = " ".join(
        word
        for word in (card.key, card.title, card.state and f"({card.state})", card.change)
        if word
    )
    sign = sign_of(card)
    return (
        f'<g class="{" ".join(names)}"><title>{_text(title)}</title>'
        f"{_boxes(picture, card, left, top)}{dot}"
        f'<text class="heading" x="{left + indent:g}" y="{top + 19:g}">{_text(_cut(card.heading, 19))}</text>'
        f'<text class="text" x="{left + 12:g}" y="{top + 35:g}">{_text(_cut(card.text, 23))}</text>'
        + (f'<text class="sign" x="{left + picture.card_width - 10:g}" y="{top + 18:g}">{sign}</text>' if sign else "")
        + (_shares(picture, group, left, top) if group else "")
        + _badges(picture, card)
        + "</g>"
    )  # fmt: skip


def _boxes(picture: Picture, card: Card, left: float, top: float) -> str:
    """Return a card's box; what stands for many has two more behind it."""
    size = f'width="{picture.card_width:g}" height="{picture.card_height:g}"'
    radius = 12 if card.of == "artifact" else 2
    offsets = (8, 4, 0) if card.kind in ("stack", "context") else (0,)
    return "".join(
        f'<rect class="box{" back" * bool(by)}" x="{left + by:g}" y="{top - by:g}" {size} rx="{radius}"/>'
        for by in offsets
    )


def _shares(picture: Picture, group: Group, left: float, top: float) -> str:
    """Return a line below a group's words, coloured by its members' states."""
    total = sum(group.states.values())
    counts: dict[str, int] = {}
    for state, count in group.states.items():
        if state in MARKS:
            counts[MARKS[state]] = counts.get(MARKS[state], 0) + count
    x, parts = left + 4, []
    for mark in ("bad", "busy", "cached", "good"):
        if mark in counts:
            wide = (picture.card_width - 8) * counts[mark] / total
            y = top + picture.card_height - 5
            parts.append(
                f'<rect class="{mark}" x="{x:g}" y="{y:g}" width="{wide:.4g}" height="3"/>'
            )
            x += wide
    return "".join(parts)


def _badges(picture: Picture, card: Card) -> str:
    """Return how many neighbours are not drawn, on the side where they would be."""
    parts = []
    for way, side in ((card.hidden_upstream, -1), (card.hidden_downstream, 1)):
        if way:
            x = card.x + side * (picture.card_width / 2 + 15)
            words = f"+{way}" if way < 1000 else f"+{way // 1000}k"
            parts.append(
                f'<g class="badge"><rect x="{x - 14:g}" y="{card.y - 9:g}" width="28" height="18" rx="9"/>'
                f'<text x="{x:g}" y="{card.y + 4:g}">{words}</text></g>'
            )
    return "".join(parts)


def sign_of(card: Card) -> str:
    """Return the sign of what differs; what is the same needs none."""
    return SIGNS[card.change] if card.change not in (None, "same") else ""


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _text(text: str) -> str:
    return escape(printable(text))


def _attribute(text: str) -> str:
    return quoteattr(printable(text))
