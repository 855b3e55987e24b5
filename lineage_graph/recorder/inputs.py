"""What a step reads: artifacts, ids, refs, paths and data, each turned into the artifact it means."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias, cast

from lineage_graph.errors import InvalidArgument, LineageError, NotFound
from lineage_graph.model import Artifact, ArtifactState, Kind, Properties, Ref
from lineage_graph.recorder import capture
from lineage_graph.recorder.data import (
    Description,
    address_of,
    describe,
    is_data,
    is_model,
    is_table_or_array,
)
from lineage_graph.recorder.record import DEFAULT_TYPE, content_origin, new_origin, same_content
from lineage_graph.recorder.values import Salvage, text
from lineage_graph.recorder.values import properties as to_properties
from lineage_graph.store import Store

Source: TypeAlias = "Artifact | Ref | int | str | os.PathLike[str]"
Sources: TypeAlias = "Source | Iterable[Source] | object"
"""What can be given as an input: one thing, a list of things, or data in memory (a frame, a model)."""
_REF = re.compile(r"(artifact|execution|context)/\d+")


@dataclass(frozen=True)
class Input:
    """An artifact and the key and index under which it is read.

    The artifact has a store's id, or an origin by which the store will know it.
    """

    key: str
    index: int
    artifact: Artifact

    @property
    def identity(self) -> str:
        """What makes the input the same one in a later run: its content, else which artifact it is."""
        content = self.artifact.custom_properties.get("digest")
        if content is not None:
            return str(content)
        return str(self.artifact.id or self.artifact.origin)


def _class_of(given: object) -> str:
    return given.__class__.__name__


def artifact(
    type: str,
    uri: str | os.PathLike[str] | object,
    *,
    digest: str | None = None,
    properties: Mapping[str, Any] | None = None,
    any_order: bool = False,
    profile: bool = True,
) -> Artifact:
    """Describe an artifact for a step's inputs, or for a decorated function to return.

    ``uri`` is an address, a path, or the data itself: a frame of pandas or polars, a table of
    Arrow, an array, a tensor, a dataset, a dict, a list, bytes, a fitted model. Of data the digest,
    schema, number of rows and (unless ``profile`` is False) a profile are kept, and no copy;
    ``any_order`` makes its digest independent of the order of rows.

    As an input it is the stored artifact of this type and URI with the same content, or a new one.
    ``digest`` says what the content is, where it is not a local file; ``properties`` become custom
    properties of a new artifact.

    Raises:
        InvalidArgument: a property cannot be kept, the type is no text, the URI neither a path nor
            data, or ``any_order`` of something without rows.
    """
    if not isinstance(type, str):
        raise InvalidArgument(
            f"The type of an artifact is text, not a {_class_of(type)}.", hint="Write 'Model'."
        )
    custom = to_properties(properties or {}, "property")
    if digest is not None:
        custom["digest"] = text(digest, "The digest")
    if is_data(uri):
        place, found = _in_memory(describe(uri, any_order=any_order, profile=profile), digest)
        custom = {**found, **custom}
    else:
        place = _place(uri)
    return Artifact(
        type=text(type, "The type"),
        uri=text(place, "The URI"),
        state=ArtifactState.LIVE,
        custom_properties=custom,
    )


def _place(uri: Any) -> str:
    try:
        return cast(str, os.fspath(uri))
    except Exception:  # also of a path of the caller's own making
        raise InvalidArgument(
            f"The URI of an artifact is text or a path, not a {_class_of(uri)}.",
            hint="Write 's3://bucket/model' or a path, or pass a frame, an array or a model.",
        ) from None


def _in_memory(found: Description, digest: str | None) -> tuple[str, Properties]:
    """Return the address and the properties of data in memory; ``digest`` is the caller's own."""
    if digest is not None:
        return address_of(digest), found.properties
    if found.digest is None:
        return "", found.properties
    return found.uri, {"digest": found.digest, **found.properties}


def resolve(given: Mapping[str, Sources], salvage: Salvage | None = None) -> list[Input]:
    """Return the inputs by key and index; content that is new to the store gets an origin.

    Raises:
        InvalidArgument: something that cannot be an input; not with ``salvage``, which is told of it.
        NotFound: a path at which there is nothing; likewise.
    """
    found: list[Input] = []
    for key, sources in given.items():
        try:
            found += _resolved(key, sources)
        except LineageError as error:
            if salvage is None:
                raise
            salvage(f"the input {key!r}", error)
    return found


