"""Where filters answer otherwise than on the original, and why: (kind, filter) to (ours, the reason).

A kind of "" means every kind that has no entry of its own. The reasons are all that are known: of 3,861
random filters (comparisons, arithmetic, functions, CASE, neighbours; three kinds of node) no answer
differed for another. Besides, the original fails where its database lacks what its parser knows
(MOD, CONCAT, STARTS_WITH, IF, ||), which works here and no list holds; subqueries and more than 25
levels are refused here.
"""

from __future__ import annotations

from typing import Any

_WORDS = "the original's own table of the words lacks some that its model has"
_BACKSLASH = "the original writes the text anew for its database, and doubles each backslash"
_QUOTES = "the original's database does not understand how the original quotes this text"
_STRUCT = "a struct is kept as a text there, and is met by what a text meets"
_NO_NUMBER = "a text that is no number is cast to NULL here; there it is 0"
_NESTED = "the original writes != and NOT IN for a neighbour's enumeration anew, and wrongly"
DIFFERENCES: dict[tuple[str, str], tuple[Any, str]] = {
    ("artifact", "state = ABANDONED"): ([5], _WORDS),
    ("artifact", "state IN (REFERENCE, LIVE)"): ([1, 6, 7], _WORDS),
    ("artifact", "name LIKE '%\\\\%'"): ([5], _BACKSLASH),
    ("artifact", "custom_properties.s.string_value = 'line\\nbreak'"): ([4], _BACKSLASH),
    ("artifact", "name = 'it\\'s \"quoted\" \\\\ back'"): ([5], _QUOTES),
    ("", "name = 'it\\'s \"quoted\" \\\\ back'"): ([], _QUOTES),
    ("artifact", "properties.t.string_value < 's'"): ([], _STRUCT),
    ("artifact", "custom_properties.x.string_value != 'abc'"): ([3], _STRUCT),
    ("artifact", "custom_properties.x.string_value NOT LIKE '%B'"): ([3], _STRUCT),
    ("artifact", "custom_properties.x.string_value NOT IN ('s', 'ABC')"): ([3], _STRUCT),
    ("artifact", "LENGTH(custom_properties.x.string_value) IS NULL"): (
        [1, 2, 4, 5, 6, 8],
        _STRUCT,
    ),
    ("artifact", "CAST(type AS FLOAT64) <> 1.0"): ([], _NO_NUMBER),
    ("execution", "CAST(name AS FLOAT64) <= 7"): ([], _NO_NUMBER),
    ("context", "artifacts_a.state != LIVE"): ([1, 3, 4, 6, 7], _NESTED),
    ("context", "artifacts_a.state NOT IN (LIVE)"): ([1, 3, 4, 6, 7], _NESTED),
    ("context", "executions_a.last_known_state != COMPLETE"): ([1, 3, 4, 5, 6, 7], _NESTED),
    ("context", "executions_a.last_known_state NOT IN (COMPLETE)"): (
        [1, 3, 4, 5, 6, 7],
        _NESTED,
    ),
}
