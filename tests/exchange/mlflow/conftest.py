"""The samples of MLflow."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from tests.conftest import DATA


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a real database and of the answers of the server above it."""
    folder = tmp_path_factory.mktemp("mlflow")
    with tarfile.open(DATA / "mlflow.tgz") as archive:
        archive.extractall(folder, filter="data")
    return folder


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A folder of runs that MLflow's own client made (make_mlruns.py)."""
    with tarfile.open(DATA / "mlruns.tgz") as archive:
        archive.extractall(tmp_path, filter="data")
    return tmp_path / "mlruns"
