"""Labels of the cards in a picture: short texts about a node, in the user's words."""

from __future__ import annotations

import re

from lineage_graph.model import Artifact, Execution, Node
from lineage_graph.model.plain import duration

_GOING_ON = ("NEW", "RUNNING", "UNKNOWN", None)
_MAX_ADDRESS_CHARACTERS = 17  # characters of an address that fit next to a node's id
_HEAD, _LONGEST_HEAD = 17, 60  # characters of a path, of any name, in a card's first line
_LONGEST_NAME = 300  # characters; longer ones are left as they are
_HEX = r"(?!(?:19|20)\d{6}(?![0-9a-f-]))[0-9a-f]{7,}(?:-[0-9a-f]+)*"  # but no day
_NUMBER = re.compile(_HEX)
MARKS = {
    "COMPLETE": "good",
    "FAILED": "bad",
    "CANCELED": "bad",
    "CACHED": "cached",
    "RUNNING": "busy",
    "NEW": "busy",
    "PENDING": "busy",
    "ABANDONED": "bad",
    "MARKED_FOR_DELETION": "cached",
    "DELETED": "cached",
}
"""The colour of each state; a live artifact has none, because that is the normal state."""

_SHOWN_PROPERTIES = (
    ("custom_properties", "display_name"),
    ("properties", "display_name"),
    ("custom_properties", "task_name"),
)
# The end of a name distinguishes it from similar names: a digest or number of its own,
# a version and the place (``orders @ 3 (warehouse)``), or the address of the place alone.
_ENDS = re.compile(
    rf"(?P<called>.*?\S)(?:(?:\s*@\s*|\s+){_HEX}(?: \(.*\))?| @ .* \(.*\)| \([^()]*://.*\))",
    re.DOTALL,
)


def short_type(name: str) -> str:
    """Return what people call a type: the last part of a dotted name (``tfx…Trainer``)."""
    last = name.rstrip(".").rpartition(".")[2]
    return last if last.isidentifier() else name


def state_of(node: Node) -> str:
    """Return the state of an artifact or execution; an empty text where it is unknown."""
    return "" if node.state_word in (None, "UNKNOWN") else node.state_word


def end_of(node: Node) -> int | None:
    """Return when an execution ended in ms, None where it is not known or still going on."""
    if not isinstance(node, Execution) or node.state_word in _GOING_ON:
        return None
    return node.last_update_time_since_epoch


def length_of(node: Node) -> int | None:
    """Return how long an execution took in ms, None where it is not known or still going on.

    Where start and end are equal, the tool recorded one time only: the length is not known.
    """
    begin, end = node.create_time_since_epoch, end_of(node)
    return None if begin is None or end is None or end <= begin else end - begin


def text_of(node: Node, tool: str = "", step: str = "") -> str:
    """Return the second line of a node's card: its id, the tool that recorded it, its type, its duration.

    The type is left out where it is the first line already; an artifact without a name shows the
    end of its address.
    """
    short = short_type(node.type or node.kind.label)
    of_type = short if head_of(node, step) != short else ""
    words = [f"#{node.id}", " ".join(filter(None, (tool, of_type)))]
    if isinstance(node, Artifact):
        words += (
            [tail(node.uri, max(6, _MAX_ADDRESS_CHARACTERS - len(tool)))]
            if node.uri and not of_type
            else []
        )
        return "  ".join(filter(None, words))
    length = length_of(node)
    if state_of(node) == "CACHED":
        words.append("from the cache")
    elif length:  # sources write 0 where they do not know it
        words.append(duration(length))
    return "  ".join(filter(None, words))


def head_of(node: Node, step: str = "") -> str:
    """Return a node's name for people: its display name, else ``step`` where given, else its type."""
    return called_of(node) or step or short_type(node.type or node.kind.label)


def heading_of(node: Node, step: str = "") -> str:
    """Return the first line of a node's card; a path is cut at its start, other names at their end.

    A node without a name shows ``step`` where given, else its type.
    """
    called = called_of(node) or step
    if not called:
        return short_type(node.type or node.kind.label)
    return tail(called, _HEAD) if "/" in called or "." in called else called[:_LONGEST_HEAD]


def called_of(node: Node) -> str:
    """Return a node's display name, else its name without the part that only makes it unique.

    Kubeflow, Vertex and our readers write ``display_name``; Kubeflow's importers write only
    ``task_name``. ``data/raw.csv@2925c4a`` becomes ``data/raw.csv``. The result is empty for a node
    without a name, or whose name is only a number.
    """
    for told, key in _SHOWN_PROPERTIES:
        shown = getattr(node, told).get(key)
        if isinstance(shown, str) and shown.strip():
            return shown.strip()
    name = (node.name or "").strip()
    if len(name) > _LONGEST_NAME:
        return name
    found = _ENDS.fullmatch(name)
    return found["called"] if found else "" if _NUMBER.fullmatch(name) else name


def tail(text: str, most: int = 56) -> str:
    """Return the end of a long name or address, which distinguishes it from others."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else f"…{flat[1 - most :]}"
