"""What comes before and after each node, without cycles: edges that close one are turned round."""

from __future__ import annotations

from collections.abc import Iterable

from lineage_graph.drawing.layout.sizes import Edge


def acyclic(count: int, edges: Iterable[Edge]) -> tuple[list[list[int]], list[list[int]]]:
    """Return the nodes before and after each node, each once and in order, loops left out."""
    pairs = sorted({edge for edge in edges if edge[0] != edge[1]})
    if any(source > target for source, target in pairs):
        back = turned(count, pairs)
        if back:
            pairs = sorted({(pair[1], pair[0]) if pair in back else pair for pair in pairs})
    before: list[list[int]] = [[] for _ in range(count)]
    after: list[list[int]] = [[] for _ in range(count)]
    for source, target in pairs:
        after[source].append(target)
        before[target].append(source)
    return before, after


def turned(count: int, pairs: Iterable[Edge]) -> set[Edge]:
    """Return the edges that lead back to where a walk came from (depth first, in order)."""
    following: list[list[int]] = [[] for _ in range(count)]
    entered = [False] * count
    for source, target in pairs:
        following[source].append(target)
        entered[target] = True
    found: set[Edge] = set()
    state = [0] * count  # 0 new, 1 on the way, 2 done
    for root in sorted(range(count), key=lambda node: (entered[node], node)):
        if state[root]:
            continue
        state[root] = 1
        stack = [(root, iter(following[root]))]
        while stack:
            node, rest = stack[-1]
            for target in rest:
                if state[target] == 1:
                    found.add((node, target))
                elif state[target] == 0:
                    state[target] = 1
                    stack.append((target, iter(following[target])))
                    break
            else:
                state[node] = 2
                stack.pop()
    return found
