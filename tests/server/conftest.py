"""Clients of the app, over real stores."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from lineage_graph.server.app import create_app
from lineage_graph.store import Store


@pytest.fixture
def client(tfx: Store) -> Iterator[TestClient]:
    """A client of the app over the TFX runs."""
    with TestClient(create_app(tfx), "http://127.0.0.1", raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def blank(store: Store) -> Iterator[TestClient]:
    """A client of the app over an empty store."""
    with TestClient(create_app(store), "http://127.0.0.1", raise_server_exceptions=False) as client:
        yield client
