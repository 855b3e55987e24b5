"""Which reader a file needs, and what is said of those that none reads."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import pytest

from lineage_graph.errors import BadFile, TruncatedFile
from lineage_graph.exchange.registry import FORMATS, open_source, recognised
from lineage_graph.exchange.sql.sqlite import tables_in
from tests.conftest import DATA


@pytest.mark.parametrize("name", ["dvc_repo.tgz", "mlmd_v10.sqlite.gz"])
def test_packed_files_are_to_be_unpacked(name: str) -> None:
    with pytest.raises(BadFile, match=r"is packed.*Unpack it"):
        recognised(DATA / name)


@pytest.mark.parametrize("format", [None, "openlineage"])
@pytest.mark.parametrize("kind", shutil.get_archive_formats(), ids=lambda kind: kind[0])
def test_archives_are_to_be_unpacked(
    kind: tuple[str, str], format: str | None, tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    shutil.copy(DATA / "dbt_ol_events.ndjson", tmp_path / "in")
    path = shutil.make_archive(str(tmp_path / "events"), kind[0], tmp_path / "in")
    with pytest.raises(BadFile, match=r"is packed\. Unpack it"):
        open_source(path, format)


def test_a_damaged_gzip_is_no_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "events.gz"
    path.write_bytes(gzip.compress(b"{}")[:5] + b"\xff" * 9)
    with pytest.raises(TruncatedFile, match="is damaged"):
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


def test_a_database_whose_damage_is_told_in_no_text(tmp_path: Path) -> None:
    """SQLite names the damaged index, whose name is no UTF-8."""
    path = tmp_path / "damaged.sqlite"
    whole = (DATA / "tfx_mlmd.sqlite").read_bytes()
    name = b"sqlite_autoindex_TypeProperty_1"
    assert name in whole
    path.write_bytes(whole.replace(name, name.replace(b"auto", b"aut\xff"), 1))
    assert tables_in(path) == frozenset()
    with pytest.raises(BadFile, match="damaged"):
        open_source(path)
