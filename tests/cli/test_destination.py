"""Files that commands write: whole or not at all, and never over another unless told to."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from lineage_graph.cli.destination import STDOUT, check_free, destination
from lineage_graph.errors import AlreadyExists, NotFound


def test_a_file_is_replaced_only_when_told(tmp_path: Path) -> None:
    file = tmp_path / "lineage.svg"
    check_free(file, force=False)
    check_free(STDOUT, force=False)
    file.write_text("mine")
    check_free(file, force=True)
    with pytest.raises(AlreadyExists, match=r"exists\. Use --force to replace it\."):
        check_free(file, force=False)
    with pytest.raises(NotFound, match="There is no folder"):
        check_free(tmp_path / "none" / "lineage.svg", force=True)


def test_what_fails_leaves_what_was_there(tmp_path: Path) -> None:
    file = tmp_path / "lineage.svg"
    file.write_text("mine")

    def write(number: int) -> None:
        with destination(file) as stream:
            stream.write(b"half")
            stream.write(b"%d" % (1 // number))

    with pytest.raises(ZeroDivisionError):
        write(0)
    assert [(path, path.read_text()) for path in tmp_path.iterdir()] == [(file, "mine")]


@pytest.mark.skipif(sys.platform == "win32", reason="modes are those of POSIX")
def test_who_may_read_a_file_stays_so(tmp_path: Path) -> None:
    (tmp_path / "other").touch()
    file = tmp_path / "lineage.svg"
    with destination(file):
        pass
    assert file.stat().st_mode == (tmp_path / "other").stat().st_mode
    file.chmod(0o640)
    with destination(file):
        pass
    assert file.stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(sys.platform == "win32", reason="devices have other names there")
def test_a_device_is_written_and_never_replaced(tmp_path: Path) -> None:
    device = tmp_path / "device"
    device.symlink_to(os.devnull)
    check_free(device, force=False)
    with destination(device) as stream:
        stream.write(b"gone")
    assert device.is_symlink()
