"""Which reader a file needs, and what is said of those that none reads."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pytest

from lineage_graph.errors import BadFile
from lineage_graph.exchange.registry import FORMATS, recognised
from tests.conftest import DATA


@pytest.mark.parametrize("name", ["dvc_repo.tgz", "mlmd_v10.sqlite.gz"])
def test_packed_files_are_to_be_unpacked(name: str) -> None:
    with pytest.raises(BadFile, match=r"is packed.*Unpack it"):
        recognised(DATA / name)


def test_a_zip_is_to_be_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "runs.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a", "b")
    with pytest.raises(BadFile, match="is packed"):
        recognised(path)


def test_what_nothing_knows_names_the_readers(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("hello")
    with pytest.raises(BadFile) as raised:
        recognised(path)
    assert all(name in str(raised.value) for name in FORMATS)


def test_compressed_texts_are_told_by_what_is_in_them(tmp_path: Path) -> None:
    path = tmp_path / "events.gz"
    path.write_bytes(gzip.compress((DATA / "dbt_ol_events.ndjson").read_bytes()))
    assert recognised(path) == "openlineage"