def _resolved(key: object, sources: Sources) -> list[Input]:
    if not isinstance(key, str) or not key:
        raise InvalidArgument(f"{key!r} cannot name an input.", hint="Use text.")
    items = cast(Iterable[Any], sources) if _are_several(sources) else [sources]
    return [Input(key, i, _artifact(key, source)) for i, source in enumerate(items)]


def _are_several(sources: object) -> bool:
    """True for a list of artifacts, ids, paths, frames; a list of other values is data itself."""
    if isinstance(sources, Ref) or not isinstance(sources, (list, tuple, set, frozenset)):
        return False
    named = (Artifact, Ref, int, str, os.PathLike)
    return not sources or any(
        item is None or isinstance(item, named) or is_table_or_array(item) or is_model(item)
        for item in sources
    )


def _artifact(key: str, source: object) -> Artifact:
    if isinstance(source, Artifact):
        if source.id is not None and source.id > 0:
            return source
        return source if source.origin and source.type else by_content(source)
    if isinstance(source, str) and _REF.fullmatch(source):
        source = Ref.parse(source)
    if isinstance(source, Ref):
        if source.kind is not Kind.ARTIFACT:
            raise InvalidArgument(f"The input {key!r} is {source}.", hint="Inputs are artifacts.")
        return Artifact(id=_checked_id(key, source.id))
    if isinstance(source, int) and not isinstance(source, bool):
        return Artifact(id=_checked_id(key, source))
    if isinstance(source, (str, os.PathLike)):
        return _by_path(key, os.fspath(source))
    if is_data(source):
        return by_content(artifact("Model" if is_model(source) else DEFAULT_TYPE, source))
    raise InvalidArgument(
        f"The input {key!r} is a {type(source).__name__}.",
        hint="Give an artifact, its id, artifact/17, a path, a frame, an array, or a list of those.",
    )


def _checked_id(key: str, given: int) -> int:
    if given <= 0:
        raise InvalidArgument(f"The input {key!r} has the id {given}.", hint="Ids begin at 1.")
    return given


def _by_path(key: str, given: object) -> Artifact:
    uri = text(given, f"The path of the input {key!r}")
    path = capture.local_path(uri)
    if not uri or (path is not None and not path.exists()):
        raise NotFound(
            f"There is no file {uri!r} for the input {key!r}.",
            hint="Check the path; name what is elsewhere by a URI (s3://…) or lg.artifact(type, uri).",
        )
    return by_content(artifact(DEFAULT_TYPE, uri))


def by_content(described: Artifact) -> Artifact:
    """Return a described artifact with what identifies it: its content, else its address, else nothing but itself."""
    custom = described.custom_properties
    content = custom.get("digest") or capture.digest(described.uri)
    if content is not None:
        custom = {**custom, "digest": content}
    type_name = described.type or DEFAULT_TYPE
    if content is None and not described.uri:  # nothing tells it from others
        origin = new_origin(Kind.ARTIFACT)
    else:
        origin = content_origin(type_name, described.uri, None if content is None else str(content))
    now = int(time.time() * 1000)
    changes = {
        "type": type_name,
        "origin": origin,
        "custom_properties": custom,
        "create_time_since_epoch": now,
        "last_update_time_since_epoch": now,
    }
    return described.model_copy(update=changes)


def look_up(store: Store, inputs: list[Input]) -> list[Input]:
    """Return the inputs with what the store knows of them.

    Raises:
        NotFound: an id that does not exist.
    """
    wanted = [i.artifact.origin for i in inputs if not i.artifact.id and i.artifact.origin]
    by_origin = store.lookup.by_origin(Kind.ARTIFACT, wanted) if wanted else {}
    ids = [i.artifact.id or by_origin.get(i.artifact.origin or "") for i in inputs]
    nodes = store.get(Kind.ARTIFACT, [i for i in ids if i]) if any(ids) else ()
    known = {node.id: node for node in nodes if isinstance(node, Artifact)}
    found = []
    for given, stored_id in zip(inputs, ids, strict=True):
        if stored_id and stored_id not in known:
            raise NotFound(f"There is no artifact {stored_id} for the input {given.key!r}.")
        stored = same_content(store, given.artifact) or known.get(stored_id)
        found.append(given if stored is None else replace(given, artifact=stored))
    return found
