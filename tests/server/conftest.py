"""Clients of the app, over real stores."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from lineage_graph.server.app import create_app
from lineage_graph.store import Store


@pytest.fixture(scope="session")
def app(tfx: Store) -> FastAPI:
    """The app over the TFX runs."""
    return create_app(tfx)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """A client of the app over the TFX runs."""
    with TestClient(app, "http://127.0.0.1", raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def blank(store: Store) -> Iterator[TestClient]:
    """A client of the app over an empty store."""
    with TestClient(create_app(store), "http://127.0.0.1", raise_server_exceptions=False) as client:
        yield client
