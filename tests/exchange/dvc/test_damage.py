"""A repository whose files were damaged anywhere: a problem or an error of ours, never a crash."""

from __future__ import annotations

import random
import shutil
import subprocess
import time
from pathlib import Path

from lineage_graph.errors import LineageError
from lineage_graph.exchange.dvc import DvcSource
from tests.exchange.repositories import unpacked

ROUNDS = 60


def test_damage_anywhere_is_told(tmp_path: Path) -> None:
    loose = unpacked("dvc_repo", tmp_path)
    packed = tmp_path / "packed"
    shutil.copytree(loose, packed)
    subprocess.run(["git", "repack", "-adfq"], cwd=packed, check=True)
    subprocess.run(["git", "pack-refs", "--all"], cwd=packed, check=True)
    whole = _read(loose)
    assert whole == _read(packed)
    chance = random.Random(11)
    told = 0
    for folder in (loose, packed):
        files = [path for path in (folder / ".git").rglob("*") if _counts(path)]
        for path in files:
            path.chmod(0o644)
        for _ in range(ROUNDS):
            path = chance.choice(files)
            content = path.read_bytes()
            changed = bytearray(content)
            for _ in range(chance.randint(1, 6)):
                place = chance.randrange(len(changed))
                if chance.random() < 0.8:
                    changed[place] ^= chance.randint(1, 255)
                else:
                    del changed[place + 1 :]
                    break
            path.write_bytes(changed)
            begin = time.process_time()
            told += _read(folder) != whole
            assert time.process_time() - begin < 2
            path.write_bytes(content)
    assert told > ROUNDS / 2
    assert _read(packed) == whole


def _counts(path: Path) -> bool:
    """True for files that hold objects and refs."""
    return path.is_file() and any(part in path.parts for part in ("objects", "refs", "packed-refs"))


def _read(folder: Path) -> tuple[int, int]:
    """Return how many nodes a reading brings and how many problems; none where it is refused."""
    try:
        with DvcSource(folder) as source:
            nodes = sum(len(batch) for batch in source.batches())
            return nodes, len(source.problems)
    except LineageError:
        return 0, 1
