"""Several writes of ``cypher/write`` as one statement, each in a subquery with rows of its own."""

from __future__ import annotations

import re
from functools import lru_cache

ROWS, WRITTEN = "rows", "written"
_ROWS = re.compile(rf"\${ROWS}\b")
_WRITTEN = re.compile(rf"\bAS {WRITTEN}\b")


@lru_cache(maxsize=1000)
def together(bodies: tuple[str, ...]) -> str:
    """Return one statement that runs the bodies in their order.

    Each body takes ``$rows`` and returns ``written``, how many of them it wrote; in the statement
    these are ``$rows_0``, ``$rows_1`` … and ``written_0``, ``written_1`` …
    """
    blocks = []
    for number, body in enumerate(bodies):
        own = _ROWS.sub(f"${ROWS}_{number}", body)
        own = _WRITTEN.sub(f"AS {WRITTEN}_{number}", own)
        blocks.append(f"CALL () {{\n{own}\n}}")
    columns = ", ".join(f"{WRITTEN}_{number}" for number in range(len(bodies)))
    return "\n".join(("// write/together", *blocks, f"RETURN {columns}"))
