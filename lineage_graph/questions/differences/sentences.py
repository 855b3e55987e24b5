"""Sentences: what a divergence says to a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from lineage_graph.model import Artifact, Kind, Ref
from lineage_graph.model.labels import short_type
from lineage_graph.model.plain import told_apart
from lineage_graph.questions.differences.alignment import Alignment
from lineage_graph.questions.differences.ancestry import Ancestry
from lineage_graph.questions.differences.divergence import STEP, Detail, Divergence, DivergentNode
from lineage_graph.questions.differences.facts import Cause, facts, same_content
from lineage_graph.questions.differences.matching import Pair

NOTHING = "Same in everything recorded: the difference is not in what is recorded."
ONLY = "Same in everything recorded that can make a difference: only {} differ."
_MAX_VALUE_CHARACTERS = 48  # characters of a value in a sentence
_MAX_PLACES_NAMED = 3  # places of a divergence that are named
_BEFORE = 8  # characters that are shown of what two long values have in common


def headline(alignment: Alignment, found: Sequence[Divergence]) -> str:
    """Return the whole answer as one sentence."""
    pairs = [link.pair for link in alignment.starts if link.pair is not None]
    if len(pairs) == 1 and pairs[0].one == pairs[0].other:
        return "They are one and the same."
    nodes = alignment.ancestry.nodes
    if len(pairs) == 1 and pairs[0].one.kind is Kind.ARTIFACT:
        one, other = (nodes[ref] for ref in pairs[0])
        if same_content(one, other):
            return "They hold the same: their digests are equal."
    if not found:
        others = _other_differences(alignment, alignment.links)
        return ONLY.format(" and ".join(others)) if others else NOTHING
    same = _same(alignment, found)
    told = sentence(alignment, found[0])
    begin = ", ".join(f"same {what}" for what in same)
    text = f"{begin.capitalize()}, but {_lowered(told)}" if same else told
    rest = len(found) - 1
    if rest:
        text = f"{text.rstrip('.')}; and {rest} more difference{'' if rest == 1 else 's'}."
    return text


def _same(alignment: Alignment, found: Sequence[Divergence]) -> list[str]:
    """Name what is known to be the same: only what is recorded on both sides, and proven."""
    causes = {divergence.cause for divergence in found}
    same: list[str] = []
    if Cause.STEP in causes:  # what a step that only one side has was given cannot be compared
        return same
    if not causes & {Cause.DATA, Cause.INPUT} and _has_same_data(alignment):
        same.append("data")
    for cause, word in ((Cause.CODE, "code"), (Cause.PARAMETER, "parameters")):
        if cause not in causes and _is_recorded(alignment, cause):
            same.append(word)
    return same


def _other_differences(alignment: Alignment, pairs: Iterable[Pair]) -> list[str]:
    """Say what differs that makes no difference itself: names, addresses, what tools note for themselves."""
    nodes = alignment.ancestry.nodes
    found: set[str] = set()
    for pair in pairs:
        one, other = nodes[pair.one], nodes[pair.other]
        if one.name != other.name or one.external_id != other.external_id:
            found.add("names")
        if isinstance(one, Artifact) and isinstance(other, Artifact) and one.uri != other.uri:
            found.add("addresses")
        held = [{**node.custom_properties, **node.properties} for node in (one, other)]
        if pair.one != pair.other and held[0] != held[1] and not _differ(alignment, pair):
            found.add("notes of tools")
    return sorted(found)


def _differ(alignment: Alignment, pair: Pair) -> bool:
    left, right = (facts(alignment.ancestry.nodes[ref]) for ref in pair)
    return left != right


def _has_same_data(alignment: Alignment) -> bool:
    """True where each thing read from outside is the same artifact, or provably the same content."""
    ancestry = alignment.ancestry
    proven = [
        pair.one == pair.other or same_content(ancestry.nodes[pair.one], ancestry.nodes[pair.other])
        for pair in alignment.links
        if pair.one.kind is Kind.ARTIFACT and not alignment.links[pair]
    ]
    return bool(proven) and all(proven)


def _is_recorded(alignment: Alignment, cause: Cause) -> bool:
    nodes = alignment.ancestry.nodes
    return any(
        any(key[0] is cause for key in facts(nodes[pair.one]).keys() & facts(nodes[pair.other]))
        for pair in alignment.links
        if pair.one.kind is Kind.EXECUTION and pair.one != pair.other
    )


def sentence(alignment: Alignment, found: Divergence) -> str:
    """Return one divergence as a sentence."""
    ancestry = alignment.ancestry
    if found.cause is Cause.RESULT:
        return _result(alignment, found)
    return _TELLERS[found.cause](ancestry, found)


def _parameter(ancestry: Ancestry, found: Divergence) -> str:
    (detail,) = found.details
    step = _where(ancestry, found.places[0])
    whose = "" if detail.name.startswith(f"{step}.") else f"{step}."  # as DVC's are called
    return f"{whose}{_change(detail)}{_also(ancestry, found)}."


def _code(ancestry: Ancestry, found: Divergence) -> str:
    return f"Other code: {_change(found.details[0])} (in {_steps(ancestry, found)})."


def _environment(ancestry: Ancestry, found: Divergence) -> str:
    return f"Another environment: {_change(found.details[0])} (in {_steps(ancestry, found)})."


def _data(ancestry: Ancestry, found: Divergence) -> str:
    place = found.places[0]
    changes = ", ".join(map(_change, found.details))
    if place.one is None or place.other is None or place.one.kind is Kind.EXECUTION:
        return f"{_where(ancestry, place)} read other data: {changes}."
    one, other = ancestry.run(place.one), ancestry.run(place.other)
    runs = f"made in {other} instead of {one}; " if one and other and one != other else ""
    what = f"{_where(ancestry, place)} #{place.one.id} → #{place.other.id}"
    return f"The data changed: {what} ({runs}{changes})."


def _input(ancestry: Ancestry, found: Divergence) -> str:
    (detail,) = found.details
    step = _where(ancestry, found.places[0])
    also = _also(ancestry, found)
    if found.change == "order":
        return f"{step} read the same {detail.name} in another order{also}."
    if found.change == "changed":
        return f"{step} read the same as {detail.other} instead of as {detail.one}{also}."
    if found.change == "added":
        return f"{step} read an extra input: {detail.name} ({_made(ancestry, detail.other)}){also}."
    if found.change == "missing":
        return f"{step} did not read an input: {detail.name} ({_made(ancestry, detail.one)}){also}."
    one_role, arrow, other_role = detail.name.partition(" → ")
    if arrow:
        one, other = _made(ancestry, detail.one), _made(ancestry, detail.other)
        return f"{step} read {other_role} ({other}) instead of {one_role} ({one}){also}."
    one, other = _node(ancestry, detail.one), _node(ancestry, detail.other)
    return f"{step}.{detail.name}: {other} instead of {one}{also}."


def _step(ancestry: Ancestry, found: Divergence) -> str:
    (detail,) = found.details
    place = found.places[0]
    if not found.path:  # a step of one of two runs
        only = detail.other or detail.one
        side = "other" if detail.one is None else "first"
        return f"{_node(ancestry, only)} ran only in the {side} one."
    assert place.one is not None
    assert place.other is not None
    what = _where(ancestry, place)
    if found.change == "changed" and detail.name == STEP:
        ids = f"#{place.other.id} instead of {detail.one} #{place.one.id}"
        return f"Another step: {detail.other} {ids}."
    if found.change == "changed":
        return f"{what}: {detail.name} {detail.one} → {detail.other}."
    if detail.name == STEP:
        side = "other" if detail.one is None else "first"
        only = _node(ancestry, detail.other or detail.one)
        return f"Only the {side} one was made with the step {only}."
    if detail.one is None:
        made = ancestry.step(detail.other)
        return f"{what} #{place.other.id} was made by {made}; what made #{place.one.id} is not recorded."
    if detail.other is None:
        made = ancestry.step(detail.one)
        return f"{what} #{place.one.id} was made by {made}; what made #{place.other.id} is not recorded."
    one, other = ancestry.step(detail.one), ancestry.step(detail.other)
    return f"{what} #{place.other.id} was made by {other}, {what} #{place.one.id} by {one}."


def _result(alignment: Alignment, found: Divergence) -> str:
    changes = ", ".join(map(_change, found.details))
    place = found.places[0]
    where = _where(alignment.ancestry, place)
    if through := _circle(alignment.ancestry, place):
        circle = f"and is made from itself, in a circle through {through}"
        return f"{where} differs, {circle}: {changes}."
    if _other_differences(alignment, _upstream(alignment, place)):
        return f"Nothing that is recorded upstream of {where} explains why it differs: {changes}."
    return f"Nothing that is recorded upstream of {where} differs, and yet it does: {changes}."


def _upstream(alignment: Alignment, place: DivergentNode) -> Iterator[Pair]:
    """Yield the pairs upstream of a place."""
    assert place.one is not None
    assert place.other is not None
    reached = {Pair(place.one, place.other)}
    waiting = list(reached)
    while waiting:
        for link in alignment.links.get(waiting.pop(), ()):
            if link.pair is not None and link.pair not in reached:
                reached.add(link.pair)
                waiting.append(link.pair)
                yield link.pair


def _circle(ancestry: Ancestry, place: DivergentNode) -> str:
    """The steps through which data flows back to where it was, on either side; empty where there are none."""
    steps: dict[str, None] = {}
    for ref in filter(None, (place.one, place.other)):
        above = (slot.ref for slot in ancestry.above(ref))
        for maker in above:
            if ref in ancestry.upstream([maker]):
                step = maker if maker.kind is Kind.EXECUTION else ref
                steps[_where(ancestry, DivergentNode(step, None))] = None
    return ", ".join(steps)


_TELLERS = {
    Cause.PARAMETER: _parameter,
    Cause.CODE: _code,
    Cause.DATA: _data,
    Cause.INPUT: _input,
    Cause.STEP: _step,
    Cause.ENVIRONMENT: _environment,
}


class Stop(NamedTuple):
    """One station of the way from a divergence to what it made different."""

    name: str
    one: Ref | None
    other: Ref | None

    def __str__(self) -> str:
        ids = [f"#{ref.id}" for ref in dict.fromkeys((self.one, self.other)) if ref is not None]
        return f"{self.name} {' → '.join(ids)}"


def way(ancestry: Ancestry, found: Divergence) -> tuple[Stop, ...]:
    """Return the stations from the nearest place of a divergence to the two that were compared."""
    return tuple(Stop(_where(ancestry, place), *place) for place in found.path)


def _where(ancestry: Ancestry, place: DivergentNode | Pair) -> str:
    """What both sides of a place are called: a step's name, an artifact's type."""
    ref = place.other or place.one
    assert ref is not None
    if ref.kind is Kind.EXECUTION:
        return _called(ancestry, ref, place.one or ref)
    return short_type(ancestry.nodes[ref].type or "artifact")


def _called(ancestry: Ancestry, execution: Ref, counterpart: Ref) -> str:
    """What a step is called, with the turn of a loop it was in: where both were in one."""
    step, place = ancestry.step(execution), ancestry.place(execution)
    return place.named(step) if place.turns == ancestry.place(counterpart).turns else step


def _node(ancestry: Ancestry, ref: Ref) -> str:
    return f"{_where(ancestry, DivergentNode(ref, None))} #{ref.id}"


def _made(ancestry: Ancestry, artifact: Ref) -> str:
    makers = ancestry.above(artifact)
    by = f", made by {_called(ancestry, makers[0].ref, makers[0].ref)}" if makers else ""
    return f"{_node(ancestry, artifact)}{by}"


def _also(ancestry: Ancestry, found: Divergence) -> str:
    """Name the further places of a divergence; where they are many, say how many."""
    rest = found.places[1:]
    if not rest:
        return ""
    names = list(dict.fromkeys(_where(ancestry, place) for place in rest))
    if len(names) <= _MAX_PLACES_NAMED and len(names) == len(rest):
        return f", and so in {' and '.join(names)}"
    return f", and so in {len(rest)} more place{'' if len(rest) == 1 else 's'}"


def _steps(ancestry: Ancestry, found: Divergence) -> str:
    names = list(dict.fromkeys(_where(ancestry, place) for place in found.places))
    if len(names) <= _MAX_PLACES_NAMED:
        return ", ".join(names)
    return f"{', '.join(names[:2])} and {len(names) - 2} more"


def _change(detail: Detail) -> str:
    one, other = brief(detail.one, detail.other)
    return f"{detail.name} {one} → {other}"


def brief(one: Any, other: Any) -> tuple[str, str]:
    """Return two values as words, long ones from a little before where they begin to differ."""
    texts = told_apart((one, other), _said)
    common = 0
    if (
        max(map(len, texts)) > _MAX_VALUE_CHARACTERS
        and isinstance(one, str)
        and isinstance(other, str)
    ):
        while common < min(map(len, texts)) and texts[0][common] == texts[1][common]:
            common += 1
    return _cut(texts[0], common), _cut(texts[1], common)


def _cut(text: str, common: int) -> str:
    if len(text) <= _MAX_VALUE_CHARACTERS:
        return text
    begin = max(0, common - _BEFORE) if common > 2 * _BEFORE else 0
    shown = text[begin : begin + _MAX_VALUE_CHARACTERS]
    return (
        ("…" if begin else "") + shown + ("…" if begin + _MAX_VALUE_CHARACTERS < len(text) else "")
    )


def _said(value: Any) -> str:
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.6g}"
    text = " ".join(str(value).split())
    return text or "empty"


def _lowered(text: str) -> str:
    """A sentence as it goes on after a comma, unless it begins with a name."""
    first = text.partition(" ")[0]
    return text[:1].lower() + text[1:] if first in _BEGINNINGS else text


_BEGINNINGS = ("The", "Other", "Another", "Nothing")
