"""Each statement of the cookbook answers what stands below it, on both engines."""

from __future__ import annotations

from lineage_graph.store import Store
from tests.docs.cookbook import answer_of, statements


def test_the_cookbook_answers_what_it_says(tfx: Store) -> None:
    found = list(statements())
    assert len(found) > 30
    for text, answer in found:
        result = tfx.cypher(text)
        assert not result.warnings, text
        if result.rows:  # else the embedded engine does not name the columns
            assert answer_of(result) == answer, text
        else:
            assert len(answer.splitlines()) == 1, text
