"""A picture's columns read back, as the canvas does: whole values in every column."""

from __future__ import annotations

from typing import Any


def plain(picture: dict[str, Any]) -> dict[str, Any]:
    """Return a picture whose columns leave nothing out: kinds, texts, moments, the points of wires."""
    columns = picture["cards"]
    keys = [key.split("/") for key in columns["key"]]
    cards: dict[str, list[Any]] = {
        **columns,
        "kind": [parts[0] for parts in keys],
        "of": [parts[-2] for parts in keys],
        "heading": _whole(columns["heading"]),
        "state": _whole(columns["state"]),
    }
    cards["title"] = [
        title or f"{heading} {parts[-1]}"
        for title, heading, parts in zip(columns["title"], cards["heading"], keys, strict=True)
    ]
    cards["text"] = [
        text[0] if isinstance(text, list) else f"#{parts[-1]}" + (f"  {text}" if text else "")
        for text, parts in zip(columns["text"], keys, strict=True)
    ]
    cards["time"] = _moments(columns["time"])
    cards["end"] = [
        None if end is None else (time or 0) + end
        for time, end in zip(cards["time"], columns["end"], strict=True)
    ]
    for side in ("hidden_upstream", "hidden_downstream"):
        cards[side] = [columns[side].get(str(number), 0) for number in range(len(keys))]
    return {
        **picture,
        "cards": cards,
        "wires": _wires(picture, cards),
        "contexts": {key: _fold(fold) for key, fold in picture["contexts"].items()},
    }


def _wires(picture: dict[str, Any], cards: dict[str, list[Any]]) -> dict[str, list[Any]]:
    found = picture["wires"]
    half = picture["card_width"] / 2
    ends = list(zip(found["source"], found["target"], strict=True))
    return {
        "source": found["source"],
        "target": found["target"],
        "type": _whole(found["type"]),
        "count": found["count"] or [1] * len(ends),
        "time": [
            None if time is None else time + (cards["time"][target] or 0)
            for time, (_, target) in zip(found["time"], ends, strict=True)
        ],
        "points": [
            [
                *(cards["x"][source] + half, cards["y"][source]),
                *(bends or ()),
                *(cards["x"][target] - half, cards["y"][target]),
            ]
            for bends, (source, target) in zip(found["bends"], ends, strict=True)
        ],
    }


def _fold(fold: dict[str, Any]) -> dict[str, Any]:
    ranges = fold["members"]
    pairs = zip(ranges[::2], ranges[1::2], strict=True)
    return {**fold, "members": [first + n for first, count in pairs for n in range(count)]}


def _whole(column: dict[str, list[Any]]) -> list[Any]:
    return [column["values"][at] for at in column["at"]]


def _moments(steps: list[int | None]) -> list[int | None]:
    found: list[int | None] = []
    before = 0
    for step in steps:
        before += step or 0
        found.append(None if step is None else before)
    return found
