"""Divergences: the differences between two aligned ancestries that nothing upstream explains.

Of each pair all differences are taken: facts that differ, and places upstream where the two sides
have no counterparts. A difference is *explained* where it is of the sort that follows from what is
upstream (``Cause.RESULT``: contents, metrics, how a step ended) and something else differs upstream of
it, or a cause differs on the pair itself. The others are the first divergences. One that is found at
several pairs with the same values (a commit, a version) is one divergence with several places.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from lineage_graph.model import Artifact, Kind, Ref
from lineage_graph.model.plain import plain
from lineage_graph.questions.differences.alignment import Alignment
from lineage_graph.questions.differences.ancestry import Ancestry
from lineage_graph.questions.differences.facts import (
    Cause,
    Facts,
    content,
    facts,
    same_content,
    same_value,
)
from lineage_graph.questions.differences.matching import Aligned, Pair

STEP = "step"
"""The name of a difference in the steps themselves; a Ref is one that only one side has."""
Change = Literal["changed", "added", "missing", "instead", "order"]
_RANK = {cause: number for number, cause in enumerate(Cause)} | {
    Cause.STEP: list(Cause).index(Cause.INPUT)  # both say what was read: the nearer tells more
}


class DivergentNode(NamedTuple):
    """A node on each side, or on one of them."""

    one: Ref | None
    other: Ref | None


class Detail(NamedTuple):
    """A fact or a role, and what it is on each side."""

    name: str
    one: Any
    other: Any


@dataclass(frozen=True)
class Divergence:
    """A first divergence: what differs, what it means, where, and the way from there to the starts.

    ``details`` say what differs: the name of a fact (``epochs``) or the role of an input, and its
    values on both sides, None where there is none; for inputs and steps they are nodes. There are
    several only of data and results, whose facts belong together. ``places`` are the pairs at which
    it is found, nearest first; ``path`` leads from the first place to the starts; ``distance`` is how
    many events that is.
    """

    cause: Cause
    change: Change
    details: tuple[Detail, ...]
    places: tuple[DivergentNode, ...]
    path: tuple[DivergentNode, ...]
    distance: int


class _Difference(NamedTuple):
    cause: Cause
    change: Change
    name: str
    one: Any
    other: Any


def divergences(alignment: Alignment) -> tuple[Divergence, ...]:
    """Return the first divergences, the most telling first: by cause, then nearest to the starts."""
    own = {pair: found for pair in alignment.links if (found := tuple(_own(alignment, pair)))}
    first: list[tuple[Pair | None, _Difference]] = [
        (pair, _as_data(alignment, pair, found)) for pair, found in _unexplained(alignment, own)
    ]
    first += [(None, difference) for difference in _at_the_starts(alignment)]
    return tuple(sorted(_gathered(alignment, _each_step_once(first)), key=_order))


def _each_step_once(
    first: Sequence[tuple[Pair | None, _Difference]],
) -> Iterator[tuple[Pair | None, _Difference]]:
    """Leave out that a step is missing behind a pair where it is told of nearer, or of the starts."""
    told = {ref for pair, found in first if pair is None for ref in (found.one, found.other) if ref}
    for pair, found in first:
        is_step = pair is not None and (found.cause, found.name) == (Cause.STEP, STEP)
        if is_step and isinstance(step := found.one or found.other, Ref):
            if step in told:
                continue
            told.add(step)
        yield pair, found


def below(alignment: Alignment, pairs: Iterable[Pair]) -> set[Pair]:
    """Return the pairs that have another of these pairs upstream, or in a circle themselves."""
    reached: set[Pair] = set()
    waiting = list(pairs)
    while waiting:
        for user in alignment.users.get(waiting.pop(), ()):
            if user not in reached:
                reached.add(user)
                waiting.append(user)
    return reached


def differing(alignment: Alignment) -> set[Pair]:
    """Return the pairs that differ themselves or have something that differs upstream."""
    own: dict[Pair, Any] = {pair: True for pair in alignment.links if any(_own(alignment, pair))}
    return below(alignment, own) | own.keys()


def _own(alignment: Alignment, pair: Pair) -> Iterator[_Difference]:
    """The differences of a pair itself: its facts, and where what is above it has no counterpart."""
    if pair.one == pair.other:
        return
    ancestry = alignment.ancestry
    one, other = ancestry.nodes[pair.one], ancestry.nodes[pair.other]
    if pair.one.kind is Kind.ARTIFACT and same_content(one, other):
        return
    left, right = facts(one), facts(other)
    is_source = not ancestry.above(pair.one) and not ancestry.above(pair.other)
    if isinstance(one, Artifact) and isinstance(other, Artifact):
        if one.type != other.type and not any(link.is_step for link in alignment.links[pair]):
            yield _Difference(Cause.STEP, "changed", "type", one.type, other.type)
        if is_source and one.uri != other.uri and not _is_content(one, other):
            yield _Difference(Cause.DATA, "changed", "uri", one.uri, other.uri)
        yield from _artifact_facts(ancestry, left, right, is_source=is_source)
    else:
        if ancestry.step(pair.one) != ancestry.step(pair.other):
            names = ancestry.step(pair.one), ancestry.step(pair.other)
            yield _Difference(Cause.STEP, "changed", STEP, *names)
        yield from _facts(left, right)
    yield from _links(pair, alignment.links[pair])


def _is_content(one: Artifact, other: Artifact) -> bool:
    """True where the addresses are made of digests, which tell more themselves, as those of a cache are."""
    return all(
        any(
            str(held).rpartition(":")[2] in node.uri.replace("/", "")
            for held in content(node).values()
        )
        for node in (one, other)
    )


def _artifact_facts(
    ancestry: Ancestry, left: Facts, right: Facts, *, is_source: bool
) -> Iterator[_Difference]:
    """Facts of artifacts: what was made follows from what is upstream, what was not is data."""
    for found in _facts(left, right):
        if ancestry.is_address(found.one) and ancestry.is_address(found.other):
            continue  # the names of counterparts, such as a blessing's of the model it blesses
        if found.cause in (Cause.RESULT, Cause.DATA):
            yield found._replace(cause=Cause.DATA if is_source else Cause.RESULT)
        else:
            yield found


def _as_data(alignment: Alignment, pair: Pair, found: _Difference) -> _Difference:
    """A result that nothing explains is data where what made it read nothing, such as an import."""
    if found.cause is not Cause.RESULT or pair.one.kind is not Kind.ARTIFACT:
        return found
    above = alignment.ancestry.above
    is_import = all(above(ref) for ref in pair) and not any(
        above(maker.ref) for ref in pair for maker in above(ref)
    )
    return found._replace(cause=Cause.DATA) if is_import else found


def _facts(left: Facts, right: Facts) -> Iterator[_Difference]:
    for key in sorted({*left, *right}):
        cause, name = key
        if key not in right:
            yield _Difference(cause, "missing", name, left[key], None)
        elif key not in left:
            yield _Difference(cause, "added", name, None, right[key])
        elif not same_value(left[key], right[key]):
            yield _Difference(cause, "changed", name, left[key], right[key])


def _links(pair: Pair, links: Sequence[Aligned]) -> Iterator[_Difference]:
    cause = Cause.STEP if pair.one.kind is Kind.ARTIFACT else Cause.INPUT
    ordered: set[str] = set()
    for link in links:
        if link.exchanged:
            roles = " → ".join(dict.fromkeys((link.role, link.other_role)))
            yield _Difference(cause, "instead", roles, link.one, link.other)
        elif link.aligned:
            if link.role != link.other_role and link.hops == 1:
                yield _Difference(cause, "changed", "key", link.role, link.other_role)
            if link.moved and link.role not in ordered:
                ordered.add(link.role)
                yield _Difference(cause, "order", link.role, None, None)
        else:
            change: Change = (
                "added" if link.one is None else "missing" if link.other is None else "instead"
            )
            of, name = (Cause.STEP, STEP) if link.is_step else (cause, link.role)
            yield _Difference(of, change, name, link.one, link.other)


def _at_the_starts(alignment: Alignment) -> Iterator[_Difference]:
    """Starts without counterpart: steps that only one of two runs has."""
    for link in alignment.starts:
        if not link.aligned:
            yield _Difference(
                Cause.STEP, "added" if link.one is None else "missing", "", link.one, link.other
            )


def _unexplained(
    alignment: Alignment, own: dict[Pair, tuple[_Difference, ...]]
) -> Iterator[tuple[Pair, _Difference]]:
    causes = {
        pair: found
        for pair, found in own.items()
        if any(difference.cause is not Cause.RESULT for difference in found)
    }
    explained = below(alignment, causes) | causes.keys()
    results = {pair: found for pair, found in own.items() if pair not in explained}
    follow = below(alignment, results)
    tops = {pair: found for pair, found in results.items() if pair not in follow}
    told = below(alignment, tops) | tops.keys()
    # The rest follow from a top, or else from each other, where data flows in a circle.
    circles = {
        pair: found
        for pair, found in results.items()
        if pair not in told and pair in below(alignment, [pair])
    }
    for pair, found in own.items():
        is_first = pair in tops or pair in circles
        for difference in found:
            if difference.cause is not Cause.RESULT or is_first:
                yield pair, difference


def _gathered(
    alignment: Alignment, first: Iterable[tuple[Pair | None, _Difference]]
) -> Iterator[Divergence]:
    """One divergence for all places where the same differs in the same way."""
    places: dict[Any, dict[Pair | None, None]] = defaultdict(dict)
    details: dict[Any, dict[Detail, None]] = defaultdict(dict)
    changes: dict[Any, set[Change]] = defaultdict(set)
    for pair, difference in first:
        key = _together(pair, difference)
        places[key][pair] = None
        details[key][_detail(difference)] = None
        changes[key].add(difference.change)
    for key, found in details.items():
        pairs = sorted(
            (pair for pair in places[key] if pair is not None),
            key=lambda pair: (alignment.distance[pair], sorted(pair)),
        )
        path = tuple(_path(alignment, pairs[0])) if pairs else ()
        at = tuple(DivergentNode(*pair) for pair in pairs) or tuple(
            DivergentNode(d.one, d.other) for d in found
        )
        change = changes[key].pop() if len(changes[key]) == 1 else "changed"
        ordered = tuple(sorted(found, key=lambda detail: (detail.name == "uri", detail.name)))
        yield Divergence(key[0], change, ordered, at, path, len(path) - 1 if path else 0)


def _together(pair: Pair | None, difference: _Difference) -> tuple[Any, ...]:
    """What makes differences one divergence: the same values, or facts of one artifact's content."""
    if difference.cause in (Cause.DATA, Cause.RESULT):
        return (difference.cause, pair)
    ends = _text(difference.one), _text(difference.other)
    return (*difference[:3], *ends, pair and pair.one.kind)


def _detail(difference: _Difference) -> Detail:
    return Detail(difference.name, _plain(difference.one), _plain(difference.other))


def _plain(value: Any) -> Any:
    """A value that can be told apart; what nests as JSON text."""
    return _text(value) if isinstance(value, (dict, list)) else value


def _path(alignment: Alignment, pair: Pair | None) -> Iterator[DivergentNode]:
    while pair is not None:
        yield DivergentNode(*pair)
        pair = alignment.toward[pair]


def _order(found: Divergence) -> tuple[Any, ...]:
    ends = [sorted((_text(d.one), _text(d.other))) for d in found.details]
    names = [detail.name for detail in found.details]
    return _RANK[found.cause], found.distance, -len(found.places), names, ends


def _text(value: Any) -> str:
    return json.dumps(plain(value), sort_keys=True, ensure_ascii=False, default=str)
