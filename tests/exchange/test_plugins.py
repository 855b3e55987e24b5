"""Readers and writers of other packages: the template of ``examples``, installed, and ones that are broken."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from lineage_graph.errors import BadFile, FailedPrecondition, InvalidArgument
from lineage_graph.exchange import open_source, plugins

EXAMPLE = Path(__file__).parents[2] / "examples" / "custom_reader"
LINES = """run,step,direction,path,sha256
monday,train,input,data/train.csv,aa
monday,train,output,model.bin,bb
monday,train,sideways,model.bin,bb
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which pip installed the example, without asking any other machine."""
    folder = tmp_path_factory.mktemp("site")
    options = ["--no-index", "--no-deps", "--no-build-isolation", "--no-cache-dir", "-q"]
    command = [sys.executable, "-m", "pip", "install", *options, "--target", str(folder)]
    subprocess.run([*command, str(EXAMPLE)], check=True)
    return folder


def run(
    folder: Path, environment: dict[str, str], *arguments: str
) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join([str(folder), *filter(None, [os.environ.get("PYTHONPATH")])])
    return subprocess.run(
        [sys.executable, "-m", "lineage_graph", *arguments],
        env=os.environ | environment | {"PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_example_reads_and_writes(installed: Path, tmp_path: Path) -> None:
    environment = {"LINEAGE_GRAPH_FOLDER": str(tmp_path / "store")}
    (tmp_path / "runs.csv").write_text(LINES)
    done = run(installed, environment, "import", str(tmp_path / "runs.csv"), "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["format"], told["nodes"], told["links"]) == ("csv", 4, 3)
    assert told["problems"][0]["place"].endswith("runs.csv:4")
    out = tmp_path / "out.lineage.csv"
    done = run(installed, environment, "export", str(out))
    assert done.returncode == 0, done.stderr
    assert sorted(out.read_text().split()) == sorted(LINES.split()[:3])
    told = json.loads(run(installed, environment, "doctor", "--json").stdout)
    assert (told["plugins"], told["left_out"]) == (["csv", "csv"], [])
    assert run(installed, environment, "engine", "stop").returncode == 0


def test_what_cannot_be_loaded_is_left_out_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "lineage_broken-1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: lineage-broken\nVersion: 1.0\n")
    (folder / "entry_points.txt").write_text(
        "[lineage_graph.readers]\ngone = lineage_broken:Gone\nbad = json:__name__\n"
        "[lineage_graph.writers]\nbad = json:dumps\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    plugins._load.cache_clear()
    try:
        assert plugins.plugin_readers() == plugins.plugin_writers() == {}
        gone, bad, writer = sorted(plugins.failures(), key=lambda one: (one.group, -len(one.name)))
        assert str(gone) == (
            "gone of lineage-broken (lineage_graph.readers): "
            "ModuleNotFoundError: No module named 'lineage_broken'"
        )
        assert (bad.reason, writer.reason) == (
            "TypeError: json:__name__ is no reader",
            "TypeError: json:dumps is no writer",
        )
        with pytest.raises(FailedPrecondition, match="'gone' of lineage-broken cannot be loaded"):
            open_source(tmp_path, "gone")
        with pytest.raises(InvalidArgument, match="There is no format 'never'"):
            open_source(tmp_path, "never")
        (tmp_path / "notes.txt").write_text("hello")
        with pytest.raises(BadFile, match="nothing that a reader knows"):
            open_source(tmp_path / "notes.txt")
    finally:
        plugins._load.cache_clear()


def test_a_reader_that_fails_to_look_leaves_it_to_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Fails:
        @staticmethod
        def recognises(where: object, head: bytes) -> bool:
            raise RuntimeError("never")

    monkeypatch.setattr(plugins, "plugin_readers", lambda: {"fails": Fails})
    assert plugins.recognised_by_plugin(tmp_path, b"") is None
