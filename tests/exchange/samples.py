"""Sound inputs of every reader, to be damaged: small, so that thousands of them are read in a minute."""

from __future__ import annotations

import gzip
import io
import json
import shutil
import subprocess
import tarfile
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from random import Random

from prov.model import ProvDocument
from prov.tests import examples

from lineage_graph.exchange import open_source
from lineage_graph.exchange.jsonl import write_jsonl
from lineage_graph.exchange.prov.writer import write_json
from lineage_graph.exchange.writing import About
from tests.conftest import DATA
from tests.exchange.repositories import Made, unpacked
from tests.exchange.serving import mlflow_server, mlmd_server
from tests.exchange.test_vertex import CONTEXTS, GRAPH
from tests.mutating import changed_cells, changed_json, damaged, text_of

Make = Callable[[Random], Path | str]
"""Makes a damaged input and returns where it lies, or its address; the next one may take its place."""


@dataclass(frozen=True)
class Sample:
    """What a reader reads: ``prepare`` makes use of a folder and gives what makes damaged inputs."""

    name: str
    format: str
    prepare: Callable[[Path], AbstractContextManager[Make]]


def _files(name: str, format: str, make: Callable[[Path], Make]) -> Sample:
    return Sample(name, format, lambda folder: nullcontext(make(folder)))


def _lines(folder: Path) -> Make:
    events = [
        json.loads(line) for line in (DATA / "dbt_ol_events.ndjson").read_bytes().splitlines()
    ]
    small = sorted(events, key=lambda event: len(str(event)))[:20]

    def made(dice: Random) -> Path:
        chosen = dice.sample(small, dice.randint(1, 4))
        if dice.random() < 0.6:
            at = dice.randrange(len(chosen))
            chosen[at] = changed_json(chosen[at], dice)
        content = b"\n".join(map(text_of, chosen))
        if dice.random() < 0.2:
            content = text_of(chosen)
        return _written(folder / "events.ndjson", content, dice)

    return made


def _backup(folder: Path) -> Make:
    text = io.StringIO()
    with open_source(_unzipped("mlmd_v10.sqlite.gz", folder)) as source:
        write_jsonl(source.batches(), text, "sample")
    whole = [json.loads(line) for line in text.getvalue().splitlines()]

    def made(dice: Random) -> Path:
        lines = list(whole)
        if dice.random() < 0.8:
            at = dice.randrange(len(lines))
            lines[at] = changed_json(lines[at], dice)
        content = b"\n".join(map(text_of, lines)) + b"\n"
        return _written(folder / "backup.jsonl", content, dice)

    return made


def _documents(folder: Path) -> Make:
    documents: list[ProvDocument] = [made() for _, made in examples.tests]
    parsed = [json.loads(document.serialize(format="json")) for document in documents]
    notations = [document.get_provn().encode() for document in documents]
    ours = io.BytesIO()
    with open_source(_unzipped("mlmd_v10.sqlite.gz", folder)) as source:
        write_json(source.batches(), ours, About("sample"))
    parsed.append(json.loads(ours.getvalue()))

    def made(dice: Random) -> Path:
        if dice.random() < 0.4:
            return _written(folder / "document.provn", dice.choice(notations), dice, always=True)
        document = dice.choice(parsed)
        if dice.random() < 0.8:
            document = changed_json(document, dice)
        return _written(folder / "document.json", text_of(document), dice)

    return made


def _written(path: Path, content: bytes, dice: Random, always: bool = False) -> Path:
    """Write a file that may be damaged further, and may be compressed."""
    if always or dice.random() < 0.4:
        content = damaged(content, dice)
    if dice.random() < 0.1:
        content = gzip.compress(content, 1)
        content = damaged(content, dice) if dice.random() < 0.5 else content
    path.write_bytes(content)
    return path


def _databases(*names: str) -> Callable[[Path], Make]:
    def make(folder: Path) -> Make:
        whole = [_unzipped(name, folder).read_bytes() for name in names]
        return _database(folder / "store.sqlite", whole)

    return make


def _database(path: Path, whole: list[bytes]) -> Make:
    def made(dice: Random) -> Path:
        content = dice.choice(whole)
        if dice.random() < 0.4:
            path.write_bytes(damaged(content, dice))
            return path
        path.write_bytes(content)
        changed_cells(path, dice)
        return path

    return made


def _unzipped(name: str, folder: Path) -> Path:
    path = folder / name.removesuffix(".gz")
    path.write_bytes(gzip.decompress((DATA / name).read_bytes()))
    return path


def _repositories(name: str) -> Callable[[Path], Make]:
    """Repositories whose git files are damaged, and such with sound git files of damaged contents."""

    def make(folder: Path) -> Make:
        loose = unpacked(name, folder)
        packed = folder / f"{name}_packed"
        shutil.copytree(loose, packed)
        subprocess.run(["git", "repack", "-adfq"], cwd=packed, check=True)
        subprocess.run(["git", "pack-refs", "--all"], cwd=packed, check=True)
        files = {
            home: [path for path in (home / ".git").rglob("*") if _is_git(path)]
            for home in (loose, packed)
        }
        for path in (path for found in files.values() for path in found):
            path.chmod(0o644)
        contents = _contents(loose)
        restored: list[tuple[Path, bytes]] = []

        def made(dice: Random) -> Path:
            while restored:
                path, content = restored.pop()
                path.write_bytes(content)
            if dice.random() < 0.6:
                return _committed(folder / "committed.git", contents, dice)
            home = dice.choice((loose, packed))
            path = dice.choice(files[home])
            restored.append((path, path.read_bytes()))
            path.write_bytes(damaged(restored[-1][1], dice))
            return home

        return made

    return make


