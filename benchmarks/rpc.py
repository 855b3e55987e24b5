"""How fast ML Metadata's service answers, against the original behind a gRPC server of the same kind.

    python -m benchmarks.rpc [--engine embedded|neo4j] [--artifacts 100000] [--original PYTHON]

Ours is ``lineage-graph rpc``; the original is ML Metadata 1.17.1's C++ engine on an SQLite file behind
``tests/rpc/oracle/front.py``. Both are asked the same by the same client, in turns. ``--original`` names
a Python that has ``ml-metadata`` 1.17.1; without it, one is made in the user's cache folder.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from benchmarks.common import arguments, seconds
from benchmarks.rpc_load import SPANS, Peer, concurrent_puts, fill, grow_lineage
from tests.each_engine import engines
from tests.rpc.oracle import original
from tests.rpc_load.client import Client, ours, process

_FRONT = Path(original.__file__).parent / "front.py"
_CLIENTS = (1, 4, 16)
_PUTS = 320
_IN_A_ROW = 3  # calls of one before it is the other's turn
_WARM = 4.0
"""Seconds before any is measured: caches fill, and Java compiles what a server does all day."""
_AT_FIRST = 20  # calls whose median says what a server that has just started takes

Work = Callable[[Peer], object]


def versus(
    what: str, aim: float, peers: tuple[Peer, Peer], work: Work, rounds: int, times: int = 5
) -> None:
    """Have both do the work in turns; print the times that others disturbed least, ratios and the aim.

    Of each the tenth percentile is shown, and the median in brackets; of ours, what it took at first too.
    """
    spent: tuple[list[float], list[float]] = ([], [])
    first, _ = (_warm(peer, work) for peer in peers)
    for _ in range(rounds * times):
        for peer, part in zip(peers, spent, strict=True):
            part += [seconds(lambda peer=peer: work(peer)) * 1000 for _ in range(_IN_A_ROW)]
    least = [statistics.quantiles(part, n=10)[0] for part in spent]
    middle = [statistics.median(part) for part in spent]
    (mine, other), (mine_middle, other_middle) = least, middle
    print(
        f"{what:<42} ours {mine:>7.2f} ({mine_middle:.2f}) ms   "
        f"original {other:>7.2f} ({other_middle:.2f}) ms   "
        f"{other / mine:>5.2f}x ({other_middle / mine_middle:.2f}x) its speed, aim {aim:g}x; "
        f"ours at first {first:.1f} ms",
        flush=True,
    )


def _warm(peer: Peer, work: Work) -> float:
    """Have a peer do the work for a while; return the median of the first times, in ms."""
    spent: list[float] = []
    while len(spent) < _AT_FIRST or sum(spent) < _WARM * 1000:
        spent.append(seconds(lambda: work(peer)) * 1000)
    return statistics.median(spent[:_AT_FIRST])


def compare_all(peers: tuple[Peer, Peer], artifacts: int, rounds: int) -> None:
    """Compare every kind of call, on stores that hold as many artifacts as given."""
    for peer in peers:
        peer.prepare()
    ids = {peer.name: fill(peer, artifacts) for peer in peers}
    nodes, _ = (grow_lineage(peer) for peer in peers)
    rare = SPANS // 2

    def by_id(count: int) -> Work:
        return lambda peer: peer.get_artifacts(ids[peer.name][:: artifacts // count][:count])

    versus("put_execution, 3 artifacts, 2 contexts", 1, peers, Peer.put_execution, rounds, 15)
    versus("put_artifacts of 1,000", 0.7, peers, lambda p: p.put_artifacts(1000), rounds)
    versus("artifacts by 100 ids", 0.7, peers, by_id(100), rounds, 10)
    versus("artifacts by 1,000 ids", 0.7, peers, by_id(1000), rounds)
    versus(f"lineage, 20 hops, {nodes:,} nodes", 2, peers, lambda p: p.lineage(nodes), rounds)
    for what, where in (
        ("the first 20, no filter", ""),
        ("filter, int, one in 1,000", f"properties.span.int_value = {rare}"),
        ("filter, double range, one in 20", "properties.score.double_value > 0.95"),
        ("filter, double range, one in 2,000", "properties.score.double_value > 0.9995"),
    ):
        versus(what, 1, peers, lambda p, w=where: p.find(w), rounds)


def group_puts(address: str, types: dict[str, int]) -> None:
    """Show how the small puts of several clients go together."""
    figures = []
    for clients in _CLIENTS:
        took = seconds(lambda n=clients: concurrent_puts(address, types, n, _PUTS))
        figures.append(f"{_PUTS / took:,.0f}")
    names = "/".join(map(str, _CLIENTS))
    print(f"put_execution by {names} clients: {' / '.join(figures)} calls/s")


def main() -> None:
    """Print all figures for each engine."""
    parser = arguments(__doc__ or "")
    parser.add_argument("--artifacts", type=int, default=100_000, help="artifacts in each store")
    parser.add_argument("--original", type=Path, help="a Python that has ml-metadata 1.17.1")
    given = parser.parse_args()
    python = given.original or original.original_python()
    for name, settings in engines(given.engine):
        print(f"-- {name}")
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            address, _ = stack.enter_context(ours(settings, folder / "ours.log"))
            front = [str(python), str(_FRONT), "--database", str(folder / "mlmd.db")]
            other, _ = stack.enter_context(process(front, {}, folder / "original.log"))
            peers = (Peer("ours", Client(address)), Peer("original", Client(other)))
            compare_all(peers, given.artifacts, given.rounds)
            group_puts(address, peers[0].types)
            for peer in peers:
                peer.client.close()


if __name__ == "__main__":
    main()
