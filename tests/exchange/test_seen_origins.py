"""What was told of: known by what it is called, whatever it is called."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lineage_graph.exchange.seen_origins import SeenOrigins


@given(st.sets(st.text()), st.sets(st.text()))
def test_what_was_told_is_known_and_nothing_else(told: set[str], others: set[str]) -> None:
    known = SeenOrigins()
    for origin in told:
        known.add(origin)
    assert all(origin in known for origin in told)
    assert not any(origin in known for origin in others - told)


def test_names_that_are_no_unicode_are_told_as_well() -> None:
    known = SeenOrigins()
    known.add("data/\udcff.csv")
    assert "data/\udcff.csv" in known
    assert "data/?.csv" not in known
