"""The wheel and the source archive hold what is needed: they are built, and the wheel is used without the checkout."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests.conftest import DATA
from tests.house.files import ROOT, tracked


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds what the wheel installs, and nothing else."""
    folder = tmp_path_factory.mktemp("site")
    options = ["--no-index", "--no-deps", "--no-build-isolation", "--no-cache-dir", "-q"]
    command = [sys.executable, "-m", "pip", "install", *options, "--target", str(folder), str(ROOT)]
    subprocess.run(command, check=True)
    return folder


def test_the_first_command_of_the_readme_works_from_the_wheel(site: Path, tmp_path: Path) -> None:
    environment = os.environ | {
        "PYTHONPATH": str(site),
        "LINEAGE_GRAPH_FOLDER": str(tmp_path / "s"),
    }
    where = [sys.executable, "-c", "import lineage_graph; print(lineage_graph.__file__)"]
    found = subprocess.run(where, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert found.stdout.strip().startswith(str(site)), found.stderr
    sample = str(DATA / "tfx_mlmd.sqlite")
    command = [sys.executable, "-m", "lineage_graph", "open", sample, "--no-browser", "--json"]
    with subprocess.Popen(
        [*command, "--port", "0"], cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            told = json.loads(process.stdout.readline())
            assert told["imported"]["nodes"] > 100
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


def test_the_source_archive_is_complete(tmp_path: Path) -> None:
    code = (
        "import sys; from hatchling.builders.sdist import SdistBuilder; "
        f"print(next(SdistBuilder({str(ROOT)!r}).build(directory={str(tmp_path)!r})))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    with tarfile.open(done.stdout.strip()) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    left_out = {".github", ".ci", ".gitignore", ".dockerignore", ".pre-commit-config.yaml"}
    wanted = {path.relative_to(ROOT).as_posix() for path in tracked()}
    missing = {name for name in wanted - held if name.split("/")[0] not in left_out}
    assert not missing
