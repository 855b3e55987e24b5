"""W3C PROV written: the library reads it, and we read the same back."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from prov.model import ProvDocument
from prov.tests import examples
from pydantic import BaseModel

from lineage_graph.exchange import open_source
from lineage_graph.exchange.prov import ProvSource
from lineage_graph.exchange.writing import WRITERS, About, collected
from lineage_graph.model import (
    Artifact,
    Association,
    Attribution,
    Context,
    ContextType,
    Event,
    EventType,
    Execution,
    Kind,
    ParentContext,
    Proto,
    Subgraph,
)
from lineage_graph.pictures.notebook import lineage
from lineage_graph.recorder import pipeline
from lineage_graph.store import Store
from tests.conftest import DATA

FORMATS = {"prov": "json", "provn": "provn"}


def write(path: Path, name: str, batches: Iterable[Subgraph]) -> None:
    with path.open("wb") as stream:
        assert not WRITERS[name].write(batches, stream, About("made-here"))


def read(path: Path) -> list[Subgraph]:
    with ProvSource(path) as source:
        batches = list(source.batches())
        assert source.problems == []
    return batches


def essence(batches: Iterable[Subgraph]) -> dict[str, set[str]]:
    """What a graph says, whatever the ids."""
    found: dict[str, set[str]] = {name: set() for name in Subgraph.model_fields}
    types = {}
    origins: dict[Any, str] = {}
    for batch in batches:
        local = {}
        for type_ in batch.types:
            if type_.id is not None:
                types[type_.kind, type_.id] = type_
            shown = type_.model_copy(update={"id": None})
            found[f"{type_.kind.value}_types"].add(_text(shown))
        for node in batch.nodes:
            origin = node.origin or f"store:made-here:{node.kind.value}:{node.id}"
            local[node.kind, node.id] = origins[node.kind, node.id] = origin
            held = types.get((node.kind, node.type_id))
            if node.type is None and held is None:
                continue
            changes: dict[str, Any] = {"id": None, "type_id": None, "origin": origin}
            changes["type_version"] = node.type_version or None
            if held is not None:
                changes |= {"type": held.name, "type_version": held.version or None}
            found[f"{node.kind.value}s"].add(_text(node.model_copy(update=changes)))
        for name in ("events", "attributions", "associations", "parent_contexts"):
            for link in getattr(batch, name):
                fields = link.model_dump()
                for end in [key for key in fields if key.endswith("_id")]:
                    kind = Kind.CONTEXT if end in ("child_id", "parent_id") else Kind(end[:-3])
                    fields[end] = local.get((kind, fields[end])) or origins[kind, fields[end]]
                found[name].add(repr(fields))
    return found


def _text(noun: BaseModel) -> str:
    """What a noun says, in whichever order."""
    fields = noun.model_dump()
    return repr([(k, sorted(v.items()) if isinstance(v, dict) else v) for k, v in fields.items()])


@pytest.mark.parametrize("name", FORMATS)
def test_a_tfx_store_reads_back_as_it_was(name: str, tmp_path: Path) -> None:
    with open_source(DATA / "tfx_mlmd.sqlite") as source:
        batches = list(source.batches())
    path = tmp_path / "tfx"
    write(path, name, batches)
    document = ProvDocument.deserialize(str(path), format=FORMATS[name])
    assert len(document.get_records()) > 700
    assert essence(read(path)) == essence(batches)


@pytest.mark.parametrize("name", FORMATS)
def test_odd_values_names_and_times_read_back(name: str, tmp_path: Path) -> None:
    odd = "a b/ü'\"\\:;,=()[]%\n\tz"
    values = {
        odd: odd,
        "empty": "",
        "int": -(2**63),
        "double": 1.0,
        "infinite": float("inf"),
        "bool": True,
        "struct": {"a": [1, 1.5, None, {"b": "c"}]},
        "proto": Proto(type_url="type/x", value=b"\x00\xff"),
    }
    artifact = Artifact(id=3, type=odd, type_version="2@/", name=odd, uri=odd, properties=values)
    execution = Execution(id=3, type="T", custom_properties=values, create_time_since_epoch=1)
    contexts = (Context(id=1, type="C", name="1"), Context(id=2, type="C", name="2"))
    far = Event(
        artifact_id=3, execution_id=3, type=EventType.PENDING_OUTPUT, milliseconds_since_epoch=2**60
    )
    near = Event(
        artifact_id=3,
        execution_id=3,
        type=EventType.DECLARED_INPUT,
        path=(1, odd),
        milliseconds_since_epoch=0,
    )
    early = near.model_copy(update={"path": (), "milliseconds_since_epoch": -1})
    graph = Subgraph(
        context_types=(ContextType(name="C", version="", description=odd),),
        artifacts=(artifact,),
        executions=(execution,),
        contexts=contexts,
        events=(far, near, early),
        attributions=(Attribution(artifact_id=3, context_id=1),),
        associations=(Association(execution_id=3, context_id=2),),
        parent_contexts=(ParentContext(child_id=1, parent_id=2),),
    )
    path = tmp_path / "odd"
    write(path, name, [graph])
    got, wanted = essence(read(path)), essence([graph])
    for types in ("artifact_types", "execution_types"):  # not defined: made of what nodes have
        assert len(got.pop(types)) == 1
        wanted.pop(types)
    assert got == wanted


def test_documents_go_through_a_store_and_come_back_as_they_were(
    store: Store, tmp_path: Path
) -> None:
    documents = [dict(examples.tests)[name]() for name in ("Primer", "Bundle1", "Bundle2")]
    for number, document in enumerate(documents):
        path = tmp_path / f"{number}.json"
        document.serialize(str(path), format="json")
        for again in (False, True):
            with open_source(path) as source:
                result = store.load_keyed(source.batches(), source.source)
            news = (result.created, result.updated, result.new_links)
            assert (news == (0, 0, 0)) is again
    whole = ProvDocument()
    for document in documents:
        whole.update(document)
    stream = io.BytesIO()
    WRITERS["prov"].write(store.dump(), stream, About(store.id))
    written = ProvDocument.deserialize(content=stream.getvalue().decode(), format="json")
    assert written == whole
    assert whole == written


def test_what_another_document_calls_otherwise_keeps_its_type(store: Store, tmp_path: Path) -> None:
    kinds = ({}, {"prov:type": "Report"}, {"prov:type": "Chart", "ex:pages": 3})
    for number, said in enumerate(kinds):
        path = tmp_path / f"{number}.json"
        records = {"entity": {"ex:e": said}}
        path.write_text(json.dumps({"prefix": {"ex": "http://example.org/"}, **records}))
        with open_source(path) as source:
            store.load_keyed(source.batches(), source.source)
    (entity,) = collected(store.dump()).artifacts
    assert (entity.type, entity.custom_properties["ex:pages"]) == ("prov.Entity", 3)
    assert len(entity.custom_properties["statements"]) == len(kinds)  # type: ignore[arg-type]


def test_what_a_store_wrote_of_itself_brings_it_nothing(store: Store, tmp_path: Path) -> None:
    with pipeline("penguin", store=store).run("one") as run, run.step("Train") as step:
        step.output("Model", uri="models/7")
    path = tmp_path / "store.prov.json"
    with path.open("wb") as stream:
        WRITERS["prov"].write(store.dump(), stream, About(store.id))
    before = store.counts()
    with open_source(path) as source:
        result = store.load_keyed(source.batches(), source.source)
    assert (result.created, result.updated, result.new_links) == (0, 0, 0)
    assert store.counts() == before


def test_the_lineage_of_a_document_is_walked(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "primer.json"
    dict(examples.tests)["Primer"]().serialize(str(path), format="json")
    with open_source(path) as source:
        store.load_keyed(source.batches(), source.source)
    (chart,) = [a for a in _all(store).artifacts if a.origin == "prov:http://example/chart2"]
    names = {node.name for node in lineage(store, chart.ref, "upstream").graph.nodes}
    assert {"dataSet2", "dataSet1"} <= names


def _all(store: Store) -> Subgraph:
    return collected(store.dump())
