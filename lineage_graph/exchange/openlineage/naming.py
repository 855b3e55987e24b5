"""What things of OpenLineage are called in the graph: origins, names, addresses, moments."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta, timezone

from lineage_graph.exchange.store_lookup import DatasetName

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MICROSECOND = timedelta(microseconds=1)
_LONGEST_ORIGIN = 4000  # bytes; indexes take no longer ones


def origin_of(*parts: str) -> str:
    """Return the origin of a thing by what makes it itself."""
    origin = "|".join(parts)
    if origin.count("|") >= len(parts) or "%" in origin:
        origin = "|".join(part.replace("%", "%25").replace("|", "%7C") for part in parts)
    if len(origin) * 4 <= _LONGEST_ORIGIN or len(origin.encode()) <= _LONGEST_ORIGIN:
        return f"openlineage:{origin}"
    return f"openlineage:{parts[0]}|sha256:{hashlib.sha256(origin.encode()).hexdigest()}"


def shown(namespace: str, name: str) -> str:
    """Return what people call a thing: its name first, then where it is; no two things are called alike."""
    return f"{name} ({namespace.replace('(', '%28')})"


def uri_of(dataset: DatasetName) -> str:
    """Return the address of a dataset."""
    namespace, name = dataset
    if namespace == "file":
        return f"file://{name}"
    return f"{namespace.rstrip('/')}/{name.lstrip('/')}"


def spellings(dataset: DatasetName) -> set[DatasetName]:
    """Return names that differ from a dataset's in case, or in slashes at either end, and may mean the same.

    Of the many mixed cases only those are among them that people write.
    """
    namespace, name = dataset
    bare, (scheme, slashes, place) = name.strip("/"), namespace.rstrip("/").partition("://")
    if not bare:
        return set()
    words = {bare, bare.lower(), bare.upper(), bare.title(), bare.capitalize()}
    places = {namespace, namespace.rstrip("/"), namespace.lower().rstrip("/")}
    if slashes:
        places |= {f"{scheme}://{place.upper()}", f"{namespace.rstrip('/')}/"}
    found = {
        DatasetName(at, f"{before}{word}{after}")
        for at in places
        for word in words
        for before in ("", "/")
        for after in ("", "/")
    }
    return found - {dataset}


def text_of(moment: int) -> str:
    """Return a moment as a text that sorts like the moment."""
    seconds, rest = divmod(moment, 1_000_000)
    return f"{datetime.fromtimestamp(seconds, timezone.utc):%Y-%m-%dT%H:%M:%S}.{rest:06d}Z"


def moment_of(text: str) -> int:
    """Return the moment of such a text."""
    return (datetime.fromisoformat(text.replace("Z", "+00:00")) - _EPOCH) // _MICROSECOND
