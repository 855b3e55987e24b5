"""A picture as one HTML file that needs nothing else: it pans, zooms and shows its nodes' details, offline."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from lineage_graph.drawing.columns import encoded
from lineage_graph.drawing.files.modules import joined
from lineage_graph.drawing.picture import Card, Picture
from lineage_graph.drawing.printable import printable
from lineage_graph.folders import WEB

_ROWS = 500  # of the list that says the same
_MAX_NAMED_NEIGHBOURS = 5  # neighbours a row names


def page(picture: Picture, title: str, query: str = "") -> str:
    """Return the picture as an HTML file; ``query`` says where it opens: ``at``, ``selected``, ``x``, ``y``, ``zoom``."""
    script, style = _script(), _style()
    return printable(_environment().get_template("file.html").render(
        title=title,
        picture=picture,
        held=Markup(_in_script(encoded(picture).text)),
        query=query,
        script=Markup(script),
        style=Markup(style),
        policy=f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'",
        rows=list(_rows(picture)),
    ))  # fmt: skip


def _in_script(json: str) -> str:
    """Return JSON that no parser of HTML takes for the end of its element."""
    return json.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@cache
def _script() -> str:
    return joined("canvas/views.js")


@cache
def _style() -> str:
    return (WEB / "static" / "app.css").read_text("utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(WEB / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["number"] = lambda value: f"{value:,}"
    return environment


@dataclass(frozen=True)
class NodeRow:
    """A card with the keys of what it came from and what came of it, in words."""

    card: Card
    before: str
    after: str


def _rows(picture: Picture) -> Iterator[NodeRow]:
    """Yield the list that says the same as the picture, as far as it is not too long."""
    cards = picture.cards
    before: dict[int, dict[str, None]] = {}
    after: dict[int, dict[str, None]] = {}
    for wire in picture.wires:
        before.setdefault(wire.target, {})[cards[wire.source].key] = None
        after.setdefault(wire.source, {})[cards[wire.target].key] = None
    for number, card in enumerate(cards[:_ROWS]):
        sides = (_few(list(side.get(number, ()))) for side in (before, after))
        yield NodeRow(card, *sides)


def _few(keys: list[str]) -> str:
    more = (
        f" and {len(keys) - _MAX_NAMED_NEIGHBOURS:,} more"
        if len(keys) > _MAX_NAMED_NEIGHBOURS
        else ""
    )
    return ", ".join(keys[:_MAX_NAMED_NEIGHBOURS]) + more
