"""The calls that list nodes (all, those of a type, those of a context): in order, filtered, in pages."""

from __future__ import annotations

from typing import Literal, TypeAlias

from lineage_graph.errors import InvalidArgument
from lineage_graph.messages import contract
from lineage_graph.messages.by_kind import node_list
from lineage_graph.messages.pool import enum_names
from lineage_graph.model import Kind
from lineage_graph.rpc.rows import write_rows
from lineage_graph.store import Find, Store

MAX_PAGE_NODES = 100
_NODES_PER_READ = 1000  # nodes read from the store at a time if a call asks for all
_Order = Literal["id", "create_time", "update_time"]
_ORDERS: dict[str, _Order] = {
    "CREATE_TIME": "create_time",
    "LAST_UPDATE_TIME": "update_time",
    "ID": "id",
}
_FIELD_NAMES = enum_names("ListOperationOptions.OrderByField.Field")
_Request: TypeAlias = (
    "contract.GetNodesRequest | contract.GetNodesByTypeRequest | contract.GetNodesByContextRequest"
)
_Response: TypeAlias = "contract.GetNodesResponse | contract.GetNodesByTypeResponse | contract.GetNodesByContextResponse"


def get_nodes(
    store: Store,
    kind: Kind,
    request: contract.GetNodesRequest,
    response: contract.GetNodesResponse,
) -> None:
    """GetArtifacts, GetExecutions, GetContexts."""
    _list(store, Find(kind=kind, counted=False), request, response)


def get_nodes_by_type(
    store: Store,
    kind: Kind,
    request: contract.GetNodesByTypeRequest,
    response: contract.GetNodesByTypeResponse,
) -> None:
    """GetArtifactsByType, GetExecutionsByType, GetContextsByType; nothing if the type does not exist."""
    found = store.type(kind, request.type_name, request.type_version)
    if found is None:
        return
    _list(store, Find(kind=kind, type_id=found.id, counted=False), request, response)
    if request.HasField("options") and not response.next_page_token and node_list(kind, response):
        response.next_page_token = ""  # ML Metadata sets it in this call only


def get_nodes_by_context(
    store: Store,
    kind: Kind,
    request: contract.GetNodesByContextRequest,
    response: contract.GetNodesByContextResponse,
) -> None:
    """GetArtifactsByContext, GetExecutionsByContext."""
    if request.HasField("options"):
        _list(store, Find(kind=kind, context=request.context_id, counted=False), request, response)
        return
    ids = store.rows.members(kind, request.context_id)
    for start in range(0, len(ids), _NODES_PER_READ):
        rows = store.rows.by_id(kind, ids[start : start + _NODES_PER_READ])
        write_rows(rows, node_list(kind, response))


def _list(store: Store, wanted: Find, request: _Request, response: _Response) -> None:
    """Add one page to a response, or all nodes if the request has no options."""
    into = node_list(wanted.kind, response)
    if request.HasField("options"):
        page = store.rows.find(_paged(wanted, request.options))
        write_rows(page.rows, into)
        if page.next is not None:
            response.next_page_token = page.next
        return
    wanted = wanted.model_copy(update={"limit": _NODES_PER_READ})
    while True:
        page = store.rows.find(wanted)
        write_rows(page.rows, into)
        if page.next is None:
            return
        wanted = wanted.model_copy(update={"after": page.next})


def _paged(wanted: Find, options: contract.ListOperationOptions) -> Find:
    if options.max_result_size <= 0:
        raise InvalidArgument(
            f"max_result_size is {options.max_result_size}.", hint="Ask for 1 to 100."
        )
    field = _FIELD_NAMES.get(options.order_by_field.field, "")
    if field not in _ORDERS:
        raise InvalidArgument(
            "The field to order by is not specified.",
            hint="Set it to ID, CREATE_TIME or LAST_UPDATE_TIME.",
        )
    changes = {
        "limit": min(options.max_result_size, MAX_PAGE_NODES),
        "order_by": _ORDERS[field],
        "descending": not options.order_by_field.is_asc,
        "where": options.filter_query,
        "strict": True,
        "after": options.next_page_token or None,
    }
    return wanted.model_copy(update=changes)
