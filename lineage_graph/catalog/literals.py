"""Values as literals of Cypher, for texts that people copy or open in the console; ours are always bound."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from lineage_graph.catalog.scanner import mask
from lineage_graph.errors import InvalidArgument

_PARAMETER = re.compile(r"\$([A-Za-z_]\w*)")
_PLAIN = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def literal(value: Any) -> str:
    """Return the Cypher that stands for a value: null, a truth, a number, a text or a list of them.

    Raises:
        InvalidArgument: Cypher has no literal for it.
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Sequence):
        return f"[{', '.join(map(literal, value))}]"
    raise InvalidArgument(f"There is no literal for {type(value).__name__}.")


def _number(value: float) -> str:
    if math.isnan(value):
        return "(0.0 / 0.0)"
    if math.isinf(value):
        return "(1.0 / 0.0)" if value > 0 else "(-1.0 / 0.0)"
    return repr(value).replace("e+", "e")


def _text(value: str) -> str:
    """Write a text in quotes; a backslash and a ``u`` behind it stand in two texts that are joined.

    Neo4j reads ``\\u0027`` before it looks for quotes and backslashes, so there it would end the text.
    """
    parts = re.split(r"(?<=\\)(?=u)", value)
    quoted = ["'" + "".join(map(_sign, part)) + "'" for part in parts]
    return quoted[0] if len(quoted) == 1 else f"({' + '.join(quoted)})"


def _sign(sign: str) -> str:
    if sign in _PLAIN:
        return _PLAIN[sign]
    return sign if sign.isprintable() or ord(sign) > 0xFFFF else f"\\u{ord(sign):04x}"


def with_literals(text: str, values: Mapping[str, Any]) -> str:
    """Return a text of Cypher with literals in place of its parameters.

    Raises:
        InvalidArgument: a value is missing, or Cypher has no literal for it.
    """
    made, end = [], 0
    for found in _PARAMETER.finditer(mask(text)):
        if found[1] not in values:
            raise InvalidArgument(f"There is no value for ${found[1]}.")
        made += [text[end : found.start()], literal(values[found[1]])]
        end = found.end()
    return "".join([*made, text[end:]])
