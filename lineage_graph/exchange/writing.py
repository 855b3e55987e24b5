"""Writers: what the graph holds, in the words of other tools.

A writer takes subgraphs as a store gives them (types first, no link before its nodes) and writes
bytes to a stream. What its format cannot hold, its docstring says, and it counts by reason.
"""

from __future__ import annotations

import importlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import IO, Any, Protocol

from lineage_graph.errors import FailedPrecondition, InvalidArgument
from lineage_graph.exchange.plugins import plugin_writers
from lineage_graph.model import Kind, Node, Ref, Subgraph, Type


@dataclass(frozen=True)
class About:
    """What a writer is told of what it writes.

    ``store`` is the identity of the store, ``title`` what people call the whole, ``start`` the node
    around which it is, None for a whole store.
    """

    store: str
    title: str = "Lineage"
    start: Ref | None = None


class Write(Protocol):
    """Writes subgraphs to a stream; returns how much was left out, by a reason people read."""

    def __call__(
        self, batches: Iterable[Subgraph], stream: IO[bytes], about: About
    ) -> Counter[str]: ...


@dataclass(frozen=True)
class Writer:
    """A format that is written: its name, how its files' names end, and what writes it.

    The first of the ``suffixes`` is the one that files get. ``label`` is what people call it. Where
    ``origins`` is set, what it says of a node is what that was made from, and what judged it.
    """

    name: str
    suffixes: tuple[str, ...]
    label: str
    media_type: str
    write: Write
    origins: bool = False

    @property
    def suffix(self) -> str:
        """How a file's name ends."""
        return self.suffixes[0]

    def is_meant(self, name: str) -> bool:
        """Say whether a file of this name would be of this format."""
        lower = name.lower()
        return any(lower == one or lower.endswith((f".{one}", f"-{one}")) for one in self.suffixes)


def _later(where: str, extra: str = "") -> Write:
    """Return a writer that is imported (``module:function``) when it is asked for."""

    def write(batches: Iterable[Subgraph], stream: IO[bytes], about: About) -> Counter[str]:
        module, _, name = where.partition(":")
        try:
            found: Write = getattr(importlib.import_module(module), name)
        except ModuleNotFoundError as error:
            if (error.name or "").startswith("lineage_graph") or not extra:
                raise
            raise FailedPrecondition(
                f"Writing this needs {error.name}, which is not installed.",
                hint=f"pip install 'lineage-graph[{extra}]'",
            ) from None
        return found(batches, stream, about)

    return write


WRITERS = {
    writer.name: writer
    for writer in (
        Writer(
            "jsonl",
            ("jsonl",),
            "JSON lines, as stored",
            "application/jsonl",
            _later("lineage_graph.exchange.jsonl:write"),
        ),
        Writer(
            "mlmd",
            ("sqlite", "db"),
            "ML Metadata, SQLite",
            "application/vnd.sqlite3",
            _later("lineage_graph.exchange.mlmd.writing:write"),
        ),
        Writer(
            "prov",
            ("prov.json", "provjson"),
            "W3C PROV, JSON",
            "application/json",
            _later("lineage_graph.exchange.prov.writer:write_json", "prov"),
        ),
        Writer(
            "provn",
            ("provn",),
            "W3C PROV, PROV-N",
            "text/provenance-notation",
            _later("lineage_graph.exchange.prov.writer:write_provn", "prov"),
        ),
        Writer(
            "openlineage",
            ("ndjson",),
            "OpenLineage events",
            "application/x-ndjson",
            _later("lineage_graph.exchange.openlineage.writing:write"),
        ),
        Writer(
            "cyclonedx",
            ("cdx.json", "bom.json"),
            "CycloneDX ML-BOM",
            "application/vnd.cyclonedx+json",
            _later("lineage_graph.exchange.cyclonedx.writing:write"),
            origins=True,
        ),
        Writer(
            "ro-crate",
            ("ro-crate-metadata.json", "crate.json"),
            "RO-Crate (Process Run)",
            "application/ld+json",
            _later("lineage_graph.exchange.rocrate.writing:write"),
        ),
    )
}
"""Each writer of ours by its name; pictures are written elsewhere."""


def writers() -> dict[str, Writer]:
    """Return all writers by name: ours, and those of other packages (``plugins``)."""
    return {**plugin_writers(), **WRITERS}  # a name of ours stays ours


def writer_named(name: str, among: Iterable[Writer]) -> Writer:
    """Return the writer that is called so, or whose files' names end so.

    Raises:
        InvalidArgument: there is none.
    """
    known = tuple(among)
    for writer in known:
        if name.lower().lstrip(".") in (writer.name, *writer.suffixes):
            return writer
    names = ", ".join(writer.name for writer in known)
    raise InvalidArgument(f"There is no format {name!r}.", hint=f"Written are {names}.")


def collected(batches: Iterable[Subgraph]) -> Subgraph:
    """Return all batches as one subgraph, each node with its type's name, for formats that are one document."""
    parts: dict[str, list[Any]] = {name: [] for name in Subgraph.model_fields}
    for batch in batches:
        for name, found in parts.items():
            found += getattr(batch, name)
    for kind in Kind:
        names = {type_.id: type_ for type_ in parts[f"{kind.value}_types"]}
        parts[f"{kind.value}s"] = [_named(node, names) for node in parts[f"{kind.value}s"]]
    return Subgraph.trusted(**{name: tuple(found) for name, found in parts.items()})


def _named(node: Node, types: Mapping[int | None, Type]) -> Node:
    if node.type is not None or node.type_id not in types:
        return node
    found = types[node.type_id]
    return node.model_copy(update={"type": found.name, "type_version": found.version or None})
