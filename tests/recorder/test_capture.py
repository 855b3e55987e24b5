"""Digests of files and folders, the commit, versions; none of it may ever fail."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from lineage_graph.recorder import capture


def test_a_files_digest_is_its_sha256(tmp_path: Path) -> None:
    file = tmp_path / "a.bin"
    content = os.urandom(3 * 2**20 + 7)
    file.write_bytes(content)
    expected = f"sha256:{hashlib.sha256(content).hexdigest()}"
    assert capture.digest(str(file)) == expected
    assert capture.digest(file.as_uri()) == expected


def test_a_folders_digest_follows_names_and_contents(tmp_path: Path) -> None:
    def made(name: str, files: dict[str, str]) -> str | None:
        for path, content in files.items():
            file = tmp_path / name / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content)
        return capture.digest(str(tmp_path / name))

    first = made("one", {"a": "1", "b/c": "2"})
    assert first is not None
    assert made("two", {"b/c": "2", "a": "1"}) == first
    others = [
        made("three", {"a": "1", "b/c": "3"}),
        made("four", {"a": "1", "b/d": "2"}),
        made("five", {"a": "1", "c": "2"}),
        made("six", {"a": "1"}),
        made("seven", {"a": "1", "b": "2"}),
    ]
    assert len({first, *others}) == 6


@pytest.mark.parametrize("uri", ["", "no/such/file", "s3://bucket/key", "file://host/a", "a\0b"])
def test_no_digest_of_what_is_not_here(uri: str) -> None:
    assert capture.digest(uri) is None


@pytest.mark.skipif(sys.platform == "win32", reason="named pipes have no name in Windows' folders")
def test_a_pipe_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert capture.digest(str(tmp_path / "pipe")) is None


def test_no_digest_beyond_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_text("12345")
    (tmp_path / "b").write_text("12345")
    monkeypatch.setattr(capture, "DIGEST_LIMIT", 9)
    assert capture.digest(str(tmp_path)) is None
    assert capture.digest(str(tmp_path / "a")) is not None


def test_the_commit_and_whether_files_differ(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def git(*arguments: str) -> None:
        who = ("-c", "user.name=a", "-c", "user.email=a@example.org")
        subprocess.run(["git", *who, *arguments], cwd=tmp_path, check=True, capture_output=True)

    try:
        git("init", "-q")
    except FileNotFoundError:
        pytest.skip("there is no git")
    (tmp_path / "a").write_text("1")
    git("add", "a")
    git("commit", "-qm", "first")
    clean = capture._git(str(tmp_path))
    (tmp_path / "a").write_text("2")
    assert clean["git_dirty"] is False
    assert capture._git(str(tmp_path)) == {**clean, "git_dirty": True}
    assert len(str(clean["git_commit"])) == 40
    git("commit", "-qam", "second")
    changed = capture._git(str(tmp_path))
    assert changed["git_dirty"] is False
    assert changed["git_commit"] not in (clean["git_commit"], None)


def test_without_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    found = capture.surroundings()
    assert found.keys() == {"command_line", "python_version"}


def test_packages_are_those_that_are_imported() -> None:
    found = capture.packages()
    assert found["pytest"] == pytest.__version__
    assert all(isinstance(version, str) for version in found.values())
