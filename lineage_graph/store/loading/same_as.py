"""Linking what is the same: the rule of ``model.sameness``, applied to what is stored.

What came or changed is compared with what has the same digests or addresses, found by indexes; then
the links of the rule are made what the rule says of all that is stored now. So it makes no difference
who came first, nor whether it is applied batch by batch or to everything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, cast

from lineage_graph.catalog.compose import SAME
from lineage_graph.catalog.names import index_key
from lineage_graph.model import Artifact, Kind, Ref, SameAs, Subgraph
from lineage_graph.model.same_as import MAX_ALIKE, RULE, Seen, judge, spellings
from lineage_graph.model.tools import tool_of
from lineage_graph.store.reading import get
from lineage_graph.store.session import Sessions, Transaction
from lineage_graph.store.values import Linked, PutOptions, PutResult
from lineage_graph.store.writing.links import keyed

_IGNORE = PutOptions(existing_links="ignore")
_PAGE = 1000  # artifacts compared at once
_DELETED = 5000  # links of a transaction


class SameThing(NamedTuple):
    """What else an artifact is: ``by`` what tells it, ``hops`` links away."""

    artifact: Artifact
    by: str
    hops: int

    @property
    def tool(self) -> str:
        """What people call the tool that saw it."""
        return tool_of(self.artifact) or "ML Metadata's clients"


class _Change(NamedTuple):
    missing: tuple[SameAs, ...]
    wrong: tuple[SameAs, ...]
    ambiguous: frozenset[str]


class Identity:
    """Which artifacts are the same thing, as several tools saw it: ``store.identity``."""

    def __init__(self, sessions: Sessions, put: Callable[..., PutResult]) -> None:
        self._sessions = sessions
        self._put = put

    def link(
        self,
        ids: Iterable[int] | None = None,
        on_progress: Callable[[int], None] | None = None,
    ) -> Linked:
        """Link these artifacts, or all, to what is the same by the rule; take back what no longer is.

        For all, the rule is kept from now on: what is loaded later is linked as it comes.
        """
        if ids is not None:
            return self._link(sorted(set(ids)))
        self._sessions.write(lambda t: t.run("hold_linking", {"off": False}))
        done, after = Linked(), 0
        while True:
            values = {"after": after, "limit": _PAGE}
            records = self._sessions.read(
                lambda t, v=values: t.run("ids_after", v, kind=Kind.ARTIFACT)  # type: ignore[misc]
            )
            if not records:
                return done
            page = [record["id"] for record in records]
            after = page[-1]
            done = done.and_then(self._link(page))
            if on_progress is not None:
                on_progress(len(page))

    def unlink(self) -> int:
        """Take back every link the rule made, and make none until ``link`` is called for all."""
        self._sessions.write(lambda t: t.run("hold_linking", {"off": True}))
        removed, deleted = 0, _DELETED
        values = {"by": list(RULE), "limit": _DELETED}
        while deleted:
            deleted = self._sessions.write(lambda t: t.value("delete_same", values))
            removed += deleted
        return removed // 2  # stored both ways

    def same_things(self, ref: Ref) -> tuple[SameThing, ...]:
        """Return what else an artifact is, as other tools saw it; the nearest first."""

        def work(transaction: Transaction) -> tuple[SameThing, ...]:
            found: dict[int, tuple[int, set[str]]] = {ref.id: (0, set())}
            frontier, hops = [ref.id], 0
            while frontier:
                hops += 1
                beyond: dict[int, set[str]] = {}
                for link in get.same_as(transaction, frontier):
                    for end in _ends(link):
                        if end not in found:
                            beyond.setdefault(end, set()).add(link.by)
                found |= {end: (hops, by) for end, by in beyond.items()}
                frontier = sorted(beyond)
            del found[ref.id]
            nodes = cast(list[Artifact], get.nodes_by_id(transaction, Kind.ARTIFACT, found))
            things = (
                SameThing(node, ", ".join(sorted(found[node.id or 0][1])), found[node.id or 0][0])
                for node in nodes
            )
            return tuple(sorted(things, key=lambda thing: (thing.hops, thing.artifact.id)))

        return self._sessions.read(work)

    def put_linked(self) -> Callable[[Subgraph, PutOptions], PutResult]:
        """Return what puts, and links what is the same: where that is wanted, and anything is stored."""

        if not self._sessions.read(lambda t: t.value("is_linking")):
            return self._put

        def put(subgraph: Subgraph, options: PutOptions) -> PutResult:
            result = self._put(subgraph, options)
            return replace(result, linked=self.link(result.touched))

        return put

    def _link(self, ids: list[int]) -> Linked:
        done = Linked()
        for start in range(0, len(ids), _PAGE):
            page = ids[start : start + _PAGE]
            change = self._sessions.read(lambda t, p=page: _change(t, p))  # type: ignore[misc]
            if change.wrong:
                rows = [row for link in change.wrong for row in _rows(link)]
                self._sessions.write(
                    lambda t, r=rows: t.run("delete_links", {"rows": r}, link=SAME)  # type: ignore[misc]
                )
            made = self._put(Subgraph.trusted(same_as=change.missing), _IGNORE).links
            done = done.and_then(Linked(made, len(change.wrong), change.ambiguous))
        return done


def _change(transaction: Transaction, ids: Iterable[int]) -> _Change:
    """Return which links are missing, and which the rule does not make any more."""
    touched = set(ids)
    while True:
        found = _judged(transaction, touched)
        looked_at = sorted(touched | found.by.keys())
        held = {
            SameAs.built(artifact_id=max(ends), other_id=min(ends), by=link.by)
            for link in get.same_as(transaction, looked_at)
            if link.by in RULE
            for ends in [_ends(link)]
        }
        wrong = {
            link
            for link in held - found.links
            if any(end in touched or link.by in found.by[end] for end in _ends(link))
        }
        fresh = {end for link in wrong for end in _ends(link)} - touched
        if not fresh:
            missing = sorted(found.links - held, key=_order)
            return _Change(tuple(missing), tuple(sorted(wrong, key=_order)), found.ambiguous)
        touched |= fresh  # what loses a link may be the same as something else


class _Judged(NamedTuple):
    """The links that the rule makes of some artifacts, and by what each of those was compared."""

    links: frozenset[SameAs]
    by: Mapping[int, set[str]]
    ambiguous: frozenset[str]


def _judged(transaction: Transaction, ids: Iterable[int]) -> _Judged:
    rows = transaction.gathered("artifacts_seen", "ids", sorted(ids), size=_PAGE)
    seen = [_seen(row) for row in rows]
    links: set[SameAs] = set()
    compared: dict[int, set[str]] = defaultdict(set)
    ambiguous: set[str] = set()
    for by in RULE:
        for what, members in _groups(transaction, by, seen).items():
            verdict = judge(by, members)
            links |= verdict.links
            if verdict.is_ambiguous:
                ambiguous.add(f"{by} {what}")
            for member in members:
                compared[member.id].add(by)
    return _Judged(frozenset(links), compared, frozenset(ambiguous))


def _groups(transaction: Transaction, by: str, seen: Iterable[Seen]) -> dict[str, list[Seen]]:
    """Return what has the same digests, or the same addresses, as the artifacts; by which."""
    places = sorted({keys for one in seen if (keys := _keys(one, by))})
    groups: dict[str, dict[int, Seen]] = defaultdict(dict)
    for start in range(0, len(places), _PAGE):
        values = {
            "places": [list(place) for place in places[start : start + _PAGE]],
            "limit": MAX_ALIKE[by] + 1,
            "several": by == "uri",  # of one source at one place nothing is the same
        }
        for row in transaction.value("artifacts_alike", values, key=f"{by}_key"):
            one = _seen(row)
            for what in spellings(one.uri)[:1] if by == "uri" else (getattr(one, by),):
                groups[what][one.id] = one
    return {what: list(members.values()) for what, members in groups.items() if len(members) > 1}


def _keys(one: Seen, by: str) -> tuple[str, ...]:
    if by == "uri":
        return tuple(map(index_key, spellings(one.uri)))
    found = getattr(one, by)
    return () if found is None else (found,)


def _seen(row: Sequence[Any]) -> Seen:
    one, origin, uri, size, *digests = row
    return Seen(one, origin or "", uri or "", size if isinstance(size, int) else None, *digests)


def _ends(link: SameAs) -> tuple[int, int]:
    return link.artifact_id, link.other_id


def _order(link: SameAs) -> tuple[int, int, str]:
    return (*_ends(link), link.by)


def _rows(link: SameAs) -> list[list[Any]]:
    """Return a link as it is stored, both ways."""
    ways = [_ends(link), _ends(link)[::-1]]
    return [[*ends, keyed(*ends, link.by)] for ends in ways]
