"""Mutation testing: ``python -m tests.mutation --sample 300 --seed 1``.

Takes a random sample of small changes of the code (cosmic-ray's operators: a flipped comparison, a
dropped ``not``, another number), and runs for each the tests that lie nearest, on the embedded engine.
A mutant that no test notices survived. It works in copies of the checkout, one for each worker, and
prints the survivors and a table. ``--equivalent FILE`` names mutants, a line each as they are printed,
that change nothing that can be observed. Before it begins, the tests must pass on the code as it is. cosmic-ray is needed: ``pip install cosmic-ray``.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from lineage_graph.engines import start_engine, stop_engine
from lineage_graph.settings import Settings

ROOT = Path(__file__).parents[1]
PACKAGES = {
    "lineage_graph/filters": ["tests/filters"],
    "lineage_graph/store/reading": [
        "tests/store/reading",
        "tests/store/test_ask.py",
        "tests/filters/test_short.py",
    ],
    "lineage_graph/store/writing": ["tests/store/writing"],
    "lineage_graph/store/loading": [
        "tests/store/loading",
        "tests/exchange/test_journey.py",
        "tests/exchange/openlineage/test_streaming.py",
        "tests/exchange/openlineage/test_reconciliation.py",
    ],
    "lineage_graph/store": [
        "tests/store/test_ask.py",
        "tests/store/test_console.py",
        "tests/store/test_schema.py",
        "tests/store/test_values.py",
        "tests/store/test_lost_connection.py",
        "tests/store/test_terminated.py",
        "tests/store/writing",
    ],
    "lineage_graph/questions/differences": [
        "tests/questions/differences",
        "tests/server/test_differences.py",
    ],
    "lineage_graph/exchange/openlineage": [
        "tests/exchange/openlineage",
        "tests/server/test_openlineage.py",
    ],
    "lineage_graph/server/security.py": [
        "tests/server/test_security.py",
        "tests/server/test_asking.py",
    ],
    "lineage_graph/drawing/files": ["tests/drawing/files", "tests/server/test_takeaway.py"],
    "lineage_graph/recorder": ["tests/recorder"],
}
"""What is mutated, and the tests that should notice, beside those of the same name."""
_PAIRS = (
    *(("Lt", "LtE"), ("LtE", "Lt"), ("Gt", "GtE"), ("GtE", "Gt"), ("Eq", "NotEq")),
    *(("NotEq", "Eq"), ("Lt", "GtE"), ("Gt", "LtE"), ("Is", "IsNot"), ("IsNot", "Is")),
)
OPERATORS = (
    *(f"core/ReplaceComparisonOperator_{old}_{new}" for old, new in _PAIRS),
    *(
        f"core/ReplaceBinaryOperator_{pair}"
        for pair in ("Add_Sub", "Sub_Add", "Mul_Div", "BitOr_BitAnd")
    ),
    "core/AddNot",
    "core/ExceptionReplacer",
    "core/NumberReplacer",
    "core/ReplaceAndWithOr",
    "core/ReplaceBreakWithContinue",
    "core/ReplaceContinueWithBreak",
    "core/ReplaceFalseWithTrue",
    "core/ReplaceOrWithAnd",
    "core/ReplaceTrueWithFalse",
    "core/ReplaceUnaryOperator_Delete_Not",
    "core/ZeroIterationForLoop",
)
_TIMEOUT = 300  # seconds for the tests of a mutant
_PER_ENGINE = 60  # mutants after which the engine is started anew: it keeps the types of all tests


@dataclass(frozen=True)
class Mutant:
    """A change of one line of a file; ``code`` is the whole changed file."""

    package: str
    path: str
    operator: str
    line: int
    before: str
    after: str
    code: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.before} -> {self.after}"


def places(package: str) -> Iterator[tuple[str, Path, str, int]]:
    """Yield where operators apply: the package, a file of its own, the operator, and the how manieth place."""
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.plugins import get_operator

    home = ROOT / package
    for file in sorted(home.glob("*.py")) if home.is_dir() else [home]:
        nodes = list(ast_nodes(get_ast(file.read_text(encoding="utf-8"))))
        for name in OPERATORS:
            operator = get_operator(name)()
            count = sum(len(list(operator.mutation_positions(node))) for node in nodes)
            yield from ((package, file, name, number) for number in range(count))


def sample(packages: Sequence[str], size: int, seed: int) -> tuple[list[Mutant], int]:
    """Return mutants drawn at random, and of how many places."""
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator

    every = [place for package in packages for place in places(package)]
    random.Random(seed).shuffle(every)
    chosen: list[Mutant] = []
    for package, file, name, number in every:
        if len(chosen) == size:
            break
        code = file.read_text(encoding="utf-8")
        changed = mutate_code(code, get_operator(name)(), number)
        found = _mutant(package, file, name, code, changed) if changed is not None else None
        if found is not None:
            chosen.append(found)
    return chosen, len(every)


def _mutant(package: str, file: Path, operator: str, code: str, changed: str) -> Mutant | None:
    """Return the mutant; None where only annotations differ, or where it is no Python."""
    try:
        if _behaviour(code) == _behaviour(changed):
            return None
    except SyntaxError:
        return None
    old, new = code.splitlines(), changed.splitlines()
    line = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), 0)
    path = file.relative_to(ROOT).as_posix()
    before, after = (lines[line].strip() if line < len(lines) else "" for lines in (old, new))
    return Mutant(package, path, operator, line + 1, before, after, changed)


class _WithoutAnnotations(ast.NodeTransformer):
    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        node.returns = None
        self.generic_visit(node)
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        node.annotation = ast.Constant(None)
        self.generic_visit(node)
        return node


def _behaviour(code: str) -> str:
    return ast.dump(_WithoutAnnotations().visit(ast.parse(code)))


def tests_of(mutant: Mutant) -> list[str]:
    """Return the test files and folders for a mutant, the nearest first."""
    inner = Path(mutant.path).relative_to("lineage_graph")
    name = f"test_{inner.stem.lstrip('_')}.py"
    near = [Path("tests") / inner.parent / name, Path("tests") / inner.parent.parent / name]
    found = [path.as_posix() for path in near if (ROOT / path).exists()]
    return list(dict.fromkeys([*found, *PACKAGES[mutant.package]]))


class Worker:
    """A copy of the checkout, and an engine that its tests share."""

    def __init__(self, folder: Path) -> None:
        self._copy = folder / "copy"
        ignored = shutil.ignore_patterns(
            ".git", ".venv", "__pycache__", "*.egg-info", ".*_cache", "site"
        )
        shutil.copytree(ROOT, self._copy, ignore=ignored)
        self._settings = Settings(folder=folder / "engine", engine_linger=3600)
        self._done = 0
        start_engine(self._settings)

    def outcome(self, mutant: Mutant) -> str:
        """Return whether the tests noticed: killed, survived or timed out."""
        self._done += 1
        if self._done % _PER_ENGINE == 0:
            self._restart()
        file = self._copy / mutant.path
        whole = file.read_text(encoding="utf-8")
        file.write_text(mutant.code, encoding="utf-8")
        try:
            return self._run(tests_of(mutant))
        finally:
            file.write_text(whole, encoding="utf-8")

    def _run(self, files: Sequence[str]) -> str:
        paths = {"PYTHONPATH": str(self._copy), "PYTHONDONTWRITEBYTECODE": "1"}
        shared = {"LINEAGE_GRAPH_TEST_FOLDER": str(self._settings.folder), "CI": "true"}
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-x",
            "-q",
            "-k",
            "not neo4j",
            "-p",
            "no:cacheprovider",
        ]
        process = subprocess.Popen(
            [*command, *files],
            cwd=self._copy,
            env=os.environ | paths | shared,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            code = process.wait(_TIMEOUT)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            self._restart()
            return "timed out"
        return "survived" if code == 0 else "killed"

    def check_baseline(self, package: str) -> None:
        """Run a package's tests on the code as it is: a test that fails anyway notices nothing."""
        if self._run(PACKAGES[package]) != "survived":
            raise SystemExit(f"The tests of {package} fail, or take too long, without a mutation.")

    def _restart(self) -> None:
        self.close()
        shutil.rmtree(self._settings.folder, ignore_errors=True)
        start_engine(self._settings)

    def close(self) -> None:
        """Stop the engine."""
        stop_engine(self._settings)


