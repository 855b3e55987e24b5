"""What the cards of a picture say about a node: short, in words people use."""

from __future__ import annotations

import re

from lineage_graph.model import Artifact, Execution, Node
from lineage_graph.model.plain import duration

_GOING_ON = ("NEW", "RUNNING", "UNKNOWN")
_ROOM = 24  # characters of a name that fit beside a node's id
# What tells a version or a run from its like, at the end of a name: a digest or a number of its own.
_NUMBERED = re.compile(r"(?P<called>.*?)\s*(?:@|\s)\s*[0-9a-f]{7,}(?:-[0-9a-f]+)*\b.*", re.DOTALL)
_NUMBER = re.compile(r"[0-9a-f]{7,}(?:-[0-9a-f]+)*")


def short_type(name: str) -> str:
    """Return what people call a type: the last part of a dotted name (``tfx…Trainer``)."""
    last = name.rstrip(".").rpartition(".")[2]
    return last if last.isidentifier() else name


def state_of(node: Node) -> str:
    """Return the state of an artifact or execution, nothing where it is unknown."""
    state: str = ""
    if isinstance(node, Execution):
        state = node.last_known_state.value
    elif isinstance(node, Artifact):
        state = node.state.value
    return "" if state == "UNKNOWN" else state


def end_of(node: Node) -> int | None:
    """Return when an execution ended in ms, None where it is not known or still going on."""
    if not isinstance(node, Execution) or node.last_known_state.value in _GOING_ON:
        return None
    return node.last_update_time_since_epoch


def length_of(node: Node) -> int | None:
    """Return how long an execution took in ms, None where it is not known or still going on.

    Whose start and end are one moment, its tool told one moment only.
    """
    begin, end = node.create_time_since_epoch, end_of(node)
    return None if begin is None or end in (None, begin) else end - begin


def text_of(node: Node) -> str:
    """Return the second line of a node's card: its id, what it is called, how long it took."""
    words = [f"#{node.id}"]
    called = called_of(node)
    if isinstance(node, Artifact):
        words += [tail(called, _ROOM)] if called else []
        return "  ".join(words)
    if called and called != short_type(node.type or ""):
        words.append(tail(called, _ROOM // 2))
    length = length_of(node)
    if state_of(node) == "CACHED":
        words.append("from the cache")
    elif length:  # none at all is how sources say that they do not know
        words.append(duration(length))
    return "  ".join(words)


def called_of(node: Node) -> str:
    """Return what people call a node: its name without the number at its end, else its address.

    ``data/raw.csv@2925c4a`` is called ``data/raw.csv``; an execution that only has a number, nothing.
    """
    name = node.name or (node.uri if isinstance(node, Artifact) else "")
    found = _NUMBERED.fullmatch(name)
    if found and found["called"]:
        return found["called"]
    return "" if isinstance(node, Execution) and _NUMBER.fullmatch(name) else name


def tail(text: str, most: int = 56) -> str:
    """Return a long name or address by its end, which is what tells it from others."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else f"…{flat[1 - most :]}"
