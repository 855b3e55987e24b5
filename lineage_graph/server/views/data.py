"""What an artifact's page shows of its data: metrics among its properties, and the files at its address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from fastapi import Query
from fastapi.responses import Response

from lineage_graph.errors import NotFound
from lineage_graph.model import Artifact, Kind, Ref
from lineage_graph.recorder.data import IN_MEMORY
from lineage_graph.server.files import FileLocation, FileRefused, place_of, read
from lineage_graph.server.previews import IMAGE, IMAGES, can_show, preview, suffix_of
from lineage_graph.store import Store

_METRICS = 12
_COLUMNS = 200  # of a table that are shown
_HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store, private",
}
Name = Annotated[str, Query(max_length=1000, description="which file below the artifact's address")]


class Data:
    """The data of artifacts, as far as the settings let it be seen."""

    def __init__(self, store: Store, folders: Sequence[Path]) -> None:
        self._store = store
        self._folders = folders

    def shown(self, artifact: Artifact, name: str | None) -> dict[str, Any]:
        """Return what a page shows: metrics, files, and one file's preview."""
        found: dict[str, Any] = {
            "metrics": _metrics(artifact),
            "refused": "",
            "open": bool(self._folders),
        }
        found |= {"files": (), "cut": False, "chosen": None, "preview": None}
        found["table"] = table_of(artifact)
        if not artifact.uri or artifact.uri.startswith(IN_MEMORY):
            return found
        try:
            place = place_of(artifact.uri, self._folders)
        except FileRefused as error:
            return found | {"refused": str(error)}
        sizes = {file.name: file.size for file in place.files}
        chosen = _chosen(place, name)
        found |= {"files": place.files, "cut": place.cut, "chosen": chosen}
        if chosen is not None:
            called = chosen or place.path.name
            size = sizes[chosen]
            try:
                found["preview"] = preview(
                    called, size, lambda most: read(place, chosen, most, self._folders)
                )
            except NotFound as error:
                found["refused"] = error.message
        return found

    def file(self, id: int, name: Name = "") -> Response:
        """The bytes of an artifact's file: an image to be shown, anything else to be kept."""
        artifact = self._store.node(Ref(Kind.ARTIFACT, id))
        assert isinstance(artifact, Artifact)
        try:
            place = place_of(artifact.uri or "", self._folders)
        except FileRefused as error:
            raise NotFound(str(error)) from error
        held = read(place, name, IMAGE + 1, self._folders)
        if len(held) > IMAGE:
            raise NotFound(f"The file is larger than {IMAGE:,} bytes: it is not sent.")
        called = (name or place.path.name).rpartition("/")[2]
        plain = "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in called)
        image = IMAGES.get(suffix_of(called)) if not called.lower().endswith(".gz") else None
        way = "inline" if image else "attachment"
        headers = {**_HEADERS, "content-disposition": f'{way}; filename="{plain}"'}
        return Response(held, media_type=image or "application/octet-stream", headers=headers)


def table_of(artifact: Artifact) -> dict[str, Any] | None:
    """Return the columns that were recorded of a table or array, None where none were.

    Of each its name, kind, and what the profile tells: how many values are missing, the least, the
    greatest, and how many differ. Properties of these names may be anybody's: others are left out.
    """
    known = {**artifact.properties, **artifact.custom_properties}
    schema, profile = known.get("schema"), known.get("profile")
    if not isinstance(schema, dict):
        return None
    told = profile if isinstance(profile, dict) else {}
    columns = _dicts(schema.get("columns")) or [schema] * ("shape" in schema)
    if not columns:
        return None
    beside = _dicts(told.get("columns"))
    rows = [
        {**(beside[place] if place < len(beside) else {}), **column}
        for place, column in enumerate(columns[:_COLUMNS])
    ]
    shape, total = schema.get("shape"), schema.get("total")
    return {
        "columns": rows,
        "total": total if isinstance(total, int) else len(columns),
        "rows": known.get("rows") if isinstance(known.get("rows"), int) else None,
        "shape": " × ".join(map(str, shape)) if isinstance(shape, list) else "",
        "sampled": told.get("sampled_rows") if isinstance(told.get("sampled_rows"), int) else None,
    }


def _dicts(given: Any) -> list[dict[str, Any]]:
    return [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []


def _chosen(place: FileLocation, name: str | None) -> str | None:
    names = [file.name for file in place.files]
    if name is not None and name in names:
        return name
    return next((n for n in names if can_show(n or place.path.name)), names[0] if names else None)


def _metrics(artifact: Artifact) -> Mapping[str, float]:
    """Return the properties that are measured: the numbers that are not whole."""
    known = {**artifact.properties, **artifact.custom_properties}
    numbers = {name: value for name, value in known.items() if isinstance(value, float)}
    return dict(sorted(numbers.items())[:_METRICS])