def main() -> None:
    """Run the sample and print what survived."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sample", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--package", action="append", choices=list(PACKAGES))
    parser.add_argument("--equivalent", type=Path, help="mutants that change nothing, a line each")
    given = parser.parse_args()
    known = set(given.equivalent.read_text().splitlines()) if given.equivalent else set()
    chosen, count = sample(given.package or list(PACKAGES), given.sample, given.seed)
    print(f"{count:,} places, {len(chosen):,} mutants tried", flush=True)
    table: Counter[tuple[str, str]] = Counter()
    local, lock = threading.local(), threading.Lock()
    workers: list[Worker] = []
    with tempfile.TemporaryDirectory() as folder:

        def begin() -> None:
            with lock:
                local.worker = Worker(Path(folder) / f"{len(workers)}")
                workers.append(local.worker)

        def run(mutant: Mutant) -> tuple[Mutant, str, float]:
            started = time.monotonic()
            told = "equivalent" if str(mutant) in known else local.worker.outcome(mutant)
            return mutant, told, time.monotonic() - started

        with ThreadPoolExecutor(given.workers, initializer=begin) as pool:
            packages = sorted({mutant.package for mutant in chosen})
            list(pool.map(lambda package: local.worker.check_baseline(package), packages))
            for mutant, told, seconds in pool.map(run, chosen):
                table[mutant.package, told] += 1
                if told not in ("killed", "equivalent"):
                    print(f"{told} ({seconds:.0f} s): {mutant}", flush=True)
        for worker in workers:
            worker.close()
    _report(table)


def _report(table: Counter[tuple[str, str]]) -> None:
    outcomes = ("killed", "timed out", "equivalent", "survived")
    print(f"{'package':<40}{'mutants':>9}" + "".join(f"{name:>12}" for name in outcomes))
    for package in (*PACKAGES, "all"):
        counts = [
            sum(n for (of, told), n in table.items() if told == name and package in (of, "all"))
            for name in outcomes
        ]
        if sum(counts):
            print(f"{package:<40}{sum(counts):>9}" + "".join(f"{count:>12}" for count in counts))


if __name__ == "__main__":
    main()
