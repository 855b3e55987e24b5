"""The answers of the cookbook: ``python -m tests.docs.cookbook`` writes them, for the store of the settings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lineage_graph.cli.output import cell
from lineage_graph.store import CypherResult, Store
from tests.docs.tables import DOCS

PAGE = DOCS / "guides" / "cookbook.md"
_STATEMENT = re.compile(
    r"^```cypher\n(.*?)^```\n(?:\n^```text\n(.*?)^```\n)?", re.MULTILINE | re.DOTALL
)


def statements() -> Iterator[tuple[str, str]]:
    """Yield each statement with the answer that stands below it."""
    for found in _STATEMENT.finditer(PAGE.read_text(encoding="utf-8")):
        yield found[1], found[2] or ""


def answer_of(result: CypherResult) -> str:
    """Return an answer as the page shows it."""
    lines = [result.columns, *(tuple(cell(value) for value in row) for row in result.rows)]
    return "".join(" | ".join(line).rstrip() + "\n" for line in lines)


def filled(ask: Callable[[str], CypherResult]) -> str:
    """Return the page with the answers that there are now."""

    def block(found: re.Match[str]) -> str:
        return f"```cypher\n{found[1]}```\n\n```text\n{answer_of(ask(found[1]))}```\n"

    return _STATEMENT.sub(block, PAGE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    with Store.open() as store:
        PAGE.write_text(filled(store.cypher), encoding="utf-8")
