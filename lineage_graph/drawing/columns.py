"""A picture as columns: what the canvas reads. Ten thousand nodes are little more than one megabyte.

Columns instead of objects: names stand once, and a browser reads long lists of one kind fastest.
Numbers are whole: a pixel of the picture is small enough. What follows from the rest is left out:

- a card's kind and that of its members stand in its key (``artifact/17``, ``stack/artifact/17``);
- ``heading``, ``state`` and the wires' ``type`` are ``{"values": […], "at": […]}``: each value once,
  and for each card or wire which it is;
- ``text`` is what follows the id, or a list of the whole where that does not begin with the id;
  ``title`` is 0 where it is the heading and the id;
- ``time`` counts from the card before, the first from 1970, and ``end`` from the card's own time, in
  ms; null is unknown, and the next counts from the last that is known;
- ``hidden_upstream`` and ``hidden_downstream`` are objects by card number, of those that hide any;
- a wire goes from the right of its source through its ``bends`` (x, y, x, y …; 0: none) to the left of
  its target; its ``time`` counts from its target's, from 1970 where that has none; ``count`` is null
  where each is one event;
- ``members`` of a context are ranges of card numbers: where one begins, how many it holds, and so on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from lineage_graph.drawing.picture import Card, Fold, Picture, Wire

VERSION = 3


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
    cards = picture.cards
    return {
        "width": round(picture.width),
        "height": round(picture.height),
        "card_width": round(picture.card_width),
        "card_height": round(picture.card_height),
        "cards": {
            "key": [card.key for card in cards],
            "heading": _repeated(card.heading for card in cards),
            "text": [_text(card) for card in cards],
            "title": [_title(card) for card in cards],
            "state": _repeated(card.state for card in cards),
            "time": _steps([card.time for card in cards]),
            "end": [None if c.end is None else c.end - (c.time or 0) for c in cards],
            "hidden_upstream": _few(card.hidden_upstream for card in cards),
            "hidden_downstream": _few(card.hidden_downstream for card in cards),
            "x": [round(card.x) for card in cards],
            "y": [round(card.y) for card in cards],
        },
        "groups": {str(number): asdict(group) for number, group in picture.groups.items()},
        "starts": [number for number, card in enumerate(cards) if card.start],
        "lit": picture.lit,
        "changes": [card.change for card in cards] if any(c.change for c in cards) else None,
        "wires": _wires(picture.wires, cards),
        "contexts": {key: _fold(fold) for key, fold in picture.contexts.items()},
        "total": picture.total,
        "reason": picture.reason,
        "hidden_cached": picture.hidden_cached,
        "folded": picture.folded,
        "offer": picture.offer,
        "rolled": picture.rolled,
        "dropped": picture.dropped,
    }


def _wires(wires: Sequence[Wire], cards: Sequence[Card]) -> dict[str, Any]:
    counts = [wire.count for wire in wires]
    return {
        "source": [wire.source for wire in wires],
        "target": [wire.target for wire in wires],
        "type": _repeated(wire.type for wire in wires),
        "count": counts if any(count != 1 for count in counts) else None,
        "time": [
            None if wire.time is None else wire.time - (cards[wire.target].time or 0)
            for wire in wires
        ],
        "bends": [
            [round(part) for point in wire.points[1:-1] for part in point] or 0 for wire in wires
        ],
    }


def _text(card: Card) -> str | list[str]:
    own, _, rest = card.text.partition("  ")
    return rest if own == f"#{_id(card)}" else [card.text]


def _title(card: Card) -> str | int:
    return 0 if card.title == f"{card.heading} {_id(card)}" else card.title


def _id(card: Card) -> str:
    return card.key.rpartition("/")[2]


def _repeated(values: Iterable[str]) -> dict[str, Any]:
    """Return a column of few values: each once, and where it stands."""
    numbers: dict[str, int] = {}
    at = [numbers.setdefault(value, len(numbers)) for value in values]
    return {"values": list(numbers), "at": at}


def _few(counts: Iterable[int]) -> dict[str, int]:
    return {str(number): count for number, count in enumerate(counts) if count}


def _steps(moments: Iterable[int | None]) -> list[int | None]:
    """Return moments as what each is after the one before."""
    before = 0
    found: list[int | None] = []
    for moment in moments:
        found.append(None if moment is None else moment - before)
        before = before if moment is None else moment
    return found


def _fold(fold: Fold) -> dict[str, Any]:
    ranges: list[int] = []
    for number in fold.members:  # in order
        if ranges and number == ranges[-2] + ranges[-1]:
            ranges[-1] += 1
        else:
            ranges += [number, 1]
    return {"heading": fold.heading, "type": fold.type, "members": ranges}
