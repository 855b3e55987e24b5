"""Artifacts as components of a bill of materials, models with their card."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from lineage_graph.exchange.flow import DataFlow, address, title_of
from lineage_graph.model import Artifact, BaseType, Execution, Proto, Value
from lineage_graph.model.metrics import METRIC_NAMES, metric_names

Part = dict[str, Any]
OWN = "lineage-graph"
_HASHES = {"md5": "MD5", "sha1": "SHA-1", "sha256": "SHA-256", "sha512": "SHA-512"}
_LENGTHS = {"MD5": 32, "SHA-1": 40, "SHA-256": 64, "SHA-512": 128}
_HEX = re.compile(r"[0-9a-fA-F]+")
_LONGEST_VERSION = 1024


def component_of(flow: DataFlow, artifact: Artifact) -> Part:
    """Return an artifact as a component; its reference is ``artifact/17``."""
    base = flow.base(artifact)
    known = {**artifact.properties, **artifact.custom_properties}
    part: Part = {
        "type": "machine-learning-model" if base is BaseType.MODEL else "data",
        "bom-ref": str(artifact.ref),
        "name": title_of(artifact),
    }
    if (version := known.get("version")) is not None and not isinstance(version, (dict, Proto)):
        part["version"] = str(version)[:_LONGEST_VERSION]
    if hashes := [*_hashes(known)]:
        part["hashes"] = hashes
    if artifact.uri:
        part["externalReferences"] = [{"type": "distribution", "url": address(artifact.uri)}]
    part["properties"] = [*_facts(artifact)]
    if base is BaseType.MODEL:
        part |= _model(flow, artifact)
    else:
        of = "dataset" if base is BaseType.DATASET else "other"
        part["data"] = [{"type": of, "name": part["name"]}]
    return part


def text_of(value: Value) -> str:
    """Return a value as text."""
    if isinstance(value, str):
        return value
    if isinstance(value, Proto):
        return f"{value.type_url} ({len(value.value):,} bytes)"
    if isinstance(value, float):
        return repr(value)
    return json.dumps(value, ensure_ascii=False)


def own_property(name: str, value: Value) -> Part:
    """Return a property in our part of CycloneDX's names of properties."""
    return {"name": f"{OWN}:{name}", "value": text_of(value)}


def parameters_of(execution: Execution) -> Mapping[str, Value]:
    """Return the properties of an execution that were given, not measured."""
    measured = metric_names(execution)
    known = {**execution.properties, **execution.custom_properties}
    return {k: v for k, v in known.items() if k not in measured and k != METRIC_NAMES}


def _hashes(known: Mapping[str, Value]) -> Iterator[Part]:
    for name, algorithm in _HASHES.items():
        value = known.get(name)
        if isinstance(value, str) and len(value) == _LENGTHS[algorithm] and _HEX.fullmatch(value):
            yield {"alg": algorithm, "content": value.lower()}


def _facts(artifact: Artifact) -> Iterator[Part]:
    yield own_property("type", artifact.type or "")
    if (state := artifact.state_word) is not None:
        yield own_property("state", state)
    for name, value in {**artifact.properties, **artifact.custom_properties}.items():
        yield own_property(f"property:{name}", value)


def _model(flow: DataFlow, model: Artifact) -> Part:
    """Return what of a model's component tells where it comes from and how good it is."""
    id = model.id or 0
    makers = [flow.executions[maker] for maker in flow.makers[id]]
    datasets, ancestors = _origins(flow, id)
    card: Part = {}
    if datasets:
        card["modelParameters"] = {"datasets": [{"ref": str(one.ref)} for one in datasets]}
    if metrics := [*_metrics(flow, model, makers)]:
        card["quantitativeAnalysis"] = {"performanceMetrics": metrics}
    given = [
        own_property(f"hyperparameter:{name}", value)
        for maker in makers
        for name, value in parameters_of(maker).items()
    ]
    if given:
        card["properties"] = given
    part: Part = {"modelCard": card} if card else {}
    pedigree: Part = {}
    if ancestors:
        pedigree["ancestors"] = [
            {
                "type": "machine-learning-model",
                "name": title_of(one),
                "properties": [own_property("ref", str(one.ref))],
            }
            for one in ancestors
        ]
    commits = {maker.custom_properties.get("git_commit") for maker in makers}
    if known := sorted(commit for commit in commits if isinstance(commit, str)):
        pedigree["commits"] = [{"uid": commit} for commit in known]
    return part | ({"pedigree": pedigree} if pedigree else {})


def _origins(flow: DataFlow, model: int) -> tuple[list[Artifact], list[Artifact]]:
    """Return the datasets and the models that a model was made from.

    What those models were made from, their own cards say; only of a model that was made from
    nothing but models, such as one that was pushed, it is looked for beyond them.
    """
    datasets: list[Artifact] = []
    models: list[Artifact] = []
    seen, waiting = {model}, [model]
    while waiting and not datasets:
        beyond: list[int] = []
        for one in waiting:
            for other in flow.made_from(one):
                if other in seen:
                    continue
                seen.add(other)
                found = flow.artifacts[other]
                base = flow.base(found)
                if base is BaseType.MODEL:
                    models.append(found)
                    beyond.append(other)
                    continue
                waiting.append(other)
                if base is BaseType.DATASET:
                    datasets.append(found)
        waiting = beyond
    return datasets, models


def _metrics(flow: DataFlow, model: Artifact, makers: list[Execution]) -> Iterator[Part]:
    """Yield what was measured: of the model itself, when it was made, and by what read it."""
    yield from _numbers({**model.properties, **model.custom_properties}, floats=True)
    for maker in makers:
        measured = metric_names(maker)
        known = {**maker.properties, **maker.custom_properties}
        yield from _numbers({k: v for k, v in known.items() if k in measured})
    judges = [*flow.makers[model.id or 0], *flow.readers[model.id or 0]]
    seen = dict.fromkeys(one for judge in judges for one in flow.wrote[judge])
    for one in (flow.artifacts[id] for id in seen):
        if flow.base(one) is BaseType.METRICS:
            known = {**one.properties, **one.custom_properties}
            whole = (
                flow.declared(one) is BaseType.METRICS
            )  # else they may be anything: a span, a flag
            yield from _numbers(known, floats=not whole, slice=title_of(one))


def _numbers(
    known: Mapping[str, Value], *, floats: bool = False, slice: str = ""
) -> Iterator[Part]:
    for name, value in known.items():
        if isinstance(value, float if floats else (int, float)) and not isinstance(value, bool):
            yield {"type": name, "value": text_of(value), **({"slice": slice} if slice else {})}
