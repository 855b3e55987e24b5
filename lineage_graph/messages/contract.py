"""ML Metadata's messages by their names: ``contract.Artifact``; ``contract.pyi`` has their types."""

from __future__ import annotations

from lineage_graph.messages.pool import MESSAGES

globals().update(MESSAGES)
