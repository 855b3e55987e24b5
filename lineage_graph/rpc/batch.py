"""The nodes of a request, each once, under ids by which the request's links can name them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any

from lineage_graph.messages.model_objects import read_node
from lineage_graph.model import Kind, Node
from lineage_graph.rpc.edges import checked_id
from lineage_graph.store import PutResult


class NodeBatch:
    """Collects the nodes of one kind.

    A request may bring a node several times: under the same id, or (``reuse``) a context of the same
    type and name, an artifact of the same external id. ML Metadata writes one after the other; we
    put what that leaves.
    """

    def __init__(self, kind: Kind, *, reuse: bool = False) -> None:
        self._kind = kind
        self._reuse = reuse
        self._nodes: dict[int, Node] = {}
        self._same: dict[Hashable, int] = {}

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The nodes, those that are new under negative ids."""
        return tuple(self._nodes.values())

    def add(self, given: Any) -> int:
        """Take a node in, and return the id it has here: its own, or a negative one.

        Raises:
            InvalidArgument: an id that no node can have, a property without a value.
        """
        if given.HasField("id"):
            key = checked_id(given.id)
            self._nodes[key] = read_node(self._kind, given, key)
            return key
        identity = self._identity(given)
        fresh = -len(self._nodes) - 1
        key = fresh if identity is None else self._same.setdefault(identity, fresh)
        if key not in self._nodes:
            self._nodes[key] = read_node(self._kind, given, key)
        elif self._kind is Kind.ARTIFACT:  # an update; a context is left as it is
            name = self._nodes[key].name
            self._nodes[key] = read_node(self._kind, given, key).model_copy(update={"name": name})
        return key

    def _identity(self, given: Any) -> Hashable:
        """Return what makes two new nodes of the request the same one; None for nothing."""
        if not self._reuse:
            return None
        if self._kind is Kind.CONTEXT:
            return (given.type_id, given.name)
        return given.external_id or None

    def ids(self, result: PutResult) -> dict[int, int]:
        """Return the stored id of every id here."""
        return dict(zip(self._nodes, result.ids_of(self._kind), strict=True))

    def stored(self, keys: Iterable[int], result: PutResult) -> list[int]:
        """Return the stored ids of nodes; an id that is none of here is one of the store's."""
        ids = self.ids(result)
        return [ids.get(key, key) for key in keys]
