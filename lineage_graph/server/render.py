"""Templates to HTML: the environment, its filters, and where each node's page is."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from lineage_graph import folders
from lineage_graph.drawing.columns import columns
from lineage_graph.drawing.files import FORMATS
from lineage_graph.drawing.picture import Picture
from lineage_graph.drawing.svg import SIGNS
from lineage_graph.exchange.writing import writers
from lineage_graph.model import Kind, Node, PropertyKind, Ref, kind_of
from lineage_graph.model.labels import MARKS, head_of, length_of, short_type, state_of, tail
from lineage_graph.model.plain import duration, moment, plain
from lineage_graph.server.accessible_list import twin

STATIC = folders.WEB / "static"
_SMALL = 300  # cards and wires of a picture that stands in its page
FACTS_SHOWN = 100  # properties of a node that are shown at once
_LONG = 2000  # characters of a value that a page shows at once
_MAX_FOLDED_CHARACTERS = 20_000  # that it holds, folded
_LINES = 12  # of a value that is not folded
_BEGINNING = 100  # characters of a folded value


class Renderer:
    """Fills the templates of ``web/templates``; everything that comes from a store is escaped."""

    def __init__(self) -> None:
        self.environment = Environment(
            loader=FileSystemLoader(folders.WEB / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.environment.filters.update(
            moment=moment,
            duration=duration,
            number=lambda value: f"{value:,}",
            real=lambda value: f"{value:.6g}",
            path=path_of,
            state=state_of,
            took=length_of,
            short_type=short_type,
            head=head_of,
            value=value_text,
            long=long_text,
            tail=tail,
            sign=lambda change: SIGNS[change],
            short=lambda value: f"{value:.3g}",
            brief=lambda value: f"{value:.6g}",
            kind_name=lambda value: kind_of(value).value.lower(),
            mark=lambda state: MARKS.get(state, ""),
            query=lambda values: urlencode(
                {k: v for k, v in values.items() if v not in (None, "", (), [])}, doseq=True
            ),
            data=plain,
            embedded=embedded,
            twin=twin,
            files=files,
            facts=facts_of,
            turned=turned,
        )
        self.environment.globals.update(
            static=static_path, Kind=Kind, since=_since, facts_shown=FACTS_SHOWN
        )

    def html(
        self, request: Request, template: str, values: Mapping[str, Any], status: int = 200
    ) -> Response:
        """Return a filled template as a page."""
        text = self.environment.get_template(template).render(request=request, **values)
        return HTMLResponse(text, status)


def embedded(picture: Picture, address: str) -> dict[str, Any] | None:
    """Return a picture as a page holds it; None where it is big and has an address of its own."""
    small = len(picture.cards) + len(picture.wires) <= _SMALL
    return columns(picture) if small or not address else None


def files(svg_address: str) -> list[tuple[str, str, str]]:
    """Return what a picture can be taken away as: how the name ends, what it is called, its address."""
    path, _, query = svg_address.partition("?")
    ends = {suffix: found.label for suffix, found in FORMATS.items()}
    ends |= {writer.suffix: writer.label for writer in writers().values()}
    return [
        (suffix, label, f"{path.removesuffix('svg')}{suffix}?{query}".rstrip("?"))
        for suffix, label in ends.items()
    ]


def facts_of(node: Node, page: int = 1) -> tuple[list[tuple[str, Any, bool]], int]:
    """Return a page of a node's properties (name, value, whether it is custom), and how many there are.

    What a tool told of it and when (``told``) is not among them.
    """
    custom = dict(node.custom_properties)
    if isinstance(custom.get("told"), dict):
        del custom["told"]
    found = [(name, value, False) for name, value in sorted(node.properties.items())]
    found += [(name, value, True) for name, value in sorted(custom.items())]
    return found[(page - 1) * FACTS_SHOWN : page * FACTS_SHOWN], len(found)


def turned(request: Request, name: str, page: int) -> str:
    """Return the address of this page with another page of one of its parts."""
    others = [pair for pair in request.query_params.multi_items() if pair[0] != name]
    return f"?{urlencode([*others, (name, page)])}"


def path_of(node: Node | Ref) -> str:
    """Return the path of a node's page."""
    ref = node if isinstance(node, Ref) else node.ref
    return f"/{ref.kind.value}s/{ref.id}"


def _since() -> int:
    """Return the moment (ms) from which on a page may not show what changed, a little early."""
    return int(time.time() * 1000) - 2000


_versions: dict[str, str] = {}


def static_path(name: str) -> str:
    """Return the address of a static file, with its version, so that browsers may keep it."""
    if name not in _versions:
        _versions[name] = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={_versions[name]}"


@dataclass(frozen=True)
class Long:
    """A value that is folded: how it begins, how much of it is shown in words, the text, and whether it is cut."""

    begin: str
    size: str
    text: str
    is_cut: bool


def long_text(value: Any) -> Long | None:
    """Return a property's value that is too long to be shown at once; None for others."""
    text = _text_of(value)
    lines = text.count("\n") + 1
    if lines <= _LINES and len(text) <= _LONG // 4:
        return None
    size = f"all {lines:,} lines" if lines > _LINES else f"all {len(text):,} characters"
    is_cut = len(text) > _MAX_FOLDED_CHARACTERS
    if is_cut:
        size = f"the first {_MAX_FOLDED_CHARACTERS:,} of {len(text):,} characters"
    flat = " ".join(text[: 4 * _BEGINNING].split())[:_BEGINNING]
    return Long(f"{flat} …", size, _cut(text, _MAX_FOLDED_CHARACTERS), is_cut)


def value_text(value: Any) -> str:
    """Return a property's value as people read it, at most its first 2,000 characters."""
    return _cut(_text_of(value), _LONG)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}… ({len(text):,} characters)"


def _text_of(value: Any) -> str:
    kind = kind_of(value)
    if kind is PropertyKind.BOOLEAN:
        text = "true" if value else "false"
    elif kind is PropertyKind.STRUCT:
        text = json.dumps(value, ensure_ascii=False, indent=2)
    elif kind is PropertyKind.PROTO:
        text = f"{value.type_url or 'bytes'} ({len(value.value):,} bytes)"
    else:
        text = str(value)
    return text
