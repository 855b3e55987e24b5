"""Circles among contexts: which of them are their own ancestors, as no store lets them be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

Name = TypeVar("Name", int, str)


def circling(pairs: Iterable[tuple[Name, Name]]) -> set[tuple[Name, Name]]:
    """Return the pairs of a child and a parent that lie on a circle."""
    pairs = set(pairs)
    parents: dict[Name, list[Name]] = defaultdict(list)
    children: dict[Name, list[Name]] = defaultdict(list)
    for child, parent in sorted(pairs):
        parents[child].append(parent)
        children[parent].append(child)
    group: dict[Name, Name] = {}  # of those that can reach each other (Kosaraju)
    for start in reversed(list(_finished(parents, sorted(parents)))):
        waiting = [] if start in group else [start]
        while waiting:
            node = waiting.pop()
            group[node] = start
            waiting += [one for one in children[node] if one not in group]
    return {(child, parent) for child, parent in pairs if group[child] == group[parent]}


def _finished(leads_to: Mapping[Name, list[Name]], starts: Iterable[Name]) -> Iterator[Name]:
    """Yield each node once all that it leads to was yielded, but for circles."""
    seen: set[Name] = set()
    for start in starts:
        if start in seen:
            continue
        seen.add(start)
        stack = [(start, iter(leads_to.get(start, ())))]
        while stack:
            node, rest = stack[-1]
            following = next((one for one in rest if one not in seen), None)
            if following is None:
                stack.pop()
                yield node
            else:
                seen.add(following)
                stack.append((following, iter(leads_to.get(following, ()))))
