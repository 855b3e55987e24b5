"""How long a long DVC history takes to read: 20,000 commits, each of which runs a stage or more.

The repository is made by ``git fast-import``: four stages, of which the first changes every 40
commits, the second every eighth, the third every second, the last in each; 200 files beside them.
Beside the whole, the same commits are walked without looking at what they hold.

    python benchmarks/dvc_history.py --commits 20000
"""

from __future__ import annotations

import argparse
import hashlib
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO

sys.path.insert(0, str(Path(__file__).parents[1]))

from lineage_graph.exchange.dvc import DvcSource
from lineage_graph.exchange.git import CommitHistory, Repository

STAGES = (("prepare", 40), ("featurize", 8), ("train", 2), ("evaluate", 1))


def make(folder: Path, commits: int) -> None:
    """Make a bare repository with so many commits."""
    subprocess.run(["git", "init", "-q", "--bare", str(folder)], check=True)
    with subprocess.Popen(
        ["git", "fast-import", "--quiet"], cwd=folder, stdin=subprocess.PIPE
    ) as git:
        assert git.stdin is not None
        for number in range(commits):
            _commit(git.stdin, number)


def _commit(stream: IO[bytes], number: int) -> None:
    when = 1_600_000_000 + 60 * number
    stream.write(b"commit refs/heads/main\ncommitter A <a@example.org> %d +0000\n" % when)
    _data(stream, b"run %d" % number)
    measured = b'{"acc": %d}' % number
    if number == 0:
        metrics = b"    metrics:\n    - metrics.json:\n        cache: false\n"
        _file(stream, "dvc.yaml", b"stages:\n  evaluate:\n    cmd: run\n" + metrics)
        for place in range(200):
            _file(stream, f"src/part{place % 10}/{place}.py", b"%d" % place)
    _file(stream, "metrics.json", measured)
    _file(stream, "dvc.lock", _lock(number, measured))


def _lock(number: int, measured: bytes) -> bytes:
    lines = ["schema: '2.0'", "stages:"]
    path, version = "raw.csv", _md5(b"raw %d" % (number // 40))
    for name, every in STAGES:
        lines += [f"  {name}:", f"    cmd: python {name}.py", "    deps:"]
        lines += [f"    - path: {path}", "      hash: md5", f"      md5: {version}"]
        lines += ["    params:", "      params.yaml:", f"        {name}.seed: {number // every}"]
        path, version = f"{name}.out", _md5(f"{name} {number // every}".encode())
        if name == "evaluate":
            path, version = "metrics.json", _md5(measured)
        lines += ["    outs:", f"    - path: {path}", "      hash: md5", f"      md5: {version}"]
    return "\n".join([*lines, ""]).encode()


def _md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def _file(stream: IO[bytes], path: str, content: bytes) -> None:
    stream.write(b"M 100644 inline " + path.encode() + b"\n")
    _data(stream, content)


def _data(stream: IO[bytes], content: bytes) -> None:
    stream.write(b"data %d\n" % len(content) + content + b"\n")


def main() -> None:
    """Make the repository, read it, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--commits", type=int, default=20_000)
    commits = parser.parse_args().commits
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.git"
        make(path, commits)
        begin = time.perf_counter()
        repository = Repository(path)
        history = CommitHistory(repository, repository.refs.values())
        walked = sum(1 for _ in history.commits(set()))
        repository.close()
        walk = time.perf_counter() - begin
        del history
        begin = time.perf_counter()
        with DvcSource(path) as source:
            sizes = [len(batch) for batch in source.batches()]
        took = time.perf_counter() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{walked:,} commits walked in {walk:.1f} s")
    print(
        f"{sum(sizes):,} nodes in {len(sizes):,} batches in {took:.1f} s "
        f"({took / walk:.1f} times the walk), at most {peak:.0f} MB in memory"
    )


if __name__ == "__main__":
    main()
