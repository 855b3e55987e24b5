"""Tags of runs, jobs, datasets and columns, as properties that filters find.

Each is a property, ``tag pii`` (of a column ``tag pii of email``), whose value is the tag's, of several of one key
all of them. All together are one text, ``tagged`` (``pii=true of email, team=core``): that is always what was told
last, while a tag that is told no more leaves its own property behind. A run's execution has the tags of its job
as well, their text as ``job tagged``.
"""

from __future__ import annotations

from typing import Any

from lineage_graph.model import Value

TAGS = "tags"
JOB_TAGS = "job tags"
"""What the facet of a job's tags is called on the executions of its runs, which may have tags of their own."""
TAGGED, JOB_TAGGED = "tagged", "job tagged"
_MAX_TAGS = 200  # properties of one facet; the facet keeps all
_MAX_NAME = 200  # characters of a property's name
_MAX_TEXT = 8000  # characters of the text of all


def run_tags(facet: Any) -> dict[str, Value | None]:
    """Return the tags of a run, a dataset or a job as properties."""
    return _plain(facet, TAGGED)


def job_tags(facet: Any) -> dict[str, Value | None]:
    """Return the tags of a job as properties of its run."""
    return _plain(facet, JOB_TAGGED)


def tagged(facet: Any) -> str:
    """Return all tags of a facet in one text; empty where there is none, or where it was deleted."""
    if not isinstance(facet, dict) or facet.get("_deleted") is True:
        return ""
    words = (
        f"{f'{key}={value}' if value else key}{f' of {column}' if column else ''}"
        for (key, column), values in _tags(facet).items()
        for value in values
    )
    return ", ".join(words)[:_MAX_TEXT]


def _plain(facet: Any, name: str) -> dict[str, Value | None]:
    found: dict[str, Value | None] = {}
    for (key, column), values in list(_tags(facet).items())[:_MAX_TAGS]:
        found[f"tag {key}{f' of {column}' if column else ''}"[:_MAX_NAME]] = ", ".join(values)
    return {**found, name: tagged(facet)}


def _tags(facet: Any) -> dict[tuple[str, str], list[str]]:
    """Return the values of tags by key and column; under a name of ours nobody checked the facet."""
    found: dict[tuple[str, str], set[str]] = {}
    told = facet.get("tags")
    for tag in told if isinstance(told, list) else ():
        if isinstance(tag, dict) and isinstance(tag.get("key"), str):
            column, value = tag.get("field"), tag.get("value")
            key = (tag["key"], column if isinstance(column, str) else "")
            found.setdefault(key, set()).add(value if isinstance(value, str) else "")
    return {key: sorted(values) for key, values in sorted(found.items())}
