"""Where filters answer otherwise than on the original, and why: (kind, filter) to (ours, the reason).

A kind of "" means every kind that has no entry of its own.
"""

from __future__ import annotations

from typing import Any

_UNSET = "a state that was never set is UNKNOWN here; there it is NULL"
_WORDS = "the original's own table of the words lacks some that its model has"
_BACKSLASH = "the original writes the text anew for its database, and doubles each backslash"
_QUOTES = "the original's database does not understand how the original quotes this text"
_NESTED = "the original writes != for a neighbour's enumeration anew, and wrongly"
DIFFERENCES: dict[tuple[str, str], tuple[Any, str]] = {
    ("artifact", "NOT state = LIVE"): ([2, 3, 4, 5, 6, 8], _UNSET),
    ("artifact", "state = UNKNOWN"): ([8], _UNSET),
    ("artifact", "state = ABANDONED"): ([5], _WORDS),
    ("artifact", "state IN (REFERENCE, LIVE)"): ([1, 6, 7], _WORDS),
    ("artifact", "name LIKE '%\\\\%'"): ([5], _BACKSLASH),
    ("artifact", "custom_properties.s.string_value = 'line\\nbreak'"): ([4], _BACKSLASH),
    ("artifact", "name = 'it\\'s \"quoted\" \\\\ back'"): ([5], _QUOTES),
    ("", "name = 'it\\'s \"quoted\" \\\\ back'"): ([], _QUOTES),
    ("context", "executions_a.last_known_state != COMPLETE"): ([1, 3, 4, 5], _NESTED),
}
