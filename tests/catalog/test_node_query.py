"""Statements of lists: every value is bound, and names come from closed lists."""

from __future__ import annotations

import pytest

from lineage_graph.catalog.node_order import Order
from lineage_graph.catalog.node_query import NodeQuery, one_by_one
from lineage_graph.catalog.scanner import first_write, parameters
from lineage_graph.model import Kind

QUERY = NodeQuery(
    Kind.ARTIFACT,
    ("type", "artifact_state", "text", "created_after", "type_id", "ids"),
    ("(n)-[:ATTRIBUTED_TO]->(near_0:Context)",),
    "near_0.name = $filter_value_0",
    "x`) DELETE",
    in_context=True,
)
BOUND = {"type", "states", "text", "created_after", "type_id", "ids", "filter_value_0", "context"}
BY_NAME = Order("name")


@pytest.mark.parametrize(
    ("text", "more"),
    [
        (QUERY.count(), set()),
        (QUERY.ids(), set()),
        (QUERY.summary(), set()),
        (QUERY.count_among_ids(), {"sought"}),
        (QUERY.page(BY_NAME, behind=True), {"after", "after_id", "limit"}),
        (QUERY.page_among_ids(BY_NAME, behind=True), {"after", "after_id", "limit", "sought"}),
        (QUERY.page_in_window(BY_NAME), {"low", "high", "limit"}),
    ],
)
def test_every_value_is_bound(text: str, more: set[str]) -> None:
    assert parameters(text) == BOUND | more
    assert first_write(text) is None
    assert first_write(one_by_one(text)) is None


def test_conditions_are_those_of_the_list() -> None:
    with pytest.raises(KeyError):
        NodeQuery(Kind.ARTIFACT, ("n.x = 1 OR true",)).count()


def test_what_is_not_known_comes_last_both_ways() -> None:
    times = Order("create_time_since_epoch"), Order("create_time_since_epoch", descending=True)
    assert [one.when_unknown for one in times] == [2**63 - 1, -(2**63 - 1)]
    assert BY_NAME.when_unknown == ""
    assert BY_NAME.keys == "coalesce(n.name, ''), n.id"
