"""Why an answer may be empty: a type that does not exist, a run where a pipeline was meant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from lineage_graph.catalog import Param
from lineage_graph.model import Context, Kind, Ref
from lineage_graph.questions.roles import is_run
from lineage_graph.store import Store


def why_empty(store: Store, params: Iterable[Param], values: Mapping[str, Any]) -> str:
    """Return in words what of the values explains that a question found nothing, empty where nothing does."""
    params = tuple(params)
    sentences = [
        _of_type(store, values["type"], _kinds(values))
        for param in params
        if param.name == "type" and values["type"]
    ]
    sentences += [
        _of_context(store, values[param.name], param.help)
        for param in params
        if param.name == "context" and values["context"] is not None
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def _kinds(values: Mapping[str, Any]) -> tuple[Kind, ...]:
    """Return the kinds whose types a value can name: the one that is asked for, else all."""
    return (Kind(values["kind"]),) if values.get("kind") else tuple(Kind)


def _of_type(store: Store, name: str, kinds: Iterable[Kind]) -> str:
    known = sorted({found.name for kind in kinds for found in store.types(kind)})
    if name in known:
        return ""
    close = get_close_matches(name, known, n=3, cutoff=0.5)
    close += [other for other in known if other.lower() == name.lower() and other not in close]
    meant = f" Did you mean {' or '.join(close)}?" if close else ""
    return f"There is no type {name!r}.{meant}"


def _of_context(store: Store, context: int, meant: str) -> str:
    """Say what a context is, where a question that means pipelines was asked of a run, or the other way round."""
    node = store.node(Ref(Kind.CONTEXT, context))
    means_run, means_pipeline = "run" in meant, "pipeline" in meant
    if not isinstance(node, Context) or means_run == means_pipeline or is_run(node) == means_run:
        return ""
    asked = f"Context {context} is of type {node.type}, and"
    if means_run:
        return f"{asked} this is asked of runs."
    parents = store.run(store.catalog["parents_of_context"], context=context).rows
    of = f" It is part of context {parents[0][0]}, of type {parents[0][1]}." if parents else ""
    return f"{asked} this is asked of pipelines.{of}"
