"""Collects the nodes of a request, each once, under ids that the request's links can use."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from lineage_graph.messages import contract
from lineage_graph.messages.model_objects import read_node
from lineage_graph.model import Kind, Node
from lineage_graph.rpc.edges import checked_id
from lineage_graph.store import PutResult


class NodeBatch:
    """Collects the nodes of one kind.

    A request may contain a node several times: with the same id, or (with ``reuse``) as contexts of
    the same type and name or artifacts of the same external id. ML Metadata writes them one after
    the other; we write only the result of that.
    """

    def __init__(self, kind: Kind, *, reuse: bool = False) -> None:
        self._kind = kind
        self._reuse = reuse
        self._nodes: dict[int, Node] = {}
        self._same: dict[Hashable, int] = {}

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The nodes; new ones have negative ids."""
        return tuple(self._nodes.values())

    def add(self, given: contract.Node) -> int:
        """Add a node and return its id in this batch: its own, or a negative one if it is new.

        Raises:
            InvalidArgument: the id is negative, or a property has no value.
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
        elif self._kind is Kind.ARTIFACT:  # an update; a context is not changed
            name = self._nodes[key].name
            self._nodes[key] = read_node(self._kind, given, key).model_copy(update={"name": name})
        return key

    def _identity(self, given: contract.Node) -> Hashable:
        """Return the key that is equal for new nodes of the request that are the same node.

        None says that the node equals no other.
        """
        if not self._reuse:
            return None
        if self._kind is Kind.CONTEXT:
            return (given.type_id, given.name)
        return given.external_id or None

    def ids(self, result: PutResult) -> dict[int, int]:
        """Return the stored id for every id in this batch."""
        return dict(zip(self._nodes, result.ids_of(self._kind), strict=True))

    def stored(self, keys: Iterable[int], result: PutResult) -> list[int]:
        """Return the stored ids of nodes; an id that is not in this batch is a stored id already."""
        ids = self.ids(result)
        return [ids.get(key, key) for key in keys]
