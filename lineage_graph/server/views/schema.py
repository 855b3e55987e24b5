"""The schema of the store: what statements can ask for, and which artifacts go into which steps."""

from __future__ import annotations

from fastapi.responses import Response

from lineage_graph.drawing.files import FORMATS
from lineage_graph.errors import NotFound
from lineage_graph.pictures.store_schema import schema_of
from lineage_graph.server.pages import Page
from lineage_graph.store import Store


class SchemaPage:
    """The page of the schema, and its picture."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def view(self) -> Page:
        """Labels, relationships and types with counts, properties and examples."""
        found = schema_of(self._store)
        data = {
            "labels": found.labels,
            "relationships": found.relationships,
            "counts": found.counts,
            "types": found.types,
            "flows": found.flows,
            "note": found.note,
        }
        return Page("schema.html", data, {"schema": found})

    def picture(self) -> Response:
        """Which types of artifacts go into which types of executions, as SVG."""
        picture = schema_of(self._store).picture()
        if picture is None:
            raise NotFound("Nothing has run yet, so there is nothing to draw.")
        text = FORMATS["svg"].write(picture, "What goes into which steps")
        return Response(text.encode("utf-8", "replace"), media_type="image/svg+xml")
