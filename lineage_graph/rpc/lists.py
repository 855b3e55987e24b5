"""Lists: all nodes, those of a type, those of a context; ordered, filtered, page by page."""

from __future__ import annotations

from typing import Any, Literal

from lineage_graph.errors import InvalidArgument
from lineage_graph.messages.pool import enum_names
from lineage_graph.model import Kind
from lineage_graph.rpc.rows import write_rows
from lineage_graph.store import Find, Store

LONGEST_PAGE = 100
_WHOLE = 1000  # nodes read at a time where all are wanted at once
_Order = Literal["id", "create_time", "update_time"]
_ORDERS: dict[str, _Order] = {
    "CREATE_TIME": "create_time",
    "LAST_UPDATE_TIME": "update_time",
    "ID": "id",
}
_FIELDS = enum_names("ListOperationOptions.OrderByField.Field")


def get_nodes(store: Store, kind: Kind, request: Any, response: Any) -> None:
    """GetArtifacts and its like."""
    _list(store, Find(kind=kind, counted=False), request, response)


def get_nodes_by_type(store: Store, kind: Kind, request: Any, response: Any) -> None:
    """GetArtifactsByType and its like; nothing where there is no such type."""
    found = store.type(kind, request.type_name, request.type_version)
    if found is None:
        return
    _list(store, Find(kind=kind, type_id=found.id, counted=False), request, response)
    if request.HasField("options") and not response.next_page_token and _nodes(kind, response):
        response.next_page_token = ""  # the original sets it here, and leaves it out elsewhere


def get_nodes_by_context(store: Store, kind: Kind, request: Any, response: Any) -> None:
    """GetArtifactsByContext, GetExecutionsByContext."""
    if request.HasField("options"):
        _list(store, Find(kind=kind, context=request.context_id, counted=False), request, response)
        return
    ids = store.rows.members(kind, request.context_id)
    for start in range(0, len(ids), _WHOLE):
        write_rows(
            kind, store.rows.by_id(kind, ids[start : start + _WHOLE]), _nodes(kind, response)
        )


def _list(store: Store, wanted: Find, request: Any, response: Any) -> None:
    """Add one page to a response; all there is where no options are given."""
    into = _nodes(wanted.kind, response)
    if request.HasField("options"):
        page = store.rows.find(_paged(wanted, request.options))
        write_rows(wanted.kind, page.rows, into)
        if page.next is not None:
            response.next_page_token = page.next
        return
    wanted = wanted.model_copy(update={"limit": _WHOLE})
    while True:
        page = store.rows.find(wanted)
        write_rows(wanted.kind, page.rows, into)
        if page.next is None:
            return
        wanted = wanted.model_copy(update={"after": page.next})


def _nodes(kind: Kind, response: Any) -> Any:
    return getattr(response, f"{kind.value}s")


def _paged(wanted: Find, options: Any) -> Find:
    if options.max_result_size <= 0:
        raise InvalidArgument(
            f"max_result_size is {options.max_result_size}.", hint="Ask for 1 to 100."
        )
    field = _FIELDS.get(options.order_by_field.field, "")
    if field not in _ORDERS:
        raise InvalidArgument(
            "The field to order by is not specified.",
            hint="Set it to ID, CREATE_TIME or LAST_UPDATE_TIME.",
        )
    changes = {
        "limit": min(options.max_result_size, LONGEST_PAGE),
        "order_by": _ORDERS[field],
        "descending": not options.order_by_field.is_asc,
        "where": options.filter_query,
        "strict": True,
        "after": options.next_page_token or None,
    }
    return wanted.model_copy(update=changes)
