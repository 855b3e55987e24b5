"""How long layouts take, how little moves when a lineage grows, and how often wires cross.

    python -m benchmarks.layout [--rounds 3] [--only times|moves|crossings]

Crossings are counted as drawn, with all bends, against graphviz's `dot` (from its package) and igraph's
Sugiyama layout (`pip install igraph`), each at its defaults; what is not installed is left out.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import random
import shutil
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise

from benchmarks.common import seconds
from lineage_graph.drawing.layout.layered import ROW, Point, place
from tests.drawing import shapes
from tests.drawing.moves import moved

Route = list[Point]

TIMED: dict[str, tuple[shapes.Graph, float]] = {
    "standard 1,000": (shapes.standard(1_000), 500),
    "standard 5,000": (shapes.standard(5_000), 500),
    "standard 10,000": (shapes.standard(10_000), 1500),
    "standard 20,000": (shapes.standard(20_000), 3000),
    "deep 1,000": (shapes.deep(1_000), 500),
    "deep 5,000": (shapes.deep(5_000), 500),
    "deep 10,000": (shapes.deep(10_000), 1500),
    "deep 20,000": (shapes.deep(20_000), 3000),
    "tree 10,000": (shapes.tree(10_000), 1500),
    "chain 500": (shapes.chain(500), 100),
    "chain 10,000": (shapes.chain(10_000), 1500),
    "fan 5,000": (shapes.fan(5_000), 100),
    "into 5,000": (shapes.into(5_000), 100),
    "ladder 10,000": (shapes.ladder(3_333), 1500),
}


def times(rounds: int) -> None:
    """Print how long each shape takes, and what it may take."""
    print(f"{'layout of':<18}{'nodes':>8}{'edges':>8}{'ms':>8}{'ms of this process':>20}{'may':>8}")
    for name, (graph, most) in TIMED.items():
        spent: list[float] = []
        own: list[float] = []
        for _ in range(rounds):
            begin = time.process_time()
            spent.append(seconds(lambda graph=graph: place(*graph)))
            own.append(time.process_time() - begin)
        print(
            f"{name:<18}{graph[0]:>8,}{len(graph[1]):>8,}{statistics.median(spent) * 1000:>8.0f}"
            f"{statistics.median(own) * 1000:>20.0f}{most:>8.0f}"
        )


def moves(seeds: int = 20) -> None:
    """Print which part of the old nodes moves by more than a row when there is 1 % more."""
    print(f"\n1 % more: old nodes that move by more than a row ({ROW:g})")
    print(f"{'nodes':>7}{'pictures':>10}{'mean':>8}{'most':>8}{'above 5 %':>11}")
    for count in (100, 200, 300, 500, 1000, 2000, 5000):
        parts = []
        for seed in range(seeds if count < 5000 else seeds // 4):
            chance = random.Random(seed)
            lineage = shapes.Lineage(
                seed,
                steps=chance.choice((3, 5, 8, 12)),
                deep=chance.choice((0, 0.1, 0.5, 0.95)),
                reuse=chance.choice((0, 0.15, 0.4)),
            )
            old, new = lineage.grow(count), lineage.grow(count + count // 100)
            parts.append(moved(place(*old), place(*new)))
        above = sum(part > 0.05 for part in parts)
        print(
            f"{count:>7,}{len(parts):>10}{statistics.mean(parts):>8.1%}{max(parts):>8.1%}{above:>11}"
        )


def crossed() -> Iterator[tuple[str, shapes.Graph]]:
    """Yield the graphs whose crossings are counted."""
    for seed, count in enumerate((30, 60, 100, 150, 200, 300, 400, 500, 700, 1000), 1):
        yield f"standard {count:,}", shapes.standard(count, seed)
    for seed, count in enumerate((60, 100, 200, 300, 500, 1000), 1):
        yield f"deep {count:,}", shapes.deep(count, seed)
    for seed, count in enumerate((100, 500), 1):
        yield f"tree {count:,}", shapes.tree(count, seed)
    yield "ladder 300", shapes.ladder(100)
    yield "parts 300", shapes.parts(300)


def crossings() -> None:
    """Print how often the wires of each graph cross in each layout."""
    others: dict[str, Callable[[shapes.Graph], list[Route] | None]] = {}
    if importlib.util.find_spec("igraph"):
        others["igraph"] = by_igraph
    else:
        print("\nigraph: left out, it is not installed (pip install igraph)")
    if shutil.which("dot"):
        others["dot"] = by_dot
    else:
        print("\ndot: left out, it is not installed (Debian's package graphviz)")
    head = "".join(f"{name:>10}{'ms':>7}" for name in ("ours", *others))
    print(f"\n{'wires that cross':<18}{'edges':>7}{head}")
    ratios: dict[str, list[float]] = defaultdict(list)
    for name, graph in crossed():
        line, ours = "", 0
        for layout, way in {"ours": lambda graph: place(*graph).routes, **others}.items():
            begin = time.perf_counter()
            routes = way(graph)
            spent = time.perf_counter() - begin
            if routes is None:
                line += f"{'crashed':>10}{'':>7}"
                continue
            count = count_crossings(routes)
            if layout == "ours":
                ours = count
            else:
                ratios[layout].append((ours + 1) / (count + 1))
            line += f"{count:>10,}{spent * 1000:>7.0f}"
        print(f"{name:<18}{len(graph[1]):>7,}{line}", flush=True)
    for layout, parts in ratios.items():
        print(
            f"ours to {layout}: median {statistics.median(parts):.2f}, from {min(parts):.2f} to {max(parts):.2f}"
            " (one added to both counts)"
        )


BY_IGRAPH = """
import igraph, json, sys
count, edges = json.load(sys.stdin)
layout = igraph.Graph(n=count, edges=edges, directed=True).layout_sugiyama()
json.dump([layout.coords, [list(map(list, each)) for each in layout.edge_routing]], sys.stdout)
"""


def by_igraph(graph: shapes.Graph) -> list[Route] | None:
    """Return the ways of wires in igraph's layered layout; it runs apart, for it may crash."""
    edges = graph[1]
    made = subprocess.run(
        [sys.executable, "-c", BY_IGRAPH], input=json.dumps(graph), capture_output=True, text=True
    )
    if made.returncode:
        return None
    layout, bends = json.loads(made.stdout)
    return [
        [(y, x) for x, y in (layout[source], *between, layout[target])]
        for (source, target), between in zip(edges, bends, strict=True)
    ]


