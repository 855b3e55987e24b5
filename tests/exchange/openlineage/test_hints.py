"""Names that differ only in case or slashes: hinted where one of them is shown, but never one dataset."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from lineage_graph.exchange.openlineage.events import event_of
from lineage_graph.exchange.openlineage.naming import spellings
from lineage_graph.exchange.store_lookup import DatasetName
from lineage_graph.model import Kind, Node
from lineage_graph.questions.names import other_names
from lineage_graph.server.app import create_app
from lineage_graph.server.intake import Intake
from lineage_graph.store import Find, Store
from tests.exchange.openlineage.made import event
from tests.exchange.openlineage.test_symlinks import linked

SNOW, LAKE = "snowflake://org-acc", "s3://lake"


def tell(store: Store, *named: tuple[str, str] | dict[str, Any]) -> None:
    """Tell of runs that write datasets: names, or whole."""
    outputs = [
        given
        if isinstance(given, dict)
        else {"namespace": given[0], "name": given[1], "facets": {}}
        for given in named
    ]
    Intake(store).take([event_of(event("COMPLETE", "r", 1, outputs=outputs))]).result()


def datasets(store: Store) -> dict[tuple[str, str], Node]:
    found = store.find(Find(kind=Kind.CONTEXT)).nodes
    return {
        (str(n.custom_properties["namespace"]), str(n.custom_properties["dataset"])): n
        for n in found
        if n.type == "dataset"
    }


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((SNOW, "DB.PUBLIC.ORDERS"), (SNOW, "db.public.orders")),
        ((LAKE, "/p/t2/"), (LAKE, "p/t2")),
        ((LAKE, "p/t2"), (LAKE, "/p/t2")),
        ((LAKE, "P/T2/"), (LAKE, "/p/t2")),
        (("snowflake://ORG-ACC", "a.b"), (SNOW, "A.B")),
        (("s3://lake/", "a"), (LAKE, "a")),
    ],
)
def test_names_that_are_spelled_alike_hint_at_each_other(
    one: tuple[str, str], other: tuple[str, str]
) -> None:
    assert DatasetName(*one) in spellings(DatasetName(*other))
    assert DatasetName(*other) in spellings(DatasetName(*one))
    assert DatasetName(*one) not in spellings(DatasetName(*one))
    assert len(spellings(DatasetName(*one))) < 100


def test_names_that_are_not_spelled_alike_do_not() -> None:
    assert spellings(DatasetName(LAKE, "/")) == set()
    assert DatasetName(LAKE, "a/b") not in spellings(DatasetName(LAKE, "ab"))


def test_pages_tell_other_names(store: Store) -> None:
    blank = TestClient(create_app(store), "http://127.0.0.1")
    tell(store, (SNOW, "DB.ORDERS"), (SNOW, "db.orders"), (SNOW, "db.other"), linked("t", "u"))
    known = datasets(store)
    upper, lower = known[SNOW, "DB.ORDERS"], known[SNOW, "db.orders"]
    assert other_names(store, upper) == ((), (lower,))
    assert other_names(store, lower) == ((), (upper,))
    assert other_names(store, known[SNOW, "db.other"]) == ((), ())
    page = blank.get(f"/contexts/{upper.id}").text
    assert "May be the same as" in page
    told = blank.get(f"/contexts/{upper.id}.json")
    assert told.status_code == 200
    assert "db.orders" in str(told.json()["names"])
    assert f'<a href="/contexts/{lower.id}">' in page
    (version,) = (
        n for n in store.find(Find(kind=Kind.ARTIFACT)).nodes if (n.name or "").startswith("db.ord")
    )
    assert "May be the same as" in blank.get(f"/artifacts/{version.id}").text
    t, u = known["db://house", "t"], known["db://house", "u"]
    assert other_names(store, t) == ((u,), ())
    assert "Also known as" in blank.get(f"/contexts/{u.id}").text
    assert "May be the same as" not in blank.get(f"/contexts/{u.id}").text
