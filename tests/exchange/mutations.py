"""Damaged inputs for every reader: an error of ours or problems with their places, never a crash or a hang.

    python -m tests.exchange.mutations [--count 10000] [--reader dvc] [--seed 1] [--first 0]

Each input is made from a seed and its number, so one that fails can be made again. What does come
across must make sense by itself: it is looked at as a store would.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from functools import partial
from pathlib import Path
from random import Random

from lineage_graph.errors import LineageError
from lineage_graph.exchange import open_source
from lineage_graph.exchange.base import Source
from lineage_graph.model import ENDS, Kind, Subgraph
from tests.exchange.samples import SAMPLES, Sample
from tests.mutating import Tally

LONGEST = 10  # seconds that one input may take


def outcome(sample: Sample, place: Path | str) -> str:
    """Read an input; return how it ended.

    Raises:
        AssertionError: what came across makes no sense, or an error does not say where.
        Exception: a reader crashed.
    """
    try:
        with open_source(place, sample.format) as source:
            checked(source)
    except LineageError as error:
        if (place if isinstance(place, str) else place.name) not in error.message:
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


def run(sample: Sample, numbers: range, seed: int) -> Tally:
    """Read so many damaged inputs; return how they ended."""
    tally = Tally(sample.name)
    with tempfile.TemporaryDirectory() as folder, sample.prepare(Path(folder)) as made:
        for number in numbers:
            place = made(Random(f"{seed} {sample.name} {number}"))
            tally.note(str(number), partial(outcome, sample, place), LONGEST)
    return tally


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
        tally = run(SAMPLES[name], numbers, given.seed)
        print(tally.told(), flush=True)
        bad = bad or bool(tally.failed)
    sys.exit(bad)


if __name__ == "__main__":
    main()