def by_dot(graph: shapes.Graph) -> list[Route]:
    """Return the ways of wires in graphviz's layered layout, as lines with bends."""
    count, edges = graph
    lines = ['digraph{rankdir=LR;splines=polyline;node[shape=box,label="",width=2.33,height=0.61]']
    lines += [f"{node};" for node in range(count)]
    lines += [f"{source}->{target}[id={number}];" for number, (source, target) in enumerate(edges)]
    made = subprocess.run(
        ["dot", "-Tplain"],
        input="\n".join([*lines, "}"]),
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    by_ends: dict[tuple[str, str], Route] = {}
    for line in made.splitlines():
        words = line.split()
        if words[0] == "edge":
            flat = list(map(float, words[4 : 4 + 2 * int(words[3])]))
            by_ends[words[1], words[2]] = list(zip(flat[::2], flat[1::2], strict=True))[::3]
    return [by_ends[str(source), str(target)] for source, target in edges]


def count_crossings(routes: list[Route]) -> int:
    """Return how many pairs of wires cross somewhere; wires that share a way do not cross on it."""
    parts = sorted(
        (min(one[0], other[0]), max(one[0], other[0]), one, other, wire)
        for wire, route in enumerate(routes)
        for one, other in pairwise(route)
        if one != other
    )
    found: set[tuple[int, int]] = set()
    open_parts: list[tuple[float, float, Point, Point, int]] = []
    for part in parts:
        open_parts = [each for each in open_parts if each[1] > part[0]]
        for other in open_parts:
            if other[4] != part[4] and cross(part[2], part[3], other[2], other[3]):
                found.add((min(part[4], other[4]), max(part[4], other[4])))
        open_parts.append(part)
    return len(found)


def cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Return whether two lines cross within both."""

    def side(p: Point, q: Point, r: Point) -> float:
        turn = (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])
        return 0.0 if abs(turn) < 1e-6 else turn

    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3, help="rounds, of which the median counts")
    parser.add_argument("--only", choices=["times", "moves", "crossings"])
    chosen = parser.parse_args()
    if chosen.only in (None, "times"):
        times(chosen.rounds)
    if chosen.only in (None, "moves"):
        moves()
    if chosen.only in (None, "crossings"):
        crossings()


if __name__ == "__main__":
    main()
