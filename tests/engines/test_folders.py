"""Folders as people name them: relative, with ~, with any characters; by real processes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lineage_graph.engines import stop_engine
from lineage_graph.settings import Settings

_COMMAND = [sys.executable, "-c", "from lineage_graph.cli.main import main; main()"]
ROOT = Path(__file__).parents[2]


def ran(
    where: Path, *arguments: str, gone: bool = False, **more: str
) -> subprocess.CompletedProcess[str]:
    """Run a command in a working directory, which is taken away before it starts where it is ``gone``."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "LINEAGE_GRAPH_ENGINE_LINGER": "0.2",
        **more,
    }
    command = [*_COMMAND, *arguments]
    if gone:
        where.mkdir()
        command = ["sh", "-c", 'rmdir "$PWD"; exec "$@"', "sh", *command]
    return subprocess.run(
        command, cwd=where, env=environment, capture_output=True, text=True, timeout=120
    )


def test_a_relative_folder(tmp_path: Path) -> None:
    found = ran(tmp_path, "types", LINEAGE_GRAPH_FOLDER="a journey/Grüße", LC_ALL="C")
    assert found.returncode == 0, found.stderr
    folder = tmp_path / "a journey" / "Grüße"
    (tmp_path / "link").symlink_to(folder, target_is_directory=True)
    again = ran(tmp_path, "types", "--folder", "link")
    assert again.returncode == 0, again.stderr
    stop_engine(Settings(folder=folder))


@pytest.mark.skipif(sys.platform == "win32", reason="a working directory is never gone there")
def test_a_working_directory_that_is_gone(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    found = ran(tmp_path / "gone", "types", "--folder", str(folder), gone=True)
    assert found.returncode == 0, found.stderr
    stop_engine(Settings(folder=folder))
    for lost in (
        ("types", "--folder", "store"),
        ("export", "backup.jsonl", "--folder", str(folder)),
    ):
        refused = ran(tmp_path / "gone", *lost, gone=True)
        assert refused.returncode not in (0, 70), refused.stderr
        assert refused.stderr.count("\n") == 1
        assert "Traceback" not in refused.stderr


def test_settings_name_the_whole_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    for given, meant in (
        ("journey", "journey"),
        ("~/x", "home/x"),
        ("~", "home"),
        ("a b/ü", "a b/ü"),
    ):
        monkeypatch.setenv("LINEAGE_GRAPH_FOLDER", given)
        assert Settings().folder == tmp_path / meant
        assert Settings(folder=Path(given)).folder == tmp_path / meant
    monkeypatch.setenv("LINEAGE_GRAPH_FOLDER", "")
    assert Settings().folder.is_absolute()
    assert Settings().folder != tmp_path


def test_a_path_that_is_too_long(tmp_path: Path) -> None:
    found = ran(tmp_path, "types", "--folder", "/".join(["x" * 200] * 30))
    assert found.returncode == 18
    assert "cannot be used" in found.stderr
