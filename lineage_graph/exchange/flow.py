"""How data flowed in a subgraph: what each step read and wrote, and what part things play."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import datetime, timezone
from ipaddress import IPv6Address
from urllib.parse import quote

from lineage_graph.model import Artifact, BaseType, Context, Execution, Kind, Node, Subgraph

_REFERENCE = re.compile(  # RFC 3986, appendix B
    r"([^:/?#]+:)?(//[^/?#]*)?([^?#]*)(\?[^#]*)?(#.*)?", re.DOTALL
)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]*\]|[^:]*)(:[0-9]*)?")
_BARE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


class DataFlow:
    """A subgraph by its events: ids of artifacts and executions, in the order of the events."""

    def __init__(self, graph: Subgraph) -> None:
        self.artifacts: dict[int, Artifact] = {a.id or 0: a for a in graph.artifacts}
        self.executions: dict[int, Execution] = {e.id or 0: e for e in graph.executions}
        self.contexts: dict[int, Context] = {c.id or 0: c for c in graph.contexts}
        self.read: dict[int, list[int]] = defaultdict(list)
        self.wrote: dict[int, list[int]] = defaultdict(list)
        self.readers: dict[int, list[int]] = defaultdict(list)
        self.makers: dict[int, list[int]] = defaultdict(list)
        self.above: dict[int, list[Context]] = defaultdict(list)
        self._bases = {
            (kind, type_.name): type_.base_type
            for kind, types in (
                (Kind.ARTIFACT, graph.artifact_types),
                (Kind.EXECUTION, graph.execution_types),
            )
            for type_ in types
        }
        for event in graph.events:
            artifact, execution = event.artifact_id, event.execution_id
            if artifact not in self.artifacts or execution not in self.executions:
                continue
            pairs = (
                ((self.read, execution, artifact), (self.readers, artifact, execution))
                if event.type.is_input
                else ((self.wrote, execution, artifact), (self.makers, artifact, execution))
            )
            for held, key, value in pairs:
                if value not in held[key]:
                    held[key].append(value)
        for link in graph.associations:
            if link.context_id in self.contexts:
                self.above[link.execution_id].append(self.contexts[link.context_id])

    def made_from(self, artifact: int) -> list[int]:
        """Return what the makers of an artifact read."""
        read = (one for maker in self.makers[artifact] for one in self.read[maker])
        return [one for one in dict.fromkeys(read) if one != artifact]

    def declared(self, node: Node) -> BaseType | None:
        """Return the base type that a node's type has."""
        return self._bases.get((node.kind, node.type or ""))

    def base(self, node: Node) -> BaseType | None:
        """Return the base type of a node's type; without one, what its type's name says of artifacts."""
        found = self.declared(node)
        if found is not None or node.kind is not Kind.ARTIFACT:
            return found
        name = (node.type or "").lower()
        if name.endswith("model"):
            return BaseType.MODEL
        if any(word in name for word in ("metric", "evaluation")):
            return BaseType.METRICS
        if any(word in name for word in ("dataset", "examples")):
            return BaseType.DATASET
        return None


def title_of(node: Node) -> str:
    """Return what a node is called where everything has a name."""
    return node.name or f"{(node.type or node.kind.label).rpartition('.')[2]} {node.id}"


def address(uri: str) -> str:
    """Return an address as RFC 3986 lets a reference be: what it forbids in a place is escaped.

    What is right already stays as it is, but IPv6 hosts, which are written in full, for validators
    that know no ``::``. A text that is no address becomes a relative reference.
    """
    found = _REFERENCE.fullmatch(uri)
    assert found is not None  # it matches any text
    scheme, authority, path, query, fragment = found.groups("")
    if scheme and not _SCHEME.fullmatch(scheme):
        path, scheme, authority = f"{scheme}{authority}{path}", "", ""
    if not (scheme or authority):
        first, slash, rest = path.partition("/")
        path = f"{first.replace(':', '%3A')}{slash}{rest}"  # or it would be a scheme
    return "".join(
        (
            scheme,
            f"//{_authority(authority[2:])}" if authority else "",
            _escaped(path, ":@/"),
            f"?{_escaped(query[1:], ':@/?')}" if query else "",
            f"#{_escaped(fragment[1:], ':@/?')}" if fragment else "",
        )
    )


def _authority(text: str) -> str:
    """Return who serves an address: a user, a host and a port."""
    user, at, host = text.rpartition("@")
    found = _HOST.fullmatch(host)
    name, port = found.groups("") if found else (host, "")
    if name.startswith("["):
        try:
            name = f"[{IPv6Address(name[1:-1]).exploded}]"
        except ValueError:
            name = _escaped(name, "")
    else:
        name = _escaped(name, "")
    return f"{_escaped(user, ':')}{at}{name}{port}"


def _escaped(text: str, also: str) -> str:
    """Return a text with all escaped but what stands in each part of an address, and ``also``."""
    return _BARE_PERCENT.sub("%25", quote(text, f"%!$&'()*+,;=~-._{also}", errors="replace"))


def moment_of(milliseconds: int) -> str:
    """Return a moment (ms since the epoch) as ISO 8601 has it, in UTC."""
    when = datetime.fromtimestamp(milliseconds / 1000, timezone.utc)
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")
