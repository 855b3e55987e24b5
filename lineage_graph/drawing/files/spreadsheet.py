"""A picture as two tables: its nodes and its edges. No cell is run as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from lineage_graph.drawing.picture import Picture
from lineage_graph.drawing.printable import printable
from lineage_graph.model.plain import moment

_NODES = (
    *("key", "kind", "type", "name", "text", "state", "time", "end", "upstream", "downstream"),
    *("hidden_upstream", "hidden_downstream", "holds", "change", "matches"),
)
_EDGES = ("source", "target", "type", "path", "events", "time")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def nodes_csv(picture: Picture, title: str = "") -> str:
    """Return a line a card: what it is, its times in UTC, and how many neighbours it has.

    ``holds`` is how many a group stands for; ``matches`` is yes or no where something was looked for.
    """
    lit = None if picture.lit is None else {*picture.lit}
    return _table(
        _NODES,
        (
            (
                *(card.key, card.kind, card.type, card.title, card.text, card.state),
                *(_time(card.time), _time(card.end), card.upstream, card.downstream),
                *(card.hidden_upstream, card.hidden_downstream),
                picture.groups[number].count if number in picture.groups else 1,
                card.change,
                None if lit is None else ("yes" if number in lit else "no"),
            )
            for number, card in enumerate(picture.cards)
        ),
    )


def edges_csv(picture: Picture, title: str = "") -> str:
    """Return a line a wire, in the direction data flows; nodes are named by their keys."""
    cards = picture.cards
    return _table(
        _EDGES,
        (
            (
                *(cards[wire.source].key, cards[wire.target].key, wire.type, wire.path),
                *(wire.count, _time(wire.time)),
            )
            for wire in picture.wires
        ),
    )


def _time(milliseconds: int | None) -> str | None:
    return None if milliseconds is None else moment(milliseconds)


def _table(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(heading)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return stream.getvalue()


def _cell(value: object) -> object:
    """Return a text that spreadsheets take for a text: an apostrophe stops them from running it."""
    if not isinstance(value, str):
        return value
    text = printable(value)
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
