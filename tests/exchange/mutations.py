"""Damaged inputs for every reader: an error of ours or problems with their places, never a crash or a hang.

    python -m tests.exchange.mutations [--count 10000] [--reader dvc] [--seed 1] [--first 0]

Each input is made from a seed and its number, so one that fails can be made again. What does come
across must make sense by itself: it is looked at as a store would.
"""

from __future__ import annotations

import argparse
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from types import FrameType

from lineage_graph.errors import LineageError
from lineage_graph.exchange import open_source
from lineage_graph.exchange.base import Source
from lineage_graph.model import ENDS, Kind, Subgraph
from tests.exchange.samples import SAMPLES, Sample

LONGEST = 10  # seconds that one input may take


class Hang(BaseException):
    """A reader did not come to an end."""


def outcome(sample: Sample, path: Path) -> str:
    """Read an input; return how it ended.

    Raises:
        AssertionError: what came across makes no sense, or an error does not say where.
        Exception: a reader crashed.
    """
    try:
        with open_source(path, sample.format) as source:
            checked(source)
    except LineageError as error:
        if path.name not in error.message:
            raise AssertionError("it does not say of which file it tells") from error
        return "refused"
    for problem in source.problems:
        assert problem.place, problem
        assert problem.reason, problem
    return "read with problems" if source.problems else "read"


def checked(source: Source) -> None:
    """Take all batches, and see that each makes sense beside those before it."""
    seen: set[tuple[Kind, str]] = set()
    ids: dict[Kind, set[int]] = {kind: set() for kind in Kind}
    for batch in source.batches():
        for name in Subgraph.model_fields:
            for item in getattr(batch, name):
                type(item).model_validate(item.model_dump())
                item.model_dump_json().encode()  # half a character cannot be stored
        for node in batch.nodes:
            assert node.id is not None
            ids[node.kind].add(node.id)
            if source.keyed:
                assert node.origin, node
                assert node.type or (node.kind, node.origin) in seen, f"{node.origin} was not told"
                seen.add((node.kind, node.origin))
        for name, ends in ENDS.items():
            for link in getattr(batch, name):
                for end, kind in ends.items():
                    assert getattr(link, end) in ids[kind], link
        if source.keyed:  # each batch stands for itself
            Subgraph.model_validate(dict(batch))
            ids = {kind: set() for kind in Kind}


@contextmanager
def watched(seconds: int) -> Iterator[None]:
    """Interrupt what takes longer."""

    def late(number: int, frame: FrameType | None) -> None:
        raise Hang

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def run(sample: Sample, numbers: range, seed: int) -> tuple[Counter[str], list[str], float]:
    """Read so many damaged inputs; return how they ended, what failed, and the longest time."""
    ends: Counter[str] = Counter()
    failed: list[str] = []
    longest = 0.0
    with tempfile.TemporaryDirectory() as folder:
        made = sample.make(Path(folder))
        for number in numbers:
            path = made(Random(f"{seed} {sample.name} {number}"))
            begin = time.perf_counter()
            try:
                with watched(LONGEST):
                    ends[outcome(sample, path)] += 1
            except (Exception, Hang):
                ends["failed"] += 1
                failed.append(f"{sample.name} {number}\n{traceback.format_exc(limit=-6)}")
            longest = max(longest, time.perf_counter() - begin)
    return ends, failed, longest


def main() -> None:
    """Damage inputs of each reader, or of one, and print how they ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000, help="inputs of each reader")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--reader", choices=list(SAMPLES), help="only this one")
    parser.add_argument("--first", type=int, default=0, help="begin with the input of this number")
    given = parser.parse_args()
    numbers = range(given.first, given.first + given.count)
    bad = False
    for name in [given.reader] if given.reader else SAMPLES:
        begin = time.perf_counter()
        ends, failed, longest = run(SAMPLES[name], numbers, given.seed)
        told = ", ".join(f"{count:,} {end}" for end, count in sorted(ends.items()))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{name:<12} {told}; at most {longest:.2f} s each, {peak:.0f} MB; "
            f"{time.perf_counter() - begin:.0f} s",
            flush=True,
        )
        for one in {text.splitlines()[-1]: text for text in failed}.values():  # of each kind
            print(one)
        bad = bad or bool(failed)
    sys.exit(bad)


if __name__ == "__main__":
    main()
