"""One thing, one node: the rule by which artifacts that several tools saw are the same.

Two artifacts of different sources (a tool, and which repository or server of it) are the same

1. by ``sha256``, ``md5`` or ``digest``, where both have the same one: as a property of that name (a
   ``digest`` says its algorithm: ``sha256:…``), or in an address made of it (``…sha256:<hex>``, and
   DVC's ``…/files/md5/ab/cdef…``). A short ``digest`` that names no algorithm is no proof; but MLflow,
   which keeps a dataset for each experiment, says by it which of its own are the same: those of one
   name, digest and source. The digest of nothing proves nothing;
2. by ``uri``, where it names one thing: each source has exactly one artifact there. A path on a
   machine, or an address that depends on a server (``models:/…``), says so only between different
   tools; a relative path never does. ``file:///x`` is ``/x``, and a slash at the end says nothing.

Artifacts with different ``bytes``, ``sha256`` or ``md5`` are never the same. Where some differ, those
without these values are ambiguous: not linked, but counted. Artifacts of one source (two equal files,
a renamed file) are linked only where another source has the same content. The order of import makes
no difference: the rule compares what is stored.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from lineage_graph.model.links import SameAs
from lineage_graph.model.nodes import Artifact

DIGESTS = ("sha256", "md5", "digest")
"""The digests by which contents are looked up, the strongest first."""
RULE = (*DIGESTS, "uri")
"""What ``SameAs.by`` says of the links that the rule made."""
MAX_ALIKE = {by: 20 if by == "uri" else 200 for by in RULE}
"""Artifacts of one digest or address beyond which none of them are linked: that is no identity."""
_DIGEST = re.compile(r"(?:([a-z0-9-]+):)?([0-9a-f]{32,}(?:\.dir)?)")
_LENGTHS = {"sha256": 64, "md5": 32}
_ADDRESS = re.compile(
    r"sha256[:/]([0-9a-f]{64})(?![0-9a-f])|/files/md5/([0-9a-f]{2})/([0-9a-f]{30}(?:\.dir)?)$"
)
_NOTHING = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "d41d8cd98f00b204e9800998ecf8427e",
    "d751713988987e9331980363e24189ce.dir",  # DVC's of an empty folder
}
_MLFLOW = "mlflow:"
_INSTANCE = re.compile(r"([^:]*):([0-9a-f-]{8,40})(?=:)")
_HOST = re.compile(r"[a-z][a-z0-9+.-]*://[^/]", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+:/|[a-z]:[\\/]", re.IGNORECASE)
_FILE = ("file://localhost/", "file:///", "file:/")


def digests_of(artifact: Artifact) -> dict[str, str]:
    """Return the digests that identify an artifact's content, by name."""
    held = {**artifact.properties, **artifact.custom_properties}
    if held.get("bytes") == 0:
        return {}
    found: dict[str, str] = {}
    for name in DIGESTS:
        text = held.get(name)
        if not text:  # of most artifacts, of which there are many
            continue
        match = _DIGEST.fullmatch(_text(text).lower())
        algorithm = match[1] or name if match else ""
        if match is None or algorithm == "digest" or match[2] in _NOTHING:
            continue
        if algorithm not in _LENGTHS:
            found.setdefault("digest", match[0])
        elif len(match[2].removesuffix(".dir")) == _LENGTHS[algorithm]:
            found.setdefault(algorithm, match[2])
    if (
        artifact.origin is not None
        and artifact.origin.startswith(_MLFLOW)
        and "digest" not in found
    ):
        told = [_text(held.get(name)) for name in ("dataset", "digest", "source")]
        if all(told):
            found["digest"] = _MLFLOW + json.dumps(told, ensure_ascii=False)
    if match := _ADDRESS.search(artifact.uri):
        algorithm, value = ("sha256", match[1]) if match[1] else ("md5", match[2] + match[3])
        if value not in _NOTHING:
            found.setdefault(algorithm, value)
    return found


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


class Seen(NamedTuple):
    """The fields of an artifact that the rule compares."""

    id: int
    origin: str
    uri: str
    bytes: int | None = None
    sha256: str | None = None
    md5: str | None = None
    digest: str | None = None

    @property
    def source(self) -> str:
        """The source that reported it: the start of its origin; empty for what was recorded here."""
        match = _INSTANCE.match(self.origin)
        return match[0] if match else self.tool

    @property
    def tool(self) -> str:
        """The tool that reported it."""
        return self.origin.partition(":")[0]


class Verdict(NamedTuple):
    """The links from each artifact to the earliest of its group, and whether some are ambiguous."""

    links: frozenset[SameAs]
    is_ambiguous: bool


def judge(by: str, members: Sequence[Seen]) -> Verdict:
    """Return which of the artifacts that have the same digest, or the same address, are the same."""
    members = sorted(members)
    if not _told_by_several(by, members):
        return Verdict(frozenset(), False)
    if len(members) > MAX_ALIKE[by]:
        return Verdict(frozenset(), True)
    parts = _agreeing(members)
    if by == "uri":
        is_ambiguous = len(parts) > 1 or not _one_each(members)
        parts = [] if is_ambiguous else parts
    else:
        is_ambiguous = len(parts) > 1
    links = (
        SameAs.built(artifact_id=member.id, other_id=part[0].id, by=by)
        for part in parts
        if _told_by_several(by, part)
        for member in part[1:]
    )
    return Verdict(frozenset(links), is_ambiguous)


def _told_by_several(by: str, members: Sequence[Seen]) -> bool:
    if by == "digest" and (members[0].digest or "").startswith(_MLFLOW):
        return len(members) > 1  # of several experiments
    return len({member.source for member in members}) > 1


def _agreeing(members: Sequence[Seen]) -> list[list[Seen]]:
    """Return the members in parts that do not contradict each other."""
    facts: tuple[Callable[[Seen], object], ...] = (
        lambda one: one.bytes,
        lambda one: one.sha256,
        lambda one: one.md5,
    )
    parts = [list(members)]
    for fact in facts:
        parts = [piece for part in parts for piece in _split(part, fact)]
    return parts


def _split(part: list[Seen], fact: Callable[[Seen], object]) -> list[list[Seen]]:
    told: dict[object, list[Seen]] = {}
    for member in part:
        told.setdefault(fact(member), []).append(member)
    silent = told.pop(None, [])
    return [part] if len(told) < 2 else [*told.values(), *([one] for one in silent)]


def _one_each(members: Sequence[Seen]) -> bool:
    sources = {member.source for member in members}
    if _HOST.match(members[0].uri) and not members[0].uri.startswith(_FILE):
        return len(sources) == len(members)
    return len({member.tool for member in members}) == len(members)


def spellings(uri: str) -> tuple[str, ...]:
    """Return the ways to write the place that an address names, the same for each; none for a relative path."""
    place = uri
    for start in _FILE:
        if uri.startswith(start):
            place = "/" + uri[len(start) :]
            break
    place = place.rstrip("/")
    if place.startswith("/"):
        forms = [place, *(start + place[1:] for start in _FILE)]
    elif _SCHEME.match(place):
        forms = [place]
    else:
        return ()
    return tuple(form + slash for form in forms for slash in ("", "/"))
