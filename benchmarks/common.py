"""What the benchmarks share: their arguments, interleaved rounds, medians and ratios."""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable


def arguments(description: str) -> argparse.ArgumentParser:
    """Return a parser with what all benchmarks take."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--rounds", type=int, default=3, help="rounds, of which the median counts")
    parser.add_argument("--engine", choices=["embedded", "neo4j"], help="only this engine")
    return parser


def seconds(work: Callable[[], object]) -> float:
    """Return how long work takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def compare(
    what: str,
    ours: Callable[[], object],
    floor: Callable[[], object],
    rounds: int,
    items: int,
    unit: str,
) -> None:
    """Run both in turns, and print the medians and their ratio."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        times[0].append(seconds(ours))
        times[1].append(seconds(floor))
    mine, least = (statistics.median(part) for part in times)
    print(
        f"{what:<34} ours {items / mine:>9,.0f} {unit}/s   floor {items / least:>9,.0f} {unit}/s"
        f"   ours takes {mine / least:.2f}x the time"
    )
