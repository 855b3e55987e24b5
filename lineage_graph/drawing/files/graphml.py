"""A picture as GraphML, which networkx, yEd, Gephi and Cytoscape read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from xml.sax.saxutils import escape, quoteattr

from lineage_graph.drawing.groups import Group
from lineage_graph.drawing.picture import Card, Picture, Wire
from lineage_graph.drawing.printable import printable

_NODE = {
    **dict.fromkeys(("kind", "type", "name", "text", "state", "change"), "string"),
    **dict.fromkeys(("time", "end", "upstream", "downstream", "holds"), "long"),
    **dict.fromkeys(("hidden_upstream", "hidden_downstream"), "long"),
    **dict.fromkeys(("x", "y"), "double"),
    **dict.fromkeys(("start", "matches"), "boolean"),
}
_EDGE = {"type": "string", "path": "string", "events": "long", "time": "long"}


def graphml(picture: Picture, title: str) -> str:
    """Return the picture as GraphML: nodes by their keys, with their places; times in ms since the epoch."""
    return "".join(_parts(picture, title))


def _parts(picture: Picture, title: str) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    yield f"<desc>{escape(printable(title))}</desc>\n"
    for where, keys in (("node", _NODE), ("edge", _EDGE)):
        for name, kind in keys.items():
            yield f'<key id="{where}_{name}" for="{where}" attr.name="{name}" attr.type="{kind}"/>\n'
    yield '<graph id="lineage" edgedefault="directed">\n'
    lit = None if picture.lit is None else {*picture.lit}
    for number, card in enumerate(picture.cards):
        group = picture.groups.get(number)
        values = _node(card, group, None if lit is None else number in lit)
        yield f"<node id={quoteattr(card.key)}>{_data('node', values)}</node>\n"
    for number, wire in enumerate(picture.wires):
        source, target = (quoteattr(picture.cards[end].key) for end in (wire.source, wire.target))
        yield f'<edge id="e{number}" source={source} target={target}>{_data("edge", _edge(wire))}</edge>\n'
    yield "</graph>\n</graphml>\n"


def _node(card: Card, group: Group | None, matches: bool | None) -> dict[str, object]:
    holds = group.count if group else 1
    own = {"type": card.type, "name": card.title, "holds": holds, "matches": matches}
    return {name: own[name] if name in own else getattr(card, name) for name in _NODE}


def _edge(wire: Wire) -> dict[str, object]:
    return {"type": wire.type, "path": wire.path, "events": wire.count, "time": wire.time}


def _data(where: str, values: Mapping[str, object]) -> str:
    return "".join(
        f'<data key="{where}_{name}">{_text(value)}</data>'
        for name, value in values.items()
        if value is not None and value != ""
    )


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else escape(printable(str(value)))
