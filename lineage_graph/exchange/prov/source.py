"""A document of W3C PROV as a source."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from prov.identifier import QualifiedName

from lineage_graph.errors import BadFile
from lineage_graph.exchange.base import Source
from lineage_graph.exchange.prov.documents import content_of, statements
from lineage_graph.exchange.prov.mapping import Mapper
from lineage_graph.exchange.prov.statements import Statement
from lineage_graph.model import Subgraph

_ELEMENTS = ("entity", "activity", "agent")


class ProvSource(Source):
    """A document in PROV-JSON or PROV-N (also compressed, gzip), read whole: at most 128 MB.

    Things are known by their URIs, so what several documents tell of one comes together. The document
    is known by its content: one that changed is another, and adds what it tells. A statement that
    cannot be read is a problem; the others go in. See ``mapping`` for what becomes what.
    """

    format = "prov"
    keyed = True

    def __init__(self, path: Path | str) -> None:
        super().__init__()
        if isinstance(path, str):
            raise BadFile(f"{path} is no file.", hint="Download the document and name its file.")
        if path.is_dir():
            raise BadFile(f"{path} is a folder.", hint="Name a document, in PROV-JSON or PROV-N.")
        self._path = path
        self._content = content_of(path)
        digest = hashlib.sha256(self._content).hexdigest()
        self.source = f"prov:{digest[:16]}"
        self.cursor = digest[:32]

    def close(self) -> None:
        """Let go of the document."""
        self._content = b""

    def batches(self) -> Iterator[Subgraph]:
        """Yield the document's statements as subgraphs; nothing where it was read before."""
        if self.after == self.cursor:
            return
        mapper = Mapper(self.problem)
        relations: list[Statement] = []
        place = str(self._path)
        for told in statements(self._path, self._content, self.problem):
            if isinstance(told, QualifiedName):
                mapper.bundle(told)
            elif told.relation in _ELEMENTS:
                mapper.element(place, told)
            else:
                relations.append(told)
        for relation in relations:
            mapper.relation(place, relation)
        yield from mapper.batches()
