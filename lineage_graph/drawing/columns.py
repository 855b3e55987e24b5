"""A picture as columns: what the canvas reads. Ten thousand nodes are about one megabyte.

Columns instead of objects: names stand once, and a browser reads long lists of one kind fastest.
Numbers are whole: a pixel of the picture is small enough.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

from lineage_graph.drawing.picture import Picture

VERSION = 2
_WORDS = ("key", "kind", "of", "heading", "text", "title", "state")
_NUMBERS = ("time", "end", "upstream", "downstream", "hidden_upstream", "hidden_downstream")


@dataclass(frozen=True)
class Encoded:
    """A picture as JSON, and the hash of it: two pictures of the same hash are the same."""

    text: str
    hash: str


def encoded(picture: Picture) -> Encoded:
    """Return a picture's columns as JSON."""
    text = json.dumps(_columns(picture), separators=(",", ":"))
    digest = hashlib.sha256(text.encode()).hexdigest()[:20]
    return Encoded(f'{{"version":{VERSION},"hash":"{digest}",{text[1:]}', digest)


def columns(picture: Picture) -> dict[str, Any]:
    """Return a picture as columns, ready for JSON."""
    found: dict[str, Any] = json.loads(encoded(picture).text)
    return found


def _columns(picture: Picture) -> dict[str, Any]:
    cards, wires = picture.cards, picture.wires
    return {
        "width": round(picture.width),
        "height": round(picture.height),
        "card_width": round(picture.card_width),
        "card_height": round(picture.card_height),
        "cards": {
            **{name: [getattr(card, name) for card in cards] for name in (*_WORDS, *_NUMBERS)},
            "x": [round(card.x) for card in cards],
            "y": [round(card.y) for card in cards],
        },
        "groups": {str(number): asdict(group) for number, group in picture.groups.items()},
        "starts": [number for number, card in enumerate(cards) if card.start],
        "lit": picture.lit,
        "changes": [card.change for card in cards] if any(c.change for c in cards) else None,
        "wires": {
            "source": [wire.source for wire in wires],
            "target": [wire.target for wire in wires],
            "type": [wire.type for wire in wires],
            "count": [wire.count for wire in wires],
            "time": [wire.time for wire in wires],
            "points": [[round(part) for point in wire.points for part in point] for wire in wires],
        },
        "contexts": {key: asdict(fold) for key, fold in picture.contexts.items()},
        "total": picture.total,
        "reason": picture.reason,
        "hidden_cached": picture.hidden_cached,
        "folded": picture.folded,
        "offer": picture.offer,
        "rolled": picture.rolled,
        "dropped": picture.dropped,
    }