def _is_git(path: Path) -> bool:
    parts = ("objects", "refs", "packed-refs", "HEAD", "config")
    return path.is_file() and any(part in path.parts for part in parts)


def _contents(home: Path) -> dict[str, bytes]:
    """Return the files of a repository that its reader looks at."""
    listed = subprocess.run(["git", "ls-files"], cwd=home, check=True, capture_output=True)
    paths = listed.stdout.decode().split()
    shown = {
        path: subprocess.run(["git", "show", f"HEAD:{path}"], cwd=home, capture_output=True)
        for path in paths
    }
    return {path: one.stdout for path, one in shown.items() if len(one.stdout) < 20_000}


def _committed(folder: Path, contents: dict[str, bytes], dice: Random) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    repository = Made(folder)
    parents: tuple[bytes, ...] = ()
    for _ in range(dice.randint(1, 2)):
        files = dict(contents)
        for _ in range(dice.randint(1, 2)):
            path = dice.choice(list(files))
            content = files.pop(path)
            if path.endswith((".json", ".lock", ".yaml")) and dice.random() < 0.3:
                content = _changed_values(content, dice)
            files[path] = damaged(content, dice)
        parents = (repository.commit(files, *parents),)
    return folder


def _changed_values(content: bytes, dice: Random) -> bytes:
    """Return YAML (of which JSON is a part) with values changed."""
    import yaml

    try:
        return text_of(changed_json(yaml.safe_load(content), dice))
    except (yaml.YAMLError, TypeError):
        return content


def _runs(folder: Path) -> Make:
    """MLflow: its database, and the folder its client writes."""
    for name in ("mlflow", "mlruns"):
        with tarfile.open(DATA / f"{name}.tgz") as archive:
            archive.extractall(folder / name, filter="data")
    database = next((folder / "mlflow").rglob("*.db")).read_bytes()
    of_database = _database(folder / "mlflow.db", [database])
    home = next((folder / "mlruns").rglob("meta.yaml")).parents[1]
    files = [path for path in home.rglob("*") if path.is_file()]
    restored: list[tuple[Path, bytes]] = []

    def made(dice: Random) -> Path:
        while restored:
            path, content = restored.pop()
            path.write_bytes(content)
        if dice.random() < 0.6:
            return of_database(dice)
        path = dice.choice(files)
        restored.append((path, path.read_bytes()))
        path.write_bytes(damaged(restored[-1][1], dice))
        return home

    return made


def _vertex(folder: Path) -> Make:
    """Vertex ML Metadata's answers, as its tests write them."""
    documents = [GRAPH, CONTEXTS, [GRAPH, CONTEXTS]]

    def made(dice: Random) -> Path:
        content = text_of(changed_json(dice.choice(documents), dice))
        return _written(folder / "vertex.json", content, dice)

    return made


def _pipeline(folder: Path) -> Make:
    """TFX: a pipeline's folder, of which the metadata or a file is damaged."""
    root = folder / "penguin"
    shutil.copytree(DATA / "tfx_files", root / "pipelines" / "penguin_local_keras")
    (root / "metadata").mkdir()
    database = root / "metadata" / "metadata.db"
    sound = (DATA / "tfx_mlmd.sqlite").read_bytes()
    definition = {"pipelineSpec": {"pipelineInfo": {"name": "penguin_local_keras"}}}
    (root / "pipeline.json").write_bytes(text_of(definition))
    files = [path for path in root.rglob("*") if path.is_file()]
    contents = {path: path.read_bytes() for path in files}
    of_database = _database(database, [sound])

    def made(dice: Random) -> Path:
        for path in files:
            path.write_bytes(contents[path])
        database.write_bytes(sound)
        path = dice.choice(files)
        if dice.random() < 0.2:
            of_database(dice)
        elif path.suffix == ".json" and dice.random() < 0.5:
            path.write_bytes(text_of(changed_json(definition, dice)))
        else:
            path.write_bytes(damaged(contents[path], dice))
        return root

    return made


SAMPLES = {
    sample.name: sample
    for sample in (
        _files("openlineage", "openlineage", _lines),
        _files("jsonl", "jsonl", _backup),
        _files("prov", "prov", _documents),
        _files(
            "mlmd",
            "mlmd",
            _databases("mlmd_v10.sqlite.gz", "mlmd_v7.sqlite.gz", "mlmd_v4.sqlite.gz"),
        ),
        Sample("mlmd-grpc", "mlmd", mlmd_server),
        _files("tfx", "tfx", _pipeline),
        _files("vertex", "vertex", _vertex),
        _files("dvc", "dvc", _repositories("dvc_repo")),
        _files("git", "git", _repositories("lfs_repo")),
        _files("mlflow", "mlflow", _runs),
        Sample("mlflow-rest", "mlflow", mlflow_server),
    )
}
