"""What depends on no engine is tried on the embedded one alone; and pictures of any lineage at all."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from playwright.sync_api import Route

from lineage_graph.drawing.columns import encoded
from lineage_graph.drawing.picture import draw
from lineage_graph.model import Kind, Ref, Subgraph
from tests.browser.watched import Watched

EMBEDDED = pytest.mark.parametrize("engine_name", ["embedded"], indirect=True)
PAGE = "/artifacts/20/lineage"


def show(watched: Watched, graph: Subgraph) -> None:
    """Show a lineage that is in no store: the server's picture of it, in the place of another's."""
    picture = encoded(draw(graph, [Ref(Kind.ARTIFACT, 1)])).text
    answer_pictures(watched, [picture])
    watched.open(PAGE)
    # As if it were the first: where one stands is chosen anew.
    watched.does("((view.graph.picture.version = 0), view.refresh(), 1)")
    watched.drawn(len(graph.artifacts) + len(graph.executions))


def answer_pictures(watched: Watched, answers: Iterable[str]) -> list[str]:
    """Answer requests for pictures with these texts in turn, the last one ever after; return what was asked."""
    texts, asked = list(answers), list[str]()

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(
            body=texts.pop(0) if len(texts) > 1 else texts[0], content_type="application/json"
        )

    watched.page.route("**/picture.json*", answer)
    return asked
