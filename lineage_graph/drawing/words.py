"""What the cards of a picture say about a node: short, in words people use."""

from __future__ import annotations

from lineage_graph.model import Artifact, Execution, Node
from lineage_graph.model.plain import duration

_GOING_ON = ("NEW", "RUNNING", "UNKNOWN")


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
    """Return how long an execution took in ms, None where it is not known or still going on."""
    begin, end = node.create_time_since_epoch, end_of(node)
    return None if begin is None or end is None else end - begin


def text_of(node: Node) -> str:
    """Return the second line of a node's card: its id, and how long it took or its name's end."""
    words = [f"#{node.id}"]
    length = length_of(node)
    if length is not None:
        words.append("from the cache" if state_of(node) == "CACHED" else duration(length))
    elif node.name and isinstance(node, Artifact):
        words.append(tail(node.name, 24))
    elif isinstance(node, Artifact) and node.uri:
        words.append(tail(node.uri, 24))
    return "  ".join(words)


def tail(text: str, most: int = 56) -> str:
    """Return a long name or address by its end, which is what tells it from others."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else f"…{flat[1 - most :]}"
