"""How long a picture takes from a click in a real Chromium, how evenly it moves, what memory it takes.

    python -m benchmarks.view [--rounds 3] [--nodes 1000 10000] [--no-peers]

The store is the embedded engine with a pipeline's runs. Ours is timed with the query, the layout and the
transfer; cytoscape.js and React Flow are given the finished positions as a file, and draw the same
nodes and edges without text but the type. Every time is a fresh browser, with scripts in its cache.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import urllib.request
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import peers
from benchmarks.browsing import Opening, load, median, opened, percentile
from lineage_graph.store import Store
from tests.browser.conftest import serving
from tests.each_engine import engine
from tests.worlds import fill, runs

SHOWN = "depth=1000&limit=50000&stacks=no"
PARTS = ("page", "scripts", "read", "draw", "encode", "transfer", "paint")


def main() -> None:
    """Measure, and print tables."""
    parser = argparse.ArgumentParser(description="Pictures in a real browser.")
    parser.add_argument("--rounds", type=int, default=3, help="rounds, of which the median counts")
    parser.add_argument("--nodes", type=int, nargs="*", default=[1000, 10_000])
    parser.add_argument("--no-peers", action="store_true", help="only ours")
    given = parser.parse_args()
    pages = None
    if not given.no_peers:
        try:
            pages = peers.built()
        except peers.Missing as missing:
            print(missing)
    for nodes in given.nodes:
        measure(nodes, given.rounds, pages)


def measure(nodes: int, rounds: int, pages: Path | None) -> None:
    """Open one picture in all libraries in turns, and print what it took."""
    with ExitStack() as stack:
        settings = stack.enter_context(engine("embedded"))
        with Store.open(settings=settings) as store:
            fill(store, runs(nodes - nodes // 250))
        address = stack.enter_context(serving(settings))
        target = f"{address}/artifacts/1/lineage"
        with urllib.request.urlopen(f"{target}/picture.json?{SHOWN}") as answer:
            data = answer.read()
        places = {"lineage_graph": (f"{address}/artifacts/1", f"{target}?{SHOWN}")}
        if pages is not None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            shutil.copytree(pages, folder, dirs_exist_ok=True)
            base = stack.enter_context(peers.served(folder))
            for name, title in peers.NAMES.items():
                (folder / name / "picture.json").write_bytes(data)
                places[title] = (f"{base}/{name}/", f"{base}/{name}/?draw")
        found: dict[str, list[Opening]] = {name: [] for name in places}
        never: set[str] = set()
        for _ in range(rounds):
            for name, (start, end) in places.items():
                one = None if name in never else opened(start, end)
                if one is None:
                    never.add(name)
                else:
                    found[name].append(one)
        show(json.loads(data), found)


def show(picture: dict[str, dict[str, list[object]]], found: dict[str, list[Opening]]) -> None:
    """Print medians, and the ratios of the others to ours."""
    cards, wires = len(picture["cards"]["key"]), len(picture["wires"]["source"])
    print(
        f"\n{cards:,} cards, {wires:,} wires; {os.cpu_count()} cores, of which {load():.1f} were wanted"
    )
    print(f"{'':<15}{'ms from click':>14}{'':>8}{'MB more':>9}{'heap MB':>9}", end="")
    print("".join(f"{f'{name}: ms a frame, p95':>28}" for name in ("whole", "zoom", "cards")))
    ours = found["lineage_graph"]
    for name, openings in found.items():
        if not openings:
            print(f"{name:<15}{'drew nothing in time':>22}")
            continue
        took = median([one.drawn for one in openings])
        ratio = took / median([one.drawn for one in ours])
        memory, heap = (median([getattr(one, f) for one in openings]) for f in ("memory", "heap"))
        line = f"{name:<15}{took:>14,.0f}{f'{ratio:.1f}x':>8}{memory:>9,.0f}{heap:>9,.0f}"
        for way in ("whole", "zoom", "near"):
            frames = [each for one in openings for each in one.frames[way]]
            line += f"{f'{median(frames):,.1f}, {percentile(frames, 0.95):,.1f}':>28}"
        print(line, flush=True)
    print("ours in parts, ms: ", end="")
    print(
        ", ".join(f"{part} {median([o.parts.get(part, 0) for o in ours]):,.0f}" for part in PARTS)
    )
    print(f"first frame {median([one.first for one in ours]):,.0f} ms; ", end="")
    print(f"{median([one.parts['bytes'] for one in ours]) / 1e6:.2f} MB of picture")


if __name__ == "__main__":
    main()
